"""A tip, and the receipts that open it to its reporter."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from complaints.enums import (
    Channel,
    Clock,
    IdentityMode,
    Industry,
    Phase,
    Result,
    TipKind,
    TipStatus,
    Violation,
)
from complaints.rules.workflow import OPEN_STATES

from .office import Division, Office
from .sealed import SealedText

if TYPE_CHECKING:
    from .period import Supervision

NO_DUE_DATE = date(9999, 12, 31)


class BureauTips(models.Manager["Tip"]):
    """Tips that are the bureau's business: one inside a company is not there, whoever asks (docs/adr/0037)."""

    def get_queryset(self) -> models.QuerySet["Tip"]:
        return super().get_queryset().filter(is_internal=False)


class Tip(models.Model):
    """One report of a danger. Holds no trace of who sent it and no moment finer than a day."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    idempotency_key = models.CharField(max_length=32, unique=True)
    content_digest = models.BinaryField(max_length=32)
    received_date = models.DateField(_("received"))
    status = models.CharField(
        _("status"), max_length=20, choices=TipStatus.choices, default=TipStatus.REGISTERED
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, default=Channel.PORTAL)
    kind = models.CharField(_("type"), max_length=30, choices=TipKind.choices, blank=True)
    violation = models.CharField(_("kind of breach"), max_length=30, choices=Violation.choices, blank=True)
    industry = models.CharField(_("industry"), max_length=30, choices=Industry.choices, blank=True)
    operations = models.JSONField(_("dangerous operations"), default=list, blank=True)
    in_danger = models.BooleanField(_("people in danger"), default=False)
    occurred_on = models.DateField(_("day of observation"), null=True, blank=True)
    district = models.ForeignKey(
        Division,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("district"),
    )
    town = models.ForeignKey(
        Division, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("town")
    )
    handling_unit = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="tips", verbose_name=_("handling unit")
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("officer"),
    )
    phase = models.CharField(max_length=8, choices=Phase.choices, default=Phase.OPEN)
    inspecting_unit = models.ForeignKey(
        Office,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("inspecting unit"),
    )
    # The unit an open whistle calls; empty when none is open.
    called_unit = models.ForeignKey(
        Office,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("called unit"),
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_tips"
    )
    involves_death = models.BooleanField(_("a death is involved"), default=False)
    # A keyed digest of the normalised entity: equal entities are found without reading them.
    entity_key = models.BinaryField(max_length=8, default=b"", db_index=True)
    # The same of the cell of a grid the point lies in: near points are found without reading them.
    place_key = models.BinaryField(max_length=8, default=b"", db_index=True)
    accepted_date = models.DateField(_("accepted"), null=True, blank=True)
    answered_date = models.DateField(_("answered"), null=True, blank=True)
    withdrawn_date = models.DateField(_("withdrawn"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=20, choices=Result.choices, blank=True)
    is_paused = models.BooleanField(_("period paused"), default=False)
    is_supervised = models.BooleanField(_("under supervision"), default=False)
    identity_mode = models.CharField(_("identity"), max_length=30, choices=IdentityMode.choices)
    clock = models.CharField(max_length=10, choices=Clock.choices, default=Clock.DECIDE)
    clock_started = models.DateField(null=True)
    due_date = models.DateField(_("due"), null=True)
    # The due day, or NO_DUE_DATE where no period runs: lists order by it, and an index can serve that.
    order_date = models.DateField(default=NO_DUE_DATE)
    photo_count = models.PositiveSmallIntegerField(default=0)
    # Inside a company: no list, count or page of the bureau knows it until it is turned.
    is_internal = models.BooleanField(default=False)
    unread_count = models.PositiveSmallIntegerField(default=0)

    description_sealed = models.BinaryField(default=b"")
    entity_name_sealed = models.BinaryField(default=b"")
    entity_code_sealed = models.BinaryField(default=b"")
    address_sealed = models.BinaryField(default=b"")
    point_sealed = models.BinaryField(default=b"")

    description = SealedText()
    entity_name = SealedText()
    entity_code = SealedText()
    address = SealedText()
    point = SealedText()

    objects = BureauTips()
    # Both sides: for numbers, keys and receipts, and the services of the inside.
    everywhere = models.Manager["Tip"]()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("order_date", "pk")
        verbose_name = _("tip")
        verbose_name_plural = _("tips")
        indexes = [
            models.Index(fields=("handling_unit", "phase", "order_date", "id"), name="tip_inbox"),
            models.Index(fields=("phase", "order_date", "id"), name="tip_due"),
            models.Index(fields=("town", "phase", "order_date", "id"), name="tip_town"),
            models.Index(fields=("handler", "phase", "order_date", "id"), name="tip_handler"),
            models.Index(fields=("town", "received_date"), name="tip_near"),
            models.Index(
                fields=("called_unit", "handling_unit"),
                condition=models.Q(called_unit__isnull=False),
                name="tip_called",
            ),
            models.Index(
                fields=("handling_unit", "order_date", "id"),
                condition=models.Q(is_supervised=True),
                name="tip_supervised",
            ),
            models.Index(
                fields=("merged_into", "id"), condition=models.Q(merged_into__isnull=False), name="tip_merged"
            ),
            models.Index(
                fields=("town", "id"), condition=models.Q(is_supervised=True), name="tip_supervised_town"
            ),
            models.Index(fields=("phase", "unread_count"), name="tip_unread"),
            models.Index(fields=("phase", "status", "handling_unit"), name="tip_status"),
            models.Index(fields=("phase", "number"), name="tip_number"),
            models.Index(fields=("phase", "id"), name="tip_open_newest"),
            models.Index(fields=("handling_unit", "phase", "id"), name="tip_unit_newest"),
            models.Index(fields=("handling_unit", "id"), name="tip_newest"),
            models.Index(fields=("town", "id"), name="tip_newest_town"),
            # What few tips have is found among all there ever were.
            models.Index(fields=("status", "id"), name="tip_by_status"),
            models.Index(fields=("industry", "id"), name="tip_by_industry"),
            models.Index(fields=("phase", "industry", "status", "order_date", "id"), name="tip_foreign"),
            models.Index(fields=("channel", "id"), name="tip_by_channel"),
            models.Index(fields=("received_date", "handling_unit"), name="tip_by_day"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def sealed_id(self) -> str:
        """The public number binds every ciphertext of this row."""
        return self.number

    @cached_property
    def running_supervision(self) -> "Supervision | None":
        """The supervision that has not ended; read once per object, and not at all where none runs."""
        return self.supervisions.filter(ended_date=None).last() if self.is_supervised else None

    def set_status(self, status: TipStatus) -> None:
        """Store a new status and whether anybody still works on the tip, nothing else."""
        self.status = status
        self.phase = Phase.OPEN if status in OPEN_STATES else Phase.DONE
        self.save(update_fields=["status", "phase"])

    def set_clock(self, *, clock: Clock, started: date | None, due: date | None) -> None:
        """Start a period, or stop it with Clock.NONE and no dates."""
        self.show_clock(clock=clock, started=started, due=due)
        self.save(update_fields=["clock", "clock_started", "due_date", "order_date"])

    def show_clock(self, *, clock: Clock, started: date | None, due: date | None) -> None:
        """Set what lists show of a period, without storing it."""
        self.clock, self.clock_started, self.due_date = clock, started, due
        self.order_date = due or NO_DUE_DATE


class TipReceipt(models.Model):
    """The key of a reporter: salted slow hash, a 24-bit tag to find it, and the public key officers write to."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="receipts")
    tag = models.PositiveIntegerField(db_index=True)
    # The id of the key the tag was made with: it stays in the ring, if only for its marks, while such a receipt lives.
    # Empty for receipts older than this column.
    tag_key = models.CharField(max_length=16, blank=True)
    salt = models.BinaryField(max_length=16)
    slow_hash = models.BinaryField(max_length=32)
    public_key = models.BinaryField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")

    def __str__(self) -> str:
        return self.tip.number

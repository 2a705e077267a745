"""What a tip has while it is inside a company: state, clock, plan, reward, acts; and who the managers are."""

import uuid
from datetime import date

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.enums import HazardGrade, HazardHead, InsideAct, InsideClock, InsideState, InviteEnd
from complaints.rules.internal import Terms

from .enterprise import Enterprise
from .sealed import SealedText
from .tip import Tip

LOCAL = _("No national figure is known; check the local rule.")
AT_LEAST_ONE = [MinValueValidator(1)]


class EnterpriseManager(models.Model):
    """A safety manager (企业安全管理员): invited by the bureau, for one enterprise each row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="workplaces")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="managers")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("user", "enterprise"), condition=models.Q(ended_at=None), name="one_manager_once"
            )
        ]
        verbose_name = _("safety manager")
        verbose_name_plural = _("safety managers")

    def __str__(self) -> str:
        return f"{self.user_id} · {self.enterprise_id}"


class ManagerInvite(models.Model):
    """A code by which an invited person chooses the own password, once. The code itself is kept nowhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invites")
    code_digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("good until"))
    end = models.CharField(max_length=10, choices=InviteEnd.choices, blank=True)
    ended_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("user",), condition=models.Q(end=""), name="one_open_invite")
        ]
        verbose_name = _("invitation of a safety manager")
        verbose_name_plural = _("invitations of safety managers")

    def __str__(self) -> str:
        return f"{self.user_id} · {self.issued_at:%Y-%m-%d}"


class InsidePolicy(models.Model):
    """Periods of internal tips from a day on. Without a row the defaults of the columns count."""

    effective_from = models.DateField(_("effective from"))
    acknowledge_working_days = models.PositiveSmallIntegerField(
        _("take on (working days)"), default=1, validators=AT_LEAST_ONE, help_text=LOCAL
    )
    verify_working_days = models.PositiveSmallIntegerField(
        _("verify (working days)"), default=3, validators=AT_LEAST_ONE, help_text=LOCAL
    )
    fix_days = models.PositiveSmallIntegerField(
        _("put right without a plan (days)"), default=30, validators=AT_LEAST_ONE, help_text=LOCAL
    )
    pay_days = models.PositiveSmallIntegerField(
        _("pay the reward (days from acceptance)"), default=30, validators=AT_LEAST_ONE, help_text=LOCAL
    )
    source = models.CharField(_("source"), max_length=200)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-effective_from",)
        verbose_name = _("periods of internal tips")
        verbose_name_plural = _("periods of internal tips")

    def __str__(self) -> str:
        return self.effective_from.isoformat()

    @staticmethod
    def terms_on(*, day: date) -> Terms:
        """Return the periods in force on a day."""
        row = InsidePolicy.objects.filter(effective_from__lte=day).first() or InsidePolicy()
        return Terms(
            acknowledge_working_days=row.acknowledge_working_days,
            verify_working_days=row.verify_working_days,
            fix_days=row.fix_days,
            pay_days=row.pay_days,
        )


class RewardScale(models.Model):
    """What an enterprise pays its own people for a grade, in whole yuan: inside their duty, and outside it."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="scale")
    grade = models.CharField(_("grade"), max_length=10, choices=HazardGrade.choices)
    inside_yuan = models.PositiveIntegerField(_("inside one's duty"))
    outside_yuan = models.PositiveIntegerField(_("outside one's duty"))

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("enterprise", "grade"), name="one_amount_a_grade")]
        verbose_name = _("reward scale")
        verbose_name_plural = _("reward scales")

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.grade}"


class InternalTip(models.Model):
    """The inside of one tip. Stays, without the right to look at it, when the tip is turned outside."""

    tip = models.OneToOneField(Tip, on_delete=models.CASCADE, related_name="inside")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="internal_tips")
    state = models.CharField(
        _("status"), max_length=12, choices=InsideState.choices, default=InsideState.RECEIVED
    )
    clock = models.CharField(max_length=12, choices=InsideClock.choices, default=InsideClock.ACKNOWLEDGE)
    due_date = models.DateField(_("due"), null=True)
    # The tip's own day of receipt becomes the day it is turned: the legal periods begin then.
    received_date = models.DateField(_("received"))
    head = models.CharField(_("head"), max_length=12, choices=HazardHead.choices, blank=True)
    on_duty = models.BooleanField(_("inside one's duty"), default=False)
    grade = models.CharField(_("grade"), max_length=10, choices=HazardGrade.choices, blank=True)
    averted = models.BooleanField(_("an accident was averted"), default=False)
    # The five elements: sealed words, money in whole yuan, the day.
    funds_yuan = models.PositiveIntegerField(_("funds (yuan)"), null=True)
    deadline = models.DateField(_("to be done by"), null=True)
    fixed_date = models.DateField(_("put right"), null=True)
    accepted_date = models.DateField(_("accepted"), null=True)
    fixed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Who found a major hazard untrue, until another person confirms it or sends it back.
    refuted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Managers whom the words of the tip name: for them it is not there.
    kept_from = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    # Rows of before that rule wait for the daily task to look whom they name.
    is_name_checked = models.BooleanField(default=False)
    # What the poster showed on the day the tip came: by grade, inside one's duty and outside it, in whole yuan.
    promised = models.JSONField(default=dict)
    reward_yuan = models.PositiveIntegerField(_("reward (yuan)"), null=True)
    # 特别奖励 on top of the scale, with the reason in sealed words.
    special_yuan = models.PositiveIntegerField(_("special reward (yuan)"), null=True)
    paid_date = models.DateField(_("paid"), null=True)
    confirmed_date = models.DateField(_("confirmed by the reporter"), null=True)
    circulated_date = models.DateField(_("told the staff"), null=True)
    reminded_date = models.DateField(null=True)
    turned_date = models.DateField(_("turned to the bureau"), null=True)

    workshop_sealed = models.BinaryField(default=b"")
    post_sealed = models.BinaryField(default=b"")
    suggestion_sealed = models.BinaryField(default=b"")
    finding_sealed = models.BinaryField(default=b"")
    person_sealed = models.BinaryField(default=b"")
    measures_sealed = models.BinaryField(default=b"")
    emergency_sealed = models.BinaryField(default=b"")
    special_reason_sealed = models.BinaryField(default=b"")

    workshop = SealedText()
    post = SealedText()
    suggestion = SealedText()
    finding = SealedText()
    person = SealedText()
    measures = SealedText()
    emergency = SealedText()
    special_reason = SealedText()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=("enterprise", "state", "due_date"), name="inside_inbox"),
            models.Index(fields=("state", "due_date"), name="inside_due"),
        ]
        verbose_name = _("internal tip")
        verbose_name_plural = _("internal tips")

    def __str__(self) -> str:
        return self.tip.number

    @property
    def sealed_id(self) -> str:
        """The public number binds every ciphertext of this row."""
        return self.tip.number

    def is_own_of(self, user_id: int) -> bool:
        """Whether this person did what another one has to look at now."""
        return user_id in (self.fixed_by_id, self.refuted_by_id)

    def promised_yuan(self, *, is_inside: bool) -> int | None:
        """What was promised for the grade, inside one's duty or outside it; None where nothing was kept."""
        pair = self.promised.get(self.grade)
        return None if pair is None else int(pair[0 if is_inside else 1])

    @property
    def whole_yuan(self) -> int | None:
        """What was paid by the scale and on top of it, in whole yuan; None before anything was."""
        return None if self.reward_yuan is None else self.reward_yuan + (self.special_yuan or 0)


class Circular(models.Model):
    """结果通报: what an enterprise told its staff about one internal tip. Meant for everybody who scans the code."""

    internal = models.ForeignKey(InternalTip, on_delete=models.CASCADE, related_name="circulars")
    text = models.TextField(_("text"), max_length=1000)
    audience = models.CharField(_("told to"), max_length=60)
    told_date = models.DateField(_("told on"))

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-told_date", "-pk")
        verbose_name = _("circulated result")
        verbose_name_plural = _("circulated results")

    def __str__(self) -> str:
        return f"{self.internal_id} · {self.told_date:%Y-%m-%d}"


class InternalStep(models.Model):
    """One act inside; rows are added, never edited. `actor` is empty for the reporter and the calendar."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    internal = models.ForeignKey(InternalTip, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(max_length=16, choices=InsideAct.choices)
    state = models.CharField(max_length=12, choices=InsideState.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    taken_date = models.DateField()
    taken_at = models.DateTimeField(null=True)
    memo_sealed = models.BinaryField(default=b"")

    memo = SealedText()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        verbose_name = _("act on an internal tip")
        verbose_name_plural = _("acts on internal tips")

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def sealed_id(self) -> str:
        """The row's own random id binds its ciphertext."""
        return str(self.public_id)

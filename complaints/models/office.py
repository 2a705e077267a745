"""Administrative divisions, the units that handle tips, and who works in them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.enums import DivisionLevel, OfficeLevel, Role
from complaints.rules.assignment import Unit
from portal.shared.bilingual import in_language


class Division(models.Model):
    """A city, district or town with its GB/T 2260 code; `outline` is a GeoJSON geometry in GCJ-02 or empty."""

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=DivisionLevel.choices)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("parent"),
    )
    outline = models.JSONField(_("outline"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("code",)
        verbose_name = _("division")
        verbose_name_plural = _("divisions")

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name as the public reads it, in the language of the page."""
        return in_language(chinese=self.name, english=self.name_en)


class OfficeQuerySet(models.QuerySet["Office"]):
    """Reading of the tree of units."""

    def as_tree(self) -> dict[int, Unit]:
        """Return the units by their keys as the rules read them; one query."""
        rows = self.values_list("pk", "level", "parent_id", "is_active")
        return {
            pk: Unit(office_id=pk, level=level, parent_id=parent_id, is_active=is_active)
            for pk, level, parent_id, is_active in rows
        }


class Office(models.Model):
    """A unit that handles tips: city, district, town or development zone."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=OfficeLevel.choices)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("level above"),
    )
    divisions = models.ManyToManyField(
        Division, blank=True, related_name="offices", verbose_name=_("divisions")
    )
    is_default = models.BooleanField(_("takes tips without a known place"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    claim_place = models.CharField(
        _("where rewards are collected in person"),
        max_length=200,
        blank=True,
        help_text=_(
            "Address and hours, as the reporter reads them. Without one nobody can collect in person; the place of "
            "the unit above counts then."
        ),
    )
    # A development zone has no code of its own: its area, as a GeoJSON geometry in GCJ-02.
    outline = models.JSONField(_("outline"), null=True, blank=True)

    objects = OfficeQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("pk",)
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name as the public reads it, in the language of the page."""
        return in_language(chinese=self.name, english=self.name_en)


class Membership(models.Model):
    """One role of one person in one unit."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
    )
    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("unit")
    )
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=("user", "office", "role"), name="one_role_once")]
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return f"{self.user} · {self.office} · {self.get_role_display()}"

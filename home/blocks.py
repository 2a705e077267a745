"""Blocks of the home page alone: which authority a matter belongs to."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.shared.bilingual import in_language

TELEPHONE = RegexValidator(r"^[0-9][0-9 -]{1,19}$", _("Digits only, for example 12350 or 029-12345678."))


class WhoRow(blocks.StructValue):
    """One line of the table, in the language of the page."""

    @property
    def shown_matter(self) -> str:
        """What one sees."""
        return in_language(chinese=self["matter"], english=self.get("matter_en") or "")

    @property
    def shown_authority(self) -> str:
        """Which authority answers for it."""
        return in_language(chinese=self["authority"], english=self.get("authority_en") or "")


class WhoRowBlock(blocks.StructBlock):
    """One line of the table that says which authority a matter belongs to."""

    matter = blocks.CharBlock(max_length=80, label=_("What one sees"))
    authority = blocks.CharBlock(max_length=60, label=_("Authority"))
    phone = blocks.CharBlock(max_length=20, validators=[TELEPHONE], label=_("Telephone"))
    matter_en = blocks.CharBlock(max_length=160, required=False, label=_("What one sees, in English"))
    authority_en = blocks.CharBlock(max_length=120, required=False, label=_("Authority in English"))
    is_ours = blocks.BooleanBlock(required=False, label=_("This is us"))

    class Meta:
        icon = "user"
        label = _("Matter and authority")
        value_class = WhoRow

"""Blocks of the home page alone: which authority a matter belongs to."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.shared.bilingual import in_language

MOST_LISTED = 8

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


def _headed(*, number: bool) -> type[blocks.StructBlock]:
    """Return a part with a heading of its own and, for a list, how many things it shows."""
    parts: dict[str, object] = {
        "heading": blocks.CharBlock(
            max_length=30, required=False, label=_("Heading"), help_text=_("Leave empty for the usual one.")
        ),
        "heading_en": blocks.CharBlock(max_length=60, required=False, label=_("Heading in English")),
    }
    if number:
        parts["number"] = blocks.IntegerBlock(
            min_value=1, max_value=MOST_LISTED, required=False, label=_("How many"), help_text=_("At most 8.")
        )
    return type("HeadedBlock", (blocks.StructBlock,), parts)


def front_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks for the parts of the home page; what they show comes from the pages it is about."""
    listed, plain = _headed(number=True), _headed(number=False)
    own = blocks.StaticBlock(
        icon="doc-full", label=_("Further sections"), admin_text=_("The texts of the field below.")
    )
    return [
        ("cases", listed(icon="list-ul", label=_("Newest cases"))),
        ("figures", plain(icon="table", label=_("Figures of the latest period"))),
        ("rewards", listed(icon="pick", label=_("Notices of rewards"))),
        ("outreach", listed(icon="doc-full-inverse", label=_("Newest outreach texts"))),
        ("own", own),
        ("who", plain(icon="user", label=_("Table of authorities"))),
    ]


FRONT_COUNTS = {name: {"max_num": 1} for name in ("cases", "figures", "rewards", "outreach", "own", "who")}

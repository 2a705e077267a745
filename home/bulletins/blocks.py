"""Blocks of a bulletin: headings, sentences, own paragraphs, and charts and tables that name what they show."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from complaints.disclosure import FIGURES_BY_CODE, STAGES

from .tables import CHARTS, TABLES, TITLES

LONGEST = 400
RICH = ["bold", "link"]


def about_choices() -> list[tuple[str, Any]]:
    """Return the figures and stages whose definitions a sentence may carry."""
    return [(figure.code, figure.name) for figure in (*FIGURES_BY_CODE.values(), *STAGES)]


class AboutBlock(blocks.MultipleChoiceBlock):
    """Figures to choose from; a migration names the block and not the figures of its day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=about_choices, **kwargs)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return the block without its choices."""
        kept = {name: value for name, value in self._constructor_kwargs.items() if name != "choices"}
        return "home.bulletins.blocks.AboutBlock", [], kept


class HeadingBlock(blocks.StructBlock):
    """A heading within the bulletin."""

    text = blocks.CharBlock(max_length=40, label=_("Heading"))
    text_en = blocks.CharBlock(max_length=80, required=False, label=_("Heading in English"))

    class Meta:
        icon = "title"
        label = _("Heading")


class SentenceBlock(blocks.StructBlock):
    """A finding. Each number in it is one of the bound figures, or the check points it out."""

    text = blocks.TextBlock(max_length=LONGEST, rows=2, label=pgettext_lazy("in a bulletin", "Sentence"))
    text_en = blocks.TextBlock(max_length=2 * LONGEST, rows=2, required=False, label=_("Sentence in English"))
    about = AboutBlock(
        required=False,
        label=_("Figures it speaks of"),
        help_text=_("Their definitions stand as footnotes."),
    )
    rule = blocks.CharBlock(
        max_length=20,
        required=False,
        label=_("Made by rule"),
        help_text=_(
            "Sentences with a rule are written anew when the bulletin is drafted again. Empty: it stays."
        ),
    )

    class Meta:
        icon = "edit"
        label = pgettext_lazy("in a bulletin", "Sentence")


class ParagraphBlock(blocks.StructBlock):
    """What the editor adds; it stays when the bulletin is drafted again."""

    text = blocks.RichTextBlock(features=RICH, label=pgettext_lazy("in a bulletin", "Text"))
    text_en = blocks.RichTextBlock(features=RICH, required=False, label=_("Text in English"))

    class Meta:
        icon = "pilcrow"
        label = _("Own paragraph")


class ChartBlock(blocks.StructBlock):
    """A chart of the bound figures with its table."""

    which = blocks.ChoiceBlock(choices=[(code, TITLES[code]) for code in CHARTS], label=_("Chart"))

    class Meta:
        icon = "history"
        label = _("Chart")


class TableBlock(blocks.StructBlock):
    """A table of the bound figures."""

    which = blocks.ChoiceBlock(choices=[(code, TITLES[code]) for code in TABLES], label=_("Table"))

    class Meta:
        icon = "table"
        label = _("Table")


class SourceBlock(blocks.StructBlock):
    """A number that is none of the bound figures, and where it is from."""

    number = blocks.CharBlock(
        max_length=30,
        label=pgettext_lazy("of tips", "Number"),
        help_text=_("As it stands in the text, for example 120 家."),
    )
    source = blocks.CharBlock(max_length=120, label=_("Source"))

    class Meta:
        icon = "openquote"
        label = _("Number from elsewhere")


def bulletin_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks of a bulletin."""
    return [
        ("heading", HeadingBlock()),
        ("sentence", SentenceBlock()),
        ("chart", ChartBlock()),
        ("table", TableBlock()),
        ("paragraph", ParagraphBlock()),
    ]


def source_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks of the numbers from elsewhere."""
    return [("source", SourceBlock())]

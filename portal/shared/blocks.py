"""Blocks of which editors build pages that are read; each has one template of its own."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

RICH_TEXT = ["bold", "link", "document-link"]


class ListTextBlock(blocks.StructBlock):
    """Points without an order."""

    items = blocks.ListBlock(blocks.CharBlock(max_length=300, label=_("Point")), min_num=1, label=_("Points"))

    class Meta:
        icon = "list-ul"
        label = _("List")
        template = "blocks/list.html"


class QuoteBlock(blocks.StructBlock):
    """The words of a law, with where they stand."""

    text = blocks.TextBlock(label=_("Words of the law"), rows=4)
    source = blocks.CharBlock(
        max_length=120, label=_("Source"), help_text=_("Law and article, for example 安全生产法 第五十四条.")
    )

    class Meta:
        icon = "openquote"
        label = _("Law article")
        template = "blocks/quote.html"


class PictureBlock(blocks.StructBlock):
    """A picture; whoever cannot see it gets the words."""

    picture = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        max_length=160,
        label=_("What the picture shows"),
        help_text=_("Read aloud to people who cannot see it."),
    )
    caption = blocks.CharBlock(max_length=200, required=False, label=pgettext_lazy("of a picture", "Caption"))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "blocks/picture.html"


class NoteBlock(blocks.StructBlock):
    """One fact that changes what the reader does."""

    tone = blocks.ChoiceBlock(
        choices=[("plain", _("Plain")), ("ok", _("Good to know")), ("warn", _("Warning"))],
        default="plain",
        label=_("Tone"),
    )
    text = blocks.TextBlock(rows=3, label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Note")
        template = "blocks/note.html"


class StepBlock(blocks.StructBlock):
    """One step."""

    title = blocks.CharBlock(max_length=60, label=_("Step"))
    text = blocks.TextBlock(required=False, rows=2, label=_("Explanation"))


class StepsBlock(blocks.StructBlock):
    """Steps in their order."""

    steps = blocks.ListBlock(StepBlock(label=_("Step")), min_num=2, label=_("Steps"))

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "blocks/steps.html"


class LinkBlock(blocks.StructBlock):
    """A link inside the site: to a page or a document."""

    title = blocks.CharBlock(max_length=80, label=_("Text of the link"))
    detail = blocks.CharBlock(max_length=120, required=False, label=_("Second line"))
    page = blocks.PageChooserBlock(label=_("Page"))


class LinksBlock(blocks.StructBlock):
    """Links to other pages."""

    links = blocks.ListBlock(LinkBlock(label=_("Link")), min_num=1, label=_("Links"))

    class Meta:
        icon = "link"
        label = _("Links")
        template = "blocks/links.html"


def reading_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks for a page that is read."""
    cells = [
        ("text", blocks.CharBlock(required=False, label=_("Text"), template="blocks/cell.html")),
        ("number", blocks.CharBlock(required=False, label=_("Number"), template="blocks/cell.html")),
    ]
    return [
        (
            "heading",
            blocks.CharBlock(max_length=60, icon="title", label=_("Heading"), template="blocks/heading.html"),
        ),
        (
            "paragraph",
            blocks.RichTextBlock(
                features=RICH_TEXT,
                icon="pilcrow",
                label=_("Paragraph"),
                template="blocks/paragraph.html",
            ),
        ),
        ("list", ListTextBlock()),
        ("steps", StepsBlock()),
        ("quote", QuoteBlock()),
        ("picture", PictureBlock()),
        ("note", NoteBlock()),
        ("table", TypedTableBlock(cells, icon="table", label=_("Table"), template="blocks/table.html")),
        ("links", LinksBlock()),
    ]

"""Blocks of which editors build a case: violations with their articles, rules, months, pictures before and after."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

# A year and a month and never a day: a day leads to the people who were there (DOMAIN 6).
MONTH = RegexValidator(
    r"^20\d\d-(0[1-9]|1[0-2])\Z", _("Write the month like 2026-03. A day is never published.")
)
LAW_HELP = _("Short name as people say it, for example 安全生产法.")
ARTICLE_HELP = _("For example 第四十一条第二款.")


class ViolationBlock(blocks.StructBlock):
    """What was done, and the article it breaks; law and article together lead to the rules library."""

    text = blocks.TextBlock(rows=2, max_length=300, label=_("What was unlawful"))
    law = blocks.CharBlock(max_length=40, required=False, label=_("Law"), help_text=LAW_HELP)
    article = blocks.CharBlock(max_length=40, required=False, label=_("Article"), help_text=ARTICLE_HELP)

    class Meta:
        icon = "warning"
        label = _("Violation")
        template = "cases_public/blocks/violation.html"


class RuleBlock(blocks.StructBlock):
    """A rule worth reading beside the case."""

    law = blocks.CharBlock(max_length=40, label=_("Law"), help_text=LAW_HELP)
    article = blocks.CharBlock(max_length=40, required=False, label=_("Article"), help_text=ARTICLE_HELP)
    note = blocks.CharBlock(
        max_length=80, required=False, label=pgettext_lazy("of a rule", "What it is about")
    )

    class Meta:
        icon = "openquote"
        label = pgettext_lazy("of a violation", "Rule")
        template = "cases_public/blocks/rule.html"


class MonthBlock(blocks.StructBlock):
    """One thing that happened, with its month."""

    month = blocks.CharBlock(max_length=7, validators=[MONTH], label=_("Month"))
    text = blocks.CharBlock(max_length=160, label=_("What happened"))

    class Meta:
        icon = "history"
        label = _("Month")
        template = "cases_public/blocks/month.html"


class BeforeAfterBlock(blocks.StructBlock):
    """Two pictures of one place, before and after it was put right."""

    before = ImageChooserBlock(label=_("Before"))
    before_alt = blocks.CharBlock(max_length=160, label=_("What the picture before shows"))
    after = ImageChooserBlock(label=_("After"))
    after_alt = blocks.CharBlock(max_length=160, label=_("What the picture after shows"))
    caption = blocks.CharBlock(max_length=200, required=False, label=_("Caption of both"))

    class Meta:
        icon = "image"
        label = _("Before and after")
        template = "cases_public/blocks/before_after.html"


def violation_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks for the unlawful acts."""
    return [("violation", ViolationBlock())]


def rule_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks for the rules beside a case."""
    return [("rule", RuleBlock())]


def month_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks for the course of a case."""
    return [("month", MonthBlock())]


def before_after_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks for pictures before and after."""
    return [("pair", BeforeAfterBlock())]


def point_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks for points that warn."""
    return [("point", blocks.CharBlock(max_length=200, icon="warning", label=_("Point")))]

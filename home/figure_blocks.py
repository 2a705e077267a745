"""Blocks that put a figure or a chart of closed periods on any page; by themselves they follow the latest one."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from complaints.disclosure import (
    FIGURES_BY_CODE,
    PUBLIC_FIGURES,
    PublicReport,
    public_periods_closed,
    public_report,
    public_spans,
)
from home.bulletins.tables import CHARTS, TITLES
from home.figures import page_facts
from portal.shared.blocks import reading_blocks

# A month alone often has numbers too small to be told.
USUAL = "quarter"
KINDS = [
    ("month", _("The latest month")),
    ("quarter", _("The latest quarter")),
    ("half", _("The latest half-year")),
    ("year", _("The latest year")),
]


def figure_choices() -> list[tuple[str, Any]]:
    """Return the single counts the page of figures tells."""
    return [(code, FIGURES_BY_CODE[code].name) for code in PUBLIC_FIGURES]


class FigureChoice(blocks.ChoiceBlock):
    """One figure; a migration names the block and not the figures of its day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=figure_choices, **kwargs)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return the block without its choices."""
        kept = {name: value for name, value in self._constructor_kwargs.items() if name != "choices"}
        return "home.figure_blocks.FigureChoice", [], kept


class _Following(blocks.StructBlock):
    """Something of the latest closed period of a kind; nothing until one is closed."""

    kind = blocks.ChoiceBlock(
        choices=KINDS,
        default=USUAL,
        label=_("Period"),
        help_text=_("When the next one is closed, the page shows that one."),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the report, or none."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return {**context, "report": latest(value["kind"])}


class FigureBlock(_Following):
    """One number with what it counts."""

    which = FigureChoice(label=_("Figure"))

    class Meta:
        icon = "order"
        label = pgettext_lazy("a block", "A figure")
        template = "home/blocks/figure.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the number and its definition."""
        context = super().get_context(value, parent_context=parent_context)
        if context["report"] is not None and value["which"] in PUBLIC_FIGURES:
            cell = context["report"].figure(value["which"])
            context |= {"cell": cell, "figure": FIGURES_BY_CODE[value["which"]]}
        return context


class FigureChartBlock(_Following):
    """A chart of the page of figures with its table."""

    which = blocks.ChoiceBlock(choices=[(code, TITLES[code]) for code in CHARTS], label=_("Chart"))

    class Meta:
        icon = "history"
        label = pgettext_lazy("a block", "A chart of figures")
        template = "home/blocks/figure_chart.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add what the charts of the page of figures are drawn from."""
        context = super().get_context(value, parent_context=parent_context)
        if context["report"] is not None:
            context["charts"] = page_facts(context["report"])
        return context


def latest(kind: str) -> PublicReport | None:
    """Return the latest closed period of a kind; four queries at most."""
    for period in public_periods_closed():
        if public_spans(code=period.code).kind == kind:
            return public_report(code=period.code)
    return None


def figure_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks of figures for any page."""
    return [("figure", FigureBlock()), ("figure_chart", FigureChartBlock())]


def readable_blocks() -> list[tuple[str, blocks.Block]]:
    """Return fresh blocks for a page that is read: those of every app, and figures."""
    return [*reading_blocks(), *figure_blocks()]

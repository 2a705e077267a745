"""The figures of the duty: code, name, what is counted in words, unit, rule. Page and file show the same words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.disclosure import Figure, FigureUnit

_RULE = "应急厅函〔2021〕92号；要点 cl.12"

FIGURES = (
    Figure(
        code="cases_owed",
        name=pgettext_lazy("figure of the duty", "Owed"),
        definition=_("Cases the units owe by their quota; none of a unit closed before the last day."),
        unit=FigureUnit.TIMES,
        basis=_RULE,
    ),
    Figure(
        code="cases_submitted",
        name=pgettext_lazy("figure of the duty", "Submitted"),
        definition=_("Cases submitted that still count: not taken back, not withdrawn, still public."),
        unit=FigureUnit.TIMES,
        basis=_RULE,
    ),
    Figure(
        code="cases_late",
        name=pgettext_lazy("figure of the duty", "Late"),
        definition=_("Of these submitted after the last day of their period. They count all the same."),
        unit=FigureUnit.TIMES,
        basis=_RULE,
    ),
    Figure(
        code="cases_qualified",
        name=pgettext_lazy("figure of the duty", "Qualified"),
        definition=_("Cases with every content that applies and a reference value that reaches the mark."),
        unit=FigureUnit.TIMES,
        basis=_RULE,
    ),
    Figure(
        code="reported_share",
        name=_("Reporting rate (报送率)"),
        definition=_(
            "Qualified cases, at most as many as owed of each period, as a share of the cases owed."
        ),
        unit=FigureUnit.PERCENT,
        basis=_RULE,
        of=(("cases_fulfilled",), "cases_owed"),
    ),
    Figure(
        code="qualified_share",
        name=_("Quality rate (合格率)"),
        definition=_("Qualified cases as a share of the cases submitted."),
        unit=FigureUnit.PERCENT,
        basis=_RULE,
        of=(("cases_qualified",), "cases_submitted"),
    ),
)

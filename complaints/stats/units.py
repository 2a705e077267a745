"""What figures are counted in, and what that is called."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Text = str | Promise


class Unit(StrEnum):
    """What a figure is counted in."""

    TIPS = "tips"
    TIMES = "times"
    YUAN = "yuan"
    PERCENT = "percent"
    SCORE = "score"
    WORKING_DAYS = "working_days"
    DAYS = "days"

    @property
    def label(self) -> Text:
        """The unit in words."""
        return _UNITS[self]


_UNITS: Mapping[Unit, Text] = {
    Unit.TIPS: pgettext_lazy("unit of a figure", "tips"),
    Unit.TIMES: pgettext_lazy("unit of a figure", "times"),
    Unit.YUAN: pgettext_lazy("unit of a figure", "yuan"),
    Unit.PERCENT: pgettext_lazy("unit of a figure", "%"),
    Unit.SCORE: pgettext_lazy("unit of a figure", "points"),
    Unit.WORKING_DAYS: pgettext_lazy("unit of a figure", "working days"),
    Unit.DAYS: pgettext_lazy("unit of a figure", "days"),
}

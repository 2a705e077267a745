"""What a reporter said and where it stands, as labels with values; nothing here narrows down who that was."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.models import Tip

from .clockface import day_text
from .labels import operation_words
from .story import name_of


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A label and its value; wide ones take a line of their own."""

    label: str
    value: str
    is_wide: bool = False


def facts_of(tip: Tip, *, today: date, with_unit: bool = True) -> list[Fact]:
    """Return what the reporter said and where it stands; nothing here narrows down who that was.

    Whether a name was left is told nowhere (docs/adr/0027); letters leave out who works on it here.
    """
    pairs = [
        *_reported(tip, today=today),
        *(_worked_on(tip) if with_unit else []),
    ]
    wide = [(_("Entity"), _entity(tip)), (_("Place"), _where(tip))]
    return [Fact(label=label, value=value) for label, value in pairs if value] + [
        Fact(label=label, value=value, is_wide=True) for label, value in wide if value
    ]


def _reported(tip: Tip, *, today: date) -> list[tuple[str, str]]:
    kind = tip.get_violation_display() if tip.violation else tip.get_kind_display() if tip.kind else ""
    work = " · ".join(
        filter(None, [tip.get_industry_display() if tip.industry else "", operation_words(tip)])
    )
    seen = (
        _("%(day)s (kept to the day)") % {"day": day_text(tip.occurred_on, today=today)}
        if tip.occurred_on
        else ""
    )
    return [
        (pgettext("tip", "Source"), tip.get_channel_display()),
        (_("Received"), day_text(tip.received_date, today=today)),
        (_("Type"), kind),
        (_("Seen on"), seen),
        (_("Industry"), work),
    ]


def _worked_on(tip: Tip) -> list[tuple[str, str]]:
    return [
        (_("Unit in charge"), tip.handling_unit.name),
        (_("Inspects"), _inspecting(tip)),
        (_("Officer"), name_of(tip.handler) if tip.handler else _("nobody yet")),
    ]


def _inspecting(tip: Tip) -> str:
    return tip.inspecting_unit.name if tip.inspecting_unit else ""


def _entity(tip: Tip) -> str:
    return " ".join(filter(None, [tip.entity_name, tip.entity_code]))


def _where(tip: Tip) -> str:
    names = "".join(row.name for row in (tip.district, tip.town) if row)
    place = " ".join(filter(None, [names, tip.address]))
    pointed = _("the point is the reporter's, some tens of metres off at best") if tip.point else ""
    if not (place and pointed):
        return place or pointed
    return _("%(place)s (%(pointed)s)") % {"place": place, "pointed": pointed}

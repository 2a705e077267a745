"""What officers are told of a tip that was inside a company before: since when, and how it came to them."""

from datetime import date

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from complaints.models import InternalTip, Tip
from complaints.selectors.internal import last_turn

from .clockface import day_text


def from_inside(tip: Tip, *, today: date) -> str:
    """Return one line on the way of a tip out of its company; empty for one that was never in one.

    One query for those alone, none for any other when `inside` was read along with the tip.
    """
    row = _inside(tip)
    turn = last_turn(row) if row is not None else None
    if row is None or turn is None:
        return ""
    return _("with the company since %(day)s; %(turned)s: %(how)s") % {
        "day": day_text(row.received_date, today=today),
        "turned": day_text(turn.taken_date, today=today),
        "how": turn.get_act_display(),
    }


def _inside(tip: Tip) -> InternalTip | None:
    try:
        return tip.inside
    except ObjectDoesNotExist:
        return None

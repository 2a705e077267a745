"""First words of a reply, from the signed result and the measures; the officer checks them."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.enums import Result
from complaints.selectors.casework import CaseRecord

from .timeline import measure_text


def first_words(*, record: CaseRecord, today: date) -> dict[str, str]:
    """Return the four items as far as the record tells them, in Chinese; none without a signed result."""
    signed = record.confirmed
    if signed is None:
        return {}
    with override("zh-hans"):
        return {
            "conclusion": _conclusions()[Result(signed.result)],
            "findings": signed.findings,
            "decision": _decision(record, today=today, proposed=signed.measures),
            "reward": _rewards()[Result(signed.result)],
        }


def _conclusions() -> dict[Result, str]:
    return {
        Result.TRUE: _("What you reported is true."),
        Result.PARTLY_TRUE: _("What you reported is partly true."),
        Result.FALSE: _("What you reported was not found to be so."),
        Result.UNVERIFIABLE: _("With what is known so far, what you reported could not be verified."),
    }


def _decision(record: CaseRecord, *, today: date, proposed: str) -> str:
    """Return the measures, one in a line; before any is recorded what was proposed, else that there is none."""
    lines = [
        _("%(measure)s: %(words)s") % {"measure": measure_text(row, today=today), "words": row.words}
        for row in record.disposals
    ]
    return "\n".join(lines) or proposed or _("No measure was needed.")


def _rewards() -> dict[Result, str]:
    later = _("Whether a reward is due is decided by the rules; we will tell you on this page.")
    none = _("A reward needs a tip that was confirmed; this condition is not met.")
    return {
        Result.TRUE: later,
        Result.PARTLY_TRUE: later,
        Result.FALSE: none,
        Result.UNVERIFIABLE: none,
    }

"""First words of a reply, from the signed result and the measures; the officer checks them."""

import re
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.enums import Measure, Result
from complaints.models import Disposal
from complaints.selectors.casework import CaseRecord
from portal.shared.templatetags.face import day, full_day

from .timeline import without_visit

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?\n?")
_LEAD_IN = re.compile(r"^(?:经核查|经查|核查结论)[，,：:]?")
_CONCLUDES = re.compile(r"(?:您|举报人)?(?:反映|举报)的?(?:情况|问题|内容)(?:部分|基本|不)?属实")
_ON_THE_SPOT = re.compile(r"(?:经)?现场(?:核查|检查|查看|勘查)(?:时)?发现[，,：:]?")
_TELLS_DAY = re.compile(r"\d+\s*月\s*\d+\s*日")


def first_words(*, record: CaseRecord, today: date) -> dict[str, str]:
    """Return the four items as far as the record tells them, in Chinese; none without a signed result.

    Each thing is said once: what stands in the conclusion or the decision is not found again among the findings.
    """
    signed = record.confirmed
    if signed is None:
        return {}
    with override("zh-hans"):
        conclusion = _conclusions()[Result(signed.result)]
        decision = _decision(record, today=today, proposed=signed.measures)
        return {
            "conclusion": conclusion,
            "findings": "\n".join(
                filter(
                    None,
                    [
                        without_visit(signed),
                        _findings(record, words=signed.findings, said=(conclusion, decision)),
                    ],
                )
            ),
            "decision": decision,
            "reward": _rewards()[Result(signed.result)],
        }


def _findings(record: CaseRecord, *, words: str, said: Sequence[str]) -> str:
    """Return when somebody was there and what was found, without sentences that stand in other items."""
    others = {_bare(one) for text in said for one in _sentences(text)}
    told = dict.fromkeys(_sentences(words))
    new = [one for one in told if _bare(one) not in others and not _CONCLUDES.fullmatch(_bare(one))]
    found = "".join(new).strip() or words
    days = [row.visited_date for row in record.inspections if not row.is_recheck]
    if not days or _TELLS_DAY.search(found):
        return found
    lead = _("We looked into it on the spot on %(day)s.") % {"day": full_day(days[-1])}
    on_the_spot = _ON_THE_SPOT.match(found)
    if on_the_spot is None:
        return lead + found
    return f"{lead.rstrip('。')}，发现{found[on_the_spot.end() :]}"


def _sentences(text: str) -> list[str]:
    return _SENTENCE.findall(text)


def _bare(sentence: str) -> str:
    """Return a sentence as it is compared: without its end, spaces and the words it may begin with."""
    return _LEAD_IN.sub("", re.sub(r"[\s。；！？]+", "", sentence))


def _conclusions() -> dict[Result, str]:
    return {
        Result.TRUE: _("What you reported is true."),
        Result.PARTLY_TRUE: _("What you reported is partly true."),
        Result.FALSE: _("What you reported was not found to be so."),
        Result.UNVERIFIABLE: _("With what is known so far, what you reported could not be verified."),
    }


def _decision(record: CaseRecord, *, today: date, proposed: str) -> str:
    """Return the measures, numbered where there are several; before any what was proposed, else that there is none."""
    rows = list(dict.fromkeys(_measure(row, today=today) for row in record.signed_disposals))
    if len(rows) > 1:
        rows = [f"{number}. {words}" for number, words in enumerate(rows, start=1)]
    return "\n".join(rows) or proposed or _("No measure was needed.")


def _measure(row: Disposal, *, today: date) -> str:
    """Return a measure as the officer wrote it, ended by what these words leave out."""
    words = row.words.strip().rstrip("。；")
    return "。".join(filter(None, [words, *_left_out(row, words=words, today=today)])) + "。"


def _left_out(row: Disposal, *, words: str, today: date) -> list[str]:
    fine = row.fine_amount if row.measure == Measure.PENALTY and "罚款" not in words else None
    until = day(row.rectify_by, today) if row.rectify_by else ""
    done = full_day(row.rectified_date) if row.rectified_date else ""
    number = row.decision_number if row.decision_number not in words else ""
    return [
        _("Fine: %(amount)s yuan") % {"amount": f"{fine:,.2f}"} if fine is not None else "",
        _("Decision number: %(number)s") % {"number": number} if number else "",
        _("To be rectified by %(day)s") % {"day": until} if until and until not in words and not done else "",
        _("Re-checked on %(day)s: rectified") % {"day": done} if done else "",
    ]


def _rewards() -> dict[Result, str]:
    later = _("Whether a reward is due is decided by the rules; we will tell you on this page.")
    none = _("A reward needs a tip that was confirmed; this condition is not met.")
    return {
        Result.TRUE: later,
        Result.PARTLY_TRUE: later,
        Result.FALSE: none,
        Result.UNVERIFIABLE: none,
    }

"""What the demo data call an act, and the service that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from complaints.enums import Action, Measure, Result
from complaints.models import Office
from complaints.services import (
    assignment,
    extensions,
    handling,
    inspections,
    measures,
    merging,
    notes,
    objections,
    referrals,
    results,
    supervision,
    whistles,
)
from complaints.services.evidence import Upload

from .offices import Facts
from .scenes import draw_photo

# Acts on which the officers of a unit have the word; all others are named with `by`.
PLAIN = MappingProxyType({
    "screen": Action.SCREEN,
    "accept": Action.ACCEPT,
    "decline": Action.DECLINE,
    "verify": Action.VERIFY,
    "reply": Action.REPLY,
    "close": Action.CLOSE,
    "archive": Action.ARCHIVE,
})  # fmt: skip
# Acts that decide on acceptance: they fall on the day the story's clock asks for.
DECISIONS = frozenset({"accept", "decline", "transfer_out", "merge"})
# Services that need words alone, with the names of these words.
WORDY: Mapping[str, tuple[Callable[..., Any], tuple[str, ...]]] = MappingProxyType({
    "confirm": (results.confirm_result, ()),
    "return_result": (results.return_result, ("memo",)),
    "sign_measure": (measures.confirm_measure, ()),
    "return_measure": (measures.return_measure, ("memo",)),
    "hand_back": (assignment.hand_back, ("memo",)),
    "escalate": (assignment.escalate, ("memo",)),
    "transfer_out": (assignment.transfer_out, ("note",)),
    "ask_extension": (extensions.ask_extension, ("days", "memo")),
    "grant_extension": (extensions.grant_extension, ("note",)),
    "refuse_extension": (extensions.refuse_extension, ("memo",)),
    "pause": (extensions.pause_period, ("memo", "note")),
    "resume": (extensions.resume_period, ("memo",)),
    "supervise": (supervision.supervise, ("memo",)),
    "answer_supervision": (supervision.answer_supervision, ("memo",)),
    "lift_supervision": (supervision.lift_supervision, ("memo",)),
    "hand_to_police": (referrals.hand_to_police, ("police_name", "police_receipt")),
    "decide_referral": (referrals.decide_referral, ()),
    "uphold": (objections.uphold, ("note",)),
    "reopen": (objections.reopen, ("note",)),
    "whistle": (whistles.whistle, ("memo",)),
    "answer_whistle": (whistles.answer_whistle, ()),
    "arrive": (whistles.arrive, ("memo",)),
    "return_whistle": (whistles.return_whistle, ("memo",)),
    "withdraw_whistle": (whistles.withdraw_whistle, ("memo",)),
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Doing:
    """One act of staff about to be done: on which tip, by whom, when, with what the data say about it.

    `numbers` are those of the tips sent in so far, by their key.
    """

    tip_id: int
    actor: User
    at: datetime
    facts: Facts
    vault_fingerprint: str
    numbers: Mapping[str, str]

    @property
    def today(self) -> date:
        """The day of the act in the bureau's time zone."""
        return timezone.localdate(self.at)

    @property
    def who(self) -> dict[str, Any]:
        """What every service asks for."""
        return {"tip_id": self.tip_id, "actor": self.actor, "at": self.at}


def perform(doing: Doing) -> None:
    """Do it; raises KeyError for an act the demonstration does not know."""
    name = doing.facts["do"]
    if name in PLAIN:
        _plain(doing, action=PLAIN[name])
    elif name in WORDY:
        service, words = WORDY[name]
        service(**doing.who, **{word: doing.facts[word] for word in words})
    else:
        OTHERS[name](doing)


def _plain(doing: Doing, *, action: Action) -> None:
    texts = {
        name: text for name, text in doing.facts.items() if name not in {"do", "by", "ago", "after", "reason"}
    }
    handling.record_step(**doing.who, action=action, texts=texts, reason=doing.facts.get("reason", ""))


def _take(doing: Doing) -> None:
    handling.take_tip(**doing.who)


def _propose(doing: Doing) -> None:
    texts = {name: doing.facts.get(name, "") for name in ("findings", "measures", "basis")}
    results.propose_result(**doing.who, result=Result(doing.facts["result"]), texts=texts)


def _measure(doing: Doing) -> None:
    facts, today = doing.facts, doing.today
    draft = measures.MeasureDraft(
        measure=Measure(facts["measure"]),
        decided_date=today,
        words=facts["words"],
        decision_number=facts.get("number", ""),
        fine_amount=Decimal(facts["fine"]) if "fine" in facts else None,
        rectify_by=today + timedelta(days=facts["rectify_days"]) if "rectify_days" in facts else None,
    )
    measures.propose_measure(**doing.who, draft=draft)


def _inspect(doing: Doing) -> None:
    facts = doing.facts
    draft = inspections.InspectionDraft(
        visited_date=doing.today,
        inspectors=facts["inspectors"],
        findings=facts["findings"],
        orders=facts.get("orders", ""),
        is_recheck=facts.get("is_recheck", False),
        is_removed=facts.get("is_removed"),
    )
    inspections.record_inspection(
        **doing.who,
        draft=draft,
        uploads=drawn_uploads(facts.get("photos", [])),
        vault_fingerprint=doing.vault_fingerprint,
    )


def _join(doing: Doing) -> None:
    assignment.join_unit(**doing.who, office_id=_office_id(doing), memo=doing.facts["memo"])


def _dispatch(doing: Doing) -> None:
    assignment.dispatch(**doing.who, office_id=_office_id(doing), memo=doing.facts["memo"])


def _office_id(doing: Doing) -> int:
    return Office.objects.get(name=doing.facts["office"]).pk


def _refer(doing: Doing) -> None:
    names = ("offence", "facts", "goods", "appraisal", "other")
    officers = User.objects.filter(username__in=doing.facts["officers"]).values_list("pk", flat=True)
    texts = {name: doing.facts.get(name, "") for name in names}
    referrals.propose_referral(**doing.who, officer_ids=list(officers), texts=texts)


def _merge(doing: Doing) -> None:
    into = doing.numbers[doing.facts["into"]]
    merging.merge(**doing.who, into_number=into, memo=doing.facts.get("memo", ""))


def _note(doing: Doing) -> None:
    notes.leave_note(tip_id=doing.tip_id, author=doing.actor, at=doing.at, text=doing.facts["text"])


OTHERS: Mapping[str, Callable[[Doing], None]] = MappingProxyType(
    {
        "take": _take,
        "propose": _propose,
        "measure": _measure,
        "inspect": _inspect,
        "join": _join,
        "dispatch": _dispatch,
        "refer": _refer,
        "merge": _merge,
        "note": _note,
    }
)


def drawn_uploads(wanted: list[str]) -> list[Upload]:
    """Return drawn photos as if they had been sent; each is named `scene:seed`."""
    files = [draw_photo(scene=name, seed=int(seed)) for name, seed in (item.split(":") for item in wanted)]
    return [Upload(data=data, size=len(data)) for data in files]

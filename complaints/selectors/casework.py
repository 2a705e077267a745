"""What was done on a tip beside its steps: visits, results, measures, periods, whistles, referrals, notes."""

from dataclasses import dataclass

from django.db.models import F, Q

from complaints.enums import Clock
from complaints.models import (
    Conclusion,
    Disposal,
    DuplicateHint,
    Extension,
    HandoverNote,
    Inspection,
    Objection,
    Period,
    Rating,
    Referral,
    RoutingDecision,
    Supervision,
    Tip,
    Transfer,
    Whistle,
)
from complaints.policies import Person, leads, tips_visible_to

from .merging import hints_of, together


@dataclass(frozen=True, kw_only=True)
class CaseRecord:
    """The record of one tip, each list oldest first; `hints`, `merged` and `lead` only name tips the reader may open.

    `lead` is the tip this one was merged into. `reporters` holds the public numbers of the tips put together here, by
    key, where there are several; it is empty for who only takes part, as words of reporters are (`reads_words`).
    """

    periods: list[Period]
    whistles: list[Whistle]
    extensions: list[Extension]
    supervisions: list[Supervision]
    inspections: list[Inspection]
    conclusions: list[Conclusion]
    disposals: list[Disposal]
    referrals: list[Referral]
    objections: list[Objection]
    notes: list[HandoverNote]
    hints: list[DuplicateHint]
    routing: RoutingDecision | None
    transfer: Transfer | None
    rating: Rating | None
    merged: list[Tip]
    lead: Tip | None
    reads_words: bool
    reporters: dict[int, str]

    @property
    def whistle(self) -> Whistle | None:
        """The whistle the district still owes something."""
        return next((row for row in self.whistles if row.ended_at is None), None)

    @property
    def supervision(self) -> Supervision | None:
        """The supervision that has not ended."""
        return next((row for row in reversed(self.supervisions) if row.ended_date is None), None)

    @property
    def referral(self) -> Referral | None:
        """The newest referral."""
        return self.referrals[-1] if self.referrals else None

    @property
    def extension(self) -> Extension | None:
        """The newest request for more time."""
        return self.extensions[-1] if self.extensions else None

    @property
    def open_conclusion(self) -> Conclusion | None:
        """The result that waits for a leader."""
        return next((row for row in self.conclusions if row.decided_at is None), None)

    @property
    def open_disposal(self) -> Disposal | None:
        """The measure that waits for a leader."""
        return next((row for row in self.disposals if row.decided_at is None), None)

    @property
    def signed_disposals(self) -> list[Disposal]:
        """The measures that count."""
        return [row for row in self.disposals if row.is_confirmed]

    @property
    def confirmed(self) -> Conclusion | None:
        """The result signed last."""
        return next((row for row in reversed(self.conclusions) if row.is_confirmed), None)

    def running(self, clock: Clock) -> Period | None:
        """Return the period of this kind that runs or stands still."""
        return next((row for row in self.periods if row.clock == clock and row.ended_date is None), None)


def case_record(*, tip: Tip, user: Person) -> CaseRecord:
    """Return the record of a tip the person may read: a fixed number of queries, whatever happened to it."""
    merged, is_ours = _merged_tips(tip=tip, user=user), leads(user, tip)
    noted = together(tip=tip, path="tip") if is_ours else Q(tip=tip)
    return CaseRecord(
        periods=list(tip.periods.all()),
        whistles=list(tip.whistles.select_related("town", "called", "raised_by", "answered_by")),
        extensions=list(tip.extensions.select_related("period", "asked_by", "decided_by")),
        supervisions=list(tip.supervisions.select_related("office", "unit", "raised_by")),
        inspections=list(tip.inspections.select_related("office", "recorded_by")),
        conclusions=list(tip.conclusions.select_related("proposed_by", "decided_by")),
        disposals=list(tip.disposals.select_related("recorded_by", "decided_by")),
        referrals=list(
            tip.referrals.select_related("proposed_by", "decided_by").prefetch_related("officers")
        ),
        objections=list(tip.objections.select_related("office", "reviewed_by", "raised_on")),
        notes=list(HandoverNote.objects.filter(noted).select_related("author", "tip")),
        hints=list(hints_of(user=user, tip=tip).filter(tip=tip)),
        routing=tip.routings.select_related("office").defer("office__outline").first(),
        transfer=Transfer.objects.filter(tip=tip).first(),
        rating=Rating.objects.filter(tip=tip).first(),
        merged=merged,
        lead=tips_visible_to(user).filter(pk=tip.merged_into_id).first() if tip.merged_into_id else None,
        reads_words=is_ours,
        reporters={row.pk: row.number for row in (tip, *merged)} if is_ours and merged else {},
    )


def _merged_tips(*, tip: Tip, user: Person) -> list[Tip]:
    """Return what was merged into a tip as far as the person may see it, in the order of acceptance."""
    # The few are found first: asked together with the scope, a database would read the whole scope for them.
    keys = list(tip.merged_tips.values_list("pk", flat=True))
    if not keys:
        return []
    order = (F("accepted_date").asc(nulls_last=True), "received_date", "pk")
    return list(tips_visible_to(user).filter(pk__in=keys).order_by(*order))

"""The review of case files (案卷评查): draw a sample, assign it, score, have it corrected, close."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from secrets import token_hex
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints import events
from complaints.enums import ReviewAct, ReviewFault, ReviewState
from complaints.errors import NotAllowed, ReviewNotFound, ReviewRefused
from complaints.models import FileFinding, FileSample, SampledFile, Tip
from complaints.policies import units_below
from complaints.rules import file_review as rules
from complaints.rules.review_sheet import Item, points_left
from complaints.rules.sampling import Size, drawn, stock_digest
from complaints.rules.spans import Span, span_of
from complaints.rules.texts import showable
from complaints.selectors import file_review as selectors

from . import audit, viewing
from .refusals import refused_changes_are_logged
from .review_sheets import items_on


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a reviewer says of one item: points taken off, why, and whether the unit has to put it right."""

    minus: int = 0
    words: str = ""
    wants_correction: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say of the item."""
        return not (self.minus or self.words.strip() or self.wants_correction)


def draw_sample(
    *, span: Span, office_id: int, units: Iterable[int], size: Size, actor: User, at: datetime, seed: str = ""
) -> FileSample:
    """Draw a sample and keep it with everything needed to draw it again.

    Args:
        office_id: the unit that has the review done; the actor leads it.
        units: whose files; those the actor leads or that lie below.
        seed: made by the machine unless a test gives one: nobody chooses what is drawn.

    Raises:
        NotAllowed: the actor does not lead that unit, or one of the units is out of reach.
        ReviewRefused: the period runs still, the size is not possible, or nothing was concluded.

    Source: 要点 14; the size is house practice.
    """
    wanted = sorted(set(units))
    with refused_changes_are_logged(
        act="review.drawn", subject=span.code, data={"office": office_id}, at=at, actor=actor
    ):
        reach = set(selectors.units_to_draw_from(actor))
        if office_id not in selectors.units_drawn_by(actor) or not wanted or not set(wanted) <= reach:
            raise NotAllowed
        if timezone.localdate(at) <= span.end:
            raise ReviewRefused(ReviewFault.RUNNING)
        if not size.is_possible():
            raise ReviewRefused(ReviewFault.SIZE)
        stock = selectors.stock_of(span=span, units=wanted)
        if not stock:
            raise ReviewRefused(ReviewFault.EMPTY)
        sample = FileSample(
            span_code=span.code, office_id=office_id, units=wanted, seed=seed or token_hex(16),
            per_unit=size.per_unit, percent=size.percent, stock=sum(len(one) for one in stock.values()),
            stock_digest=stock_digest(stock), sheet=[asdict(item) for item in items_on(day=span.end)],
            drawn_by=actor, drawn_at=at,
        )  # fmt: skip
        return _stored(sample, stock=stock, size=size)


@transaction.atomic
def _stored(sample: FileSample, *, stock: Mapping[int, list[str]], size: Size) -> FileSample:
    files = drawn(stock=stock, seed=sample.seed, size=size)
    tips = dict(
        Tip.objects.filter(number__in=[number for _unit, number in files]).values_list("number", "pk")
    )
    sample.save()
    SampledFile.objects.bulk_create(
        SampledFile(sample=sample, place=place, tip_id=tips.get(number), unit_id=unit)
        for place, (unit, number) in enumerate(files, start=1)
    )
    data = {"office": sample.office_id, "files": len(files), "seed": sample.seed}
    audit.record(
        action="review.drawn",
        at=sample.drawn_at,
        actor=sample.drawn_by,
        subject=str(sample.public_id),
        data=data,
    )
    return sample


@dataclass(frozen=True, kw_only=True)
class Redrawn:
    """What drawing again with the stored seed gives: whether the stock is the same, and whether the files are."""

    same_stock: bool
    same_files: bool


def redraw(*, sample: FileSample) -> Redrawn:
    """Draw a sample again and compare; stores nothing. With the same stock the files are the same."""
    stock = selectors.stock_of(span=span_of(sample.span_code), units=sample.units)
    files = drawn(stock=stock, seed=sample.seed, size=Size(per_unit=sample.per_unit, percent=sample.percent))
    kept = list(sample.files.order_by("place").values_list("unit_id", "tip__number"))
    return Redrawn(same_stock=stock_digest(stock) == sample.stock_digest, same_files=kept == files)


@contextmanager
def _act_on(*, public_id: UUID, act: ReviewAct, actor: User, at: datetime) -> Iterator[SampledFile]:
    """Lock a file the person has to do with; what is refused is logged, what is done leaves a row."""
    row = selectors.file_for(user=actor, public_id=public_id)
    subject = row.tip.number if row.tip else str(row.public_id)
    with (
        refused_changes_are_logged(act=f"review.{act.value}", subject=subject, data={}, at=at, actor=actor),
        transaction.atomic(),
    ):
        locked = (
            SampledFile.objects.select_for_update(of=("self",)).select_related("sample", "tip").get(pk=row.pk)
        )
        yield locked
        data = {"office": locked.unit_id, "file": str(locked.public_id)}
        data |= {"handler": locked.reviewer_id} if act == ReviewAct.ASSIGN else {}
        audit.record(action=f"review.{act.value}", at=at, actor=actor, subject=subject, data=data)
        told = {"file_id": locked.pk, "act": act.value, "actor_id": actor.pk, "at": at}
        transaction.on_commit(partial(events.review_moved.send_robust, sender=SampledFile, **told))


def _move(row: SampledFile, act: ReviewAct, *, wants_correction: bool = False) -> None:
    state = rules.state_after(act=act, state=ReviewState(row.state), wants_correction=wants_correction)
    if state is None:
        raise ReviewRefused(ReviewFault.NOT_NOW)
    row.state = state


def assign(*, public_id: UUID, reviewer_id: int, actor: User, at: datetime) -> SampledFile:
    """Ask a person to review a file, which lets them read it until it is done.

    Raises:
        ReviewNotFound: no such file for this person.
        NotAllowed: the actor does not organise the sample, or the person handles no tips anywhere.
        ReviewRefused: the reviewer is of the same unit or of one below, took part, or it is scored already.
    """
    with _act_on(public_id=public_id, act=ReviewAct.ASSIGN, actor=actor, at=at) as row:
        below = units_below(row.unit_id)
        if not selectors.may_assign(user=actor, row=row) or row.tip is None:
            raise NotAllowed
        fault = rules.reviewer_fault(
            reviewer_units=selectors.units_of(user_id=reviewer_id),
            file_unit=row.unit_id,
            below=below,
            took_part=selectors.took_part(user_id=reviewer_id, tip_id=row.tip_id),
        )
        if fault:
            raise ReviewRefused(fault)
        if reviewer_id not in {one.pk for one in selectors.reviewers_for(row=row, below=below)}:
            raise NotAllowed
        _move(row, ReviewAct.ASSIGN)
        row.reviewer_id, row.granted_by, row.granted_at = reviewer_id, actor, at
        row.save()
    return row


def items_of(sample: FileSample) -> tuple[Item, ...]:
    """Return the score sheet a sample was drawn with."""
    return tuple(Item(**item) for item in sample.sheet)


def score(*, public_id: UUID, found: Mapping[str, Finding], actor: User, at: datetime) -> SampledFile:
    """Score a file by the sheet of its sample; findings without points, words or correction are left out.

    Raises:
        ReviewNotFound: no such file for this person.
        NotAllowed: the actor is not its reviewer, or has got a role in its unit or a step in the case meanwhile.
        ReviewRefused: points out of bounds, words missing or too long, or it is scored already.
    """
    said = {code: one for code, one in found.items() if not one.is_empty}
    with _act_on(public_id=public_id, act=ReviewAct.SCORE, actor=actor, at=at) as row:
        _require_reviewer(row, actor=actor)
        items = items_of(row.sample)
        try:
            row.points = points_left(items=items, minus={code: one.minus for code, one in said.items()})
        except ValueError as error:
            raise ReviewRefused(ReviewFault.POINTS) from error
        row.wants_correction = any(one.wants_correction for one in said.values())
        _move(row, ReviewAct.SCORE, wants_correction=row.wants_correction)
        for code, one in said.items():
            finding = FileFinding(file=row, item=code, minus=one.minus, wants_correction=one.wants_correction)
            finding.words = _words(one.words)
            finding.save()
        row.scored_at = at
        row.closed_at = at if row.state == ReviewState.DONE else None
        row.save()
    return row


def _require_reviewer(row: SampledFile, *, actor: User) -> None:
    """The grant ends for whoever came to be of the unit, or took a step in the case, after it was given."""
    fault = rules.reviewer_fault(
        reviewer_units=selectors.units_of(user_id=actor.pk),
        file_unit=row.unit_id,
        below=units_below(row.unit_id),
        took_part=selectors.took_part(user_id=actor.pk, tip_id=row.tip_id),
    )
    if row.reviewer_id != actor.pk or fault:
        raise NotAllowed


def _words(text: str) -> str:
    words = showable(text.strip(), longest=rules.LONGEST_WORDS)
    if not words or len(text.strip()) > rules.LONGEST_WORDS:
        raise ReviewRefused(ReviewFault.WORDS)
    return words


def answer(*, public_id: UUID, said: Mapping[int, str], actor: User, at: datetime) -> SampledFile:
    """Answer every finding that wants a correction, by its key.

    Raises:
        ReviewNotFound: no such file for this person.
        NotAllowed: the actor does not handle tips in the very unit that has the file.
        ReviewRefused: no correction is asked for now, or an answer is missing or too long.
    """
    with _act_on(public_id=public_id, act=ReviewAct.ANSWER, actor=actor, at=at) as row:
        if not selectors.may_answer(user=actor, row=row):
            raise NotAllowed
        _move(row, ReviewAct.ANSWER)
        for finding in row.findings.filter(wants_correction=True):
            finding.answer = _words(said.get(finding.pk, ""))
            finding.answered_by, finding.answered_at = actor, at
            finding.save()
        row.save()
    return row


def return_answer(*, public_id: UUID, actor: User, at: datetime) -> SampledFile:
    """Send the answers back: the correction is still owed. Raises as `close`."""
    return _decide(public_id=public_id, act=ReviewAct.RETURN, actor=actor, at=at)


def close(*, public_id: UUID, actor: User, at: datetime) -> SampledFile:
    """Close the review; the reviewer no longer reads the file.

    Raises:
        ReviewNotFound: no such file for this person.
        NotAllowed: the actor is not its reviewer.
        ReviewRefused: the unit has not answered.
    """
    return _decide(public_id=public_id, act=ReviewAct.CLOSE, actor=actor, at=at)


def _decide(*, public_id: UUID, act: ReviewAct, actor: User, at: datetime) -> SampledFile:
    with _act_on(public_id=public_id, act=act, actor=actor, at=at) as row:
        _require_reviewer(row, actor=actor)
        _move(row, act)
        row.closed_at = at if act == ReviewAct.CLOSE else None
        row.save()
    return row


def open_file(*, public_id: UUID, reader: User, at: datetime) -> Tip:
    """Return the tip of a file to its reviewer and log the look, once a day.

    Raises:
        ReviewNotFound: it is not theirs to review, or the review is done.
    """
    tip = selectors.tip_to_review(user=reader, public_id=public_id)
    row = SampledFile.objects.get(public_id=public_id)
    try:
        _require_reviewer(row, actor=reader)
    except NotAllowed as error:
        raise ReviewNotFound from error
    viewing.note_paper(action="review.file", tip=tip, viewer=reader, at=at)
    return tip

"""行刑衔接: a suspicion of crime proposed by a team, decided on by a leader, handed to the police, answered."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints import policies
from complaints.enums import Action, Problem
from complaints.errors import IllegalMove, NotAllowed
from complaints.models import DeadlinePolicy, Referral, Tip
from complaints.rules import referral as rules
from complaints.rules.texts import clean_text, text_problem
from complaints.selectors.deadlines import day_overlay, policy_on
from complaints.selectors.referrals import newest_referral, team_choices

from . import audit, referral_papers, steps
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals

TEXTS = ("offence", "facts", "goods", "appraisal", "other")
REQUIRED = frozenset({"offence", "facts"})
LONGEST_NAME = 100
LONGEST_RECEIPT = 60


@refusals_are_logged(Action.REFER)
@storage_faults_as_refusals()
@transaction.atomic
def propose_referral(
    *, tip_id: int, actor: User, at: datetime, officer_ids: Collection[int], texts: Mapping[str, str]
) -> Referral:
    """Propose to refer a case; a leader decides within three days.

    Args:
        officer_ids: the team, two or more who handle tips of the unit in charge.
        texts: `offence` and `facts`; `goods` (one to a line), `appraisal` and `other` may stay empty.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: the team is too small or not of the unit, or a text is missing.

    Legal basis: 移送规定 5, 6.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.REFER, actor=actor, at=at)
    words = steps.cleaned(texts, names=TEXTS, required=REQUIRED)
    people = {user.pk: user for user in team_choices(tip=taking.tip)}
    _require("officers", rules.team_problem(officers=officer_ids, handlers=people))
    steps.finish(taking)
    row = Referral(
        tip=taking.tip,
        proposed_by=actor,
        proposed_date=taking.today,
        decide_by=rules.decide_by(
            proposed=taking.today, terms=policy_on(day=taking.today), overlay=day_overlay()
        ),
    )
    for name in TEXTS:
        setattr(row, name, words[name])
    row.save(force_insert=True)
    row.officers.set(sorted({int(key) for key in officer_ids}))
    return row


@refusals_are_logged(Action.DECIDE_REFERRAL)
@storage_faults_as_refusals()
@transaction.atomic
def decide_referral(*, tip_id: int, actor: User, at: datetime) -> Referral:
    """Decide that the case goes to the police; it is handed over within 24 hours.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; NotAllowed for the proposer and for the team.

    Legal basis: 移送规定 5.
    """
    return _decide(tip_id=tip_id, actor=actor, at=at, action=Action.DECIDE_REFERRAL, memo="")


@refusals_are_logged(Action.DROP_REFERRAL)
@storage_faults_as_refusals()
@transaction.atomic
def drop_referral(*, tip_id: int, actor: User, at: datetime, memo: str) -> Referral:
    """Decide that the case does not go to the police, with the reason; the rule wants it on record.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act; NotAllowed for the proposer and for the team.
        DraftInvalid: `memo` is missing.

    Legal basis: 移送规定 5.
    """
    return _decide(tip_id=tip_id, actor=actor, at=at, action=Action.DROP_REFERRAL, memo=memo)


def _decide(*, tip_id: int, actor: User, at: datetime, action: Action, memo: str) -> Referral:
    taking = steps.begin(tip_id=tip_id, action=action, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    row = _newest(tip=taking.tip)
    steps.finish(taking, memo=words["memo"])
    row.decided_by, row.decided_at = actor, steps.to_minute(at)
    row.is_referred = action == Action.DECIDE_REFERRAL
    if row.is_referred:
        row.transfer_by = rules.transfer_by(decided_at=row.decided_at, terms=_terms(row))
    row.save(update_fields=["decided_by", "decided_at", "is_referred", "transfer_by"])
    return row


@refusals_are_logged(Action.HAND_TO_POLICE)
@storage_faults_as_refusals()
@transaction.atomic
def hand_to_police(
    *, tip_id: int, actor: User, at: datetime, police_name: str, police_receipt: str = ""
) -> Referral:
    """Record that the case was handed over; the police answer within three days.

    Args:
        police_receipt: the number of the receipt the police signed, if they gave one.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: the name of the police unit is missing, or one of both is too long.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.HAND_TO_POLICE, actor=actor, at=at)
    name = _line("police_name", police_name, longest=LONGEST_NAME, required=True)
    receipt = _line("police_receipt", police_receipt, longest=LONGEST_RECEIPT, required=False)
    row = _newest(tip=taking.tip)
    steps.finish(taking)
    row.police_name, row.police_receipt, row.transferred_at = name, receipt, steps.to_minute(at)
    row.answer_by = _police_answer_by(row, since=taking.today)
    row.save(update_fields=["police_name", "police_receipt", "transferred_at", "answer_by"])
    return row


@refusals_are_logged(Action.POLICE_FILES)
@storage_faults_as_refusals()
@transaction.atomic
def police_files(*, tip_id: int, actor: User, at: datetime, answered_date: date) -> Referral:
    """Record that the police opened a case.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: the day lies ahead, or before the hand-over.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.POLICE_FILES, actor=actor, at=at)
    row = _answered(taking, answered_date=answered_date)
    steps.finish(taking)
    row.answered_date, row.is_filed = answered_date, True
    row.save(update_fields=["answered_date", "is_filed"])
    return row


@refusals_are_logged(Action.POLICE_REFUSES)
@storage_faults_as_refusals()
@transaction.atomic
def police_refuses(*, tip_id: int, actor: User, at: datetime, answered_date: date, memo: str) -> Referral:
    """Record that the police open no case and why; the first time reconsideration may be asked within three days.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` is missing, or the day lies ahead or before the hand-over.

    Legal basis: 移送规定 9.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.POLICE_REFUSES, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    row = _answered(taking, answered_date=answered_date)
    steps.finish(taking, memo=words["memo"])
    row.answered_date, row.is_filed = answered_date, False
    if row.reconsidered_date is None:
        row.reconsider_by = rules.reconsider_by(
            refused=answered_date, terms=_terms(row), overlay=day_overlay()
        )
    row.save(update_fields=["answered_date", "is_filed", "reconsider_by"])
    return row


@refusals_are_logged(Action.RECONSIDER)
@storage_faults_as_refusals()
@transaction.atomic
def reconsider(*, tip_id: int, actor: User, at: datetime, memo: str) -> Referral:
    """Ask the police to reconsider, once; they answer anew within three days.

    Raises:
        TipNotFound, IllegalMove, NotAllowed: as for every act.
        DraftInvalid: `memo` (the grounds) is missing, or the days for it are over.

    Legal basis: 移送规定 9.
    """
    taking = steps.begin(tip_id=tip_id, action=Action.RECONSIDER, actor=actor, at=at)
    words = steps.checked_words(move=taking.move, texts={"memo": memo})
    row = _newest(tip=taking.tip)
    is_over = row.reconsider_by is None or taking.today > row.reconsider_by
    _require("memo", Problem.RECONSIDERATION_OVER if is_over else None)
    steps.finish(taking, memo=words["memo"])
    row.reconsidered_date = taking.today
    row.answer_by = _police_answer_by(row, since=taking.today)
    row.answered_date, row.is_filed = None, None
    row.save(update_fields=["reconsidered_date", "answer_by", "answered_date", "is_filed"])
    return row


@refusals_are_logged("referral_bundle")
def referral_bundle(*, tip_id: int, actor: User, at: datetime) -> bytes:
    """Return the bundle for the police as a ZIP: five papers, the shown copies of the photos, their SHA-256.

    The same record gives the same bytes. Who sent the tip is not in it, nor any word of theirs; each bundle made
    leaves an audit row with its hash. Papers take seconds: they are made outside the transaction, so that nobody
    waits for them.

    Raises:
        TipNotFound: unknown, or outside the actor's scope.
        NotAllowed: no handler of the unit in charge.
        IllegalMove: no referral was proposed, or it was dropped.
        PhotoUnreadable: a stored photo is missing or damaged; names each of them.

    Legal basis: 移送规定 6 (the papers).
    """
    with transaction.atomic():
        tip = steps.locked_tip(tip_id=tip_id, actor=actor)
        if not policies.may_write(actor, tip):
            raise NotAllowed
        row = _newest(tip=tip)
        if row.is_referred is False:
            raise IllegalMove("the referral was dropped")
    bundle = referral_papers.bundle(tip=tip, referral=row)
    data = {"referral": str(row.public_id), "sha256": bundle.sha256, "files": len(bundle.names)}
    audit.record(action="tip.referral_bundle", at=at, actor=actor, subject=tip.number, data=data)
    return bundle.data


def _newest(*, tip: Tip) -> Referral:
    row = newest_referral(tip=tip)
    if row is None:
        raise IllegalMove("no referral was proposed")
    return row


def _answered(taking: steps.Taking, *, answered_date: date) -> Referral:
    row = _newest(tip=taking.tip)
    since = row.reconsidered_date or timezone.localdate(row.transferred_at)
    _require("answered_date", rules.answer_problem(answered=answered_date, since=since, today=taking.today))
    return row


def _terms(row: Referral) -> DeadlinePolicy:
    """Return the policy in force when the referral was proposed: it decides to the end."""
    return policy_on(day=row.proposed_date)


def _police_answer_by(row: Referral, *, since: date) -> date:
    return rules.police_answer_by(handed_over=since, terms=_terms(row), overlay=day_overlay())


def _line(field: str, text: str, *, longest: int, required: bool) -> str:
    """Return one line of text, cleaned; raises DraftInvalid."""
    line = " ".join(clean_text(text).split())
    is_missing = required and not line
    _require(field, Problem.NEEDS_TEXT if is_missing else text_problem(line, longest=longest))
    return line


def _require(field: str, problem: Problem | None) -> None:
    if problem is not None:
        steps.refuse(field, problem)

"""Every act of staff, refused: nothing changes but the audit log, which gains one row."""

import errno
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import User

from complaints.enums import Action, DeclineReason, Role, TipStatus
from complaints.errors import (
    ComplaintError,
    DraftInvalid,
    IllegalMove,
    NotAllowed,
    OwnWork,
    ReceiptUnknown,
    StorageFull,
    TipNotFound,
)
from complaints.models import AuditRow, Tip
from complaints.rules.workflow import MOVES, fits
from complaints.services import steps
from complaints.services.audit_check import first_fault
from complaints.services.handling import record_step, take_tip
from complaints.services.merging import merge
from complaints.services.reporter import send_message
from complaints.services.steps import day_start
from tests import database_bytes
from tests.factories import (
    ACTS,
    REPORTER_ACTS,
    TODAY,
    VAULT_FINGERPRINT,
    TipFactory,
    UserFactory,
    noon,
    step,
)
from tests.fixtures import YANTA, City
from tests.refused import content, refused, told

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)
# Where an act would be open, so that only the right to it is missing.
OPEN_IN = {
    Action.SCREEN: TipStatus.REGISTERED,
    Action.ACCEPT: TipStatus.REGISTERED,
    Action.DECLINE: TipStatus.REGISTERED,
    Action.TRANSFER_OUT: TipStatus.REGISTERED,
    Action.DISPATCH: TipStatus.REGISTERED,
    Action.ESCALATE: TipStatus.REGISTERED,
    Action.ASSIGN: TipStatus.REGISTERED,
    Action.JOIN: TipStatus.REGISTERED,
    Action.WHISTLE: TipStatus.REGISTERED,
    Action.SUPERVISE: TipStatus.REGISTERED,
    Action.VERIFY: TipStatus.ACCEPTED,
    Action.INSPECT: TipStatus.ACCEPTED,
    Action.ASK_EXTENSION: TipStatus.ACCEPTED,
    Action.PAUSE: TipStatus.ACCEPTED,
    Action.CONCLUDE: TipStatus.VERIFYING,
    Action.CONCLUDE_UNFOUNDED: TipStatus.VERIFYING,
    Action.PROPOSE_MEASURE: TipStatus.VERIFIED,
    Action.RECHECK: TipStatus.DISPOSED,
    Action.REPLY: TipStatus.DISPOSED,
    Action.CLOSE: TipStatus.REPLIED,
    Action.UPHOLD: TipStatus.REVIEW,
    Action.REOPEN: TipStatus.REVIEW,
}


def values_for(city: City, action: Action, actor: User, tip: Tip) -> dict[str, Any]:
    """Return what some acts need beside words: another unit, a person, an earlier tip."""
    return {
        Action.ASSIGN: {"handler_id": actor.pk},
        Action.DISPATCH: {"office_id": city.town.pk},
        Action.JOIN: {"office_id": city.lianhu.pk},
        Action.LEAVE: {"office_id": city.lianhu.pk},
        Action.MERGE: {"into_number": tip.number},
    }.get(action, {})


# What was to be rectified is looked at again even after the case was filed.
@pytest.mark.parametrize("action", sorted(set(ACTS) - {Action.MERGE, Action.RECHECK}))
def test_an_act_on_a_tip_that_is_done(city: City, officer: User, action: Action) -> None:
    tip = TipFactory(archived=True, district=YANTA, officer=officer)
    values = values_for(city, action, officer, tip)

    rows = refused(lambda: step(tip=tip, action=action, actor=officer, **values), IllegalMove)

    ((name, subject, actor, data),) = told(rows)
    assert (name, subject, actor) == ("tip.refused", tip.number, officer.pk)
    assert data["code"] == "illegal_move"


@pytest.mark.parametrize("action", sorted(ACTS))
def test_an_act_on_a_foreign_tip(city: City, foreign_officer: User, action: Action) -> None:
    tip = TipFactory(district=YANTA)
    values = values_for(city, action, foreign_officer, tip)

    rows = refused(lambda: step(tip=tip, action=action, actor=foreign_officer, **values), TipNotFound)

    ((name, subject, actor, data),) = told(rows)
    assert (name, subject, actor) == ("tip.refused", tip.number, foreign_officer.pk)
    assert data["code"] == "not_found"


@pytest.mark.parametrize("action", sorted(OPEN_IN))
def test_an_act_without_the_right_to_it(city: City, auditor: User, action: Action) -> None:
    tip = TipFactory(status=OPEN_IN[action], district=YANTA, town=city.town_code)
    values = values_for(city, action, auditor, tip)

    rows = refused(lambda: step(tip=tip, action=action, actor=auditor, **values), NotAllowed)

    ((name, subject, actor, data),) = told(rows)
    assert (name, subject, actor) == ("tip.refused", tip.number, auditor.pk)
    assert data["code"] == "not_allowed"


def test_an_unknown_tip(officer: User) -> None:
    rows = refused(
        lambda: record_step(tip_id=10**9, action=Action.ACCEPT, actor=officer, at=NOON), TipNotFound
    )

    assert told(rows) == [("tip.refused", "", officer.pk, {"act": "accept", "code": "not_found"})]


def test_words_that_are_missing(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)

    rows = refused(lambda: step(tip=tip, action=Action.DECLINE, actor=officer, texts={}), DraftInvalid)

    assert told(rows) == [
        ("tip.refused", tip.number, officer.pk, {"act": "decline", "code": "invalid"}),
    ]


def test_refused_words_never_reach_the_log(city: City, officer: User) -> None:
    marker, tip = "标记七七三一号", TipFactory(district=YANTA)

    rows = refused(
        lambda: step(
            tip=tip,
            action=Action.DECLINE,
            actor=officer,
            texts={"note": marker * 1000},
            reason=DeclineReason.OTHER,
        ),
        DraftInvalid,
    )

    assert len(rows) == 1
    assert marker.encode() not in database_bytes.dumped()


def test_19_a_leader_who_handled_or_inspected_does_not_sign(city: City, officer: User) -> None:
    handler, inspector = (UserFactory(roles=[(Role.LEADER, city.yanta)]) for _ in range(2))
    tip = TipFactory(verifying=True, district=YANTA, officer=handler)
    step(tip=tip, action=Action.INSPECT, actor=inspector)
    step(tip=tip, action=Action.CONCLUDE, actor=officer)

    for boss in (handler, inspector):
        rows = refused(lambda boss=boss: step(tip=tip, action=Action.APPROVE_RESULT, actor=boss), OwnWork)
        assert told(rows) == [
            ("tip.refused", tip.number, boss.pk, {"act": "approve_result", "code": "own_work"}),
        ]

    step(tip=tip, action=Action.APPROVE_RESULT, actor=UserFactory(roles=[(Role.LEADER, city.yanta)]))


def test_an_officer_who_proposed_hears_of_the_role_that_is_missing(city: City, officer: User) -> None:
    tip = TipFactory(verifying=True, district=YANTA)
    step(tip=tip, action=Action.CONCLUDE, actor=officer)

    rows = refused(lambda: step(tip=tip, action=Action.APPROVE_RESULT, actor=officer), NotAllowed)

    assert [row.data["code"] for row in rows] == ["not_allowed"]


def test_an_own_proposal(city: City) -> None:
    boss = UserFactory(roles=[(Role.LEADER, city.yanta)])
    tip = TipFactory(verifying=True, district=YANTA)
    step(tip=tip, action=Action.CONCLUDE, actor=boss)

    rows = refused(lambda: step(tip=tip, action=Action.APPROVE_RESULT, actor=boss), NotAllowed)

    assert told(rows) == [
        ("tip.refused", tip.number, boss.pk, {"act": "approve_result", "code": "own_proposal"}),
    ]


def test_taking_a_tip_without_the_right_to_it(city: City, auditor: User) -> None:
    tip = TipFactory(district=YANTA)

    rows = refused(lambda: take_tip(tip_id=tip.pk, actor=auditor, at=NOON), NotAllowed)

    assert told(rows) == [
        ("tip.refused", tip.number, auditor.pk, {"act": "assign", "code": "not_allowed"}),
    ]


# What a reporter is refused: one row with act, reason and day, without tip, person and minute.
BY_REPORTERS: dict[str, tuple[str, Action | None, dict[str, Any], int, str]] = {
    "an objection on day eleven": ("replied", Action.OBJECT, {}, 11, "objection_late"),
    "an objection without words": ("replied", Action.OBJECT, {"text": " "}, 0, "invalid"),
    "an objection before the answer": ("accepted", Action.OBJECT, {}, 0, "illegal_move"),
    "a withdrawal after the answer": ("replied", Action.WITHDRAW, {}, 0, "illegal_move"),
    "a rating that does not exist": ("replied", Action.RATE, {"score": 9}, 0, "invalid"),
    "a rating before the answer": ("accepted", Action.RATE, {}, 0, "illegal_move"),
    "a message to a closed case": ("closed", None, {"text": "还有一张照片"}, 0, "illegal_move"),
    "a message without words": ("accepted", None, {"text": ""}, 0, "invalid"),
}


@pytest.mark.parametrize("name", BY_REPORTERS)
def test_what_reporters_are_refused_is_logged_alike(city: City, name: str) -> None:
    state, action, values, days, code = BY_REPORTERS[name]
    tip, day = TipFactory(status=state), TODAY + timedelta(days=days)

    def act() -> object:
        if action is not None:
            return step(tip=tip, action=action, at=noon(day), **values)
        receipt = tip.acknowledgement.receipt
        return send_message(
            typed=receipt, uploads=[], today=day, vault_fingerprint=VAULT_FINGERPRINT, **values
        )

    rows = refused(act, ComplaintError)

    assert told(rows) == [
        ("tip.refused", "", None, {"act": action.value if action else "message", "code": code})
    ]
    assert [row.taken_at for row in rows] == [day_start(day)]


def test_a_wrong_receipt_is_no_act_on_a_tip(city: City) -> None:
    tip = TipFactory(replied=True)

    rows = refused(
        lambda: step(tip=tip, action=Action.RATE, typed="0000-0000-0000-0000-0000", score=9), ReceiptUnknown
    )

    assert rows == ()


# --- every state with every act that is not in its row of the table -------------------------------------------------


READERS = (Role.OFFICER, Role.LEADER, Role.AUDITOR)
OTHERS = tuple(role for role in Role if role not in READERS)


@pytest.mark.parametrize("status", TipStatus)
def test_an_act_the_table_does_not_have_changes_nothing_whoever_takes_it(
    city: City, status: TipStatus
) -> None:
    earlier, tip = TipFactory(district=YANTA, today=TODAY - timedelta(days=1)), TipFactory(district=YANTA)
    Tip.objects.filter(pk=tip.pk).update(status=status)
    people = {role: UserFactory(roles=[(role, city.yanta)]) for role in Role}
    before, newest = content(), AuditRow.objects.count()

    acts = sorted({*ACTS, *REPORTER_ACTS})
    tried = [(role, action) for role, action in product(READERS, acts) if is_closed(status, action)]
    # Who reads no tip finds none, whatever the act: another one of them for each act, and others in each state.
    first = list(TipStatus).index(status)
    tried += [(OTHERS[(first + place) % len(OTHERS)], action) for place, action in enumerate(sorted(ACTS))]
    wrong = []
    for role, action in tried:
        error = IllegalMove if role in READERS else TipNotFound
        values = {**values_for(city, action, people[role], tip), **into(action, earlier)}
        if type(outcome := outcome_of(tip, action, people[role], values)) is not error:
            wrong.append((role, action, outcome))

    assert wrong == []
    assert content() == before
    assert list(AuditRow.objects.order_by("sequence").values_list("action", flat=True)[newest:]) == [
        "tip.refused"
    ] * len(tried)


def is_closed(status: TipStatus, action: Action) -> bool:
    """Say whether no row of the table lets this act be taken in this state, as long as nothing has happened."""
    return not any(
        move.action == action and fits(move=move, status=status, facts=frozenset()) for move in MOVES
    )


def outcome_of(tip: Tip, action: Action, actor: User, values: dict[str, Any]) -> ComplaintError | None:
    try:
        step(tip=tip, action=action, actor=actor, **values)
    except ComplaintError as refusal:
        return refusal
    return None


def into(action: Action, earlier: Tip) -> dict[str, str]:
    return {"into_number": earlier.number} if action == Action.MERGE else {}


def test_the_same_unit_twice_is_no_transfer(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)
    step(tip=tip, action=Action.DISPATCH, actor=officer, office_id=city.town.pk)
    below = UserFactory(roles=[(Role.OFFICER, city.town)])

    rows = refused(
        lambda: step(tip=tip, action=Action.DISPATCH, actor=below, office_id=city.yanta.pk), DraftInvalid
    )

    assert told(rows) == [("tip.refused", tip.number, below.pk, {"act": "dispatch", "code": "invalid"})]


@pytest.mark.parametrize("way", ["into_foreign", "foreign", "unknown"])
def test_tips_of_two_scopes_are_not_merged(city: City, officer: User, way: str) -> None:
    own, foreign = TipFactory(district=YANTA), TipFactory()
    tip, number = {
        "into_foreign": (own, foreign.number),
        "foreign": (foreign, own.number),
        "unknown": (own, "AS-2026-000000"),
    }[way]

    rows = refused(lambda: merge(tip_id=tip.pk, into_number=number, actor=officer, at=NOON), TipNotFound)

    assert told(rows) == [("tip.refused", tip.number, officer.pk, {"act": "merge", "code": "not_found"})]


def test_a_full_disk_is_no_refusal_and_asks_for_no_room(
    city: City, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = TipFactory(district=YANTA)

    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(steps, "finish", full)

    assert refused(lambda: step(tip=tip, action=Action.ACCEPT, actor=officer), StorageFull) == ()


def test_the_chain_of_the_log_holds_after_refusals(city: City, officer: User, foreign_officer: User) -> None:
    tip = TipFactory(district=YANTA)

    for actor, action, error in (
        (officer, Action.CLOSE, IllegalMove),
        (foreign_officer, Action.ACCEPT, TipNotFound),
        (officer, Action.UPHOLD, IllegalMove),
    ):
        refused(lambda actor=actor, action=action: step(tip=tip, action=action, actor=actor), error)

    assert first_fault() is None
    assert AuditRow.objects.filter(action="tip.refused").count() == 3


def test_taking_a_tip_that_is_over(city: City, officer: User) -> None:
    tip = TipFactory(closed=True, district=YANTA)
    Tip.objects.update(handler=None)

    rows = refused(lambda: take_tip(tip_id=tip.pk, actor=officer, at=NOON), IllegalMove)

    assert told(rows) == [
        ("tip.refused", tip.number, officer.pk, {"act": "assign", "code": "illegal_move"}),
    ]


def test_taking_a_tip_with_a_death_below_county_level(city: City) -> None:
    tip = TipFactory(district=YANTA)
    Tip.objects.update(involves_death=True, handling_unit=city.town)
    person = UserFactory(roles=[(Role.OFFICER, city.town)])

    refused(lambda: take_tip(tip_id=tip.pk, actor=person, at=NOON), NotAllowed)

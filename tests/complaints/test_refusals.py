"""Every act of staff, refused: nothing changes but the audit log, which gains one row."""

import errno
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from complaints.enums import Action, DeclineReason, Role, TipStatus
from complaints.errors import ComplaintError, DraftInvalid, IllegalMove, NotAllowed, StorageFull, TipNotFound
from complaints.models import AuditHead, AuditRow, Tip
from complaints.services import steps
from complaints.services.audit_check import first_fault
from complaints.services.handling import record_step, take_tip
from tests import database_bytes
from tests.factories import ACTS, TODAY, TipFactory, UserFactory, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)
LOG = {AuditRow._meta.db_table, AuditHead._meta.db_table}
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
    Action.DISPOSE: TipStatus.VERIFIED,
    Action.RECHECK: TipStatus.DISPOSED,
    Action.REPLY: TipStatus.DISPOSED,
    Action.CLOSE: TipStatus.REPLIED,
    Action.UPHOLD: TipStatus.REVIEW,
    Action.REOPEN: TipStatus.REVIEW,
}


def content() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of ours but the audit log."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(database_bytes.tables() - LOG):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own table names
            found[table] = sorted(cursor.fetchall(), key=repr)
        return found


def refused(call: Callable[[], object], error: type[ComplaintError]) -> tuple[AuditRow, ...]:
    """Make a call that must be refused and change nothing; return the rows it left in the log."""
    before, newest = content(), AuditRow.objects.count()

    with pytest.raises(error):
        call()

    assert content() == before
    return tuple(AuditRow.objects.order_by("sequence")[newest:])


def told(rows: tuple[AuditRow, ...]) -> list[tuple[str, str, int | None, dict[str, str]]]:
    return [(row.action, row.subject, row.actor_id, row.data) for row in rows]


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


def test_an_own_proposal(city: City) -> None:
    boss = UserFactory(roles=[(Role.LEADER, city.yanta)])
    tip = TipFactory(verifying=True, district=YANTA)
    step(tip=tip, action=Action.CONCLUDE, actor=boss)

    rows = refused(lambda: step(tip=tip, action=Action.APPROVE_RESULT, actor=boss), NotAllowed)

    assert told(rows) == [
        ("tip.refused", tip.number, boss.pk, {"act": "approve_result", "code": "not_allowed"}),
    ]


def test_taking_a_tip_without_the_right_to_it(city: City, auditor: User) -> None:
    tip = TipFactory(district=YANTA)

    rows = refused(lambda: take_tip(tip_id=tip.pk, actor=auditor, at=NOON), NotAllowed)

    assert told(rows) == [
        ("tip.refused", tip.number, auditor.pk, {"act": "assign", "code": "not_allowed"}),
    ]


def test_106_an_objection_on_day_eleven(city: City) -> None:
    tip = TipFactory(replied=True)

    rows = refused(
        lambda: step(tip=tip, action=Action.OBJECT, at=noon(TODAY.replace(day=21))), ComplaintError
    )

    ((name, subject, actor, data),) = told(rows)
    assert (name, subject, actor, data["act"]) == ("tip.refused", tip.number, None, "object")


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

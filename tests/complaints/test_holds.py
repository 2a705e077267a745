"""暂缓销毁: a leader holds a file back with a reason, and lets go again; others may not, and all of it is logged."""

import pytest
from django.contrib.auth.models import User

from complaints.errors import DraftInvalid, IllegalMove, NotAllowed, TipNotFound
from complaints.models import AuditRow, LegalHold, Tip
from complaints.services.holds import lift_hold, place_hold
from tests.factories import TODAY, TipFactory, noon
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
AT = noon(TODAY)


@pytest.fixture
def tip(city: City) -> Tip:
    """Return a registered tip of the first district."""
    row: Tip = TipFactory(district=YANTA)
    return row


def hold(tip: Tip, actor: User, memo: str = "法院调取案卷") -> LegalHold:
    return place_hold(tip_id=tip.pk, actor=actor, at=AT, memo=memo)


def test_a_leader_holds_a_file_back_with_a_reason(tip: Tip, leader: User) -> None:
    row = hold(tip, leader)

    assert (row.placed.actor, row.placed.taken_at, row.placed.memo) == (leader, AT, "法院调取案卷")
    assert list(LegalHold.objects.open()) == [row]
    assert AuditRow.objects.get(action="tip.hold").subject == tip.number


def test_a_hold_changes_neither_state_nor_period(tip: Tip, leader: User) -> None:
    before = (tip.status, tip.due_date)

    hold(tip, leader)

    fresh = Tip.objects.get(pk=tip.pk)
    assert (fresh.status, fresh.due_date) == before


def test_the_hold_is_lifted_with_a_reason(tip: Tip, leader: User) -> None:
    hold(tip, leader)

    row = lift_hold(tip_id=tip.pk, actor=leader, at=AT, memo="案卷已退回")

    assert row.lifted is not None
    assert row.lifted.memo == "案卷已退回"
    assert not LegalHold.objects.open().exists()
    assert AuditRow.objects.filter(action="tip.lift_hold").count() == 1


def test_a_file_is_held_once_and_may_be_held_again(tip: Tip, leader: User) -> None:
    hold(tip, leader)
    with pytest.raises(IllegalMove):
        hold(tip, leader)
    lift_hold(tip_id=tip.pk, actor=leader, at=AT, memo="案卷已退回")

    hold(tip, leader, "审计")

    assert LegalHold.objects.filter(tip=tip).count() == 2


def test_nothing_is_lifted_that_is_not_held(tip: Tip, leader: User) -> None:
    with pytest.raises(IllegalMove):
        lift_hold(tip_id=tip.pk, actor=leader, at=AT, memo="没有")


@pytest.mark.parametrize("memo", ["", "  "])
def test_a_hold_needs_a_reason(tip: Tip, leader: User, memo: str) -> None:
    with pytest.raises(DraftInvalid):
        hold(tip, leader, memo)

    assert not LegalHold.objects.exists()


def test_an_officer_may_not_and_the_refusal_is_logged(tip: Tip, officer: User) -> None:
    with pytest.raises(NotAllowed):
        hold(tip, officer)

    assert AuditRow.objects.get(action="tip.refused").data == {"act": "hold", "code": "not_allowed"}


def test_to_others_the_tip_does_not_exist(tip: Tip, foreign_officer: User, administrator: User) -> None:
    for person in (foreign_officer, administrator):
        with pytest.raises(TipNotFound):
            hold(tip, person)


@pytest.mark.parametrize("trait", ["merged", "closed", "archived", "declined"])
def test_a_file_is_held_in_every_state(city: City, leader: User, trait: str) -> None:
    if trait == "merged":
        earlier = TipFactory(district=YANTA)
        row = TipFactory(district=YANTA)
        Tip.objects.filter(pk=row.pk).update(status="merged", merged_into=earlier.pk)
    else:
        row = TipFactory(district=YANTA, **{trait: True})

    assert hold(row, leader).lifted is None

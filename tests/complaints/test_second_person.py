"""A major hazard found untrue: one person alone never ends it inside; and managers whom a tip names are kept out."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.enums import InsideAct, InsideState, Role, TipKind
from complaints.errors import IllegalMove, NotAllowed, TipNotFound
from complaints.models import AuditRow, Enterprise, GivenPassword, InternalTip, Tip
from complaints.policies import tips_visible_to
from complaints.selectors.inside_figures import figures_for, figures_of_year, figures_shown
from complaints.selectors.internal import doubted_of, inbox, inside_for, ledger_rows
from complaints.services.daily import run_daily
from complaints.services.inside_progress import inside_progress
from complaints.services.managers import invite_manager
from complaints.services.turning import remind_and_turn, turn_outside
from tests.enterprise_steps import LATE, act, code_of, inside, manager, tell_inside, write_inside
from tests.factories import TODAY, noon
from tests.fixtures import City
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def refuted(entry: Enterprise, by: User, *, kind: str = "major_hazard", **values: str) -> str:
    """Return the number of a tip that this person found untrue."""
    number = tell_inside(entry, kind=kind, **values).number
    act(number, "acknowledge", by)
    act(number, "refute", by)
    return number


# --- a second person ----------------------------------------------------------------------------------------------


def test_one_person_does_not_end_a_major_hazard(entry: Enterprise, boss: User, other: User) -> None:
    number = refuted(entry, boss)

    row = inside(number)
    assert (row.state, row.clock, row.refuted_by) == ("doubted", "verify", boss)
    assert row.due_date is not None
    with pytest.raises(NotAllowed):
        act(number, "confirm_untrue", boss)
    with pytest.raises(NotAllowed):
        act(number, "send_back", boss)
    assert [one.pk for one in doubted_of(entry)] == [row.pk]


def test_another_person_confirms_and_it_ends_inside(entry: Enterprise, boss: User, other: User) -> None:
    number = refuted(entry, boss)

    act(number, "confirm_untrue", other, memo="我也去看了，没有这回事。")
    run_daily(today=LATE, now=noon(LATE))

    row, found = inside(number), figures_of_year(entry, today=LATE)
    assert (row.state, row.clock, row.due_date, row.refuted_by) == ("untrue", "none", None, None)
    assert (found.untrue, found.untrue_major) == (1, 1)
    assert not Tip.objects.exists()
    assert AuditRow.objects.filter(action="inside.confirm_untrue", actor=other, subject=number).count() == 1


def test_another_person_sends_it_back_and_the_time_to_verify_goes_on(
    entry: Enterprise, boss: User, other: User
) -> None:
    number = refuted(entry, boss)
    due = inside(number).due_date

    act(number, "send_back", other, day=TOMORROW)
    row = inside(number)

    assert (row.state, row.due_date, row.refuted_by) == ("acknowledged", due, None)
    act(number, "verify", boss, day=TOMORROW, grade="larger")
    assert inside(number).state == "verified"


def test_found_untrue_twice_by_two_people_still_needs_the_other(
    entry: Enterprise, boss: User, other: User
) -> None:
    number = refuted(entry, boss)
    act(number, "send_back", other)
    act(number, "refute", other)

    with pytest.raises(NotAllowed):
        act(number, "confirm_untrue", other)
    act(number, "confirm_untrue", boss, memo="再看了一遍。")

    assert inside(number).state == "untrue"


def test_unconfirmed_in_time_it_goes_to_the_district_by_itself(
    city: City, entry: Enterprise, boss: User, other: User, officer: User
) -> None:
    number = refuted(entry, boss)
    due = inside(number).due_date
    assert due is not None

    assert remind_and_turn(today=due, now=noon(due)) == 0
    run_daily(today=due + timedelta(days=1), now=noon(due + timedelta(days=1)))

    tip = tips_visible_to(officer).get(number=number)
    assert (tip.kind, tip.handling_unit) == (TipKind.MAJOR_HAZARD, city.yanta)
    assert inside(number).steps.last().act == InsideAct.TURN_BY_ITSELF
    with pytest.raises(TipNotFound):
        act(number, "confirm_untrue", other)


def test_with_nobody_else_it_goes_at_once(entry: Enterprise, boss: User, officer: User) -> None:
    number = refuted(entry, boss)

    row = inside(number)
    assert (row.state, row.turned_date) == ("turned", TODAY)
    assert [step.act for step in row.steps.all()] == ["acknowledge", "refute", "turn_unconfirmed"]
    assert tips_visible_to(officer).filter(number=number).exists()
    assert inside_for(boss, number=number) is None
    assert AuditRow.objects.filter(action="inside.turn_unconfirmed", subject=number, actor=None).count() == 1


def test_an_invited_person_who_never_joined_is_no_second_one(
    entry: Enterprise, boss: User, other: User
) -> None:
    GivenPassword.objects.create(user=other, given_at=timezone.now())

    assert inside(refuted(entry, boss)).state == "turned"


def test_the_second_one_leaves_and_it_goes_the_next_day(entry: Enterprise, boss: User, other: User) -> None:
    number = refuted(entry, boss)
    other.workplaces.update(ended_at=timezone.now())

    assert remind_and_turn(today=TODAY, now=noon(TODAY)) == 1
    assert inside(number).steps.last().act == InsideAct.TURN_UNCONFIRMED
    assert remind_and_turn(today=TODAY, now=noon(TODAY)) == 0


@pytest.mark.parametrize("kind", ["", "general_hazard", "violation"])
def test_what_was_not_marked_as_major_ends_with_one(entry: Enterprise, boss: User, kind: str) -> None:
    assert inside(refuted(entry, boss, kind=kind)).state == "untrue"


def test_its_reporter_sees_it_and_may_turn_it_meanwhile(entry: Enterprise, boss: User, other: User) -> None:
    done = tell_inside(entry, kind="major_hazard")
    act(done.number, "acknowledge", boss)
    act(done.number, "refute", boss)

    seen = inside_progress(typed=done.receipt, today=TODAY)
    page = Client().post(reverse("status"), {"receipt": done.receipt}).content.decode()

    assert (seen.state, seen.may_turn) == (InsideState.DOUBTED, True)
    assert "一位安全管理员认为不属实" in page
    assert turn_outside(typed=done.receipt, today=TODAY) == done.number


def test_the_workspace_says_what_follows_before_and_after(entry: Enterprise, boss: User, other: User) -> None:
    number = tell_inside(entry, kind="major_hazard").number
    act(number, "acknowledge", boss)
    one, second = enter(Client(), boss), enter(Client(), other)
    address = reverse("workplace:tip", args=[number])

    before = one.get(address).content.decode()
    one.post(address, {"act": "refute", "memo": "没有这回事。"})
    mine, theirs = one.get(address).content.decode(), second.get(address).content.decode()

    assert "要由另一位管理员在核查期限内确认" in before
    assert "您认为这件重大隐患不属实" in mine
    assert 'value="confirm_untrue"' not in mine
    assert 'value="confirm_untrue"' in theirs


def test_alone_a_manager_is_told_that_it_has_gone(entry: Enterprise, boss: User) -> None:
    number = tell_inside(entry, kind="major_hazard").number
    act(number, "acknowledge", boss)
    client, address = enter(Client(), boss), reverse("workplace:tip", args=[number])

    before = client.get(address).content.decode()
    answer = client.post(address, {"act": "refute", "memo": "没有这回事。"}, follow=True)

    assert "立即转给区县" in before
    assert answer.redirect_chain[-1][0].endswith("?gone=1")
    assert "已转给区县" in answer.content.decode()


def test_the_bureau_sees_what_waits_for_a_second_person_without_its_words(
    entry: Enterprise, boss: User, other: User
) -> None:
    number = refuted(entry, boss, description="标记三三九")
    client = enter(Client(), staff(Role.OFFICER, office=entry.office, username="desk"))

    page = client.get(reverse("enterprises:inspect", args=[entry.pk])).content.decode()

    assert "一人认为不属实的重大隐患" in page
    assert number in page
    assert "标记三三九" not in page


@pytest.mark.parametrize("how", ["alone", "turned"])
def test_officers_read_how_a_tip_came_out_of_its_company(
    city: City, entry: Enterprise, boss: User, how: str
) -> None:
    done = tell_inside(entry, kind="major_hazard")
    if how == "alone":
        act(done.number, "acknowledge", boss)
        act(done.number, "refute", boss)
    else:
        turn_outside(typed=done.receipt, today=LATE)
    client = enter(Client(), staff(Role.OFFICER, office=city.yanta, username="desk"))

    page = client.get(reverse("tips:inspect", args=[done.number])).content.decode()

    assert "企业转来" in page
    assert ("无人可以复核" in page) is (how == "alone")
    assert ("报告人转交" in page) is (how == "turned")


# --- managers whom a tip names ------------------------------------------------------------------------------------


def test_for_whom_it_names_a_tip_is_not_there(entry: Enterprise, boss: User, named: User) -> None:
    number = tell_inside(entry, description="何经理让我们拔掉报警器", photos=1).number

    assert [one.pk for one in inside(number).kept_from.all()] == [named.pk]
    assert inside_for(named, number=number) is None
    assert not inbox(named, is_done=False).exists()
    assert not ledger_rows(entry, viewer=named).exists()
    assert figures_for(named, entry, today=TODAY).received == 0
    for name in ("acknowledge", "reply"):
        with pytest.raises(TipNotFound):
            act(number, name, named)
    act(number, "acknowledge", boss)
    assert figures_for(boss, entry, today=TODAY).received == 1
    assert ledger_rows(entry, viewer=boss).count() == 1


def test_for_whom_it_names_every_address_answers_as_for_an_unknown_tip(
    entry: Enterprise, boss: User, named: User
) -> None:
    number = tell_inside(entry, description="何龙不让停机", photos=1).number
    photo = inside(number).tip.photos.get().public_id
    client = enter(Client(), named)
    addresses = [
        reverse("workplace:tip", args=[number]),
        reverse("workplace:photo", args=[photo, "shown"]),
        reverse("workplace:photo", args=[photo, "thumb"]),
    ]

    assert {client.get(one).status_code for one in addresses} == {404}
    assert client.post(addresses[0], {"act": "acknowledge"}).status_code == 404
    assert number not in client.get(reverse("workplace:inbox")).content.decode()
    assert inside(number).state == "received"


@pytest.mark.parametrize("field", ["description", "address", "workshop", "post", "suggestion"])
def test_a_name_is_found_in_every_field(entry: Enterprise, named: User, field: str) -> None:
    assert inside(tell_inside(entry, **{field: "问何龙"}).number).kept_from.count() == 1


def test_a_major_hazard_found_untrue_is_not_confirmed_by_whom_it_names(
    entry: Enterprise, boss: User, named: User
) -> None:
    number = refuted(entry, boss, description="何龙把连锁拆了")

    assert inside(number).state == "turned"
    assert inside(number).steps.last().act == InsideAct.TURN_UNCONFIRMED


def test_named_later_somebody_is_kept_out_from_then_on(entry: Enterprise, boss: User, named: User) -> None:
    done = tell_inside(entry)
    act(done.number, "acknowledge", named)

    write_inside(done.receipt, "其实是何龙叫人拆的。")

    assert inside_for(named, number=done.number) is None
    assert inside_for(boss, number=done.number) is not None
    with pytest.raises(TipNotFound):
        act(done.number, "verify", named)


def test_where_everybody_is_named_the_reporter_need_not_wait(entry: Enterprise, named: User) -> None:
    done = tell_inside(entry)
    with pytest.raises(IllegalMove):
        turn_outside(typed=done.receipt, today=TODAY)

    seen = write_inside(done.receipt, "是何龙叫人拆的。")
    page = Client().post(reverse("status"), {"receipt": done.receipt}).content.decode()

    assert (seen.is_read, seen.may_turn) == (False, True)
    assert "单位里已经没有人能看这份报告" in page
    assert turn_outside(typed=done.receipt, today=TODAY) == done.number


def test_at_the_poster_who_is_named_alone_sends_it_past_the_company(city: City, entry: Enterprise) -> None:
    user = manager(entry)
    user.first_name = "何龙"
    user.save()
    values = {"description": "何主任不让停机", "to": "unit", "idempotency_key": "c" * 32}

    answer = Client().post(reverse("enterprise", args=[code_of(entry)]), values)

    assert answer.status_code == 200
    assert "您写到了本来会看报告的安全管理员" in answer.content.decode()
    assert Tip.objects.get().handling_unit == city.yanta
    assert not InternalTip.objects.exists()


def test_at_the_poster_one_of_two_is_named_and_the_receipt_says_so(
    entry: Enterprise, boss: User, named: User
) -> None:
    values = {"description": "何主任不让停机", "to": "unit", "idempotency_key": "c" * 32}

    answer = Client().post(reverse("enterprise", args=[code_of(entry)]), values)

    assert "这个人看不到这份报告" in answer.content.decode()
    assert InternalTip.objects.get().kept_from.get() == named


def test_figures_for_everybody_hold_no_tip_that_a_manager_would_miss(
    entry: Enterprise, boss: User, named: User
) -> None:
    tell_inside(entry, description="何龙不让停机")
    tell_inside(entry)

    assert figures_shown(entry, today=LATE).received == 1
    assert figures_of_year(entry, today=LATE).received == 2


@pytest.mark.parametrize("name", ["何龙", "秦安全"])
def test_who_is_invited_later_does_not_see_what_names_them(
    entry: Enterprise, boss: User, officer: User, name: str
) -> None:
    done, later = tell_inside(entry, description="何经理不让停机"), tell_inside(entry)
    write_inside(later.receipt, "何龙也知道这件事。")

    made = invite_manager(enterprise_id=entry.pk, username="new", name=name, actor=officer, at=noon(TODAY))

    user, is_named = made.manager.user, name == "何龙"
    assert (inside_for(user, number=done.number) is None) is is_named
    assert (inside_for(user, number=later.number) is None) is is_named
    assert inside_for(boss, number=done.number) is not None


def test_what_cannot_be_opened_is_kept_from_a_newcomer(entry: Enterprise, officer: User) -> None:
    done = tell_inside(entry)
    Tip.everywhere.filter(number=done.number).update(description_sealed=b"no token")

    made = invite_manager(enterprise_id=entry.pk, username="new", name="何龙", actor=officer, at=noon(TODAY))

    assert inside_for(made.manager.user, number=done.number) is None

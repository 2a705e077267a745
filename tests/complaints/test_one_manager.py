"""One safety manager alone: the company and the bureau are told, and no fix is buried for want of a second person."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.enterprise_errors import EnterpriseNotFound
from complaints.enums import InsideAct, InsideState, Role
from complaints.errors import IllegalMove, NotAllowed, ReceiptUnknown
from complaints.models import AuditRow, Enterprise, GivenPassword, Tip
from complaints.policies import tips_visible_to
from complaints.selectors.lone_managers import (
    asking_companies,
    is_lone,
    lone_by_district,
    lone_companies,
    unacceptable_of,
)
from complaints.services.daily import run_daily
from complaints.services.fix_answers import answer_fix
from complaints.services.inside_progress import inside_progress
from complaints.services.intake import submit_tip
from complaints.services.managers import end_manager, invite_manager
from complaints.services.second_manager import ask_for_second
from complaints.services.turning import turn_outside
from tests.enterprise_steps import LATE, act, enterprise, inside, lead_to, manager, tell_inside
from tests.factories import TODAY, VAULT_FINGERPRINT, draft, noon
from tests.fixtures import LIANHU, City
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def fixed_major(entry: Enterprise, by: User, *, kind: str = "major_hazard") -> tuple[str, str]:
    """Return number and receipt of a major hazard that this person put right."""
    done = tell_inside(entry, kind=kind)
    act(done.number, "acknowledge", by)
    act(done.number, "verify", by, grade="general" if kind else "major")
    act(done.number, "fix", by, photos=1)
    return done.number, done.receipt


# --- the reporter as the other person -------------------------------------------------------------------------------


def test_alone_a_fix_is_accepted_by_its_reporter(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "fixed", boss)
    logged = AuditRow.objects.count()

    before = inside_progress(typed=done.receipt, today=TODAY)
    after = answer_fix(typed=done.receipt, is_fixed=True, today=TOMORROW)

    row = inside(done.number)
    assert (before.may_accept, before.may_turn) == (True, False)
    assert (after.state, after.may_accept) == (InsideState.ACCEPTED, False)
    assert (row.state, row.clock, row.accepted_date) == ("accepted", "pay", TOMORROW)
    last = row.steps.last()
    assert (last.act, last.actor, last.taken_at) == (InsideAct.SEEN_FIXED, None, None)
    assert AuditRow.objects.count() == logged
    act(done.number, "pay", boss, day=TOMORROW)
    assert inside(done.number).state == "paid"


def test_what_is_not_put_right_goes_back_and_the_time_goes_on(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "fixed", boss)
    due = inside(done.number).due_date

    after = answer_fix(typed=done.receipt, is_fixed=False, today=TOMORROW)

    row = inside(done.number)
    assert (after.state, row.due_date, row.fixed_by, row.fixed_date) == (
        InsideState.VERIFIED,
        due,
        None,
        None,
    )
    act(done.number, "fix", boss, day=TOMORROW)
    assert inside(done.number).state == "fixed"


def test_with_a_second_manager_it_is_not_the_reporters_to_accept(
    entry: Enterprise, boss: User, other: User
) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "fixed", boss)

    with pytest.raises(IllegalMove):
        answer_fix(typed=done.receipt, is_fixed=True, today=TODAY)

    assert not inside_progress(typed=done.receipt, today=TODAY).may_accept
    assert inside(done.number).state == "fixed"
    row = AuditRow.objects.get(action="tip.refused")
    assert (row.subject, row.data) == ("", {"act": "seen_fixed", "code": "illegal_move"})


@pytest.mark.parametrize("state", ["acknowledged", "verified", "paid"])
def test_nothing_else_is_the_reporters_to_accept(
    entry: Enterprise, boss: User, other: User, state: str
) -> None:
    done = tell_inside(entry)
    lead_to(done.number, state, boss, other=other)
    other.workplaces.update(ended_at=timezone.now())

    with pytest.raises(IllegalMove):
        answer_fix(typed=done.receipt, is_fixed=True, today=TODAY)


def test_an_ordinary_receipt_accepts_nothing(city: City) -> None:
    done = submit_tip(draft=draft(), uploads=[], today=TODAY, vault_fingerprint=VAULT_FINGERPRINT)

    with pytest.raises(ReceiptUnknown):
        answer_fix(typed=done.receipt, is_fixed=True, today=TODAY)


def test_whom_the_tip_names_is_no_second_person(entry: Enterprise, boss: User, named: User) -> None:
    done = tell_inside(entry, description="何龙不让停机")
    lead_to(done.number, "fixed", boss)

    assert inside_progress(typed=done.receipt, today=TODAY).may_accept
    assert [one.tip.number for one in unacceptable_of(entry)] == [done.number]


def test_an_invited_person_who_never_joined_is_no_second_person(
    entry: Enterprise, boss: User, other: User
) -> None:
    GivenPassword.objects.create(user=other, given_at=timezone.now())
    done = tell_inside(entry)
    lead_to(done.number, "fixed", boss)

    assert inside_progress(typed=done.receipt, today=TODAY).may_accept


def test_who_comes_after_the_one_who_fixed_it_accepts(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "fixed", boss)
    boss.workplaces.update(ended_at=timezone.now())
    successor = manager(entry, username="successor")

    assert not inside_progress(typed=done.receipt, today=TODAY).may_accept
    act(done.number, "accept", successor)

    assert inside(done.number).state == "accepted"


def test_alone_nobody_accepts_the_own_fix(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "fixed", boss)

    with pytest.raises(NotAllowed):
        act(done.number, "accept", boss)


# --- a major hazard -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["major_hazard", ""])
def test_a_major_hazard_is_not_the_reporters_to_accept_but_theirs_to_turn_at_once(
    entry: Enterprise, boss: User, kind: str
) -> None:
    number, receipt = fixed_major(entry, boss, kind=kind)

    seen = inside_progress(typed=receipt, today=TODAY)
    with pytest.raises(IllegalMove):
        answer_fix(typed=receipt, is_fixed=True, today=TODAY)

    assert (seen.may_accept, seen.is_stuck, seen.may_turn, seen.is_overdue) == (False, True, True, False)
    assert turn_outside(typed=receipt, today=TODAY) == number


def test_a_major_hazard_nobody_could_accept_goes_to_the_district_after_the_day(
    city: City, entry: Enterprise, boss: User, officer: User
) -> None:
    number, _receipt = fixed_major(entry, boss)
    due = inside(number).due_date
    assert due is not None

    run_daily(today=due, now=noon(due))
    assert inside(number).state == "fixed"
    run_daily(today=due + timedelta(days=1), now=noon(due + timedelta(days=1)))

    assert tips_visible_to(officer).get(number=number).handling_unit == city.yanta
    assert inside(number).steps.last().act == InsideAct.TURN_BY_ITSELF


def test_an_ordinary_hazard_stays_and_the_reporter_may_turn_it_after_the_day(
    entry: Enterprise, boss: User
) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "fixed", boss)

    run_daily(today=LATE, now=noon(LATE))

    assert not Tip.objects.exists()
    seen = inside_progress(typed=done.receipt, today=LATE)
    assert (seen.may_accept, seen.may_turn) == (True, True)


# --- what the company is told ---------------------------------------------------------------------------------------


def test_the_workspace_says_so_from_the_first_day_and_asks_in_one_step(
    entry: Enterprise, boss: User, officer: User
) -> None:
    desk = enter(Client(), boss)
    address = reverse("workplace:second", args=[entry.pk])

    first = desk.get(reverse("workplace:inbox")).content.decode()
    answer = desk.post(address, follow=True)
    again = desk.post(address, follow=True)

    page = answer.content.decode()
    assert f"您是{entry.name}唯一的安全管理员" in first
    assert address in first
    assert "已提出" in page
    assert address not in page
    assert again.status_code == 200
    entry.refresh_from_db()
    assert entry.second_asked_date == timezone.localdate()
    row = AuditRow.objects.get(action="manager.second_asked")
    assert (row.actor, row.subject) == (boss, f"enterprise:{entry.pk}")
    assert asking_companies(officer, most=5) == [entry]


def test_with_two_there_is_nothing_to_ask_for(entry: Enterprise, boss: User, other: User) -> None:
    page = enter(Client(), boss).get(reverse("workplace:inbox")).content.decode()

    assert "唯一的安全管理员" not in page
    assert not ask_for_second(enterprise_id=entry.pk, actor=boss, at=noon(TODAY))
    entry.refresh_from_db()
    assert entry.second_asked_date is None


def test_nobody_asks_for_a_foreign_company(city: City, entry: Enterprise, boss: User, officer: User) -> None:
    foreign = enterprise(city, number=2)
    manager(foreign, username="foreign")

    for user in (boss, officer):
        with pytest.raises(EnterpriseNotFound):
            ask_for_second(enterprise_id=foreign.pk, actor=user, at=noon(TODAY))
    assert enter(Client(), boss).post(reverse("workplace:second", args=[foreign.pk])).status_code == 404
    foreign.refresh_from_db()
    assert foreign.second_asked_date is None


def test_before_a_fix_the_page_says_what_follows_and_after_it_what_happens(
    entry: Enterprise, boss: User
) -> None:
    desk = enter(Client(), boss)
    number = tell_inside(entry, today=timezone.localdate()).number
    lead_to(number, "verified", boss, day=timezone.localdate())
    address = reverse("workplace:tip", args=[number])

    before = desk.get(address).content.decode()
    desk.post(address, {"act": "fix", "memo": "护栏已装好。"})
    after = desk.get(address).content.decode()

    assert "本单位没有别人能验收" in before
    assert reverse("workplace:second", args=[entry.pk]) in before
    assert "报告人可以凭查询码确认" in after
    assert "要由另一位管理员验收" not in after


def test_invited_a_second_one_is_waited_for_and_joined_the_word_is_gone(
    entry: Enterprise, boss: User, officer: User
) -> None:
    ask_for_second(enterprise_id=entry.pk, actor=boss, at=noon(TODAY))
    desk = enter(Client(), boss)

    made = invite_manager(enterprise_id=entry.pk, username="new", name="何平", actor=officer, at=noon(TODAY))
    waiting = desk.get(reverse("workplace:inbox")).content.decode()
    GivenPassword.objects.filter(user=made.manager.user).delete()
    joined = desk.get(reverse("workplace:inbox")).content.decode()

    entry.refresh_from_db()
    assert entry.second_asked_date is None
    assert "何平" in waiting
    assert "唯一的安全管理员" in waiting
    assert reverse("workplace:second", args=[entry.pk]) not in waiting
    assert "唯一的安全管理员" not in joined


def test_the_reporter_is_asked_on_the_progress_page(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry, today=timezone.localdate())
    lead_to(done.number, "fixed", boss, day=timezone.localdate())
    client = Client()

    page = client.post(reverse("status"), {"receipt": done.receipt}).content.decode()
    sent = client.post(reverse("status"), {"receipt": done.receipt, "action": "seen_fixed"})
    twice = client.post(reverse("status"), {"receipt": done.receipt, "action": "seen_fixed"})

    assert "单位说已经整改好了，是这样吗" in page
    assert "算验收合格" in sent.content.decode()
    assert (sent.status_code, twice.status_code) == (200, 409)
    assert inside(done.number).state == "accepted"


# --- what the bureau sees -------------------------------------------------------------------------------------------


def test_each_district_has_its_number_and_each_company_its_row(
    city: City, entry: Enterprise, boss: User, officer: User, city_officer: User
) -> None:
    two = enterprise(city, number=2)
    manager(two, username="a")
    manager(two, username="b")
    foreign = enterprise(city, number=3, office=city.lianhu, district_id=LIANHU)
    manager(foreign, username="c")
    enterprise(city, number=4)
    closed = enterprise(city, number=5, is_active=False)
    manager(closed, username="d")
    asking = enterprise(city, number=6)
    ask_for_second(enterprise_id=asking.pk, actor=manager(asking, username="e"), at=noon(TODAY))
    done = tell_inside(entry)
    lead_to(done.number, "fixed", boss)

    rows = list(lone_companies(officer))
    every = lone_by_district(city_officer)

    assert [(row.pk, row.fix_count, row.has_invited, row.may_invite) for row in rows] == [
        (asking.pk, 0, False, True),
        (entry.pk, 1, False, True),
    ]
    assert [(row.name, row.reading, row.lone, row.asked) for row in every] == [
        ("莲湖区", 1, 1, 0),
        ("雁塔区", 3, 2, 1),
    ]


def test_a_closed_account_is_no_second_manager(entry: Enterprise, boss: User, other: User) -> None:
    assert not is_lone(entry)
    other.is_active = False
    other.save()

    assert is_lone(entry)


def test_the_bureau_is_one_click_from_the_invitation_and_reads_no_word(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry, description="标记七七一", workshop="标记七七二", today=timezone.localdate())
    lead_to(done.number, "fixed", boss, day=timezone.localdate())
    ask_for_second(enterprise_id=entry.pk, actor=boss, at=timezone.now())
    desk = enter(Client(), staff(Role.OFFICER, office=entry.office, username="desk"))

    names = ("enterprises:single", "enterprises:inside", "enterprises:index")
    pages = [desk.get(reverse(name)).content.decode() for name in names]
    home = desk.get("/admin/").content.decode()
    own = desk.get(reverse("enterprises:inspect", args=[entry.pk])).content.decode()

    invite = reverse("enterprises:invite", args=[entry.pk])
    assert [invite in page for page in (pages[0], home, own)] == [True] * 3
    assert reverse("enterprises:single") in pages[1]
    assert reverse("enterprises:single") in pages[2]
    assert done.number in own
    assert "标记七七" not in "".join([*pages, home, own])


def test_an_auditor_sees_the_list_and_invites_nobody(city: City, entry: Enterprise, boss: User) -> None:
    desk = enter(Client(), staff(Role.AUDITOR, office=city.city, username="auditor"))

    page = desk.get(reverse("enterprises:single")).content.decode()

    assert entry.name in page
    assert reverse("enterprises:invite", args=[entry.pk]) not in page


def test_a_foreign_district_sees_nothing_of_it(city: City, entry: Enterprise, boss: User) -> None:
    desk = enter(Client(), staff(Role.OFFICER, office=city.lianhu, username="desk"))

    page = desk.get(reverse("enterprises:single")).content.decode()

    assert entry.name not in page
    assert "都有两位以上" in page


def test_the_list_costs_as_many_queries_with_many_companies(
    city: City, entry: Enterprise, boss: User
) -> None:
    desk = enter(Client(), staff(Role.OFFICER, office=city.yanta, username="desk"))
    desk.get(reverse("enterprises:single"))
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse("enterprises:single"))
    for number in range(2, 8):
        manager(enterprise(city, number=number), username=f"boss-{number}")
    with CaptureQueriesContext(connection) as many:
        page = desk.get(reverse("enterprises:single")).content.decode()

    assert page.count("再邀请一位") == 7
    assert len(many) == len(few)


def test_an_ended_second_manager_makes_the_company_lone_again(
    entry: Enterprise, boss: User, other: User, officer: User
) -> None:
    row = other.workplaces.get()

    end_manager(manager_id=row.pk, enterprise_id=entry.pk, actor=officer, at=noon(TODAY))

    assert [one.pk for one in lone_companies(officer)] == [entry.pk]

"""可做案例的处罚: what the list holds, for whom, what finds it, and that one click makes a draft."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases_public.models import CasePage
from complaints.enums import Measure, Result, Role
from complaints.models import AuditRow, Conclusion, Disposal, Office, Tip
from complaints.selectors import penalties as selectors
from complaints.selectors.penalties import Penalties, penalties_for_cases
from tests.complaints.staff.conftest import at_desk
from tests.factories import TODAY, TipFactory, noon
from tests.fixtures import LIANHU, YANTA, City
from tests.signin import give_app, staff

pytestmark = pytest.mark.django_db
PATH = "/admin/penalties/"
NUMBER = "陕应急罚〔2026〕77号"


def penalty(tip: Tip, *, number: str = NUMBER, day: date = date(2026, 3, 9), **values: Any) -> Disposal:
    """Give a tip a signed penalty."""
    facts = {"fine_amount": Decimal("35678.50"), "is_confirmed": True, "recorded_at": noon(TODAY), **values}
    Disposal.objects.filter(tip=tip).exclude(measure=Measure.PENALTY).delete()
    return Disposal.objects.create(
        tip=tip,
        measure=Measure.PENALTY,
        decision_number=number,
        decided_date=day,
        decided_at=noon(TODAY),
        **facts,
    )


def punished(district: str = YANTA, **values: Any) -> Tip:
    """Return a tip that was found true, with a signed penalty."""
    tip: Tip = TipFactory(disposed=True, district=district, **values)
    penalty(tip)
    return tip


def editor(unit: Office, **values: Any) -> User:
    """Return an officer of a unit who is an editor as well."""
    user = staff(Role.OFFICER, Role.EDITOR, office=unit, **values)
    give_app(user)
    return user


def found(user: User, typed: str = "", unit: int | None = None) -> Penalties:
    """Return what the list holds for a person."""
    return penalties_for_cases(user=user, unit=unit, typed=typed, today=TODAY)


def numbers(user: User, typed: str = "", unit: int | None = None) -> list[str]:
    """Return the tips of the list."""
    return [row.tip.number for row in found(user, typed, unit).rows]


# --- what it holds ---------------------------------------------------------------------------------------------------


def test_signed_penalties_of_the_scope_the_newest_first(city: City) -> None:
    old, new = punished(), punished()
    Disposal.objects.filter(tip=old).update(decided_date=date(2026, 1, 5))
    punished(LIANHU)

    assert numbers(editor(city.yanta)) == [new.number, old.number]


def test_the_unit_alone_where_it_is_asked_for(city: City) -> None:
    here, there = punished(), punished(LIANHU)
    leader = staff(Role.LEADER, Role.EDITOR, office=city.city)

    assert set(numbers(leader)) == {here.number, there.number}
    assert numbers(leader, unit=here.handling_unit_id) == [here.number]


def test_a_tip_with_two_penalties_stands_there_once_with_the_newest(city: City) -> None:
    tip = punished()
    newest = penalty(tip, number="陕应急罚〔2026〕99号", day=date(2026, 3, 20))

    rows = found(editor(city.yanta)).rows

    assert [row.disposal.pk for row in rows] == [newest.pk]


def unsigned(tip: Tip) -> None:
    Disposal.objects.filter(tip=tip).update(is_confirmed=None, decided_at=None)


def sent_back(tip: Tip) -> None:
    Disposal.objects.filter(tip=tip).update(is_confirmed=False)


def no_penalty(tip: Tip) -> None:
    Disposal.objects.filter(tip=tip).update(measure=Measure.RECTIFY)


def untrue(tip: Tip) -> None:
    Tip.objects.filter(pk=tip.pk).update(result=Result.FALSE)


def unsigned_result(tip: Tip) -> None:
    Conclusion.objects.filter(tip=tip).update(is_confirmed=None, decided_at=None)


@pytest.mark.parametrize("change", [unsigned, sent_back, no_penalty, untrue, unsigned_result])
def test_what_no_case_can_be_made_of_is_not_there(city: City, change: Any) -> None:
    tip, person = punished(), editor(city.yanta)
    assert numbers(person) == [tip.number]

    change(tip)

    assert numbers(person) == []


def test_the_list_and_the_button_agree(city: City) -> None:
    from complaints.disclosure import may_become_case

    tips, person = [punished(), punished(LIANHU), TipFactory(district=YANTA)], editor(city.yanta)

    listed = set(numbers(person))

    assert listed == {tip.number for tip in tips if may_become_case(number=tip.number, user=person)}


# --- searching -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["磨浆机", "防护罩 夜班", "秦岳", NUMBER, "77号", "〔2026〕77", "翠华巷"],
    ids=["a word", "two words", "enterprise", "decision", "part of it", "with its year", "address"],
)
def test_words_find_the_penalty(city: City, typed: str) -> None:
    tip = punished(
        description="三号磨浆机没有防护罩，夜班也照开", entity_name="西安秦岳机械厂", address="翠华巷 18 号院"
    )
    other = punished(description="仓库堵了消防通道")
    Disposal.objects.filter(tip=other).update(decision_number="陕应急罚〔2025〕11号")

    assert numbers(editor(city.yanta), typed) == [tip.number]


def test_the_number_of_the_tip_finds_it(city: City) -> None:
    tip, _other = punished(), punished()

    assert numbers(editor(city.yanta), tip.number) == [tip.number]


@pytest.mark.parametrize("typed", ["%", "_", "' OR 1=1 --", "\\", "x" * 40, "龙", "。"])
def test_nonsense_finds_nothing_and_breaks_nothing(city: City, typed: str) -> None:
    punished(description="三号磨浆机没有防护罩")

    assert numbers(editor(city.yanta), typed) == []


def test_nothing_of_other_units_is_found(city: City) -> None:
    punished(LIANHU, description="三号磨浆机没有防护罩")

    person = editor(city.yanta)

    assert [numbers(person, typed) for typed in ("磨浆机", NUMBER)] == [[], []]


def test_many_are_cut_and_it_says_so(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "MOST", 2)
    for _number in range(3):
        punished()

    listed = found(editor(city.yanta))

    assert (len(listed.rows), listed.more) == (2, True)


def test_queries_do_not_grow_with_rows(city: City) -> None:
    client, counts = at_desk(editor(city.yanta)), []
    for _round in range(2):
        for _number in range(3):
            punished()
        client.get(PATH)
        with CaptureQueriesContext(connection) as seen:
            client.get(PATH)
        counts.append(len(seen))

    assert counts[0] == counts[1]


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "roles",
    [(Role.OFFICER,), (Role.EDITOR,), (Role.LEADER,), (Role.PUBLISHER,), (Role.SYSTEM_ADMINISTRATOR,)],
)
def test_it_exists_for_editors_who_read_tips_alone(city: City, roles: tuple[Role, ...]) -> None:
    user = staff(*roles, office=city.yanta)
    give_app(user)

    assert at_desk(user).get(PATH).status_code == 404


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 20, "１"])
def test_a_unit_that_is_none_is_not_there(city: City, asked: str) -> None:
    assert at_desk(editor(city.yanta)).get(PATH, {"unit": asked}).status_code == 404


def test_the_page_shows_decision_day_and_fine(city: City) -> None:
    tip = punished(description="三号磨浆机没有防护罩，夜班也照开")

    html = at_desk(editor(city.yanta)).get(PATH).content.decode()

    for text in (tip.number, NUMBER, "35,678.50", "三号磨浆机没有防护罩", tip.handling_unit.name):
        assert text in html


def test_an_empty_list_says_why(city: City) -> None:
    html = at_desk(editor(city.yanta)).get(PATH).content.decode()

    assert "还没有已签批的处罚" in html


def test_words_are_posted_and_stand_in_no_address_and_no_log(city: City) -> None:
    tip, client = punished(description="三号磨浆机没有防护罩"), at_desk(editor(city.yanta))
    punished(description="仓库堵了消防通道")

    answer = client.post(PATH, {"q": "磨浆机"})
    empty = client.post(PATH, {"q": "没有这个词"})

    html = answer.content.decode()
    assert tip.number in html
    assert 'value="磨浆机"' in html
    assert "仓库" not in html
    assert "没有符合的处罚" in empty.content.decode()
    [row] = AuditRow.objects.filter(action="search.penalties")
    assert "磨浆机" not in str((row.subject, row.data))


def test_a_look_leaves_a_row(city: City) -> None:
    user = editor(city.yanta)

    at_desk(user).get(PATH)

    assert AuditRow.objects.filter(actor=user, action="read.penalties").count() == 1


def test_nothing_is_kept_by_a_cache(city: City) -> None:
    assert at_desk(editor(city.yanta)).get(PATH).headers["Cache-Control"] == "no-store, private"


def test_scripts_in_words_stay_words(city: City) -> None:
    html = at_desk(editor(city.yanta)).post(PATH, {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert(1)" not in html


def test_one_click_makes_a_draft_and_the_list_says_so(city: City) -> None:
    tip, user = punished(), editor(city.yanta)
    client = at_desk(user)

    answer = client.post(f"/admin/tips/{tip.number}/case/")

    page = CasePage.objects.get()
    assert answer.headers["Location"] == f"/admin/pages/{page.pk}/edit/"
    assert (page.live, page.owner, page.handling_unit) == (False, user, tip.handling_unit.name)
    [row] = found(user).rows
    assert row.begun_date == timezone.localdate()
    assert "已起草案例" in client.get(PATH).content.decode()


def test_without_a_session_nothing_is_told(city: City) -> None:
    punished()

    answer = Client().get(PATH)

    assert (answer.status_code, NUMBER in answer.content.decode()) == (302, False)


def test_a_day_long_ago_carries_its_year(city: City) -> None:
    tip = punished()
    Disposal.objects.filter(tip=tip).update(decided_date=timezone.localdate() - timedelta(days=800))
    year = (timezone.localdate() - timedelta(days=800)).year

    assert str(year) in at_desk(editor(city.yanta)).get(PATH).content.decode()

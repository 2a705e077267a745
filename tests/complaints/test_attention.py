"""Where to look next: only matters found true count, once each; enterprises by register or newest tip; within scope."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.enums import AttentionLine, Result, Subject, TipStatus, Uncounted
from complaints.models import AttentionWeights, Enterprise, InternalTip, Office, Tip
from complaints.rules.spans import span_of
from complaints.selectors.attention import LINES, UNCOUNTED
from complaints.services.attention import Looked, Ranking, ranking, subject_name, tips_behind
from complaints.services.duplicates import entity_keys, region_names
from complaints.services.register import recount_upheld
from tests.complaints.stats.rows import tips
from tests.enterprise_steps import enterprise, tell_inside
from tests.factories import TODAY, MembershipFactory, TipFactory
from tests.fixtures import LIANHU, YANTA, City

pytestmark = pytest.mark.django_db
YEAR = span_of("2026")
V, M, C, D, R, O, T = AttentionLine  # noqa: E741  in the order of the table


def about(entry: Enterprise | str, *, many: int = 1, unit: Office, **values: Any) -> list[Tip]:
    """Store tips found true about an enterprise, as the intake keys them."""
    name = entry if isinstance(entry, str) else entry.name
    key = entity_keys(name=name, code="", regions=region_names())[0]
    usual = {"result": Result.TRUE, "status": TipStatus.CLOSED, "industry": "machinery", "district_id": YANTA}
    return tips(many, unit=unit, **{"day": TODAY, "entity_key": key, **usual, **values})


def look(user: User, subject: Subject = Subject.ENTERPRISE, span: str = "2026") -> Ranking:
    cache.clear()
    return ranking(user=user, span=span_of(span), subject=subject, today=TODAY + timedelta(days=30))


def counts(row: Looked) -> dict[AttentionLine, int]:
    return {line.line: line.count for line in row.score.lines}


def test_an_enterprise_of_the_register_is_found_as_the_daily_recount_finds_it(
    city: City, officer: User
) -> None:
    entry = enterprise(city)
    about(entry, many=3, unit=city.yanta)
    tip = TipFactory(verified=True, entity_code=entry.credit_code, entity_name="", district=YANTA)

    row = look(officer).rows[0]
    recount_upheld(today=TODAY)

    assert (row.enterprise, row.name, row.score.key) == (entry, entry.name, str(entry.pk))
    assert counts(row) == {V: 4, R: 3}
    assert Enterprise.objects.get().upheld_count == 4
    assert tip.entity_key != b""


def test_what_was_only_said_gives_nothing_and_is_told(city: City, officer: User) -> None:
    entry = enterprise(city)
    lead = about(entry, unit=city.yanta)[0]
    about(entry, many=5, unit=city.yanta, result="", status=TipStatus.MERGED, merged_into=lead)
    about(entry, many=2, unit=city.yanta, result=Result.FALSE)
    about(entry, unit=city.yanta, result=Result.UNVERIFIABLE)
    about(entry, many=4, unit=city.yanta, result="", status=TipStatus.VERIFYING)
    about(entry, unit=city.yanta, result="", status=TipStatus.DECLINED)

    row = look(officer).rows[0]

    assert (counts(row), row.score.points) == ({V: 1}, 10)
    assert row.uncounted == {
        Uncounted.JOINED: 5,
        Uncounted.UNFOUNDED: 3,
        Uncounted.DECLINED: 1,
        Uncounted.UNDECIDED: 4,
    }


def test_malicious_repeats_move_nobody_up(city: City, officer: User) -> None:
    quiet, loud = enterprise(city), enterprise(city, number=2)
    about(quiet, many=2, unit=city.yanta)
    lead = about(loud, unit=city.yanta)[0]
    about(loud, many=200, unit=city.yanta, result="", status=TipStatus.MERGED, merged_into=lead)
    about(loud, many=200, unit=city.yanta, result=Result.FALSE)

    assert [row.enterprise for row in look(officer).rows] == [quiet, loud]


def test_severity_adds_to_the_matter(city: City, officer: User) -> None:
    entry = enterprise(city)
    about(entry, unit=city.yanta, kind="major_hazard", result=Result.PARTLY_TRUE)
    about(entry, unit=city.yanta, kind="concealed_accident", involves_death=True)

    assert counts(look(officer).rows[0]) == {V: 2, M: 1, C: 1, D: 1, R: 1}


def test_an_entity_outside_the_register_is_named_by_its_newest_tip_and_addressed_by_its_number(
    city: City, officer: User
) -> None:
    for _one in range(2):
        tip = TipFactory(verified=True, entity_name="无照作坊", district=YANTA)

    row = look(officer).rows[0]
    behind = tips_behind(
        user=officer, span=YEAR, subject=Subject.ENTERPRISE, key=row.score.key, condition=LINES[V]
    )

    assert (row.enterprise, row.name, row.score.key) == (None, "无照作坊", tip.number)
    assert behind is not None
    assert behind.count() == 2 == counts(row)[V]


def test_tips_without_an_entity_count_for_industry_and_town_alone(city: City, officer: User) -> None:
    tips(
        3, unit=city.yanta, day=TODAY, result=Result.TRUE, industry="chemical", district_id=YANTA,
        town_id=city.town_code,
    )  # fmt: skip

    assert look(officer).rows == ()
    assert [(row.name, counts(row)) for row in look(officer, Subject.INDUSTRY).rows] == [("化工", {V: 3})]
    town = look(officer, Subject.TOWN).rows[0]
    assert (town.score.key, counts(town)) == (city.town_code, {V: 3})
    assert town.name.startswith("雁塔区 · ")


def test_repeats_of_an_industry_are_those_of_its_entities(city: City, officer: User) -> None:
    about("甲厂机械公司", many=3, unit=city.yanta)
    about("乙厂机械公司", many=2, unit=city.yanta)
    about("丙厂机械公司", unit=city.yanta)

    assert counts(look(officer, Subject.INDUSTRY).rows[0]) == {V: 6, R: 3}


def test_each_sees_what_lies_within_the_own_units(
    city: City, officer: User, foreign_officer: User, city_officer: User
) -> None:
    here = enterprise(city)
    there = enterprise(city, number=2, office=city.lianhu, district_id=LIANHU)
    about(here, unit=city.yanta)
    about(there, many=2, unit=city.lianhu)

    assert [row.enterprise for row in look(officer).rows] == [here]
    assert [row.enterprise for row in look(foreign_officer).rows] == [there]
    assert [row.enterprise for row in look(city_officer).rows] == [there, here]


@pytest.mark.parametrize("key", ["999999", "0", "AS-2026-AAAAAA", "' OR 1=1", "", "9" * 40])
def test_no_list_behind_an_unknown_enterprise(city: City, officer: User, key: str) -> None:
    found = tips_behind(user=officer, span=YEAR, subject=Subject.ENTERPRISE, key=key, condition=LINES[V])

    assert found is None
    assert subject_name(user=officer, subject=Subject.ENTERPRISE, key=key) == key


def test_a_foreign_enterprise_and_a_foreign_tip_are_not_there(
    city: City, officer: User, foreign_officer: User
) -> None:
    entry = enterprise(city)
    tip = TipFactory(verified=True, entity_name="无照作坊", district=YANTA)

    for key in (str(entry.pk), tip.number):
        asked = {"user": foreign_officer, "subject": Subject.ENTERPRISE, "key": key}
        assert tips_behind(span=YEAR, condition=LINES[V], **asked) is None
        assert subject_name(**asked) == key


@pytest.mark.parametrize(("subject", "key"), [(Subject.INDUSTRY, "nothing"), (Subject.TOWN, "999")])
def test_no_list_behind_an_unknown_industry_or_town(
    city: City, officer: User, subject: Subject, key: str
) -> None:
    assert tips_behind(user=officer, span=YEAR, subject=subject, key=key, condition=LINES[V]) is None


def test_every_number_is_as_long_as_its_list(city: City, officer: User) -> None:
    entry = enterprise(city)
    lead = about(entry, many=2, unit=city.yanta, kind="major_hazard", town_id=city.town_code)[0]
    about(entry, many=3, unit=city.yanta, result="", merged_into=lead, town_id=city.town_code)
    about(entry, many=1, unit=city.yanta, result=Result.FALSE, town_id=city.town_code)

    for subject in Subject:
        row = look(officer, subject).rows[0]
        asked: dict[str, Any] = {"user": officer, "span": YEAR, "subject": subject, "key": row.score.key}
        lists = {
            line: tips_behind(condition=LINES[line], **asked).count()  # type: ignore[union-attr]  # it is there
            for line in counts(row)
            if line != R
        }
        beside = {
            one: tips_behind(condition=UNCOUNTED[one], **asked).count()  # type: ignore[union-attr]  # it is there
            for one in Uncounted
        }
        assert lists == {line: many for line, many in counts(row).items() if line != R}, subject
        assert beside == row.uncounted, subject


def test_only_the_period_counts(city: City, officer: User) -> None:
    entry = enterprise(city)
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1)):
        about(entry, unit=city.yanta, day=day)

    assert counts(look(officer, span="2026Q1").rows[0])[V] == 2
    assert counts(look(officer, span="2025").rows[0])[V] == 1
    assert look(officer, span="2026-02").rows == ()


def test_internal_tips_left_alone_are_a_number_of_their_enterprise(city: City, officer: User) -> None:
    entry = enterprise(city, town_id=city.town_code)
    for _one in range(2):
        tell_inside(entry, description="MARKER-INSIDE")
    InternalTip.objects.update(due_date=TODAY + timedelta(days=1))
    turned = tell_inside(entry)
    InternalTip.objects.filter(tip__number=turned.number).update(
        state="turned", turned_date=TODAY, due_date=None
    )

    for subject in Subject:
        row = look(officer, subject).rows[0]
        assert counts(row) == {O: 2, T: 1}, subject
        assert "MARKER" not in repr(row), subject
    assert look(officer).rows[0].uncounted == {}


def test_internal_tips_in_time_say_nothing(city: City, officer: User, foreign_officer: User) -> None:
    entry = enterprise(city)
    tell_inside(entry)
    InternalTip.objects.update(due_date=TODAY + timedelta(days=90))
    assert look(officer).rows == ()

    InternalTip.objects.update(due_date=TODAY)
    assert look(foreign_officer).rows == ()
    assert len(look(officer).rows) == 1


def test_the_weights_of_the_last_day_of_the_period_count(city: City, officer: User) -> None:
    about(enterprise(city), unit=city.yanta, day=date(2026, 1, 5))
    AttentionWeights.objects.create(effective_from=date(2026, 2, 1), source="市局", verified=7)

    assert look(officer, span="2026-01").rows[0].score.points == 10
    now = look(officer, span="2026")
    assert (now.rows[0].score.points, now.weights.source) == (7, "市局")


def test_a_town_officer_sees_what_lies_in_the_town(city: City, town_officer: User) -> None:
    entry = enterprise(city, town_id=city.town_code)
    about(entry, unit=city.yanta, town_id=city.town_code)
    about(enterprise(city, number=2), unit=city.yanta)

    assert [row.enterprise for row in look(town_officer).rows] == [entry]


def test_who_reads_no_tips_finds_nothing(city: City, administrator: User) -> None:
    about(enterprise(city), unit=city.yanta)

    assert look(administrator).rows == ()


def test_the_number_of_queries_does_not_grow(city: City) -> None:
    costs = []
    for batch in range(2):
        for number in range(3 + 9 * batch):
            entry = enterprise(city, number=100 * batch + number + 1)
            about(entry, many=2, unit=city.yanta, town_id=city.town_code)
            TipFactory(verified=True, entity_name=f"作坊{batch}{number}", district=YANTA)
        user = MembershipFactory(office=city.yanta).user
        for subject in Subject:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                look(user, subject)
            costs.append(len(asked))

    assert costs[:3] == costs[3:]
    assert costs[:3] == [11, 4, 5]

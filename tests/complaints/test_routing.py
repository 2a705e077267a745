"""Routing at intake: rules from the database, the decision stored, a broken rule off with an alarm, deaths raised."""

import logging
from secrets import token_hex
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.enums import Clock, RoutingFault, RoutingReason
from complaints.errors import DraftInvalid
from complaints.models import AuditRow, Division, Office, RoutingDecision, RoutingRule, Tip
from complaints.rules.places import LngLat
from complaints.selectors.routing import faulty_rules, zone_at, zones_without_outline
from complaints.services import audit_check
from complaints.services.routing import switch_off
from tests.factories import TODAY, TipFactory, draft, noon, submit
from tests.fixtures import IN_YANTA, LIANHU, YANTA, City

pytestmark = pytest.mark.django_db
AROUND = {
    "type": "Polygon",
    "coordinates": [[[108.95, 34.2], [108.98, 34.2], [108.98, 34.23], [108.95, 34.23], [108.95, 34.2]]],
}
POINT = {"lat": IN_YANTA[0], "lng": IN_YANTA[1]}


def rule(city: City, **values: Any) -> RoutingRule:
    divisions = values.pop("divisions", ())
    plain = {"name": "烟花爆竹归市局", "industries": ["fireworks"], "office": city.city}
    row = RoutingRule.objects.create(**{**plain, **values})
    row.divisions.set(divisions)
    return row


def outline(city: City, shape: object = AROUND) -> None:
    Office.objects.filter(pk=city.zone.pk).update(outline=shape)


def decided(tip: Tip) -> tuple[object, ...]:
    row = RoutingDecision.objects.get(tip=tip)
    assert row.office_id == tip.handling_unit_id
    return row.office, row.reason, row.rule_name, row.decided_date


def test_each_decision_is_stored_with_its_reason(city: City) -> None:
    rule(city)
    outline(city)

    found = [
        decided(TipFactory(district=YANTA, industry="fireworks")),
        decided(TipFactory(**POINT)),
        decided(TipFactory(district=LIANHU)),
        decided(TipFactory()),
    ]

    assert found == [
        (city.city, RoutingReason.RULE, "烟花爆竹归市局", TODAY),
        (city.zone, RoutingReason.ZONE_POINT, "", TODAY),
        (city.lianhu, RoutingReason.DIVISION, "", TODAY),
        (city.city, RoutingReason.DEFAULT, "", TODAY),
    ]


def test_a_rule_reads_divisions_zones_flags_and_words(city: City) -> None:
    outline(city)
    shut = {"industries": [], "office": city.lianhu}
    rule(
        city,
        name="一",
        divisions=Division.objects.filter(pk=city.other_town_code),
        **shut | {"office": city.yanta},
    )
    rule(city, name="二", zones=[city.zone.pk], **shut)
    rule(city, name="三", needs_danger=True, **shut)
    rule(city, name="四", keywords="液氨\n氯气", **shut)

    names = [
        decided(TipFactory(**values))[2]
        for values in (
            {"town": city.other_town_code, "district": LIANHU},
            POINT,
            {"in_danger": True},
            {"description": "液氨泄漏"},
            {"entity_name": "某氯气厂"},
            {"district": YANTA},
        )
    ]

    assert names == ["一", "二", "三", "四", "四", ""]


def test_a_point_in_a_zone_counts_only_where_the_danger_is_said_to_be(city: City) -> None:
    outline(city)

    tips = [TipFactory(**POINT, **more) for more in ({}, {"district": YANTA}, {"district": LIANHU})]

    assert [tip.handling_unit for tip in tips] == [city.zone, city.zone, city.lianhu]


def test_an_outline_that_cannot_be_read_holds_nothing_and_is_told(city: City) -> None:
    outline(city, {"type": "Polygon", "coordinates": [[[1, 2]]]})

    assert TipFactory(**POINT).handling_unit == city.yanta
    assert zones_without_outline() == [city.zone]


def test_a_zone_out_of_use_holds_nothing(city: City) -> None:
    outline(city)
    Office.objects.filter(pk=city.zone.pk).update(is_active=False)

    assert zone_at(point=LngLat(108.96, 34.21)) is None


# --- a death -------------------------------------------------------------------------------------------------------


def test_awsl73_words_of_a_death_flag_the_tip_and_keep_it_from_a_zone(city: City) -> None:
    outline(city)

    tip = TipFactory(**POINT, description="昨晚一名工人触电死亡")

    assert tip.involves_death
    assert decided(tip)[:2] == (city.yanta, RoutingReason.DEATH)


def test_awsl73_a_rule_never_sends_a_death_to_a_town(city: City) -> None:
    rule(city, industries=["machinery"], office=city.town)

    told = TipFactory(industry="machinery", description="压死了一个人")
    feared = TipFactory(industry="machinery", description="迟早要死人")

    assert decided(told)[:3] == (city.yanta, RoutingReason.DEATH, "烟花爆竹归市局")
    assert (feared.involves_death, feared.handling_unit) == (False, city.town)


def test_a_concealed_accident_alone_is_no_death(city: City) -> None:
    assert not TipFactory(kind="concealed_accident", description="摔断腿没有上报").involves_death


def test_a_rule_may_ask_for_a_death(city: City) -> None:
    rule(city, industries=[], needs_death=True)

    assert decided(TipFactory(district=YANTA, description="死了两个人"))[0] == city.city
    assert decided(TipFactory(district=YANTA))[0] == city.yanta


# --- broken rules --------------------------------------------------------------------------------------------------


def broken_ways(city: City) -> dict[RoutingFault, dict[str, Any]]:
    return {
        RoutingFault.NO_OFFICE: {"office": None},
        RoutingFault.OFFICE_CLOSED: {"office": city.lianhu},
        RoutingFault.UNKNOWN_CODE: {"industries": ["fireworks", "steam_engines"]},
        RoutingFault.UNREADABLE: {"industries": {"fireworks": True}},
        RoutingFault.NO_CONDITION: {"industries": []},
    }


@pytest.mark.parametrize("fault", list(RoutingFault))
def test_a_broken_rule_switches_itself_off_with_fault_log_row_and_alarm(
    city: City, fault: RoutingFault, caplog: pytest.LogCaptureFixture
) -> None:
    Office.objects.filter(pk=city.lianhu.pk).update(is_active=False)
    row = rule(city, **broken_ways(city)[fault])

    tip = TipFactory(district=YANTA, industry="fireworks")

    row.refresh_from_db()
    assert (row.is_active, row.fault) == (False, fault.value)
    assert faulty_rules() == [row]
    entry = AuditRow.objects.get(action="routingrule.switched_off")
    assert (entry.subject, entry.actor, entry.data) == (f"routingrule:{row.pk}", None, {"fault": fault.value})
    assert [record.levelno for record in caplog.records if "switched itself off" in record.message] == [
        logging.ERROR
    ]
    fits = fault != RoutingFault.NO_CONDITION
    reason = RoutingReason.RULE_BROKEN if fits else RoutingReason.DIVISION
    assert decided(tip)[:2] == (city.city if fits else city.yanta, reason)
    assert audit_check.first_fault() is None


def test_a_rule_whose_office_is_deleted_is_off_after_one_tip_and_the_next_goes_its_usual_way(
    city: City,
) -> None:
    gone = Office.objects.create(name="撤销的大队", level="district", parent=city.city)
    rule(city, office=gone)
    gone.delete()

    tips = [TipFactory(district=YANTA, industry="fireworks") for _ in range(2)]

    assert [decided(tip)[1] for tip in tips] == [RoutingReason.RULE_BROKEN, RoutingReason.DIVISION]
    assert AuditRow.objects.filter(action="routingrule.switched_off").count() == 1


def test_a_broken_rule_is_switched_off_once(city: City) -> None:
    row = rule(city)

    done = [switch_off(rule_id=row.pk, fault=RoutingFault.NO_OFFICE, at=noon(TODAY)) for _ in range(2)]

    assert done == [True, False]
    assert AuditRow.objects.filter(action="routingrule.switched_off").count() == 1


def test_a_refused_tip_leaves_rules_and_decisions_alone(city: City) -> None:
    row = rule(city, office=None)
    key = token_hex(16)
    submit(idempotency_key=key)
    RoutingRule.objects.update(is_active=True, fault="")

    with pytest.raises(DraftInvalid):
        submit(idempotency_key=key, description="另一件事")

    row.refresh_from_db()
    assert (row.is_active, RoutingDecision.objects.count()) == (True, 1)


def test_renaming_categories_and_units_changes_nothing(city: City) -> None:
    rule(city, industries=[], divisions=Division.objects.filter(pk=YANTA), office=city.lianhu)
    Division.objects.filter(pk=YANTA).update(name="新雁塔区")
    Office.objects.filter(pk=city.lianhu.pk).update(name="莲湖区应急局（更名）")
    RoutingRule.objects.update(name="改名的规则")

    assert decided(TipFactory(district=YANTA))[:3] == (city.lianhu, RoutingReason.RULE, "改名的规则")


# --- cost ----------------------------------------------------------------------------------------------------------


def queries_of_intake() -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        submit(**POINT)
    return [query["sql"] for query in asked]


def test_intake_costs_the_same_however_many_rules_there_are(city: City) -> None:
    outline(city)
    submit(**POINT)  # the outlines of districts are in the cache from now on
    without = queries_of_intake()
    for number in range(25):
        rule(city, name=f"规则{number}", industries=["tobacco"], divisions=Division.objects.all()[:3])

    found = queries_of_intake()

    assert len(found) == len(without) == 19
    assert len([sql for sql in found if "complaints_routingrule" in sql]) == 1
    assert len([sql for sql in found if 'FROM "complaints_office"' in sql]) == 3


def test_industries_of_others_run_the_clock_for_passing_on(city: City) -> None:
    tip = TipFactory(industry="fire_safety", district=YANTA)

    assert tip.clock == Clock.PASS_ON
    assert {period.clock for period in tip.periods.all()} == {Clock.PASS_ON, Clock.DECIDE}
    assert draft().industry == ""

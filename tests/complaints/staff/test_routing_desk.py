"""Keeping the rules: who may, what a form refuses, the trial with its reason, the alarm on the first page."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.enums import Role, RoutingFault
from complaints.models import AuditRow, CompetentBody, Office, RoutingRule, Tip
from complaints.staff.routing import AlarmPanel
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TipFactory
from tests.fixtures import YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
RULES = "/admin/snippets/complaints/routingrule/"
BODIES = "/admin/snippets/complaints/competentbody/"


@pytest.fixture
def keeper(city: City) -> Client:
    """Return the session of a system administrator who is no superuser."""
    return at_desk(staff(Role.SYSTEM_ADMINISTRATOR, office=city.city, username="keeper"))


def rule_form(city: City, **values: Any) -> dict[str, Any]:
    plain = {
        "name": "烟花归支队",
        "position": 10,
        "is_active": "on",
        "industries": ["fireworks"],
        "office": city.city.pk,
    }
    return {name: value for name, value in {**plain, **values}.items() if value is not None}


def body_form(**values: Any) -> dict[str, Any]:
    return {"industry": "power", "name": "能源监管机构", "name_en": "", "phone": "12398", **values}


def text(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text().split())


# --- who may -------------------------------------------------------------------------------------------------------


def test_system_administrators_and_city_leaders_keep_rules_and_bodies(city: City, keeper: Client) -> None:
    city_leader = at_desk(staff(Role.LEADER, office=city.city))

    for number, client in enumerate((keeper, city_leader)):
        client.post(f"{RULES}add/", rule_form(city, name=f"规则{number}"))
        client.post(f"{BODIES}add/", body_form(industry=("power", "railway")[number]))
        assert client.get(f"{RULES}try/").status_code == 200
        assert RULES in client.get("/admin/").content.decode()

    assert (RoutingRule.objects.count(), CompetentBody.objects.count()) == (2, 2)
    logged = AuditRow.objects.filter(action__in=["routingrule.added", "competentbody.added"])
    assert logged.count() == 4


@pytest.mark.parametrize(
    "who", ["officer", "leader", "city_officer", "town_officer", "auditor", "editor", "foreign"]
)
def test_nobody_else_does(people: People, city: City, who: str) -> None:
    row = RoutingRule.objects.create(name="烟花", industries=["fireworks"], office=city.city)
    client = at_desk(getattr(people, who))

    for path in (
        RULES,
        f"{RULES}add/",
        f"{RULES}edit/{row.pk}/",
        f"{RULES}delete/{row.pk}/",
        f"{RULES}try/",
        BODIES,
    ):
        assert client.post(path, rule_form(city)).status_code in (302, 403, 404, 405), path
        assert client.get(path).status_code != 200, path
    client.post(f"{BODIES}add/", body_form())

    assert list(RoutingRule.objects.values_list("name", flat=True)) == ["烟花"]
    assert not CompetentBody.objects.exists()
    assert RULES not in client.get("/admin/").content.decode()


# --- rules ---------------------------------------------------------------------------------------------------------


def test_a_rule_is_kept_as_entered_and_at_once_followed(city: City, keeper: Client) -> None:
    form = rule_form(
        city, kinds=["violation"], zones=[city.zone.pk], divisions=[YANTA], needs_danger="on",
        keywords="  鞭炮 \n\n私炮", position=3,
    )  # fmt: skip
    keeper.post(f"{RULES}add/", form)
    keeper.post(f"{RULES}add/", rule_form(city, name="二", position=4))

    row, _second = RoutingRule.objects.all()

    assert (row.industries, row.kinds, row.zones, row.keywords) == (
        ["fireworks"],
        ["violation"],
        [city.zone.pk],
        "鞭炮\n私炮",
    )
    assert ([one.pk for one in row.divisions.all()], row.needs_danger, row.needs_death) == (
        [YANTA],
        True,
        False,
    )
    assert TipFactory(district=YANTA, industry="fireworks").routings.get().rule_name == "二"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"industries": []}, None),
        ({"industries": ["steam_engines"]}, "industries"),
        ({"kinds": ["gone"]}, "kinds"),
        ({"zones": [10**6]}, "zones"),
        ({"zones": ["x"]}, "zones"),
        ({"office": ""}, "office"),
        ({"office": 10**6}, "office"),
        ({"name": ""}, "name"),
        ({"position": -1}, "position"),
        ({"position": "x"}, "position"),
        ({"keywords": "死"}, "keywords"),
        ({"keywords": "长" * 31}, "keywords"),
        ({"keywords": "\n".join(f"词语{n}" for n in range(51))}, "keywords"),
        ({"divisions": ["999999"]}, "divisions"),
    ],
)
def test_a_rule_nobody_could_follow_is_refused(
    city: City, keeper: Client, wrong: dict[str, Any], field: str | None
) -> None:
    answer = keeper.post(f"{RULES}add/", rule_form(city, **wrong))

    assert answer.status_code == 200
    assert (field or "__all__") in answer.context["form"].errors
    assert not RoutingRule.objects.exists()


def test_a_closed_office_and_a_death_for_a_zone_are_refused(city: City, keeper: Client) -> None:
    Office.objects.filter(pk=city.lianhu.pk).update(is_active=False)

    answers = [
        keeper.post(f"{RULES}add/", rule_form(city, **wrong))
        for wrong in ({"office": city.lianhu.pk}, {"office": city.zone.pk, "needs_death": "on"})
    ]

    assert all("office" in answer.context["form"].errors for answer in answers)
    assert not RoutingRule.objects.exists()


def test_mending_a_rule_takes_the_fault_away(city: City, keeper: Client) -> None:
    row = RoutingRule.objects.create(
        name="烟花", industries={"x": 1}, is_active=False, fault=RoutingFault.UNREADABLE.value
    )
    page = keeper.get(f"{RULES}edit/{row.pk}/")

    keeper.post(f"{RULES}edit/{row.pk}/", rule_form(city))

    row.refresh_from_db()
    assert page.status_code == 200
    assert (row.is_active, row.fault, row.office, row.industries) == (True, "", city.city, ["fireworks"])


def test_the_list_shows_the_order_and_what_is_broken(city: City, keeper: Client) -> None:
    RoutingRule.objects.create(name="后", position=20, industries=["fireworks"], office=city.city)
    RoutingRule.objects.create(name="先", position=10, is_active=False, fault=RoutingFault.NO_OFFICE.value)

    page = keeper.get(RULES)

    rows = [row.name for row in page.context["object_list"]]
    assert rows == ["先", "后"]
    assert str(RoutingFault.NO_OFFICE.label) in text(page)
    assert f"{RULES}try/" in page.content.decode()


# --- trial ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tip", "unit", "reason"),
    [
        ({"industry": "fireworks"}, "city", "烟花归市局"),
        ({"place": "town"}, "yanta", "单位负责这个地方"),
        ({"place": "zone_town"}, "zone", "单位负责这个地方"),
        ({"zone": "zone", "place": "town"}, "zone", "位置在开发区内"),
        ({"zone": "zone", "place": "town", "words": "死了一个人"}, "yanta", "涉及死亡"),
        ({}, "city", "没有单位负责这个地方"),
    ],
)
def test_a_trial_says_where_a_tip_would_go_and_why(
    city: City, keeper: Client, tip: dict[str, str], unit: str, reason: str
) -> None:
    RoutingRule.objects.create(name="烟花归市局", industries=["fireworks"], office=city.city)
    keys = {"town": city.town_code, "zone_town": city.zone_town_code, "zone": str(city.zone.pk)}

    page = keeper.post(f"{RULES}try/", {name: keys.get(value, value) for name, value in tip.items()})

    assert page.context["trial"].office == getattr(city, unit)
    assert getattr(city, unit).name in text(page)
    assert str(page.context["trial"].reason.label) in text(page)
    assert ("烟花归市局" in text(page)) == ("烟花" in reason)


def test_a_trial_keeps_nothing_and_switches_nothing_off(city: City, keeper: Client) -> None:
    row = RoutingRule.objects.create(name="坏规则", industries=["fireworks"], office=None)
    before = AuditRow.objects.count()

    page = keeper.post(f"{RULES}try/", {"industry": "fireworks", "words": "后院烟花"})

    row.refresh_from_db()
    assert (row.is_active, row.fault, Tip.objects.count(), AuditRow.objects.count()) == (True, "", 0, before)
    assert "坏规则" in text(page)
    assert page.context["trial"].office == city.city


@pytest.mark.parametrize(
    "wrong",
    [{"industry": "gone"}, {"place": "999"}, {"zone": "x"}, {"zone": "1000000"}, {"words": "长" * 5001}],
)
def test_a_trial_of_nonsense_shows_the_form_again(city: City, keeper: Client, wrong: dict[str, str]) -> None:
    page = keeper.post(f"{RULES}try/", wrong)

    assert page.status_code == 200
    assert page.context["form"].errors.keys() == wrong.keys()
    assert "trial" not in page.context


def test_without_any_unit_a_trial_says_so(city: City, keeper: Client) -> None:
    Office.objects.update(is_default=False)

    page = keeper.post(f"{RULES}try/", {})

    assert page.context["trial"].office is None


# --- bodies --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"industry": "coal_mine"}, "industry"),
        ({"industry": "gone"}, "industry"),
        ({"name": ""}, "name"),
        ({"phone": "javascript:1"}, "phone"),
        ({"phone": "1"}, "phone"),
        ({"phone": "110\n120"}, "phone"),
    ],
)
def test_a_body_nobody_could_call_is_refused(
    city: City, keeper: Client, wrong: dict[str, str], field: str
) -> None:
    answer = keeper.post(f"{BODIES}add/", body_form(**wrong))

    assert field in answer.context["form"].errors
    assert not CompetentBody.objects.exists()


def test_an_industry_has_one_body(city: City, keeper: Client) -> None:
    for _ in range(2):
        keeper.post(f"{BODIES}add/", body_form())

    assert CompetentBody.objects.count() == 1


# --- alarm ---------------------------------------------------------------------------------------------------------


def alarmed(client: Client) -> bool:
    return any(isinstance(panel, AlarmPanel) for panel in client.get("/admin/").context["panels"])


def test_a_broken_rule_alarms_those_who_can_mend_it_and_nobody_else(
    city: City, people: People, keeper: Client
) -> None:
    RoutingRule.objects.create(name="烟花", industries=["fireworks"], office=None)
    quiet = alarmed(keeper)
    TipFactory(industry="fireworks")

    page = text(keeper.get("/admin/"))

    assert not quiet
    assert "烟花" in page
    assert str(RoutingFault.NO_OFFICE.label) in page
    assert alarmed(at_desk(staff(Role.LEADER, office=city.city)))
    assert not any(alarmed(at_desk(one)) for one in (people.officer, people.leader, people.editor))


def test_people_who_handle_tips_pay_no_query_for_the_alarm(people: People) -> None:
    client = at_desk(people.officer)
    client.get("/admin/")

    with CaptureQueriesContext(connection) as asked:
        client.get("/admin/")

    assert not [query for query in asked if "complaints_routingrule" in query["sql"]]


def test_the_system_check_names_broken_rules_and_outlines(city: City) -> None:
    before = [one.id for one in run_checks(tags=["database"], databases=["default"])]
    RoutingRule.objects.create(name="烟花", is_active=False, fault=RoutingFault.NO_OFFICE.value)
    Office.objects.filter(pk=city.zone.pk).update(outline={"type": "Point"})

    found = [one.id for one in run_checks(tags=["database"], databases=["default"])]

    assert set(found) - set(before) == {"complaints.W002", "complaints.W003"}

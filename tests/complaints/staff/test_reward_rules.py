"""The page of reward rules: every figure with its explanation, rows in force only ended, refusals at their field."""

from datetime import timedelta
from typing import Any

import pytest
from django.forms import model_to_dict
from django.test import Client
from django.utils import timezone

from complaints.models import AuditRow, RewardPolicy
from complaints.selectors.shipped_rewards import shipped_policies
from tests.complaints.staff.conftest import People, at_desk

pytestmark = pytest.mark.django_db
ADD = "/admin/reward_rules/new/"


def days(count: int) -> str:
    return (timezone.localdate() + timedelta(days=count)).isoformat()


@pytest.fixture
def desk(people: People) -> Client:
    """Return the system administrator's session, without the powers of a superuser."""
    people.administrator.is_superuser = False
    people.administrator.save()
    return at_desk(people.administrator)


def sent(**values: Any) -> dict[str, Any]:
    """Return what the form sends for a row like a shipped one, in a region that has none."""
    row = next(one for one in shipped_policies() if one.code == "national")
    shown = {
        name: value
        for name, value in model_to_dict(row, exclude=["id"]).items()
        if value is not None and value is not False
    }
    return {**shown, "code": "chengdu", "region": "510100", "effective_from": days(1), **values}


def test_every_figure_is_shown_with_an_explanation(desk: Client) -> None:
    page = desk.get(ADD)
    form = page.context["form"]

    columns = {one.name for one in RewardPolicy._meta.concrete_fields} - {"id"}
    assert set(form.fields) == columns
    explained = {name for name, field in form.fields.items() if field.help_text}
    assert columns - explained == {"name", "name_en", "effective_from"}
    assert "待核实" in page.content.decode() or "未核实" in page.content.decode()


def test_a_new_row_starts_from_the_rule_of_the_city(desk: Client) -> None:
    form = desk.get(ADD).context["form"]

    assert form["code"].value() == "xian"
    assert form["effective_from"].value() is None
    assert form["eligible_identity_modes"].value() == ["real_name", "anonymous_with_code"]


def test_a_rule_is_added(desk: Client, people: People) -> None:
    answer = desk.post(ADD, sent())

    assert answer.status_code == 302, answer.context["form"].errors
    row = RewardPolicy.objects.get(code="chengdu")
    assert row.eligible_identity_modes == ["real_name", "anonymous_with_code"]
    assert AuditRow.objects.filter(action="rewardpolicy.added", actor=people.administrator).count() == 1


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"effective_from": days(0)}, "effective_from", "最早从明天起生效"),
        ({"code": "xian", "region": "610100"}, "effective_from", "只能有一条规则"),
        ({"cap": "100"}, "cap", "上限不能低于下限"),
        ({"rate": "15"}, "rate", "1"),
        ({"rate": "NaN"}, "rate", ""),
        ({"floor": "-5"}, "floor", "0"),
        ({"region": "61"}, "region", ""),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    desk: Client, values: dict[str, Any], field: str, words: str
) -> None:
    answer = desk.post(ADD, sent(**values))

    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors[field])
    assert RewardPolicy.objects.count() == len(shipped_policies())


def test_of_a_rule_in_force_only_the_last_day_is_asked(desk: Client) -> None:
    row = RewardPolicy.objects.get(code="xian")

    page = desk.get(f"/admin/reward_rules/edit/{row.pk}/")
    answer = desk.post(f"/admin/reward_rules/edit/{row.pk}/", {"effective_to": days(5), "cap": "1"})

    assert set(page.context["form"].fields) == {"effective_to"}
    assert "300000.00" in page.content.decode()
    assert answer.status_code == 302
    changed = RewardPolicy.objects.get(code="xian")
    assert (changed.effective_to.isoformat(), changed.cap) == (days(5), row.cap)


def test_an_end_today_is_refused_with_words(desk: Client) -> None:
    row = RewardPolicy.objects.get(code="xian")

    answer = desk.post(f"/admin/reward_rules/edit/{row.pk}/", {"effective_to": days(0)})

    assert "截止日最早是明天" in answer.content.decode()
    assert RewardPolicy.objects.get(code="xian").effective_to is None
    assert AuditRow.objects.filter(action="setting.refused").count() == 1


def test_a_rule_in_force_cannot_be_deleted(desk: Client) -> None:
    row = RewardPolicy.objects.get(code="xian")

    desk.post(f"/admin/reward_rules/delete/{row.pk}/")

    assert RewardPolicy.objects.filter(code="xian").exists()


def test_a_rule_that_has_not_begun_is_changed_and_deleted(desk: Client) -> None:
    desk.post(ADD, sent())
    row = RewardPolicy.objects.get(code="chengdu")

    desk.post(f"/admin/reward_rules/edit/{row.pk}/", sent(cap="400000"))
    assert RewardPolicy.objects.get(code="chengdu").cap == 400000
    desk.post(f"/admin/reward_rules/delete/{row.pk}/")

    assert not RewardPolicy.objects.filter(code="chengdu").exists()
    assert {"rewardpolicy.added", "rewardpolicy.changed", "rewardpolicy.deleted"} <= set(
        AuditRow.objects.values_list("action", flat=True)
    )


@pytest.mark.parametrize("who", ["officer", "leader", "auditor", "editor"])
def test_nobody_else_reaches_the_rules(people: People, who: str) -> None:
    client = at_desk(getattr(people, who))

    assert client.get("/admin/reward_rules/").status_code != 200
    assert client.post(ADD, sent()).status_code in {302, 403, 404}
    assert not RewardPolicy.objects.filter(code="chengdu").exists()

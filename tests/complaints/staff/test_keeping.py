"""Keeping at the desk: a leader holds a file back and lets go; the administrator sets periods from tomorrow on."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from complaints.enums import KeepFrom, KeepUnit, Outcome
from complaints.models import AuditRow, LegalHold, RetentionRule, Tip
from tests.complaints.staff.conftest import People, at_desk
from tests.complaints.staff.test_steps import url

pytestmark = pytest.mark.django_db
RULE = {
    "outcome": Outcome.DECLINED,
    "keep_count": 5,
    "keep_unit": KeepUnit.YEARS,
    "keep_from": KeepFrom.CLOSED,
    "source": "市档案局",
}


@pytest.fixture
def desk(people: People) -> Client:
    """Return the system administrator's session, without the powers of a superuser."""
    people.administrator.is_superuser = False
    people.administrator.save()
    return at_desk(people.administrator)


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


# --- holds -------------------------------------------------------------------------------------------------------


def test_a_leader_holds_a_file_back_and_everybody_sees_it(people: People, tip: Tip) -> None:
    at_desk(people.leader).post(url(tip, "step/hold/"), {"memo": "法院调取案卷"})

    page = at_desk(people.officer).get(url(tip)).content.decode()
    assert LegalHold.objects.open().get().tip == tip
    assert "已暂缓销毁" in page
    assert "法院调取案卷" in page


def test_a_hold_is_lifted_at_the_desk(people: People, tip: Tip) -> None:
    leader = at_desk(people.leader)
    leader.post(url(tip, "step/hold/"), {"memo": "法院调取案卷"})

    leader.post(url(tip, "step/lift_hold/"), {"memo": "案卷已退回"})

    assert not LegalHold.objects.open().exists()
    assert "已暂缓销毁" not in leader.get(url(tip)).content.decode()


def test_the_step_is_offered_to_leaders_only_and_never_as_a_button(people: People, tip: Tip) -> None:
    pages = [at_desk(person).get(url(tip)).context["page"] for person in (people.leader, people.officer)]

    offered = [{step.action: step.key for step in page.steps} for page in pages]
    assert offered[0]["hold"] == ""
    assert "hold" not in offered[1]


def test_a_hold_without_a_reason_is_not_placed(people: People, tip: Tip) -> None:
    answer = at_desk(people.leader).post(url(tip, "step/hold/"), {"memo": " "})

    assert answer.status_code == 422
    assert not LegalHold.objects.exists()


def test_an_officer_who_types_the_address_is_refused(people: People, tip: Tip) -> None:
    at_desk(people.officer).post(url(tip, "step/hold/"), {"memo": "我要留着"})

    assert not LegalHold.objects.exists()
    assert AuditRow.objects.filter(action="tip.refused", data__act="hold").count() == 1


# --- periods -----------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_in_force_and_what_is_unverified(desk: Client) -> None:
    text = desk.get("/admin/keeping/").content.decode()

    assert text.count("待核实") == 5
    assert "已移交公安" in text


def test_a_new_period_begins_tomorrow_and_is_logged(desk: Client, people: People) -> None:
    desk.post("/admin/keeping/new/", {**RULE, "effective_from": tomorrow().isoformat()})

    row = RetentionRule.objects.get(keep_count=5)
    assert (row.outcome, row.effective_from) == (Outcome.DECLINED, tomorrow())
    assert AuditRow.objects.get(action="retentionrule.added").actor == people.administrator


@pytest.mark.parametrize(
    "wrong",
    [
        {"effective_from": timezone.localdate().isoformat()},
        {"keep_unit": KeepUnit.DAYS, "keep_count": 59},
        {"keep_count": 0},
        {"source": ""},
    ],
)
def test_a_period_that_would_destroy_too_early_is_refused_in_words(
    desk: Client, wrong: dict[str, object]
) -> None:
    answer = desk.post("/admin/keeping/new/", {**RULE, "effective_from": tomorrow().isoformat(), **wrong})

    assert answer.status_code == 200
    assert "error-message" in answer.content.decode()
    assert not RetentionRule.objects.filter(source="市档案局").exists()


def test_periods_in_force_are_neither_changed_nor_deleted(desk: Client) -> None:
    row = RetentionRule.objects.all()[0]
    ahead = RetentionRule.objects.create(**{**RULE, "effective_from": tomorrow()})

    refused = [desk.post(f"/admin/keeping/{act}/{row.pk}/", {}) for act in ("edit", "delete")]
    desk.post(f"/admin/keeping/delete/{ahead.pk}/")

    assert all(answer.status_code in {302, 403} for answer in refused)
    assert RetentionRule.objects.filter(pk=row.pk).exists()
    assert not RetentionRule.objects.filter(pk=ahead.pk).exists()


@pytest.mark.parametrize("person", ["officer", "leader", "auditor", "editor"])
def test_nobody_else_sets_periods(people: People, person: str) -> None:
    client = at_desk(getattr(people, person))

    client.post("/admin/keeping/new/", {**RULE, "effective_from": tomorrow().isoformat()})

    assert not RetentionRule.objects.filter(source="市档案局").exists()

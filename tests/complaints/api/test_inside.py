"""A tip inside a company over the API: its way, words, the reward, turning it over; nothing for other receipts."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from complaints.models import Enterprise, InternalTip, Message, Tip
from complaints.services.turning import remind_and_turn
from tests.complaints.api.conftest import post
from tests.enterprise_steps import act, lead_to, manager, tell_inside
from tests.factories import TipFactory, noon
from tests.fixtures import City

pytestmark = pytest.mark.django_db
ACTS: dict[str, dict[str, Any]] = {
    "status": {}, "messages": {"text": "又见到一次"}, "confirmation": {"is_received": True},
    "acceptance": {"is_fixed": True}, "turn": {"sure": True},
}  # fmt: skip


def ask(api: Client, name: str, receipt: str, **values: Any) -> Any:
    return post(api, f"tips/inside/{name}", {"receipt": receipt, **ACTS[name], **values})


def paid(entry: Enterprise, **values: Any) -> str:
    """Return the receipt of a tip whose reward the company says it paid today."""
    today = timezone.localdate()
    boss, other = manager(entry), manager(entry, username="second")
    done = tell_inside(entry, today=today)
    lead_to(done.number, "accepted", boss, other=other, day=today)
    act(done.number, "pay", boss, day=today, **values)
    return done.receipt


def test_the_way_inside(entry: Enterprise, api: Client) -> None:
    receipt = paid(entry, reward_yuan=600, special_yuan=2000, special_reason="避免了伤亡")

    found = ask(api, "status", receipt).json()

    assert (found["state"], found["enterprise"], found["clock"]) == ("paid", entry.name, "none")
    assert [one["act"] for one in found["steps"]] == ["acknowledge", "verify", "fix", "accept", "pay"]
    assert (found["reward_yuan"], found["special_yuan"], found["special_reason"]) == (600, 2000, "避免了伤亡")
    assert (found["can_confirm"], found["can_turn"], found["can_write"]) == (True, True, True)
    assert [one["is_company"] for one in found["messages"]] == [True, True]
    assert "秦安全" not in str(found)


@pytest.mark.parametrize(("is_fixed", "state"), [(True, "accepted"), (False, "verified")])
def test_a_fix_nobody_else_could_accept_is_answered(
    entry: Enterprise, api: Client, is_fixed: bool, state: str
) -> None:
    today = timezone.localdate()
    done = tell_inside(entry, today=today)
    lead_to(done.number, "fixed", manager(entry), day=today)

    before = ask(api, "status", done.receipt).json()
    answer = ask(api, "acceptance", done.receipt, is_fixed=is_fixed)
    again = ask(api, "acceptance", done.receipt, is_fixed=is_fixed)

    assert before["can_accept"]
    assert (answer.status_code, answer.json()["state"], answer.json()["can_accept"]) == (200, state, False)
    assert again.status_code == 409


@pytest.mark.parametrize(("came", "state", "can_turn"), [(True, "closed", False), (False, "accepted", True)])
def test_the_reward_is_confirmed_or_denied(
    entry: Enterprise, api: Client, came: bool, state: str, can_turn: bool
) -> None:
    receipt = paid(entry)

    answer = ask(api, "confirmation", receipt, is_received=came)
    again = ask(api, "confirmation", receipt, is_received=came)

    assert (answer.status_code, answer.json()["state"], answer.json()["can_turn"]) == (200, state, can_turn)
    assert (again.status_code, again.json()["code"]) == (409, "illegal_move")
    assert InternalTip.objects.get().state == state


def test_turning_it_over_twice_is_turning_it_once(entry: Enterprise, api: Client) -> None:
    done = tell_inside(entry, today=timezone.localdate() - timedelta(days=30))

    first, second = ask(api, "turn", done.receipt), ask(api, "turn", done.receipt)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert first.json()["number"] == done.number
    assert Tip.objects.get().number == done.number
    assert InternalTip.objects.get().steps.filter(act="turn").count() == 1


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [({}, 409, "illegal_move"), ({"sure": False}, 422, "invalid"), ({"sure": "yes"}, 422, "invalid")],
)
def test_in_time_or_without_being_sure_nothing_is_turned(
    entry: Enterprise, boss: User, api: Client, values: dict[str, Any], status: int, code: str
) -> None:
    done = tell_inside(entry, today=timezone.localdate())

    answer = ask(api, "turn", done.receipt, **values)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Tip.objects.exists()


def test_words_go_to_the_company(entry: Enterprise, api: Client) -> None:
    done = tell_inside(entry, today=timezone.localdate())
    key = {"Idempotency-Key": "ab" * 16}

    for _ in range(2):
        answer = post(api, "tips/inside/messages", {"receipt": done.receipt, "text": "又见到一次"}, **key)

    assert [one["text"] for one in answer.json()["messages"]] == ["又见到一次"]
    assert Message.objects.get().is_inside


@pytest.mark.parametrize("name", list(ACTS))
def test_an_ordinary_receipt_is_an_unknown_one(city: City, api: Client, name: str) -> None:
    ordinary = ask(api, name, TipFactory().acknowledgement.receipt)
    unknown = ask(api, name, "K7M9-2QXR-T4VW-8NPB-3HJD")

    assert ordinary.status_code == unknown.status_code == 404
    assert ordinary.json() == unknown.json()


@pytest.mark.parametrize("name", ["status", "messages", "confirmation"])
def test_once_turned_nothing_is_done_inside(entry: Enterprise, api: Client, name: str) -> None:
    today = timezone.localdate()
    done = tell_inside(entry, today=today - timedelta(days=30), kind="major_hazard")
    remind_and_turn(today=today, now=noon(today))

    answer = ask(api, name, done.receipt)

    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")

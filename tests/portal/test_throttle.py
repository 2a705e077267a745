"""Throttling: counts per sender and window, and keeps no address that could be read back."""

import hashlib
import hmac

import pytest
from django.core.cache import cache
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from portal.shared import throttle
from portal.shared.throttle import Budget, allow, sender_digest
from tests.fixtures import clean_cache

__all__ = ["clean_cache"]
SMALL = Budget(action="test", most=3, window_seconds=600)


def request(address: str = "192.0.2.7", **headers: str) -> HttpRequest:
    return RequestFactory(REMOTE_ADDR=address).get("/", headers=headers)


def spent(budget: Budget = SMALL, **values: str) -> list[bool]:
    return [allow(request=request(**values), budget=budget) for _ in range(5)]


def stored() -> str:
    return repr({**cache._cache, **cache._expire_info})


def test_a_budget_ends_after_its_most() -> None:
    assert spent() == [True, True, True, False, False]


def test_each_sender_has_a_budget_of_its_own() -> None:
    spent()

    assert spent(address="192.0.2.8") == [True, True, True, False, False]


def test_each_act_has_a_budget_of_its_own() -> None:
    spent()

    assert allow(request=request(), budget=Budget(action="other", most=1, window_seconds=600))


def test_a_new_window_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    spent()
    cache.delete(next(name.split(":", 2)[2] for name in cache._cache if "throttle:test" in name))

    assert allow(request=request(), budget=SMALL)


def test_a_window_that_ends_between_two_steps_lets_the_act_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_key: str) -> int:
        raise ValueError

    monkeypatch.setattr(cache, "incr", gone)

    assert allow(request=request(), budget=SMALL)


def test_no_address_is_stored() -> None:
    spent(address="203.0.113.99")
    spent(address="2001:db8:1:2::99")

    assert "203.0.113" not in stored()
    assert "2001" not in stored()


def test_tomorrow_nobody_can_tell_who_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the digest is random and changes with the day, so that no table of addresses finds a sender."""
    today = sender_digest(request=request())
    cache.clear()
    other_key = sender_digest(request=request())
    monkeypatch.setattr(throttle.timezone, "localdate", lambda: throttle.timezone.datetime(2030, 1, 1).date())

    assert len({today, other_key, sender_digest(request=request())}) == 3


def test_a_copy_of_the_cache_gives_no_address_back(settings: Settings) -> None:
    """Every address there is can be tried against digest and day key; without the key of the settings none fits."""
    digest = sender_digest(request=request("192.0.2.7"))
    (name,) = (name.split(":", 2)[2] for name in cache._cache if "throttle-key" in name)
    day_key = cache.get(name)

    settings.SECRET_KEY = "another-key-of-no-value-" + "0123456789" * 4

    assert hmac.new(day_key, b"192.0.2.7", hashlib.sha256).hexdigest()[:24] != digest
    assert sender_digest(request=request("192.0.2.7")) != digest
    assert cache.get(name) == day_key


def test_the_day_key_lives_no_longer_than_a_day() -> None:
    spent()

    lives = [cache._expire_info[name] for name in cache._cache if "throttle-key" in name]
    assert len(lives) == 1
    assert 0 < lives[0] - throttle.timezone.now().timestamp() <= throttle.DAY_SECONDS


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # one household
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("", "", True),
        ("nonsense", "nonsense", True),
    ],
)
def test_who_is_one_sender(one: str, other: str, same: bool) -> None:
    assert (sender_digest(request=request(one)) == sender_digest(request=request(other))) is same


@pytest.mark.parametrize(
    ("sent", "counts_as"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("198.51.100.1, 203.0.113.5", "203.0.113.5"),  # what stands before was written by the sender
        ("1.1.1.1,2.2.2.2 , 203.0.113.5 ", "203.0.113.5"),
    ],
)
def test_behind_a_gateway_its_own_entry_counts(settings: Settings, sent: str, counts_as: str) -> None:
    settings.CLIENT_ADDRESS_HEADER = "X-Forwarded-For"

    found = sender_digest(request=request("10.0.0.1", **{"X-Forwarded-For": sent}))

    assert found == sender_digest(request=request("10.0.0.1", **{"X-Forwarded-For": counts_as}))
    assert found != sender_digest(request=request("10.0.0.1", **{"X-Forwarded-For": "203.0.113.6"}))


def test_without_a_gateway_its_header_is_not_believed() -> None:
    assert sender_digest(request=request(**{"X-Forwarded-For": "1.1.1.1"})) == sender_digest(
        request=request()
    )


def test_budgets_are_generous_to_people() -> None:
    """Thousands of phones share one carrier address: none of the budgets may stop a factory at shift's end."""
    for budget in (throttle.SUBMIT, throttle.STATUS, throttle.MESSAGE, throttle.CHALLENGE, throttle.PLACE):
        assert budget.most / budget.window_seconds >= 0.1


# --- work that grows with the crowd --------------------------------------------------------------------------------


def hardness_after(challenges: int, *, of_one: int) -> int:
    """Return how hard the next challenge is after so many, and so many of them for its own network."""
    seconds = throttle.CHALLENGE.window_seconds
    cache.set(f"throttle:hardness:{sender_digest(request=request())}", of_one, seconds)
    cache.set("throttle:hardness", challenges, seconds)
    return throttle.hardness(request=request())


@pytest.mark.parametrize(
    ("before", "doubled"),
    [(0, 0), (118, 0), (119, 1), (238, 1), (239, 2), (479, 3), (959, 4), (1919, 5), (10**6, 5)],
)
def test_work_is_doubled_again_and_again_for_one_network(before: int, doubled: int) -> None:
    assert hardness_after(0, of_one=before) == doubled


@pytest.mark.parametrize(("before", "doubled"), [(1100, 0), (1199, 1), (2399, 2), (19_199, 5)])
def test_work_is_doubled_for_everybody_when_everybody_asks(before: int, doubled: int) -> None:
    assert hardness_after(before, of_one=0) == doubled


def test_one_network_does_not_make_it_hard_for_another() -> None:
    for _time in range(200):
        throttle.hardness(request=request())

    assert throttle.hardness(request=request()) == 1
    assert throttle.hardness(request=request("192.0.2.8")) == 0


def test_a_count_that_is_lost_makes_it_easy_and_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_key: str) -> int:
        raise ValueError

    monkeypatch.setattr(cache, "incr", gone)

    assert throttle.hardness(request=request()) == 0


def test_nobody_with_a_proof_is_refused_before_thousands_of_others() -> None:
    """A whole city may stand behind one address of a carrier: it works more, it is not turned away."""
    assert throttle.PROVED.most >= 100 * throttle.SUBMIT.most
    assert throttle.CHALLENGE.most > throttle.OF_ONE[-1]
    assert all(one < of_all for one, of_all in zip(throttle.OF_ONE, throttle.OF_ALL, strict=True))

"""The check against machines: solved work and answered questions count once, anything else never, nothing raises."""

import base64
import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import Any

import altcha
import pytest
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from portal.shared import captcha
from portal.shared.captcha import Question, check, new_challenge, new_question
from tests.fixtures import clean_cache

__all__ = ["clean_cache"]


@pytest.fixture(autouse=True)
def switched_on(settings: Settings) -> None:
    settings.CAPTCHA_BACKEND = "altcha"


def solve(challenge: dict[str, Any]) -> str:
    """Solve as the browser does: derive keys until one begins with the prefix."""
    parameters = challenge["parameters"]
    nonce, salt = bytes.fromhex(parameters["nonce"]), bytes.fromhex(parameters["salt"])
    for counter in range(100_000):
        password = nonce + counter.to_bytes(4, "big")
        derived = hashlib.pbkdf2_hmac("sha256", password, salt, parameters["cost"], parameters["keyLength"])
        if derived.hex().startswith(parameters["keyPrefix"]):
            return payload(challenge, counter=counter, derived=derived.hex())
    raise AssertionError("unsolvable")


def payload(challenge: dict[str, Any], *, counter: int, derived: str) -> str:
    body = {"challenge": challenge, "solution": {"counter": counter, "derivedKey": derived}}
    return base64.b64encode(json.dumps(body).encode()).decode()


def answer(question: Question) -> str:
    words = re.findall(r"[a-z]+|[\u4e00-\u9fff]", question.text)
    return str(
        sum(digits.index(one) for digits in captcha._DIGITS.values() for one in words if one in digits)
    )


@pytest.fixture(scope="module")
def solved() -> tuple[dict[str, Any], str]:
    challenge = new_challenge(at=timezone.now())
    return challenge, solve(challenge)


def asked(question: Question, text: str) -> dict[str, str]:
    return {"captcha_token": question.token, "captcha_answer": text}


# --- work ---------------------------------------------------------------------------------------------------------


def test_solved_work_counts_once(solved: tuple[dict[str, Any], str]) -> None:
    assert [check(values={"captcha": solved[1]}) for _ in range(3)] == [True, False, False]


def test_solved_work_counts_again_for_the_same_tip_only(solved: tuple[dict[str, Any], str]) -> None:
    values = {"captcha": solved[1]}

    results = [check(values=values, once_for=key) for key in ("tip-1", "tip-1", "tip-2", "", "tip-1")]

    assert results == [True, True, False, False, True]


def test_another_solution_of_a_used_challenge_does_not_count(solved: tuple[dict[str, Any], str]) -> None:
    challenge, first = solved
    body = json.loads(base64.b64decode(first))
    body["solution"]["time"] = 17
    second = base64.b64encode(json.dumps(body).encode()).decode()

    assert (check(values={"captcha": first}), check(values={"captcha": second})) == (True, False)
    assert challenge["signature"] == body["challenge"]["signature"]


def test_work_for_an_expired_challenge_does_not_count() -> None:
    old = new_challenge(at=timezone.now() - captcha.LIFETIME - timedelta(seconds=1))

    assert not check(values={"captcha": solve(old)})


@pytest.mark.parametrize(
    ("name", "value"), [("cost", 1), ("keyPrefix", ""), ("expiresAt", 9_999_999_999), ("nonce", "00" * 16)]
)
def test_a_challenge_made_easier_does_not_count(name: str, value: object) -> None:
    challenge = new_challenge(at=timezone.now())
    challenge["parameters"][name] = value

    assert not check(values={"captcha": solve(challenge)})


def test_a_challenge_of_ones_own_does_not_count() -> None:
    own = altcha.create_challenge(
        captcha.ALGORITHM, 1, key_prefix="", expires_at=timezone.now() + timedelta(1), hmac_secret="x"
    )

    assert not check(values={"captcha": solve(own.to_dict())})


def test_unsolved_work_does_not_count() -> None:
    challenge = new_challenge(at=timezone.now())

    assert not check(values={"captcha": payload(challenge, counter=0, derived="00" * 32)})


# --- question -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_answered_question_counts_once(language: str) -> None:
    with translation.override(language):
        question = new_question()

    values = asked(question, answer(question))

    assert [check(values=values) for _ in range(2)] == [True, False]


def test_an_english_question_is_english() -> None:
    with translation.override("en"):
        question = new_question()

    assert question.text.isascii()


def test_full_width_figures_and_spaces_are_forgiven() -> None:
    question = new_question()
    wide = "".join(chr(ord(one) + 0xFEE0) for one in answer(question))

    assert check(values=asked(question, f" {wide} "))


def test_a_wrong_answer_does_not_use_the_question_up() -> None:
    question = new_question()

    assert not check(values=asked(question, "99"))
    assert check(values=asked(question, answer(question)))


def test_a_question_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    question = new_question()
    monkeypatch.setattr(captcha, "LIFETIME", timedelta(seconds=-1))

    assert not check(values=asked(question, answer(question)))


def test_the_token_does_not_tell_the_answer() -> None:
    """Two questions with the same answer look as different as any two."""
    tokens = [new_question().token.split(":")[0] for _ in range(60)]

    assert len(set(tokens)) == 60
    assert not any(json.loads(base64.urlsafe_b64decode(token + "==")).get("a") for token in tokens)


def test_an_answer_does_not_fit_another_question() -> None:
    one, two = new_question(), new_question()

    assert not check(values=asked(one, answer(two) + answer(one)))


# --- neither ------------------------------------------------------------------------------------------------------


def test_without_anything_the_check_fails_unless_it_is_off(settings: Settings) -> None:
    assert not check(values={})

    settings.CAPTCHA_BACKEND = "none"

    assert check(values={})


BODIES = st.dictionaries(
    st.sampled_from(["challenge", "solution", "x"]),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=8),
        lambda inner: st.dictionaries(
            st.sampled_from(["parameters", "signature", "counter", "derivedKey", "salt"]), inner, max_size=4
        ),
        max_leaves=8,
    ),
).map(lambda body: base64.b64encode(json.dumps(body).encode()).decode())
JUNK = (
    st.text(max_size=200)
    | BODIES
    | st.sampled_from(["\ud800", "é", "=" * 5000, "a:\ud800:b", "bnVsbA==", "W10=", "IiI="])
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.sampled_from(["captcha", "captcha_token", "captcha_answer", "x"]), JUNK, max_size=3
    ),
    once_for=st.sampled_from(["", "0" * 32]),
)
def test_no_values_make_it_fail(values: dict[str, str], once_for: str) -> None:
    assert check(values=values, once_for=once_for) is False


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=JUNK)
def test_no_answer_to_a_real_question_makes_it_fail(text: str) -> None:
    check(values=asked(new_question(), text))


def test_what_is_remembered_says_nothing_about_the_tip(solved: tuple[dict[str, Any], str]) -> None:
    from django.core.cache import cache

    key = "0123456789abcdef" * 2
    check(values={"captcha": solved[1]}, once_for=key)

    assert key not in repr(cache._cache)


def test_what_is_remembered_fits_no_key_found_later(solved: tuple[dict[str, Any], str]) -> None:
    """The same key twice leaves two different entries: a list of keys and SECRET_KEY make no table of them."""
    from django.core.cache import cache

    seen = []
    for _time in range(2):
        check(values={"captcha": solved[1]}, once_for="0" * 32)
        name = next(name.split(":", 2)[2] for name in cache._cache if name.endswith(_proof_digest(solved)))
        seen.append(cache.get(name))
        cache.clear()

    assert seen[0] != seen[1]
    assert captcha._digest("0" * 32) not in repr(seen)


def _proof_digest(solved: tuple[dict[str, Any], str]) -> str:
    return hashlib.sha256(solved[0]["signature"].encode()).hexdigest()


def test_a_proof_is_good_for_a_few_tries_of_its_tip(solved: tuple[dict[str, Any], str]) -> None:
    tries = [check(values={"captcha": solved[1]}, once_for="tip-1") for _ in range(captcha.TRIES + 2)]

    assert tries == [True] * captcha.TRIES + [False] * 2


def test_foreign_tries_use_none_of_the_tip_up(solved: tuple[dict[str, Any], str]) -> None:
    check(values={"captcha": solved[1]}, once_for="tip-1")
    for _ in range(captcha.TRIES + 2):
        check(values={"captcha": solved[1]}, once_for="tip-2")

    assert check(values={"captcha": solved[1]}, once_for="tip-1")


def test_a_proof_whose_count_is_lost_holds_no_longer(
    solved: tuple[dict[str, Any], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    check(values={"captcha": solved[1]}, once_for="tip-1")
    monkeypatch.setattr(captcha.cache, "incr", _gone)

    assert not check(values={"captcha": solved[1]}, once_for="tip-1")


def _gone(_name: str) -> int:
    raise ValueError


def test_a_challenge_expires_in_time() -> None:
    at = datetime(2026, 3, 10, tzinfo=timezone.get_current_timezone())

    assert new_challenge(at=at)["parameters"]["expiresAt"] == int((at + captcha.LIFETIME).timestamp())


# --- work that grows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hardness", "cost"), [(0, 1000), (1, 2000), (5, 32_000)])
def test_a_harder_challenge_costs_twice_as_much_each_time(hardness: int, cost: int) -> None:
    assert new_challenge(at=timezone.now(), hardness=hardness)["parameters"]["cost"] == cost


def test_harder_work_counts_like_any_other() -> None:
    assert check(values={"captcha": solve(new_challenge(at=timezone.now(), hardness=1))})


def test_a_hard_challenge_cannot_be_made_an_easy_one() -> None:
    challenge = new_challenge(at=timezone.now(), hardness=2)
    challenge["parameters"]["cost"] = captcha.COST

    assert not check(values={"captcha": solve(challenge)})


def test_wrong_solutions_are_worked_out_only_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs us a derivation: without a bound a single challenge would keep a server busy."""
    challenge, derived = new_challenge(at=timezone.now()), list[int]()
    monkeypatch.setattr(captcha.altcha, "derive_key_pbkdf2", lambda *_values: bytes(derived.append(1) or 32))

    for counter in range(captcha.DERIVATIONS + 30):
        assert not check(values={"captcha": payload(challenge, counter=counter, derived="ff" * 32)})

    assert len(derived) == captcha.DERIVATIONS


def test_forged_challenges_leave_nothing_in_the_memory_that_all_share() -> None:
    from django.core.cache import cache

    challenge = new_challenge(at=timezone.now())
    challenge["signature"] = "00" * 32
    for counter in range(50):
        check(values={"captcha": payload(challenge, counter=counter, derived="00" * 32)})

    assert not cache._cache


@pytest.mark.parametrize("way", ["WORK", "QUESTION", "PASS", None])
def test_by_what_the_check_was_passed_is_told(solved: tuple[dict[str, Any], str], way: str | None) -> None:
    question, key = new_question(), "ab" * 16
    values: dict[str | None, dict[str, str]] = {
        "WORK": {"captcha": solved[1]},
        "QUESTION": asked(question, answer(question)),
        "PASS": {"captcha_token": captcha.new_pass(once_for=key)},
        None: {},
    }

    assert captcha.passed_by(values=values[way], once_for=key) == way


def test_where_it_is_switched_off_nothing_was_proved(settings: Settings) -> None:
    settings.CAPTCHA_BACKEND = "none"

    assert captcha.passed_by(values={}) == captcha.Way.OFF

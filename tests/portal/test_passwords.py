"""Passwords of staff: long enough, not too long, not known to everybody, not about the account; nothing else counts."""

import json
from hashlib import sha256

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from portal.shared import passwords

OWNER = User(username="zhaomin", first_name="赵敏", email="min.zhao@example.cn")
GOOD = "雨下得大的时候我喜欢听收音机"


def codes(password: str, *, user: User = OWNER) -> set[str]:
    """Return why a password is refused, by every validator of the settings."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {str(one.code) for one in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery staple",
        "aaaa bbbb cccc",  # no rule about kinds of signs
        "kettle-on-the-roof",
        "x" * 20 + "y" * 108,
        "  spaces at both ends  ",
        "ｆｕｌｌｗｉｄｔｈ－ｓｉｇｎｓ",
    ],
)
def test_long_passwords_of_any_signs_are_good(password: str) -> None:
    assert codes(password) == set()


@pytest.mark.parametrize(
    ("length", "refused"),
    [(11, {"password_too_short"}), (12, set()), (128, set()), (129, {"password_too_long"})],
)
def test_length_is_counted_in_characters(length: int, refused: set[str]) -> None:
    text = "雨下得大的时候我喜欢听收音机也喜欢看书" * 7

    assert codes(text[:length]) == refused


@pytest.mark.parametrize(
    "password", ["123456qwerty", "1qaz2wsx3edc", "QWERTY123456", "Unbelievable", "1q2w3e4r5t6y"]
)
def test_breached_passwords_are_refused_in_any_case(password: str) -> None:
    assert "password_breached" in codes(password)


@pytest.mark.parametrize(
    "password",
    [
        "zhaomin-und-mehr",
        "ein ZhaoMin darin",
        "赵敏喜欢在雨天听收音机啊",
        "min.zhao sagt guten Tag",
        "Anshao2026Anshao2026",
        "我在安哨这个系统里办公",
        "call 12350 any time",
    ],
)
def test_words_of_account_and_house_are_refused(password: str) -> None:
    assert "password_names_account" in codes(password)


def test_a_short_account_name_refuses_nothing_by_chance() -> None:
    assert codes("kettle on the roof", user=User(username="on")) == set()


def test_the_list_is_the_one_of_the_manifest_and_sorted() -> None:
    data = passwords.BREACHED.read_bytes()
    manifest = json.loads(passwords.BREACHED.with_suffix(".json").read_text(encoding="utf-8"))
    size = manifest["digest_bytes"]
    digests = [data[start : start + size] for start in range(0, len(data), size)]

    assert sha256(data).hexdigest() == manifest["sha256"]
    assert len(digests) == manifest["passwords"] >= 3000  # ASVS 6.2.4: the top 3000 that fit the rules
    assert digests == sorted(set(digests))
    assert manifest["licence"] == "CC BY-SA 3.0"


@pytest.mark.parametrize("place", [0, 1, -1])
def test_first_and_last_of_the_list_are_found(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    words = sorted(["a long one here", "another one here", "a third one here"], key=passwords.digest_of)
    packed = b"".join(passwords.digest_of(word) for word in words)
    monkeypatch.setattr(passwords, "_packed", lambda: packed)

    assert passwords.is_breached(words[place])
    assert not passwords.is_breached(GOOD)

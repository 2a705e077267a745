"""What a city's server must not start with: the rules as tables, without settings or a database."""

import base64

import pytest
from django_recaptcha.constants import TEST_PRIVATE_KEY, TEST_PUBLIC_KEY
from hypothesis import given
from hypothesis import strategies as st

from complaints.crypto.keyring import KeyRing
from portal.settings.refusals import faults

POSTGRES, SQLITE = "django.db.backends.postgresql", "django.db.backends.sqlite3"
SPREAD = base64.b64encode(bytes(range(100, 132))).decode()
FLAT = base64.b64encode(b"A" * 32).decode()


def key(first: int) -> str:
    """Return a key of thirty-two different bytes."""
    return base64.b64encode(bytes(range(first, first + 32))).decode()


GOOD = {
    "SECRET_KEY": "k3J-vQ8_zTnW0pLr5YxB1sHd7GfCm2UaE9iOo4RtXyZ6NwPq-and-more",
    "KEY_RING": f"k2:gm:{key(0)},k1:intl:{key(50)}",
    "CHECKPOINT_KEY": SPREAD,
}
CHOSEN = {
    "CAPTCHA_BACKEND": "recaptcha",
    "RECAPTCHA_DOMAIN": "www.recaptcha.net",
    "RECAPTCHA_PUBLIC_KEY": "6Lc-own-public",
    "RECAPTCHA_PRIVATE_KEY": "6Lc-own-private",
}


@pytest.mark.parametrize("more", [{}, CHOSEN, {"CAPTCHA_BACKEND": "altcha"}])
def test_good_values_have_no_fault(more: dict[str, str]) -> None:
    assert faults(values={**GOOD, **more}, engine=POSTGRES) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must have at least 50"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must be random"),
        ({"METRICS_TOKEN": "ab" * 40}, "METRICS_TOKEN must be random"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must have at least 50"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is no random text"),
        ({"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]}, "SECRET_KEY is no random text"),
        ({"KEY_RING": f"k1:intl:{FLAT}"}, "KEY_RING entry 1"),
        ({"KEY_RING": f"k2:gm:{SPREAD[:-4]}AAA=,k1:intl:{FLAT}"}, "KEY_RING entry 2"),
        ({"CHECKPOINT_KEY": ""}, "CHECKPOINT_KEY must be 32 bytes"),
        ({"CHECKPOINT_KEY": "no base64!"}, "CHECKPOINT_KEY must be 32 bytes"),
        ({"CHECKPOINT_KEY": base64.b64encode(b"x" * 31).decode()}, "CHECKPOINT_KEY must be 32 bytes"),
        ({"CHECKPOINT_KEY": FLAT}, "CHECKPOINT_KEY is no random one"),
        ({"KEY_RING": f"k1:intl:{SPREAD}"}, "a key of KEY_RING as well"),
        ({"CAPTCHA_BACKEND": "none"}, "CAPTCHA_BACKEND must be one of"),
        ({"CAPTCHA_BACKEND": ""}, "CAPTCHA_BACKEND must be one of"),
        ({**CHOSEN, "RECAPTCHA_PUBLIC_KEY": " "}, "RECAPTCHA_PUBLIC_KEY is missing"),
        ({**CHOSEN, "RECAPTCHA_PRIVATE_KEY": ""}, "RECAPTCHA_PRIVATE_KEY is missing"),
        ({**CHOSEN, "RECAPTCHA_PUBLIC_KEY": TEST_PUBLIC_KEY}, "RECAPTCHA_PUBLIC_KEY is missing, or"),
        ({**CHOSEN, "RECAPTCHA_PRIVATE_KEY": TEST_PRIVATE_KEY}, "RECAPTCHA_PRIVATE_KEY is missing, or"),
        ({**CHOSEN, "RECAPTCHA_DOMAIN": "www.recaptcha.net/x"}, "RECAPTCHA_DOMAIN"),
        ({**CHOSEN, "RECAPTCHA_DOMAIN": "a.example; script-src *"}, "RECAPTCHA_DOMAIN"),
        ({"DEBUG": "True"}, "DEBUG"),
        ({"DEBUG": " yes "}, "DEBUG"),
    ],
)
def test_each_fault_is_named_once(changes: dict[str, str], words: str) -> None:
    (found,) = faults(values={**GOOD, **changes}, engine=POSTGRES)

    assert words in found


@pytest.mark.parametrize("debug", ["", "0", "false", "no"])
def test_debug_that_is_off_is_no_fault(debug: str) -> None:
    assert faults(values={**GOOD, "DEBUG": debug}, engine=POSTGRES) == []


@pytest.mark.parametrize(("flag", "is_refused"), [("", True), ("0", True), ("1", False), ("true", False)])
def test_sqlite_has_to_be_meant(flag: str, is_refused: bool) -> None:
    found = faults(values={**GOOD, "ALLOW_SQLITE": flag}, engine=SQLITE)

    assert bool(found) is is_refused


def test_a_ring_that_was_cut_down_is_no_weak_key() -> None:
    ring = f"{GOOD['KEY_RING']},k0:intl:only:receipts={SPREAD};until=12"

    assert faults(values={**GOOD, "KEY_RING": ring}, engine=POSTGRES) == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_nonsense_is_refused_and_never_repeated(ring: str, key: str) -> None:
    found = " ".join(faults(values={**GOOD, "KEY_RING": ring, "CHECKPOINT_KEY": key}, engine=POSTGRES))

    assert "CHECKPOINT_KEY" in found
    assert len(key) < 12 or key not in found


def test_drawn_keys_pass() -> None:
    for _number in range(50):
        ring = KeyRing.generate(key_id="k1", suite="intl")

        assert faults(values={**GOOD, "KEY_RING": ring}, engine=POSTGRES) == []

"""The check against machines: a proof of work (altcha), or a plain question for those without JavaScript.

Nothing leaves the house, unless a city chose Google's check instead of the work (`recaptcha`). The work grows with the
crowd (`throttle.hardness`). A solved challenge and an answered question count once: the shared cache remembers them.
Whoever got through but has to change something else carries a pass, which holds for the one tip it was made for.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import altcha
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from . import recaptcha
from .bilingual import is_english

LIFETIME = timedelta(minutes=40)
# A pass makes no second tip however old it is; it ends with the day on which its form may still be sent.
PASS_LIFETIME = timedelta(days=1)
# About 256 derivations of 1 000 rounds: half a second on a modest phone, one derivation here to verify.
COST = 1000
# A wrong solution of a true challenge costs us a derivation as well: so many are worked out for one challenge.
DERIVATIONS = 20
# How often one proof may be sent for its tip: people try again a few times, machines without end.
TRIES = 10
KEY_PREFIX = "00"
ALGORITHM = "PBKDF2/SHA-256"
FIELD = "captcha"
TOKEN_FIELD = "captcha_token"  # noqa: S105  a field name
ANSWER_FIELD = "captcha_answer"
PROOF_FIELDS = frozenset({FIELD, TOKEN_FIELD, ANSWER_FIELD})
FORM_FIELDS = PROOF_FIELDS | {recaptcha.RESPONSE_FIELD}
_DIGITS = {
    "zh": tuple("零一二三四五六七八九"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}


class Way(StrEnum):
    """By what somebody passed the check."""

    OFF = "OFF"
    PASS = "PASS"  # noqa: S105  no password
    WORK = "WORK"
    QUESTION = "QUESTION"
    WIDGET = "WIDGET"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A sum in words and the sealed token that knows its answer."""

    text: str
    token: str


def is_on() -> bool:
    """Whether submissions are checked at all (`CAPTCHA_BACKEND` is not `none`)."""
    return bool(settings.CAPTCHA_BACKEND != "none")


def works_alone() -> bool:
    """Whether the phone passes the check by itself, so that the question is for those whose phone cannot."""
    return is_on() and not recaptcha.is_chosen()


def new_challenge(*, at: datetime, hardness: int = 0) -> dict[str, Any]:
    """Return a signed altcha challenge as the browser's solver takes it, its work doubled `hardness` times."""
    cost = COST << hardness
    challenge = altcha.create_challenge(
        ALGORITHM, cost, key_prefix=KEY_PREFIX, expires_at=at + LIFETIME, hmac_secret=_secret("altcha")
    )
    return challenge.to_dict()


def new_question() -> Question:
    """Return a sum of two digits, in words of the language of the page."""
    first, second = secrets.randbelow(8) + 1, secrets.randbelow(8) + 1
    # The nonce goes into the digest: otherwise two questions with the same answer would show it.
    nonce = secrets.token_hex(8)
    token = signing.dumps({"s": _digest(f"{nonce}:{first + second}"), "n": nonce}, salt="captcha-question")
    words = _DIGITS["en" if is_english() else "zh"]
    text = _("What is %(first)s plus %(second)s? Write the result in figures.") % {
        "first": words[first],
        "second": words[second],
    }
    return Question(text=text, token=token)


def check(*, values: Mapping[str, str], once_for: str = "") -> bool:
    """Return whether these form or API values carry a solved challenge or a right answer not used before."""
    return passed_by(values=values, once_for=once_for) is not None


def passed_by(*, values: Mapping[str, str], once_for: str = "") -> Way | None:
    """Return by what these form or API values pass the check; None when they do not.

    A proof counts for one tip: sent again with the same `once_for` (the tip's idempotency key) it still holds, up to
    TRIES times, so that a double tap or a second try after a lost answer is not turned away. A pass made for
    `once_for` stands for a proof.
    """
    if not is_on():
        return Way.OFF
    token, answer = values.get(TOKEN_FIELD, ""), values.get(ANSWER_FIELD, "")
    if _is_pass(token, once_for=once_for):
        return Way.PASS
    if values.get(FIELD):
        return Way.WORK if _check_work(values[FIELD], once_for=once_for) else None
    if answer.strip() or not recaptcha.is_chosen():
        return Way.QUESTION if _check_answer(token=token, answer=answer, once_for=once_for) else None
    response = values.get(recaptcha.RESPONSE_FIELD, "")
    is_good = recaptcha.verified(response) and _is_free(response, once_for=once_for)
    return Way.WIDGET if is_good else None


def new_pass(*, once_for: str) -> str:
    """Return the token that spares the sender of this tip (by its idempotency key) a second question.

    It needs no memory: one key makes one tip, so one proof still does, however often its pass is shown.
    """
    return signing.dumps(_digest(f"pass:{once_for}"), salt="captcha-pass")


def _is_pass(token: str, *, once_for: str) -> bool:
    if not (once_for and token.isascii()):
        return False
    try:
        held = signing.loads(token, salt="captcha-pass", max_age=PASS_LIFETIME)
    except signing.BadSignature:
        return False
    return bool(held == _digest(f"pass:{once_for}"))


def _check_work(payload: str, *, once_for: str) -> bool:
    if len(payload) > 4096:
        return False
    result = altcha.verify_solution(payload, _secret("altcha"), derive_key=_derived)
    return bool(result.verified) and _is_free(_challenge_of(payload), once_for=once_for)


def _derived(parameters: altcha.ChallengeParameters, salt: bytes, password: bytes) -> bytes:
    """Derive as the browser did; asked only for challenges of ours, and of each only so often."""
    name = "captcha-derived:" + hashlib.sha256(str(parameters.nonce).encode()).hexdigest()
    cache.add(name, 0, int(LIFETIME.total_seconds()) + 60)
    return altcha.derive_key_pbkdf2(parameters, salt, password) if _is_left(name, most=DERIVATIONS) else b""


def _challenge_of(payload: str) -> str:
    """Return the signature of the challenge: one challenge has many solutions, but counts once."""
    signature: str = json.loads(base64.b64decode(payload))["challenge"]["signature"]
    return signature


def _check_answer(*, token: str, answer: str, once_for: str) -> bool:
    figures = answer.strip().translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    if not (token.isascii() and figures.isascii() and figures.isdigit()):
        return False
    try:
        held = signing.loads(token, salt="captcha-question", max_age=LIFETIME)
    except signing.BadSignature:
        return False
    return held["s"] == _digest(f"{held['n']}:{figures}") and _is_free(token, once_for=once_for)


def _is_free(proof: str, *, once_for: str) -> bool:
    """Take a proof for its first user and return whether this is the one."""
    name = "captcha-used:" + hashlib.sha256(proof.encode()).hexdigest()
    seconds = int(LIFETIME.total_seconds()) + 60
    salt = secrets.token_hex(16)
    if cache.add(name, (salt, _user(once_for, salt=salt)), seconds):
        cache.add(f"{name}:tries", 1, seconds)
        return True
    salt, user = cache.get(name, ("", ""))
    return bool(once_for) and user == _user(once_for, salt=salt) and _is_left(f"{name}:tries", most=TRIES)


def _user(once_for: str, *, salt: str) -> str:
    """A digest, as the key of a tip has no business in the cache; its salt goes with the entry it stands in."""
    return _digest(f"{salt}:{once_for}")


def _is_left(name: str, *, most: int) -> bool:
    try:
        return bool(cache.incr(name) <= most)
    except ValueError:
        # What is remembered of this proof ended between two calls: it is as old as the proof itself.
        return False


def _digest(answer: str) -> str:
    return salted_hmac("captcha-answer", answer, algorithm="sha256").hexdigest()[:16]


def _secret(purpose: str) -> str:
    return salted_hmac("captcha", purpose, algorithm="sha256").hexdigest()

"""The bundles in Chromium: what the page seals Python opens, what Python asks the page solves."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import altcha
import pytest
from playwright.sync_api import Page

from complaints.crypto import envelope
from complaints.crypto.envelope import Envelope
from complaints.crypto.errors import DecryptionError
from tests.journeys.bundle_pages import bundle_pages

pytestmark = pytest.mark.journey

SEED = bytes(range(32))
PUBLIC_KEY = envelope.public_key_of(SEED)
ORDER: dict[str, Any] = {
    "publicKey": base64.b64encode(PUBLIC_KEY).decode(),
    "vault": 3,
    "suite": envelope.SUITE,
    "binding": "5f0c3a9e1b7d42c8a6e4f19b03d7c25e",
    "field": "identity",
    "fields": {"name": "王小明", "phone": "13800000000"},
}
SECRET = "challenge secret of this test"

SEAL = """async (order) => {
  const { sealIdentity } = await import("/seal.min.js");
  return sealIdentity(order).catch((error) => ({ name: error.name, code: error.code }));
}"""
FINGERPRINT = """async (key) => {
  const { fingerprintOf } = await import("/seal.min.js");
  return fingerprintOf(key).catch((error) => ({ name: error.name, code: error.code }));
}"""
SOLVE = """([challenge, type]) => new Promise((resolve, reject) => {
  const worker = new Worker("/altcha-solver.min.js", { type });
  worker.onerror = () => reject(new Error("the worker did not load"));
  worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
  worker.postMessage(challenge);
})"""


@pytest.fixture(scope="module")
def pages() -> Iterator[dict[str, Page]]:
    with bundle_pages() as opened:
        yield opened


@pytest.fixture
def page(pages: dict[str, Page]) -> Page:
    return pages["secure"]


def sealed(page: Page, **changes: object) -> Envelope:
    return Envelope.parse(page.evaluate(SEAL, ORDER | changes))


def opened(one: Envelope, *, binding: str = ORDER["binding"], field: str = "identity") -> dict[str, str]:
    return envelope.open_fields(seed=SEED, envelope=one, binding=binding, field=field)


def solved(page: Page, challenge: object, *, kind: str = "module") -> dict[str, str]:
    answer: dict[str, str] = page.evaluate(SOLVE, [challenge, kind])
    return answer


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": ""},
        {"name": "王小明", "phone": "13800000000"},
        {"name": "𠮷野🙂", "phone": "+86 138 0000 0000"},
        {"name": 'O"Brien\\\n\t\0\u2028</script>'},
        {"id_number": "610102199001011234", "account": "6222020000000000000", "bank": "中国银行西安分行"},
    ],
    ids=range(6),
)
def test_what_the_page_seals_python_opens(page: Page, fields: dict[str, str]) -> None:
    one = sealed(page, fields=fields)

    assert (one.vault, one.suite) == (3, envelope.SUITE)
    assert opened(one) == fields


@pytest.mark.parametrize(("letters", "padded"), [(0, 256), (248, 256), (249, 512), (505, 1024), (1016, 1024)])
def test_the_page_pads_as_python_does(page: Page, letters: int, padded: int) -> None:
    one = sealed(page, fields={"n": "a" * letters})

    assert len(one.ct) == envelope.OVERHEAD_BYTES + padded
    assert opened(one) == {"n": "a" * letters}


def test_two_seals_of_the_same_fields_differ(page: Page) -> None:
    assert sealed(page).ct != sealed(page).ct


def test_another_place_does_not_open(page: Page) -> None:
    one = sealed(page)

    with pytest.raises(DecryptionError):
        opened(one, binding="2026-AB12CD")
    with pytest.raises(DecryptionError):
        opened(one, field="claim")
    with pytest.raises(DecryptionError):
        opened(Envelope(vault=4, suite=one.suite, ct=one.ct))


def test_another_vault_key_does_not_open(page: Page) -> None:
    other = base64.b64encode(envelope.public_key_of(bytes(32))).decode()

    one = sealed(page, publicKey=other)

    with pytest.raises(DecryptionError):
        opened(one)


def test_the_fingerprint_is_the_pinned_one(page: Page) -> None:
    assert page.evaluate(FINGERPRINT, ORDER["publicKey"]) == envelope.fingerprint(PUBLIC_KEY)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"publicKey": ""}, "bad-key"),
        ({"publicKey": "密钥"}, "bad-key"),
        ({"publicKey": ORDER["publicKey"][:-4]}, "bad-key"),
        ({"publicKey": base64.b64encode(PUBLIC_KEY[:1184] + bytes(32)).decode()}, "bad-key"),
        ({"suite": "intl"}, "bad-input"),
        ({"vault": 0}, "bad-input"),
        ({"vault": "3"}, "bad-input"),
        ({"vault": 2**31}, "bad-input"),
        ({"binding": ""}, "bad-input"),
        ({"binding": "a:b"}, "bad-input"),
        ({"binding": "a\n"}, "bad-input"),
        ({"binding": None}, "bad-input"),
        ({"field": "身份"}, "bad-input"),
        ({"fields": {"phone": 138}}, "bad-input"),
        ({"fields": {"n": "a" * 1017}}, "too-long"),
        ({"fields": {"name": "王" * 350}}, "too-long"),
    ],
    ids=str,
)
def test_the_page_refuses_what_python_would(page: Page, change: dict[str, object], code: str) -> None:
    assert page.evaluate(SEAL, ORDER | change) == {"name": "SealError", "code": code}


@pytest.mark.parametrize("unit", ["0xd83d", "0xdc00"])
def test_half_a_character_is_refused(page: Page, unit: str) -> None:
    script = f"(order) => ({SEAL})({{...order, fields: {{name: 'a' + String.fromCharCode({unit}) + 'b'}}}})"

    assert page.evaluate(script, ORDER) == {"name": "SealError", "code": "bad-input"}


def test_without_https_sealing_says_so(pages: dict[str, Page]) -> None:
    refusal = {"name": "SealError", "code": "insecure-context"}

    assert pages["insecure"].evaluate(SEAL, ORDER) == refusal
    assert pages["insecure"].evaluate(FINGERPRINT, ORDER["publicKey"]) == refusal


@pytest.mark.parametrize(
    ("algorithm", "cost", "options"),
    [
        ("PBKDF2/SHA-256", 500, {}),
        ("PBKDF2/SHA-256", 5000, {"counter": 57, "hmac_key_secret": "second secret"}),
        ("PBKDF2/SHA-384", 100, {"key_prefix": "0A"}),
        ("PBKDF2/SHA-512", 100, {"key_prefix": "0", "key_length": 16}),
        ("SHA-256", 3, {}),
        ("SHA-512", 1, {"key_prefix": "000", "data": {"用途": "举报", "n": [1, 2.5]}}),
    ],
)
def test_a_challenge_made_in_python_is_solved(
    page: Page, algorithm: str, cost: int, options: dict[str, Any]
) -> None:
    challenge = altcha.create_challenge(
        algorithm=algorithm, cost=cost, hmac_secret=SECRET, expires_at=4_000_000_000, **options
    )

    answer = solved(page, challenge.to_dict())

    key_secret = options.get("hmac_key_secret")
    assert altcha.verify_solution(answer["payload"], SECRET, hmac_key_secret=key_secret).verified
    assert altcha.verify_solution(answer["payload"], SECRET).verified
    assert not altcha.verify_solution(answer["payload"], "other secret").verified


@pytest.mark.parametrize("kind", ["module", "classic"])
def test_the_solver_takes_text_and_runs_as_either_kind_of_worker(page: Page, kind: str) -> None:
    challenge = altcha.create_challenge(algorithm="PBKDF2/SHA-256", cost=10, hmac_secret=SECRET)

    answer = solved(page, json.dumps(challenge.to_dict()), kind=kind)

    assert altcha.verify_solution(answer["payload"], SECRET).verified


@pytest.mark.parametrize(
    ("challenge", "code"),
    [
        (None, "malformed"),
        ("", "malformed"),
        ("no JSON", "malformed"),
        ({}, "malformed"),
        ({"parameters": {}}, "malformed"),
        ({"parameters": {"algorithm": "SHA-256", "nonce": "0", "salt": "00", "cost": 1}}, "malformed"),
        ({"parameters": {"algorithm": "SHA-256", "nonce": "00", "salt": "00", "cost": 0}}, "malformed"),
        ({"parameters": {"algorithm": "SHA-1", "nonce": "00", "salt": "00", "cost": 1}}, "unsupported"),
        ({"parameters": {"algorithm": "ARGON2ID", "nonce": "00", "salt": "00", "cost": 1}}, "unsupported"),
        ({"parameters": {"nonce": "00", "salt": "00", "cost": 1}}, "unsupported"),
    ],
)
def test_other_challenges_are_answered_with_an_error(page: Page, challenge: object, code: str) -> None:
    answer = solved(page, challenge)

    assert answer["error"] == code
    assert answer["message"]


def test_without_https_the_solver_says_so(pages: dict[str, Page]) -> None:
    challenge = altcha.create_challenge(algorithm="SHA-256", cost=1, hmac_secret=SECRET)

    answer = solved(pages["insecure"], challenge.to_dict())

    assert answer == {"error": "insecure-context", "message": "crypto.subtle is missing"}

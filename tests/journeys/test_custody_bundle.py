"""The custodian's bundle in Chromium beside Python: each opens what the other wrapped, sealed or split."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page
from shamir_mnemonic import combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from complaints.crypto import envelope, filecipher, keyfile, sheets
from complaints.crypto.envelope import Envelope
from complaints.crypto.errors import DecryptionError, WrongPassphrase
from tests.crypto.slip39 import VECTORS
from tests.journeys.bundle_pages import SOURCES, bundle_pages, served

pytestmark = pytest.mark.journey

SEED = bytes(range(32))
OTHER_SEED = bytes(range(32, 64))
PASSPHRASE = "七月的雨落在 old city wall"
BINDING = "5f0c3a9e1b7d42c8a6e4f19b03d7c25e"
FIELDS = {"name": "王小明", "phone": "13800000000"}
PLACE = {"binding": BINDING, "field": "identity"}
CHEAP = {"memory_kib": 8_192, "iterations": 1, "lanes": 4}

# Calls one function of the bundle; `key` becomes an opened seed, `bytes` are arrays in base64 both ways.
CALL = """async ([name, order, key, bytes]) => {
  const bundle = await import("/custody.min.js");
  const array = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const text = (array) => btoa(Array.from(array, (one) => String.fromCharCode(one)).join(""));
  try {
    const seed = key ? (await bundle.unwrapKeyFile(key)).seed : undefined;
    const arrays = Object.fromEntries(Object.entries(bytes).map(([one, value]) => [one, array(value)]));
    const answer = await bundle[name](typeof order === "string" ? order : { seed, ...order, ...arrays });
    return answer instanceof Uint8Array ? text(answer) : answer;
  } catch (error) {
    return { failure: error.name, code: error.code, message: error.message };
  }
}"""
RECOVER = """async ([order, passphrase]) => {
  const bundle = await import("/custody.min.js");
  try {
    const { seed } = await bundle.recoverSeed(order);
    return await bundle.wrapKeyFile({ seed, passphrase });
  } catch (error) {
    return { code: error.code };
  }
}"""


def cheap_key_file(*, seed: bytes = SEED, vault: int = 3) -> str:
    """Return a key file at the lowest cost a reader takes: it opens in a blink."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "_DEFAULT_COST", CHEAP)
        return keyfile.wrap(seed=seed, passphrase=PASSPHRASE, vault=vault)


KEY = {"text": cheap_key_file(), "passphrase": PASSPHRASE}
OTHER_KEY = {"text": cheap_key_file(seed=OTHER_SEED), "passphrase": PASSPHRASE}
LATER_KEY = {"text": cheap_key_file(seed=OTHER_SEED, vault=4), "passphrase": PASSPHRASE}


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


PUBLIC_KEY = envelope.public_key_of(SEED)
NEW_VAULT = {"publicKey": base64_of(envelope.public_key_of(OTHER_SEED)), "vault": 4}


@pytest.fixture(scope="module")
def pages() -> Iterator[dict[str, Page]]:
    with bundle_pages() as opened:
        yield opened


@pytest.fixture
def page(pages: dict[str, Page]) -> Page:
    return pages["secure"]


@pytest.fixture(scope="module")
def made(pages: dict[str, Page]) -> dict[str, Any]:
    """One vault made in the browser: the dear Argon2id runs once for all that look at it."""
    return call(pages["secure"], "newVault", {"vault": 5, "passphrase": PASSPHRASE})


def call(
    page: Page,
    name: str,
    order: object,
    *,
    key: dict[str, str] | None = None,
    arrays: dict[str, bytes] | None = None,
) -> Any:
    encoded = {name: base64_of(data) for name, data in (arrays or {}).items()}
    return page.evaluate(CALL, [name, order, key, encoded])


def code_of(answer: Any) -> str:
    assert answer["failure"] == "SealError"
    return str(answer["code"])


def sealed(*, seed: bytes = SEED, vault: int = 3, binding: str = BINDING, field: str = "identity") -> str:
    public_key = envelope.public_key_of(seed)
    one = envelope.seal_fields(
        public_key=public_key, vault=vault, binding=binding, field=field, fields=FIELDS
    )
    return one.to_json()


def sealed_bytes(plain: bytes) -> str:
    info = envelope.info_text(suite=envelope.SUITE, vault=3, binding=BINDING, field="identity")
    ct = envelope.seal(public_key=PUBLIC_KEY, plaintext=plain.ljust(256), info=info)
    return Envelope(vault=3, suite=envelope.SUITE, ct=ct).to_json()


def altered(text: str, **changes: object) -> str:
    return json.dumps(json.loads(text) | changes)


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def flipped_ct(text: str, place: int) -> str:
    ct = base64.b64decode(json.loads(text)["ct"])
    return altered(text, ct=base64_of(flipped(ct, place % len(ct))))


# --- key files ----------------------------------------------------------------------------------------------------


def test_a_vault_made_in_the_browser_opens_in_python(made: dict[str, Any]) -> None:
    opened = keyfile.unwrap(text=made["keyFile"], passphrase=PASSPHRASE)

    public_key = envelope.public_key_of(opened.seed)
    assert base64.b64decode(made["publicKey"]) == public_key
    assert (opened.vault, opened.fingerprint) == (5, made["fingerprint"])
    assert made["fingerprint"] == envelope.fingerprint(public_key)


def test_the_browser_pays_the_cost_that_python_pays(made: dict[str, Any]) -> None:
    ours = json.loads(keyfile.wrap(seed=SEED, passphrase=PASSPHRASE, vault=5))
    theirs = json.loads(made["keyFile"])

    assert list(theirs) == list(ours)
    assert all(theirs[name] == ours[name] for name in ("v", "kind", "kdf", *CHEAP))


def test_the_sheets_of_the_browser_recover_the_key_in_python(made: dict[str, Any]) -> None:
    seed = keyfile.unwrap(text=made["keyFile"], passphrase=PASSPHRASE).seed

    assert [sheets.number_of(sheet) for sheet in made["sheets"]] == [1, 2, 3]
    for left_out in range(3):
        kept = [sheet for place, sheet in enumerate(made["sheets"]) if place != left_out]
        assert sheets.join(kept) == combine_mnemonics(kept) == seed


def test_nothing_secret_lies_open_in_what_the_browser_made(made: dict[str, Any]) -> None:
    seed = keyfile.unwrap(text=made["keyFile"], passphrase=PASSPHRASE).seed

    text = json.dumps(made)
    assert seed.hex() not in text
    assert base64_of(seed) not in text
    assert PASSPHRASE not in text


def test_a_key_file_of_python_opens_in_the_browser(page: Page) -> None:
    text = keyfile.wrap(seed=SEED, passphrase=PASSPHRASE, vault=3)  # at the full cost

    answer = call(page, "unwrapKeyFile", {"text": text, "passphrase": PASSPHRASE})

    fingerprint = envelope.fingerprint(PUBLIC_KEY)
    assert answer == {
        "seed": {"vault": 3},
        "vault": 3,
        "fingerprint": fingerprint,
        "publicKey": base64_of(PUBLIC_KEY),
    }


def test_a_handle_shows_no_byte_of_the_key(page: Page) -> None:
    seen = page.evaluate(
        """async (key) => {
          const { unwrapKeyFile } = await import("/custody.min.js");
          const { seed } = await unwrapKeyFile(key);
          return [JSON.stringify(seed), String(seed), Object.getOwnPropertyNames(seed).join(), Object.isFrozen(seed)];
        }""",
        KEY,
    )

    assert seen == ['{"vault":3}', "[object Object]", "vault", True]


def test_a_custodian_is_added_by_wrapping_the_key_again(page: Page) -> None:
    theirs = "another custodian's own words"

    text = call(page, "wrapKeyFile", {"passphrase": theirs}, key=KEY)

    assert keyfile.unwrap(text=text, passphrase=theirs).seed == SEED
    with pytest.raises(WrongPassphrase):
        keyfile.unwrap(text=text, passphrase=PASSPHRASE)


def test_wide_letters_are_the_same_passphrase(page: Page) -> None:
    wide = PASSPHRASE.replace("old", "ｏｌｄ").replace(" ", "　")

    answer = call(page, "unwrapKeyFile", {"text": KEY["text"], "passphrase": wide})

    assert answer["vault"] == 3


def test_windows_line_ends_do_not_lock_a_custodian_out(page: Page) -> None:
    text = KEY["text"].replace("\n", "\r\n")

    assert call(page, "unwrapKeyFile", {"text": text, "passphrase": PASSPHRASE})["vault"] == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"vault": 4}, "wrong-passphrase"),
        ({"fingerprint": "0000-" * 15 + "0000"}, "wrong-passphrase"),
        ({"salt": base64_of(bytes(16))}, "wrong-passphrase"),
        ({"sealed": base64_of(bytes(60))}, "wrong-passphrase"),
        ({"lanes": 2}, "wrong-passphrase"),
        ({"v": 2}, "bad-key-file"),
        ({"v": 1.0}, "bad-key-file"),
        ({"kind": "other"}, "bad-key-file"),
        ({"kdf": "scrypt"}, "bad-key-file"),
        ({"vault": "3"}, "bad-key-file"),
        ({"memory_kib": 1 << 30}, "bad-key-file"),
        ({"memory_kib": 8_191}, "bad-key-file"),
        ({"iterations": 0}, "bad-key-file"),
        ({"lanes": True}, "bad-key-file"),
        ({"salt": base64_of(bytes(15))}, "bad-key-file"),
        ({"sealed": "%%%"}, "bad-key-file"),
        ({"sealed": None}, "bad-key-file"),
        ({"more": 1}, "bad-key-file"),
    ],
    ids=str,
)
def test_an_altered_key_file_is_refused(page: Page, change: dict[str, object], code: str) -> None:
    answer = call(page, "unwrapKeyFile", {"text": altered(KEY["text"], **change), "passphrase": PASSPHRASE})

    assert code_of(answer) == code


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "密钥", KEY["text"][:-9], "x" * 5000, KEY["text"].replace("{", '{"v": 1,', 1)],
    ids=range(8),
)
def test_what_is_no_key_file_is_refused(page: Page, text: str) -> None:
    assert code_of(call(page, "unwrapKeyFile", {"text": text, "passphrase": PASSPHRASE})) == "bad-key-file"
    assert code_of(call(page, "describeKeyFile", {"text": text})) == "bad-key-file"


def test_a_wrong_passphrase_is_said(page: Page) -> None:
    answer = call(page, "unwrapKeyFile", {"text": KEY["text"], "passphrase": PASSPHRASE + "!"})

    assert code_of(answer) == "wrong-passphrase"
    assert PASSPHRASE not in answer["message"]


@pytest.mark.parametrize(
    ("passphrase", "code"),
    [
        ("", "short-passphrase"),
        ("a" * 14, "short-passphrase"),
        ("𠮷" * 14, "short-passphrase"),
        ("abcd" * 10, "short-passphrase"),
        (None, "short-passphrase"),
    ],
)
def test_a_short_passphrase_makes_no_file(page: Page, passphrase: str | None, code: str) -> None:
    assert code_of(call(page, "newVault", {"vault": 1, "passphrase": passphrase})) == code
    assert code_of(call(page, "wrapKeyFile", {"passphrase": passphrase}, key=KEY)) == code


@pytest.mark.parametrize("vault", [0, -1, 2**31, "1", None, 1.5])
def test_a_vault_without_a_version_is_not_made(page: Page, vault: object) -> None:
    assert code_of(call(page, "newVault", {"vault": vault, "passphrase": PASSPHRASE})) == "bad-input"


def test_a_key_file_says_whose_it_is_before_the_passphrase(page: Page) -> None:
    label = call(page, "describeKeyFile", {"text": KEY["text"]})

    assert label == {"vault": 3, "fingerprint": envelope.fingerprint(PUBLIC_KEY)}


def test_a_forgotten_key_opens_nothing(page: Page) -> None:
    code = page.evaluate(
        """async ([key, order]) => {
          const { unwrapKeyFile, forgetSeed, openIdentity } = await import("/custody.min.js");
          const { seed } = await unwrapKeyFile(key);
          await forgetSeed({ seed });
          return openIdentity({ seed, ...order }).then(() => "opened", (error) => error.code);
        }""",
        [KEY, {"envelope": sealed(), **PLACE}],
    )

    assert code == "no-key"


# --- sheets -------------------------------------------------------------------------------------------------------


def recovered(page: Page, words: list[str], *, seed: bytes = SEED, vault: int = 3) -> Any:
    fingerprint = envelope.fingerprint(envelope.public_key_of(seed))
    order = {"sheets": words, "vault": vault, "fingerprint": fingerprint}
    return page.evaluate(RECOVER, [order, "a new passphrase of mine"])


def test_two_sheets_of_python_make_a_new_key_file_in_the_browser(page: Page) -> None:
    three = sheets.split(SEED)

    text = recovered(page, [three[2], three[0]])

    opened = keyfile.unwrap(text=text, passphrase="a new passphrase of mine")
    assert (opened.seed, opened.vault) == (SEED, 3)


def test_other_numbers_of_sheets_recover_nothing(page: Page) -> None:
    three = sheets.split(SEED)

    assert recovered(page, three[:1]) == {"code": "too-few-sheets"}
    assert recovered(page, [three[0], three[0]]) == {"code": "same-sheet"}
    assert recovered(page, three) == {"code": "too-many-sheets"}
    assert recovered(page, []) == {"code": "too-few-sheets"}


def test_sheets_of_two_sets_do_not_mix(page: Page) -> None:
    one, other = sheets.split(SEED), sheets.split(SEED)

    assert recovered(page, [one[0], other[1]]) == {"code": "sheets-differ"}


def test_sheets_of_another_vault_are_named_so(page: Page) -> None:
    assert recovered(page, sheets.split(OTHER_SEED)[:2]) == {"code": "other-key"}


def test_sheets_of_another_scheme_hold_no_key(page: Page) -> None:
    [short] = generate_mnemonics(1, [(2, 3)], bytes(16))

    assert recovered(page, short[:2]) == {"code": "other-key"}


def test_the_words_are_those_of_slip_39() -> None:
    source = (SOURCES / "custody" / "words.js").read_text()

    assert re.findall(r"[a-z]+", source.split("`")[1]) == list(WORDLIST)


def test_the_official_vectors_in_the_browser(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    with served(SOURCES) as port, browser.new_page() as sources:
        sources.goto(f"http://127.0.0.1:{port}/")
        answers = sources.evaluate(
            """async (sets) => {
              const { combine } = await import("/custody/slip39.js");
              const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
              const one = (sheets) => combine(sheets, "TREZOR").then(hex, (error) => error.code);
              return Promise.all(sets.map(one));
            }""",
            [vector[1] for vector in VECTORS],
        )

    refusals = {"bad-sheet", "sheets-differ", "too-few-sheets", "same-sheet", "too-many-sheets"}
    for vector, answer in zip(VECTORS, answers, strict=True):
        assert answer == vector[2] if vector[2] else answer in refusals, vector[0]


# --- envelopes ----------------------------------------------------------------------------------------------------


def test_what_python_sealed_opens_in_the_browser(page: Page) -> None:
    assert call(page, "openIdentity", {"envelope": sealed(), **PLACE}, key=KEY) == FIELDS


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"envelope": sealed(binding="2026-AB12CD")}, "does-not-open"),
        ({"envelope": sealed(field="claim")}, "does-not-open"),
        ({"envelope": sealed(seed=OTHER_SEED)}, "does-not-open"),
        ({"envelope": sealed(vault=4)}, "other-vault"),
        ({"envelope": altered(sealed(vault=4), vault=3)}, "does-not-open"),
        ({"envelope": flipped_ct(sealed(), 0)}, "does-not-open"),
        ({"envelope": flipped_ct(sealed(), 1150)}, "does-not-open"),
        ({"envelope": flipped_ct(sealed(), -1)}, "does-not-open"),
        ({"envelope": altered(sealed(), v=2)}, "bad-envelope"),
        ({"envelope": altered(sealed(), suite="none")}, "bad-envelope"),
        ({"envelope": altered(sealed(), vault=0)}, "bad-envelope"),
        ({"envelope": altered(sealed(), more=1)}, "bad-envelope"),
        ({"envelope": altered(sealed(), ct=json.loads(sealed())["ct"][:-4])}, "bad-envelope"),
        ({"envelope": altered(sealed(), ct="")}, "bad-envelope"),
        ({"envelope": sealed()[:-2]}, "bad-envelope"),
        ({"envelope": "x" * 4000}, "bad-envelope"),
        ({"envelope": ""}, "bad-envelope"),
        ({"envelope": None}, "bad-envelope"),
        ({"binding": "a:b"}, "bad-input"),
        ({"binding": None}, "bad-input"),
        ({"field": "身份"}, "bad-input"),
    ],
    ids=range(21),
)
def test_what_does_not_fit_shows_nothing(page: Page, change: dict[str, object], code: str) -> None:
    answer = call(page, "openIdentity", {"envelope": sealed(), **PLACE} | change, key=KEY)

    assert code_of(answer) == code
    assert FIELDS["name"] not in json.dumps(answer, ensure_ascii=False)


@pytest.mark.parametrize(
    ("plain", "fields"),
    [
        (b"{}", {}),
        (b"{ }", {}),
        (b'{"a":""}', {"a": ""}),
        (b'{"a": "1" , "b" : "\\u738b\\n\\""}', {"a": "1", "b": '王\n"'}),
        (b'{"__proto__":"x"}', {"__proto__": "x"}),
        ('{"name":"𠮷"}'.encode(), {"name": "𠮷"}),
    ],
    ids=range(6),
)
def test_honest_spellings_of_the_same_fields(page: Page, plain: bytes, fields: dict[str, str]) -> None:
    entries = """async ([key, order]) => {
      const { unwrapKeyFile, openIdentity } = await import("/custody.min.js");
      return Object.entries(await openIdentity({ ...order, seed: (await unwrapKeyFile(key)).seed }));
    }"""

    answer = page.evaluate(entries, [KEY, {"envelope": sealed_bytes(plain), **PLACE}])

    assert dict(answer) == fields == envelope.unpad_json(plain.ljust(256))


@pytest.mark.parametrize(
    "plain",
    [
        b"", b"[]", b"null", b'"name"', b'{"a":1}', b'{"a":{}}', b'{"a":null}', b'{"a":"1","a":"2"}',
        b'{"a":"1","\\u0061":"2"}', b'{"a":"1"}{}', b'{"a":"1",}', b'{"a":"\\ud800"}', b'{"a":"\x01"}', b'{"a":"\\x"}',
        b"\xff\xfe", b'\xef\xbb\xbf{"a":"1"}', b'{"a":"1"',
    ],
    ids=range(17),
)  # fmt: skip
def test_what_a_sender_sealed_instead_of_fields_is_not_shown(page: Page, plain: bytes) -> None:
    answer = call(page, "openIdentity", {"envelope": sealed_bytes(plain), **PLACE}, key=KEY)

    assert code_of(answer) == "bad-content"
    with pytest.raises(envelope.EnvelopeError):
        envelope.unpad_json(plain.ljust(256))


# --- originals ----------------------------------------------------------------------------------------------------

PHOTO = bytes(range(256)) * 40


def sealed_photo(*, seed: bytes = SEED, vault: int = 3, binding: str = BINDING) -> bytes:
    public_key = envelope.public_key_of(seed)
    return filecipher.seal_file(data=PHOTO, public_key=public_key, vault=vault, binding=binding)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", PHOTO], ids=len)
def test_an_original_sealed_by_python_opens_in_the_browser(page: Page, data: bytes) -> None:
    one = filecipher.seal_file(data=data, public_key=PUBLIC_KEY, vault=3, binding=BINDING)

    answer = call(page, "openOriginal", {"binding": BINDING}, key=KEY, arrays={"sealed": one})

    assert base64.b64decode(answer) == data


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (sealed_photo(binding="2026-AB12CD"), "does-not-open"),
        (sealed_photo(seed=OTHER_SEED), "does-not-open"),
        (sealed_photo(vault=4), "other-vault"),
        (flipped(sealed_photo(), 9), "does-not-open"),
        (flipped(sealed_photo(), 1170), "does-not-open"),
        (flipped(sealed_photo(), -1 % len(sealed_photo())), "does-not-open"),
        (sealed_photo()[:-1], "does-not-open"),
        (flipped(sealed_photo(), 8), "other-vault"),
        (flipped(sealed_photo(), 0), "bad-file"),
        (flipped(sealed_photo(), 4), "bad-file"),
        (sealed_photo()[:1180], "bad-file"),
        (b"", "bad-file"),
    ],
    ids=range(12),
)
def test_an_original_that_does_not_fit_is_refused(page: Page, one: bytes, code: str) -> None:
    answer = call(page, "openOriginal", {"binding": BINDING}, key=KEY, arrays={"sealed": one})

    assert code_of(answer) == code


# --- sealing again ------------------------------------------------------------------------------------------------


def test_an_envelope_moves_to_the_new_vault(page: Page) -> None:
    text = call(page, "resealEnvelope", {"envelope": sealed(), **PLACE, **NEW_VAULT}, key=KEY)

    moved = Envelope.parse(text)
    assert moved.vault == 4
    assert envelope.open_fields(seed=OTHER_SEED, envelope=moved, **PLACE) == FIELDS
    with pytest.raises(DecryptionError):
        envelope.open_fields(seed=SEED, envelope=moved, **PLACE)
    with pytest.raises(DecryptionError):
        envelope.open_fields(seed=OTHER_SEED, envelope=moved, binding="2026-AB12CD", field="identity")


def test_bytes_that_are_no_fields_move_as_they_are(page: Page) -> None:
    order = {"envelope": sealed_bytes(b"\xff no fields"), **PLACE, **NEW_VAULT}

    moved = Envelope.parse(call(page, "resealEnvelope", order, key=KEY))

    info = envelope.info_text(suite=envelope.SUITE, vault=4, **PLACE)
    plain = envelope.open_sealed(seed=OTHER_SEED, sealed=moved.ct, info=info)
    assert plain == b"\xff no fields".ljust(256)


def test_an_original_moves_to_the_new_vault(page: Page) -> None:
    answer = call(
        page, "resealFile", {"binding": BINDING, **NEW_VAULT}, key=KEY, arrays={"sealed": sealed_photo()}
    )

    moved = base64.b64decode(answer)
    assert filecipher.vault_of(moved) == 4
    assert filecipher.open_file(seed=OTHER_SEED, sealed=moved, binding=BINDING) == PHOTO
    with pytest.raises(DecryptionError):
        filecipher.open_file(seed=SEED, sealed=moved, binding=BINDING)


@pytest.mark.parametrize(
    ("change", "key", "code"),
    [
        ({}, OTHER_KEY, "does-not-open"),
        ({}, LATER_KEY, "other-vault"),
        ({"publicKey": base64_of(bytes(100))}, KEY, "bad-key"),
        ({"publicKey": base64_of(PUBLIC_KEY[:1184] + bytes(32))}, KEY, "bad-key"),
        ({"vault": 0}, KEY, "bad-input"),
        ({"binding": "2026-AB12CD"}, KEY, "does-not-open"),
    ],
    ids=range(6),
)
def test_what_does_not_fit_is_not_moved(
    page: Page, change: dict[str, object], key: dict[str, str], code: str
) -> None:
    order = {"envelope": sealed(), **PLACE, **NEW_VAULT} | change

    assert code_of(call(page, "resealEnvelope", order, key=key)) == code


# --- notes to the asker -------------------------------------------------------------------------------------------

REQUEST = "0b54b6cc-6f3c-4f0e-8f73-2f8ea6cbe1a7"


@pytest.fixture(scope="module")
def asker(pages: dict[str, Page]) -> dict[str, str]:
    pair: dict[str, str] = call(pages["secure"], "newNoteKey", {})
    return pair


def noted(page: Page, asker: dict[str, str], **changes: object) -> Any:
    order = {"recipientPublicKey": asker["publicKey"], "binding": REQUEST, "fields": FIELDS}
    return call(page, "sealNote", order | changes)


def test_the_asker_alone_reads_the_note(page: Page, asker: dict[str, str]) -> None:
    note = noted(page, asker)
    stranger = call(page, "newNoteKey", {})

    order = {"note": note, "binding": REQUEST}
    assert call(page, "openNote", {"secret": asker["secret"], **order}) == FIELDS
    refused = call(page, "openNote", {"secret": stranger["secret"], **order})
    assert code_of(refused) == "does-not-open"


def test_python_reads_a_note_as_a_seal_without_a_vault(page: Page, asker: dict[str, str]) -> None:
    body = json.loads(noted(page, asker))

    info = envelope.info_text(suite=envelope.SUITE, vault=0, binding=REQUEST, field="note")
    seed = base64.b64decode(asker["secret"])
    plain = envelope.open_sealed(seed=seed, sealed=base64.b64decode(body["ct"]), info=info)
    assert (body["v"], body["vault"]) == (1, 0)
    assert envelope.unpad_json(plain) == FIELDS


def test_a_note_of_another_request_does_not_open(page: Page, asker: dict[str, str]) -> None:
    order = {
        "secret": asker["secret"],
        "note": noted(page, asker, binding="other-request"),
        "binding": REQUEST,
    }

    assert code_of(call(page, "openNote", order)) == "does-not-open"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"note": ""}, "bad-envelope"),
        ({"note": sealed()}, "other-vault"),
        ({"secret": ""}, "bad-key"),
        ({"secret": base64_of(bytes(31))}, "bad-key"),
        ({"secret": "密"}, "bad-key"),
    ],
    ids=range(5),
)
def test_a_note_that_is_none_is_refused(
    page: Page, asker: dict[str, str], change: dict[str, str], code: str
) -> None:
    order = {"secret": asker["secret"], "note": noted(page, asker), "binding": REQUEST} | change

    assert code_of(call(page, "openNote", order)) == code


def test_a_note_cannot_be_taken_for_an_identity(page: Page, asker: dict[str, str]) -> None:
    order = {"envelope": noted(page, asker), "binding": REQUEST, "field": "note"}

    assert code_of(call(page, "openIdentity", order, key=KEY)) == "bad-envelope"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fields": {"name": "王" * 350}}, "too-long"),
        ({"fields": {"name": 1}}, "bad-input"),
        ({"recipientPublicKey": "AAAA"}, "bad-key"),
        ({"binding": "a b"}, "bad-input"),
        ({"fields": None}, "unexpected"),
    ],
    ids=range(5),
)
def test_a_note_nobody_could_read_is_not_sealed(
    page: Page, asker: dict[str, str], change: dict[str, object], code: str
) -> None:
    assert code_of(noted(page, asker, **change)) == code


# --- showing that a key is held -----------------------------------------------------------------------------------


def challenged(page: Page, *, field: str = "possession", key: dict[str, str] = KEY) -> Any:
    sealed = envelope.seal_fields(
        public_key=PUBLIC_KEY, vault=3, binding=REQUEST, field=field, fields={"nonce": "07" * 32}
    )
    return call(page, "openChallenge", {"envelope": sealed.to_json(), "binding": REQUEST}, key=key)


def test_whoever_holds_the_key_opens_the_number(page: Page) -> None:
    assert challenged(page) == "07" * 32


def test_nobody_else_opens_it(page: Page) -> None:
    assert code_of(challenged(page, key=OTHER_KEY)) == "does-not-open"


def test_the_proof_opens_nothing_that_was_sealed_as_a_name(page: Page) -> None:
    assert code_of(challenged(page, field="identity")) == "does-not-open"


# --- the rest -----------------------------------------------------------------------------------------------------


def test_fingerprints_and_hashes_are_those_of_python(page: Page) -> None:
    key = base64_of(PUBLIC_KEY)

    assert call(page, "fingerprintOf", key) == envelope.fingerprint(PUBLIC_KEY)
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4, "abc"
    script = "async (text) => (await import('/custody.min.js')).sha256Of(new TextEncoder().encode(text))"
    assert page.evaluate(script, "abc") == digest


@pytest.mark.parametrize(
    "name",
    [
        "newVault",
        "unwrapKeyFile",
        "recoverSeed",
        "openIdentity",
        "openOriginal",
        "resealEnvelope",
        "newNoteKey",
        "openNote",
        "openChallenge",
    ],
)
def test_without_https_everything_says_so(pages: dict[str, Page], name: str) -> None:
    assert code_of(call(pages["insecure"], name, {})) == "insecure-context"

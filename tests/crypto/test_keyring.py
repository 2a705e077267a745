"""The key ring: its setting, rotation, and tokens that were moved or touched."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.crypto.errors import DecryptionError, KeyRingError
from complaints.crypto.keyring import KeyRing


def entry(key_id: str = "k1", suite: str = "intl", byte: int = 1, length: int = 32) -> str:
    return f"{key_id}:{suite}:{base64.b64encode(bytes([byte]) * length).decode()}"


INTL_RING = KeyRing.parse(entry())
GM_RING = KeyRing.parse(entry(suite="gm"))
BOTH = pytest.mark.parametrize("ring", [INTL_RING, GM_RING], ids=["intl", "gm"])

MALFORMED = {
    "empty": ("", "is empty"),
    "blank": (" \n", "is empty"),
    "no parts": ("secret", "entry 1: expected"),
    "two parts": ("k1:intl", "entry 1: expected"),
    "four parts": (entry() + ":x", "entry 1: expected"),
    "empty id": (entry(key_id=""), "entry 1: the id"),
    "capital id": (entry(key_id="K1"), "entry 1: the id"),
    "long id": (entry(key_id="a" * 17), "entry 1: the id"),
    "id with line break": (entry(key_id="k1\n"), "entry 1: the id"),
    "full-width id": (entry(key_id="k１"), "entry 1: the id"),
    "unknown suite": (entry(suite="aes"), "entry 1: unknown cipher suite"),
    "short key": (entry(length=31), "must be 32 bytes, is 31"),
    "long key": (entry(length=33), "must be 32 bytes, is 33"),
    "no key": ("k1:intl:", "must be 32 bytes, is 0"),
    "not base64": ("k1:intl:!!!!", "not canonical base64"),
    "no padding": (entry().rstrip("="), "not canonical base64"),
    "loose last bits": (entry()[:-2] + "F=", "not canonical base64"),
    "URL alphabet": (entry(byte=255).replace("/", "_"), "not canonical base64"),
    "Chinese": ("k1:intl:密钥", "not canonical base64"),
    "second is bad": (f"{entry()},{entry(key_id='k2', byte=2, length=3)}", "entry 2"),
    "trailing comma": (entry() + ",", "entry 2: expected"),
    "id twice": (f"{entry()},{entry(byte=2)}", "id twice"),
    "key twice": (f"{entry()},{entry(key_id='k2')}", "same key twice"),
}


@pytest.mark.parametrize(("text", "message"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_settings_are_refused_and_say_why(text: str, message: str) -> None:
    with pytest.raises(KeyRingError, match=message):
        KeyRing.parse(text)


@pytest.mark.parametrize("text", [text for text, _ in MALFORMED.values()], ids=MALFORMED)
def test_no_refusal_repeats_the_key(text: str) -> None:
    with pytest.raises(KeyRingError) as refusal:
        KeyRing.parse(text)

    secrets = [part.rsplit(":", 1)[-1].strip("=") for part in text.split(",")]
    assert not any(len(secret) > 8 and secret in str(refusal.value) for secret in secrets)


ENTRIES = st.builds(
    lambda parts, tail: ":".join(parts) + tail,
    st.lists(
        st.sampled_from(["k1", "k2", "intl", "gm", "", "K", base64.b64encode(bytes(range(32))).decode()])
        | st.text(max_size=50),
        max_size=5,
    ),
    st.sampled_from(["", ":until=5", ":until=", "=", "\n"]),
)


@given(text=st.lists(ENTRIES, max_size=4).map(",".join))
def test_any_text_is_a_ring_or_a_refusal(text: str) -> None:
    found = []
    with suppress(KeyRingError):
        found.append(KeyRing.parse(text))

    assert all(ring.decrypt(ring.encrypt(b"x", aad=b"y"), aad=b"y") == b"x" for ring in found)


def test_spaces_around_entries_are_forgiven() -> None:
    ring = KeyRing.parse(f" {entry()} ,\n {entry(key_id='k2', byte=2)} ")

    assert len(ring.digests(b"", purpose="p")) == 2


def test_repr_shows_ids_only() -> None:
    assert repr(KeyRing.parse(f"{entry()},{entry(key_id='k2', byte=2)}")) == "KeyRing(k1, k2)"


@pytest.mark.parametrize("suite", ["intl", "gm"])
def test_generated_entries_parse_and_differ(suite: str) -> None:
    entries = {KeyRing.generate(key_id="k9", suite=suite) for _ in range(20)}

    assert len(entries) == 20
    assert all(repr(KeyRing.parse(text)) == "KeyRing(k9)" for text in entries)


@pytest.mark.parametrize(
    ("key_id", "suite"), [("K", "intl"), ("", "gm"), ("a:b", "gm"), ("a,b", "gm"), ("k", "")]
)
def test_generate_refuses_what_parse_would(key_id: str, suite: str) -> None:
    with pytest.raises(KeyRingError):
        KeyRing.generate(key_id=key_id, suite=suite)


@BOTH
@given(plaintext=st.binary(max_size=200), aad=st.binary(max_size=60))
def test_round_trip(ring: KeyRing, plaintext: bytes, aad: bytes) -> None:
    assert ring.decrypt(ring.encrypt(plaintext, aad=aad), aad=aad) == plaintext


@pytest.mark.parametrize(("ring", "name"), [(INTL_RING, b"intl"), (GM_RING, b"gm")])
def test_token_names_version_suite_and_key(ring: KeyRing, name: bytes) -> None:
    token = ring.encrypt(b"", aad=b"")

    header = b"\x01" + bytes([len(name)]) + name + b"\x02k1"
    assert token.startswith(header)
    assert len(token) == len(header) + 12 + 16


@pytest.mark.parametrize(
    ("ring", "token"),
    [
        (INTL_RING, "0104696e746c026b31f0f1f2f3f4f5f6f7f8f9fafb0843f6d0e24d1ccfcbe464a2402a4df26a91f0478944"),
        (GM_RING, "0102676d026b31f0f1f2f3f4f5f6f7f8f9fafbd31ae571d1af542274880801717328e09ea560f1a048"),
    ],
    ids=["intl", "gm"],
)
def test_tokens_of_the_first_release_still_open(ring: KeyRing, token: str) -> None:
    assert ring.decrypt(bytes.fromhex(token), aad=b"tip:description:1") == "坠落".encode()


@BOTH
def test_database_bytes_open_as_memoryview(ring: KeyRing) -> None:
    token = memoryview(ring.encrypt(b"text", aad=b"a"))

    assert ring.decrypt(token, aad=b"a") == b"text"  # type: ignore[arg-type]  # what psycopg hands out
    assert ring.is_active(token)  # type: ignore[arg-type]  # what psycopg hands out


@BOTH
def test_a_token_moved_elsewhere_does_not_open(ring: KeyRing) -> None:
    token = ring.encrypt(b"text", aad=b"tip:description:1")

    for elsewhere in (b"", b"tip:description:2", b"tip:entity:1", b"tip:description:1 "):
        with pytest.raises(DecryptionError):
            ring.decrypt(token, aad=elsewhere)


@BOTH
def test_every_flipped_bit_is_noticed(ring: KeyRing) -> None:
    token = ring.encrypt(b"text", aad=b"a")

    for bit in range(8 * len(token)):
        flipped = bytearray(token)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(DecryptionError):
            ring.decrypt(bytes(flipped), aad=b"a")


@BOTH
def test_every_truncation_is_noticed(ring: KeyRing) -> None:
    token = ring.encrypt(b"text", aad=b"a")

    for length in range(len(token)):
        with pytest.raises(DecryptionError):
            ring.decrypt(token[:length], aad=b"a")


@given(token=st.binary(max_size=80))
def test_noise_never_opens_and_is_never_active(token: bytes) -> None:
    assert not INTL_RING.is_active(token)
    with pytest.raises(DecryptionError):
        INTL_RING.decrypt(token, aad=b"")


def test_header_and_aad_cannot_trade_bytes() -> None:
    ring = KeyRing.parse(f"{entry(key_id='k')},{entry(key_id='k1', byte=2)}")
    token = ring.encrypt(b"text", aad=b"1:place")

    with pytest.raises(DecryptionError):
        ring.decrypt(token.replace(b"\x01k", b"\x02k1", 1), aad=b":place")


@pytest.mark.parametrize("suites", [("intl", "intl"), ("intl", "gm"), ("gm", "intl")])
def test_rotation_opens_the_old_and_writes_the_new(suites: tuple[str, str]) -> None:
    old_entry, new_entry = entry("k1", suites[0], 1), entry("k2", suites[1], 2)
    old, both, new = (KeyRing.parse(text) for text in (old_entry, f"{new_entry},{old_entry}", new_entry))
    token = old.encrypt(b"text", aad=b"a")

    renewed = both.encrypt(both.decrypt(token, aad=b"a"), aad=b"a")

    assert (both.is_active(token), both.is_active(renewed)) == (False, True)
    assert new.decrypt(renewed, aad=b"a") == b"text"
    with pytest.raises(DecryptionError):
        new.decrypt(token, aad=b"a")


def test_same_id_and_key_under_the_other_suite_does_not_open() -> None:
    token = INTL_RING.encrypt(b"text", aad=b"a")

    with pytest.raises(DecryptionError):
        GM_RING.decrypt(token, aad=b"a")


@BOTH
def test_digests_differ_by_purpose_data_and_key(ring: KeyRing) -> None:
    other = KeyRing.parse(entry(byte=2))

    digests = [
        ring.digest(b"data", purpose="audit"),
        ring.digest(b"data", purpose="receipt"),
        ring.digest(b"datb", purpose="audit"),
        ring.digest(b"", purpose="audit"),
        other.digest(b"data", purpose="audit"),
    ]

    assert len(set(digests)) == 5
    assert all(len(digest) == 32 for digest in digests)


@pytest.mark.parametrize(
    ("ring", "digest"),
    [
        (INTL_RING, "181962da340e3540893ba7b06e68d954e91706948a4a91918d799c21ef3f7c06"),
        (GM_RING, "9600a1bd11f7a508f59c94de9256c756ae108f3d428cb56659e3d00fc9c570c1"),
    ],
    ids=["intl", "gm"],
)
def test_digests_of_the_first_release_are_still_found(ring: KeyRing, digest: str) -> None:
    assert ring.digest(b"data", purpose="p").hex() == digest


def test_digests_cover_the_ring_active_first() -> None:
    old, new = entry("k1", "gm", 1), entry("k2", "intl", 2)
    ring = KeyRing.parse(f"{new},{old}")

    digests = ring.digests(b"data", purpose="p")

    assert digests == [KeyRing.parse(text).digest(b"data", purpose="p") for text in (new, old)]
    assert digests[0] == ring.digest(b"data", purpose="p")


def test_encryption_and_mac_keys_differ() -> None:
    (one,) = INTL_RING._entries.values()

    assert one.cipher_key != one.subkey(purpose="mac:encrypt", length=32)
    assert one.secret not in (one.cipher_key, one.subkey(purpose="mac:audit", length=32))


@BOTH
def test_a_digest_needs_a_purpose(ring: KeyRing) -> None:
    with pytest.raises(ValueError, match="purpose"):
        ring.digest(b"", purpose="")
    with pytest.raises(ValueError, match="purpose"):
        ring.digests(b"", purpose="")


# --- what is left of a key -------------------------------------------------------------------------------------------

OLD, NEW = entry(), entry(key_id="k2", suite="gm", byte=2)
TURNED = KeyRing.parse(f"{NEW},{OLD}")
CUT = KeyRing.parse(f"{NEW},{TURNED.remnant('k1', until=7)}")


def earlier_remnant() -> str:
    """Return a remnant as it was made before remnants named their last record: it seals the end of the log too."""
    (old,) = KeyRing.parse(OLD)._entries.values()
    names = ("audit", "audit-head", "receipt-tag")
    return "k1:intl:only:" + ";".join(
        f"{name}={base64.b64encode(old.mark_key(name)).decode()}" for name in names
    )


def test_a_ring_says_which_keys_it_holds() -> None:
    assert (TURNED.ids, TURNED.active_id, TURNED.suite_name) == (("k2", "k1"), "k2", "gm")
    assert (TURNED.whole_ids, CUT.whole_ids) == ({"k1", "k2"}, {"k2"})


@pytest.mark.parametrize("purpose", ["audit", "receipt-tag"])
def test_a_remnant_still_knows_its_lasting_marks(purpose: str) -> None:
    before = KeyRing.parse(OLD).digest(b"row", purpose=purpose)

    assert CUT.digests_by_key(b"row", purpose=purpose)["k1"] == before
    assert before in CUT.digests(b"row", purpose=purpose)


@pytest.mark.parametrize("purpose", ["entity", "audit-head", "bound"])
def test_a_remnant_makes_no_other_mark(purpose: str) -> None:
    assert list(CUT.digests_by_key(b"x", purpose=purpose)) == ["k2"]


@pytest.mark.parametrize(("sequence", "may"), [(0, True), (7, True), (8, False)])
def test_a_remnant_signs_nothing_after_its_last_record(sequence: int, may: bool) -> None:
    assert CUT.may_sign("k1", sequence=sequence) is may
    assert CUT.may_sign("k2", sequence=sequence)


def test_a_remnant_without_a_last_record_is_read_as_before() -> None:
    ring = KeyRing.parse(f"{NEW},{earlier_remnant()}")

    assert ring.may_sign("k1", sequence=10**9)
    for purpose in ("audit", "audit-head", "receipt-tag"):
        assert ring.digests_by_key(b"x", purpose=purpose)["k1"] == KeyRing.parse(OLD).digest(
            b"x", purpose=purpose
        )


def test_a_remnant_without_a_last_record_can_be_given_one() -> None:
    again = KeyRing.parse(f"{NEW},{KeyRing.parse(f'{NEW},{earlier_remnant()}').remnant('k1', until=7)}")

    assert not again.may_sign("k1", sequence=8)
    assert list(again.digests_by_key(b"x", purpose="audit-head")) == ["k2"]


def test_a_ring_knows_the_age_of_its_keys() -> None:
    assert (CUT.age("k2"), CUT.age("k1")) == (0, 1)


def test_a_remnant_opens_nothing() -> None:
    token = KeyRing.parse(OLD).encrypt(b"words", aad=b"a")

    with pytest.raises(DecryptionError):
        CUT.decrypt(token, aad=b"a")


def test_a_remnant_does_not_hold_the_key() -> None:
    left = TURNED.remnant("k1", until=0)

    assert base64.b64encode(bytes([1]) * 32).decode() not in left
    assert "QUFB" not in repr(CUT)
    assert KeyRing.parse(f"{NEW},{left}").ids == ("k2", "k1")


@pytest.mark.parametrize("key_id", ["k2", "k3", ""])
def test_only_an_older_key_is_cut_down(key_id: str) -> None:
    with pytest.raises(KeyRingError):
        TURNED.remnant(key_id, until=0)


def test_a_key_is_cut_down_once() -> None:
    with pytest.raises(KeyRingError):
        CUT.remnant("k1", until=9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TURNED.remnant("k1", until=7), "the active key must be a whole one"),
        (f"{NEW},k1:intl:only:", "known marks"),
        (f"{NEW},k1:intl:only:audit", "must be 32 bytes, is 0"),
        (f"{NEW},k1:intl:only:audit=!!!", "not canonical base64"),
        (f"{NEW},k1:intl:only:entity={OLD.split(':')[2]}", "known marks"),
        (f"{NEW},k1:intl:only:until=7", "known marks"),
        (f"{NEW},k1:intl:only:audit={OLD.split(':')[2]};until=", "one whole number"),
        (f"{NEW},k1:intl:only:audit={OLD.split(':')[2]};until=-1", "one whole number"),
        (f"{NEW},k1:intl:only:audit={OLD.split(':')[2]};until=1;until=2", "one whole number"),
        (f"{NEW},k1:intl:some:audit={OLD.split(':')[2]}", "expected"),
    ],
)
def test_a_malformed_remnant_is_refused(text: str, message: str) -> None:
    with pytest.raises(KeyRingError, match=message):
        KeyRing.parse(text)

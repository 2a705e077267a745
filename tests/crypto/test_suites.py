"""Both suites against published vectors, and against bytes that somebody touched."""

import hashlib
import hmac
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.crypto import suites
from complaints.crypto.errors import CryptoError, DecryptionError
from complaints.crypto.suites import GM, INTL, Suite, suite_named

from .sm3_reference import hmac_sm3, sm3

BOTH = pytest.mark.parametrize("suite", [INTL, GM], ids=lambda suite: suite.name)


class AeadVector(NamedTuple):
    """One published encryption: everything in hex."""

    suite: Suite
    key: str
    nonce: str
    plaintext: str
    aad: str
    ciphertext: str
    tag: str


AEAD_VECTORS = {
    "NIST GCM submission (McGrew, Viega), test case 13": AeadVector(
        suite=INTL,
        key="00" * 32,
        nonce="00" * 12,
        plaintext="",
        aad="",
        ciphertext="",
        tag="530f8afbc74536b9a963b4f1c4cb738b",
    ),
    "NIST GCM submission (McGrew, Viega), test case 16": AeadVector(
        suite=INTL,
        key="feffe9928665731c6d6a8f9467308308" * 2,
        nonce="cafebabefacedbaddecaf888",
        plaintext=(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        ),
        aad="feedfacedeadbeeffeedfacedeadbeefabaddad2",
        ciphertext=(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        ),
        tag="76fc6ece0f4e1768cddf8853bb2d551b",
    ),
    "RFC 8998 A.2, SM4-GCM": AeadVector(
        suite=GM,
        key="0123456789abcdeffedcba9876543210",
        nonce="00001234567800000000abcd",
        plaintext="".join(byte * 8 for byte in ("aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa")),
        aad="feedfacedeadbeeffeedfacedeadbeefabaddad2",
        ciphertext=(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
            "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        ),
        tag="83de3541e4c2b58177e065a9bf7b62ec",
    ),
}
AEAD = pytest.mark.parametrize("vector", AEAD_VECTORS.values(), ids=AEAD_VECTORS)

MAC_VECTORS = {
    "RFC 4231 case 1": (
        INTL,
        b"\x0b" * 20,
        b"Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ),
    "RFC 4231 case 2": (
        INTL,
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    "RFC 4231 case 6": (
        INTL,
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    "GM/T 0042-2015 D.3 case 1": (
        GM,
        bytes(range(0x01, 0x21)),
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2,
        "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a",
    ),
    "GM/T 0042-2015 D.3 case 2": (
        GM,
        bytes(range(0x01, 0x26)),
        b"\xcd" * 50,
        "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae",
    ),
    "GM/T 0042-2015 D.3 case 3": (
        GM,
        b"\x0b" * 32,
        b"Hi There",
        "c0ba18c68b90c88bc07de794bfc7d2c8d19ec31ed8773bc2b390c9604e0be11e",
    ),
}


@AEAD
def test_opens_the_published_ciphertext(vector: AeadVector) -> None:
    sealed = bytes.fromhex(vector.nonce + vector.ciphertext + vector.tag)

    opened = vector.suite.open(key=bytes.fromhex(vector.key), sealed=sealed, aad=bytes.fromhex(vector.aad))

    assert opened.hex() == vector.plaintext


@AEAD
def test_seals_to_the_published_ciphertext(vector: AeadVector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suites, "fresh_nonce", lambda: bytes.fromhex(vector.nonce))

    sealed = vector.suite.seal(
        key=bytes.fromhex(vector.key),
        plaintext=bytes.fromhex(vector.plaintext),
        aad=bytes.fromhex(vector.aad),
    )

    assert sealed.hex() == vector.nonce + vector.ciphertext + vector.tag


@pytest.mark.parametrize(("suite", "key", "data", "expected"), MAC_VECTORS.values(), ids=MAC_VECTORS)
def test_mac_matches_the_published_one(suite: Suite, key: bytes, data: bytes, expected: str) -> None:
    assert suite.mac(key=key, data=data).hex() == expected


def test_sm3_reference_matches_gb_t_32905() -> None:
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@given(key=st.binary(min_size=1, max_size=140), data=st.binary(max_size=200))
def test_gm_mac_agrees_with_the_reference(key: bytes, data: bytes) -> None:
    assert GM.mac(key=key, data=data) == hmac_sm3(key=key, data=data)


@given(key=st.binary(min_size=1, max_size=140), data=st.binary(max_size=200))
def test_intl_mac_agrees_with_the_standard_library(key: bytes, data: bytes) -> None:
    assert INTL.mac(key=key, data=data) == hmac.new(key, data, hashlib.sha256).digest()


@given(key=st.binary(min_size=32, max_size=32), info=st.binary(max_size=40), length=st.integers(1, 32))
def test_gm_derive_is_hkdf_over_the_reference_hmac(key: bytes, info: bytes, length: int) -> None:
    extracted = hmac_sm3(key=bytes(32), data=key)

    expanded = hmac_sm3(key=extracted, data=info + b"\x01")

    assert GM.derive(key=key, info=info, length=length) == expanded[:length]


@BOTH
@given(plaintext=st.binary(max_size=300), aad=st.binary(max_size=60))
def test_round_trip(suite: Suite, plaintext: bytes, aad: bytes) -> None:
    key = bytes(range(suite.key_bytes))

    sealed = suite.seal(key=key, plaintext=plaintext, aad=aad)

    assert len(sealed) == len(plaintext) + suites.NONCE_BYTES + suites.TAG_BYTES
    assert suite.open(key=key, sealed=sealed, aad=aad) == plaintext


@BOTH
def test_two_seals_of_the_same_text_differ(suite: Suite) -> None:
    key = bytes(suite.key_bytes)

    sealed = {suite.seal(key=key, plaintext=b"same", aad=b"") for _ in range(50)}

    assert len({one[: suites.NONCE_BYTES] for one in sealed}) == 50


@BOTH
def test_every_flipped_bit_is_noticed(suite: Suite) -> None:
    key = bytes(suite.key_bytes)
    sealed = suite.seal(key=key, plaintext=b"short", aad=b"here")

    for bit in range(8 * len(sealed)):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(DecryptionError):
            suite.open(key=key, sealed=bytes(flipped), aad=b"here")


@BOTH
def test_every_truncation_is_noticed(suite: Suite) -> None:
    key = bytes(suite.key_bytes)
    sealed = suite.seal(key=key, plaintext=b"short", aad=b"here")

    for length in range(len(sealed)):
        with pytest.raises(DecryptionError):
            suite.open(key=key, sealed=sealed[:length], aad=b"here")


@BOTH
@pytest.mark.parametrize("change", ["key", "aad", "appended"])
def test_other_key_place_or_tail_does_not_open(suite: Suite, change: str) -> None:
    key = bytes(suite.key_bytes)
    sealed = suite.seal(key=key, plaintext=b"text", aad=b"here")
    if change == "appended":
        sealed += b"\0"

    with pytest.raises(DecryptionError):
        suite.open(
            key=b"\1" * len(key) if change == "key" else key,
            sealed=sealed,
            aad=b"there" if change == "aad" else b"here",
        )


@BOTH
@pytest.mark.parametrize("length", [0, 8, 15, 17, 24, 31, 33])
def test_keys_of_another_length_are_refused(suite: Suite, length: int) -> None:
    with pytest.raises(ValueError, match="key must be"):
        suite.seal(key=bytes(length), plaintext=b"", aad=b"")
    with pytest.raises(ValueError, match="key must be"):
        suite.open(key=bytes(length), sealed=bytes(40), aad=b"")


def test_aes_128_does_not_slip_in_as_intl() -> None:
    with pytest.raises(ValueError, match="key must be 32 bytes"):
        INTL.seal(key=bytes(16), plaintext=b"", aad=b"")


def test_suites_are_found_by_name() -> None:
    assert (suite_named("intl"), suite_named("gm")) == (INTL, GM)


@pytest.mark.parametrize("name", ["", "INTL", "sm4", "intl ", "国密"])
def test_unknown_names_are_refused(name: str) -> None:
    with pytest.raises(CryptoError, match="intl, gm"):
        suite_named(name)

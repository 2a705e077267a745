"""Envelopes: published X-Wing vector, strict reading, and seals that were moved or touched."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.crypto import envelope
from complaints.crypto.envelope import Envelope
from complaints.crypto.errors import DecryptionError, EnvelopeError

from .first_release import BROWSER_ENVELOPE, BROWSER_SEED

SEED = bytes(range(32))
OTHER_SEED = bytes(range(1, 33))
PUBLIC_KEY = envelope.public_key_of(SEED)
BINDING = "5f0c3a9e1b7d42c8a6e4f19b03d7c25e"
FIELDS = {"name": "王小明", "phone": "13800000000"}
INFO = envelope.info_text(suite=envelope.SUITE, vault=3, binding=BINDING, field="identity")
LONE_SURROGATE = "\ud83d"

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)


def sealed_envelope(fields: dict[str, str] = FIELDS) -> Envelope:
    return envelope.seal_fields(
        public_key=PUBLIC_KEY, vault=3, binding=BINDING, field="identity", fields=fields
    )


def opened(
    sealed: Envelope, *, binding: str = BINDING, field: str = "identity", seed: bytes = SEED
) -> dict[str, str]:
    return envelope.open_fields(seed=seed, envelope=sealed, binding=binding, field=field)


SEALED = sealed_envelope()


def test_public_key_is_that_of_the_x_wing_draft() -> None:
    """draft-connolly-cfrg-xwing-kem, appendix C, first vector."""
    seed = bytes.fromhex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26")

    public_key = envelope.public_key_of(seed)

    assert len(public_key) == 1216
    assert public_key.hex().startswith("e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b07131713fc14b2b5")
    assert public_key.hex().endswith("859edb06eff389b27dce59844570216223593d4ba32d9abac8cd049040ef6534")
    digest = "2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb"
    assert hashlib.sha256(public_key).hexdigest() == digest


def test_an_envelope_of_the_first_browser_bundle_still_opens() -> None:
    sealed = Envelope.parse(BROWSER_ENVELOPE)

    fields = envelope.open_fields(
        seed=BROWSER_SEED, envelope=sealed, binding="first-release", field="identity"
    )

    assert fields == {"name": "王小明🙂", "phone": "13800000000"}


@pytest.mark.parametrize("length", [0, 31, 33, 96])
def test_a_seed_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        envelope.public_key_of(bytes(length))


def test_info_is_the_documented_text() -> None:
    assert INFO == b"anshao:1:xwing-hkdf256-a256gcm:3:5f0c3a9e1b7d42c8a6e4f19b03d7c25e:identity"


@pytest.mark.parametrize(
    ("binding", "field", "vault"),
    [
        ("", "identity", 1),
        ("a:b", "identity", 1),
        ("a b", "identity", 1),
        ("a\n", "identity", 1),
        ("举报", "identity", 1),
        ("a" * 129, "identity", 1),
        ("a", "", 1),
        ("a", "iden tity", 1),
        ("a", "身份", 1),
        ("a", "f" * 65, 1),
        ("a", "identity", -1),
        ("a", "identity", 2**31),
    ],
)
def test_malformed_places_are_refused(binding: str, field: str, vault: int) -> None:
    with pytest.raises(EnvelopeError):
        envelope.info_text(suite=envelope.SUITE, vault=vault, binding=binding, field=field)


@given(
    first=st.tuples(
        st.integers(0, 99), st.text("ab1-", min_size=1, max_size=4), st.text("ab1-:", min_size=1, max_size=4)
    ),
    second=st.tuples(
        st.integers(0, 99), st.text("ab1-", min_size=1, max_size=4), st.text("ab1-:", min_size=1, max_size=4)
    ),
)
def test_no_two_places_share_an_info(first: tuple[int, str, str], second: tuple[int, str, str]) -> None:
    infos = [
        envelope.info_text(suite=envelope.SUITE, vault=vault, binding=binding, field=field)
        for vault, binding, field in (first, second)
    ]

    assert (infos[0] == infos[1]) == (first == second)


@settings(max_examples=40)
@given(plaintext=st.binary(max_size=1500))
def test_round_trip(plaintext: bytes) -> None:
    sealed = envelope.seal(public_key=PUBLIC_KEY, plaintext=plaintext, info=INFO)

    assert len(sealed) == 1120 + 16 + len(plaintext)
    assert envelope.open_sealed(seed=SEED, sealed=sealed, info=INFO) == plaintext


def test_two_seals_of_the_same_text_share_nothing() -> None:
    first, second = (envelope.seal(public_key=PUBLIC_KEY, plaintext=b"same", info=INFO) for _ in range(2))

    assert (first[:32], first[-20:]) != (second[:32], second[-20:])


def test_flipped_bits_are_noticed_everywhere() -> None:
    sealed = SEALED.ct

    for position in [*range(0, len(sealed), 61), 1087, 1088, 1119, 1120, len(sealed) - 1]:
        flipped = bytearray(sealed)
        flipped[position] ^= 1 << position % 8
        with pytest.raises(DecryptionError):
            envelope.open_sealed(seed=SEED, sealed=bytes(flipped), info=INFO)


@pytest.mark.parametrize("length", [0, 1, 1119, 1120, 1135, 1136, 1391])
def test_truncated_seals_do_not_open(length: int) -> None:
    with pytest.raises(DecryptionError):
        envelope.open_sealed(seed=SEED, sealed=SEALED.ct[:length], info=INFO)


def test_a_longer_seal_does_not_open() -> None:
    with pytest.raises(DecryptionError):
        envelope.open_sealed(seed=SEED, sealed=SEALED.ct + b"\0", info=INFO)


@pytest.mark.parametrize(
    "public_key",
    [
        b"",
        PUBLIC_KEY[:-1],
        PUBLIC_KEY + b"\0",
        PUBLIC_KEY[:1184] + bytes(32),
        b"\xff" * 1184 + PUBLIC_KEY[1184:],
    ],
    ids=["empty", "short", "long", "X25519 point of low order", "ML-KEM coefficients out of range"],
)
def test_unusable_public_keys_are_refused(public_key: bytes) -> None:
    with pytest.raises(EnvelopeError, match="unusable"):
        envelope.seal(public_key=public_key, plaintext=b"", info=b"")


def test_fingerprint_is_sha_256_in_groups() -> None:
    groups = envelope.fingerprint(PUBLIC_KEY).split("-")

    assert [len(group) for group in groups] == [4] * 16
    assert "".join(groups) == hashlib.sha256(PUBLIC_KEY).hexdigest()
    assert (
        envelope.fingerprint(b"")
        == "e3b0-c442-98fc-1c14-9afb-f4c8-996f-b924-27ae-41e4-649b-934c-a495-991b-7852-b855"
    )


@pytest.mark.parametrize(
    ("value_bytes", "padded"),
    [(0, 256), (248, 256), (249, 512), (504, 512), (505, 1024), (1016, 1024)],
)
def test_padding_steps(value_bytes: int, padded: int) -> None:
    fields = {"n": "a" * value_bytes}

    data = envelope.pad_json(fields)

    assert len(data) == padded
    assert envelope.unpad_json(data) == fields


def test_padding_hides_which_of_two_short_names_it_was() -> None:
    assert len(sealed_envelope({"name": "李"}).ct) == len(sealed_envelope({"name": "欧阳娜娜" * 10}).ct)


def test_more_than_1024_bytes_are_refused() -> None:
    with pytest.raises(EnvelopeError, match="1025 bytes"):
        envelope.pad_json({"n": "a" * 1017})


def test_chinese_is_counted_in_bytes() -> None:
    with pytest.raises(EnvelopeError, match="at most 1024"):
        envelope.pad_json({"name": "王" * 350})


@given(fields=st.dictionaries(TEXT, TEXT, max_size=5))
def test_padding_round_trip(fields: dict[str, str]) -> None:
    assert envelope.unpad_json(envelope.pad_json(fields)) == fields


def test_half_a_character_is_refused() -> None:
    with pytest.raises(EnvelopeError, match="half a character"):
        envelope.pad_json({"name": LONE_SURROGATE})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '"name"',
        '{"name": 1}',
        '{"name": null}',
        '{"name": ["a"]}',
        '{"name": {"a": "b"}}',
        '{"name": "a"} x',
        '{"name": "a", "name": "b"}',
        '{"name": NaN}',
        '{"name": "\\ud800"}',
        '{"\\udc00": "a"}',
        "\ufeff{}",
        "[" * 250,
        '{"a":' * 50,
    ],
)
def test_sealed_text_that_is_not_fields_is_refused(text: str) -> None:
    with pytest.raises(EnvelopeError):
        envelope.unpad_json(text.encode().ljust(256))


def test_sealed_text_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(EnvelopeError, match="not JSON"):
        envelope.unpad_json(b'{"name": "\xff"}'.ljust(256))


@pytest.mark.parametrize("length", [0, 2, 255, 257, 768, 1025, 2048])
def test_other_lengths_are_not_our_padding(length: int) -> None:
    with pytest.raises(EnvelopeError, match="padding"):
        envelope.unpad_json(b"{}".ljust(length)[:length])


def test_json_round_trip() -> None:
    text = SEALED.to_json()

    assert Envelope.parse(text) == SEALED
    assert list(json.loads(text)) == ["v", "suite", "vault", "ct"]


def test_the_largest_honest_envelope_parses() -> None:
    sealed = replace(sealed_envelope({"n": "a" * 1000}), vault=2**31 - 1)

    assert Envelope.parse(json.dumps(json.loads(sealed.to_json()), indent=4)) == sealed


def test_repr_keeps_the_bytes_out_of_logs() -> None:
    assert repr(SEALED) == "Envelope(vault=3, suite='xwing-hkdf256-a256gcm')"


def altered(**changes: object) -> str:
    return json.dumps(json.loads(SEALED.to_json()) | changes)


def without(key: str) -> str:
    return json.dumps({name: value for name, value in json.loads(SEALED.to_json()).items() if name != key})


CT: str = json.loads(SEALED.to_json())["ct"]
MALFORMED = {
    "empty": "",
    "not JSON": "envelope",
    "list": "[]",
    "text": '"{}"',
    "no keys": "{}",
    "no v": without("v"),
    "no ct": without("ct"),
    "extra key": altered(note="x"),
    "key twice": SEALED.to_json()[:-1] + ',"vault":4}',
    "version 2": altered(v=2),
    "version true": altered(v=True),
    "version 1.0": altered(v=1.0),
    "version text": altered(v="1"),
    "other suite": altered(suite="gm"),
    "suite null": altered(suite=None),
    "suite list": altered(suite=[]),
    "vault 0": altered(vault=0),
    "vault negative": altered(vault=-1),
    "vault true": altered(vault=True),
    "vault text": altered(vault="3"),
    "vault float": altered(vault=3.0),
    "vault huge": altered(vault=2**31),
    "vault endless": SEALED.to_json().replace(":3,", f":{'9' * 1000},"),
    "vault NaN": SEALED.to_json().replace(":3,", ":NaN,"),
    "ct number": altered(ct=1),
    "ct empty": altered(ct=""),
    "ct spaced": altered(ct=" " + CT),
    "ct with line break": altered(ct=CT[:76] + "\n" + CT[76:]),
    "ct URL alphabet": altered(ct=CT.replace("/", "_").replace("+", "-")),
    "ct unpadded": altered(ct=CT.rstrip("=") + "A"),
    "ct one byte less": altered(ct=CT[:-4]),
    "ct without padding to 256": altered(ct=CT[: 4 * 400]),
    "ct Chinese": altered(ct="密文"),
    "trailing text": SEALED.to_json() + "x",
    "deep": "[" * 3000,
    "deep objects": '{"v":' * 600,
    "too long by spaces": SEALED.to_json() + " " * 3000,
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_malformed_envelopes_are_refused(text: str) -> None:
    with pytest.raises(EnvelopeError):
        Envelope.parse(text)


def test_the_size_is_capped_before_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope.strictjson, "loads", lambda _: pytest.fail("parsed a text over the cap"))

    with pytest.raises(EnvelopeError, match="too long"):
        Envelope.parse("[" * 50_000_000)


@given(text=st.text(max_size=200))
def test_noise_raises_nothing_but_envelope_error(text: str) -> None:
    with pytest.raises(EnvelopeError):
        Envelope.parse(text)


@settings(max_examples=30)
@given(fields=st.dictionaries(TEXT, TEXT, max_size=4))
def test_fields_round_trip(fields: dict[str, str]) -> None:
    assert opened(Envelope.parse(sealed_envelope(fields).to_json())) == fields


@pytest.mark.parametrize("binding", ["2026-AB12CD", BINDING.upper(), BINDING + "0"])
def test_an_envelope_of_another_tip_does_not_open(binding: str) -> None:
    with pytest.raises(DecryptionError):
        opened(SEALED, binding=binding)


@pytest.mark.parametrize("field", ["claim", "original", "Identity"])
def test_an_envelope_of_another_field_does_not_open(field: str) -> None:
    with pytest.raises(DecryptionError):
        opened(SEALED, field=field)


def test_an_envelope_relabelled_for_another_vault_does_not_open() -> None:
    with pytest.raises(DecryptionError):
        opened(replace(SEALED, vault=4))


def test_another_vault_key_does_not_open() -> None:
    with pytest.raises(DecryptionError):
        opened(SEALED, seed=OTHER_SEED)


@pytest.mark.parametrize("vault", [0, -1, 2**31, True])
def test_sealing_refuses_vaults_that_parse_would(vault: int) -> None:
    with pytest.raises(EnvelopeError):
        envelope.seal_fields(
            public_key=PUBLIC_KEY, vault=vault, binding=BINDING, field="claim", fields=FIELDS
        )

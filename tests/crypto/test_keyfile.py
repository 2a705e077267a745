"""Custodians' key files: passphrases, hostile costs, and edited entries."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.crypto import envelope, keyfile
from complaints.crypto.errors import KeyFileError, WrongPassphrase

SEED = bytes(range(32))
PASSPHRASE = "七月的雨落在 old city wall"
TEXT = keyfile.wrap(seed=SEED, passphrase=PASSPHRASE, vault=3)


def altered(**changes: object) -> str:
    return json.dumps(json.loads(TEXT) | changes)


@pytest.fixture
def no_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail when a refused file still costs memory."""

    def explode(**_: object) -> None:
        pytest.fail("a hostile file reached Argon2")

    monkeypatch.setattr(keyfile, "Argon2id", explode)


def test_round_trip() -> None:
    opened = keyfile.unwrap(text=TEXT, passphrase=PASSPHRASE)

    assert (opened.seed, opened.vault) == (SEED, 3)
    assert opened.fingerprint == envelope.fingerprint(envelope.public_key_of(SEED))


def test_the_file_names_its_cost_and_its_key_but_not_its_secret() -> None:
    raw = json.loads(TEXT)

    assert {name: raw[name] for name in ("kdf", "memory_kib", "iterations", "lanes")} == {
        "kdf": "argon2id",
        "memory_kib": 65_536,
        "iterations": 3,
        "lanes": 4,
    }
    assert (raw["v"], raw["kind"], raw["vault"]) == (1, "anshao-custodian-key", 3)
    assert SEED.hex() not in TEXT


def test_two_files_of_one_seed_share_no_salt() -> None:
    other = json.loads(keyfile.wrap(seed=SEED, passphrase=PASSPHRASE, vault=3))

    assert other["salt"] != json.loads(TEXT)["salt"]
    assert other["sealed"] != json.loads(TEXT)["sealed"]


def test_repr_hides_the_seed() -> None:
    opened = keyfile.unwrap(text=TEXT, passphrase=PASSPHRASE)

    assert "seed" not in repr(opened)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE + " ", PASSPHRASE.upper(), PASSPHRASE[:-1], "\ud800"])
def test_a_wrong_passphrase_is_told(passphrase: str) -> None:
    with pytest.raises(WrongPassphrase):
        keyfile.unwrap(text=TEXT, passphrase=passphrase)


def test_full_width_typing_is_the_same_passphrase() -> None:
    typed = PASSPHRASE.replace("old", "ｏｌｄ").replace(" ", "\u3000")

    assert keyfile.unwrap(text=TEXT, passphrase=typed).seed == SEED


@pytest.mark.parametrize("passphrase", ["", "a" * 14, "密码" * 7, "a" * 15, "abcd" * 10, "ａaｂbｃcｄd" * 4])
def test_short_passphrases_are_refused(passphrase: str) -> None:
    with pytest.raises(KeyFileError, match="at least 15"):
        keyfile.wrap(seed=SEED, passphrase=passphrase, vault=1)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_only_seeds_are_wrapped(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        keyfile.wrap(seed=bytes(length), passphrase=PASSPHRASE, vault=1)


@pytest.mark.parametrize("vault", [0, -1, 2**31])
def test_only_vault_versions_are_written(vault: int) -> None:
    with pytest.raises(ValueError, match="vault version"):
        keyfile.wrap(seed=SEED, passphrase=PASSPHRASE, vault=vault)


@pytest.mark.parametrize(
    "change",
    [
        {"vault": 4},
        {"fingerprint": envelope.fingerprint(b"")},
        {"iterations": 2},
        {"lanes": 1},
        {"memory_kib": 8_192},
        {"salt": "AAAAAAAAAAAAAAAAAAAAAA=="},
        {"sealed": "A" * 80},
        {"v": True},
    ],
    ids=str,
)
def test_an_edited_entry_does_not_open(change: dict[str, object]) -> None:
    with pytest.raises(WrongPassphrase):
        keyfile.unwrap(text=altered(**change), passphrase=PASSPHRASE)


def test_every_flipped_byte_of_the_seal_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfile, "_key", lambda *_: bytes(32))
    head = json.loads(keyfile.wrap(seed=SEED, passphrase=PASSPHRASE, vault=3))
    sealed = keyfile.base64text.decode(head["sealed"])

    for position in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[position] ^= 1
        edited = json.dumps(head | {"sealed": keyfile.base64text.encode(bytes(flipped))})
        with pytest.raises(WrongPassphrase):
            keyfile.unwrap(text=edited, passphrase=PASSPHRASE)


@pytest.mark.usefixtures("no_argon2")
@pytest.mark.parametrize(
    "change",
    [
        {"memory_kib": 262_145},
        {"memory_kib": 2**40},
        {"memory_kib": 8},
        {"memory_kib": -1},
        {"memory_kib": "65536"},
        {"memory_kib": 65_536.0},
        {"memory_kib": True},
        {"memory_kib": None},
        {"iterations": 0},
        {"iterations": 11},
        {"iterations": 10**9},
        {"lanes": 0},
        {"lanes": 9},
        {"salt": ""},
        {"salt": "AAAA"},
        {"salt": "!"},
        {"salt": None},
        {"salt": "A" * 2000},
        {"sealed": ""},
        {"sealed": "AAAA"},
        {"sealed": None},
        {"sealed": "not base64"},
        {"v": 2},
        {"kind": "other"},
        {"kdf": "scrypt"},
        {"kdf": None},
        {"extra": 1},
    ],
    ids=str,
)
def test_hostile_entries_are_refused_before_any_work(change: dict[str, object]) -> None:
    with pytest.raises(KeyFileError) as refusal:
        keyfile.unwrap(text=altered(**change), passphrase=PASSPHRASE)

    assert not isinstance(refusal.value, WrongPassphrase)


@pytest.mark.usefixtures("no_argon2")
@pytest.mark.parametrize("name", json.loads(TEXT))
def test_missing_entries_are_refused(name: str) -> None:
    raw = json.loads(TEXT)
    del raw[name]

    with pytest.raises(KeyFileError):
        keyfile.unwrap(text=json.dumps(raw), passphrase=PASSPHRASE)


@pytest.mark.usefixtures("no_argon2")
@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "key", "[" * 4000, TEXT[:-3], TEXT + "x", TEXT * 20]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(KeyFileError):
        keyfile.unwrap(text=text, passphrase=PASSPHRASE)


@given(text=st.text(max_size=300))
def test_noise_raises_nothing_but_key_file_error(text: str) -> None:
    with pytest.raises(KeyFileError):
        keyfile.unwrap(text=text, passphrase=PASSPHRASE)


def test_a_file_that_lies_about_its_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "fingerprint", lambda _: "0000")
    lying = keyfile.wrap(seed=SEED, passphrase=PASSPHRASE, vault=3)
    monkeypatch.undo()

    with pytest.raises(KeyFileError, match="fingerprint"):
        keyfile.unwrap(text=lying, passphrase=PASSPHRASE)

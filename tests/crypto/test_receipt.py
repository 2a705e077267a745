"""Receipt codes: what people type, what the checksum finds, and what the code opens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.crypto import envelope, receipt
from complaints.crypto.errors import DecryptionError, ReceiptError
from complaints.crypto.keyring import KeyRing

CODE = "7K3MQ9TZX1B4N8RV2WFS"
SALT = bytes(range(16))
PLACES = range(20)
RING = KeyRing.parse(KeyRing.generate(key_id="k1", suite="intl"))

CODES = st.builds(receipt.generate).map(receipt.normalise)


def exchanged(code: str, first: int, second: int) -> str:
    characters = list(code)
    characters[first], characters[second] = characters[second], characters[first]
    return "".join(characters)


def is_valid(code: str) -> bool:
    try:
        receipt.normalise(code)
    except ReceiptError:
        return False
    return True


def test_generated_codes_have_five_groups_and_verify() -> None:
    codes = {receipt.generate() for _ in range(500)}

    assert len(codes) == 500
    assert all([len(group) for group in code.split("-")] == [4] * 5 for code in codes)
    assert all(receipt.pretty(receipt.normalise(code)) == code for code in codes)


def test_generated_codes_use_the_whole_alphabet_and_nothing_else() -> None:
    characters = {character for _ in range(500) for character in receipt.generate()}

    assert characters == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")


@pytest.mark.parametrize(
    "typed",
    [
        "7K3MQ9TZX1B4N8RV2WFS",
        "7k3m-q9tz-x1b4-n8rv-2wfs",
        "7K3M Q9TZ X1B4 N8RV 2WFS",
        "  7K3M-Q9TZ-X1B4-N8RV-2WFS\r\n",
        "7K3M——Q9TZ——X1B4——N8RV——2WFS",
        "7K3M－Q9TZ－X1B4－N8RV－2WFS",
        "7K3M–Q9TZ―X1B4−N8RV─2WFS",
        "7K3M‐Q9TZ‑X1B4﹣N8RVー2WFS",
        "７Ｋ３Ｍ－Ｑ９ＴＺ－Ｘ１Ｂ４－Ｎ８ＲＶ－２ＷＦＳ",
        "７ｋ３ｍ　ｑ９ｔｚ　ｘ１ｂ４　ｎ８ｒｖ　２ｗｆｓ",
        "7K3M\u00a0Q9TZ\u2009X1B4\u200bN8RV\u2060\ufeff2WFS",
        "7K3M·Q9TZ.X1B4_N8RV\t2WFS",
        "7K3M-Q9TZ-XIB4-N8RV-2WFS",
        "7K3M-Q9TZ-XLB4-N8RV-2WFS",
        "7k3m-q9tz-xib4-n8rv-2wfs",
        "7k3m-q9tz-xlb4-n8rv-2wfs",
    ],
)
def test_spellings_that_people_produce_are_read(typed: str) -> None:
    assert receipt.normalise(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["00000000000000000000", "OOOOO-ooooo-OOOOO-ooooo", "ＯＯＯＯＯＯＯＯＯＯOOOOOOOOOO"]
)
def test_the_letter_o_is_a_zero(typed: str) -> None:
    assert receipt.normalise(typed) == "0" * 20


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-----",
        CODE[:-1],
        CODE + "0",
        CODE[:-1] + "N",
        CODE.replace("7", "U"),
        CODE.replace("7", "u"),
        CODE.replace("7", "七"),
        CODE.replace("7", "!"),
        CODE.replace("7", "\0"),
        CODE.replace("7", "٧"),
        CODE.replace("M", "М"),
        "ß" + CODE[2:],
        CODE + "\n" + CODE,
        "https://example.org/status/?r=" + CODE,
        "-" * 45 + CODE,
        "1" * 1_000_000,
        "ﷺ" * 64,
        "\ud800" * 20,
    ],
    ids=range(20),
)
def test_other_texts_are_refused_alike(typed: str) -> None:
    with pytest.raises(ReceiptError, match=r"^not a receipt$"):
        receipt.normalise(typed)


def test_the_length_is_capped_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(receipt, "unicodedata")

    with pytest.raises(ReceiptError):
        receipt.normalise("1" * 65)


@given(text=st.text(max_size=70))
def test_noise_raises_nothing_but_receipt_error(text: str) -> None:
    assert is_valid(text) in (True, False)


@given(code=CODES, place=st.sampled_from(PLACES))
def test_every_single_wrong_character_is_found(code: str, place: int) -> None:
    others = set(receipt.ALPHABET) - {code[place]}

    assert not any(is_valid(code[:place] + other + code[place + 1 :]) for other in others)


@given(code=CODES)
def test_every_exchange_of_two_characters_is_found(code: str) -> None:
    pairs = [(first, second) for first in PLACES for second in PLACES if code[first] != code[second]]

    assert not any(is_valid(exchanged(code, first, second)) for first, second in pairs)


@given(code=CODES)
def test_the_checksum_is_linear_algebra_over_gf_32(code: str) -> None:
    """A second opinion: powers of x by table, multiplied carry-less, reduced at the end."""
    total = 0
    for power, character in enumerate(reversed(code)):
        total ^= receipt.ALPHABET.index(character) << power

    for bit in range(total.bit_length() - 1, 4, -1):
        if total >> bit & 1:
            total ^= 0b100101 << (bit - 5)

    assert total == 0


@settings(max_examples=30)
@given(text=st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=19, max_size=19))
def test_exactly_one_last_character_fits(text: str) -> None:
    assert sum(is_valid(text + last) for last in receipt.ALPHABET) == 1


def test_slow_hash_of_the_first_release_is_still_found() -> None:
    expected = bytes.fromhex("26d0a17cf9f81aeba19fe26044c1bf3c7d2b3eb068f0f291c8a9ec5e68ee8ee4")

    assert receipt.verify(code=CODE, salt=SALT, expected=expected)


def test_slow_hash_reads_any_spelling() -> None:
    hashes = {receipt.slow_hash(code=code, salt=SALT) for code in (CODE, receipt.pretty(CODE), CODE.lower())}

    assert len(hashes) == 1
    assert len(hashes.pop()) == 32


def test_slow_hash_depends_on_code_and_salt() -> None:
    expected = receipt.slow_hash(code=CODE, salt=SALT)

    assert not receipt.verify(code=receipt.generate(), salt=SALT, expected=expected)
    assert not receipt.verify(code=CODE, salt=bytes(16), expected=expected)
    assert not receipt.verify(code=CODE, salt=SALT, expected=expected[:-1])
    assert not receipt.verify(code=CODE, salt=SALT, expected=b"")


def test_slow_hash_is_argon2id_with_19_mib_and_two_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}
    original = receipt.Argon2id

    def spy(**cost: object) -> object:
        asked.update(cost)
        return original(**cost)  # type: ignore[arg-type]  # passes on what it was given

    monkeypatch.setattr(receipt, "Argon2id", spy)
    receipt.slow_hash(code=CODE, salt=SALT)

    assert asked == {"salt": SALT, "length": 32, "iterations": 2, "lanes": 1, "memory_cost": 19 * 1024}


def test_malformed_codes_are_refused_everywhere() -> None:
    with pytest.raises(ReceiptError):
        receipt.slow_hash(code="x", salt=SALT)
    with pytest.raises(ReceiptError):
        receipt.verify(code="x", salt=SALT, expected=b"")
    with pytest.raises(ReceiptError):
        receipt.tag(keyring=RING, code="x")
    with pytest.raises(ReceiptError):
        receipt.reading_seed(code="x", salt=SALT)


@pytest.mark.parametrize("length", [0, 8, 15])
def test_short_salts_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        receipt.slow_hash(code=CODE, salt=bytes(length))
    with pytest.raises(ValueError, match="16 bytes"):
        receipt.reading_seed(code=CODE, salt=bytes(length))


def test_tags_are_24_bits_of_the_ring_active_first() -> None:
    old = KeyRing.generate(key_id="k1", suite="gm")
    new = KeyRing.generate(key_id="k2", suite="intl")

    tags = receipt.tag(keyring=KeyRing.parse(f"{new},{old}"), code=CODE)

    assert tags == [receipt.tag(keyring=KeyRing.parse(text), code=CODE.lower())[0] for text in (new, old)]
    assert all(0 <= one < 2**24 for one in tags)


def test_tags_spread_over_24_bits() -> None:
    tags = [receipt.tag(keyring=RING, code=receipt.generate())[0] for _ in range(400)]

    assert len(set(tags)) > 390
    assert max(tags) > 2**23 > min(tags)


def test_reading_seed_opens_what_was_sealed_to_the_receipt() -> None:
    info = envelope.info_text(suite=envelope.SUITE, vault=0, binding="2026-AB12CD", field="message")
    public_key = envelope.public_key_of(receipt.reading_seed(code=CODE, salt=SALT))
    sealed = envelope.seal(public_key=public_key, plaintext="已受理".encode(), info=info)

    seed = receipt.reading_seed(code=receipt.pretty(CODE).lower(), salt=SALT)
    other = receipt.reading_seed(code=receipt.generate(), salt=SALT)

    assert envelope.open_sealed(seed=seed, sealed=sealed, info=info).decode() == "已受理"
    with pytest.raises(DecryptionError):
        envelope.open_sealed(seed=other, sealed=sealed, info=info)


def test_reading_seed_of_the_first_release_is_unchanged() -> None:
    assert (
        receipt.reading_seed(code=CODE, salt=SALT).hex()
        == "04f567aba5254f3605ce0c0079079b0fdcc50fa8f5d74e364329283f83bcf043"
    )


def test_reading_seed_is_not_the_slow_hash_and_depends_on_the_salt() -> None:
    seed = receipt.reading_seed(code=CODE, salt=SALT)

    assert seed != receipt.slow_hash(code=CODE, salt=SALT)
    assert seed != receipt.reading_seed(code=CODE, salt=bytes(16))

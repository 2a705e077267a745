"""Receipts: stored as a slow hash only; unknown, malformed and purged ones answer alike and as slowly; a cap holds."""

import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from pytest_django import Settings

from complaints.crypto import receipt as codes
from complaints.crypto.envelope import public_key_of
from complaints.crypto.keyring import KeyRing
from complaints.errors import ReceiptUnknown, TooBusy
from complaints.models import Tip, TipReceipt
from complaints.services import receipts
from complaints.services.receipts import new_receipt, open_receipt
from tests.factories import TipFactory
from tests.fixtures import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(city: City) -> str:
    return str(TipFactory().acknowledgement.receipt)


@pytest.fixture
def one_slot(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.RECEIPT_WORKERS = 1
    monkeypatch.setattr(receipts, "WAIT_SECONDS", 0.05)
    receipts._slots.cache_clear()
    yield
    receipts._slots.cache_clear()


def purged(city: City) -> str:
    tip = TipFactory()
    Tip.objects.filter(pk=tip.pk).delete()
    return str(tip.acknowledgement.receipt)


def refused(typed: str) -> ReceiptUnknown:
    with pytest.raises(ReceiptUnknown) as caught:
        open_receipt(typed=typed)
    return caught.value


@pytest.mark.parametrize(
    "spelling",
    [
        str,
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code}\n",
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: "".join(chr(ord(one) + 0xFEE0) for one in code),
    ],
)
def test_a_receipt_opens_however_it_is_typed(code: str, spelling: Callable[[str], str]) -> None:
    assert open_receipt(typed=spelling(code)).tip == Tip.objects.get()


@pytest.mark.parametrize(
    "typed",
    ["", " ", "x", "0000-0000-0000-0000-0001", "a" * 5000, "\x00" * 20, "\ud800", "' OR 1=1 --", "０" * 64],
)
def test_a_malformed_receipt_is_unknown(code: str, typed: str) -> None:
    assert refused(typed).args == ()


def test_all_refusals_look_alike(city: City, code: str) -> None:
    refusals = [refused(typed) for typed in (codes.generate(), "nonsense", purged(city))]

    assert len({(one.code, one.status, str(one.public_message), str(one), one.args) for one in refusals}) == 1


def cost_in_hashes(call: Callable[[], object]) -> float:
    """Return the processor time of a call in slow hashes: taken in turns, least by least, so that load cancels out."""
    hashed, called = [], []
    for _ in range(7):
        hashed.append(seconds(lambda: codes.slow_hash(code="0" * 20, salt=bytes(16))))
        called.append(seconds(call))
    return min(called) / min(hashed)


def seconds(call: Callable[[], object]) -> float:
    """Return the processor time of this thread for one call."""
    started = time.thread_time()
    call()
    return time.thread_time() - started


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the codes that were hashed, as they are."""
    seen: list[str] = []
    slow_hash = codes.slow_hash

    def counted(*, code: str, salt: bytes) -> bytes:
        seen.append(code)
        return slow_hash(code=code, salt=salt)

    monkeypatch.setattr(codes, "slow_hash", counted)
    return seen


def test_each_refusal_costs_one_slow_hash(city: City, code: str, hashes: list[str]) -> None:
    typed = [codes.generate(), "nonsense", "", purged(city)]
    hashes.clear()

    for number, one in enumerate(typed, start=1):
        refused(one)
        assert len(hashes) == number


def test_all_refusals_take_as_long_as_one_slow_hash(city: City, code: str) -> None:
    for typed in (codes.generate(), "nonsense", "", purged(city)):
        assert 0.6 < cost_in_hashes(partial(refused, typed)) < 2


def test_a_right_receipt_takes_as_long_as_a_wrong_one(code: str) -> None:
    assert 0.6 < cost_in_hashes(lambda: open_receipt(typed=code)) < 2


def test_two_receipts_with_one_tag_are_told_apart(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "tag", lambda **_rest: [7])
    one, two = TipFactory(), TipFactory()

    assert open_receipt(typed=two.acknowledgement.receipt).tip == two
    assert open_receipt(typed=one.acknowledgement.receipt).tip == one
    refused(codes.generate())


def test_the_database_holds_hash_salt_tag_and_public_key_only(code: str) -> None:
    row = TipReceipt.objects.get()
    normal = codes.normalise(code)

    assert bytes(row.slow_hash) == codes.slow_hash(code=normal, salt=bytes(row.salt))
    assert (len(bytes(row.salt)), row.tag < 2**24) == (16, True)
    assert bytes(row.public_key) == public_key_of(codes.reading_seed(code=normal, salt=bytes(row.salt)))
    assert {field.name for field in TipReceipt._meta.fields} == {
        "id", "tip", "tag", "tag_key", "salt", "slow_hash", "public_key",
    }  # fmt: skip


def test_every_receipt_has_its_own_salt_and_code(city: City) -> None:
    fresh = [new_receipt() for _ in range(3)]

    assert len({one.pretty for one in fresh}) == len({bytes(one.row.salt) for one in fresh}) == 3


def test_a_receipt_opens_after_the_key_ring_was_rotated(code: str, settings: Settings) -> None:
    settings.KEY_RING = f"{KeyRing.generate(key_id='t2', suite='gm')},{settings.KEY_RING}"

    assert open_receipt(typed=code).tip == Tip.objects.get()


def test_a_flood_is_turned_away_and_the_place_is_given_back(code: str, one_slot: None) -> None:
    with receipts._slots(), pytest.raises(TooBusy):
        open_receipt(typed=code)

    assert open_receipt(typed=code).tip == Tip.objects.get()


def test_a_refusal_gives_its_place_back(code: str, one_slot: None) -> None:
    for _ in range(3):
        refused("nonsense")

    assert open_receipt(typed=code).tip == Tip.objects.get()

"""Receipts: made once, stored only as a slow hash, verified under a cap."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from secrets import token_bytes
from threading import BoundedSemaphore

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from complaints.crypto import receipt as codes
from complaints.crypto.envelope import public_key_of
from complaints.enterprise_errors import InsideTip
from complaints.errors import IllegalMove, ReceiptUnknown, TooBusy
from complaints.models import InternalTip, RewardClaim, Tip, TipReceipt
from complaints.models.sealed import active_keyring

RECEIPTS_PER_TIP = 5
WAIT_SECONDS = 20
# The tip, and the one that is worked on in its stead once it was merged.
_WITH = ("tip__handling_unit", "tip__merged_into__handling_unit")
_DUMMY_CODE = "00000000000000000000"
_DUMMY_SALT = b"\0" * 16


@dataclass(frozen=True, kw_only=True)
class Access:
    """Proof that a receipt was shown: the tip, the receipt's row and the seed that opens the officers' words."""

    tip: Tip
    receipt: TipReceipt
    seed: bytes

    @property
    def has_rewards(self) -> bool:
        """Whether a reward of this tip is on its way, or was."""
        return bool(self.receipt.has_rewards)  # type: ignore[attr-defined]  # annotated when it was read


@dataclass(frozen=True, kw_only=True)
class NewReceipt:
    """A fresh receipt with everything derived from it, computed outside any transaction."""

    pretty: str
    row: TipReceipt


def new_receipt() -> NewReceipt:
    """Return a fresh receipt; its row still lacks the tip. Costs one slow hash (19 MiB)."""
    pretty = codes.generate()
    code, salt = codes.normalise(pretty), token_bytes(16)
    ring = active_keyring()
    row = TipReceipt(
        tag=codes.tag(keyring=ring, code=code)[0],
        tag_key=ring.active_id,
        salt=salt,
        slow_hash=codes.slow_hash(code=code, salt=salt),
        public_key=public_key_of(codes.reading_seed(code=code, salt=salt)),
    )
    return NewReceipt(pretty=pretty, row=row)


@dataclass(frozen=True, kw_only=True)
class NewCode:
    """A fresh claim code, of the form of a receipt, and what is kept of it."""

    pretty: str = field(repr=False)
    salt: bytes
    slow_hash: bytes


def new_claim_code() -> NewCode:
    """Return a fresh claim code; costs one slow hash. Raises TooBusy when too many are worked out at once."""
    with _slot():
        pretty, salt = codes.generate(), token_bytes(16)
        return NewCode(pretty=pretty, salt=salt, slow_hash=codes.slow_hash(code=pretty, salt=salt))


def is_claim_code(*, typed: str, salt: bytes, expected: bytes) -> bool:
    """Whether this is the claim code that was kept so; a malformed one takes as long. Raises TooBusy."""
    with _slot():
        try:
            code = codes.normalise(typed)
        except codes.ReceiptError:
            codes.slow_hash(code=_DUMMY_CODE, salt=salt)
            return False
        return codes.verify(code=code, salt=salt, expected=expected)


@contextmanager
def _slot() -> Iterator[None]:
    """Take one of the few places for a slow hash; raises TooBusy when none gets free."""
    slots = _slots()
    if not slots.acquire(timeout=WAIT_SECONDS):
        raise TooBusy
    try:
        yield
    finally:
        slots.release()


@lru_cache(maxsize=1)
def _slots() -> BoundedSemaphore:
    return BoundedSemaphore(settings.RECEIPT_WORKERS)


def open_receipt(*, typed: str, inside: bool = False) -> Access:
    """Return what this receipt opens.

    Args:
        inside: the caller knows tips inside a company and takes those alone.

    Unknown, malformed and purged receipts cost the same slow hash and raise the same error.

    Raises:
        ReceiptUnknown: no tip belongs to it.
        TooBusy: too many verifications at once.
        InsideTip: the tip is inside a company, and `inside` is not set.
        IllegalMove: `inside` is set, and the tip was turned outside. Where it never was in a company, the receipt is
            unknown to what is done inside.
    """
    with _slot():
        access = _verified(typed=typed)
    if access.tip.is_internal and not inside:
        raise InsideTip
    if inside and not access.tip.is_internal:
        was_inside = InternalTip.objects.filter(tip=access.tip).exists()
        raise IllegalMove("turned outside meanwhile") if was_inside else ReceiptUnknown
    return access


def refreshed(*, access: Access) -> Access:
    """Return the same access with the tip as it is now; raises ReceiptUnknown when it was purged meanwhile."""
    row = _known().filter(pk=access.receipt.pk).first()
    if row is None:
        raise ReceiptUnknown
    return replace(access, tip=row.tip, receipt=row)


def _known() -> "QuerySet[TipReceipt]":
    """Return receipts with their tips, and whether these have rewards: most have none, and then nobody asks again."""
    rewards = RewardClaim.objects.filter(assessment__tip=OuterRef("tip"))
    return TipReceipt.objects.select_related(*_WITH).annotate(has_rewards=Exists(rewards))


def _verified(*, typed: str) -> Access:
    try:
        code = codes.normalise(typed)
    except codes.ReceiptError:
        code = ""
    # A malformed code asks the database as well, for a tag no one has, so that it takes as long.
    tags = codes.tag(keyring=active_keyring(), code=code or _DUMMY_CODE)
    rows = list(_known().filter(tag__in=tags).order_by("pk"))
    if not code or not rows:
        codes.slow_hash(code=_DUMMY_CODE, salt=_DUMMY_SALT)
        raise ReceiptUnknown
    for row in rows:
        if codes.verify(code=code, salt=bytes(row.salt), expected=bytes(row.slow_hash)):
            return Access(tip=row.tip, receipt=row, seed=codes.reading_seed(code=code, salt=bytes(row.salt)))
    raise ReceiptUnknown

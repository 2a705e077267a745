"""Receipts: made once, stored only as a slow hash, verified under a cap."""

from dataclasses import dataclass, replace
from functools import lru_cache
from secrets import token_bytes
from threading import BoundedSemaphore

from django.conf import settings

from complaints.crypto import receipt as codes
from complaints.crypto.envelope import public_key_of
from complaints.enterprise_errors import InsideTip
from complaints.errors import IllegalMove, ReceiptUnknown, TooBusy
from complaints.models import Tip, TipReceipt
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
        InsideTip, IllegalMove: the tip is inside a company and `inside` is not set; or the other way round.
    """
    slots = _slots()
    if not slots.acquire(timeout=WAIT_SECONDS):
        raise TooBusy
    try:
        access = _verified(typed=typed)
    finally:
        slots.release()
    if access.tip.is_internal != inside:
        raise IllegalMove("turned outside meanwhile") if inside else InsideTip
    return access


def refreshed(*, access: Access) -> Access:
    """Return the same access with the tip as it is now; raises ReceiptUnknown when it was purged meanwhile."""
    row = TipReceipt.objects.select_related(*_WITH).filter(pk=access.receipt.pk).first()
    if row is None:
        raise ReceiptUnknown
    return replace(access, tip=row.tip, receipt=row)


def _verified(*, typed: str) -> Access:
    try:
        code = codes.normalise(typed)
    except codes.ReceiptError:
        code = ""
    # A malformed code asks the database as well, for a tag no one has, so that it takes as long.
    tags = codes.tag(keyring=active_keyring(), code=code or _DUMMY_CODE)
    rows = list(TipReceipt.objects.filter(tag__in=tags).select_related(*_WITH).order_by("pk"))
    if not code or not rows:
        codes.slow_hash(code=_DUMMY_CODE, salt=_DUMMY_SALT)
        raise ReceiptUnknown
    for row in rows:
        if codes.verify(code=code, salt=bytes(row.salt), expected=bytes(row.slow_hash)):
            return Access(tip=row.tip, receipt=row, seed=codes.reading_seed(code=code, salt=bytes(row.salt)))
    raise ReceiptUnknown

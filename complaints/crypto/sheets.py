"""The vault seed on paper: three sheets of SLIP-39 words, of which any two recover it.

`frontend/custody/slip39.js` writes and reads the same sheets. One sheet alone tells nothing
about the seed (Shamir's scheme over GF(256), SLIP-0039), and no extra passphrase is used:
what a heir of the office must know beyond two sheets is what gets lost.
"""

import re
from collections.abc import Sequence
from typing import Final

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share

from . import envelope
from .errors import SheetError

__all__ = ["COUNT", "THRESHOLD", "SheetError", "join", "number_of", "split"]

THRESHOLD: Final = 2
COUNT: Final = 3
MAX_SHEET_CHARS: Final = 1024

_BETWEEN = re.compile(r"[\s,;.]+")


def split(seed: bytes) -> list[str]:
    """Return three sheets of 33 words each; raises ValueError unless the seed has 32 bytes."""
    if len(seed) != envelope.SEED_BYTES:
        raise ValueError(f"a seed has {envelope.SEED_BYTES} bytes, not {len(seed)}")
    groups: list[list[str]] = generate_mnemonics(1, [(THRESHOLD, COUNT)], seed)
    return groups[0]


def join(sheets: Sequence[str]) -> bytes:
    """Return the seed of two sheets.

    Raises:
        SheetError: a mistyped word, one sheet alone or twice, or sheets of different sets.
    """
    texts = [_tidy(sheet) for sheet in sheets]
    if len(set(texts)) < THRESHOLD:
        raise SheetError("two different sheets are needed")
    try:
        seed: bytes = combine_mnemonics(texts)
    except MnemonicError as error:
        raise SheetError("the sheets do not fit together") from error
    if len(seed) != envelope.SEED_BYTES:
        raise SheetError("the sheets hold no key of a vault")
    return seed


def number_of(sheet: str) -> int:
    """Return which of the three sheets this is, 1 to 3; raises SheetError for mistyped words."""
    try:
        return int(Share.from_mnemonic(_tidy(sheet)).index) + 1
    except MnemonicError as error:
        raise SheetError("the words do not fit together: one is mistyped") from error


def _tidy(sheet: str) -> str:
    if len(sheet) > MAX_SHEET_CHARS:
        raise SheetError("the sheet is too long")
    return " ".join(filter(None, _BETWEEN.split(sheet.lower())))

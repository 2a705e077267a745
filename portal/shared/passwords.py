"""Rules for passwords of staff: long, not known to everybody, not about this account. No rule about kinds of signs.

ASVS 5 (6.2): at least 12 and at most 128 characters, counted and checked as typed, without trimming or normalising;
refused are passwords of a list of breached ones and those that hold a word everybody connects with the account.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SHORTEST, LONGEST = 12, 128
DIGEST_BYTES = 5
# Shorter words stand in many good passwords by chance.
SHORTEST_WORD = 4
# What anybody would try first at this desk.
HOUSE_WORDS = ("anshao", "安哨", "应急管理", "安全生产", "12350")
BREACHED = Path(__file__).parent / "data" / "breached-passwords.bin"


class LengthValidator:
    """Between 12 and 128 characters, whatever they are."""

    def validate(self, password: str, user: "User | None" = None) -> None:
        """Raise ValidationError for a password that is too short or too long."""
        if len(password) < SHORTEST:
            text = ngettext(
                "At least %(n)d character; a short sentence is easiest to remember.",
                "At least %(n)d characters; a short sentence is easiest to remember.",
                SHORTEST,
            )
            raise ValidationError(text % {"n": SHORTEST}, code="password_too_short")
        if len(password) > LONGEST:
            raise ValidationError(_("At most %(n)d characters.") % {"n": LONGEST}, code="password_too_long")

    def get_help_text(self) -> str:
        """Return the rule for a form."""
        return _("Between %(least)d and %(most)d characters; a short sentence is easiest to remember.") % {
            "least": SHORTEST,
            "most": LONGEST,
        }


class BreachedValidator:
    """Not one of the passwords that were published after break-ins elsewhere; capitals make no difference."""

    def validate(self, password: str, user: "User | None" = None) -> None:
        """Raise ValidationError for a password of the list."""
        if is_breached(password):
            text = _("This password is on lists that attackers try first. Choose another one.")
            raise ValidationError(text, code="password_breached")

    def get_help_text(self) -> str:
        """Return the rule for a form."""
        return _("Not a password that was published after a break-in elsewhere.")


class ContextValidator:
    """Holds neither the account, nor the name of its owner, nor a word of this house."""

    def validate(self, password: str, user: "User | None" = None) -> None:
        """Raise ValidationError for a password that holds such a word."""
        typed = password.casefold()
        if any(word in typed for word in _words_of(user)):
            text = _("It holds the account, the name or a word of this site. Choose something else.")
            raise ValidationError(text, code="password_names_account")

    def get_help_text(self) -> str:
        """Return the rule for a form."""
        return _("Without the account, the name or a word of this site.")


def is_breached(password: str) -> bool:
    """Whether a password of allowed length is on the bundled list."""
    wanted, packed = digest_of(password), _packed()
    place = bisect_left(range(len(packed) // DIGEST_BYTES), wanted, key=lambda at: _digest_at(packed, at))
    return _digest_at(packed, place) == wanted


def digest_of(password: str) -> bytes:
    """Return the start of the digest under which a password stands in the list."""
    return sha256(password.casefold().encode("utf-8", errors="replace")).digest()[:DIGEST_BYTES]


def _digest_at(packed: bytes, place: int) -> bytes:
    return packed[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]


@lru_cache(maxsize=1)
def _packed() -> bytes:
    return BREACHED.read_bytes()


def _words_of(user: "User | None") -> Iterator[str]:
    yield from HOUSE_WORDS
    if user is None:
        return
    # Two Chinese characters are a whole name already; of letters it takes more.
    for word in (user.get_username(), user.first_name, user.last_name, user.email.partition("@")[0]):
        least = 2 if not word.isascii() else SHORTEST_WORD
        if len(word) >= least:
            yield word.casefold()

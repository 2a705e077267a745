"""Keeping a tip inside a company from the managers whom its words name (docs/adr/0037)."""

from collections.abc import Iterable

from django.contrib.auth.models import User

from complaints.crypto.errors import DecryptionError
from complaints.models import Enterprise, InternalTip
from complaints.rules.accused import named_among
from complaints.selectors.internal import managers_named, words_of_reporter


def keep_from_named(row: InternalTip, *, texts: Iterable[str]) -> None:
    """Keep a tip from the managers whom these texts name; nobody who was kept out comes in again."""
    row.kept_from.add(*managers_named(row.enterprise, texts=texts))


def keep_from_newcomer(*, user: User, enterprise: Enterprise) -> None:
    """Keep the tips of a company that name somebody from this person, who becomes one of its managers.

    Opens the words of every one of them; what cannot be opened is kept back too, as nobody knows whom it names.
    """
    rows = InternalTip.objects.filter(enterprise=enterprise).select_related("tip")
    for row in rows.iterator():
        if _names(row, user=user):
            row.kept_from.add(user)


def texts_of(row: InternalTip) -> list[str]:
    """Return every word a reporter gave a company, later ones among them; raises DecryptionError."""
    tip = row.tip
    return [tip.description, tip.address, row.workshop, row.post, row.suggestion, *words_of_reporter(row)]


def _names(row: InternalTip, *, user: User) -> bool:
    try:
        return bool(named_among(texts_of(row), names=[user.get_full_name()]))
    except DecryptionError:
        return True

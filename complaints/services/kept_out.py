"""Keeping a tip inside a company from the managers whom its words name (docs/adr/0037)."""

from collections.abc import Iterable, Iterator

from django.contrib.auth.models import User
from django.db import transaction

from complaints.crypto.errors import DecryptionError
from complaints.models import Enterprise, InternalTip
from complaints.rules.accused import named_among
from complaints.selectors.internal import managers_named, words_of_reporter

KEYS_AT_ONCE = 500


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


def check_unchecked() -> int:
    """Look whom the words of tips name that came in before anybody looked; return how many were looked at.

    Each in a transaction of its own, so many keys in memory at once: killed at any point, the next run goes on. A
    second run finds nothing. What cannot be opened is told to nobody and stays for the next run.

    Raises:
        DecryptionError: what the first of those met that cannot be opened; all others are done by then.
    """
    done, fault = 0, None
    for key in _unchecked():
        try:
            done += _check(key)
        except DecryptionError as error:
            fault = fault or error
    if fault is not None:
        raise fault
    return done


def _unchecked() -> Iterator[int]:
    """Yield the keys of such tips in their order, without a cursor that would stay open through the writes."""
    last = 0
    while True:
        rows = InternalTip.objects.filter(is_name_checked=False, pk__gt=last).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:KEYS_AT_ONCE])
        if not keys:
            return
        yield from keys
        last = keys[-1]


@transaction.atomic
def _check(key: int) -> int:
    rows = InternalTip.objects.select_for_update(of=("self",)).select_related("tip", "enterprise")
    row = rows.filter(pk=key, is_name_checked=False).first()
    if row is None:
        return 0
    keep_from_named(row, texts=texts_of(row))
    InternalTip.objects.filter(pk=key).update(is_name_checked=True)
    return 1


def texts_of(row: InternalTip) -> list[str]:
    """Return every word a reporter gave a company, later ones among them; raises DecryptionError."""
    tip = row.tip
    return [tip.description, tip.address, row.workshop, row.post, row.suggestion, *words_of_reporter(row)]


def _names(row: InternalTip, *, user: User) -> bool:
    try:
        return bool(named_among(texts_of(row), names=[user.get_full_name()]))
    except DecryptionError:
        return True

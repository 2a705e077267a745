"""Approvals and notes whose hours are over: nothing is handed out or read any more, and the note goes."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from complaints.enums import UnsealAct, UnsealStatus, UnsealTarget
from complaints.models import SealedNote, UnsealRequest

from .unsealing import append


def expire(*, at: datetime) -> int:
    """End every request whose time is over and delete its note; return how many ended. May run again and again.

    An approval nobody used in time, and a note nobody read in time. An original that was handed over as a file has no
    end: the asker confirms it when it has arrived.
    """
    keys = list(_overdue(at=at).values_list("pk", flat=True))
    return sum(_expire_locked(key=key, at=at) for key in keys)


def expire_own(*, row: UnsealRequest, at: datetime) -> None:
    """End earlier requests of the same person for the same thing whose time is over: they keep no new one away."""
    same = _overdue(at=at).filter(tip=row.tip, asker=row.asker, target=row.target, photo=row.photo)
    for key in list(same.values_list("pk", flat=True)):
        _expire_locked(key=key, at=at)


@transaction.atomic
def expire_all(*, at: datetime) -> int:
    """End every request nobody has finished, whatever time it has left, and delete all notes; return how many ended.

    For a database that was restored: what was approved before may have been withdrawn since. An original that was
    handed over as a file has no end here either.
    """
    SealedNote.objects.all().delete()
    running = Q(status__in=(UnsealStatus.ASKED, UnsealStatus.APPROVED, UnsealStatus.OPENED))
    handed_over = Q(target=UnsealTarget.ORIGINAL) & ~Q(delivered_at=None)
    rows = list(UnsealRequest.objects.select_related("tip").filter(running).exclude(handed_over))
    for row in rows:
        _end(row, at=at)
    return len(rows)


def _overdue(*, at: datetime) -> "QuerySet[UnsealRequest]":
    unused = Q(status__in=(UnsealStatus.APPROVED, UnsealStatus.OPENED), delivered_at=None, valid_until__lt=at)
    unread = Q(status=UnsealStatus.OPENED, note__keep_until__lt=at)
    return UnsealRequest.objects.filter(unused | unread)


@transaction.atomic
def _expire_locked(*, key: int, at: datetime) -> bool:
    row = UnsealRequest.objects.select_for_update(of=("self",)).select_related("tip").get(pk=key)
    if not _overdue(at=at).filter(pk=key).exists():
        return False
    SealedNote.objects.filter(request=row).delete()
    _end(row, at=at)
    return True


def _end(row: UnsealRequest, *, at: datetime) -> None:
    row.status = UnsealStatus.EXPIRED
    row.save(update_fields=["status"])
    append(row=row, act=UnsealAct.EXPIRE, actor=None, at=at)

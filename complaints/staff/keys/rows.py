"""What the key pages show: versions of the vault with who holds them, and jobs that move what is sealed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.enums import KeyOrigin, KeyState, ResealState
from complaints.models import KeyHolding, Reseal
from complaints.rules.reseal import valid_until
from complaints.selectors.keys import SealedCounts, holdings_by_vault, sealed_counts, standing_of, state_of
from complaints.selectors.vaults import VaultLine

from ..clockface import day_text
from ..labels import Chip
from ..story import minute_text, name_of

_KEY_TONES = {
    KeyState.IN_USE: "done",
    KeyState.PENDING: "wait",
    KeyState.EARLIER: "stop",
    KeyState.ALTERED: "bad",
}
_JOB_TONES = {
    ResealState.WAITING: "wait",
    ResealState.READY: "go",
    ResealState.REFUSED: "stop",
    ResealState.EXPIRED: "stop",
    ResealState.DONE: "done",
}


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """One version of the vault; `sealed` says what still lies under it, `may_move` that it may be moved on."""

    version: int
    chip: Chip
    fingerprint: str
    since: str
    holders: tuple[str, ...]
    sealed: str
    may_move: bool
    is_waiting: bool


@dataclass(frozen=True, kw_only=True)
class WayRow:
    """One key file on its way to the person who looks."""

    version: int
    fingerprint: str
    giver: str
    when: str


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """One job; `run_url` is empty for whoever may not work on it, `decide_url` for whoever may not decide."""

    title: str
    chip: Chip
    notes: tuple[str, ...]
    run_url: str
    decide_url: str


def version_rows(lines: Sequence[VaultLine], *, moving: Collection[int], today: date) -> list[VersionRow]:
    """Return the versions in words; two counts for each earlier version, one query for all holders.

    Args:
        moving: versions for which a job is open: nobody asks twice.
    """
    holders = holdings_by_vault()
    rows = [_version(line, holders.get(line.vault.version, []), today=today) for line in lines]
    return [replace(row, may_move=row.may_move and row.version not in moving) for row in rows]


def _sealed_words(counts: SealedCounts) -> str:
    if not counts.claims:
        values = {"names": counts.identities, "photos": counts.originals}
        return _("%(names)d names, %(photos)d originals") % values
    values = {"names": counts.identities, "claims": counts.claims, "photos": counts.originals}
    return _("%(names)d names, %(claims)d payment details, %(photos)d originals") % values


def _version(line: VaultLine, holdings: Sequence[KeyHolding], *, today: date) -> VersionRow:
    is_earlier = line.state == KeyState.EARLIER
    counts = sealed_counts(version=line.vault.version) if is_earlier else None
    return VersionRow(
        version=line.vault.version,
        chip=Chip(tone=_KEY_TONES[line.state], word=str(line.state.label)),
        fingerprint=line.fingerprint,
        since=day_text(line.vault.since_date, today=today),
        holders=tuple(_holder(row, today=today) for row in holdings),
        sealed=_sealed_words(counts) if counts else "",
        may_move=bool(counts and counts.total),
        is_waiting=line.state == KeyState.PENDING,
    )


def way_rows(holdings: Iterable[KeyHolding], *, today: date) -> list[WayRow]:
    """Return the key files on their way to somebody in words."""
    return [
        WayRow(
            version=row.vault_id,
            fingerprint=row.vault.fingerprint,
            giver=name_of(row.given_by),
            when=minute_text(row.held_at, today=today),
        )
        for row in holdings
    ]


def _holder(row: KeyHolding, *, today: date) -> str:
    when = minute_text(row.held_at, today=today)
    values = {"who": name_of(row.holder), "when": when, "how": KeyOrigin(row.origin).label}
    if row.given_by:
        told = _("%(who)s %(how)s by %(giver)s, %(when)s") % {**values, "giver": name_of(row.given_by)}
        if row.received_at is None:
            return _("%(what)s: on its way") % {"what": told}
        received = minute_text(row.received_at, today=today)
        return _("%(what)s; received, %(when)s") % {"what": told, "when": received}
    return _("%(who)s %(how)s, %(when)s") % values


def job_rows(jobs: Sequence[Reseal], *, user: User, decides: bool, now: datetime) -> list[JobRow]:
    """Return the jobs in words, with what this person may do about each; no query."""
    return [_job(job, user=user, decides=decides, now=now) for job in jobs]


def _job(job: Reseal, *, user: User, decides: bool, now: datetime) -> JobRow:
    state = state_of(job, now=now)
    may_run = state == ResealState.READY and job.asked_by_id == user.pk
    may_decide = decides and state == ResealState.WAITING and job.asked_by_id != user.pk
    return JobRow(
        title=_("Version %(old)d to version %(new)d") % {"old": job.source_id, "new": job.target_id},
        chip=Chip(tone=_JOB_TONES[state], word=str(state.label)),
        notes=tuple(_notes(job, now=now)),
        run_url=reverse("custody_keys:reseal", args=[job.public_id]) if may_run else "",
        decide_url=reverse("custody_keys:decide", args=[job.public_id]) if may_decide else "",
    )


def _notes(job: Reseal, *, now: datetime) -> list[str]:
    today = timezone.localdate(now)
    notes = [
        _("asked by %(who)s, %(when)s")
        % {"who": name_of(job.asked_by), "when": minute_text(job.asked_at, today=today)}
    ]
    if job.decided_by and job.decided_at:
        word = _("approved by %(who)s, %(when)s") if job.is_approved else _("refused by %(who)s, %(when)s")
        when = minute_text(job.decided_at, today=today)
        notes.append(word % {"who": name_of(job.decided_by), "when": when})
    end = valid_until(standing_of(job))
    if end and job.finished_at is None:
        notes.append(_("valid until %(when)s") % {"when": minute_text(end, today=today)})
    notes.append(_("%(n)d moved") % {"n": job.moved})
    return notes

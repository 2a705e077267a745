"""The daily task: what the calendar asks for without anybody pressing a button.

A job looks at how things stand and does what is still missing. So it may run twice, and after days off once is enough.
"""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from complaints.models import DailyRun
from complaints.rules.deadlines import calendar_digest
from complaints.selectors.deadlines import day_overlay
from portal.shared.daily_jobs import Job, registered
from portal.shared.services.sessions import clear_expired

from . import (
    checkpoints,
    claim_terms,
    day_cells,
    evidence_sweep,
    freezing,
    kept_out,
    late,
    notices,
    retention,
    turning,
    unseal_expiry,
    vault_alarm,
)
from .backups import scratch
from .internal_purge import purge_internal
from .recount import recount
from .register import recount_upheld

# A process that was killed in the middle leaves its row unfinished; after this time another one takes over.
PATIENCE = timedelta(hours=1)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class DailyReport:
    """What one run did: counts by the name of the job, and the jobs that broke off."""

    day: date
    counts: dict[str, int] = field(default_factory=dict)
    failed: tuple[str, ...] = ()


def _recount_periods(today: date, _now: datetime) -> int:
    """Count every open last day again when the overlay or the library has changed since the last time."""
    overlay = day_overlay()
    digest = calendar_digest(overlay=overlay)
    latest = DailyRun.objects.exclude(calendar_digest="").first()
    if latest is not None and latest.calendar_digest == digest:
        return 0
    moved = recount(overlay=overlay)
    DailyRun.objects.filter(day=today).update(calendar_digest=digest)
    return moved


def _supervise_overdue(_today: date, now: datetime) -> int:
    return late.raise_for_overdue(now=now)


def _supervise_whistles(_today: date, now: datetime) -> int:
    return late.raise_for_late_whistles(now=now)


def _supervise_arrivals(_today: date, now: datetime) -> int:
    return late.raise_for_late_arrivals(now=now)


def _supervise_referrals(_today: date, now: datetime) -> int:
    return late.raise_for_late_referrals(now=now)


def _supervise_rectifications(_today: date, now: datetime) -> int:
    return late.raise_for_late_rectifications(now=now)


def _supervise_deaths(_today: date, now: datetime) -> int:
    return late.raise_for_deaths(now=now)


def _raise_unanswered(_today: date, now: datetime) -> int:
    return late.raise_unanswered(now=now)


def _remind_of_police(_today: date, now: datetime) -> int:
    return late.remind_of_police(now=now)


def _raise_vault_alarm(today: date, _now: datetime) -> int:
    return vault_alarm.raise_if_swapped(today=today, pinned=settings.VAULT_FINGERPRINT)


def _expire_openings(_today: date, now: datetime) -> int:
    return unseal_expiry.expire(at=now)


def _send_notices(today: date, _now: datetime) -> int:
    return notices.send_waiting(today=today)


def _remind_of_claims(_today: date, now: datetime) -> int:
    return claim_terms.remind(now=now)


def _forfeit_claims(_today: date, now: datetime) -> int:
    return claim_terms.forfeit(now=now)


def _recount_upheld(today: date, _now: datetime) -> int:
    return recount_upheld(today=today)


def _check_names(_today: date, _now: datetime) -> int:
    """Keep tips of before that rule from the managers they name; first, as who may read decides what goes outside."""
    return kept_out.check_unchecked()


def _look_after_internal(today: date, now: datetime) -> int:
    return turning.remind_and_turn(today=today, now=now)


def _close_periods(today: date, now: datetime) -> int:
    """Close the reports whose day has come: before anything is purged that they count."""
    return freezing.freeze_due(today=today, at=now)


def _purge_internal(today: date, now: datetime) -> int:
    return purge_internal(as_of=today, at=now)


def _purge(today: date, now: datetime) -> int:
    return retention.purge(as_of=today, at=now).tips


def _keep_daily_sums(_today: date, now: datetime) -> int:
    """Count the days that changed again: after the purge, so that nothing of what it destroyed is left in a sum."""
    return day_cells.keep_up(at=now)


def _sweep(_today: date, _now: datetime) -> int:
    """Clear what killed processes left: files without a row, half-written photos, copies of the database."""
    return evidence_sweep.sweep_orphans() + scratch.clear_dead()


def _settle_evidence(_today: date, _now: datetime) -> int:
    """Let what a store says of its objects tell a night instead of a moment; folders tell days from the beginning."""
    return evidence_sweep.settle_days()


def _clear_sessions(_today: date, now: datetime) -> int:
    return clear_expired(now=now)


def _refresh_planner(_today: date, _now: datetime) -> int:
    """Let SQLite look at what its indexes hold now, as PostgreSQL does by itself; no record changes."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
    return 0


def _sign_checkpoint(_today: date, now: datetime) -> int:
    """Sign the end of the audit log outside the database; a log at fault breaks this job off, which is reported."""
    return int(checkpoints.sign_now(at=now))


# In this order: what runs out is known after the periods were counted again, and letters go out last.
# Further daily work joins before them; that of other apps comes first (portal.shared.daily_jobs).
JOBS: tuple[Job, ...] = (
    Job(name="recount_periods", work=_recount_periods),
    Job(name="raise_unanswered", work=_raise_unanswered),
    Job(name="supervise_deaths", work=_supervise_deaths),
    Job(name="supervise_overdue", work=_supervise_overdue),
    Job(name="supervise_whistles", work=_supervise_whistles),
    Job(name="supervise_arrivals", work=_supervise_arrivals),
    Job(name="supervise_referrals", work=_supervise_referrals),
    Job(name="supervise_rectifications", work=_supervise_rectifications),
    Job(name="remind_of_police", work=_remind_of_police),
    # Reminded first: what nobody was reminded of does not lapse the same day.
    Job(name="remind_of_claims", work=_remind_of_claims),
    Job(name="forfeit_claims", work=_forfeit_claims),
    Job(name="check_names", work=_check_names),
    Job(name="look_after_internal", work=_look_after_internal),
    Job(name="recount_upheld", work=_recount_upheld),
    Job(name="close_periods", work=_close_periods),
    Job(name="purge_internal", work=_purge_internal),
    Job(name="purge", work=_purge),
    Job(name="daily_sums", work=_keep_daily_sums),
    Job(name="sweep", work=_sweep),
    Job(name="settle_evidence", work=_settle_evidence),
    Job(name="clear_sessions", work=_clear_sessions),
    Job(name="vault_alarm", work=_raise_vault_alarm),
    Job(name="expire_openings", work=_expire_openings),
    Job(name="refresh_planner", work=_refresh_planner),
    Job(name="audit_checkpoint", work=_sign_checkpoint),
    Job(name="send_notices", work=_send_notices),
)


def run_daily(*, today: date, now: datetime) -> DailyReport:
    """Do the work of the day, at any time and as often as one likes; a second run finds nothing left to do.

    A job that breaks off does not keep the others from running: it is named in the report and in the log, and the day
    counts as unfinished.
    """
    DailyRun.objects.get_or_create(day=today, defaults={"started_at": now})
    done = {job.name: _outcome(job, today=today, now=now) for job in (*registered(), *JOBS)}
    report = DailyReport(
        day=today,
        counts={name: count for name, count in done.items() if count is not None},
        failed=tuple(name for name, count in done.items() if count is None),
    )
    _keep(report, now=now)
    return report


def run_if_due(*, today: date, now: datetime) -> DailyReport | None:
    """Do the work of the day unless it was done, or another process is at it."""
    return run_daily(today=today, now=now) if _claimed(today=today, now=now) else None


def _claimed(*, today: date, now: datetime) -> bool:
    """Take the row of the day; only one process succeeds, and a row left behind is taken over after PATIENCE."""
    try:
        with transaction.atomic():
            DailyRun.objects.create(day=today, started_at=now)
    except IntegrityError:
        left = DailyRun.objects.filter(day=today, finished_at=None, started_at__lt=now - PATIENCE)
        return left.update(started_at=now) == 1
    return True


def _outcome(job: Job, *, today: date, now: datetime) -> int | None:
    try:
        return job.work(today, now)
    except Exception as error:  # noqa: BLE001  one job must not stop the others; its name is reported
        logger.error("daily job %s broke off: %s", job.name, type(error).__name__)
        return None


def _keep(report: DailyReport, *, now: datetime) -> None:
    """Note what was done; of several runs of a day the counts add up."""
    with transaction.atomic():
        row = DailyRun.objects.select_for_update().get(day=report.day)
        row.counts = {name: row.counts.get(name, 0) + count for name, count in report.counts.items()}
        row.failed = list(report.failed)
        row.finished_at = None if report.failed else now
        row.save(update_fields=["counts", "failed", "finished_at"])

"""What an operator should look at before a node serves: asked by `/readyz`, and by `check --database default`.

Only what makes this very node useless is an error (503, so that a gateway asks another one). A full disk or a task
that has not run is told in words and stays 200: with every node away nobody could even read that the disk is full.
"""

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.utils import timezone

from complaints.models import AuditRow, DailyRun, Tip
from complaints.selectors.machine import has_table, opens_content
from complaints.services.checkpoints import checkpoint_file

# One tip with all its photos, twice: the sealed original and the shown copy.
LEAST_BYTES = 4 * settings.PHOTOS_MAX_BYTES
# Once a day, and two hours for a slow machine or a timer that was moved.
LONGEST_BETWEEN_RUNS = timedelta(hours=26)
# A timer signs the end of the log every ten minutes.
LONGEST_UNSIGNED = timedelta(hours=1)
PROBE, PROBE_SECONDS = "readyz", 60


@register(Tags.database, "readiness")
def content_opens(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """With another key ring than its data this node could show no tip and would write what others cannot read."""
    if not databases or not has_table(Tip, "default") or opens_content() is not False:
        return []
    text = "KEY_RING does not open the newest tip."
    return [Error(text, hint="Give this node the ring of the others.", id="complaints.E004")]


@register("readiness")
def evidence_has_room(**_kwargs: Any) -> list[CheckMessage]:
    """Photos need a folder that can be written and some room in it; tips without photos pass all the same."""
    if settings.STORAGE_URL:
        return []
    # Before the first photo the folder is not there: what counts is where it will be made.
    folder = next(one for one in (settings.EVIDENCE_ROOT, *settings.EVIDENCE_ROOT.parents) if one.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        return [Caution("The folder of photos cannot be written.", id="complaints.W008")]
    if shutil.disk_usage(folder).free < LEAST_BYTES:
        return [Caution("The disk of photos is nearly full.", id="complaints.W008")]
    return []


@register(Tags.database, "readiness")
def daily_task_runs(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Without the daily task nobody is reminded, nothing is supervised and nothing is deleted in time."""
    if not databases or not has_table(DailyRun, "default"):
        return []
    run = DailyRun.objects.exclude(finished_at=None).first()
    if run is None:
        return []
    assert run.finished_at is not None
    if timezone.now() - run.finished_at > LONGEST_BETWEEN_RUNS:
        return [Caution("The daily task has not ended since yesterday.", id="complaints.W009")]
    if run.failed:
        return [Caution(f"The daily task broke off in: {', '.join(run.failed)}.", id="complaints.W009")]
    return []


@register(Tags.database, "readiness")
def log_is_signed(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """What was recorded since the last signature could be cut off unseen by whoever writes to the database."""
    if not databases or not has_table(AuditRow, "default"):
        return []
    path, until = checkpoint_file(), timezone.now() - LONGEST_UNSIGNED
    # Along the order of the log, which ends at the first row that is old enough: never through all of it.
    newest = AuditRow.objects.filter(taken_at__lt=until).order_by("-sequence").only("taken_at").first()
    signed = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC) if path.exists() else None
    if newest is not None and (signed is None or newest.taken_at > signed):
        return [Caution("The end of the audit log has not been signed for an hour.", id="complaints.W010")]
    return []


@register("readiness")
def cache_answers(**_kwargs: Any) -> list[CheckMessage]:
    """Nodes share what they count and what was solved; without it each process counts for itself."""
    try:
        cache.set(PROBE, 1, PROBE_SECONDS)
        is_there = cache.get(PROBE) == 1 and not getattr(cache, "is_away", False)
    except Exception:  # noqa: BLE001  any fault of any driver means the same
        is_there = False
    return [] if is_there else [Caution("The shared cache does not answer.", id="complaints.W011")]

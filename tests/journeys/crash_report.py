"""Looks at a data folder after crashes, in a process of its own: what is there, whether it is whole, what was left."""

import json
import sys

import django


def main() -> None:
    """Print what was found as JSON."""
    django.setup()
    from django.db import connection

    from complaints.models import Tip
    from complaints.services.audit_check import first_fault
    from complaints.services.evidence_sweep import sweep_orphans

    found = {
        "tips": {tip.number: broken(tip) for tip in Tip.objects.all()},
        "audit": first_fault(),
        "swept": [sweep_orphans(), sweep_orphans()],
    }
    found["database"] = _database_fault(connection) or "ok"
    sys.stdout.write(json.dumps(found))


def _database_fault(connection) -> str:  # type: ignore[no-untyped-def]  # see below
    """Return what the engine finds wrong with its own files; PostgreSQL replays its log before it lets anybody in."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        found: str = cursor.fetchone()[0]
    return "" if found == "ok" else found


def broken(tip) -> list[str]:  # type: ignore[no-untyped-def]  # the type belongs to an app that is loaded later
    """Return what is missing from a tip, in words; an empty list for a whole one."""
    photos = list(tip.photos.all())
    missing = [] if len(photos) == tip.photo_count else [f"{len(photos)} of {tip.photo_count} photos"]
    missing += [] if tip.receipts.count() >= 1 else ["no receipt"]
    missing += [] if [step.action for step in tip.steps.all()] == ["register"] else ["no history"]
    missing += [] if tip.description and tip.address else ["no words"]
    return missing + [fault for photo in photos for fault in broken_files(photo)]


def broken_files(photo) -> list[str]:  # type: ignore[no-untyped-def]  # see above
    """Return which files of a photo are missing or do not open."""
    from complaints.crypto.errors import CryptoError
    from complaints.services.evidence import evidence_storage, read_photo

    faults = [] if evidence_storage().exists(photo.path_of("original")) else ["no original"]
    for part in ("shown", "thumb"):
        try:
            whole = read_photo(evidence=photo, part=part).startswith(b"\xff\xd8")
            faults += [] if whole else [f"{part} is no photo"]
        except (OSError, CryptoError) as error:
            faults.append(f"{part}: {type(error).__name__}")
    return faults


if __name__ == "__main__":
    main()

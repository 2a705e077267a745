"""Kills rotations of the content key at random moments and looks whether everything opens; a process of its own."""

import base64
import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Iterator

import django

ROUNDS = 20
TIPS, PHOTOS = 6, 1


def main() -> None:
    """Fill the data folder, kill so many rotations, finish the last one, and print what was found as JSON."""
    django.setup()
    from django.conf import settings

    fill()
    ring = settings.KEY_RING
    settings.KEY_RING = f"{new_key(0)},{ring}"
    started = time.monotonic()
    run(patience=60.0)
    whole, moments, rounds = time.monotonic() - started, random.Random(11), []
    for number in range(1, ROUNDS + 1):
        settings.KEY_RING = f"{new_key(number)},{settings.KEY_RING}"
        killed = run(patience=moments.uniform(0.0, whole))
        rounds.append({"killed": killed, "broken": broken(), "left": left()})
    rotate()
    settings.KEY_RING = settings.KEY_RING.split(",")[0]
    sys.stdout.write(json.dumps({"rounds": rounds, "last": broken(), "database": integrity()}))


def new_key(number: int) -> str:
    """Return a new key; the suites take turns."""
    secret = base64.b64encode(bytes([number + 1]) * 32).decode()
    return f"r{number}:{('intl', 'gm')[number % 2]}:{secret}"


def fill() -> None:
    """Send some tips with photos."""
    from benchmarks.city import main as city
    from tests.factories import submit

    city()
    for _number in range(TIPS):
        submit(photos=PHOTOS, entity_name="西安某化工有限公司")


def run(*, patience: float) -> bool:
    """Rotate in a child and kill it when patience ends; return whether it had to be killed."""
    from django.db import connections

    connections.close_all()
    ended, at_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            rotate()
        finally:
            # Whatever happens, no second copy of this process may go on from here.
            os._exit(0)
    os.close(at_end)
    ready, _writing, _faults = select.select([ended], [], [], patience)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(ended)
    return not ready


def rotate() -> None:
    """Rotate once, in this process."""
    from complaints.services.rotation import rotate as work
    from tests.factories import TODAY

    work(today=TODAY)


def broken() -> list[str]:
    """Return what does not open with the ring of the day."""
    from tests.journeys.crash_report import broken_files

    found = [one for row in every_row() for one in unreadable(row)]
    return found + [one for photo in every_photo() for one in broken_files(photo)]


def every_row() -> Iterator:  # type: ignore[type-arg]  # models belong to apps that are loaded later
    """Yield every row with encrypted text."""
    from complaints.services.rotation import sealed_models

    for model in sealed_models():
        yield from model._base_manager.all()


def every_photo() -> list:  # type: ignore[type-arg]  # see above
    """Return all photos."""
    from complaints.models import Evidence

    return list(Evidence.objects.all())


def unreadable(row) -> list[str]:  # type: ignore[no-untyped-def]  # see above
    """Return the encrypted texts of a row that do not open."""
    from complaints.crypto.errors import CryptoError
    from complaints.models.sealed import sealed_fields

    found = []
    for text in sealed_fields(type(row)):
        try:
            getattr(row, text.name)
        except CryptoError as error:
            found.append(f"{row._meta.label}.{text.name}: {error}")
    return found


def left() -> list[int]:
    """Return how many tips are under the active key and how many are not."""
    from complaints.models import Tip
    from complaints.models.sealed import active_keyring

    ring = active_keyring()
    fresh = [ring.is_active(token) for token in Tip.objects.values_list("description_sealed", flat=True)]
    return [fresh.count(True), fresh.count(False)]


def integrity() -> str:
    """Return what SQLite says about its file."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return str(cursor.fetchone()[0])


if __name__ == "__main__":
    main()

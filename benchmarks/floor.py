"""The floor: what a tip costs at least, in one process without web server, middleware, views and rules.

Parse the multipart body, make the photo clean, encrypt and seal it, hash the receipt, write files and rows.
"""

import argparse
import io
import json
import resource
import time
from pathlib import Path
from secrets import token_hex

import django
from django.conf import settings

from benchmarks.requests import CONTENT_TYPE, form_body


def main() -> None:
    """Measure so many tips after one to warm up and print CPU and wall seconds per tip as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("photo", type=Path)
    parser.add_argument("tips", type=int)
    options = parser.parse_args()
    django.setup()
    photo = options.photo.read_bytes()
    one_tip(photo)
    cpu, wall = _cpu(), time.perf_counter()
    for _ in range(options.tips):
        one_tip(photo)
    cost = {"cpu": (_cpu() - cpu) / options.tips, "wall": (time.perf_counter() - wall) / options.tips}
    cost["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(cost))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def one_tip(photo: bytes) -> None:
    """Take one tip by the shortest way."""
    from complaints.selectors.vaults import current_vault
    from complaints.services import evidence, receipts

    key = token_hex(16)
    upload = _parsed(form_body(photo=photo, key=key))
    vault = current_vault(pinned=settings.VAULT_FINGERPRINT)
    photos = evidence.prepare_photos(uploads=[upload], vault=vault, binding=key)
    with evidence.stored(photos=photos):
        _insert(key=key, photos=photos, receipt=receipts.new_receipt())


def _parsed(body: bytes):  # type: ignore[no-untyped-def]  # the types belong to apps that are not loaded yet
    from django.core.files.uploadhandler import load_handler
    from django.http.multipartparser import MultiPartParser

    from complaints.services.evidence import read_uploads

    meta = {"CONTENT_TYPE": CONTENT_TYPE, "CONTENT_LENGTH": len(body)}
    handlers = [load_handler(name, None) for name in settings.FILE_UPLOAD_HANDLERS]
    _fields, files = MultiPartParser(meta, io.BytesIO(body), handlers).parse()
    return read_uploads(files.getlist("photos"))[0]


def _insert(*, key: str, photos, receipt) -> None:  # type: ignore[no-untyped-def]  # see above
    from django.db import transaction
    from django.utils import timezone

    from complaints.models import Office, Tip
    from complaints.rules.numbers import new_number
    from complaints.services import evidence

    today = timezone.localdate()
    with transaction.atomic():
        tip = Tip(number=new_number(year=today.year), idempotency_key=key, content_digest=bytes(32))
        tip.received_date, tip.handling_unit, tip.photo_count = today, Office.objects.first(), 1
        tip.identity_mode, tip.description, tip.address = "anonymous", "二楼打磨间全是铝粉", "科技路 18 号"
        tip.save(force_insert=True)
        evidence.attach_photos(tip=tip, photos=photos, vault=None, first=0)
        receipt.row.tip = tip
        receipt.row.save(force_insert=True)


if __name__ == "__main__":
    main()

"""A photo of twelve megapixels passes through the whole web stack and leaves no plain byte on any disk."""

import json
import os
import tempfile
from pathlib import Path
from secrets import token_hex

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from complaints.models import Evidence
from complaints.services.evidence import read_photo
from tests import database_bytes
from tests.disk_watch import opened_for_writing
from tests.factories import jpeg
from tests.fixtures import City

MAKER = "MARKER-CAMERA-7731"
PHOTO = {"width": 4000, "height": 3000, "maker": MAKER, "grain": 30}


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the temporary folder of this process, empty and its own."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def send(door: str, data: bytes) -> int:
    client, key = Client(), token_hex(16)
    photo = SimpleUploadedFile("photo.jpg", data, "image/jpeg")
    if door == "form":
        fields = {"description": "粉尘", "address": "某路", "idempotency_key": key, "photos": [photo]}
        return client.post("/report/", fields).status_code
    tip = json.dumps({"description": "粉尘", "address": "某路"})
    return client.post(
        "/api/v1/tips", {"tip": tip, "photos": [photo]}, headers={"Idempotency-Key": key}
    ).status_code


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("door", "status"), [("form", 200), ("api", 201)])
def test_no_plain_photo_touches_the_disk(
    city: City, evidence_root: Path, watched: Path, settings: Settings, door: str, status: int
) -> None:
    data = jpeg(**PHOTO)
    assert len(data) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE  # Django would have used a temporary file

    with opened_for_writing() as opened:
        answered = send(door, data)

    photo = Evidence.objects.get()
    shown = read_photo(evidence=photo, part="shown")
    assert (answered, len(shown) > 10_000) == (status, True)
    assert {path for path in opened if not path.is_relative_to(evidence_root)} == set()
    assert list(watched.iterdir()) == []
    left = database_bytes.folder(evidence_root) + database_bytes.files() + database_bytes.dumped()
    for plain in (MAKER.encode(), data[2000:2040], data[-2000:-1960], shown[2000:2040]):
        assert plain not in left
    assert len([path for path in opened if path.suffix == ".part"]) == 3


@pytest.mark.django_db
def test_a_refused_photo_touches_nothing_at_all(city: City, evidence_root: Path, watched: Path) -> None:
    with opened_for_writing() as opened:
        answered = send("api", jpeg(**PHOTO)[:200_000])

    assert answered == 422
    assert opened == set()
    assert not evidence_root.exists()


def test_the_watch_sees_writing_and_not_reading(tmp_path: Path) -> None:
    (tmp_path / "read").write_text("x", encoding="utf-8")

    with opened_for_writing() as opened:
        (tmp_path / "read").read_text(encoding="utf-8")
        (tmp_path / "written").write_bytes(b"x")
        os.close(os.open(tmp_path / "made", os.O_CREAT | os.O_WRONLY))

    assert opened == {tmp_path / "written", tmp_path / "made"}

"""Uploads: in memory only, too large ones cut off while the rest of the form goes on."""

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pytest_django import Settings

from portal.shared.uploads import CutOffFile, MemoryUploadHandler, body_length

MIB = 1024 * 1024


@pytest.fixture
def small(settings: Settings) -> None:
    settings.PHOTO_MAX_BYTES = MIB
    settings.PHOTOS_MAX_BYTES = 2 * MIB


def post(*sizes: int, **fields: str) -> HttpRequest:
    photos = [SimpleUploadedFile(f"{number}.jpg", b"x" * size) for number, size in enumerate(sizes)]
    return RequestFactory().post("/", {"photos": photos, **fields})


def read(request: HttpRequest) -> list[Any]:
    return request.FILES.getlist("photos")


def test_only_our_handler_is_used(settings: Settings) -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["portal.shared.uploads.MemoryUploadHandler"]


def test_a_file_arrives_whole_and_in_memory() -> None:
    (file,) = read(post(3 * MIB))

    assert isinstance(file, InMemoryUploadedFile)
    assert isinstance(file.file, BytesIO)
    assert (file.size, len(file.read()), file.name, file.field_name) == (3 * MIB, 3 * MIB, "0.jpg", "photos")


def test_an_empty_file_is_an_empty_file() -> None:
    (file,) = read(post(0))

    assert (file.size, file.read(), isinstance(file, CutOffFile)) == (0, b"", False)


@pytest.mark.parametrize(("size", "cut"), [(MIB - 1, False), (MIB, False), (MIB + 1, True), (3 * MIB, True)])
def test_a_file_beyond_the_limit_is_cut_off(small: None, size: int, cut: bool) -> None:
    (file,) = read(post(size))

    assert (isinstance(file, CutOffFile), file.size) == (cut, size)
    assert file.read() == (b"" if cut else b"x" * size)


def test_the_rest_of_the_form_survives_a_large_file(small: None) -> None:
    request = post(3 * MIB, 100, description="冲床", address="某路")

    assert [isinstance(file, CutOffFile) for file in read(request)] == [True, False]
    assert (request.POST["description"], request.POST["address"]) == ("冲床", "某路")


def test_what_goes_beyond_the_whole_is_cut_off_and_takes_no_memory(small: None) -> None:
    files = read(post(*[MIB] * 8))

    kept = [file for file in files if not isinstance(file, CutOffFile)]
    assert (len(files), len(kept)) == (8, 6)  # 2 MiB and the 4 MiB that texts and headers may take
    assert all(not file.file.getbuffer().nbytes for file in files if isinstance(file, CutOffFile))


def test_far_beyond_anything_every_file_is_still_named_and_the_form_goes_on(small: None) -> None:
    request = post(*[MIB] * 14, 13 * MIB, description="last")

    files = read(request)
    assert [file.size for file in files] == [MIB] * 14 + [13 * MIB]
    assert [isinstance(file, CutOffFile) for file in files] == [False] * 6 + [True] * 9
    assert request.POST["description"] == "last"


@pytest.mark.parametrize(
    ("announced", "length"),
    [
        ("0", 0),
        ("17", 17),
        ("", 0),
        (None, 0),
        ("x", 0),
        ("-1", 0),
        ("1_0", 0),
        ("\u0661", 0),
        ("9" * 30, 10**30 - 1),
    ],
)
def test_the_announced_length_of_a_body(announced: str | None, length: int) -> None:
    request = RequestFactory().post("/")
    request.META["CONTENT_LENGTH"] = announced

    assert body_length(request=request) == length


@pytest.mark.parametrize(("over", "status"), [(0, 405), (1, 413)])
def test_a_body_beyond_the_bound_is_refused_unread(
    settings: Settings, db: None, over: int, status: int
) -> None:
    body = BytesIO(b"x" * 1000)

    answer = Client().get(
        "/language/", CONTENT_LENGTH=str(settings.BODY_MAX_BYTES + over), **{"wsgi.input": body}
    )

    assert answer.status_code == status
    assert body.tell() == 0


def test_the_bound_leaves_room_for_a_video_of_a_phone(settings: Settings) -> None:
    assert settings.BODY_MAX_BYTES >= 400 * MIB


def test_nothing_is_written_to_a_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(tempfile, "mkstemp", None)

    read(post(5 * MIB))

    assert list(tmp_path.iterdir()) == []


def test_a_handler_tells_name_and_type(db: None) -> None:
    handler = MemoryUploadHandler()
    handler.handle_raw_input(None, {}, 0, b"")
    handler.new_file("photos", "", "image/jpeg", None)
    assert handler.receive_data_chunk(b"abc", 0) is None

    file = handler.file_complete(3)

    assert (file.name, file.content_type, file.read()) == ("upload", "image/jpeg", b"abc")

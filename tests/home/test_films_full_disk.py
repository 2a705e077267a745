"""A disk that is full while a film is stored: words instead of an error page, and nothing half-stored."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from complaints.enums import Role
from complaints.errors import StorageFull
from home.models import SiteVideo
from tests.home.outreach_parts import VTT, add_video, film
from tests.signin import enter, give_app, staff

pytestmark = pytest.mark.django_db
ADD = "wagtailsnippets_home_sitevideo:add"
EDIT = "wagtailsnippets_home_sitevideo:edit"


def files(root: Path) -> list[str]:
    """Return every file of films and captions."""
    return sorted(
        str(path.relative_to(root))
        for folder in ("videos", "captions")
        for path in (root / folder).glob("**/*")
        if path.is_file()
    )


class FullDisk:
    """Lets so many files through; of the next one it stores a part, or nothing, and fails. Pictures it takes."""

    def __init__(self, *, after: int, code: int = errno.ENOSPC, part: bool = True) -> None:
        self.left, self.code, self.part, self.fired = after, code, part, False

    def __enter__(self) -> "FullDisk":
        original, disk = FileSystemStorage._save, self

        def _save(storage: FileSystemStorage, name: str, content: Any) -> str:
            if name.startswith(("videos/", "captions/")) and not disk.fired:
                disk.left -= 1
                if disk.left < 0:
                    disk.fired = True
                    if disk.part:
                        path = Path(storage.path(name))
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_bytes(content.read()[:40])
                    raise OSError(disk.code, os.strerror(disk.code))
            return original(storage, name, content)

        self._patch = mock.patch.object(FileSystemStorage, "_save", _save)
        self._patch.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._patch.stop()


@pytest.fixture(params=[0, 1], ids=["at the film", "at the captions"])
def full(request: pytest.FixtureRequest) -> Iterator[FullDisk]:
    """Make the disk full at the film, or behind it at its captions."""
    with FullDisk(after=request.param) as disk:
        yield disk


# --- the model -------------------------------------------------------------------------------------------------------


def test_nothing_is_half_stored(media_root: Path, full: FullDisk) -> None:
    with pytest.raises(StorageFull):
        add_video()

    assert full.fired
    assert files(media_root) == []
    assert not SiteVideo.objects.exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS])
def test_every_fault_of_the_disk_is_one_refusal(media_root: Path, code: int) -> None:
    with FullDisk(after=0, code=code), pytest.raises(StorageFull):
        add_video()

    assert files(media_root) == []


def test_with_room_again_it_is_stored(media_root: Path, full: FullDisk) -> None:
    with pytest.raises(StorageFull):
        add_video()

    add_video()

    assert len(files(media_root)) == 2


def test_not_even_a_part_of_it_was_written(media_root: Path) -> None:
    with FullDisk(after=0, part=False), pytest.raises(StorageFull):
        add_video()

    assert files(media_root) == []
    assert not SiteVideo.objects.exists()


def test_the_old_film_stays_when_the_new_one_finds_no_room(media_root: Path) -> None:
    video = add_video()
    before, words = files(media_root), SiteVideo.objects.get().file.read()
    video.file = ContentFile(film(), name="new.mp4")
    video.title = "新题目"

    with FullDisk(after=0), pytest.raises(StorageFull):
        video.save()

    assert files(media_root) == before
    kept = SiteVideo.objects.get()
    assert (kept.title, kept.file.read()) == ("下池之前的六步", words)


def test_a_row_that_is_refused_leaves_no_film(media_root: Path) -> None:
    with (
        mock.patch.object(SiteVideo, "save_base", side_effect=DatabaseError("full")) as refused,
        pytest.raises(DatabaseError),
    ):
        add_video()

    assert refused.called
    assert files(media_root) == []


def test_a_row_the_database_refuses_takes_its_files_along(media_root: Path) -> None:
    with pytest.raises(DatabaseError):
        add_video(seconds=None)

    assert files(media_root) == []


def test_a_disk_that_cannot_delete_either_still_says_the_first_thing(media_root: Path) -> None:
    broken = mock.patch.object(FileSystemStorage, "delete", side_effect=OSError(errno.EIO, "broken"))

    with broken, FullDisk(after=0), pytest.raises(StorageFull):
        add_video()


# --- the form --------------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(db: None) -> Client:
    """Return the browser of an editor."""
    user = staff(Role.EDITOR)
    give_app(user)
    return enter(Client(), user)


def sent(poster: int) -> dict[str, Any]:
    """Return a filled form."""
    return {
        "title": "下池之前的六步",
        "title_en": "",
        "seconds": "95",
        "poster": str(poster),
        "transcript": "先通风，再检测，最后才下池。",
        "file": SimpleUploadedFile("a.mp4", film(), content_type="video/mp4"),
        "captions": SimpleUploadedFile("a.vtt", VTT, content_type="text/vtt"),
    }


def test_the_editor_is_told_and_loses_no_word(editor: Client, media_root: Path) -> None:
    poster = add_video().poster_id
    SiteVideo.objects.all().delete()
    before = files(media_root)

    with FullDisk(after=0) as disk:
        answer = editor.post(reverse(ADD), sent(poster))

    html = answer.content.decode()
    assert disk.fired
    assert answer.status_code == 503
    assert "服务器存储空间已满" in html
    assert "先通风，再检测，最后才下池。" in html
    assert "下池之前的六步" in html
    assert not SiteVideo.objects.exists()
    assert files(media_root) == before


def test_the_same_form_goes_through_when_there_is_room(editor: Client, media_root: Path) -> None:
    poster = add_video().poster_id
    SiteVideo.objects.all().delete()

    answer = editor.post(reverse(ADD), sent(poster))

    assert answer.status_code == 302
    assert SiteVideo.objects.get().transcript == "先通风，再检测，最后才下池。"


def test_an_edit_without_room_leaves_the_old_film(editor: Client, media_root: Path) -> None:
    video = add_video()
    before = files(media_root)

    with FullDisk(after=0):
        answer = editor.post(reverse(EDIT, args=[video.pk]), sent(video.poster_id) | {"title": "新题目"})

    assert answer.status_code == 503
    assert "新题目" in answer.content.decode()
    assert SiteVideo.objects.get().title == "下池之前的六步"
    assert files(media_root) == before

"""Films hold picture and sound and nothing else, and keep every byte of those where it was."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from home.captions import CAPTIONS_MAX_BYTES, CaptionsError, captions
from home.demo import DATA
from home.films import FilmError, cleaned_film
from home.models import SiteVideo
from home.models.videos import VIDEO_MAX_BYTES
from portal.shared.uploads import CutOffFile
from tests.home.outreach_parts import VTT, add_video, box, dated, film, track

MARKS = (b"Marker-Phone-9917", b"+34.2212", b"\xe1\xe1\xe1\xe1", b"\xe2\xe2\xe2\xe2")


def code_of(data: bytes) -> str:
    """Return why a film is refused."""
    with pytest.raises(FilmError) as refused:
        cleaned_film(data)
    return refused.value.code


def outcome(data: bytes) -> str:
    """Return why a film is refused, or `taken` when it comes back in its length."""
    try:
        fresh = cleaned_film(data)
    except FilmError as refused:
        return refused.code
    return "taken" if len(fresh) == len(data) else "changed"


# --- films ------------------------------------------------------------------------------------------------------


def test_place_maker_and_moments_are_gone() -> None:
    data = film()
    assert all(mark in data for mark in MARKS)

    fresh = cleaned_film(data)

    assert [mark for mark in MARKS if mark in fresh] == []


def test_every_byte_of_the_picture_stays_where_it_was() -> None:
    data = film()

    fresh = cleaned_film(data)

    assert len(fresh) == len(data)
    begin = data.index(b"mdat")
    assert fresh[begin:] == data[begin:]
    assert fresh.index(b"moov") == data.index(b"moov")


def test_cleaning_twice_changes_nothing() -> None:
    once = cleaned_film(film())

    assert cleaned_film(once) == once


@pytest.mark.parametrize("kind", [b"udta", b"meta", b"uuid", b"ilst", b"loci", b"keys", b"Xtra", b"skip"])
def test_every_telling_box_is_emptied(kind: bytes) -> None:
    fresh = cleaned_film(film(extra=box(kind, b"Marker-Phone-9917")))

    assert kind not in fresh
    assert b"Marker" not in fresh


@pytest.mark.parametrize("kind", [b"free", b"beam", b"thum", b"SDLN"])
def test_what_stands_beside_the_film_is_emptied(kind: bytes) -> None:
    """Crossed-out boxes keep their words, and makers put boxes of their own behind the film."""
    fresh = cleaned_film(film() + box(kind, b"Marker-Phone-9917"))

    assert b"Marker" not in fresh


def test_boxes_of_a_film_in_pieces_are_emptied() -> None:
    piece = box(b"moof", box(b"traf", box(b"uuid", b"Marker-Phone-9917")))

    assert b"Marker" not in cleaned_film(film() + piece)


def test_box_inside_a_track_is_emptied() -> None:
    inside = box(b"trak", track()[8:], box(b"udta", b"Marker-Phone-9917"))

    assert b"Marker" not in cleaned_film(film(inside, extra=b""))


def test_box_with_a_long_length_is_read() -> None:
    long = (1).to_bytes(4, "big") + b"mdat" + (16 + 5).to_bytes(8, "big") + b"hello"

    assert cleaned_film(film() + long).endswith(b"hello")


def test_last_box_may_reach_to_the_end() -> None:
    assert cleaned_film(film() + (0).to_bytes(4, "big") + b"mdat" + b"rest").endswith(b"rest")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 40,
        b"<html>",
        b"\x1aE\xdf\xa3webm",
        b"RIFF....AVI ",
        box(b"ftyp", b"heic", bytes(4), b"mif1") + b"\0" * 20,
    ],
)
def test_other_kinds_are_refused(data: bytes) -> None:
    assert code_of(data) == "type"


@pytest.mark.parametrize(
    "data",
    [
        film()[:-3],
        film()[:200],
        film() + b"\0\0\0\x04free",
        film() + b"\0\0\xff\xffmdat",
        box(b"ftyp", b"isom", bytes(4)),
        box(b"ftyp", b"isom", bytes(4)) + box(b"moov", track()),
        film(box(b"trak", box(b"tkhd", b"\0"))),
        film(box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 12)))),
    ],
)
def test_damaged_films_are_refused(data: bytes) -> None:
    assert code_of(data) == "damaged"


@pytest.mark.parametrize("handler", [b"meta", b"text", b"hint", b"sbtl", b"tmcd", b"gpmd"])
def test_tracks_that_are_neither_picture_nor_sound_are_refused(handler: bytes) -> None:
    assert code_of(film(track(), track(handler))) == "track"


def test_sound_alone_is_no_film() -> None:
    assert code_of(film(track(b"soun"))) == "track"


def test_boxes_within_boxes_come_to_an_end() -> None:
    deep = track()
    for _ in range(40):
        deep = box(b"trak", deep)

    assert code_of(film(deep)) == "damaged"


@given(st.binary(max_size=400))
def test_any_bytes_are_taken_or_refused_and_never_crash(tail: bytes) -> None:
    assert outcome(film() + tail) in {"taken", "damaged"}


@given(st.data())
def test_a_flipped_byte_never_crashes(data: st.DataObject) -> None:
    whole = bytearray(film())
    place = data.draw(st.integers(0, 600))
    whole[place] ^= data.draw(st.integers(1, 255))

    assert outcome(bytes(whole)) in {"taken", "type", "damaged", "track"}


def test_version_one_moments_are_eight_bytes() -> None:
    fresh = cleaned_film(film(box(b"trak", dated(b"tkhd", version=1), track()[8:]), extra=b""))

    assert b"\xe1" not in fresh[: fresh.index(b"mdat")]


def test_film_of_the_demonstration_is_clean() -> None:
    data = (DATA / "videos" / "confined-space.mp4").read_bytes()

    assert cleaned_film(data) == data


# --- captions ---------------------------------------------------------------------------------------------------


def test_cues_are_read() -> None:
    found = captions(
        "\ufeffWEBVTT 字幕\r\n\r\nNOTE 说明\r\n\r\n"
        "1\r\n00:01.500 --> 01:00:02.000 line:0\r\n<v 甲>先通风\r\n再检测\r\n".encode()
    )

    assert [(cue.begin, cue.end, cue.words) for cue in found] == [(1500, 3_602_000, "先通风\n再检测")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "type"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nSRT", "type"),
        (b"WEBVTTX\n\n00:00.000 --> 00:01.000\nx", "type"),
        ("WEBVTT\n\n甲".encode("gb18030"), "type"),
        (b"WEBVTT", "empty"),
        (b"WEBVTT\n\nNOTE nothing", "empty"),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nx", "times"),
        (b"WEBVTT\n\n00:01.000 --> 00:01.000\nx", "times"),
        (b"WEBVTT\n\n0:1 --> 0:2\nx", "times"),
        (b"WEBVTT\n\n00:61.000 --> 00:62.000\nx", "times"),
        (b"WEBVTT\n\n" + b"x" * CAPTIONS_MAX_BYTES, "type"),
    ],
)
def test_other_files_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(CaptionsError) as refused:
        captions(data)

    assert refused.value.code == code


def test_captions_of_the_demonstration_are_whole() -> None:
    assert len(captions((DATA / "videos" / "confined-space.vtt").read_bytes())) == 8


# --- stored -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_stored_film_is_clean_and_has_a_name_without_meaning(media_root: Path) -> None:
    video = add_video()

    [stored] = (media_root / "videos").iterdir()
    assert not any(mark in stored.read_bytes() for mark in MARKS)
    assert stored.suffix == ".mp4"
    assert "VID" not in stored.name
    assert video.length == "1:35"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "file", "words"),
    [
        ("file", SimpleUploadedFile("a.mp4", b"<html>"), "只收 MP4"),
        ("file", SimpleUploadedFile("a.mp4", film()[:300]), "损坏"),
        ("file", SimpleUploadedFile("a.mp4", film(track(), track(b"meta"))), "可能带有位置"),
        ("captions", SimpleUploadedFile("a.vtt", b"1\n00:00"), "WEBVTT 开头"),
        ("captions", SimpleUploadedFile("a.vtt", b"WEBVTT"), "没有字幕"),
    ],
)
def test_refusals_stand_beside_their_field(field: str, file: SimpleUploadedFile, words: str) -> None:
    video = add_video()
    setattr(video, field, file)

    with pytest.raises(ValidationError) as refused:
        video.full_clean()

    assert set(refused.value.message_dict) == {field}
    assert words in refused.value.message_dict[field][0]


@pytest.mark.django_db
def test_what_is_too_large_is_told_and_not_stored(media_root: Path) -> None:
    video = add_video()
    before = sorted((media_root / "videos").iterdir())
    cut = ContentFile(b"", name="a.mp4")
    video.file = CutOffFile(
        file=cut.file,
        field_name="file",
        name="a.mp4",
        content_type="video/mp4",
        size=VIDEO_MAX_BYTES + 1,
        charset=None,
    )

    with pytest.raises(ValidationError) as refused:
        video.full_clean()

    assert "超过 20 MB" in refused.value.message_dict["file"][0]
    assert sorted((media_root / "videos").iterdir()) == before


@pytest.mark.django_db
def test_last_door_cleans_too(media_root: Path) -> None:
    video = add_video()

    video.file.save("raw.mp4", ContentFile(film()))

    assert not any(b"Marker" in path.read_bytes() for path in (media_root / "videos").iterdir())
    assert SiteVideo.objects.get().captions.read() == VTT


@pytest.mark.django_db
def test_a_replaced_file_is_gone(
    media_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    video = add_video()
    old = {media_root / video.file.name, media_root / video.captions.name}

    with django_capture_on_commit_callbacks(execute=True):
        video.file, video.captions = ContentFile(film(), name="a.mp4"), ContentFile(VTT, name="a.vtt")
        video.save()

    assert [path for path in old if path.exists()] == []
    assert (media_root / video.file.name).exists()
    assert (media_root / video.captions.name).exists()


@pytest.mark.django_db
def test_files_stay_while_only_words_change(
    media_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    video = add_video()

    with django_capture_on_commit_callbacks(execute=True):
        SiteVideo.objects.get(pk=video.pk).save()

    assert (media_root / video.file.name).exists()


@pytest.mark.django_db
def test_files_go_with_the_video(
    media_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    video = add_video()
    paths = [media_root / video.file.name, media_root / video.captions.name]

    with django_capture_on_commit_callbacks(execute=True):
        SiteVideo.objects.filter(pk=video.pk).delete()

    assert [path for path in paths if path.exists()] == []

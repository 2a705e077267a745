"""Videos are sent whole or in the part a player jumps to; nothing else below the media folder has an address."""

from pathlib import Path

import pytest
from django.test import Client

from home.models import SiteVideo
from home.ranges import CHUNK, Part, asked_part
from tests.home.outreach_parts import VTT, add_video

SIZE = 1000
RANGES = [
    ("", None),
    ("bytes=0-", (0, 1000)),
    ("bytes=0-0", (0, 1)),
    ("bytes=100-199", (100, 200)),
    ("bytes=900-5000", (900, 1000)),
    ("bytes=-100", (900, 1000)),
    ("bytes=-5000", (0, 1000)),
    (" bytes=5-6 ", (5, 7)),
    ("bytes=-", None),
    ("bytes=200-100", None),
    ("bytes=0-1,5-6", None),
    ("items=0-1", None),
    ("bytes=a-b", None),
    ("bytes=1-2-3", None),
    ("bytes=" + "9" * 40 + "-", None),
]


@pytest.mark.parametrize(("header", "expected"), RANGES)
def test_what_a_header_asks_for(header: str, expected: tuple[int, int] | None) -> None:
    part = asked_part(header=header, size=SIZE)

    assert part == (None if expected is None else Part(begin=expected[0], end=expected[1]))


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_what_lies_outside_of_the_file(header: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        asked_part(header=header, size=SIZE)


def test_empty_file_has_no_part() -> None:
    with pytest.raises(ValueError, match="outside"):
        asked_part(header="bytes=0-", size=0)


@pytest.fixture
def video(db: None) -> SiteVideo:
    """Return a stored video."""
    return add_video()


def whole(video: SiteVideo) -> bytes:
    """Return the stored bytes."""
    with video.file.open("rb") as file:
        data: bytes = file.read()
    return data


def body(response: object) -> bytes:
    """Return what was streamed."""
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]  # of the test client


def test_whole_file_with_what_a_player_needs(client: Client, video: SiteVideo) -> None:
    response = client.get(video.url)

    assert response.status_code == 200
    assert body(response) == whole(video)
    assert response["Content-Type"] == "video/mp4"
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Length"] == str(len(whole(video)))
    assert "immutable" in response["Cache-Control"]
    assert not response.cookies


def test_part_of_the_file(client: Client, video: SiteVideo) -> None:
    data = whole(video)

    response = client.get(video.url, headers={"Range": "bytes=100-299"})

    assert response.status_code == 206
    assert body(response) == data[100:300]
    assert response["Content-Range"] == f"bytes 100-299/{len(data)}"
    assert response["Content-Length"] == "200"


def test_parts_put_together_are_the_file(client: Client, video: SiteVideo) -> None:
    data = whole(video)
    step = 1999

    got = b"".join(
        body(client.get(video.url, headers={"Range": f"bytes={at}-{at + step - 1}"}))
        for at in range(0, len(data), step)
    )

    assert got == data


def test_large_files_come_in_pieces(client: Client, video: SiteVideo) -> None:
    pieces = list(client.get(video.url).streaming_content)

    assert max(map(len, pieces)) <= CHUNK


def test_part_beyond_the_end(client: Client, video: SiteVideo) -> None:
    response = client.get(video.url, headers={"Range": "bytes=99999999-"})

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(whole(video))}"


def test_head_says_how_large_it_is(client: Client, video: SiteVideo) -> None:
    response = client.head(video.url)

    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(len(whole(video)))


def test_captions_are_text(client: Client, video: SiteVideo) -> None:
    response = client.get(video.captions_url)

    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert body(response) == VTT


@pytest.mark.parametrize(
    "path",
    [
        "/films/none.mp4",
        "/films/../secret.mp4",
        "/films/%2e%2e%2fsecret.mp4",
        "/films/a/b.mp4",
        "/films/",
        "/films/none.vtt",
        "/media/videos/none.mp4",
    ],
)
def test_other_addresses_give_nothing(client: Client, video: SiteVideo, media_root: Path, path: str) -> None:
    (media_root / "secret.mp4").write_bytes(b"secret")

    assert client.get(path).status_code == 404


def test_nobody_posts_here(client: Client, video: SiteVideo) -> None:
    assert client.post(video.url).status_code == 405

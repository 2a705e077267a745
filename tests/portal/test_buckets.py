"""Private buckets, against a store that somebody else wrote: names, parts, errors, strangers, addresses."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.core.files.base import ContentFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from complaints.storage_checks import buckets_answer, buckets_are_private
from portal.settings.storage import storages
from portal.shared.buckets import PrivateBucket, SeekableObject, StorageAway, refuse_open_buckets
from tests.store import evidence_bucket, media_bucket
from tests.store_stub import KEY, SECRET, Stub

# --- what a storage is asked ---------------------------------------------------------------------------------------


def test_a_file_comes_back_as_it_went(store: str) -> None:
    bucket = media_bucket()

    name = bucket.save("original_images/消防 通道.jpg", ContentFile(b"abc"))

    with bucket.open(name) as file:
        assert file.read() == b"abc"
    assert (bucket.exists(name), bucket.size(name), list(bucket.all_names())) == (True, 3, [name])


def test_two_files_of_one_name_are_two(store: str) -> None:
    bucket = media_bucket()

    first, second = (bucket.save("a.txt", ContentFile(text)) for text in (b"1", b"2"))

    assert first != second
    assert sorted(bucket.all_names()) == sorted([first, second])


def test_what_is_deleted_is_gone_and_gone_twice_is_no_error(store: str) -> None:
    bucket = media_bucket()
    name = bucket.save("a.txt", ContentFile(b"1"))

    bucket.delete(name)
    bucket.delete(name)

    assert not bucket.exists(name)
    with pytest.raises(FileNotFoundError):
        bucket.open(name)
    with pytest.raises(FileNotFoundError):
        bucket.size(name)


@pytest.mark.parametrize("name", ["../keys.env", "a/../../b", "/../etc/passwd"])
def test_no_name_leads_out_of_the_bucket(store: str, name: str) -> None:
    bucket = media_bucket()

    for ask in (bucket.exists, bucket.size, bucket.delete, bucket.open, bucket.signed):
        with pytest.raises(SuspiciousOperation):
            ask(name)


def test_only_whole_objects_are_written(store: str) -> None:
    with pytest.raises(ValueError, match="save"):
        media_bucket().open("a.txt", "wb")


def test_a_picture_library_reads_an_object_as_a_file(store: str) -> None:
    drawn = BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(drawn, "PNG")
    name = media_bucket().save("a.png", ContentFile(drawn.getvalue()))

    with media_bucket().open(name) as file, Image.open(file) as picture:
        picture.load()
        assert picture.size == (64, 48)


# --- a store that is away ------------------------------------------------------------------------------------------


@pytest.fixture
def away(settings: Settings, free_port: int) -> PrivateBucket:
    """Return a bucket of a store nobody runs."""
    return PrivateBucket(
        access_key="key-of-the-store",
        secret_key="secret-of-the-store",
        endpoint_url=f"http://127.0.0.1:{free_port}",
        region_name="us-east-1",
        addressing_style="path",
        bucket_name="city-media",
    )


def test_a_store_that_is_away_is_an_error_of_the_disk_that_tells_no_secret(away: PrivateBucket) -> None:
    asks = [
        lambda: away.save("a", ContentFile(b"1")),
        lambda: away.open("a"),
        lambda: away.delete("a"),
        lambda: list(away.all_names()),
        away.is_open_to_strangers,
    ]
    for ask in asks:
        with pytest.raises(StorageAway) as caught:
            ask()
        assert isinstance(caught.value, OSError)
        assert not {"secret", "127.0.0.1", "key-of"} & set(str(caught.value).split())
        assert caught.value.__cause__ is None  # its text would hold the address
    assert not away.answers()


def test_a_refused_key_is_an_error_of_the_disk(store: str, store_port: int) -> None:
    bucket = media_bucket()
    bucket.bucket_name = "there-is-none"

    assert not bucket.answers()
    with pytest.raises(OSError, match=r"no such object|NoSuchBucket"):
        bucket.save("a", ContentFile(b"1"))


# --- strangers -----------------------------------------------------------------------------------------------------


@pytest.fixture
def strict(settings: Settings, tmp_path: Path) -> Iterator[Stub]:
    """Let the portal keep its files in a store that checks each signature."""
    stub = Stub(folder=tmp_path / "store")
    stub.begin()
    url = f"s3://{KEY}:{SECRET}@127.0.0.1:{stub.server_address[1]}/city?tls=0"
    settings.STORAGES = {**settings.STORAGES, **storages(url, evidence_root=str(tmp_path))}
    for bucket in (media_bucket(), evidence_bucket()):
        bucket.client.create_bucket(Bucket=bucket.bucket_name)
        bucket.save("a", ContentFile(b"1"))
    yield stub
    stub.shutdown()
    stub.server_close()


def test_private_buckets_let_the_server_start(strict: Stub) -> None:
    refuse_open_buckets()

    assert buckets_are_private() == buckets_answer() == []
    assert not media_bucket().is_open_to_strangers()


@pytest.mark.parametrize("name", ["city-evidence", "city-media"])
def test_a_bucket_strangers_can_read_keeps_the_server_from_starting(strict: Stub, name: str) -> None:
    strict.open_buckets = frozenset({name})

    with pytest.raises(ImproperlyConfigured, match=name):
        refuse_open_buckets()
    (found,) = buckets_are_private()
    assert (found.id, name in found.msg) == ("complaints.E005", True)


def test_another_key_opens_nothing(strict: Stub) -> None:
    stranger = PrivateBucket(
        access_key=KEY,
        secret_key="guessed",
        endpoint_url=f"http://127.0.0.1:{strict.server_address[1]}",
        region_name="us-east-1",
        addressing_style="path",
        bucket_name="city-evidence",
    )

    assert not stranger.answers()
    with pytest.raises(StorageAway, match="refused"):
        stranger.open("a").read()


def test_a_signed_address_is_good_for_its_own_object_only(strict: Stub) -> None:
    signed = media_bucket().signed("a")

    with urllib.request.urlopen(signed) as answer:
        assert answer.read() == b"1"
    for other in (signed.replace("city-media", "city-evidence"), signed.partition("?")[0]):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(other)


def test_a_store_that_is_away_does_not_keep_a_server_from_starting(
    store: str, free_port: int, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    for kind in ("default", "evidence"):
        settings.STORAGES[kind]["OPTIONS"]["endpoint_url"] = f"http://127.0.0.1:{free_port}"
    settings.STORAGES = dict(settings.STORAGES)

    refuse_open_buckets()

    assert {found.id for found in (*buckets_answer(), *buckets_are_private())} == {"complaints.W012"}

    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


# --- addresses -----------------------------------------------------------------------------------------------------


def test_readers_meet_no_other_host(store: str) -> None:
    assert media_bucket().url("images/a b.jpg") == "/media/images/a%20b.jpg"


def test_a_signed_address_opens_one_object_for_five_minutes(store: str) -> None:
    media_bucket().save("a.txt", ContentFile(b"abc"))

    signed = media_bucket().signed("a.txt")

    with urllib.request.urlopen(signed) as answer:
        assert answer.read() == b"abc"
    assert "X-Amz-Expires=300" in signed


def test_evidence_has_no_address(store: str) -> None:
    for ask in (evidence_bucket().url, evidence_bucket().signed):
        with pytest.raises(NotImplementedError):
            ask("ab/cd.shown")


def test_the_gateway_is_told_where_to_fetch_and_nothing_else(store: str, settings: Settings) -> None:
    assert media_bucket().gateway_address("a.txt") == ""

    settings.STORAGE_ACCEL = "/from-the-store/"
    address = media_bucket().gateway_address("a.txt")

    assert address.startswith(f"/from-the-store/{media_bucket().bucket_name}/a.txt?X-Amz-")
    assert "127.0.0.1" not in address


# --- pictures and films of editors -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_rendition_is_sent_from_the_store(client: Client, store: str) -> None:
    media_bucket().save("images/a.webp", ContentFile(b"RIFF"))

    found, missing = client.get("/media/images/a.webp"), client.get("/media/images/b.webp")

    assert (found.status_code, b"".join(found), found["Content-Type"]) == (200, b"RIFF", "image/webp")
    assert "immutable" in found["Cache-Control"]
    assert missing.status_code == 404


@pytest.mark.django_db
def test_a_player_jumps_within_a_film_of_the_store(client: Client, store: str) -> None:
    film = bytes(range(256)) * 10_000
    media_bucket().save("videos/a.mp4", ContentFile(film))

    answer = client.get("/films/a.mp4", headers={"Range": "bytes=1500000-1500009"})

    assert (answer.status_code, b"".join(answer)) == (206, film[1_500_000:1_500_010])


@pytest.mark.django_db
def test_with_a_gateway_the_portal_sends_no_byte_itself(
    client: Client, store: str, settings: Settings
) -> None:
    settings.STORAGE_ACCEL = "/from-the-store"

    answer = client.get("/media/images/a.webp")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Accel-Redirect"].startswith("/from-the-store/")
    assert (answer["Content-Type"], "immutable" in answer.get("Cache-Control", "")) == ("image/webp", False)


# --- jumping about ---------------------------------------------------------------------------------------------------


class _Parts:
    """Stands for a bucket: it hands out parts of bytes it knows and remembers how many it was asked for."""

    def __init__(self, data: bytes) -> None:
        self.data, self.asked = data, 0

    def part(self, *, name: str, begin: int, end: int) -> bytes:
        """Return a part."""
        self.asked += 1
        return self.data[begin:end]


@given(
    data=st.binary(max_size=300),
    piece=st.integers(min_value=1, max_value=64),
    jumps=st.lists(st.tuples(st.integers(0, 350), st.integers(-1, 350)), max_size=12),
)
def test_reading_in_pieces_equals_reading_a_file(
    data: bytes, piece: int, jumps: list[tuple[int, int]]
) -> None:
    file, plain = SeekableObject(bucket=_Parts(data), name="a", size=len(data)), BytesIO(data)
    file.PIECE = piece  # type: ignore[misc]  # smaller than in life, so that few bytes are many pieces

    for offset, size in jumps:
        assert file.seek(offset) == plain.seek(offset)
        assert file.read(size) == plain.read(size)
        assert file.tell() == plain.tell()
    for whence in (1, 2):
        assert file.seek(0, whence) == plain.seek(0, whence)


def test_a_piece_is_fetched_once(store: str) -> None:
    parts = _Parts(b"x" * 1000)
    file = SeekableObject(bucket=parts, name="a", size=1000)

    for _ in range(10):
        file.read(100)

    assert parts.asked == 1

"""The address of a store: what it means, and what is refused without saying a secret aloud."""

import pytest

from portal.settings.refusals import faults
from portal.settings.storage import bucket_options, storages

GOOD = "s3://key:secret@store.example:9000/city?tls=0&region=cn-north-1&style=virtual"


def test_an_address_stands_for_two_buckets() -> None:
    found = bucket_options(GOOD)

    assert [found[kind]["bucket_name"] for kind in ("evidence", "media")] == ["city-evidence", "city-media"]
    assert {
        "access_key": "key",
        "secret_key": "secret",
        "endpoint_url": "http://store.example:9000",
        "region_name": "cn-north-1",
        "addressing_style": "virtual",
    }.items() <= found["evidence"].items()


def test_what_is_not_said_is_the_safe_thing() -> None:
    found = bucket_options("s3://key:secret@store.example/city")["media"]

    assert (found["endpoint_url"], found["addressing_style"]) == ("https://store.example", "path")


def test_signs_in_a_secret_are_written_as_addresses_write_them() -> None:
    assert bucket_options("s3://k%2Fey:se%40cret%2F@store.example/city")["media"]["secret_key"] == "se@cret/"


@pytest.mark.parametrize(
    "url",
    [
        "http://key:MARKED@store.example/city",
        "s3://store.example/city",
        "s3://key@store.example/city",
        "s3://:MARKED@store.example/city",
        "s3://key:MARKED@/city",
        "s3://key:MARKED@store.example/",
        "s3://key:MARKED@store.example/City",
        "s3://key:MARKED@store.example/a/b",
        "s3://key:MARKED@store.example/-city",
        "s3://key:MARKED@store.example/city?public=1",
        "s3://key:MARKED@store.example/city?style=other",
    ],
)
def test_no_address_of_a_store(url: str) -> None:
    with pytest.raises(ValueError, match="STORAGE_URL") as caught:
        bucket_options(url)

    assert "MARKED" not in str(caught.value)


def test_without_an_address_files_lie_in_folders() -> None:
    found = storages("", evidence_root="/srv/evidence")

    assert found["default"]["BACKEND"].endswith("FileSystemStorage")
    assert found["evidence"]["OPTIONS"] == {"location": "/srv/evidence"}


@pytest.mark.parametrize(
    ("url", "is_refused"),
    [
        ("s3://k:s@store.example/city?tls=0", True),
        ("s3://k:s@store.example/city", False),
        ("s3://k:s@127.0.0.1:9000/city?tls=0", False),
        ("", False),
    ],
)
def test_a_city_asks_its_store_with_tls(url: str, is_refused: bool) -> None:
    found = [
        line for line in faults(values={"STORAGE_URL": url}, engine="postgresql") if "STORAGE_URL" in line
    ]

    assert bool(found) == is_refused
    assert not any("k:s" in line for line in found)

"""An S3-compatible store for tests, on loopback: an implementation of its own, so that it judges ours."""

import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.core.files.storage import storages
from pytest_django import Settings

from complaints.services.evidence_bucket import EvidenceBucket
from portal.settings import storage as store_settings
from portal.shared.buckets import MediaBucket


@pytest.fixture(scope="session")
def store_port() -> Iterator[int]:
    """Run a store for the session and return its port."""
    from moto.server import ThreadedMotoServer  # slow to load, and few tests need it

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield server.get_host_and_port()[1]
    finally:
        server.stop()


@pytest.fixture
def store(settings: Settings, store_port: int) -> Iterator[str]:
    """Let the portal keep its files in two fresh private buckets; return the address of the store."""
    name = f"city-{uuid4().hex[:12]}"
    url = f"s3://testing:testing@127.0.0.1:{store_port}/{name}?tls=0"
    given = store_settings.storages(url, evidence_root=str(settings.EVIDENCE_ROOT))
    settings.STORAGE_URL = url
    settings.STORAGES = {**settings.STORAGES, **given}
    client = store_client(store_port)
    for kind in ("evidence", "media"):
        client.create_bucket(Bucket=f"{name}-{kind}")
    yield url
    for kind in ("evidence", "media"):
        for found in client.list_objects_v2(Bucket=f"{name}-{kind}").get("Contents", []):
            client.delete_object(Bucket=f"{name}-{kind}", Key=found["Key"])


@pytest.fixture
def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def store_client(port: int) -> Any:
    """Return a client of the store beside the portal's own."""
    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        region_name="us-east-1",
    )


def evidence_bucket() -> EvidenceBucket:
    """Return the storage of evidence, which must be a bucket here."""
    found = storages["evidence"]
    assert isinstance(found, EvidenceBucket)
    return found


def media_bucket() -> MediaBucket:
    """Return the storage of editors' files, which must be a bucket here."""
    found = storages["default"]
    assert isinstance(found, MediaBucket)
    return found

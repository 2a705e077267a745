"""Private buckets of an S3-compatible store. No browser ever asks the store: its log would hold readers' addresses.

Whatever the store answers becomes an error of the disk (`OSError`), which every caller knows how to tell people.
"""

import logging
import mimetypes
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache, cached_property, partial
from io import BytesIO, RawIOBase
from threading import Lock
from typing import IO, Any, cast
from urllib.parse import urlsplit

import boto3
from botocore import UNSIGNED
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.core.files.storage import storages
from django.core.files.utils import validate_file_name
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from storages.utils import clean_name
from urllib3.exceptions import HTTPError

SIGNED_SECONDS = 300
CONNECT_SECONDS, READ_SECONDS = 3, 20
_GONE = frozenset({"404", "NoSuchKey", "NotFound"})
_making = Lock()
logger = logging.getLogger(__name__)


class StorageAway(OSError):
    """The store does not answer, or refuses; the message says which, and nothing of addresses or keys."""


@contextmanager
def as_disk_errors() -> Iterator[None]:
    """Turn errors of the store into those of a disk.

    Raises:
        FileNotFoundError: there is no such object.
        StorageAway: anything else.
    """
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _GONE:
            raise FileNotFoundError("no such object") from None
        raise StorageAway(f"the store refused: {code}") from None
    except (BotoCoreError, HTTPError) as error:
        raise StorageAway(f"the store does not answer: {type(error).__name__}") from None


def client_config(*, style: str) -> Config:
    """Return how the store is asked: signed, soon given up, without check sums that only one maker's store knows."""
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": style},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 2},
        max_pool_connections=16,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


@cache
def _session() -> boto3.session.Session:
    """Return the one session of this process: it reads its descriptions of the protocol once, which takes a second."""
    return boto3.session.Session()


class _Lent:
    """A file as bytes, from its beginning, that does not close."""

    def __init__(self, file: File) -> None:  # type: ignore[type-arg]  # any kind of file
        self._file = file
        file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, all that is left for a negative number."""
        found = self._file.read(size) if size >= 0 else self._file.read()
        return found.encode() if isinstance(found, str) else bytes(found)


def _is_granted(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except ClientError:
        return False
    except BotoCoreError as error:
        raise StorageAway(f"the store does not answer: {type(error).__name__}") from None
    return True


def refuse_open_buckets() -> None:
    """Let no server start on buckets that strangers can read; a store that is away is looked at with the next start.

    Raises:
        ImproperlyConfigured: names the bucket.
    """
    for storage in (storages[alias] for alias in ("default", "evidence")):
        if not isinstance(storage, PrivateBucket):
            continue
        try:
            is_open = storage.is_open_to_strangers()
        except OSError as error:
            logger.warning("the store could not be looked at: %s", type(error).__name__)
            continue
        if is_open:
            raise ImproperlyConfigured(f"The bucket {storage.bucket_name} can be read by strangers.")


class PrivateBucket(S3Storage):
    """Objects that only this portal reads and writes; an object keeps its name."""

    def __init__(self, **options: Any) -> None:
        fixed = {
            "client_config": client_config(style=options["addressing_style"]),
            "default_acl": None,  # the bucket's own rule: private
            "querystring_auth": True,
            "querystring_expire": SIGNED_SECONDS,
            "file_overwrite": False,
        }
        super().__init__(**options, **fixed)

    @cached_property
    def client(self) -> Any:
        """The one client of this process; it may be used by all threads, only making it may not."""
        return self._client(self.client_config)

    def _client(self, config: Config) -> Any:
        with _making:
            return _session().client(
                "s3",
                region_name=self.region_name,
                endpoint_url=self.endpoint_url,
                aws_access_key_id=self.access_key,
                aws_secret_access_key=self.secret_key,
                config=config,
            )

    def is_open_to_strangers(self) -> bool:
        """Whether somebody without a key may list the bucket, or fetch the first object in it.

        Raises:
            StorageAway: the store does not answer.
        """
        with as_disk_errors():
            found = self.client.list_objects_v2(Bucket=self.bucket_name, MaxKeys=1).get("Contents", [])
        stranger = self._client(self.client_config.merge(Config(signature_version=UNSIGNED)))
        tries = [partial(stranger.list_objects_v2, Bucket=self.bucket_name, MaxKeys=1)]
        tries += [partial(stranger.head_object, Bucket=self.bucket_name, Key=one["Key"]) for one in found]
        return any(_is_granted(one) for one in tries)

    @cached_property
    def _probe(self) -> Any:
        """A client that gives up at once, for whoever only wants to know whether the store is there."""
        soon = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
        return self._client(self.client_config.merge(soon))

    def answers(self) -> bool:
        """Whether the store knows the bucket and this portal's key, within three seconds."""
        try:
            with as_disk_errors():
                self._probe.head_bucket(Bucket=self.bucket_name)
        except OSError:
            return False
        return True

    def key_of(self, name: str) -> str:
        """Return the key of a name; raises SuspiciousOperation where it would lead out of the bucket's root."""
        validate_file_name(name, allow_relative_path=True)
        return str(self._normalize_name(clean_name(name)))

    def signed(self, name: str) -> str:
        """Return an address under which an object can be fetched for five minutes, for the gateway alone."""
        values = {"Bucket": self.bucket_name, "Key": self.key_of(name)}
        return str(self.client.generate_presigned_url("get_object", Params=values, ExpiresIn=SIGNED_SECONDS))

    def all_objects(self) -> Iterator[tuple[str, datetime]]:
        """Yield the name of each object and the moment the store says it was written."""
        with as_disk_errors():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name)
            for page in pages:
                for found in page.get("Contents", ()):
                    yield found["Key"], found["LastModified"]

    def all_names(self) -> Iterator[str]:
        """Yield the names of all objects."""
        for name, _moment in self.all_objects():
            yield name

    def exists(self, name: str) -> bool:
        """Whether there is such an object; raises StorageAway."""
        try:
            self.size(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        """Return the bytes of an object; raises FileNotFoundError, StorageAway."""
        with as_disk_errors():
            return int(
                self.client.head_object(Bucket=self.bucket_name, Key=self.key_of(name))["ContentLength"]
            )

    def delete(self, name: str) -> None:
        """Delete an object; one that is gone is no error."""
        with as_disk_errors():
            self.client.delete_object(Bucket=self.bucket_name, Key=self.key_of(name))

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]  # Django's own signature
        if mode != "rb":
            raise ValueError("objects are written whole: use save()")
        size = self.size(name)
        return File(cast(IO[Any], SeekableObject(bucket=self, name=name, size=size)), name)

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # as above
        self.put(name, content)
        return name

    def put(self, name: str, content: File) -> None:  # type: ignore[type-arg]  # as above
        """Write an object under this very name, also over one that is there; raises StorageAway."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        with as_disk_errors():
            # The library closes what it has sent; whoever gave the file may still want it.
            self.client.upload_fileobj(
                _Lent(content), self.bucket_name, self.key_of(name), ExtraArgs={"ContentType": kind}
            )

    def part(self, *, name: str, begin: int, end: int) -> bytes:
        """Return the bytes of an object from `begin` up to, and without, `end`."""
        with as_disk_errors():
            found = self.client.get_object(
                Bucket=self.bucket_name, Key=self.key_of(name), Range=f"bytes={begin}-{end - 1}"
            )
            with closing(found["Body"]) as body:
                return bytes(body.read())


class SeekableObject(RawIOBase):
    """Reads an object in pieces of a megabyte, wherever somebody jumps: a film is never in memory as a whole."""

    PIECE = 1024 * 1024

    def __init__(self, *, bucket: PrivateBucket, name: str, size: int) -> None:
        super().__init__()
        self._bucket, self._name, self.size = bucket, name, size
        self._at, self._piece, self._piece_begin = 0, b"", 0

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def seekable(self) -> bool:
        """Say that one can jump in this."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Jump; like a file, also beyond its end."""
        self._at = max(0, offset + (0, self._at, self.size)[whence])
        return self._at

    def tell(self) -> int:
        """Return where the next byte is read."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as the piece at hand, or the next one, goes; 0 at the end."""
        if self._at >= self.size or not len(buffer):
            return 0
        offset = self._at - self._piece_begin
        if not 0 <= offset < len(self._piece):
            end = min(self._at + self.PIECE, self.size)
            self._piece = self._bucket.part(name=self._name, begin=self._at, end=end)
            self._piece_begin, offset = self._at, 0
        taken = self._piece[offset : offset + len(buffer)]
        buffer[: len(taken)] = taken
        self._at += len(taken)
        return len(taken)

    def read(self, size: int | None = -1) -> bytes:
        """Return up to `size` bytes, all that is left for a negative number; shorter only at the end."""
        left = self.size - self._at if size is None or size < 0 else size
        found = BytesIO()
        while left > 0 and (taken := super().read(min(left, self.PIECE))):
            found.write(taken)
            left -= len(taken)
        return found.getvalue()


class MediaBucket(PrivateBucket):
    """Editors' pictures and films. Their addresses are the portal's own: whoever reads a page meets no other host."""

    def url(self, name: str, *_args: Any, **_kwargs: Any) -> str:
        """Return the portal's address of a file."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"

    def gateway_address(self, name: str) -> str:
        """Return where the gateway, told so by `X-Accel-Redirect`, fetches a file; empty where it cannot."""
        if not settings.STORAGE_ACCEL:
            return ""
        parts = urlsplit(self.signed(name))
        return f"{settings.STORAGE_ACCEL.rstrip('/')}{parts.path}?{parts.query}"

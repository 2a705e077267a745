"""Where files lie: in folders of this machine, or in two private buckets of an S3-compatible store.

`STORAGE_URL=s3://KEY:SECRET@HOST[:PORT]/NAME[?tls=0&region=REGION&style=path]` stands for the buckets `NAME-evidence`
(sealed photos) and `NAME-media` (editors' pictures and films). Two, so that a store can give them other rules.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,50}[a-z0-9]")
_STYLES = ("path", "virtual")
_OPTIONS = frozenset({"tls", "region", "style"})


def bucket_options(url: str) -> dict[str, Mapping[str, Any]]:
    """Return the options of the storages `evidence` and `media` that an address of a store stands for.

    Raises:
        ValueError: no such address; the message never quotes it, as it holds a secret.
    """
    parts = urlsplit(url)
    name = parts.path.strip("/")
    given = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    if parts.scheme != "s3" or not (parts.hostname and parts.username and parts.password):
        raise ValueError("STORAGE_URL must read s3://KEY:SECRET@HOST/NAME.")
    if not _NAME.fullmatch(name):
        raise ValueError("STORAGE_URL must end with the name of the buckets: small letters, digits, hyphens.")
    if not set(given) <= _OPTIONS or given.get("style", "path") not in _STYLES:
        raise ValueError("STORAGE_URL takes tls=0, region=… and style=path or style=virtual.")
    port = f":{parts.port}" if parts.port else ""
    is_plain = given.get("tls", "1") == "0"
    common = {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "endpoint_url": f"{'http' if is_plain else 'https'}://{parts.hostname}{port}",
        "region_name": given.get("region", "us-east-1"),
        "addressing_style": given.get("style", "path"),
    }
    return {kind: {**common, "bucket_name": f"{name}-{kind}"} for kind in ("evidence", "media")}


def storages(url: str, *, evidence_root: str) -> dict[str, dict[str, Any]]:
    """Return Django's STORAGES for files of reporters and editors; folders where there is no address."""
    if not url:
        return {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "evidence": {
                "BACKEND": "complaints.services.evidence_storage.DurableStorage",
                "OPTIONS": {"location": evidence_root},
            },
        }
    found = bucket_options(url)
    return {
        "default": {"BACKEND": "portal.shared.buckets.MediaBucket", "OPTIONS": dict(found["media"])},
        "evidence": {
            "BACKEND": "complaints.services.evidence_bucket.EvidenceBucket",
            "OPTIONS": dict(found["evidence"]),
        },
    }

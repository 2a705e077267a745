"""A small store on this machine that lasts when it is killed and asks for signatures, for tests of faults.

It speaks as much of the S3 protocol as the portal uses. Run as `python -m tests.store_stub PORT FOLDER`, it serves
until it is ended; objects are files in the folder, written whole or not at all.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
import sys
import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET = "portal", "a-secret-of-the-stub"
_FIELDS = re.compile(r"(Credential|SignedHeaders|Signature)=([^,\s]+)")
_RANGE = re.compile(r"bytes=(\d+)-(\d+)")


class Stub(ThreadingHTTPServer):
    """The store; buckets whose names are in `open_buckets` answer strangers too."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *, folder: Path, port: int = 0, open_buckets: frozenset[str] = frozenset()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.open_buckets = folder, open_buckets
        super().__init__(("127.0.0.1", port), _Handler)

    def begin(self) -> None:
        """Serve in a thread until `shutdown`."""
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: Stub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's own name
        """Say nothing."""

    def handle_one_request(self) -> None:
        """Answer; a caller who is gone is nobody's fault."""
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_PUT(self) -> None:
        """Make a bucket, or write an object."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self._is_allowed():
            return self._say(403, _error("AccessDenied"))
        path = self._path()
        if not self._key():
            path.mkdir(exist_ok=True)
            return self._say(200)
        if source := self.headers.get("X-Amz-Copy-Source"):
            return self._copy(source, path)
        claimed = self.headers.get("Content-MD5")
        digest = hashlib.md5(body, usedforsecurity=False)
        if claimed and base64.b64decode(claimed) != digest.digest():
            return self._say(400, _error("BadDigest"))
        if not path.parent.is_dir():
            return self._say(404, _error("NoSuchBucket"))
        draft = path.parent / f".{secrets.token_hex(8)}"
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        return self._say(200, headers={"ETag": f'"{digest.hexdigest()}"'})

    def _copy(self, source: str, path: Path) -> None:
        bucket, _slash, key = unquote(source).lstrip("/").partition("/")
        held = self.server.folder / quote(bucket, safe="") / quote(key, safe="")
        if not held.is_file():
            return self._say(404, _error("NoSuchKey"))
        draft = path.parent / f".{secrets.token_hex(8)}"
        draft.write_bytes(held.read_bytes())
        draft.rename(path)
        text = (
            f'<CopyObjectResult><ETag>"x"</ETag><LastModified>{_iso(path)}</LastModified></CopyObjectResult>'
        )
        return self._say(200, text.encode())

    def do_GET(self) -> None:
        """List a bucket, or send an object or a part of it."""
        if not self._is_allowed():
            return self._say(403, _error("AccessDenied"))
        path = self._path()
        if not self._key():
            return self._list(path)
        if not path.is_file():
            return self._say(404, _error("NoSuchKey"))
        data, status, headers = path.read_bytes(), 200, _times(path)
        if match := _RANGE.fullmatch(self.headers.get("Range", "")):
            begin, end, size = int(match[1]), int(match[2]) + 1, len(data)
            data, status = data[begin:end], 206
            headers["Content-Range"] = f"bytes {begin}-{min(end, size) - 1}/{size}"
        return self._say(status, data, headers=headers)

    def do_HEAD(self) -> None:
        """Tell of a bucket or an object."""
        if not self._is_allowed():
            return self._say(403)
        path = self._path()
        if not (path.is_file() if self._key() else path.is_dir()):
            return self._say(404)
        if not self._key():
            return self._say(200)
        self.send_response(200)
        for name, value in {**_times(path), "Content-Length": str(path.stat().st_size)}.items():
            self.send_header(name, value)
        return self.end_headers()

    def do_DELETE(self) -> None:
        """Delete an object; one that is gone is no error."""
        if not self._is_allowed():
            return self._say(403, _error("AccessDenied"))
        self._path().unlink(missing_ok=True)
        return self._say(204)

    def _list(self, path: Path) -> None:
        if not path.is_dir():
            return self._say(404, _error("NoSuchBucket"))
        asked = dict(parse_qsl(urlsplit(self.path).query))
        after, most = asked.get("continuation-token", ""), int(asked.get("max-keys", 1000))
        names = sorted(unquote(one.name) for one in path.iterdir() if not one.name.startswith("."))
        left = [name for name in names if name > after and name.startswith(asked.get("prefix", ""))]
        rows = "".join(
            f"<Contents><Key>{escape(name)}</Key><LastModified>{_iso(path / quote(name, safe=''))}</LastModified>"
            f"<Size>{(path / quote(name, safe='')).stat().st_size}</Size></Contents>"
            for name in left[:most]
        )
        more = (
            f"<NextContinuationToken>{escape(left[most - 1])}</NextContinuationToken>"
            if len(left) > most
            else ""
        )
        truncated = str(len(left) > most).lower()
        text = f"<ListBucketResult><IsTruncated>{truncated}</IsTruncated>{more}{rows}</ListBucketResult>"
        return self._say(200, text.encode())

    def _bucket(self) -> str:
        return urlsplit(self.path).path.lstrip("/").partition("/")[0]

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path.lstrip("/").partition("/")[2])

    def _path(self) -> Path:
        folder = self.server.folder / quote(self._bucket(), safe="")
        return folder / quote(self._key(), safe="") if self._key() else folder

    def _is_allowed(self) -> bool:
        if self._bucket() in self.server.open_buckets and self.command in ("GET", "HEAD"):
            return True
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        if "X-Amz-Signature" in asked:
            given = {
                "Credential": asked["X-Amz-Credential"],
                "SignedHeaders": asked["X-Amz-SignedHeaders"],
                "Signature": asked.pop("X-Amz-Signature"),
            }
            moment, payload = asked["X-Amz-Date"], "UNSIGNED-PAYLOAD"
        else:
            given = dict(_FIELDS.findall(self.headers.get("Authorization", "")))
            moment = self.headers.get("X-Amz-Date", "")
            payload = self.headers.get("X-Amz-Content-SHA256", "")
        if set(given) != {"Credential", "SignedHeaders", "Signature"}:
            return False
        query = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(asked.items()))
        names = given["SignedHeaders"].split(";")
        heads = "".join(f"{name}:{' '.join(self.headers.get(name, '').split())}\n" for name in names)
        request = f"{self.command}\n{parts.path}\n{query}\n{heads}\n{given['SignedHeaders']}\n{payload}"
        return hmac.compare_digest(
            _signature(request, moment=moment, scope=given["Credential"]), given["Signature"]
        )

    def _say(self, status: int, body: bytes = b"", *, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _signature(request: str, *, moment: str, scope: str) -> str:
    """Return the signature version 4 of a canonical request; a foreign key gets another one."""
    key, _slash, place = scope.partition("/")
    text = "\n".join(["AWS4-HMAC-SHA256", moment, place, hashlib.sha256(request.encode()).hexdigest()])
    digest = f"AWS4{SECRET if key == KEY else secrets.token_hex()}".encode()
    for part in place.split("/"):
        digest = hmac.digest(digest, part.encode(), "sha256")
    return hmac.digest(digest, text.encode(), "sha256").hex()


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()


def _times(path: Path) -> dict[str, str]:
    return {"Last-Modified": formatdate(path.stat().st_mtime, usegmt=True), "ETag": '"x"'}


def _iso(path: Path) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


if __name__ == "__main__":
    Stub(folder=Path(sys.argv[2]), port=int(sys.argv[1])).serve_forever()

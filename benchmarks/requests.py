"""Requests as browsers send them: one tip of the form with one photo, as raw multipart bytes."""

import http.client
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import randrange
from secrets import token_hex

BOUNDARY = "----anshao-bench-7193"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
FORM = "/report/"
API = "/api/v1/tips"
TIMEOUT_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of one request: status 0 means that the connection broke; `seconds` is wall time."""

    status: int
    seconds: float
    body: bytes
    key: str


def form_body(*, photo: bytes, key: str) -> bytes:
    """Return the body of one submission of the form."""
    fields = {
        "description": "二楼打磨间全是铝粉",
        "entity_name": "某金属制品厂",
        "address": "科技路 18 号",
        "operations": "dust",
        "lat": "34.2183",
        "lng": "108.9642",
        "identity_mode": "anonymous_with_code",
        "idempotency_key": key,
    }
    return _multipart(fields=fields, photos=[photo])


def api_body(*, photos: Sequence[bytes]) -> bytes:
    """Return the body of one submission to the API; the key goes into its header."""
    return _multipart(fields={"tip": '{"description": "粉尘", "address": "科技路 18 号"}'}, photos=photos)


def _multipart(*, fields: dict[str, str], photos: Sequence[bytes]) -> bytes:
    parts = [_part(f'name="{name}"', value.encode()) for name, value in fields.items()]
    head = 'name="photos"; filename="photo.jpg"\r\nContent-Type: image/jpeg'
    parts += [_part(head, photo) for photo in photos]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def _part(head: str, content: bytes) -> bytes:
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"


def post(*, port: int, path: str, body: bytes, key: str) -> Sent:
    """Send one body and return what came back; a broken connection is an outcome, not an error."""
    started = time.perf_counter()
    # Each from an address of its own, as phones have: one alone may send so many tips and no more.
    home = f"127.{randrange(1, 255)}.{randrange(1, 255)}.{randrange(1, 255)}"
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS, source_address=(home, 0))
    try:
        client.request("POST", path, body, {"Content-Type": CONTENT_TYPE, "Idempotency-Key": key})
        answer = client.getresponse()
        status, content = answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        status, content = 0, b""
    finally:
        client.close()
    return Sent(status=status, seconds=time.perf_counter() - started, body=content, key=key)


def send_form(*, port: int, photo: bytes) -> Sent:
    """Send one tip with one photo through the form."""
    key = token_hex(16)
    return post(port=port, path=FORM, body=form_body(photo=photo, key=key), key=key)


def together(*, call: Callable[[], Sent], senders: int, each: int, until: float = 0.0) -> list[Sent]:
    """Let several senders send one after the other, all of them at once; at least `each`, and until that moment.

    Args:
        until: a moment of `time.perf_counter()`.
    """

    def send() -> list[Sent]:
        sent = [call() for _ in range(each)]
        while time.perf_counter() < until:
            sent.append(call())
        return sent

    with ThreadPoolExecutor(senders) as pool:
        rounds = [pool.submit(send) for _ in range(senders)]
        return [sent for done in rounds for sent in done.result()]

"""Parts of a file (RFC 9110, section 14), so that a player can jump within a video."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

CHUNK = 64 * 1024
_RANGE = re.compile(r"\Abytes=(\d{0,19})-(\d{0,19})\Z")


@dataclass(frozen=True, kw_only=True)
class Part:
    """The bytes from `begin` up to, and without, `end`."""

    begin: int
    end: int

    @property
    def size(self) -> int:
        """How many bytes there are in it."""
        return self.end - self.begin


def asked_part(*, header: str, size: int) -> Part | None:
    """Return the part a Range header asks for; None when the whole file is to be sent (also for several parts).

    Raises:
        ValueError: nothing of the part lies within the file.
    """
    match = _RANGE.match(header.strip())
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        part = Part(begin=max(size - int(match[2]), 0), end=size)
    else:
        begin = int(match[1])
        if match[2] and int(match[2]) < begin:
            return None  # not a range at all: RFC 9110 says to take no notice
        part = Part(begin=begin, end=min(int(match[2]) + 1, size) if match[2] else size)
    if part.begin >= size or part.size <= 0:
        raise ValueError("outside of the file")
    return part


def send_file(*, request: HttpRequest, file: "File[bytes]", size: int, content_type: str) -> HttpResponseBase:
    """Send a file or the part that is asked for, and close it; 416 when there is no such part."""
    try:
        part = asked_part(header=request.headers.get("Range", ""), size=size)
    except ValueError:
        file.close()
        refused = HttpResponse(status=416)
        refused.headers["Content-Range"] = f"bytes */{size}"
        return refused
    sent = part or Part(begin=0, end=size)
    response: HttpResponseBase
    if request.method == "HEAD":
        file.close()
        response = HttpResponse(content_type=content_type)
    else:
        response = StreamingHttpResponse(_pieces(file, part=sent), content_type=content_type)
    response.status_code = 206 if part else 200
    response.headers["Content-Length"] = str(sent.size)
    response.headers["Accept-Ranges"] = "bytes"
    if part:
        response.headers["Content-Range"] = f"bytes {part.begin}-{part.end - 1}/{size}"
    return response


def _pieces(file: "File[bytes]", *, part: Part) -> Iterator[bytes]:
    with file:
        file.seek(part.begin)
        left = part.size
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece

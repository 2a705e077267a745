"""Uploads in memory only: a reporter's photo never touches the disk in plain text."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from .errors import too_large, too_slow


class CutOffFile(InMemoryUploadedFile):
    """A file that was larger than allowed: its bytes were dropped, the rest of the form goes on."""


class MemoryUploadHandler(FileUploadHandler):
    """Keeps files up to PHOTO_MAX_BYTES in memory; of larger ones and of too many only their size is known.

    However much comes, it reads on: who stops halfway loses the fields behind the file and takes a tip without its
    photo. `BodyLimitMiddleware` has refused bodies that would take forever.
    """

    # A body of five megabytes in twenty pieces instead of eighty; the server reads pieces of this size (serving.py).
    chunk_size = 256 * 1024

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.total = 0
        self.most = settings.PHOTOS_MAX_BYTES + 4 * 1024 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.buffer = BytesIO()
        self.cut = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.total += len(raw_data)
        if self.cut or start + len(raw_data) > settings.PHOTO_MAX_BYTES or self.total > self.most:
            self.cut = True
            self.buffer = BytesIO()
            return
        self.buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.buffer.seek(0)
        kind = CutOffFile if self.cut else InMemoryUploadedFile
        return kind(
            file=self.buffer,
            field_name=self.field_name,
            name=self.file_name or "upload",
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


class BodyLimitMiddleware:
    """Refuses a body beyond BODY_MAX_BYTES by its announced length, in words and before any of it is read.

    A server reads no further than the announced length, so that nothing larger ever reaches the upload handler.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if body_length(request=request) > settings.BODY_MAX_BYTES:
            return too_large(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 408 where a body broke off or came too slowly: no fault of ours, so none in the log."""
        return too_slow(request) if isinstance(error, UnreadablePostError) else None


def body_length(*, request: HttpRequest) -> int:
    """Return the announced length of the body in bytes; 0 when there is none or it is no number."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    return int(announced) if announced.isascii() and announced.isdigit() else 0

"""Why a picture is refused."""

from enum import StrEnum


class PhotoFault(StrEnum):
    """Codes a caller turns into words for the visitor."""

    EMPTY = "EMPTY"
    TOO_LARGE_BYTES = "TOO_LARGE_BYTES"
    NOT_AN_IMAGE = "NOT_AN_IMAGE"
    KIND_NOT_ALLOWED = "KIND_NOT_ALLOWED"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    ANIMATED = "ANIMATED"
    DAMAGED = "DAMAGED"


class PhotoError(Exception):
    """A picture that is refused; `code` says why, the text never quotes the file."""

    def __init__(self, code: PhotoFault) -> None:
        super().__init__(code.value)
        self.code = code

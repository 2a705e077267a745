"""The common shape of what the readers of this package return."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of picture that are taken in, by the name of their decoder."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIC = "HEIF"


@dataclass(frozen=True, kw_only=True)
class Header:
    """Size and direction as the file declares them, before decoding.

    `passes` is how often a decoder goes over the whole picture. `parts` are the
    pieces of the file the decoder needs: where the format allows it, without
    metadata, comments and whatever is glued on behind the picture. They are views
    of the file, so that a header which waits for its turn holds no second copy.
    """

    kind: Kind
    width: int
    height: int
    parts: tuple[bytes | memoryview, ...]
    orientation: int = 1
    passes: int = 1

    @property
    def payload(self) -> bytes:
        """The pieces put together: what the decoder reads."""
        return b"".join(self.parts)

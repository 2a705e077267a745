"""What managers photographed, for the holder of a receipt: in the answer itself, so that no photo has an address."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from complaints.errors import PhotoUnreadable
from complaints.models import Evidence
from complaints.services.evidence import read_photo


@dataclass(frozen=True, kw_only=True)
class ShownPhoto:
    """One picture as the template shows it; `address` holds its bytes."""

    address: str
    width: int
    height: int


def photos_by_place(photos: Iterable[tuple[int, Evidence]]) -> dict[int, list[ShownPhoto]]:
    """Return the pictures of each place in the history; one that cannot be read is left out, and the log names it."""
    found: dict[int, list[ShownPhoto]] = {}
    for place, photo in photos:
        shown = _shown(photo)
        if shown is not None:
            found.setdefault(place, []).append(shown)
    return found


def _shown(photo: Evidence) -> ShownPhoto | None:
    try:
        data = read_photo(evidence=photo, part="thumb")
    except PhotoUnreadable:
        return None
    address = f"data:image/jpeg;base64,{b64encode(data).decode('ascii')}"
    return ShownPhoto(address=address, width=photo.thumb_width, height=photo.thumb_height)

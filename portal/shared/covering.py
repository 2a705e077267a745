"""Cover places of a picture for good: a new picture is written in which nothing is left of what stood there."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

# JPEG works in blocks of eight pixels: with boxes on their borders and full colour each covered block is one colour.
BLOCK = 8
GREY = (128, 128, 128)
QUALITY = 88
MOST_BOXES = 40


@dataclass(frozen=True, kw_only=True)
class Box:
    """A place in pixels of the picture; `left` and `top` belong to it, `right` and `bottom` do not."""

    left: int
    top: int
    right: int
    bottom: int


def covered(*, data: bytes, boxes: Iterable[Box]) -> tuple[bytes, str]:
    """Return the picture with grey over the boxes, and its format (JPEG, or PNG where the picture is one).

    Boxes grow to full blocks of eight pixels and are cut at the border.

    Raises:
        ValueError: no box lies in the picture, or there are more than MOST_BOXES.
    """
    with Image.open(BytesIO(data)) as source:
        kind = "PNG" if source.format == "PNG" else "JPEG"
        picture = source.convert("RGBA" if kind == "PNG" and source.has_transparency_data else "RGB")
    places = [place for box in boxes if (place := _fitted(box, picture.size))]
    if not 0 < len(places) <= MOST_BOXES:
        raise ValueError(f"{len(places)} boxes in the picture")
    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom in places:
        draw.rectangle((left, top, right - 1, bottom - 1), fill=GREY)
    out = BytesIO()
    picture.save(
        out, kind, **({"quality": QUALITY, "subsampling": 0} if kind == "JPEG" else {"optimize": True})
    )
    return out.getvalue(), kind


def _fitted(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    width, height = size
    left, top = (max(0, value) // BLOCK * BLOCK for value in (box.left, box.top))
    right, bottom = (
        min(most, -(-value // BLOCK) * BLOCK) for value, most in ((box.right, width), (box.bottom, height))
    )
    return (left, top, right, bottom) if left < right and top < bottom else None

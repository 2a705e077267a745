"""Texts of the outreach page, and pictures that carry what a camera writes into them."""

import io
from datetime import date
from itertools import count
from typing import Any

from PIL import Image

from home.enums import Topic
from home.models import ContentPage, OutreachIndexPage

CAMERA = "Marker-Phone-9917"
PLACE = (34.0, 13.0, 6.15)
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
_numbers = count(1)


def add_text(index: OutreachIndexPage, **values: Any) -> ContentPage:
    """Publish a text below the outreach page."""
    number = next(_numbers)
    facts = {
        "title": f"第 {number} 篇",
        "slug": f"text-{number}",
        "lead": f"第 {number} 篇的导语",
        "topic": Topic.NOTICE,
        "published_on": date(2026, 3, 10),
        **values,
    }
    page: ContentPage = index.add_child(instance=ContentPage(**facts))
    return page


def camera_jpeg(*, width: int = 640, height: int = 320, orientation: int = 6) -> bytes:
    """Return a JPEG lying on its side, red on its left half, with maker, place, XMP and a comment."""
    image = Image.new("RGB", (width, height), (20, 20, 200))
    image.paste((220, 20, 20), (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, CAMERA
    exif.get_ifd(GPS).update({1: "N", 2: PLACE, 3: "E", 4: PLACE})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=CAMERA.encode(), xmp=f"<x>{CAMERA}</x>".encode())
    return out.getvalue()


def plain_png() -> bytes:
    """Return a small opaque PNG."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (10, 120, 90)).save(out, "PNG")
    return out.getvalue()

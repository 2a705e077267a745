"""Builds the font of printed papers from the npm packages that carry Noto Sans SC: same input, same bytes.

Needs npm and the packages of requirements/base.txt; only to change the font, never to install, run or test the portal.
The packages cut the typeface into slices for the web. They share one grid, so that they are put together glyph by glyph
into one file without hinting and layout tables, which printed lines do not use.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont


@dataclass(frozen=True, kw_only=True)
class Package:
    """An npm package with its pinned hash; `slices` is how the names of its slices end that are taken."""

    name: str
    version: str
    integrity: str
    slices: str


CHINESE = Package(
    name="@fontsource/noto-sans-sc",
    version="5.3.0",
    integrity="HeqIlGm0+ohOKxZLuHj1qW6r6avHH0OWdKERAcSDI0RQ+MXrteuLKA+M+5eOA8rYy0MFvOR5AT0fQo2rUkye0Q==",
    slices="-400-normal.woff",
)
# Formulas need Greek letters; the slices of the Chinese typeface leave them out.
GREEK = Package(
    name="@fontsource/noto-sans",
    version="5.3.0",
    integrity="fBCog2PY7DiVVTEEqtI/Qdinx/knobHYfoGpjFXdfBX5RoJaBp1Prw2G75p0OIsdlMZg3cLo0c+YbIUYOxnQJw==",
    slices="-greek-400-normal.woff",
)
PACKAGES = (CHINESE, GREEK)
WHOLE = "package/files/noto-sans-sc-chinese-simplified-400-normal.woff"
OUT = Path(__file__).resolve().parents[1] / "portal" / "shared" / "data" / "fonts"
NAME, LICENCE = "NotoSansSC-Regular.ttf", "NotoSansSC-LICENSE.txt"
PLAIN_TABLES = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "gasp"]
IN_PLANE = 0x10000


def main() -> None:
    """Fetch, check, put together, write the font with its licences and a manifest."""
    parts: dict[str, bytes] = {}
    licences: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            with tarfile.open(fetch(package, folder=Path(folder))) as files:
                parts |= dict(slices(files, ending=package.slices))
                licences.append(read(files, "package/LICENSE"))
    font, licence, out = joined(parts), b"\n".join(licences), BytesIO()
    font.save(out)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / NAME).write_bytes(out.getvalue())
    (OUT / LICENCE).write_bytes(licence)
    text = manifest(font=out.getvalue(), licence=licence, characters=len(font.getBestCmap()))
    (OUT / "manifest.json").write_text(text)
    print(f"✓ {NAME}: {len(out.getvalue())} bytes")


def fetch(package: Package, *, folder: Path) -> Path:
    """Fetch a package through npm into `folder` and compare it with the pinned hash."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    archive = folder / done.stdout.strip().splitlines()[-1]
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package.integrity:
        sys.exit(f"✗ {package.name} {package.version} is not the package that was pinned: sha512-{found}")
    return archive


def slices(files: tarfile.TarFile, *, ending: str) -> Iterator[tuple[str, bytes]]:
    """Yield the slices of the regular weight, the large one for simplified Chinese first."""
    names = sorted(name for name in files.getnames() if name.endswith(ending))
    for name in sorted(names, key=lambda one: one != WHOLE):
        yield name, read(files, name)


def read(files: tarfile.TarFile, name: str) -> bytes:
    """Return one file of the archive."""
    member = files.extractfile(name)
    assert member is not None, name
    return member.read()


def joined(parts: dict[str, bytes]) -> Any:
    """Return the first part, stripped, with every character only the others have."""
    first, *others = parts.values()
    font = stripped(TTFont(BytesIO(first), recalcTimestamp=False))
    known = set(font.getBestCmap())
    for other in others:
        source = TTFont(BytesIO(other))
        for code, name in sorted(source.getBestCmap().items()):
            if code not in known:
                add(font, source=source, code=code, name=name)
                known.add(code)
    return font


def stripped(font: Any) -> Any:
    """Return the font without hinting and layout tables."""
    options = subset.Options()
    options.layout_features, options.hinting, options.notdef_outline = [], False, True
    options.drop_tables += PLAIN_TABLES
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=font.getBestCmap())
    cutter.subset(font)
    font.flavor = None  # a plain file: PDF readers know no WOFF
    named(font)
    return font


def named(font: Any) -> None:
    """Give the font the name of its weight; the slices carry that of the variable font they were cut from."""
    names = {
        1: "Noto Sans SC",
        2: "Regular",
        3: f"{CHINESE.version};NotoSansSC-Regular",
        4: "Noto Sans SC Regular",
    }
    for key, text in {**names, 6: "NotoSansSC-Regular"}.items():
        font["name"].removeNames(nameID=key)
        font["name"].setName(text, key, 3, 1, 0x409)


def add(font: Any, *, source: Any, code: int, name: str) -> None:
    """Add one character with its outline and width."""
    glyphs, pen, own = source.getGlyphSet(), TTGlyphPen(None), f"u{code:05X}"
    outline = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(outline)
    outline.replay(pen)
    font["glyf"][own] = pen.glyph()
    font["hmtx"][own] = source["hmtx"][name]
    for table in font["cmap"].tables:
        if table.isUnicode() and (code < IN_PLANE or table.format == 12):
            table.cmap[code] = own


def manifest(*, font: bytes, licence: bytes, characters: int) -> str:
    """Return what a test compares the files with."""
    values = {
        "packages": {
            package.name: {"version": package.version, "integrity": f"sha512-{package.integrity}"}
            for package in PACKAGES
        },
        "characters": characters,
        "files": {NAME: hashlib.sha256(font).hexdigest(), LICENCE: hashlib.sha256(licence).hexdigest()},
    }
    return json.dumps(values, indent=2) + "\n"


if __name__ == "__main__":
    main()

"""ZIP files whose bytes follow from names, contents and a day alone, with the hash of each file in them."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from hashlib import sha256

SUMS = "SHA256SUMS.txt"
FILE_MODE = 0o100600
# Packed already.
PACKED = (".jpg", ".png", ".webp", ".xlsx")


def with_sums(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files with the list of their hashes, in the form `sha256sum -c` reads."""
    sums = "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    return {**files, SUMS: sums.encode()}


def zipped(files: Mapping[str, bytes], *, day: date) -> bytes:
    """Return a ZIP of these files, in their order; every entry carries midnight of the day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, date_time=(day.year, day.month, day.day, 0, 0, 0))
            entry.external_attr, entry.create_system = FILE_MODE << 16, 3
            is_packed = name.endswith(PACKED)
            entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()

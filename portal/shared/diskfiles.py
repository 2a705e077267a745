"""Files that only their owner reads, and bringing bytes and names to the disk. Imported by settings: no Django here."""

import os
from pathlib import Path
from typing import BinaryIO

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


def private_file(path: Path) -> BinaryIO:
    """Open a new file for writing that only its owner may read; raises FileExistsError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb")


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner may read, and bring its bytes to the disk; raises FileExistsError.

    The name lasts once the folder is settled as well.
    """
    with private_file(path) as file:
        file.write(data)
        settle(file)


def settle(file: BinaryIO) -> None:
    """Bring a file to the disk."""
    file.flush()
    os.fsync(file.fileno())


def settle_folder(folder: Path, *, moment: float | None = None) -> None:
    """Bring the names in a folder to the disk; with `moment` (POSIX seconds) the folder's own time becomes that."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if moment is not None:
            os.utime(descriptor, (moment, moment))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

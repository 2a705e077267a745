"""The file of an SQLite database: how large it is, and whether it can be built anew without its free pages."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

# Up to here SQLite rebuilds in memory, as nothing of it need reach a temporary file.
IN_MEMORY_MOST_BYTES = 512 * 1024 * 1024
# Beyond it the copy and the write-ahead log take the size of the database once each.
TIMES_ROOM = 2.2


@dataclass(frozen=True, kw_only=True)
class Rebuild:
    """What building the file anew takes; bytes are those of the file and of free disk beside it."""

    size_bytes: int
    free_bytes: int

    @property
    def is_in_memory(self) -> bool:
        """Whether no temporary file is needed."""
        return self.size_bytes <= IN_MEMORY_MOST_BYTES

    @property
    def fits(self) -> bool:
        """Whether there is room for it."""
        return self.is_in_memory or self.free_bytes >= self.size_bytes * TIMES_ROOM


def rebuild() -> Rebuild | None:
    """Return what a rebuild takes; None for other databases, and for one in memory."""
    if connection.vendor != "sqlite":
        return None
    path = Path(str(connection.settings_dict["NAME"]))
    if not path.is_file():
        return None
    return Rebuild(size_bytes=path.stat().st_size, free_bytes=shutil.disk_usage(path.parent).free)

"""Which files the guards look at."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "home", "cases_public", "complaints")
CODE = (*APPS, "scripts", "benchmarks")
NOT_OURS = {".git", ".venv", ".hypothesis", "node_modules", "var", "__pycache__"}


@cache
def committed_files() -> tuple[Path, ...]:
    """Return every file that is or will be committed; without git, every file outside the known caches."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return tuple(path for path in sorted(ROOT.rglob("*")) if path.is_file() and not _is_cache(path))
    names = done.stdout.decode().split("\0")
    return tuple(path for name in sorted(filter(None, names)) if (path := ROOT / name).is_file())


def python_files(*folders: str) -> Iterator[Path]:
    """Yield the committed Python modules below these folders of the repository."""
    yield from (path for path in files_in(*folders) if path.suffix == ".py")


def templates() -> Iterator[Path]:
    """Yield every committed template."""
    yield from (
        path
        for path in files_in(*APPS)
        if "templates" in path.parts and path.suffix in {".html", ".txt", ".svg"}
    )


def files_in(*folders: str) -> Iterator[Path]:
    """Yield the committed files below these folders of the repository."""
    yield from (path for path in committed_files() if path.relative_to(ROOT).parts[0] in folders)


def is_migration(path: Path) -> bool:
    """Tell whether a module is a migration: written by Django, read once."""
    return "migrations" in path.parts


def where(path: Path) -> str:
    """Return the path to show in a finding."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def _is_cache(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return bool(NOT_OURS & set(parts)) or parts[0].endswith("_cache")

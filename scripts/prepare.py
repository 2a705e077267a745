"""Brings database and static files up to date and fills an empty database with demo data, in one process."""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]

# Present from before the first table is made until the demo data is in, so that an interrupted start is
# finished by the next one; a database that somebody else filled never gets it.
PENDING = "demo-pending"


def main() -> None:
    """Migrate, collect static files, load demo data into an empty database (not with ANSHAO_DEMO=0)."""
    sys.path.insert(0, str(ROOT))
    django.setup()
    pending = Path(settings.DATA_DIR) / PENDING
    pending.parent.mkdir(parents=True, exist_ok=True)
    if database_is_empty() and os.environ.get("ANSHAO_DEMO", "1") != "0":
        pending.touch()
    say("→ 更新数据库 · bringing the database up to date")
    call_command("migrate", interactive=False, verbosity=0)
    collect_static(root=Path(settings.STATIC_ROOT))
    if pending.exists():
        say("→ 载入演示数据 · loading the demo data")
        call_command("demo")
        pending.unlink()


def database_is_empty() -> bool:
    """Tell whether the database holds no table yet."""
    from django.db import connection

    return not connection.introspection.table_names()


def collect_static(*, root: Path) -> None:
    """Collect and compress static files into `root`, only when they have changed: it takes many seconds."""
    stamp = root / ".fingerprint"
    wanted = fingerprint(paths=static_sources())
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    say("→ 整理静态文件 · collecting static files")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")


def static_sources() -> Iterator[Path]:
    """Yield what decides the static files: our own, and the lock file for those of the packages."""
    yield ROOT / "requirements" / "base.txt"
    folders = [ROOT / "static", *ROOT.glob("*/static"), *ROOT.glob("*/*/static")]
    for folder in folders:
        if folder.relative_to(ROOT).parts[0] not in {"var", "node_modules", ".venv"}:
            yield from sorted(path for path in folder.rglob("*") if path.is_file())


def fingerprint(*, paths: Iterator[Path]) -> str:
    """Return one SHA-256 over names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def say(line: str) -> None:
    """Print at once, so that a person sees what the machine is busy with."""
    print(line, flush=True)


if __name__ == "__main__":
    main()

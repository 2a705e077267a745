"""Keys of the embedded default, made on the first start and kept in `DATA_DIR/keys.env` (mode 0600)."""

import base64
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from portal.shared.diskfiles import settle_folder, write_private

NAMES = ("SECRET_KEY", "KEY_RING")
# The demo vault's private key can be computed by anyone (complaints/services/demo/vault.py); production refuses it.
DEMO_VAULT_FINGERPRINT = "1424-e2bc-d553-7219-372a-bdf5-4399-e089-cd3e-3114-5bb3-8b9e-f7da-12c4-0958-b4d8"


def load_keys(*, data_dir: Path) -> dict[str, str]:
    """Return SECRET_KEY, KEY_RING and CHECKPOINT_KEY of this data directory, creating them once.

    Two processes starting together agree: the file is created exclusively, the loser reads the winner's.

    Raises:
        ImproperlyConfigured: the file is gone although there are data, or lacks a key. Fresh keys would open nothing.
    """
    path = data_dir / "keys.env"
    if not path.exists():
        _refuse_beside_data(data_dir)
        data_dir.mkdir(parents=True, exist_ok=True)
        _create(path)
    keys = _read(path)
    missing = [name for name in NAMES if not keys.get(name, "").strip()]
    if missing:
        raise ImproperlyConfigured(f"{path} lacks {' and '.join(missing)}; put the file back from your copy.")
    if "CHECKPOINT_KEY" not in keys:
        _add_checkpoint_key(path)
        keys = _read(path)
    return keys


def _refuse_beside_data(data_dir: Path) -> None:
    database = data_dir / "db.sqlite3"
    if database.exists() and database.stat().st_size:
        raise ImproperlyConfigured(
            f"{data_dir} holds data but no keys.env. Put it back, or set SECRET_KEY and KEY_RING: "
            "fresh keys would open none of it."
        )


def _read(path: Path) -> dict[str, str]:
    """Of a name that stands twice the first line counts: two processes may have added it at once."""
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, is_pair, value = line.partition("=")
        if is_pair:
            found.setdefault(name, value)
    return found


def _add_checkpoint_key(path: Path) -> None:
    """Complete a file of the time before checkpoints; one short line to the end is written whole."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(f"CHECKPOINT_KEY={_random_key()}\n")
        file.flush()
        os.fsync(file.fileno())


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _create(path: Path) -> None:
    ring = f"k1:intl:{_random_key()}"
    text = f"SECRET_KEY={secrets.token_urlsafe(64)}\nKEY_RING={ring}\nCHECKPOINT_KEY={_random_key()}\n"
    draft = path.with_name(f".keys.{os.getpid()}.{secrets.token_hex(4)}")
    write_private(draft, text.encode())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    # The name must last as well: tips sealed under keys that a power cut took away would stay shut.
    settle_folder(path.parent)

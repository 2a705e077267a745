"""The demo vault: its private key follows from a published label, so that nobody mistakes it for a secret."""

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from complaints.models import Vault
from complaints.services.vaults import KeyPair, new_key_pair, register_vault
from portal.shared.diskfiles import write_private

LABEL = "anshao demo vault, version 1: this private key is public knowledge"
VERSION = 1
PASSPHRASE = "anshao-demo-passphrase-2026"  # noqa: S105  printed for everybody; production refuses this vault
KEY_FILE = "custodian-key.json"


def demo_seed() -> bytes:
    """Return the seed anyone can compute."""
    return sha256(LABEL.encode()).digest()


def demo_key_pair() -> KeyPair:
    """Return the demo vault with its key file; wrapping costs one slow hash of 64 MiB."""
    return new_key_pair(version=VERSION, passphrase=PASSPHRASE, seed=demo_seed())


def load_vault(*, folder: Path, today: date, at: datetime) -> Path:
    """Register the demo vault and write its key file into `folder`, unless both are there; return the file."""
    path = folder / KEY_FILE
    if path.exists() and Vault.objects.filter(version=VERSION).exists():
        return path
    pair = demo_key_pair()
    register_vault(public_key=pair.public_key, version=VERSION, since=today, at=at)
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_private(path, pair.key_file.encode())
    return path

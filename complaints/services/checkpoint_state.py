"""How it stands with the checkpoints, for whoever runs the machine: the newest, its age, whether it still holds."""

from dataclasses import dataclass
from datetime import datetime

from complaints.crypto import signature
from complaints.models import AuditRow

from .checkpoints import checkpoint_file, checkpoint_seed, newest_checkpoint


@dataclass(frozen=True, kw_only=True)
class CheckpointState:
    """`signed_at` is None before the first; `holds` says that file and signatures verify and the row is as signed."""

    signed_at: datetime | None
    holds: bool


def checkpoint_state() -> CheckpointState:
    """Verify the file and compare the newest checkpoint with its row; `audit_verify` compares all of them."""
    path = checkpoint_file()
    if not path.exists():
        return CheckpointState(signed_at=None, holds=True)
    try:
        newest = newest_checkpoint(path=path, public=signature.public_key(seed=checkpoint_seed()))
    except ValueError:  # CHECKPOINT_KEY is malformed
        newest = None
    if newest is None:
        return CheckpointState(signed_at=None, holds=path.stat().st_size == 0)
    stored = AuditRow.objects.filter(sequence=newest.sequence).values_list("mac", flat=True).first()
    return CheckpointState(
        signed_at=newest.signed_at, holds=stored is not None and bytes(stored) == newest.mac
    )

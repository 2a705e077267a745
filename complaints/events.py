"""Signals sent after commit. They carry ids, never text, names or photos."""

from django.dispatch import Signal

tip_submitted = Signal()
step_recorded = Signal()
message_received = Signal()
unseal_moved = Signal()

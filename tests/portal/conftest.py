"""Storage of a test's own, for the tests of the shared layer."""

from tests.fixtures import evidence_root
from tests.store import free_port, store, store_port

__all__ = ["evidence_root", "free_port", "store", "store_port"]

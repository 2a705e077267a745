"""Storage of a test's own, for the tests of the shared layer."""

from tests.fixtures import evidence_root

__all__ = ["evidence_root"]

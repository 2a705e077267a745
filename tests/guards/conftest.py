"""The small city, for guards that run the whole portal."""

from tests.fixtures import city, clean_cache, evidence_root, officer, vault

__all__ = ["city", "clean_cache", "evidence_root", "officer", "vault"]

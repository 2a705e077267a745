"""The fixtures of the domain, for every test below this folder."""

from tests.enterprise_steps import boss, entry, named, other
from tests.fixtures import (
    administrator,
    auditor,
    city,
    city_officer,
    clean_cache,
    evidence_root,
    foreign_officer,
    leader,
    officer,
    signed_in,
    town_officer,
    vault,
)
from tests.store import free_port, store, store_port

__all__ = [
    "administrator",
    "auditor",
    "boss",
    "city",
    "city_officer",
    "clean_cache",
    "entry",
    "evidence_root",
    "foreign_officer",
    "free_port",
    "leader",
    "named",
    "officer",
    "other",
    "signed_in",
    "store",
    "store_port",
    "town_officer",
    "vault",
]

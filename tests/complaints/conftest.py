"""The fixtures of the domain, for every test below this folder."""

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

__all__ = [
    "administrator",
    "auditor",
    "city",
    "city_officer",
    "clean_cache",
    "evidence_root",
    "foreign_officer",
    "leader",
    "officer",
    "signed_in",
    "town_officer",
    "vault",
]

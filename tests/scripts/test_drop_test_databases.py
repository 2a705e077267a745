"""Clearing up after a run on PostgreSQL: nothing but test databases is ever dropped."""

import pytest

from scripts.drop_test_databases import drop

NOBODY = "postgres://postgres@127.0.0.1:1/postgres"


@pytest.mark.parametrize("prefix", ["", "test", "anshao", "anshao%", "anshao_ci; DROP", 'anshao_"ci'])
def test_a_doubtful_name_is_refused_before_connecting(prefix: str) -> None:
    with pytest.raises(ValueError, match="not the name of test databases"):
        drop(address=NOBODY, prefix=prefix)

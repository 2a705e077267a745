"""`kill -9` at twenty random moments of a rotation: everything opens afterwards, and the next run finishes the work."""

import json
from pathlib import Path

import pytest

from benchmarks import server
from tests.rotation_driver import ROUNDS, TIPS


@pytest.mark.timeout(400)
def test_a_rotation_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    found = json.loads(server.run_module("tests.rotation_driver", data_dir=tmp_path))

    killed = [one for one in found["rounds"] if one["killed"]]
    assert len(found["rounds"]) == ROUNDS == 20
    assert [one["broken"] for one in found["rounds"]] == [[]] * ROUNDS
    # Most were cut off before the end, some of them in the middle of the work.
    assert len(killed) >= ROUNDS // 4
    assert any(fresh + old == TIPS and old for fresh, old in (one["left"] for one in killed))
    assert (found["last"], found["database"]) == ([], "ok")

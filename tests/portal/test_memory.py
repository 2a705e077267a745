"""A process that serves: what it keeps for ever is no work for the collector."""

import gc

from portal.memory import settle


def test_what_is_there_is_kept_out_of_sight_and_what_comes_is_collected() -> None:
    settle()
    frozen = gc.get_freeze_count()
    circle: list[object] = []
    circle.append(circle)
    del circle

    assert frozen > 100_000
    assert gc.collect() >= 1

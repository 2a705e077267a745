"""Redis that goes away and comes back: nobody is turned away, and nobody waits for it again and again."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.exceptions import AuthenticationError, OutOfMemoryError, ReadOnlyError

from portal.shared import caches
from portal.shared.caches import SturdyRedisCache


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    """Begin and end with a Redis nobody has given up."""
    caches._Rest.until = 0.0
    yield
    caches._Rest.until = 0.0


@pytest.fixture
def away(free_port: int) -> Iterator[SturdyRedisCache]:
    """Return a cache whose Redis nobody runs."""
    cache = SturdyRedisCache(f"redis://127.0.0.1:{free_port}/0", {})
    yield cache
    cache._memory.clear()


def test_without_redis_the_process_counts_for_itself(away: SturdyRedisCache) -> None:
    assert away.add("acts", 0, 60)
    assert not away.add("acts", 0, 60)
    assert [away.incr("acts") for _ in range(3)] == [1, 2, 3]
    assert (away.get("acts"), away.get("other", "none"), away.has_key("acts")) == (3, "none", True)
    away.set("word", b"x", 60)
    away.set_many({"a": 1, "b": 2})
    assert away.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert away.touch("word", 60)
    assert away.delete("word")
    away.delete_many(["a"])
    assert (away.get("word"), away.get("a"), away.get("b")) == (None, None, 2)
    away.clear()
    assert away.get("b") is None


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (ReadOnlyError("MARKED"), "WARNING"),
        (OutOfMemoryError("MARKED"), "WARNING"),
        (AuthenticationError("MARKED"), "ERROR"),
    ],
)
def test_a_redis_that_refuses_turns_nobody_away(
    away: SturdyRedisCache,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    level: str,
) -> None:
    def refuse(*_values: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(caches.RedisCache, "add", refuse)

    assert away.add("acts", 1, 60)
    assert [(record.levelname, "MARKED" in record.getMessage()) for record in caplog.records] == [
        (level, False)
    ]


def test_what_is_not_there_is_no_number_to_add_to(away: SturdyRedisCache) -> None:
    with pytest.raises(ValueError, match="nothing"):
        away.incr("nothing")


def test_it_is_said_once_and_not_asked_again_for_a_while(
    away: SturdyRedisCache, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(20):
        away.get("word")

    assert away.is_away
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "127.0.0.1" not in caplog.text


def test_a_redis_that_hangs_holds_nobody_longer_than_once(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cache = SturdyRedisCache(
            f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {"OPTIONS": {"socket_timeout": 0.2}}
        )
        began = time.monotonic()
        for _ in range(10):
            cache.get("word")

        assert time.monotonic() - began < 1.5
    assert len(caplog.records) == 1


def test_redis_is_asked_again_when_it_is_back(free_port: int, tmp_path: Path) -> None:
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("redis-server is not installed here")
    cache = SturdyRedisCache(f"redis://127.0.0.1:{free_port}/0", {})
    cache.add("acts", 5, 60)
    command = [binary, "--port", str(free_port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until_it_listens(free_port)
            assert cache.get("acts") == 5  # still from memory: Redis rests
            caches._Rest.until = 0.0
            assert cache.get("acts") is None
            assert (cache.add("acts", 1, 60), cache.incr("acts")) == (True, 2)
            assert SturdyRedisCache(f"redis://127.0.0.1:{free_port}/0", {}).get("acts") == 2
        finally:
            server.terminate()


def wait_until_it_listens(port: int) -> None:
    """Wait until somebody answers on a port."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise TimeoutError("redis-server did not start")

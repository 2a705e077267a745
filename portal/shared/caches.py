"""Redis for several nodes, and the memory of this process while it is away.

What lies there counts acts and remembers spent challenges. Losing sight of it must not turn a reporter away: for as
long as Redis does not answer each process counts for itself, which is what a single machine does all the time.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import AuthenticationError, RedisError

# A thread waits so long for an answer, then all of them leave Redis alone for a while.
CONNECT_SECONDS, ANSWER_SECONDS, REST_SECONDS = 1.0, 2.0, 10.0
MEMORY_ENTRIES = 20_000
logger = logging.getLogger(__name__)


class _Rest:
    """Until when Redis is left alone; each thread has a cache of its own, so it stands here."""

    until = 0.0


class SturdyRedisCache(RedisCache):
    """Django's Redis cache that answers from memory while Redis is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        waits = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": ANSWER_SECONDS}
        given: Mapping[str, Any] = params.get("OPTIONS", {})
        super().__init__(server, {**params, "OPTIONS": {**waits, **given}})
        self._memory = LocMemCache("redis-is-away", {"OPTIONS": {"MAX_ENTRIES": MEMORY_ENTRIES}})

    @property
    def is_away(self) -> bool:
        """Whether this process counts for itself just now."""
        return time.monotonic() < _Rest.until

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if not self.is_away:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except RedisError as error:
                _Rest.until = time.monotonic() + REST_SECONDS
                # A wrong password mends itself never.
                level = logging.ERROR if isinstance(error, AuthenticationError) else logging.WARNING
                logger.log(
                    level, "Redis does not answer, this process counts for itself: %s", type(error).__name__
                )
        return getattr(self._memory, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Set a value if there is none; whether it was set."""
        return bool(self._ask("add", *args, **kwargs))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Return a value, or the default."""
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Set a value."""
        self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Give a value another time to live; whether it is there."""
        return bool(self._ask("touch", *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Delete a value; whether it was there."""
        return bool(self._ask("delete", *args, **kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        """Add to a number and return it; raises ValueError where there is none."""
        return int(self._ask("incr", *args, **kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        """Whether a value is there."""
        return bool(self._ask("has_key", *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        """Return the values that are there."""
        return self._ask("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        """Set several values."""
        return self._ask("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        """Delete several values."""
        self._ask("delete_many", *args, **kwargs)

    def clear(self) -> None:
        """Delete everything, in memory as well."""
        self._memory.clear()
        self._ask("clear")

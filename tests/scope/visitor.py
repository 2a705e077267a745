"""One person at the doors of the portal; what a request changed is undone before the next."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from tests.signin import enter

from .doors import Door
from .matrix import letter_of


class Visitor:
    """One person at the doors; what a request changed is undone before the next."""

    def __init__(self, user: User | None) -> None:
        self.client = Client(raise_request_exception=False)
        if user:
            enter(self.client, user)
        self.cookies = dict(self.client.cookies)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Leave session and database as they were."""
        with transaction.atomic():
            self.client.cookies.clear()
            self.client.cookies.update(self.cookies)
            yield
            transaction.set_rollback(True)

    def asks(self, door: Door, *, method: str) -> str:
        """Return the letter of what a door answers; the address asked for is the one that was meant."""
        with self.undone():
            answer = self.client.get(door.path) if method == "GET" else self.client.post(door.path)
            match = answer.resolver_match
            assert match is None or match.route == door.route, (
                f"{door.path} is {match.route}, not {door.route}"
            )
            return letter_of(answer)

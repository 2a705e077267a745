"""Reads the written matrix (matrix.txt): what each address answers to each person."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from django.http import HttpResponse
from django.urls import reverse

FILE = Path(__file__).with_name("matrix.txt")
Key = tuple[str, str, str]  # method, address, side
OPEN, HIDDEN, HOME, SIGN_IN, ELSEWHERE, REFUSED, NO_METHOD, UNUSABLE, BROKEN = "o.h>rxpb!"


@lru_cache
def matrix() -> Mapping[Key, Mapping[str, str]]:
    """Return the letter of the answer by key and person; the last comment above a row names the people."""
    found: dict[Key, dict[str, str]] = {}
    people = ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("# people:"):
            people = "".join(line.split()[2:])
        elif line and not line.startswith("#"):
            method, route, side, *cells = line.split()
            key, letters = (method, route, side), "".join(cells)
            if key in found or len(letters) != len(people):
                raise ValueError(f"matrix.txt: twice, or not {len(people)} people: {line}")
            found[key] = dict(zip(people, letters, strict=True))
    return found


def people() -> str:
    """Return the letters of the people in the order of the columns."""
    return "".join(next(iter(matrix().values())))


def letter_of(answer: HttpResponse) -> str:
    """Return the letter of an answer; the file says what each means."""
    if 300 <= answer.status_code < 400:
        return _letter_of_way(answer.headers["Location"])
    if answer.status_code >= 500:
        return BROKEN
    known = {401: SIGN_IN, 403: REFUSED, 404: HIDDEN, 405: NO_METHOD}
    return known.get(answer.status_code, UNUSABLE if answer.status_code >= 400 else OPEN)


def _letter_of_way(location: str) -> str:
    if location.startswith(reverse("account_login")):
        return SIGN_IN
    return HOME if location == reverse("wagtailadmin_home") else ELSEWHERE


def line(key: Key, letters: Mapping[str, str], *, groups: Iterable[str]) -> str:
    """Return a row as it stands in the file: the people in groups."""
    method, route, side = key
    cells = " ".join("".join(letters[one] for one in group) for group in groups)
    return f"{method:4} {route:94} {side:7} {cells}"

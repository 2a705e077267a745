"""Every registered address for every role, by GET and, where that is the door, by POST, against the written matrix."""

import io
import zipfile
from collections.abc import Mapping

import pytest
from django.http import HttpResponse

from complaints.models import InternalTip, Tip
from tests.refused import content

from .doors import ALONE, Door, doors
from .matrix import BROKEN, HIDDEN, NO_METHOD, OPEN, Key, line, matrix, people
from .visitor import Visitor
from .world import MANAGERS, PEOPLE, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap")]
# What a script would send to find out more.
BODY = {
    "note": "x", "reason": "other", "text": "x", "confirmed": "1", "seen": "1", "amount": "1", "days": "1",
    "username": "x", "name": "x", "purpose": "planned", "form": "csv", "memo": "x", "grade": "general",
}  # fmt: skip
# The act that is sent, by how the address begins; the longest beginning counts.
ACTS = {
    "": "accept", "admin/rewards/": "release", "admin/payments/": "pay", "admin/payments/ledger/": "appropriate",
    "workplace/": "acknowledge",
}  # fmt: skip
WORDS = {
    "o": "open", "h": "sent home", ".": "404", ">": "to sign in", "r": "sent elsewhere", "x": "403", "p": "405",
    "b": "what was sent is refused", "!": "500",
}  # fmt: skip


def keys_of(door: Door) -> list[Key]:
    """Return the rows a door has to have: one for GET, and one for POST where somebody's GET is not the door."""
    get, post = ("GET", door.route, door.side), ("POST", door.route, door.side)
    return [get, post] if NO_METHOD in matrix().get(get, {}).values() else [get]


def test_every_address_is_in_the_matrix_and_nothing_else(world: World) -> None:
    needed = [key for door in doors(values=world.values) for key in keys_of(door)]

    missing = [
        line(key, dict.fromkeys(people(), "?"), groups=[people()]) for key in needed if key not in matrix()
    ]
    assert not missing, "write what each of them answers to whom into tests/scope/matrix.txt:\n" + "\n".join(
        missing
    )
    assert sorted(set(matrix()) - set(needed)) == [], "no such address any more: strike the row"


def test_every_role_has_a_column(world: World) -> None:
    assert set(people()) == set(PEOPLE)
    assert {name for letter, name in PEOPLE.items() if letter != "N" and not world.people[letter]} == set()


def test_nothing_breaks_for_anybody() -> None:
    assert [key for key, letters in matrix().items() if BROKEN in letters.values()] == []


@pytest.mark.parametrize("who", PEOPLE)
def test_every_door_answers_as_written(world: World, who: str) -> None:
    visitor = Visitor(world.people[who])

    wrong = [
        f"{method:4} {door.path}: {WORDS[found]}, and not {WORDS[matrix()[method, route, side][who]]}"
        for door in doors(values=world.values)
        for method, route, side in keys_of(door)
        if (method, route, side) in matrix()
        and (found := visitor.asks(door, method=method)) != matrix()[method, route, side][who]
    ]

    assert not wrong, f"{PEOPLE[who] or 'nobody'}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("who", [letter for letter in PEOPLE if letter != "N"])
def test_what_is_hidden_is_hidden_from_what_is_sent(world: World, who: str) -> None:
    hidden = [door for door in doors(values=world.values) if _is_hidden(door, who)]
    client, before = Visitor(world.people[who]).client, content()

    answers: Mapping[str, int] = {
        door.path: client.post(door.path, BODY | {"act": _act(door)}).status_code for door in hidden
    }

    assert {path: code for path, code in answers.items() if code not in (404, 405)} == {}
    assert _without_sessions(content()) == _without_sessions(before)


@pytest.mark.parametrize("who", MANAGERS.values())
def test_what_is_open_to_a_manager_shows_nothing_of_the_bureau_and_of_others(world: World, who: str) -> None:
    letter = next(one for one, name in PEOPLE.items() if name == who)
    client, marks = Visitor(world.people[letter]).client, _foreign_words(who)
    is_open = [
        door
        for door in doors(values=world.values)
        if matrix()["GET", door.route, door.side][letter] == OPEN and door.route not in TELLS_NUMBERS
    ]

    shown = {door.path: _text_of(client.get(door.path)) for door in is_open}

    assert len(marks) > 20
    assert {
        path: told for path, text in shown.items() if (told := [one for one in marks if one in text])
    } == {}
    assert any(_own_words(who) in text for text in shown.values())


# Numbers of tips whose reward nobody has come for are called out in public.
TELLS_NUMBERS = ("reward/notices/",)


def _foreign_words(manager: str) -> list[str]:
    """Return numbers and words of every tip but those inside the manager's enterprises."""
    rows = Tip.everywhere.exclude(inside__enterprise__managers__user__username=manager)
    return [word for tip in rows for word in (tip.number, tip.description[:12])]


def _own_words(manager: str) -> str:
    rows = InternalTip.objects.filter(enterprise__managers__user__username=manager)
    return rows.latest("received_date", "pk").tip.description[:12]


def _text_of(answer: HttpResponse) -> str:
    """Return what an answer says; a workbook by its parts, a file that is sent in pieces not at all."""
    if answer.streaming:
        return ""
    if not zipfile.is_zipfile(whole := io.BytesIO(answer.content)):
        return answer.content.decode(errors="ignore")
    with zipfile.ZipFile(whole) as parts:
        return "".join(parts.read(name).decode(errors="ignore") for name in parts.namelist())


def _act(door: Door) -> str:
    return ACTS[max((start for start in ACTS if door.route.startswith(start)), key=len)]


def _is_hidden(door: Door, who: str) -> bool:
    return door.side != ALONE and matrix()["GET", door.route, door.side][who] == HIDDEN


def _without_sessions(rows: Mapping[str, object]) -> Mapping[str, object]:
    return {table: found for table, found in rows.items() if "session" not in table}

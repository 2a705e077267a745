"""How long the desk takes, page by page: a process that asks for one page whenever it is told to.

First it prints the queries of each page as JSON; then, for each name it reads, the milliseconds of one request.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import django

WARM = 2
# One of each kind that sees another part of the city.
PEOPLE = {
    "city": "chenlan",
    "leader": "zhouwen",
    "district": "zhaomin",
    "town": "wujun",
    "auditor": "xiaoyan",
    "administrator": "maqiang",
}
VIEWS = ("mine", "due-today", "overdue", "whistles", "supervised", "messages", "all")
WORDS, NO_WORDS = "%E9%93%9D%E7%B2%89", "%E6%97%A0%E6%AD%A4"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One page for one person."""

    client: Any
    path: str


def main() -> None:
    """Serve the pages of this environment's database over standard input and output."""
    django.setup()
    from django.conf import settings

    from portal.memory import settle

    settings.ALLOWED_HOSTS = ["*"]
    visits = {f"{page} {who}": visit for who, user in PEOPLE.items() for page, visit in _visits(who, user)}
    _say({name: _queries(visit) for name, visit in visits.items()})
    settle()  # as the server does
    for line in sys.stdin:
        _say(_milliseconds(visits[line.strip()]))


def _say(answer: Any) -> None:
    print(json.dumps(answer), flush=True)


def _visits(who: str, username: str) -> Iterator[tuple[str, Visit]]:
    from complaints.policies import may_read_tips

    client, user = _entered(username)
    paths = {"home": "/admin/"} | (_desk_of(who, user) if may_read_tips(user) else {})
    for name, path in paths.items():
        yield name, Visit(client=client, path=path)


def _desk_of(who: str, user: Any) -> Mapping[str, str]:
    """Return the pages worth asking for: everything for city and district, what differs for the others.

    The map is compared where it is full in both cities: thirty pins beside five hundred are two different pages.
    """
    from django.utils import timezone

    from complaints.selectors.inbox import first_tips

    tip = first_tips(user=user, most=1, today=timezone.localdate())[0]
    rare = (
        {"rare": "/admin/tips/view/all/?channel=letter", "map": "/admin/tips/map/"} if who == "city" else {}
    )
    main = {"inbox": "/admin/tips/", "tip": f"/admin/tips/{tip.number}/"}
    if who == "leader":
        return {"signing": "/admin/tips/view/signing/"}
    if who not in ("city", "district"):
        return main
    return {
        **main,
        **rare,
        **{view: f"/admin/tips/view/{view}/" for view in VIEWS},
        "sorted": "/admin/tips/?ordering=number",
        "filter": "/admin/tips/view/all/?status=closed&kind=violation",
        "search": _search(user, WORDS),
        "nothing": _search(user, NO_WORDS),
        "number": _search(user, tip.number),
        "beginning": _search(user, tip.number[:-2]),
        "assign": f"/admin/bulk/complaints/tip/assign/?id={tip.pk}",
    }


def _search(user: Any, typed: str) -> str:
    from complaints.selectors.search_address import sealed_search

    return f"/admin/tips/?s={sealed_search(user=user, typed=typed)}"


def _entered(username: str) -> tuple[Any, Any]:
    """Return a session of this person, past the second factor."""
    from django.contrib.auth.models import User
    from django.test import Client

    user = User.objects.get(username=username)
    client = Client(headers={"Host": "localhost"})
    client.force_login(user)
    session = client.session
    now = time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now, "username": username},
        {"method": "mfa", "at": now, "type": "totp"},
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client, user


def _queries(visit: Visit) -> int:
    """Return the queries of a page that was asked for before."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(WARM):
        visit.client.get(visit.path)
    with CaptureQueriesContext(connection) as queries:
        answer = visit.client.get(visit.path)
    if answer.status_code != 200:
        raise SystemExit(f"{visit.path} answered {answer.status_code}")
    return len(queries.captured_queries)


def _milliseconds(visit: Visit) -> dict[str, float]:
    """Ask once; `wall` is what a person waits, `cpu` what this process worked."""
    wall, cpu = time.perf_counter(), time.process_time()
    visit.client.get(visit.path)
    return {"wall": (time.perf_counter() - wall) * 1000, "cpu": (time.process_time() - cpu) * 1000}


if __name__ == "__main__":
    main()

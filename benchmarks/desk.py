"""How long the desk takes with few tips and with a million: inbox, tip page and search, in a process of its own."""

import json
import statistics
import time
from typing import Any

import django

ROUNDS = 25
WARM = 3


def main() -> None:
    """Print queries and the 95th percentile in milliseconds of each page for each person as JSON."""
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    people = {"city": "chenlan", "district": "zhaomin"}
    print(
        json.dumps({f"{name} {who}": found for who, user in people.items() for name, found in _pages(user)})
    )


def _pages(username: str) -> list[tuple[str, dict[str, float]]]:
    from complaints.selectors.search_address import sealed_search
    from complaints.selectors.tips import tips_for

    client, user = _entered(username)
    number = tips_for(user=user).filter(phase="open").order_by("order_date", "pk").first().number
    paths = {
        "inbox": "/admin/tips/",
        "overdue": "/admin/tips/view/overdue/",
        "all": "/admin/tips/view/all/",
        "tip": f"/admin/tips/{number}/",
        "search": f"/admin/tips/?s={sealed_search(user=user, typed='铝粉')}",
        "number": f"/admin/tips/?s={sealed_search(user=user, typed=number)}",
        "home": "/admin/",
    }
    return [(name, _measured(client, path)) for name, path in paths.items()]


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


def _measured(client: Any, path: str) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(WARM):
        client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    number = len(queries.captured_queries)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - started) * 1000)
    return {
        "queries": number,
        "p95": statistics.quantiles(times, n=20)[-1],
        "median": statistics.median(times),
    }


if __name__ == "__main__":
    main()

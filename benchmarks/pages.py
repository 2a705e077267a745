"""Weight and queries of the first pages, uncached, in a process of its own."""

import gzip
import json
import re
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import django
from django.conf import settings

PAGES = {"home": "/", "form": "/report/", "protection": "/protection/", "status": "/status/"}
RECEIPT = re.compile(r'data-code="([^"]+)"')
LINKS = re.compile(r'(?:src|href)="([^"]+\.(?:css|js|svg)[^"]*)"')
IMPORTS = re.compile(r'^import[^"\']*["\']\./([^"\']+)["\']', re.MULTILINE)


def main() -> None:
    """Print queries, milliseconds and compressed bytes of each page as JSON."""
    django.setup()
    settings.ALLOWED_HOSTS = ["*"]
    settings.PAGE_CACHE_BYTES = 0
    found = {name: measured(path) for name, path in PAGES.items()}
    found["progress"] = measured("/status/", typed={"receipt": new_receipt()})
    print(json.dumps(found))


def new_receipt() -> str:
    """Send a tip through the form and return its receipt."""
    from django.test import Client

    typed = {
        "description": "二楼打磨间全是铝粉",
        "address": "科技路 18 号",
        "identity_mode": "anonymous_with_code",
        "idempotency_key": token_hex(16),
    }
    answer = Client(headers={"Host": "localhost"}).post("/report/", typed)
    match = RECEIPT.search(answer.content.decode())
    if match is None:
        raise SystemExit(f"/report/ answered {answer.status_code} without a receipt")
    return match[1]


def measured(path: str, *, typed: Mapping[str, str] | None = None) -> dict[str, float]:
    """Ask for a page twice, or post to it, and describe the second answer; nothing of it comes from a cache of ours."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"Host": "localhost"})
    ask = partial(client.get, path) if typed is None else partial(client.post, path, typed)
    ask()
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        started = time.perf_counter()
        answer = ask()
        seconds = time.perf_counter() - started
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    names = needed({name for url in LINKS.findall(answer.content.decode()) if (name := static_name(url))})
    weight = len(gzip.compress(answer.content)) + sum(len(gzip.compress(content(name))) for name in names)
    return {"queries": len(queries), "ms": seconds * 1000, "kb": weight / 1000}


def static_name(url: str) -> str:
    """Return the name of one of our static files, or nothing for any other address."""
    parts = urlsplit(url)
    is_ours = not parts.netloc and parts.path.startswith(settings.STATIC_URL)
    return parts.path.removeprefix(settings.STATIC_URL) if is_ours else ""


def needed(names: set[str]) -> set[str]:
    """Return these files and the modules they import at once; what is loaded on demand counts later."""
    found: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        found.add(name)
        if name.endswith(".js"):
            near = Path(name).parent
            imported = {str(near / other) for other in IMPORTS.findall(content(name).decode())}
            queue.extend(imported - found)
    return found


def content(name: str) -> bytes:
    """Return a static file as it lies in the repository."""
    from django.contrib.staticfiles import finders

    found = finders.find(name)
    if found is None:
        raise SystemExit(f"{name} is nowhere")
    return Path(found).read_bytes()


if __name__ == "__main__":
    main()

"""The restore drill as an operator does it: back up a serving portal, restore elsewhere, serve, look at all of it.

Nothing here shares a process with the portal: servers, `backup`, `restore` and `totp` are commands of their own.
"""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from secrets import token_hex

import pytest

from benchmarks import server
from benchmarks.requests import API, api_body, post
from complaints.services.demo.vault import PASSPHRASE
from tests.backup_steps import content
from tests.factories import jpeg

SENDERS, BEFORE = 2, 3
# A phone that sent too many is asked to wait: on a slow machine a backup takes longer than that takes.
TOO_MANY = 429
OFFICER = "chenlan"
# What the drill compares row by row: nothing in these is changed by the restoration or by the portal that goes on.
TABLES = (
    "complaints_tip", "complaints_tipreceipt", "complaints_evidence", "complaints_office", "complaints_vault",
    "complaints_membership", "wagtailcore_page", "auth_user", "mfa_authenticator",
)  # fmt: skip


@dataclass(kw_only=True)
class Load:
    """Phones that go on sending tips with a photo; `confirmed` holds number and receipt of each that was answered."""

    port: int
    confirmed: list[dict[str, str]] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    enough: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Send until told to stop."""
        body = api_body(photos=[jpeg(maker="drill")])
        while not self.stop.is_set():
            answer = post(port=self.port, path=API, body=body, key=token_hex(16))
            if answer.status == 201:
                self.confirmed.append(json.loads(answer.body))
            elif answer.status == TOO_MANY:
                self.stop.wait(timeout=1)
            else:
                self.failed.append(answer.status)
            if len(self.confirmed) >= BEFORE or self.failed:
                self.enough.set()


@contextmanager
def under_load(port: int) -> Iterator[Load]:
    """Keep phones sending while the block runs, which begins once some tips are in."""
    load = Load(port=port)
    threads = [threading.Thread(target=load.run) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    try:
        load.enough.wait(timeout=60)
        yield load
    finally:
        load.stop.set()
        for thread in threads:
            thread.join(timeout=60)


def command(*arguments: str, data_dir: Path) -> str:
    """Run one command of the portal on a data folder and return what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=server.ROOT,
        env=server.environment(data_dir=data_dir),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout


def rows(data_dir: Path, table: str) -> set[str]:
    """Return the rows of a table, each as one text."""
    with closing(sqlite3.connect(f"file:{data_dir / 'db.sqlite3'}?mode=ro", uri=True)) as database:
        return {repr(row) for row in database.execute(f"SELECT * FROM {table}")}  # noqa: S608  our own names


class Browser:
    """Fetches pages with cookies and fills forms, as far as pages without scripts go."""

    def __init__(self, port: int) -> None:
        """Visit the server at this port."""
        self.root = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.page, self.url = "", ""

    def get(self, path: str) -> str:
        """Fetch a page; raises HTTPError where there is none."""
        return self._ask(urllib.request.Request(f"{self.root}{path}"))

    def send(self, path: str, **fields: str) -> str:
        """Post a form with the token of the page shown last."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page)
        values = {**fields, **({"csrfmiddlewaretoken": token[1]} if token else {})}
        data = urllib.parse.urlencode(values).encode()
        head = {"Referer": f"{self.root}{path}"}
        return self._ask(urllib.request.Request(f"{self.root}{path}", data=data, headers=head))

    def _ask(self, request: urllib.request.Request) -> str:
        with self.opener.open(request, timeout=60) as answer:
            self.url, self.page = answer.geturl(), answer.read().decode()
        return self.page

    def sign_in(self, *, data_dir: Path) -> None:
        """Sign the officer in with password and code."""
        self.get("/accounts/login/?next=/admin/")
        self.send("/accounts/login/?next=/admin/", login=OFFICER, password="anshao-demo-2026")
        code = command("totp", OFFICER, data_dir=data_dir).strip()
        self.send(urllib.parse.urlsplit(self.url).path + "?next=/admin/", code=code)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a data folder with a city in it."""
    folder = tmp_path / "old"
    server.prepare(data_dir=folder)
    return folder


def restored(old: Path, new: Path, backup: Path) -> str:
    """Put a backup back into an empty folder that has the keys and nothing else; return what the command said."""
    new.mkdir()
    shutil.copy(old / "keys.env", new / "keys.env")
    (new / "passphrase").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    [key] = (old / "demo").glob("*.json")
    return command(
        "restore", str(backup), f"--key={key}", f"--passphrase-file={new / 'passphrase'}", data_dir=new
    )


def counted(told: str) -> list[str]:
    """Return the figures of rows and files in what a command said."""
    return re.findall(r"(\d+) (?:行|个文件)", told)[:2]


@pytest.mark.journey
@pytest.mark.timeout(300)
def test_a_backup_made_under_load_serves_again_on_another_machine(old: Path, tmp_path: Path) -> None:
    new, backup, log = tmp_path / "new", tmp_path / "backup", tmp_path / "server.log"
    with server.running(data_dir=old, log=log) as serving, under_load(serving.port) as load:
        before = list(load.confirmed)
        made = command("backup", str(backup), data_dir=old)
        since = len(load.confirmed)

    put_back = restored(old, new, backup)

    kept, files = {table: rows(new, table) for table in TABLES}, content(new / "evidence")
    assert load.failed == []
    assert since >= len(before) >= BEFORE
    assert counted(made) == counted(put_back)
    assert [table for table, found in kept.items() if not found or found - rows(old, table)] == []
    assert len(kept["complaints_tip"]) == len(kept["complaints_evidence"]) >= len(before)
    assert len(files) == 3 * len(kept["complaints_evidence"])
    assert {name: content(old / "evidence")[name] for name in files} == files

    with server.running(data_dir=new, log=log) as serving:
        home, reporter, desk = (Browser(serving.port) for _ in range(3))
        first = before[0]
        home.get("/")
        reporter.get("/status/")
        reporter.send("/status/", receipt=first["receipt"])
        desk.sign_in(data_dir=new)
        desk.get(f"/admin/tips/{first['number']}/")

        assert "拍照举报" in home.page
        assert first["number"] in reporter.page
        assert first["number"] in desk.page
        assert "粉尘" in desk.page
        assert "科技路 18 号" in desk.page
        assert photo_of(desk)[:3] == b"\xff\xd8\xff"
    assert command("audit_verify", data_dir=new).startswith("审计日志完整")


def photo_of(desk: Browser) -> bytes:
    """Return the first photo on the page of the tip."""
    found = re.search(r'src="(/admin/tips/photo/[^"]+)"', desk.page)
    assert found is not None
    with desk.opener.open(f"{desk.root}{found[1]}", timeout=60) as answer:
        data: bytes = answer.read()
        return data

"""`manage.py check_text`: one answer a line, at once, without a database."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
NOTICE = "西安恒泰金属制品有限公司法定代表人李建国"
PERSON = {"kind": "person", "start": 17, "end": 20, "suggestion": "李某某"}
COMPANY = {"kind": "company", "start": 0, "end": 12, "suggestion": "西安某金属制品公司"}


def answers(monkeypatch: pytest.MonkeyPatch, given: bytes, *options: str) -> tuple[list[object], str]:
    """Return the answers the command prints and what it complains about."""
    out, complaint = io.StringIO(), ""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
    try:
        call_command("check_text", *options, stdout=out)
    except CommandError as error:
        complaint = str(error)
    return [json.loads(line) for line in out.getvalue().splitlines()], complaint


def line(text: object, *, ascii_only: bool = False) -> bytes:
    return json.dumps(text, ensure_ascii=ascii_only).encode() + b"\n"


def test_prints_a_list_for_each_line(monkeypatch: pytest.MonkeyPatch) -> None:
    printed, complaint = answers(monkeypatch, line(NOTICE) + line("没有发现隐患。") + line(""))

    assert printed == [[COMPANY, PERSON], [], []]
    assert complaint == ""


def test_enterprises_may_be_named_by_policy_persons_never(monkeypatch: pytest.MonkeyPatch) -> None:
    printed, _ = answers(monkeypatch, line(NOTICE), "--policy", "named")

    assert printed == [[PERSON]]


def test_escaped_pairs_are_one_character(monkeypatch: pytest.MonkeyPatch) -> None:
    printed, _ = answers(monkeypatch, line("😀负责人李建国。", ascii_only=True))

    assert printed == [[{**PERSON, "start": 4, "end": 7}]]


def test_chinese_is_printed_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(line(NOTICE))))

    call_command("check_text", stdout=out)

    assert "李某某" in out.getvalue()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_mark_at_the_beginning_and_foreign_line_ends_do_no_harm(
    monkeypatch: pytest.MonkeyPatch, mark: bytes
) -> None:
    printed, complaint = answers(monkeypatch, mark + line("好").replace(b"\n", b"\r\n") + line("好").strip())

    assert (printed, complaint) == ([[], []], "")


@pytest.mark.parametrize(
    "bad",
    [
        b"{}\n",
        b"12\n",
        b"null\n",
        b'["a"]\n',
        b"text\n",
        b"\n",
        b"  \n",
        b'"\xff"\n',
        b"[" * 100_000 + b"\n",
        b'"a" "b"\n',
    ],
    ids=range(10),
)
def test_a_line_that_is_no_string_ends_it_and_the_answers_before_stand(
    monkeypatch: pytest.MonkeyPatch, bad: bytes
) -> None:
    printed, complaint = answers(monkeypatch, line("好") + line(NOTICE) + bad + line("好"))

    assert printed == [[], [COMPANY, PERSON]]
    assert "第 3 行" in complaint


def test_nothing_in_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers(monkeypatch, b"") == ([], "")


class _Growing:
    """Standard input that says how much was read before each answer."""

    def __init__(self, lines: int, out: io.StringIO) -> None:
        self.lines, self.out = lines, out
        self.waiting: list[int] = []

    @property
    def buffer(self) -> Iterator[bytes]:
        for number in range(self.lines):
            self.waiting.append(number - self.out.getvalue().count("\n"))
            yield line("好")


def test_each_line_is_answered_before_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    growing = _Growing(50, out)
    monkeypatch.setattr("sys.stdin", growing)

    call_command("check_text", stdout=out)

    assert set(growing.waiting) == {0}


def test_works_without_a_database_and_says_where_it_stopped(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check_text"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{tmp_path}/absent/db.sqlite3",
            "DATA_DIR": str(tmp_path / "data"),
            "LC_ALL": "C",
        },
        input=line(NOTICE) + b"?\n",
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1
    assert json.loads(done.stdout) == [COMPANY, PERSON]
    assert "第 2 行" in done.stderr.decode()
    assert not (tmp_path / "absent").exists()

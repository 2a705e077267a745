"""Guard: nothing committed names a package registry, a path of somebody's machine or a download address."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.sources import ROOT, committed_files, where

# Written in pieces, so that this file does not break its own rule.
REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "npm" + "mirror.com",
    "deb." + "debian.org",
    "mirrors." + "aliyun.com",
    "mirrors." + "cloud.tencent.com",
    "tuna." + "tsinghua.edu.cn",
    "repo.huawei" + "cloud.com",
    "crates" + ".io",
    "proxy.go" + "lang.org",
)
REGISTRY = re.compile("|".join(map(re.escape, REGISTRIES)))
# The brackets are for the same reason.
MACHINE_PATH = re.compile(
    r"(?<![\w./:-])/(?:[w]ork|[r]oot|[h]ome/[a-z]\w*|[U]sers/\w+|[m]nt|[s]rv/\w+)/[\w.]"
)
ADDRESS = re.compile(r"\b(?:https?|git\+\w+|file)://")
LOCKS = ("requirements/base.txt", "requirements/dev.txt", "requirements/audit.txt")
PACKAGE_LOCK = "package-lock.json"
LICENCE_TEXTS = {"LICENSE"}
TEXT_MAX_BYTES = 4_000_000


def registry_names(path: Path) -> Iterator[str]:
    """Yield the lines of a text file that name a package registry."""
    yield from _lines_with(path, REGISTRY)


def machine_paths(path: Path) -> Iterator[str]:
    """Yield the lines of a text file that hold a path which exists on one machine only."""
    yield from _lines_with(path, MACHINE_PATH)


def download_addresses(path: Path) -> Iterator[str]:
    """Yield the lines of a lock file that say where to download from; a call for donations is none."""
    for line in _lines_with(path, ADDRESS):
        if '"url":' not in line or '"resolved":' in line:
            yield line


def _lines_with(path: Path, pattern: re.Pattern[str]) -> Iterator[str]:
    text = _text(path)
    if not pattern.search(text):
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if pattern.search(line):
            yield f"{where(path)}:{number} {line.strip()[:120]}"


def _text(path: Path) -> str:
    data = path.read_bytes()[:TEXT_MAX_BYTES]
    return "" if b"\0" in data else data.decode("utf-8", errors="replace")


def test_no_registry_is_named() -> None:
    assert [line for path in committed_files() for line in registry_names(path)] == []


def test_no_path_of_a_machine_is_named() -> None:
    bundles = ROOT / "static" / "vendor"

    paths = (path for path in committed_files() if not path.is_relative_to(bundles))

    assert [line for path in paths for line in machine_paths(path)] == []


def test_locks_hold_no_download_address() -> None:
    paths = [ROOT / name for name in (*LOCKS, PACKAGE_LOCK)]

    assert [line for path in paths for line in download_addresses(path)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]

    assert entries
    assert [
        entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry
    ] == []


@pytest.mark.parametrize("registry", REGISTRIES)
def test_guard_finds_a_registry(tmp_path: Path, registry: str) -> None:
    assert list(registry_names(_plant(tmp_path, f"index-url = https://{registry}/simple\n")))


@pytest.mark.parametrize("path", ["/wor" + "k/main/x.py", "see /ro" + "ot/.cache", "'/hom" + "e/anna/x'"])
def test_guard_finds_a_machine_path(tmp_path: Path, path: str) -> None:
    assert list(machine_paths(_plant(tmp_path, f"{path}\n")))


@pytest.mark.parametrize(
    "text", ["/workplace/", "/report/", "/etc/systemd/system", "a/work/b", "{% url 'home' %}"]
)
def test_guard_knows_our_own_addresses(tmp_path: Path, text: str) -> None:
    assert list(machine_paths(_plant(tmp_path, f"{text}\n"))) == []


def test_guard_finds_a_download_address(tmp_path: Path) -> None:
    lines = [
        '"resolved": "https://example.org/x.tgz",',
        '"url": "https://example.org/sponsor"',
        "x @ git+ssh://y",
    ]

    found = list(download_addresses(_plant(tmp_path, "\n".join(lines))))

    assert [line.split(" ")[0] for line in found] == ["planted.txt:1", "planted.txt:3"]


def _plant(folder: Path, text: str) -> Path:
    path = folder / "planted.txt"
    path.write_text(text, encoding="utf-8")
    return path

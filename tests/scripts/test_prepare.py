"""Preparing a start: demo data once and only into an empty database, static files only when they changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from scripts import prepare


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the management commands that would run."""
    names: list[str] = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **_options: names.append(name))
    monkeypatch.delenv("ANSHAO_DEMO", raising=False)
    return names


@pytest.fixture
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    """Give the start a data directory of its own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.STATIC_ROOT = tmp_path / "data" / "static"
    (tmp_path / "data" / "static").mkdir(parents=True)
    return tmp_path / "data"


def _empty(monkeypatch: pytest.MonkeyPatch, *, answer: bool) -> None:
    monkeypatch.setattr(prepare, "database_is_empty", lambda: answer)


def test_an_empty_database_gets_the_demo_data(
    calls: list[str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _empty(monkeypatch, answer=True)

    prepare.main()

    assert calls == ["migrate", "collectstatic", "demo"]
    assert not (data_dir / prepare.PENDING).exists()


def test_a_filled_database_is_left_alone(
    calls: list[str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _empty(monkeypatch, answer=False)

    prepare.main()

    assert "demo" not in calls


def test_the_demo_data_can_be_declined(
    calls: list[str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _empty(monkeypatch, answer=True)
    monkeypatch.setenv("ANSHAO_DEMO", "0")

    prepare.main()

    assert "demo" not in calls


def test_an_interrupted_start_is_finished_by_the_next(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def stop_at_migrate(name: str, **_options: Any) -> None:
        raise KeyboardInterrupt

    _empty(monkeypatch, answer=True)
    monkeypatch.setattr(prepare, "call_command", stop_at_migrate)
    with pytest.raises(KeyboardInterrupt):
        prepare.main()
    _empty(monkeypatch, answer=False)
    monkeypatch.setattr(prepare, "call_command", lambda name, **_options: ran.append(name))

    prepare.main()

    assert ran[-1] == "demo"


def test_static_files_are_collected_when_they_changed(calls: list[str], data_dir: Path) -> None:
    root = data_dir / "static"

    prepare.collect_static(root=root)
    prepare.collect_static(root=root)
    (root / ".fingerprint").write_text("of an earlier version", encoding="ascii")
    prepare.collect_static(root=root)

    assert calls == ["collectstatic", "collectstatic"]


def test_the_fingerprint_sees_contents_and_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    (tmp_path / "a.css").write_text("a{}", encoding="ascii")
    (tmp_path / "b.css").write_text("a{}", encoding="ascii")

    prints = {prepare.fingerprint(paths=iter([tmp_path / name])) for name in ("a.css", "b.css")}
    (tmp_path / "a.css").write_text("b{}", encoding="ascii")
    prints.add(prepare.fingerprint(paths=iter([tmp_path / "a.css"])))

    assert len(prints) == 3


def test_our_static_files_are_part_of_the_fingerprint() -> None:
    sources: Iterator[Path] = prepare.static_sources()

    names = {str(path.relative_to(prepare.ROOT)) for path in sources}

    assert "requirements/base.txt" in names
    assert any(name.startswith("static/") for name in names)
    assert not any(name.startswith(("var/", "node_modules/", ".venv/")) for name in names)


@pytest.mark.django_db
def test_a_migrated_database_is_not_empty() -> None:
    assert prepare.database_is_empty() is False

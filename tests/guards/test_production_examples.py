"""Guard: what stands in docs/production fits the code: variables that are read, commands that exist, no open door."""

import re
from pathlib import Path

import pytest

from tests.guards.sources import ROOT

FOLDER = ROOT / "docs" / "production"
SETTINGS = [*sorted((ROOT / "portal" / "settings").glob("*.py")), ROOT / "scripts" / "gunicorn.conf.py"]
OF_DJANGO = {"DJANGO_SETTINGS_MODULE"}


def names_in_example() -> list[str]:
    lines = (FOLDER / "environment.example").read_text(encoding="utf-8").splitlines()
    return [line.partition("=")[0] for line in lines if line and not line.startswith("#")]


def readme_names(name: str) -> set[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {
        found
        for line in text.splitlines()
        if line.startswith("| `")
        for found in re.findall(r"`([A-Z_]{4,})`", line)
    }


@pytest.mark.parametrize("name", names_in_example())
def test_each_variable_is_read_and_explained(name: str) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SETTINGS)

    assert f'"{name}"' in code or name in OF_DJANGO
    for readme in ("README.md", "README.en.md"):
        assert name in readme_names(readme) | OF_DJANGO, readme


def test_no_secret_is_given() -> None:
    text = (FOLDER / "environment.example").read_text(encoding="utf-8")

    for name in ("SECRET_KEY", "KEY_RING", "CHECKPOINT_KEY", "VAULT_FINGERPRINT"):
        assert re.search(rf"^{name}=$", text, flags=re.MULTILINE), name


@pytest.mark.parametrize("unit", sorted(FOLDER.glob("*.service")), ids=lambda path: path.name)
def test_a_unit_runs_what_exists_as_nobody_special(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    commands = re.findall(r"manage\.py (\w+)", text)
    configured = re.findall(r"--config (\S+)", text)

    assert commands or configured
    for command in commands:
        ours = (ROOT / "complaints" / "management" / "commands" / f"{command}.py").exists()
        assert ours or command == "check", command
    for path in configured:
        assert (ROOT / path).exists()
    for line in ("User=anshao", "UMask=0077", "NoNewPrivileges=yes", "ProtectSystem=strict"):
        assert line in text
    assert "journal" not in re.findall(r"^Standard\w+=(\S+)", text, flags=re.MULTILINE)


def test_the_gateway_keeps_no_photo_no_query_and_no_open_path_to_the_store() -> None:
    text = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
    words = re.search(r"log_format connections '([^']+)'", text)

    assert words
    assert not {"$request ", "$request_uri", "$args", "$http_referer", "$request_body"} & set(
        words[1].split()
    )
    assert "$request_uri" not in words[1]
    assert "proxy_request_buffering off;" in text
    store = text[text.index("location /from-the-store/") :].partition("}")[0]
    assert "internal;" in store
    assert "proxy_pass_request_headers off;" in store
    assert "keepalive " not in text.replace("`keepalive`", "")


def test_the_page_of_the_gateway_asks_for_nothing() -> None:
    text = (FOLDER / "away.html").read_text(encoding="utf-8")

    assert not re.findall(r"https?://|<script|<img|url\(|<link", text)
    assert set(re.findall(r'href="([^"]+)"', text)) == {"tel:12350", "tel:120", "tel:119"}

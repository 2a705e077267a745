"""What a page costs to load, and that it draws only icons it holds."""

import gzip
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.complaints.public.forms import receipt_of, send, soup
from tests.fixtures import City

MOST_BYTES = 60_000
IMPORT = re.compile(r"""(?:from|import)\s+["']\./([\w-]+\.js)["']""")
DRAWN = re.compile(r"""icon\("([a-z-]+)"\)""")
# Drawn by scripts on this page only.
SCRIPTED = {"/report/": {"check", "x", "warning", "image"}}


def packed(content: bytes) -> int:
    """Return the size after the compression every server has."""
    return len(gzip.compress(content, compresslevel=6))


def file_of(address: str) -> Path:
    """Return the file behind a static address."""
    found = finders.find(address.removeprefix("/static/"))
    assert isinstance(found, str), address
    return Path(found)


def loaded_files(page: BeautifulSoup) -> set[Path]:
    """Return every file the page loads by itself, imported modules included."""
    addresses = [str(link["href"]) for link in page.select("link[rel=stylesheet], link[rel=icon]")]
    addresses += [str(script["src"]) for script in page.select("script[src]")]
    files = {file_of(address) for address in addresses}
    waiting = [file for file in files if file.suffix == ".js"]
    while waiting:
        for name in IMPORT.findall(waiting.pop().read_text(encoding="utf-8")):
            module = file_of(f"/static/js/{name}")
            if module not in files:
                files.add(module)
                waiting.append(module)
    return files


def symbols(page: BeautifulSoup) -> set[str]:
    """Return the icons the page holds."""
    return {str(symbol["id"]).removeprefix("i-") for symbol in page.select("symbol")}


def used(page: BeautifulSoup) -> set[str]:
    """Return the icons the page shows."""
    return {str(use["href"]).removeprefix("#").removeprefix("i-") for use in page.select("use")}


def test_form_stays_below_sixty_kilobytes(client: Client, city: City, settings: Settings) -> None:
    settings.CAPTCHA_BACKEND = "altcha"
    response = client.get("/report/")

    files = loaded_files(soup(response))
    solver = file_of("/static/vendor/altcha-solver.min.js")
    total = packed(response.content) + sum(packed(file.read_bytes()) for file in {*files, solver})

    assert {file.name for file in files} >= {
        "tokens.css",
        "pages.css",
        "report.js",
        "photos.js",
        "send.js",
        "logo.svg",
    }
    assert not any(file.name == "seal.min.js" for file in files)
    assert total <= MOST_BYTES, f"{total} bytes"


def test_form_of_a_whole_city_fits_too(client: Client, city: City) -> None:
    from tests.fixtures import DATA, load_divisions

    lines = (DATA / "divisions.csv").read_text(encoding="utf-8").splitlines()
    districts = {
        code
        for code in (line.split(",")[0] for line in lines[1:])
        if len(code) == 6 and not code.endswith("00")
    }
    load_divisions(districts=districts)

    response = client.get("/report/")

    total = packed(response.content) + sum(packed(file.read_bytes()) for file in loaded_files(soup(response)))
    assert len(soup(response).select("#town option")) > 150
    assert total <= MOST_BYTES, f"{total} bytes"


def pages_of(client: Client) -> dict[str, HttpResponse]:
    """Return every page of the anonymous web, however it is reached."""
    receipt = send(client)
    code = receipt_of(receipt)
    return {
        "/report/": client.get("/report/"),
        "/report/ with problems": client.post("/report/", {}),
        "receipt": receipt,
        "/status/": client.get("/status/"),
        "wrong receipt": client.post("/status/", {"receipt": "x"}),
        "progress": client.post("/status/", {"receipt": code}),
        "message sent": client.post(
            "/status/", {"receipt": code, "action": "message", "text": "你好", "client_key": "a" * 32}
        ),
        "/offline/": client.get("/offline/"),
        "404": client.get("/nothing-here/"),
    }


def test_every_icon_shown_is_drawn_once(client: Client, city: City) -> None:
    for name, response in pages_of(client).items():
        page = soup(response)
        drawn = [str(symbol["id"]) for symbol in page.select("symbol")]

        assert used(page) <= symbols(page), name
        assert len(drawn) == len(set(drawn)), name


def test_icons_of_scripts_are_drawn_in_the_form(client: Client, city: City) -> None:
    page = soup(client.get("/report/"))
    scripts = [file.read_text(encoding="utf-8") for file in loaded_files(page) if file.suffix == ".js"]

    asked = {name for script in scripts for name in DRAWN.findall(script)}

    assert asked == SCRIPTED["/report/"]
    assert asked <= symbols(page)


@pytest.mark.parametrize("path", ["/report/", "/status/"])
def test_words_for_scripts_are_those_they_ask_for(client: Client, city: City, path: str) -> None:
    import json

    page = soup(client.get(path))
    texts = page.select_one("#texts")
    assert texts is not None
    # The receipt's script comes with the form and speaks with the words of the receipt's own page.
    files = [file for file in loaded_files(page) if file.suffix == ".js" and file.name != "receipt.js"]
    scripts = "".join(file.read_text(encoding="utf-8") for file in files)

    asked = set(re.findall(r"""(?:say|tell)\((?:this\.say\()?"(\w+)\"""", scripts))
    named = {word for word in json.loads(texts.get_text()) if f'"{word}"' in scripts}

    assert asked <= set(json.loads(texts.get_text()))
    assert named == set(json.loads(texts.get_text()))

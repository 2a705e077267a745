"""Guard: pages hold no inline script or style, ask no other host, and trust no text without a reason."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.guards.sources import APPS, files_in, python_files, templates, where

COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)
TEMPLATE_CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
TAG = re.compile(r"<([a-zA-Z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL)
ATTRIBUTE = re.compile(r"([^\s=/>\"']+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?", re.DOTALL)
DATA_BLOCK = "application/json"
LOADING = {"src", "srcset", "href", "poster", "data", "action", "formaction", "xlink:href"}
# A link that a person follows may lead to the authorities whose pages the law tells us to name.
OFFICIAL = (".gov.cn",)
OFFICIAL_SPACES = ("http://www.w3.org/",)
TRUSTED = re.compile(r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off\s*%}")
MARKED_SAFE = re.compile(r"\bmark_safe\(|\bSafeString\(")
REASON = re.compile(r"(?:{#|#)\s*safe: \S+(?: \S+){2,}")
PICTURE = re.compile(r"{%\s*(?:image|srcset_image|picture)\s.*?%}")
SMALL_FORMAT = re.compile(r"\sformat-(?:webp|\{avif,webp\})\s")
# Here somebody judges the picture itself.
DESKS = ("home/cover_picture.html", "/staff/")
CLOSED_INCLUDE = re.compile(r"{%\s*include\s+\"([^\"]+)\"([^%]*?)\bonly\s*%}")
FAR_STYLE = re.compile(r"url\(\s*[\"']?(?:https?:)?//|@import\s+(?:url\()?[\"']?(?:https?:)?//")


def inline_code(path: Path) -> Iterator[str]:
    """Yield scripts without a file, style blocks, style attributes and event attributes of a template."""
    for line, name, attributes in _tags(path):
        if name == "script" and "src" not in attributes and attributes.get("type") != DATA_BLOCK:
            yield f"{where(path)}:{line} inline script"
        if name == "style":
            yield f"{where(path)}:{line} style block"
        for attribute, value in attributes.items():
            if attribute == "style" or attribute.startswith("on"):
                yield f"{where(path)}:{line} attribute {attribute}"
            if value.lower().startswith("javascript:"):
                yield f"{where(path)}:{line} script in {attribute}"


def forms_without_token(path: Path) -> Iterator[str]:
    """Yield the inclusions that shut everything out but leave a form inside without the token it sends."""
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    for name, given in CLOSED_INCLUDE.findall(text):
        inside = next(
            (other for other in templates() if other.as_posix().endswith(f"/templates/{name}")), None
        )
        if inside is None or "csrf_token" in given:
            continue
        if "{% csrf_token %}" in inside.read_text(encoding="utf-8"):
            yield f"{where(path)} {name}"


def far_resources(path: Path) -> Iterator[str]:
    """Yield what a template fetches from, sends to or links to on another host."""
    for line, name, attributes in _tags(path):
        for attribute in sorted(LOADING & attributes.keys()):
            for address in attributes[attribute].split(","):
                if _is_far(address.strip()) and not _is_official(name, address.strip()):
                    yield f"{where(path)}:{line} <{name} {attribute}> {address.strip()}"


def unexplained_trust(path: Path) -> Iterator[str]:
    """Yield the lines that switch escaping off and do not say why, on the same line or the one above."""
    pattern = MARKED_SAFE if path.suffix == ".py" else TRUSTED
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else ""
        if pattern.search(line) and not REASON.search(line) and not REASON.search(above):
            yield f"{where(path)}:{number + 1} {line.strip()}"


def heavy_pictures(path: Path) -> Iterator[str]:
    """Yield the pictures of a page for the public that come in one format as the editor sent it."""
    for match in PICTURE.finditer(path.read_text(encoding="utf-8")):
        if not SMALL_FORMAT.search(match[0]):
            yield f"{where(path)} {match[0]}"


def far_styles(path: Path) -> Iterator[str]:
    """Yield the lines of a style sheet that load something from another host."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if FAR_STYLE.search(line):
            yield f"{where(path)}:{number} {line.strip()[:100]}"


def _tags(path: Path) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield line, name and attributes of each tag; template code is blanked, its quotes do not count."""
    text = COMMENT.sub(_blank, path.read_text(encoding="utf-8"))
    text = TEMPLATE_CODE.sub(_blank, text)
    for match in TAG.finditer(text):
        pairs = ATTRIBUTE.findall(match[2])
        attributes = {name.lower(): value.strip("\"'").strip() for name, value in pairs}
        yield text.count("\n", 0, match.start()) + 1, match[1].lower(), attributes


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "_", match[0])


def _is_far(address: str) -> bool:
    return bool(re.match(r"(?:[a-z]+:)?//", address, re.IGNORECASE))


def _is_official(name: str, address: str) -> bool:
    if address.startswith(OFFICIAL_SPACES):
        return True
    host = urlsplit(address).hostname or ""
    return name == "a" and host.endswith(OFFICIAL)


def test_templates_hold_no_inline_code() -> None:
    assert [line for path in templates() for line in inline_code(path)] == []


def test_forms_in_closed_inclusions_have_their_token() -> None:
    assert [line for path in templates() for line in forms_without_token(path)] == []


@pytest.mark.parametrize(
    ("given", "found"), [("with alone=alone only", 1), ("with a=b csrf_token=csrf_token only", 0), ("", 0)]
)
def test_guard_finds_a_form_without_its_token(tmp_path: Path, given: str, found: int) -> None:
    planted = _plant(tmp_path, f'{{% include "complaints/workplace/alone.html" {given} %}}')

    assert len(list(forms_without_token(planted))) == found


def test_templates_ask_no_other_host() -> None:
    assert [line for path in templates() for line in far_resources(path)] == []


def test_styles_ask_no_other_host() -> None:
    sheets = [path for path in files_in(*APPS, "static") if path.suffix == ".css"]

    assert [line for path in sheets for line in far_styles(path)] == []


def test_pictures_for_the_public_are_small() -> None:
    public = [path for path in templates() if not any(desk in path.as_posix() for desk in DESKS)]

    assert sum(len(PICTURE.findall(path.read_text(encoding="utf-8"))) for path in public) >= 9
    assert [line for path in public for line in heavy_pictures(path)] == []


def test_trusted_text_says_why() -> None:
    paths = [*templates(), *python_files(*APPS)]

    assert [line for path in paths for line in unexplained_trust(path)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "<script>go()</script>",
        "<SCRIPT type='module'>go()</SCRIPT>",
        '<script type="application/javascript">go()</script>',
        "<style>a{}</style>",
        '<p class="a" style="color:red">',
        "<p style={{ colour }}>",
        '<a href="x"\n   onclick="go()">',
        "<img src=x onerror=go()>",
        '<a href="javascript:go()">',
        '{% if a > b %}<p {% if x %}class="y"{% endif %} style="{{ z }}">{% endif %}',
    ],
)
def test_guard_finds_inline_code(tmp_path: Path, planted: str) -> None:
    assert list(inline_code(_plant(tmp_path, planted)))


@pytest.mark.parametrize(
    "innocent",
    [
        '<script src="{% static "js/report.js" %}" type="module" nonce="{{ nonce }}"></script>',
        '<script type="application/json" id="codes">{"a": 1}</script>',
        '<button class="on" data-online="1" name="one">',
        "{# <script>go()</script> #}",
        "{% comment %}<p style='x'>{% endcomment %}",
        '<p title="how to write style=x">',
    ],
)
def test_guard_leaves_clean_pages_alone(tmp_path: Path, innocent: str) -> None:
    assert list(inline_code(_plant(tmp_path, innocent))) == []


@pytest.mark.parametrize("planted", ["{% image a width-40 %}", "{% picture a width-{1,2} format-jpeg %}"])
def test_guard_finds_heavy_pictures(tmp_path: Path, planted: str) -> None:
    assert list(heavy_pictures(_plant(tmp_path, planted)))


@pytest.mark.parametrize(
    "planted",
    [
        '<script src="https://cdn.example.org/x.js"></script>',
        '<img src="//example.org/x.png">',
        '<img srcset="/a.png 1x, https://example.org/b.png 2x">',
        '<link rel="stylesheet" href="http://example.org/x.css">',
        '<form action="https://example.org/">',
        '<a href="https://example.org/">',
        '<img src="https://www.gov.cn/x.png">',
        '<a href="https://fake-gov.cn/">',
    ],
)
def test_guard_finds_other_hosts(tmp_path: Path, planted: str) -> None:
    assert list(far_resources(_plant(tmp_path, planted)))


@pytest.mark.parametrize(
    "innocent",
    [
        '<a href="https://beian.miit.gov.cn/">',
        '<a href="{% url "report" %}">',
        '<svg xmlns="http://www.w3.org/2000/svg">',
        '<img src="/media/x.png">',
    ],
)
def test_guard_lets_people_follow_official_links(tmp_path: Path, innocent: str) -> None:
    assert list(far_resources(_plant(tmp_path, innocent))) == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("{{ text|safe }}", 1),
        ("{{ text | safe }}", 1),
        ("{% autoescape off %}", 1),
        ("{{ text|safe }}{# safe: because #}", 1),
        ("{{ text|safe }}{# safe: rendered by our own block #}", 0),
        ("{# safe: rendered by our own block #}\n{{ text|safe }}", 0),
        ("{{ text|safer }}", 0),
    ],
)
def test_guard_asks_for_a_reason(tmp_path: Path, planted: str, found: int) -> None:
    assert len(list(unexplained_trust(_plant(tmp_path, planted)))) == found


def test_guard_asks_for_a_reason_in_python(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("x = mark_safe(y)\nz = mark_safe(q)  # safe: a constant of ours\n", encoding="utf-8")

    assert list(unexplained_trust(planted)) == ["planted.py:1 x = mark_safe(y)"]


def test_guard_finds_far_styles(tmp_path: Path) -> None:
    planted = tmp_path / "planted.css"
    lines = [
        '@import "https://example.org/x.css";',
        "a { background: url(//example.org/x) }",
        "b { src: url(x.svg) }",
    ]
    planted.write_text("\n".join(lines), encoding="utf-8")

    assert len(list(far_styles(planted))) == 2


def _plant(folder: Path, text: str) -> Path:
    path = folder / "planted.html"
    path.write_text(text, encoding="utf-8")
    return path

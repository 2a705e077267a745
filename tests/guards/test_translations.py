"""Guard: every text people see is translated, the compiled catalogue is fresh, and placeholders survive."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from tests.guards.catalogue import Message, python_messages, template_messages
from tests.guards.sources import APPS, ROOT, is_migration, python_files, templates, where

CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2}")
# The one language that names itself in its own words wherever it is offered.
OWN_NAMES = {"简体中文", "安哨"}

Index = dict[tuple[str | None, str], polib.POEntry]


def used_messages() -> Iterator[tuple[Path, Message]]:
    """Yield every text of ours with the file that shows it."""
    for path in python_files(*APPS):
        if not is_migration(path):
            yield from ((path, message) for message in python_messages(path))
    for path in templates():
        yield from ((path, message) for message in template_messages(path))


def index(catalogue: polib.POFile) -> Index:
    """Return the live entries by context and text."""
    return {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}


def untranslated(entries: Index, message: Message) -> str:
    """Return what is wrong with the translation of one text; empty when nothing is."""
    context, text, plural = message
    entry = entries.get((context, text))
    if entry is None:
        return "is missing"
    if entry.fuzzy:
        return "is marked fuzzy"
    if plural and entry.msgid_plural != plural:
        return "lacks its plural"
    return "" if entry.translated() else "is empty"


def broken_placeholders(entry: polib.POEntry) -> bool:
    """Tell whether a translation lost or invented a placeholder."""
    wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
    translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return any(set(PLACEHOLDER.findall(text)) != wanted for text in translations)


def differences(catalogue: polib.POFile, compiled: polib.MOFile) -> set[tuple[str, ...]]:
    """Return the entries in which the compiled catalogue is not what the text catalogue says."""
    live = [entry for entry in catalogue if entry.translated() and not entry.obsolete]
    return _facts(live) ^ _facts(list(compiled))


def _facts(entries: list[polib.POEntry]) -> set[tuple[str, ...]]:
    return {
        (entry.msgctxt or "", entry.msgid, entry.msgid_plural, entry.msgstr, *entry.msgstr_plural.values())
        for entry in entries
    }


def chinese_in_code(path: Path) -> Iterator[str]:
    """Yield the texts of a file that are written in Chinese; an English one may quote a Chinese term."""
    messages = python_messages(path) if path.suffix == ".py" else template_messages(path)
    for _, text, _ in messages:
        if CHINESE.search(text) and not LATIN_WORD.search(text) and text not in OWN_NAMES:
            yield f"{where(path)} {text!r}"


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE), encoding="utf-8")


def test_every_text_is_translated(catalogue: polib.POFile) -> None:
    entries = index(catalogue)

    problems = {
        f"{where(path)} {message[1]!r} {problem}"
        for path, message in used_messages()
        if (problem := untranslated(entries, message))
    }

    assert sorted(problems) == []


def test_compiled_catalogue_is_fresh(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")), encoding="utf-8")

    assert differences(catalogue, compiled) == set()


def test_placeholders_survive(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if entry.translated() and broken_placeholders(entry)] == []


def test_texts_in_code_are_english() -> None:
    paths = [*(path for path in python_files(*APPS) if not is_migration(path)), *templates()]

    assert [line for path in paths for line in chinese_in_code(path)] == []


def test_extraction_finds_python_texts(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        "from django.utils.translation import gettext_lazy as words, ngettext\n"
        'a = words("One" " sentence")\n'
        'b = ngettext("%d tip", "%d tips", 3)\n'
        'c = translation.pgettext("verb", "Close")\n'
        "d = _(variable)\n",
        encoding="utf-8",
    )

    found = set(python_messages(planted))

    assert found == {(None, "One sentence", None), (None, "%d tip", "%d tips"), ("verb", "Close", None)}


def test_extraction_finds_template_texts(tmp_path: Path) -> None:
    planted = tmp_path / "planted.html"
    planted.write_text(
        '{% load i18n %}{% translate "It\'s open" %}{% trans "Close" context "verb" %}'
        "{% blocktranslate trimmed with a=b %}\n  Tip {{ a }}\n  is 100% open\n{% endblocktranslate %}"
        "{% blocktranslate count n=n %}{{ n }} tip{% plural %}{{ n }} tips{% endblocktranslate %}"
        '{{ _("In a variable") }}{% include "x.html" with title=_("In a tag") only %}'
        '{{ value|default:_("In a filter") }}{% comment %}{% translate "Not shown" %}{% endcomment %}',
        encoding="utf-8",
    )

    found = set(template_messages(planted))

    assert found == {
        (None, "It's open", None),
        ("verb", "Close", None),
        (None, "Tip %(a)s is 100%% open", None),
        (None, "%(n)s tip", "%(n)s tips"),
        (None, "In a variable", None),
        (None, "In a tag", None),
        (None, "In a filter", None),
    }


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (polib.POEntry(msgid="Other", msgstr="别的"), "is missing"),
        (polib.POEntry(msgid="Tip", msgstr=""), "is empty"),
        (polib.POEntry(msgid="Tip", msgstr="举报", flags=["fuzzy"]), "is marked fuzzy"),
        (polib.POEntry(msgid="Tip", msgstr="举报", obsolete=True), "is missing"),
        (polib.POEntry(msgid="Tip", msgstr="举报", msgctxt="verb"), "is missing"),
        (polib.POEntry(msgid="Tip", msgstr="举报"), ""),
    ],
)
def test_guard_judges_a_translation(entry: polib.POEntry, problem: str) -> None:
    planted = polib.POFile()
    planted.append(entry)

    assert untranslated(index(planted), (None, "Tip", None)) == problem


def test_guard_finds_a_stale_compiled_catalogue(tmp_path: Path) -> None:
    planted = polib.POFile()
    planted.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    planted.append(polib.POEntry(msgid="Tip", msgstr="举报"))
    planted.save_as_mofile(str(tmp_path / "planted.mo"))
    fresh = polib.mofile(str(tmp_path / "planted.mo"))

    before = differences(planted, fresh)
    planted.append(polib.POEntry(msgid="New", msgstr="新"))

    assert before == set()
    assert differences(planted, fresh) == {("", "New", "", "新")}


@pytest.mark.parametrize(
    ("source", "translation", "broken"),
    [
        ("%(n)s tips", "%(n)s 条举报", False),
        ("%(n)s tips", "举报", True),
        ("{n} tips", "{m} 条举报", True),
        ("none", "无 %s", True),
    ],
)
def test_guard_compares_placeholders(source: str, translation: str, broken: bool) -> None:
    assert broken_placeholders(polib.POEntry(msgid=source, msgstr=translation)) is broken


def test_guard_finds_chinese_texts_in_code(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text('a = _("举报")\nb = _("Tip")\nc = _("registration (ICP备案)")\n', encoding="utf-8")

    assert list(chinese_in_code(planted)) == ["planted.py '举报'"]

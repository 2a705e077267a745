"""Guard: texts of Wagtail and Django that we say better in Chinese are still theirs, whole, compiled, never ours."""

from collections.abc import Iterator
from pathlib import Path

import django
import polib
import pytest
import wagtail

from tests.guards.sources import ROOT
from tests.guards.test_translations import CATALOGUE, PLACEHOLDER, differences

BORROWED = ROOT / "locale" / "wagtail" / "zh_Hans" / "LC_MESSAGES"
WAGTAIL = Path(wagtail.__file__).parent
DJANGO = Path(django.__file__).parent / "conf" / "locale" / "en" / "LC_MESSAGES"
# Texts of ours that Wagtail has as well, in the same sense: one translation serves both.
SAME_SENSE = {
    "Account", "All", "Cancel", "Copy", "File", "Help", "Home", "Link", "Name", "New: %(model_name)s", "No", "Page",
    "Password", "Required. Letters, digits and @/./+/-/_ only.", "Roles", "Saving…", "Search", "Shortcuts",
    "Skip to main content",
    "Status", "System", "Type", "Unknown", "Yes", "active", "file", "name", "site name", "status", "title",
    ('JavaScript is required to use Wagtail, but it is currently disabled.<br /> Here are the <a href='
    '"https://www.enable-javascript.com/" target="_blank" rel="noreferrer">instructions how to enable JavaScript in '
    "your web browser</a>."),
}  # fmt: skip
# Parts of Wagtail that are not installed here say nothing on our pages.
ABSENT = {
    "forms", "redirects", "search_promotions", "searchpromotions", "styleguide", "table_block", "simple_translation",
    "locales",
}  # fmt: skip


def wagtails_texts(domain: str) -> Iterator[str]:
    """Yield every text of the installed parts of Wagtail."""
    for path in WAGTAIL.rglob(f"locale/en/LC_MESSAGES/{domain}.po"):
        if not ABSENT & set(path.relative_to(WAGTAIL).parts):
            yield from (entry.msgid for entry in polib.pofile(str(path)))


def djangos_texts(domain: str) -> Iterator[str]:
    """Yield every text of Django itself: its words about a field that was filled in wrong stand in the same forms."""
    path = DJANGO / f"{domain}.po"
    if path.exists():
        yield from (entry.msgid for entry in polib.pofile(str(path)))


def invented(entry: polib.POEntry) -> bool:
    """Tell whether a translation names a placeholder that the text does not give."""
    given = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
    said = [entry.msgstr, *entry.msgstr_plural.values()]
    return any(not set(PLACEHOLDER.findall(text)) <= given for text in said)


@pytest.fixture(params=["django", "djangojs"])
def borrowed(request: pytest.FixtureRequest) -> tuple[str, polib.POFile]:
    return request.param, polib.pofile(str(BORROWED / f"{request.param}.po"))


def test_borrowed_texts_are_still_wagtails(borrowed: tuple[str, polib.POFile]) -> None:
    domain, catalogue = borrowed

    assert (
        sorted(
            {entry.msgid for entry in catalogue} - set(wagtails_texts(domain)) - set(djangos_texts(domain))
        )
        == []
    )


def test_borrowed_texts_are_translated_and_compiled(borrowed: tuple[str, polib.POFile]) -> None:
    domain, catalogue = borrowed
    compiled = polib.mofile(str(BORROWED / f"{domain}.mo"))

    assert [entry.msgid for entry in catalogue if not entry.translated()] == []
    assert differences(catalogue, compiled) == set()


def test_borrowed_texts_invent_no_placeholder(borrowed: tuple[str, polib.POFile]) -> None:
    _domain, catalogue = borrowed

    assert [entry.msgid for entry in catalogue if invented(entry)] == []


def test_our_texts_do_not_take_wagtails_words_in_another_sense() -> None:
    ours = {entry.msgid for entry in polib.pofile(str(CATALOGUE)) if not entry.msgctxt and not entry.obsolete}

    assert sorted((ours & set(wagtails_texts("django"))) - SAME_SENSE) == []


def test_guard_finds_an_invented_placeholder() -> None:
    assert invented(polib.POEntry(msgid="%(n)s pages", msgstr="%(m)s 页"))
    assert not invented(polib.POEntry(msgid="%(n)s pages", msgstr="若干页"))

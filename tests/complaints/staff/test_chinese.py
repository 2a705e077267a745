"""The back office in Chinese: no English of Wagtail's or of ours is left on the pages people work with."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
import wagtail.admin

from complaints.enums import Action, Role
from complaints.models import ReplyTemplate, SpecialDay, Tip
from home.services.site import ensure_site
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import step
from tests.fixtures import City
from tests.signin import staff

pytestmark = pytest.mark.django_db
SPOKEN = {"title", "aria-label", "placeholder", "alt", "data-w-tooltip-content-value"}
UNSPOKEN = {"script", "style", "code", "kbd"}
WITHOUT_END = {"img", "input", "meta", "link", "br", "hr", "use", "path", "circle", "source", "col", "wbr"}
WORD = re.compile(r"[A-Za-z]{2,}")
# Names of keys, formats, units and products, and what people typed themselves.
PROPER = re.compile(
    r"Ctrl|Shift|Alt|Esc|Enter|JavaScript|JPE?G|PNG|WEBP|CSV|XLSX|[KMG]B|URL|ICP|English|localhost|Wagtail v[\d.]+"
    r"|AS-\d{4}-\w{6}|\b(?:home|cases_public)\.\w+|\w+\.(?:gov|example)\.\w+|KEY_RING"
)
PAGES = {
    "editor": [
        "", "account/", "pages/", "pages/{home}/", "pages/{home}/edit/", "pages/{home}/history/",
        "pages/add/home/contentpage/{outreach}/", "pages/{home}/add_subpage/", "images/", "images/multiple/add/",
        "documents/", "documents/multiple/add/", "reports/site-history/", "reports/page-types-usage/",
    ],
    "publisher": ["", "pages/{home}/", "pages/{home}/edit/", "images/", "reports/site-history/"],
    "officer": [
        "", "account/", "tips/", "tips/view/overdue/", "tips/{tip}/", "tips/{tip}/step/decline/",
        "tips/{accepted}/reply/",
    ],
    "leader": ["snippets/complaints/replytemplate/", "snippets/complaints/replytemplate/add/"],
    "administrator": [
        "", "account/", "users/", "users/new/", "users/edit/{person}/", "roles/", "roles/new/", "periods/",
        "periods/new/", "snippets/complaints/office/", "snippets/complaints/office/add/",
        "snippets/complaints/specialday/", "snippets/complaints/specialday/add/",
        "snippets/complaints/division/", "snippets/complaints/division/inspect/610100/", "sites/",
        "settings/home/bureausettings/",
    ],
}  # fmt: skip


class Spoken(HTMLParser):
    """Collects what a page says: its text and the attributes that are shown or read aloud; hidden text is not."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag not in WITHOUT_END and (
            self.silent or tag in UNSPOKEN or "data-side-panel-toggle-counter" in named
        ):
            self.silent.append(tag)
        self.words += [str(value) for name, value in attrs if name in SPOKEN]
        if tag == "input" and named.get("type") in {"submit", "button"}:
            self.words.append(named.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def english(html: str, *, names: set[str]) -> Iterator[str]:
    """Yield what a page says in English, proper names and the names of accounts left out."""
    page = Spoken()
    page.feed(html)
    for words in page.words:
        rest = PROPER.sub("", words)
        if any(word not in names for word in WORD.findall(rest)):
            yield " ".join(words.split())


@pytest.fixture
def fill(people: People, tip: Tip, city: City) -> dict[str, object]:
    """Return what the addresses need; lists that are empty say so in words of their own."""
    accepted = step_taken(tip, people)
    home = ensure_site()
    assert home is not None
    outreach = home.get_children().get(slug="outreach")
    return {
        "home": home.pk, "outreach": outreach.pk, "tip": tip.number, "accepted": accepted, "person": people.officer.pk,
    }  # fmt: skip


def step_taken(tip: Tip, people: People) -> str:
    step(tip=tip, action=Action.ACCEPT, actor=people.officer)
    return tip.number


@pytest.mark.parametrize("who", list(PAGES))
def test_pages_of_the_back_office_speak_chinese(
    people: People, city: City, fill: dict[str, object], who: str
) -> None:
    ReplyTemplate.objects.create(title="属实")
    publisher = staff(Role.PUBLISHER, office=city.city, username="qianfa", first_name="梁博")
    person = publisher if who == "publisher" else getattr(people, who)
    person.is_superuser = False
    person.save()
    client = at_desk(person)
    names = {
        "sysadmin",
        "zhaomin",
        "chenli",
        "zhouwen",
        "shiju",
        "jiedao",
        "shenji",
        "liuxin",
        "bianji",
        "qianfa",
    }

    found = {}
    for path in PAGES[who]:
        page = client.get(f"/admin/{path.format(**fill)}", follow=True)
        assert page.status_code == 200, path
        found[path] = sorted(set(english(page.content.decode(), names=names)))

    assert {path: words for path, words in found.items() if words} == {}


def test_list_with_rows_says_yes_and_no(people: People) -> None:
    SpecialDay.objects.create(day="2027-02-06", is_working=True)

    text = at_desk(people.administrator).get("/admin/snippets/complaints/specialday/").content.decode()

    assert list(english(text, names=set())) == []


def test_texts_of_the_editor_that_arrive_as_data_are_chinese(people: People) -> None:
    folder = Path(wagtail.admin.__file__).parent / "locale" / "en" / "LC_MESSAGES"
    wanted = [entry.msgid for entry in polib.pofile(str(folder / "djangojs.po"))]

    catalogue = at_desk(people.editor).get("/admin/jsi18n/").content.decode()

    missing = [text for text in wanted if f"{text[:30]}" not in catalogue]
    assert [text for text in missing if text.isascii() and '"' not in text and "’" not in text] == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Search all pages</p>", ["Search all pages"]),
        ('<a title="Sort by"></a>', ["Sort by"]),
        ('<input type="submit" value="Search">', ["Search"]),
        ('<input type="text" value="typed words">', []),
        ("<script>var a = 1</script><code>AS-2026-ABC123</code>", []),
        ("<p>支持 JPG，最大 20 MB</p><b>zhaomin</b>", []),
    ],
)
def test_the_ear_hears_what_people_hear(html: str, found: list[str]) -> None:
    assert list(english(html, names={"zhaomin"})) == found

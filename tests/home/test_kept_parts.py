"""Parts many pages have in common: made once, never older than what they show, and nobody's who is somebody."""

import threading
from collections.abc import Callable, Collection, Mapping

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from wagtail.models import PageViewRestriction, Site

from complaints.enums import Role
from home.enums import Validity
from home.models import BureauSettings, HomePage, OutreachIndexPage
from home.rule_links import rule_addresses
from portal.shared import kept_parts
from portal.shared.law_links import Citation
from tests.home.factories import add_text
from tests.home.outreach_parts import add_rule
from tests.signin import enter, staff


class Counted:
    """Makes a part, and counts how often."""

    def __init__(self, answer: object = "made") -> None:
        self.answer, self.times = answer, 0

    def __call__(self) -> object:
        self.times += 1
        return self.answer


def under(mark: str) -> Callable[[], str]:
    """Return a reader of this mark."""
    return lambda: mark


# --- the shelf -------------------------------------------------------------------------------------------------------


def test_a_part_is_made_once_under_a_mark() -> None:
    make = Counted()

    for mark in ("a", "a", "b", "b"):
        with kept_parts.reading(under(mark)):
            assert kept_parts.part(make, "menu") == "made"
            assert kept_parts.part(make, "menu") == "made"

    assert make.times == 2


def test_the_mark_is_read_once_for_a_request_and_not_at_all_without_a_part() -> None:
    read = Counted("a")

    with kept_parts.reading(read):  # type: ignore[arg-type]  # counts, and answers with a word
        pass
    assert read.times == 0
    with kept_parts.reading(read):  # type: ignore[arg-type]
        kept_parts.part(Counted(), "menu")
        kept_parts.part(Counted(), "site")
    assert read.times == 1


@pytest.mark.parametrize("key", [("menu", "en"), ("site",)])
def test_another_key_is_another_part(key: tuple[object, ...]) -> None:
    with kept_parts.reading(under("a")):
        kept_parts.part(Counted("one"), "menu", "zh")

        assert kept_parts.part(Counted("other"), *key) == "other"


def test_nothing_is_kept_outside_a_reading_or_without_a_mark() -> None:
    make = Counted()

    kept_parts.part(make, "menu")
    kept_parts.part(make, "menu")
    with kept_parts.reading(under("")):
        kept_parts.part(make, "menu")
        kept_parts.part(make, "menu")

    assert make.times == 4


def test_what_is_not_there_is_not_kept() -> None:
    """Anybody may ask for a thousand addresses that lead nowhere."""
    make = Counted(None)

    with kept_parts.reading(under("a")):
        assert kept_parts.part(make, "page below", "x") is None
        assert kept_parts.part(make, "page below", "x") is None

    assert make.times == 2


def test_a_part_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    make = Counted()
    with kept_parts.reading(under("a")):
        kept_parts.part(make, "menu")
        monkeypatch.setattr(kept_parts.time, "monotonic", lambda: 10.0**9)
        kept_parts.part(make, "menu")

    assert make.times == 2


def test_too_many_parts_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_parts, "MOST", 3)
    make = Counted()

    with kept_parts.reading(under("a")):
        for number in range(4):
            kept_parts.part(make, "law", number)
        kept_parts.part(make, "law", 3)
        kept_parts.part(make, "law", 0)

    assert make.times == 5


def test_a_reading_ends_with_its_request_and_belongs_to_its_thread() -> None:
    make = Counted()

    with kept_parts.reading(under("a")):
        beside = threading.Thread(target=kept_parts.part, args=(make, "menu"))
        beside.start()
        beside.join()
        kept_parts.part(make, "menu")
    kept_parts.part(make, "menu")

    assert make.times == 3


def test_of_several_names_only_those_not_yet_made_are_asked_for() -> None:
    asked: list[list[str]] = []

    def lengths(names: Collection[str]) -> Mapping[str, int]:
        asked.append(list(names))
        return {name: len(name) for name in names if name != "none"}

    with kept_parts.reading(under("a")):
        first = kept_parts.parts(lengths, names=["law", "none", "law"], of="lengths")
        second = kept_parts.parts(lengths, names=["none", "rule"], of="lengths")
        third = kept_parts.parts(lengths, names=["rule", "law"], of="lengths")

    assert (first, second, third) == ({"law": 3}, {"rule": 4}, {"rule": 4, "law": 3})
    assert asked == [["law", "none"], ["rule"]]


def test_of_several_names_all_are_asked_for_outside_a_reading() -> None:
    asked: list[list[str]] = []

    def nothing(names: Collection[str]) -> Mapping[str, int]:
        asked.append(list(names))
        return {}

    assert kept_parts.parts(nothing, names=["a"], of="x") == {}
    assert kept_parts.parts(nothing, names=["a"], of="x") == {}
    assert asked == [["a"], ["a"]]


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def text(db: None, home: HomePage, outreach: OutreachIndexPage) -> str:
    """Return the address of a page that no test has asked for yet, with all parts made for another one."""
    Client().get(add_text(outreach, title="动火作业", slug="hot-work").url)
    return add_text(outreach, title="临时用电", slug="power").url


def questions(client: Client, path: str) -> list[str]:
    """Return what a page asks of the database."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in captured]


def test_a_second_page_asks_for_nothing_the_first_one_was_told(client: Client, text: str) -> None:
    client.get("/outreach/hot-work/")

    asked = questions(client, text)

    assert sum("home_shownmark" in sql for sql in asked) == 1
    for table in ("wagtailcore_site", "home_bureausettings", "home_homepage"):
        assert [sql for sql in asked if f'"{table}"' in sql] == [], table
    assert len(asked) <= 5


def test_the_mark_is_not_read_again_between_replica_and_parts(client: Client, text: str) -> None:
    """A later mark over old rows of a replica that lags would keep them as if they were new."""
    client.get(text)

    assert sum("home_shownmark" in sql for sql in questions(client, text)) == 1


def test_a_new_name_of_the_bureau_stands_on_the_next_page(client: Client, text: str) -> None:
    settings = BureauSettings.for_site(Site.objects.get())
    settings.bureau_name = "长安市应急管理局"
    settings.save()

    assert "长安市应急管理局" in client.get(text).content.decode()


def test_a_page_taken_from_the_menu_is_not_on_the_next_page(
    client: Client, text: str, outreach: OutreachIndexPage
) -> None:
    link = f'href="{outreach.url}"'
    assert link in client.get("/outreach/hot-work/").content.decode()
    outreach.title = "普法与指引"
    outreach.save()

    assert "普法与指引" in client.get(text).content.decode()


def test_a_page_above_that_was_taken_down_leads_nowhere(
    client: Client, text: str, outreach: OutreachIndexPage
) -> None:
    """Wagtail asks each page on the way only whether the next one lies below; the last one has to be published."""
    client.get("/outreach/")
    outreach.unpublish()

    assert client.get("/outreach/").status_code == 404


def test_a_restriction_set_a_moment_ago_holds(client: Client, text: str, outreach: OutreachIndexPage) -> None:
    client.get("/outreach/")
    PageViewRestriction.objects.create(page=outreach, restriction_type=PageViewRestriction.LOGIN)

    for path in ("/outreach/", text):
        assert client.get(path).status_code == 302


def test_a_second_site_is_noticed(client: Client, text: str, home: HomePage, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    client.get("/outreach/hot-work/")
    other = home.get_parent().add_child(instance=HomePage(title="别处", slug="elsewhere"))
    Site.objects.create(hostname="other.example", root_page=other)

    assert client.get(text, headers={"Host": "other.example"}).status_code == 404


def test_what_one_request_does_to_its_page_is_not_seen_by_the_next(client: Client, text: str) -> None:
    first = client.get("/outreach/hot-work/").context["page"].get_parent()
    second = client.get(text).context["page"].get_parent()

    assert first == second
    assert first is not second
    assert first.__dict__ is not second.__dict__


def test_a_change_that_is_taken_back_changes_nothing(client: Client, text: str) -> None:
    client.get("/outreach/hot-work/")
    with transaction.atomic():
        BureauSettings.objects.update(bureau_name="没有这个局")
        client.get(text)
        transaction.set_rollback(True)

    assert "没有这个局" not in client.get(text).content.decode()


def test_whoever_is_signed_in_is_given_nothing_from_memory(client: Client, text: str) -> None:
    person = enter(Client(), staff(Role.EDITOR))
    person.get(text)

    asked = questions(person, "/outreach/hot-work/")

    assert [sql for sql in asked if '"home_bureausettings"' in sql] != []


@pytest.mark.django_db
def test_a_repealed_law_is_linked_no_more() -> None:
    rule = add_rule()
    cited = Citation(law=rule.title, article="")

    def asked() -> Mapping[Citation, str]:
        from home.page_cache.mark import read_mark

        with kept_parts.reading(read_mark):
            return rule_addresses([cited])

    assert asked() == {cited: rule.url}
    with CaptureQueriesContext(connection) as captured:
        assert asked() == {cited: rule.url}
    assert len(captured) == 1
    rule.validity = Validity.REPEALED
    rule.save()

    assert asked() == {}

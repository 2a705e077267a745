"""Entries follow their pages, and the daily work takes down what is over."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from cases_public.entries import CaseEntry, CatalogueMark
from cases_public.models import CaseIndexPage, CasePage
from cases_public.services.entries import record_all, record_case
from cases_public.services.taking_down import take_down, tidy_words
from cases_public.words import engine
from complaints.services.daily import run_daily
from portal.shared import api_routers, daily_jobs
from tests.cases_public.factories import add_case, add_collection, days_ago

pytestmark = pytest.mark.django_db


def listed() -> set[int]:
    """Return the keys of the entries."""
    return set(CaseEntry.objects.values_list("pk", flat=True))


def mark() -> str:
    """Return the mark of the list."""
    return CatalogueMark.objects.get().mark


def set_last_day(page: CasePage, *, days: int) -> None:
    """Let the last day of a published case be so many days from today, as time does."""
    CasePage.objects.filter(pk=page.pk).update(publish_until=timezone.localdate() + timedelta(days=days))


def test_an_entry_comes_with_publishing_and_not_before(index: CaseIndexPage) -> None:
    page = add_case(index, publish=False)
    before = listed()

    page.latest_revision.publish()

    assert (before, listed()) == (set(), {page.pk})


def test_an_entry_goes_when_its_page_is_taken_down(index: CaseIndexPage) -> None:
    page = add_case(index, lead="梅花鹿")

    page.unpublish()

    assert listed() == set()
    assert engine().find(words=["梅花鹿"]) == []


@pytest.mark.parametrize("how", ["page", "base", "parent"])
def test_an_entry_goes_when_its_page_goes(index: CaseIndexPage, how: str) -> None:
    page = add_case(index, lead="梅花鹿")
    old = mark()

    {"page": page, "base": Page.objects.get(pk=page.pk), "parent": index}[how].delete()

    assert listed() == set()
    assert engine().find(words=["梅花鹿"]) == []
    assert mark() != old


def test_the_list_taken_down_with_everything_below_it_is_empty(index: CaseIndexPage) -> None:
    add_case(index)

    index.unpublish(set_expired=False)
    for page in CasePage.objects.all():
        page.unpublish()

    assert listed() == set()


def test_an_entry_says_what_the_page_says(index: CaseIndexPage) -> None:
    campaign = add_collection(index)
    page = add_case(
        index, operations=["hot_work", "dust"], values=["warning"], published_at=days_ago(4),
        collections=[campaign], major_hazard_text="判定", handling_unit="某局",
    )  # fmt: skip

    entry = CaseEntry.objects.get()

    assert str(entry) == page.title
    assert (entry.operations, entry.values, entry.collections) == (
        "hot_work dust",
        "warning",
        str(campaign.pk),
    )
    assert entry.published_date == timezone.localdate(days_ago(4))
    assert (entry.is_major_hazard, entry.handling_unit, entry.band) == (True, "某局", "none")


def test_a_case_republished_has_one_entry_and_keeps_its_day(index: CaseIndexPage) -> None:
    page = add_case(index, published_at=days_ago(30))

    page.save_revision().publish()

    assert CaseEntry.objects.get().published_date == timezone.localdate(days_ago(30))


def test_everything_can_be_written_anew(index: CaseIndexPage) -> None:
    kept, gone = add_case(index, lead="梅花鹿"), add_case(index)
    CasePage.objects.filter(pk=gone.pk).update(live=False)

    assert record_all() == 1
    assert record_all() == 1
    assert listed() == {kept.pk}
    assert engine().find(words=["梅花鹿"]) == [kept.pk]


def test_writing_twice_leaves_one(index: CaseIndexPage) -> None:
    page = add_case(index, lead="梅花鹿")

    record_case(page=page)

    assert engine().find(words=["梅花鹿"]) == [page.pk]


# --- taking down -----------------------------------------------------------------------------------------------------


def test_what_is_over_comes_down_once_and_is_logged(index: CaseIndexPage) -> None:
    over, last_day, open_end = (add_case(index) for _ in range(3))
    set_last_day(over, days=-1)
    set_last_day(last_day, days=0)

    first = take_down(timezone.localdate(), timezone.now())
    second = take_down(timezone.localdate(), timezone.now())

    assert (first, second) == (1, 0)
    assert listed() == {last_day.pk, open_end.pk}
    assert not CasePage.objects.get(pk=over.pk).live
    entry = PageLogEntry.objects.get(page=over.pk, action="wagtail.unpublish")
    assert (entry.user, entry.data) == (None, {"reason": "publish_until"})


def test_days_off_do_not_matter(index: CaseIndexPage) -> None:
    for days in (-40, -3, -1):
        set_last_day(add_case(index), days=days)

    assert take_down(timezone.localdate(), timezone.now()) == 3


def test_the_daily_work_takes_down(index: CaseIndexPage, client: Client) -> None:
    page = add_case(index)
    set_last_day(page, days=-1)

    report = run_daily(today=timezone.localdate(), now=timezone.now())

    assert report.counts["take_down_cases"] == 1
    assert report.counts["tidy_words"] == 0
    assert client.get(page.url).status_code == 404


def test_the_daily_command_names_the_work_in_chinese(
    index: CaseIndexPage, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("daily")

    assert "到期下线的案例：0" in capsys.readouterr().out


def test_tidying_changes_no_record(index: CaseIndexPage) -> None:
    page = add_case(index, lead="梅花鹿")

    assert tidy_words(timezone.localdate(), timezone.now()) == 0
    assert engine().find(words=["梅花鹿"]) == [page.pk]


# --- registries ------------------------------------------------------------------------------------------------------


def test_a_job_of_the_same_name_takes_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily_jobs, "_registered", {})
    first = daily_jobs.Job(name="x", work=lambda _today, _now: 1)
    second = daily_jobs.Job(name="x", work=lambda _today, _now: 2)

    for job in (first, second):
        daily_jobs.register(job)

    assert daily_jobs.registered() == (second,)


def test_routers_are_registered_once_and_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_routers, "_registered", {})

    for _ in range(2):
        api_routers.register("a.b.router")

    assert api_routers.registered() == ("a.b.router",)

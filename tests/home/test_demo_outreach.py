"""The sample content of the outreach parts: complete, honest about its sources, the same after a second loading."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.test import Client
from wagtail.models import Page, Revision

from home.article_numbers import ArticleNumber
from home.demo import load_sample_content
from home.demo_outreach import load_outreach
from home.enums import RuleLevel, Validity
from home.models import (
    EnforcementPlanPage,
    HelpVisit,
    LiaisonPoint,
    NoPenaltyMatter,
    OutreachIndexPage,
    PlanUpdate,
    QuizPage,
    RulePage,
    SiteVideo,
    TopicPage,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 28)


@pytest.fixture(autouse=True)
def loaded(media_root: Path) -> None:
    """Load the sample content."""
    load_sample_content(today=DAY)
    load_outreach(today=DAY)


def counts() -> dict[str, int]:
    """Return how many rows there are of each kind."""
    kinds = (Page, Revision, NoPenaltyMatter, LiaisonPoint, HelpVisit, PlanUpdate, SiteVideo)
    return {kind.__name__: kind.objects.count() for kind in kinds}


def there_is_enough_of_everything(_client: Client) -> None:
    assert RulePage.objects.live().count() >= 10
    assert QuizPage.objects.live().count() == 3
    assert TopicPage.objects.live().count() == 3
    assert NoPenaltyMatter.objects.count() >= 15
    assert LiaisonPoint.objects.count() >= 3
    assert HelpVisit.objects.filter(is_shown=True).count() >= 5
    assert EnforcementPlanPage.objects.live().count() == 1
    assert OutreachIndexPage.objects.get().get_descendants().live().count() >= 12


def every_level_and_validity_occurs(_client: Client) -> None:
    assert set(RulePage.objects.values_list("level", flat=True)) == set(RuleLevel.values)
    assert set(RulePage.objects.values_list("validity", flat=True)) == set(Validity.values)


def every_page_is_valid_and_answers(client: Client) -> None:
    for page in Page.objects.live().filter(depth__gt=2):
        page.specific.full_clean()

        assert client.get(page.url).status_code == 200, page.url


def rows_of_the_list_are_valid(_client: Client) -> None:
    for row in NoPenaltyMatter.objects.all():
        row.full_clean()


def no_sample_claims_that_its_basis_was_checked(_client: Client) -> None:
    assert not NoPenaltyMatter.objects.filter(is_checked=True).exists()


def work_safety_law_has_the_articles_the_site_cites(_client: Client) -> None:
    law = RulePage.objects.get(slug="work-safety-law")

    held = {article.number.number for article in law.cut.articles}

    assert {43, 53, 54, 55, 59, 73, 74, 75, 76, 77} <= held
    assert law.holds == "some"


def what_no_longer_counts_names_what_does(_client: Client) -> None:
    old = RulePage.objects.exclude(validity=Validity.IN_FORCE)

    assert {page.replaced_by.validity for page in old} == {Validity.IN_FORCE}
    assert all(page.effective_to for page in old)


def quizzes_cite_articles_that_are_there(client: Client) -> None:
    cited = []
    for page in QuizPage.objects.all():
        cited += [block.value for block in page.questions if block.value["article"]]

    assert len(cited) >= 6
    for question in cited:
        address, _hash, anchor = question.law_url.partition("#")
        assert f'id="{anchor}"' in client.get(address).content.decode()


def plan_stops_at_today(_client: Client) -> None:
    days = PlanUpdate.objects.order_by("day").values_list("day", flat=True)

    assert [day.month for day in days] == [3, 5, 6, 9, 11]
    plan = EnforcementPlanPage.objects.get()
    assert (plan.year, plan.progress.as_of) == (2026, date(2026, 11, 20))
    assert 95 <= plan.progress.total.percent <= 100


def test_plan_of_january_has_no_update_yet() -> None:
    EnforcementPlanPage.objects.all().delete()

    load_outreach(today=date(2027, 1, 5))

    plan = EnforcementPlanPage.objects.get()
    assert (plan.year, plan.progress.as_of, plan.progress.total.done) == (2027, None, 0)


def one_point_has_its_three_visits(_client: Client) -> None:
    done = LiaisonPoint.objects.annotate(n=Count("visits")).values_list("enterprise", "n")

    assert dict(done)["西安市某冷链物流公司"] == 3
    assert not LiaisonPoint.objects.exclude(surname="").exists()


def video_has_what_deaf_and_blind_people_need(_client: Client) -> None:
    film = SiteVideo.objects.get()

    assert (film.length, film.captions.size > 100, len(film.transcript) > 100) == ("0:32", True, True)
    assert film.file.size < 200_000


def test_second_loading_changes_nothing() -> None:
    before = counts()

    load_outreach(today=DAY)

    assert counts() == before


def test_removed_rule_comes_back_alone() -> None:
    before = counts()["Page"]
    RulePage.objects.get(slug="dust-rules").delete()

    load_outreach(today=DAY)

    assert counts()["Page"] == before


def test_edited_rule_stays() -> None:
    RulePage.objects.filter(slug="dust-rules").update(summary="我们自己的话")

    load_outreach(today=DAY)

    assert RulePage.objects.get(slug="dust-rules").summary == "我们自己的话"


def test_command_loads_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    RulePage.objects.get(slug="dust-rules").delete()

    call_command("demo_pages", verbosity=0)

    assert RulePage.objects.filter(slug="dust-rules").exists()


def address_of_an_article_leads_to_it(client: Client) -> None:
    law = RulePage.objects.get(slug="work-safety-law")

    assert law.article_url(number=ArticleNumber(number=54)) == "/rules/work-safety-law/#art-54"
    assert 'id="art-54"' in client.get("/rules/work-safety-law/").content.decode()


CHECKS = [
    there_is_enough_of_everything,
    every_level_and_validity_occurs,
    every_page_is_valid_and_answers,
    rows_of_the_list_are_valid,
    no_sample_claims_that_its_basis_was_checked,
    work_safety_law_has_the_articles_the_site_cites,
    what_no_longer_counts_names_what_does,
    quizzes_cite_articles_that_are_there,
    plan_stops_at_today,
    one_point_has_its_three_visits,
    video_has_what_deaf_and_blind_people_need,
    address_of_an_article_leads_to_it,
]


def test_the_sample_holds_what_it_promises(client: Client) -> None:
    """Loading takes seconds: what only reads is looked at in one go."""
    failed = {}
    for check in CHECKS:
        try:
            check(client)
        except AssertionError as error:
            failed[check.__name__] = str(error)

    assert failed == {}

"""The feed and the site map: the newest cases, what is asked for, and nothing that is over."""

import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cases_public.feeds import MOST
from cases_public.models import CaseIndexPage, Withdrawal
from tests.cases_public.factories import add_case, add_collection, days_ago, read

pytestmark = pytest.mark.django_db
FEED = "/cases/feed.xml"


def items(xml: str) -> list[str]:
    """Return the titles of the feed."""
    return [item.findtext("title", "") for item in ElementTree.fromstring(xml).iter("item")]  # noqa: S314  our own feed


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    response = client.get(FEED)

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/xml")
    assert items(response.content.decode()) == []
    assert not response.cookies


@pytest.mark.parametrize("path", ["/cases/feed.xml", "/figures/bulletins/feed.xml"])
def test_a_browser_shows_it_with_a_style_of_ours(client: Client, path: str) -> None:
    answer = client.get(path)

    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("application/xml")
    [style] = re.findall(r"<\?xml-stylesheet ([^?]*)\?>", text)
    assert 'href="/static/css/feed.css"' in style
    assert text.index("xml-stylesheet") < text.index("<rss")


def test_newest_cases_come_first_with_their_sentence(client: Client, index: CaseIndexPage) -> None:
    old = add_case(index, title="旧的", published_at=days_ago(9))
    new = add_case(index, title="新的 & <b>", lead="一句 <话>", published_at=days_ago(1))

    xml = read(client, FEED)

    assert items(xml) == ["新的 & <b>", "旧的"]
    assert "一句 &lt;话&gt;" in xml
    assert re.findall(r"<link>http://testserver(/cases/case[^<]+)</link>", xml) == [new.url, old.url]
    assert "00:00:00 +0800" in xml


def test_the_feed_is_asked_like_the_list(client: Client, index: CaseIndexPage) -> None:
    add_case(index, title="化工", industry="chemical", lead="除尘器")
    add_case(index, title="机械", industry="machinery", lead="除尘器")

    assert items(read(client, f"{FEED}?industry=chemical")) == ["化工"]
    assert items(read(client, f"{FEED}?q=除尘器&industry=machinery")) == ["机械"]
    assert items(read(client, f"{FEED}?q=没有的词")) == []


def test_a_correction_is_told_beside_its_case(client: Client, index: CaseIndexPage) -> None:
    page = add_case(index, title="动火案", published_at=days_ago(9))
    add_case(index, title="别的案", published_at=days_ago(5))
    page.correction_note, page.correction_date = "罚款应为 35000 元。", timezone.localdate()
    page.save_revision().publish()

    xml = read(client, FEED)

    assert items(xml) == ["更正：动火案", "别的案", "动火案"]
    assert "罚款应为 35000 元。" in xml
    assert len(set(re.findall(r"<guid[^>]*>([^<]+)</guid>", xml))) == 3


def test_a_withdrawal_is_told_with_its_notice_and_without_the_title(
    client: Client, index: CaseIndexPage
) -> None:
    page = add_case(index, title="名字写错的案", published_at=days_ago(9))
    today = timezone.localdate()
    Withdrawal.objects.create(
        page=page, reason="private", notice="为保护当事人，已撤回。", asked_date=today, due_date=today,
        withdrawn_date=today,
    )  # fmt: skip
    page.unpublish()

    xml = read(client, FEED)

    assert items(xml) == ["一件案例已撤回"]
    assert "为保护当事人，已撤回。" in xml
    assert "名字写错" not in xml
    assert items(read(client, f"{FEED}?industry=chemical")) == []


def test_the_feed_ends_somewhere_and_costs_little(client: Client, index: CaseIndexPage) -> None:
    for _ in range(MOST + 2):
        add_case(index)
    read(client, FEED)

    with CaptureQueriesContext(connection) as queries:
        xml = read(client, FEED)

    assert len(items(xml)) == MOST
    assert len(queries) <= 8


def test_drafts_taken_down_and_closed_cases_are_not_in_it(client: Client, index: CaseIndexPage) -> None:
    add_case(index, publish=False)
    add_case(index).unpublish()
    PageViewRestriction.objects.create(page=add_case(index), restriction_type=PageViewRestriction.LOGIN)

    assert items(read(client, FEED)) == []


def test_english_visitors_get_english(english: Client, index: CaseIndexPage) -> None:
    add_case(index, title_en="A mill")

    xml = read(english, FEED)

    assert items(xml) == ["A mill"]
    assert "Typical cases of work safety" in xml


def test_the_list_and_its_head_lead_to_the_feed(client: Client, index: CaseIndexPage) -> None:
    add_case(index)

    html = read(client)

    assert '<link rel="alternate" type="application/rss+xml" href="/cases/feed.xml"' in html
    assert '<a href="/cases/feed.xml">用 RSS 订阅新案例</a>' in html


def test_the_site_map_lists_cases_and_collections(client: Client, index: CaseIndexPage) -> None:
    case, collection = add_case(index), add_collection(index)

    xml = read(client, "/sitemap.xml")

    for page in (index, case, collection):
        assert f"<loc>http://testserver{page.url}</loc>" in xml


@pytest.mark.parametrize("query", ["", "?q=%00", "?page=999", "?sort=x"])
def test_odd_questions_are_answered(client: Client, query: str) -> None:
    assert client.get(f"{FEED}{query}").status_code == 200

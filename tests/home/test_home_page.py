"""The home page: one large action, the legal periods in force, whom to ask; few queries, no dead links."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.disclosure import public_periods
from complaints.models import DeadlinePolicy
from home.models import BureauSettings, HomePage, ProtectionPage

pytestmark = pytest.mark.django_db
# The frame of every page takes seven; the rest is asked by the parts, as many times for many cases as for none.
MOST_QUERIES = 15
WHO = [
    ("row", {"matter": "工厂的隐患", "authority": "应急管理局", "phone": "12350", "is_ours": True}),
    ("row", {"matter": "灭火器失效", "authority": "消防救援", "phone": "029 96119", "is_ours": False}),
]


def text_of(client: Client, path: str = "/") -> str:
    """Return a page as text."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """Return what is read of a page: tags left out, white space squeezed."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_first_screen_has_one_large_action(client: Client) -> None:
    html = text_of(client)

    assert html.count('class="btn go big"') == 1
    assert re.search(r'<a class="btn go big" href="/report/">.*拍照举报</a>', html)
    assert html.count("<h1") == 1


def test_danger_comes_first(client: Client) -> None:
    html = text_of(client)

    assert html.index('href="tel:119"') < html.index('class="btn go big"')


def test_periods_are_those_in_force(client: Client) -> None:
    DeadlinePolicy.objects.create(
        effective_from=date(2020, 1, 1), decide_working_days=5, close_days=45, reply_days=8, source="本市规定"
    )

    html = words(text_of(client))

    assert "5 个工作日内 决定是否受理" in html
    assert "45 日内 查清、处理、办结" in html
    assert "8 日内 答复您" in html


def test_periods_to_come_are_not_promised(client: Client) -> None:
    DeadlinePolicy.objects.create(effective_from=date(2999, 1, 1), decide_working_days=2)

    assert "7 个工作日内" in words(text_of(client))


def test_public_periods_name_their_source() -> None:
    DeadlinePolicy.objects.create(effective_from=date(2020, 1, 1), close_days=45, source="本市规定")

    periods = public_periods(today=date(2026, 3, 10))

    assert (periods.decide_working_days, periods.close_days, periods.source) == (7, 45, "本市规定")


def test_reward_is_hidden_until_an_editor_fills_it(client: Client, home: HomePage) -> None:
    before = text_of(client)
    home.reward_amount, home.reward_text = 3000, "按罚款的 15% 计算。"
    home.save()

    after = words(text_of(client))

    assert "查实有奖" not in before
    assert "3,000 元起 查实有奖 按罚款的 15% 计算。" in after


def test_whom_to_ask_is_hidden_while_empty(client: Client) -> None:
    assert "该找谁" not in text_of(client)


def test_whom_to_ask_lists_rows(client: Client, home: HomePage) -> None:
    home.who_rows, home.who_text = WHO, "交给我们也行。"
    home.save()

    html = text_of(client)

    assert "交给我们也行。" in html
    assert '<tr class="us"><th scope="row">工厂的隐患</th>' in html
    assert '<a href="tel:02996119">029 96119</a>' in html


def test_telephone_must_be_one(home: HomePage) -> None:
    block = home.who_rows.stream_block.child_blocks["row"].child_blocks["phone"]

    with pytest.raises(ValidationError):
        block.clean("打 12350")

    assert block.clean("029-12345678") == "029-12345678"


def test_sections_of_editors_are_shown_in_order(client: Client, home: HomePage) -> None:
    home.body = [("heading", "近期提醒"), ("paragraph", "<p>冬季注意一氧化碳。</p>"), ("heading", "节日值班")]
    home.save()

    html = text_of(client)

    assert html.index("近期提醒") < html.index("冬季注意一氧化碳。") < html.index("节日值班")
    assert "<h2>近期提醒</h2>" in html


def test_grounds_alternate(client: Client, home: HomePage) -> None:
    home.body, home.who_rows = [("heading", "一"), ("heading", "二"), ("heading", "三")], WHO
    home.save()

    grounds = re.findall(r'<section class="sec( white)?', text_of(client))

    assert grounds == [" white", "", " white", "", " white", ""]


def test_trust_points_to_the_promises(client: Client) -> None:
    html = text_of(client)

    assert re.search(r'class="more" href="/protection/"', html)


def test_unpublished_promises_are_not_linked(client: Client, protection: ProtectionPage) -> None:
    protection.unpublish()

    assert 'href="/protection/"' not in text_of(client)


@pytest.mark.parametrize("start", ["/", "/protection/", "/outreach/"])
def test_no_link_is_dead(client: Client, start: str) -> None:
    links = set(re.findall(r'<a [^>]*href="(/[^"#?]*)', text_of(client, start)))

    assert "/report/" in links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_bureau_is_named(client: Client, bureau: BureauSettings) -> None:
    bureau.bureau_name, bureau.icp = "某市应急管理局", "某ICP备00000000号"
    bureau.save()

    html = text_of(client)

    assert "某市应急管理局" in html
    assert "某ICP备00000000号" in html


def test_english_is_a_full_language(english: Client) -> None:
    html = text_of(english)

    assert '<html lang="en">' in html
    assert "See a danger," in html
    assert "7 working days" in words(html)
    assert "看见危险" not in html


def test_few_queries_uncached(client: Client, home: HomePage) -> None:
    home.body, home.who_rows = [("heading", "一"), ("paragraph", "<p>二</p>")], WHO
    home.save()
    client.get("/")  # Wagtail remembers where sites begin

    with CaptureQueriesContext(connection) as queries:
        client.get("/")

    assert len(queries) <= MOST_QUERIES, [query["sql"][:120] for query in queries]


def test_search_engines_get_a_description(client: Client, home: HomePage) -> None:
    plain = text_of(client)
    home.seo_title, home.search_description = "举报平台", "拍照举报身边的隐患"
    home.save()

    edited = text_of(client)

    assert '<meta name="description" content="不用登录' in plain
    assert '<meta name="description" content="拍照举报身边的隐患">' in edited
    assert "<title>举报平台 · " in edited

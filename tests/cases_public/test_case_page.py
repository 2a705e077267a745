"""A case: what its page shows and hides, its print view, its data for search engines, its cost."""

import json
import re
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django import Settings

from cases_public.models import CaseIndexPage, CasePage
from cases_public.services.entries import record_case
from cases_public.templatetags.cases import breaking, linked_data, money, month
from tests.cases_public.factories import add_case, add_collection, days_ago, picture, read

pytestmark = pytest.mark.django_db
FULL: dict[str, Any] = {
    "title": "西安某食品公司污水池作业未检测案",
    "lead": "没有检测，两名工人下池清淤。",
    "kind": "enforcement",
    "disclosure": "exposed",
    "industry": "light_industry",
    "operations": ["confined_space"],
    "values": ["hearing", "warning"],
    "district": "610117",
    "handling_unit": "高陵区应急管理局",
    "entity_name": "西安某食品公司",
    "decided_month": "2026-03",
    "facts": [("heading", "检查"), ("paragraph", "<p>池底氧含量为 17.2%。</p>")],
    "violations": [("violation", {"text": "没有检测。", "law": "安全生产法", "article": "第四十一条第二款"})],
    "unit_penalty_amount": Decimal(50_000),
    "unit_penalty_text": "责令改正，并处罚款。",
    "unit_penalty_basis": "《安全生产法》第一百零二条",
    "person_penalty_amount": Decimal(20_000),
    "person_penalty_text": "主要负责人张某。",
    "person_penalty_basis": "《安全生产法》第九十四条第一款",
    "outcome": "配备了检测仪。",
    "major_hazard_text": "应当判定为重大事故隐患。",
    "major_hazard_source": "《判定标准》第十三条第二项",
    "timeline": [("month", {"month": "2026-01", "text": "检查发现。"})],
    "lesson": "第一段。\n\n第二段。",
    "warnings": [("point", "先通风，再检测。")],
    "rules": [("rule", {"law": "安全生产法", "article": "第四十一条", "note": "隐患排查治理"})],
}


def text_of(html: str) -> str:
    """Return the article without tags."""
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", "", html.split("<article")[1].split("</article>", maxsplit=1)[0])
    )


def test_everything_stands_under_its_heading(
    client: Client, index: CaseIndexPage, districts: dict[str, str]
) -> None:
    page = add_case(index, **FULL)

    html = read(client, page.url)

    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", html.split("<article")[1].split("</article>")[0])
    assert headings == [
        "基本案情", "检查", "违法事实", "处理结果：一案双罚", "为什么算重大隐患", "办理经过", "典型意义", "警示要点",
        "本案信息", "相关法条", "您那里也这样吗？", "转发",
    ]  # fmt: skip
    assert html.count("<h1") == 1
    assert "<h1>西安某食品公司<wbr>污水池作业未检测案</h1>" in html


def test_unit_and_persons_stand_apart(client: Client, index: CaseIndexPage) -> None:
    html = read(client, add_case(index, **FULL).url)

    unit, person = html.split('<div class="both">')[1].split("罚个人</h3>")
    assert '<p class="sum">5<small>万元</small></p>' in unit
    assert "依据《安全生产法》第一百零二条" in unit
    assert '<p class="sum">2<small>万元</small></p>' in person
    assert "主要负责人张某。" in person


def test_articles_of_violations_and_rules_are_named(client: Client, index: CaseIndexPage) -> None:
    html = read(client, add_case(index, **FULL).url)

    assert '没有检测。 <span class="law">违反《安全生产法》第四十一条第二款</span>' in html
    assert "<span>安全生产法 第四十一条<small>隐患排查治理</small></span>" in html


def test_the_decision_has_a_month_and_no_day(
    client: Client, index: CaseIndexPage, districts: dict[str, str]
) -> None:
    page = add_case(index, published_at=days_ago(3), **FULL)

    words = text_of(read(client, page.url))

    days = re.findall(r"\d+ 月 \d+ 日", words)
    published = timezone.localdate(days_ago(3))
    assert days == [f"{published.month} 月 {published.day} 日"]
    assert "决定月份2026 年 3 月" in words
    assert "高陵区" in words


def test_what_is_empty_is_left_out(client: Client, index: CaseIndexPage) -> None:
    words = text_of(read(client, add_case(index).url))

    for heading in (
        "违法事实",
        "处理结果",
        "重大隐患",
        "办理经过",
        "整改前后",
        "典型意义",
        "警示要点",
        "相关法条",
    ):
        assert heading not in words


def test_only_the_unit_may_be_punished(client: Client, index: CaseIndexPage) -> None:
    html = read(client, add_case(index, unit_penalty_text="不予行政处罚，进行教育。").url)

    assert '<h2 id="pen">处理结果</h2>' in html
    assert "罚个人" not in html
    assert 'class="sum"' not in html


def test_pictures_before_and_after_have_words_and_sizes(client: Client, index: CaseIndexPage) -> None:
    pair = {
        "before": picture("一"),
        "before_alt": "积尘",
        "after": picture("二"),
        "after_alt": "干净",
        "caption": "横梁",
    }
    html = read(client, add_case(index, pictures=[("pair", pair)]).url)

    assert 'alt="积尘"' in html
    assert 'alt="干净"' in html
    assert "<figcaption>横梁</figcaption>" in html
    images = re.findall(r"<img[^>]*alt=\"(?:积尘|干净)\"[^>]*>", html)
    assert all('loading="lazy"' in image and 'width="' in image and "srcset=" in image for image in images)


def test_the_picture_comes_in_two_small_formats_at_three_sizes(client: Client, index: CaseIndexPage) -> None:
    html = read(client, add_case(index, picture=picture(), picture_alt="车间").url)

    figure = html.split('<figure class="art-f"')[1].split("</figure>")[0]
    source, image = re.findall(r"<(?:source|img)[^>]*>", figure)
    assert 'type="image/avif"' in source
    assert all(" 64w" in tag and "sizes=" in tag for tag in (source, image))
    assert ".webp" in image
    assert re.search(r'width="\d+" height="\d+"|height="\d+".*width="\d+"', image)
    assert "lazy" not in image  # it is the first thing seen


def test_pictures_of_lists_wait_until_they_are_near(client: Client, index: CaseIndexPage) -> None:
    add_case(index, picture=picture(), picture_alt="车间")

    image = re.findall(r"<img[^>]*images/[^>]*>", read(client))[0]

    assert all(word in image for word in (".webp", "srcset=", 'loading="lazy"', 'width="', 'height="'))


def test_a_named_enterprise_comes_with_the_legal_basis(client: Client, index: CaseIndexPage) -> None:
    page = add_case(index, name_policy="named", legal_basis="《行政处罚法》第四十八条")

    assert "公开单位名称的依据：《行政处罚法》第四十八条" in read(client, page.url)


def test_way_back_leads_to_list_and_operation(client: Client, index: CaseIndexPage) -> None:
    html = read(client, add_case(index, operations=["confined_space"]).url)

    assert '<li><a href="/cases/">典型案例</a></li>' in html
    assert '<li><a href="/cases/?operation=confined_space">有限空间</a></li>' in html


def test_cases_of_the_same_kind_stand_beside_it(client: Client, index: CaseIndexPage) -> None:
    page = add_case(index, operations=["dust"], industry="machinery")
    near = add_case(index, title="同作业", operations=["dust", "height"])
    same = add_case(index, title="同行业", industry="machinery", published_at=days_ago(9))
    add_case(index, title="不相干", industry="chemical", operations=["height"])

    aside = read(client, page.url).split("同类案例</h2>")[1].split("</section>")[0]

    assert re.findall(r'href="([^"]+)"', aside) == [near.url, same.url]


def test_only_a_few_stand_beside_it(client: Client, index: CaseIndexPage) -> None:
    pages = [add_case(index, operations=["dust"]) for _ in range(7)]

    aside = read(client, pages[0].url).split("同类案例</h2>")[1].split("</section>")[0]

    assert aside.count("<li>") == 4


def test_collections_of_a_case_are_named(client: Client, index: CaseIndexPage) -> None:
    inside, outside = add_collection(index, title="动火专项"), add_collection(index, title="别的")
    hidden = add_collection(index, title="收起的")
    page = add_case(index, collections=[inside, hidden])
    hidden.unpublish()

    html = read(client, page.url)

    assert f'<a href="{inside.url}">动火专项</a>' in html
    assert outside.title not in html
    assert hidden.title not in html


def test_print_view_has_the_case_and_no_way_to_report(client: Client, index: CaseIndexPage) -> None:
    page = add_case(index, **FULL)

    html = read(client, f"{page.url}?print=1")

    assert 'css/print.css">' in html
    assert "noindex" in html
    assert f'<link rel="canonical" href="http://testserver{page.url}">' in html
    assert "池底氧含量为 17.2%。" in html
    assert f'<a href="http://testserver{page.url}">返回页面</a>' in html


def test_passing_on_is_an_address_and_no_third_party(client: Client, index: CaseIndexPage) -> None:
    page = add_case(index)

    html = read(client, page.url)

    assert f'readonly value="http://testserver{page.url}" data-address' in html
    assert '<a class="btn plain" href="?print=1" rel="nofollow">打印版</a>' in html
    assert set(re.findall(r'(?:src|href|action)="(https?://[^/"]+)', html)) == {"http://testserver"}


def test_search_engines_get_facts_that_nothing_can_break_out_of(client: Client, index: CaseIndexPage) -> None:
    page = add_case(index, title="</script><b>案</b>", operations=["dust"], published_at=days_ago(2))

    html = read(client, page.url)

    block = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    data = json.loads(block)
    assert data["headline"] == "</script><b>案</b>"
    assert data["datePublished"] == timezone.localdate(days_ago(2)).isoformat()
    assert data["keywords"] == ["粉尘涉爆"]
    assert data["mainEntityOfPage"] == f"http://testserver{page.url}"
    assert "<b>案</b>" not in html


def test_english_visitors_are_told_that_the_text_is_chinese(
    english: Client, index: CaseIndexPage, districts: dict[str, str]
) -> None:
    page = add_case(index, **FULL, title_en="Nobody measured the air")

    html = read(english, page.url)

    assert "<h1>Nobody measured the air</h1>" in html
    assert "data-only-chinese" in html
    assert "Outcome: unit and persons punished" in html
    assert '<p class="sum">50,000<small>yuan</small></p>' in html
    assert "March 2026" in html
    assert '<p lang="zh-CN">责令改正，并处罚款。</p>' in html


def test_hostile_text_stays_text(client: Client, index: CaseIndexPage) -> None:
    names = (
        "title", "lead", "handling_unit", "entity_name", "unit_penalty_text", "person_penalty_basis", "outcome",
        "major_hazard_text", "lesson", "legal_basis",
    )  # fmt: skip
    evil = "<script>alert(1)</script>"
    page = add_case(
        index, **dict.fromkeys(names, evil),
        facts=[("note", {"tone": "warn", "text": evil}), ("list", {"items": [evil]})], warnings=[("point", evil)],
        violations=[("violation", {"text": evil, "law": evil, "article": evil})],
    )  # fmt: skip

    html = read(client, page.url)

    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") > len(names)


# --- its last day ----------------------------------------------------------------------------------------------------


def set_last_day(page: CasePage, *, days: int) -> None:
    """Let the last day of a published case be so many days from today, as time does."""
    CasePage.objects.filter(pk=page.pk).update(publish_until=timezone.localdate() + timedelta(days=days))
    page.refresh_from_db()
    record_case(page=page)


def test_on_its_last_day_a_case_is_there_and_the_next_day_it_is_not(
    client: Client, index: CaseIndexPage
) -> None:
    page = add_case(index)

    set_last_day(page, days=0)
    assert client.get(page.url).status_code == 200
    set_last_day(page, days=-1)
    assert client.get(page.url).status_code == 404


def test_a_case_past_its_last_day_is_nowhere(client: Client, index: CaseIndexPage) -> None:
    page = add_case(index, title="过期的案例", operations=["dust"])
    other = add_case(index, operations=["dust"])
    set_last_day(page, days=-1)

    found = [
        read(client, path)
        for path in (
            "/cases/",
            "/cases/?q=过期",
            "/cases/feed.xml",
            "/api/v1/cases",
            "/sitemap.xml",
            other.url,
        )
    ]

    assert [page.slug + "/" in one for one in found] == [False] * 6
    assert page not in CasePage.objects.shown(today=timezone.localdate())
    assert page in CasePage.objects.over(today=timezone.localdate())


# --- small parts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "chinese", "foreign"),
    [
        ("50000", "5 万元", "50,000 yuan"),
        ("48000", "4.8 万元", "48,000 yuan"),
        ("1450000", "145 万元", "1,450,000 yuan"),
        ("10050", "10,050 元", "10,050 yuan"),
        ("9600", "9,600 元", "9,600 yuan"),
        ("96500.00", "9.65 万元", "96,500 yuan"),
        ("0.50", "0.5 元", "0.5 yuan"),
        ("20000000", "2,000 万元", "20,000,000 yuan"),
    ],
)
def test_sums_are_read_as_people_say_them(amount: str, chinese: str, foreign: str) -> None:
    with translation.override("zh-hans"):
        assert str(money(Decimal(amount))) == chinese
    with translation.override("en"):
        assert str(money(Decimal(amount))) == foreign


@pytest.mark.parametrize(
    ("value", "shown"), [("2026-03", "2026 年 3 月"), ("", ""), ("x", "x"), ("2026-13", "2026-13")]
)
def test_months_are_read_as_people_say_them(value: str, shown: str) -> None:
    with translation.override("zh-hans"):
        assert month(value) == shown


@pytest.mark.parametrize(
    ("title", "broken"),
    [
        ("西安某公司案", "西安某公司<wbr>案"),
        ("西安某公司", "西安某公司"),
        ("某<b>公司</b>", "某&lt;b&gt;公司<wbr>&lt;/b&gt;"),
        ("没有单位", "没有单位"),
    ],
)
def test_titles_break_behind_the_enterprise(title: str, broken: str) -> None:
    assert breaking(title) == broken


def test_data_keeps_its_signs_and_hides_them_from_the_page() -> None:
    html = linked_data({"a": "<!--&</script>"})

    assert (
        html == '<script type="application/ld+json">{"a": "\\u003C!--\\u0026\\u003C/script\\u003E"}</script>'
    )


# --- cost ------------------------------------------------------------------------------------------------------------


def test_a_case_costs_few_queries_with_every_cache_empty(
    client: Client, index: CaseIndexPage, districts: dict[str, str], settings: Settings
) -> None:
    settings.PAGE_CACHE_BYTES = 0
    drawn, collection = picture(), add_collection(index)
    for _ in range(8):
        page = add_case(index, **FULL, picture=drawn, picture_alt="示意", collections=[collection])
    read(client, page.url)
    cache.clear()

    with CaptureQueriesContext(connection) as queries:
        read(client, page.url)

    assert len(queries) <= 15


def test_a_case_costs_little_more_than_a_page_that_reads_nothing(
    client: Client, index: CaseIndexPage, districts: dict[str, str], settings: Settings
) -> None:
    settings.PAGE_CACHE_BYTES = 0
    page = add_case(index, **FULL, picture=picture(), picture_alt="示意")

    def spent(path: str) -> float:
        begun = time.process_time()
        read(client, path)
        return time.process_time() - begun

    paths = (page.url, "/protection/")
    rounds = [[spent(path) for path in paths] for _ in range(15)]

    # Milliseconds are measured by the bench; on any machine the dearest part is finding a page at all.
    case, plain = (min(times) for times in zip(*rounds, strict=True))
    assert case < 3 * plain


def test_a_draft_is_shown_with_its_own_picture(index: CaseIndexPage) -> None:
    page = add_case(index, publish=False, picture=picture(), picture_alt="示意")

    context = page.get_context(RequestFactory().get(page.url))

    assert context["picture"] == page.picture
    assert context["related"] == []


def test_the_caption_of_an_english_page_is_marked_as_chinese(english: Client, index: CaseIndexPage) -> None:
    page = add_case(index, picture=picture(), picture_alt="press", picture_caption="冲床加装了防护罩")

    assert '<figcaption lang="zh-CN">冲床加装了防护罩' in english.get(page.url).content.decode()

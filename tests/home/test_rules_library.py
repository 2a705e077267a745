"""The rules library: found by word and by article, filtered, paged, printed; a rule shows what counts and what not."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home.enums import RuleLevel, Validity
from home.models import HomePage, RuleArticle, RulePage
from home.rules_search import ARTICLES_SHOWN, PER_PAGE
from tests.home.outreach_parts import add_rule

pytestmark = pytest.mark.django_db
LAW = """第三章 权利
第五十三条 有权了解危险因素。
第五十四条 有权拒绝违章指挥和强令冒险作业。
不得因此降低工资。
第五十五条 有权停止作业，50% 的工资照发。
"""


def read(client: Client, path: str = "/rules/") -> str:
    """Return a page as text."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def titles(html: str) -> list[str]:
    """Return the titles of the rules that were found, in their order."""
    return re.findall(r"<h3><a [^>]*>([^<]+)</a></h3>", html)


@pytest.fixture
def law(home: HomePage) -> RulePage:
    """Return a law with three articles."""
    return add_rule(title="安全生产法", slug="law", level=RuleLevel.LAW, number="主席令第 88 号", text=LAW)


# --- search ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "第五十四条",
        "五十四条",
        "54",
        "第54条",
        "安全生产法 54",
        "54 安全生产",
        "冒险 54",
        "主席令 第五十四条",
    ],
)
def test_an_article_is_found_by_its_number(client: Client, law: RulePage, query: str) -> None:
    html = read(client, f"/rules/?q={query}")

    assert titles(html) == ["安全生产法"]
    assert 'href="/rules/law/#art-54"' in html


@pytest.mark.parametrize("query", ["56", "第三条", "安全生产法 99", "粉尘 54"])
def test_an_article_that_is_not_there_finds_nothing(client: Client, law: RulePage, query: str) -> None:
    assert "没有找到" in read(client, f"/rules/?q={query}")


@pytest.mark.parametrize(
    "query", ["违章", "冒险作业", "强令冒险", "工资", "停止作业", "权了", "违章 工资", "50%"]
)
def test_words_of_two_characters_are_found_in_articles(client: Client, law: RulePage, query: str) -> None:
    html = read(client, "/rules/?" + "q=" + query.replace("%", "%25"))

    assert titles(html) == ["安全生产法"]
    assert "<mark>" in html


def test_whoever_types_signs_alone_is_told_what_to_type(client: Client, law: RulePage) -> None:
    html = client.get("/rules/?q=%25%25").content.decode()

    assert "“%%”只有符号" in html
    assert "换个层级" not in html


@pytest.mark.parametrize("query", ["险冒", "作业冒险", "指挥违章", "%25%25", "__", "5_%25", "\\\\"])
def test_turned_words_and_wildcards_find_nothing(client: Client, law: RulePage, query: str) -> None:
    assert titles(read(client, f"/rules/?q={query}")) == []


def test_words_of_the_title_number_issuer_and_summary_find_the_rule(client: Client, home: HomePage) -> None:
    add_rule(title="粉尘防爆规定", number="令第 6 号", issuer="应急管理部", summary="讲除尘系统。")
    add_rule(title="别的规定", issuer="别的部门")

    for query in ("粉尘", "令第", "应急管理部", "除尘"):
        assert titles(read(client, f"/rules/?q={query}")) == ["粉尘防爆规定"], query


def test_single_characters_are_left_out_and_told(client: Client, law: RulePage) -> None:
    html = read(client, "/rules/?q=火")

    assert "没有按“火”查：至少写两个字。" in html
    assert titles(html) == ["安全生产法"]


def test_long_and_odd_searches_answer(client: Client, law: RulePage) -> None:
    for query in ("动" * 500, "%00", "%00动火", "' OR 1=1 --", "<script>alert(1)</script>"):
        html = read(client, f"/rules/?q={query}")
        assert "<script>alert" not in html


def test_only_the_first_articles_are_shown(client: Client, home: HomePage) -> None:
    text = "\n".join(f"第 {number} 条 违章作业" for number in range(1, ARTICLES_SHOWN + 4))
    add_rule(slug="many", text=text)

    assert read(client, "/rules/?q=违章").count('href="/rules/many/#art-') == ARTICLES_SHOWN


def test_drafts_and_withdrawn_rules_are_not_found(client: Client, law: RulePage) -> None:
    law.unpublish()

    assert titles(read(client, "/rules/?q=违章")) == []
    assert client.get("/rules/law/").status_code == 404


def test_a_draft_changes_nothing_that_is_found(client: Client, law: RulePage) -> None:
    law.text = LAW.replace("违章", "草稿")
    law.save_revision()

    assert titles(read(client, "/rules/?q=草稿")) == []
    assert titles(read(client, "/rules/?q=违章")) == ["安全生产法"]


def test_publishing_changes_what_is_found(client: Client, law: RulePage) -> None:
    law.text = LAW.replace("第五十五条 有权停止作业，50% 的工资照发。", "")
    law.save_revision().publish()

    assert "没有找到" in read(client, "/rules/?q=第五十五条")
    assert list(law.articles.values_list("number", flat=True)) == [53, 54]


def test_rows_of_articles_stay_when_nothing_changed(law: RulePage) -> None:
    before = list(RuleArticle.objects.values_list("pk", flat=True))

    law.summary = "改了摘要。"
    law.save_revision().publish()

    assert list(RuleArticle.objects.values_list("pk", flat=True)) == before


# --- filters, order, pages, print -----------------------------------------------------------------------------


def test_filter_by_level_and_validity(client: Client, home: HomePage) -> None:
    add_rule(title="甲法", level=RuleLevel.LAW)
    add_rule(title="乙办法", level=RuleLevel.MEASURE)
    add_rule(title="丙旧办法", level=RuleLevel.MEASURE, validity=Validity.REPEALED)

    assert titles(read(client, "/rules/?level=measure")) == ["乙办法", "丙旧办法"]
    assert titles(read(client, "/rules/?level=measure&validity=in_force")) == ["乙办法"]
    assert titles(read(client, "/rules/?validity=repealed")) == ["丙旧办法"]
    assert len(titles(read(client, "/rules/?level=nonsense&validity=<b>"))) == 3


def test_order_is_level_then_validity_then_newest(client: Client, home: HomePage) -> None:
    add_rule(title="指引", level=RuleLevel.GUIDE)
    add_rule(title="旧规定", validity=Validity.REPEALED, effective_from=date(2025, 1, 1))
    add_rule(title="规定 2020", effective_from=date(2020, 1, 1))
    add_rule(title="规定 2024", effective_from=date(2024, 1, 1))
    add_rule(title="规定无日期")
    add_rule(title="法", level=RuleLevel.LAW)

    expected = ["法", "规定 2024", "规定 2020", "规定无日期", "旧规定", "指引"]
    assert titles(read(client)) == expected


def test_list_is_paged_and_keeps_its_filters(client: Client, home: HomePage) -> None:
    for _ in range(PER_PAGE + 1):
        add_rule(level=RuleLevel.GUIDE)

    first, second = read(client, "/rules/?level=guide"), read(client, "/rules/?level=guide&page=2")

    assert (len(titles(first)), len(titles(second))) == (PER_PAGE, 1)
    assert f"共 {PER_PAGE + 1} 部" in first
    assert 'href="?level=guide&amp;page=2">下一页' in first
    assert 'href="?level=guide">上一页' in second


def test_print_shows_all_on_one_page(client: Client, home: HomePage) -> None:
    for _ in range(PER_PAGE + 1):
        add_rule()

    html = read(client, "/rules/?print=1")

    assert len(titles(html)) == PER_PAGE + 1
    assert "data-print" in html
    assert '<meta name="robots" content="noindex">' in html
    assert 'href="?print=1"' in read(client)


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", "9" * 40])
def test_senseless_page_number_gives_a_page(client: Client, law: RulePage, number: str) -> None:
    assert titles(read(client, f"/rules/?page={number}")) == ["安全生产法"]


@pytest.mark.parametrize(("query", "most"), [("", 12), ("?q=违章", 13), ("?q=54&level=law", 13)])
def test_queries_do_not_grow(client: Client, law: RulePage, query: str, most: int) -> None:
    read(client, f"/rules/{query}")
    with CaptureQueriesContext(connection) as few:
        read(client, f"/rules/{query}")
    for number in range(12):
        add_rule(text=LAW, title=f"安全生产法 {number}", level=RuleLevel.LAW)
    with CaptureQueriesContext(connection) as many:
        read(client, f"/rules/{query}")

    assert len(few) == len(many) <= most


# --- one rule -------------------------------------------------------------------------------------------------


def test_articles_have_anchors_chapters_and_paragraphs(client: Client, law: RulePage) -> None:
    html = read(client, "/rules/law/")

    assert [f"art-{number}" for number in (53, 54, 55)] == re.findall(r'id="(art-[\d-]+)"', html)
    assert '<a href="#art-54">第五十四条</a>' in html
    assert "<p>不得因此降低工资。</p>" in html
    assert "第三章 权利" in html
    assert html.count("<h1") == 1


def test_excerpt_and_summary_say_what_they_are(client: Client, law: RulePage) -> None:
    html = read(client, "/rules/law/")

    assert "只收录部分条文" in html
    assert "<h2>摘要</h2>" in html
    assert "用大白话写的，不是法条原文。" in html


def test_complete_text_says_nothing_of_the_kind(client: Client, law: RulePage) -> None:
    law.is_complete = True
    law.save()

    assert "只收录部分条文" not in read(client, "/rules/law/")


def test_rule_without_words_says_so(client: Client, home: HomePage) -> None:
    html = read(client, add_rule().url)

    assert "本站没有收录原文" in html
    assert "<h2>法条原文</h2>" not in html


def test_repealed_rule_leads_to_what_counts_now(client: Client, home: HomePage) -> None:
    new = add_rule(title="新规定", slug="new")
    old = add_rule(title="旧规定", slug="old", validity=Validity.REPEALED, replaced_by=new)

    html = read(client, old.url)

    assert "这一份已经废止。" in html
    assert '<a href="/rules/new/">新规定</a>' in html
    assert '<a href="/rules/old/">旧规定</a>' in read(client, new.url)


def test_withdrawn_replacement_is_not_linked(client: Client, home: HomePage) -> None:
    new = add_rule(title="新规定", slug="new")
    old = add_rule(validity=Validity.AMENDED, replaced_by=new)
    new.unpublish()

    html = read(client, old.url)

    assert "这一份后来修订过" in html
    assert "/rules/new/" not in html


def test_deleted_replacement_leaves_the_rule(home: HomePage) -> None:
    new = add_rule()
    old = add_rule(replaced_by=new)

    new.delete()

    old.refresh_from_db()
    assert old.replaced_by is None


def test_english_page_shows_english_words_where_there_are_any(english: Client, home: HomePage) -> None:
    add_rule(slug="en", title="规定", title_en="Dust rules", summary_en="About dust.", text="第一条 甲")

    html = read(english, "/rules/en/")

    assert "<h1>Dust rules</h1>" in html
    assert "<p>About dust.</p>" in html
    assert '<section class="law-t" lang="zh-CN">' in html


def test_typed_markup_is_shown_not_obeyed(client: Client, home: HomePage) -> None:
    attack = "<script>alert(1)</script>"
    page = add_rule(title=attack, summary=attack, text=f"第一条 {attack}", issuer=attack, number=attack)

    for path in (page.url, "/rules/", "/rules/?q=alert"):
        html = read(client, path)
        assert attack not in html
        assert "&lt;script&gt;" in html


# --- what editors may store -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("说明文字\n第一条 甲", "第一条之前有这样的文字：“说明文字”"),
        ("第一条 甲\n第一条 乙", "出现了两次：第一条"),
        ("第一条 甲\n第二条", "只有序号没有内容：第二条"),
        ("第二条 甲\n第一条 乙", "条文没有按序号排列"),
    ],
)
def test_text_that_cannot_be_cut_is_refused_in_words(home: HomePage, text: str, words: str) -> None:
    page = add_rule()
    page.text = text

    with pytest.raises(ValidationError) as refused:
        page.full_clean()

    assert words in str(refused.value.message_dict["text"])


def test_dates_in_the_wrong_order_are_refused(home: HomePage) -> None:
    page = add_rule()
    page.effective_from, page.effective_to = date(2024, 1, 1), date(2023, 1, 1)

    with pytest.raises(ValidationError) as refused:
        page.full_clean()

    assert set(refused.value.message_dict) == {"effective_to"}


def test_rule_does_not_replace_itself(home: HomePage) -> None:
    page = add_rule()
    page.replaced_by = page

    with pytest.raises(ValidationError) as refused:
        page.full_clean()

    assert set(refused.value.message_dict) == {"replaced_by"}


# --- ways that lead here ----------------------------------------------------------------------------------------


def test_footer_leads_here_and_the_menu_does_not(client: Client, home: HomePage) -> None:
    html = read(client, "/")
    head, foot = html.partition("<main")[0], html.split('class="foot"')[1]

    assert "/rules/" not in head
    assert '<a href="/rules/">法律法规</a>' in foot


def test_footer_does_not_lead_to_a_withdrawn_library(client: Client, home: HomePage) -> None:
    home.get_children().get(slug="rules").unpublish()

    assert "/rules/" not in read(client, "/")


def test_empty_library_says_so(client: Client, home: HomePage) -> None:
    assert "这里还没有发布内容。" in read(client)

"""The list of cases: filters with counts, search, order, pages, and a cost that does not grow."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from cases_public.models import CaseIndexPage
from cases_public.selectors.excerpts import LONGEST, excerpt
from cases_public.selectors.listing import PER_PAGE
from tests.cases_public.factories import add_case, add_collection, days_ago, picture, read, titles

pytestmark = pytest.mark.django_db
SENTENCE = "车间里有 11 名工人在岗，其中 4 人没有接受过粉尘防爆培训。"


def counts(html: str, facet: str) -> dict[str, int]:
    """Return the codes of a facet with their counts, as checkboxes or as a list show them."""
    boxes = re.findall(rf'name="{facet}" value="(\w+)"[^>]*>[^<]*<small>(\d+)</small>', html)
    select = re.search(rf'<select[^>]*name="{facet}">(.*?)</select>', html, re.DOTALL)
    lines = re.findall(r'<option value="(\w+)"[^>]*>[^(]*\((\d+)\)', select[1]) if select else []
    return {code: int(count) for code, count in boxes + lines}


# --- what it shows -------------------------------------------------------------------------------------------------


def test_an_empty_list_says_so(client: Client, index: CaseIndexPage) -> None:
    html = read(client)

    assert "还没有公开的案例。" in html
    assert "0 件" in html
    assert "查看全部案例" not in html


def test_a_case_shows_what_matters(client: Client, index: CaseIndexPage, districts: dict[str, str]) -> None:
    page = add_case(
        index,
        title="西安某冷链公司违规动火作业案",
        lead="保温板旁切割管道。",
        operations=["hot_work"],
        district="610112",
        unit_penalty_amount=Decimal(80_000),
        person_penalty_amount=Decimal(2_500),
        picture=picture(),
        picture_alt="示意",
    )

    html = read(client)

    assert f'<a href="{page.url}">西安某冷链公司<wbr>违规动火作业案</a>' in html
    assert "保温板旁切割管道。" in html
    assert "罚 8 万元" in html
    assert "罚 2,500 元" in html
    assert "<span>动火</span><span>未央区</span>" in html
    assert '<span class="tag">一案双罚</span>' in html


def test_a_major_hazard_is_told_before_anything_else(client: Client, index: CaseIndexPage) -> None:
    add_case(
        index,
        major_hazard_text="应当判定为重大事故隐患。",
        unit_penalty_amount=Decimal(1),
        person_penalty_amount=Decimal(1),
    )

    html = read(client)

    assert '<span class="tag bad">重大隐患</span>' in html
    assert '<span class="tag">一案双罚</span>' not in html


def test_pictures_have_sizes_and_wait(client: Client, index: CaseIndexPage) -> None:
    add_case(index, picture=picture(), picture_alt="示意")

    image = re.search(r'<article class="case"><img[^>]*>', read(client))

    assert image is not None
    assert all(word in image[0] for word in ('width="', 'height="', 'loading="lazy"', 'alt=""'))


def test_a_case_without_a_picture_has_the_mark_of_the_site(client: Client, index: CaseIndexPage) -> None:
    add_case(index)

    assert "img/logo.svg" in read(client).split('<article class="case">')[1]


def test_newest_stand_first_and_other_orders_are_links(client: Client, index: CaseIndexPage) -> None:
    for age, amount in ((5, 10), (1, 20), (3, 30)):
        add_case(index, title=f"{age} 天前", published_at=days_ago(age), unit_penalty_amount=Decimal(amount))

    assert titles(read(client)) == ["1 天前", "3 天前", "5 天前"]
    assert titles(read(client, "/cases/?sort=oldest")) == ["5 天前", "3 天前", "1 天前"]
    assert titles(read(client, "/cases/?sort=amount")) == ["3 天前", "1 天前", "5 天前"]
    assert '<b aria-current="true">最新</b>' in read(client)
    assert '<a href="?sort=amount">罚款最多</a>' in read(client)


# --- filters ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(index: CaseIndexPage, districts: dict[str, str]) -> None:
    """Publish four cases that differ."""
    add_case(
        index, title="甲", industry="chemical", operations=["hot_work"], district="610112",
        decided_month="2025-03", values=["warning"], unit_penalty_amount=Decimal(20_000),
    )  # fmt: skip
    add_case(
        index, title="乙", industry="machinery", operations=["hot_work", "height"], district="610112",
        decided_month="2026-03", kind="accident", unit_penalty_amount=Decimal(90_000),
    )  # fmt: skip
    add_case(
        index, title="丙", industry="machinery", operations=["dust"], district="610117",
        decided_month="2026-05", values=["warning", "evidence"],
    )  # fmt: skip
    add_case(index, title="丁", decided_month="2026-06")


def test_every_facet_counts(client: Client, many: None) -> None:
    html = read(client)

    assert counts(html, "industry") == {"chemical": 1, "machinery": 2}
    assert counts(html, "operation") == {"hot_work": 2, "dust": 1, "height": 1}
    assert counts(html, "district") == {"610112": 2, "610117": 1}
    assert counts(html, "kind") == {"enforcement": 3, "accident": 1}
    assert counts(html, "year") == {"2026": 3, "2025": 1}
    assert counts(html, "value") == {"warning": 2, "evidence": 1}
    assert counts(html, "amount") == {"none": 2, "below_50k": 1, "below_200k": 1}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("industry=chemical", {"甲"}),
        ("industry=chemical&industry=machinery", {"甲", "乙", "丙"}),
        ("operation=hot_work&industry=machinery", {"乙"}),
        ("operation=height&operation=dust", {"乙", "丙"}),
        ("district=610112", {"甲", "乙"}),
        ("kind=accident", {"乙"}),
        ("year=2026&value=warning", {"丙"}),
        ("amount=none", {"丙", "丁"}),
        ("amount=from_1m", set()),
        ("district=619999", set()),
        ("industry=nonsense", {"甲", "乙", "丙", "丁"}),
    ],
)
def test_codes_of_a_facet_add_up_and_facets_narrow(
    client: Client, many: None, query: str, expected: set[str]
) -> None:
    html = read(client, f"/cases/?{query}")

    assert set(titles(html)) == expected
    assert f"{len(expected)} 件" in html


def test_counts_are_those_of_the_other_filters(client: Client, many: None) -> None:
    html = read(client, "/cases/?industry=machinery&year=2026")

    assert counts(html, "industry") == {"machinery": 2}
    assert counts(html, "operation") == {"hot_work": 1, "dust": 1, "height": 1}
    assert counts(html, "year") == {"2026": 2}


def test_what_narrows_the_list_can_be_taken_away(client: Client, many: None) -> None:
    html = read(client, "/cases/?q=西安&industry=machinery&year=2026&sort=oldest")

    chips = re.findall(r'<a class="tag" href="([^"]*)">([^<]*) ×', html)
    assert [label for _query, label in chips] == ["“西安”", "机械", "2026"]
    assert chips[2][0] == "?q=%E8%A5%BF%E5%AE%89&amp;industry=machinery&amp;sort=oldest"


def test_chosen_filters_stay_chosen_and_open(client: Client, many: None) -> None:
    html = read(client, "/cases/?industry=machinery&year=2026&sort=amount")

    assert re.search(r'<input type="checkbox" name="industry" value="machinery" checked>', html)
    assert '<option value="2026" selected>' in html
    assert '<input type="hidden" name="sort" value="amount">' in html
    assert html.count('<details class="fold facet" open>') == 2


def test_nothing_that_fits_is_said_with_a_way_out(client: Client, many: None) -> None:
    html = read(client, "/cases/?industry=chemical&kind=accident")

    assert "没有符合条件的案例。" in html
    assert '<a class="btn" href="?">查看全部案例</a>' in html


def test_a_narrowed_list_is_not_for_search_engines(client: Client, many: None) -> None:
    assert "noindex" in read(client, "/cases/?kind=accident")
    assert "noindex" not in read(client)


def test_no_cookie_is_set_and_the_form_is_plain(client: Client, many: None) -> None:
    response = client.get("/cases/?q=粉尘&industry=machinery")

    assert not response.cookies
    assert '<form class="facets" method="get"' in response.content.decode()


# --- search ------------------------------------------------------------------------------------------------------


NINE = {
    "粉尘": "其中 4 人没有接受过粉尘防爆培训",
    "防爆": "其中 4 人没有接受过粉尘防爆培训",
    "在岗": "车间里有 11 名工人在岗",
    "铝粉": "横梁上积有铝粉",
    "除尘器": "除尘器停用三个月",
    "有限空间": "进入有限空间作业前没有通风",
    "李某某": "公司负责人李某某说太费电",
    "第四十一": "违反《安全生产法》第四十一条",
    "一百零二": "依据第一百零二条",
}


@pytest.mark.parametrize(("word", "sentence"), NINE.items())
def test_nine_searches_find_the_sentence_they_stand_in(
    client: Client, index: CaseIndexPage, word: str, sentence: str
) -> None:
    facts = "".join(f"<p>{one}。</p>" for one in dict.fromkeys(NINE.values()))
    page = add_case(index, title="要找的", facts=[("paragraph", facts)])
    add_case(index, title="别的", lead="空间有限，尘粉，岗在，铝的粉，器除尘，某李某，四十一第，零二一百。")

    html = read(client, f"/cases/?q={word}")

    assert titles(html) == [page.title]
    before, after = sentence.split(word)
    assert f"{before}<mark>{word}</mark>{after}" in html


def test_words_in_another_order_find_nothing(client: Client, index: CaseIndexPage) -> None:
    add_case(index, lead="进入有限空间作业前没有通风。")

    assert titles(read(client, "/cases/?q=空间有限")) == []
    assert len(titles(read(client, "/cases/?q=有限空间"))) == 1


@pytest.mark.parametrize(
    "field",
    ["title", "lead", "entity_name", "handling_unit", "unit_penalty_text", "person_penalty_text", "outcome",
     "major_hazard_text", "lesson", "title_en"],
)  # fmt: skip
def test_every_field_people_read_is_searched(client: Client, index: CaseIndexPage, field: str) -> None:
    page = add_case(index, **{field: "此处有梅花鹿出没"})

    assert titles(read(client, "/cases/?q=梅花鹿")) == [page.title]


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("violations", ("violation", {"text": "没有梅花鹿", "law": "法", "article": "条"})),
        ("violations", ("violation", {"text": "x", "law": "梅花鹿法", "article": "条"})),
        ("timeline", ("month", {"month": "2026-03", "text": "梅花鹿"})),
        ("warnings", ("point", "小心梅花鹿")),
        ("rules", ("rule", {"law": "法", "article": "条", "note": "梅花鹿"})),
        ("facts", ("paragraph", "<p>一只<b>梅花</b>鹿</p>")),
    ],
)
def test_every_block_is_searched(client: Client, index: CaseIndexPage, name: str, block: object) -> None:
    add_case(index, **{name: [block]})

    assert len(titles(read(client, "/cases/?q=梅花鹿"))) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [("火", "一个字查到的太多"), ("%", "只能查文字"), ("**", "只能查文字"), ("焊" * 500, "查询的内容太长")],
)
def test_a_search_that_cannot_be_made_is_answered_in_words(
    client: Client, index: CaseIndexPage, typed: str, words: str
) -> None:
    page = add_case(index)

    html = read(client, f"/cases/?q={typed.replace('%', '%25')}")

    assert re.search(rf'<p class="msg" id="q-e">[^<]*{words}', html)
    assert 'aria-invalid="true" aria-describedby="q-e"' in html
    assert titles(html) == [page.title]


@pytest.mark.parametrize(
    "typed", ["a%27 OR 1=1", "%22 NEAR %22", "x' --", "\\", "有限*", "NOT 有限", "%00", "{}"]
)
def test_signs_of_a_query_language_are_no_query(client: Client, index: CaseIndexPage, typed: str) -> None:
    add_case(index)

    assert "件</h2>" in read(client, f"/cases/?q={typed}")


def test_what_was_typed_is_escaped(client: Client, index: CaseIndexPage) -> None:
    html = read(client, "/cases/?q=<script>alert(1)</script>")

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_search_and_filters_go_together(client: Client, index: CaseIndexPage) -> None:
    add_case(index, title="甲", lead="除尘器停用", industry="chemical")
    add_case(index, title="乙", lead="除尘器停用", industry="machinery")

    html = read(client, "/cases/?q=除尘器&industry=chemical")

    assert titles(html) == ["甲"]
    assert counts(html, "industry") == {"chemical": 1, "machinery": 1}


def test_a_corrected_case_is_found_by_its_new_words_only(client: Client, index: CaseIndexPage) -> None:
    page = add_case(index, lead="写错了的绝密名字")
    page.lead = "改好了的案情"
    page.save_revision().publish()

    assert titles(read(client, "/cases/?q=绝密")) == []
    assert titles(read(client, "/cases/?q=改好")) == [page.title]


def test_a_draft_is_found_nowhere(client: Client, index: CaseIndexPage) -> None:
    page = add_case(index, title="公开的标题", lead="公开的案情")
    page.title, page.lead = "草稿的标题", "草稿的案情"
    page.save_revision()

    html = read(client)

    assert titles(html) == ["公开的标题"]
    assert titles(read(client, "/cases/?q=草稿")) == []


def test_excerpts_are_cut_on_both_sides() -> None:
    found = excerpt(text=f"前一句。{'长' * 200}焊接{'短' * 200}。后一句。", words=["焊接"])

    assert found is not None
    assert (found.before, found.found) == ("…" + "长" * LONGEST, "焊接")
    assert found.behind == "短" * LONGEST + "…"


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("ＮＨ３ 泄漏。", "nh3", "ＮＨ３"),
        ("甲。乙焊接丙！丁", "焊接", "焊接"),
        ("½焊接", "焊接", None),
        ("没有", "焊接", None),
    ],
)
def test_an_excerpt_shows_the_word_as_it_stands(text: str, word: str, expected: str | None) -> None:
    found = excerpt(text=text, words=[word])

    assert (found.found if found else None) == expected


# --- pages, collections, cost --------------------------------------------------------------------------------------


def test_the_list_is_paged_and_filters_stay(client: Client, index: CaseIndexPage) -> None:
    for number in range(PER_PAGE + 1):
        add_case(index, title=f"第 {number}", kind="accident", published_at=days_ago(number))

    first, second = read(client, "/cases/?kind=accident"), read(client, "/cases/?kind=accident&page=2")

    assert f"{PER_PAGE + 1} 件" in first
    assert (len(titles(first)), titles(second)) == (PER_PAGE, [f"第 {PER_PAGE}"])
    assert '<a class="btn main" href="?kind=accident&amp;page=2">下一页</a>' in first
    assert '<a class="btn" href="?kind=accident">上一页</a>' in second
    assert "下一页" not in second


@pytest.mark.parametrize("page", ["999", "0", "-1", "x", "9" * 60])
def test_a_page_that_is_not_there_gives_one_that_is(client: Client, index: CaseIndexPage, page: str) -> None:
    case = add_case(index)

    assert titles(read(client, f"/cases/?page={page}")) == [case.title]


def test_a_collection_lists_its_cases_with_filters(client: Client, index: CaseIndexPage) -> None:
    campaign = add_collection(
        index,
        title="动火专项",
        lead="整治",
        first_month="2026-01",
        last_month="2026-03",
        operation="hot_work",
    )
    inside = add_case(index, title="里面的", collections=[campaign], industry="chemical")
    add_case(index, title="外面的", industry="chemical")

    html = read(client, campaign.url)

    assert titles(html) == [inside.title]
    assert counts(html, "industry") == {"chemical": 1}
    assert '<a href="/cases/">典型案例</a>' in html
    assert "2026 年 1 月" in html
    assert titles(read(client, f"{campaign.url}?industry=machinery")) == []


def test_the_list_leads_to_the_collections(client: Client, index: CaseIndexPage) -> None:
    shown, hidden = add_collection(index, title="公开的集"), add_collection(index, title="收起的集")
    hidden.unpublish()

    html = read(client)

    assert f'<a class="tag" href="{shown.url}">公开的集</a>' in html
    assert "收起的集" not in html


def test_a_taken_down_case_is_not_listed(client: Client, index: CaseIndexPage) -> None:
    page, other = add_case(index), add_case(index)
    page.unpublish()
    other.delete()

    assert titles(read(client)) == []


def test_english_visitors_read_english_where_there_is_some(
    english: Client, index: CaseIndexPage, districts: dict[str, str]
) -> None:
    add_case(
        index, title="某公司案", title_en="A mill", lead="案情", lead_en="What happened", district="610112",
        unit_penalty_amount=Decimal(50_000), operations=["hot_work"],
    )  # fmt: skip
    add_case(index, title="另一案")

    html = read(english)

    assert titles(html) == ["另一案", "A mill"]
    assert "What happened" in html
    assert "fined 50,000 yuan" in html
    assert "Weiyang" in html
    assert ' lang="zh-CN">另一案' in html
    assert "2 cases" in html


def test_queries_do_not_grow_and_stay_few(
    client: Client, index: CaseIndexPage, districts: dict[str, str], settings: Settings
) -> None:
    settings.PAGE_CACHE_BYTES = 0  # what a page costs that is made, and not one that is kept
    drawn = picture()

    def add(number: int) -> None:
        for _ in range(number):
            add_case(
                index,
                picture=drawn,
                picture_alt="示意",
                operations=["dust"],
                district="610112",
                lead="除尘器",
            )

    def cost(path: str) -> int:
        read(client, path)
        with CaptureQueriesContext(connection) as queries:
            read(client, path)
        return len(queries)

    add(2)
    few = [cost(path) for path in ("/cases/", "/cases/?q=除尘器&operation=dust&sort=amount")]
    add(12)
    many = [cost(path) for path in ("/cases/", "/cases/?q=除尘器&operation=dust&sort=amount&page=2")]

    assert few == many
    assert max(many) <= 14

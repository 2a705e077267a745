"""The outreach page lists texts by topic; a text shows its day, its source and every kind of block."""

import json
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from home.enums import Topic
from home.listings import FURTHER, PER_PAGE, PER_TOPIC
from home.models import ContentPage, OutreachIndexPage, SitePicture
from portal.shared.sections import sections
from tests.home.factories import add_text, plain_png

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


def read(client: Client, path: str = "/outreach/") -> str:
    """Return a page as text."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def picture(title: str = "示意图") -> SitePicture:
    """Return a stored picture."""
    stored: SitePicture = SitePicture.objects.create(title=title, file=ContentFile(plain_png(), name="a.png"))
    return stored


# --- the list ------------------------------------------------------------------------------------------------


def test_empty_page_says_so(client: Client) -> None:
    assert "这里还没有发布内容。" in read(client)


def test_topics_without_texts_are_left_out(client: Client, outreach: OutreachIndexPage) -> None:
    add_text(outreach, topic=Topic.QUESTION)

    html = read(client)

    assert "<h2>一问一条</h2>" in html
    assert "<h2>怎样做才安全</h2>" not in html


def test_newest_stand_first(client: Client, outreach: OutreachIndexPage) -> None:
    for age in (5, 1, 3):
        add_text(outreach, title=f"{age} 天前", topic=Topic.QUESTION, published_on=DAY - timedelta(days=age))

    html = read(client)

    assert html.index("1 天前") < html.index("3 天前") < html.index("5 天前")


def test_overview_shows_a_few_and_how_many_there_are(client: Client, outreach: OutreachIndexPage) -> None:
    for _ in range(PER_TOPIC + 2):
        add_text(outreach, topic=Topic.QUESTION)

    html = read(client)

    assert html.count("<article>") == PER_TOPIC
    assert re.search(rf'href="\?topic=question">全部 {PER_TOPIC + 2} 篇', html)


def test_overview_needs_no_link_when_it_shows_all(client: Client, outreach: OutreachIndexPage) -> None:
    add_text(outreach, topic=Topic.QUESTION)

    assert "?topic=" not in read(client)


@pytest.mark.parametrize("topic", Topic)
def test_every_topic_has_its_form(client: Client, outreach: OutreachIndexPage, topic: Topic) -> None:
    text = add_text(outreach, topic=topic, source="安全生产法 第五十四条")

    for path in ("/outreach/", f"/outreach/?topic={topic}"):
        html = read(client, path)

        assert f'href="{text.url}"' in html
        assert text.title in html


def test_list_of_a_topic_is_paged(client: Client, outreach: OutreachIndexPage) -> None:
    for _ in range(PER_PAGE + 1):
        add_text(outreach, topic=Topic.QUESTION)

    first, second = (
        read(client, "/outreach/?topic=question"),
        read(client, "/outreach/?topic=question&page=2"),
    )

    assert f"共 {PER_PAGE + 1} 篇" in first
    assert (first.count("<article>"), second.count("<article>")) == (PER_PAGE, 1)
    assert "第 2 页，共 2 页" in second
    assert 'href="?topic=question">上一页' in second
    assert "下一页" not in second


@pytest.mark.parametrize("query", ["?topic=nonsense", "?topic=", "?page=7", "?topic=<script>"])
def test_unknown_topic_shows_the_overview(client: Client, outreach: OutreachIndexPage, query: str) -> None:
    add_text(outreach, topic=Topic.QUESTION)

    html = read(client, f"/outreach/{query}")

    assert "<h2>一问一条</h2>" in html
    assert "<script>" not in html


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", "9" * 40])
def test_senseless_page_number_gives_a_page(client: Client, outreach: OutreachIndexPage, number: str) -> None:
    text = add_text(outreach, topic=Topic.QUESTION)

    assert text.title in read(client, f"/outreach/?topic=question&page={number}")


def test_taken_down_texts_are_not_listed(client: Client, outreach: OutreachIndexPage) -> None:
    text = add_text(outreach, topic=Topic.QUESTION)
    text.unpublish()

    assert text.title not in read(client)


def test_restricted_texts_are_not_listed(client: Client, outreach: OutreachIndexPage) -> None:
    text = add_text(outreach, topic=Topic.QUESTION)
    PageViewRestriction.objects.create(page=text, restriction_type=PageViewRestriction.LOGIN)

    assert text.title not in read(client)


def test_queries_do_not_grow(client: Client, outreach: OutreachIndexPage) -> None:
    drawn = picture()

    def add(number: int) -> None:
        for _ in range(number):
            for topic in Topic:
                add_text(outreach, topic=topic, picture=drawn, picture_alt="示意")

    add(2)
    read(client)
    with CaptureQueriesContext(connection) as few:
        read(client)
    add(6)
    with CaptureQueriesContext(connection) as many:
        read(client)

    # Two renditions more or less: each topic shows at most PER_TOPIC pictures.
    assert len(many) <= len(few) + 2
    assert len(many) <= 25


# --- a text --------------------------------------------------------------------------------------------------


def test_text_shows_day_source_and_lead(client: Client, outreach: OutreachIndexPage) -> None:
    text = add_text(outreach, lead="先通风，再检测。", source="13 号令", published_on=DAY)

    html = read(client, text.url)

    assert '<time datetime="2026-03-10">2026 年 3 月 10 日</time>' in html
    assert "13 号令" in html
    assert '<p class="lede">先通风，再检测。</p>' in html
    assert html.count("<h1") == 1


def test_english_face_keeps_the_chinese_text(english: Client, outreach: OutreachIndexPage) -> None:
    text = add_text(outreach, title="先通风", published_on=DAY)

    html = read(english, text.url)

    assert "Report with a photo" in html
    assert '<time datetime="2026-03-10">10 March 2026</time>' in html
    assert '<h1 lang="zh-CN">先通风</h1>' in html
    assert '<a href="/outreach/">Legal outreach</a>' in html


def test_outreach_page_has_an_english_name(english: Client, client: Client) -> None:
    assert "<h1>Legal outreach</h1>" in read(english)
    assert "<h1>普法</h1>" in read(client)


def test_way_back_leads_to_list_and_topic(client: Client, outreach: OutreachIndexPage) -> None:
    html = read(client, add_text(outreach, topic=Topic.GUIDE).url)

    assert '<a href="/outreach/">普法</a>' in html
    assert '<a href="/outreach/?topic=guide">怎样做才安全</a>' in html


def test_text_below_the_home_page_leads_home(client: Client, home: OutreachIndexPage) -> None:
    text = add_text(home, title="无障碍说明", slug="accessibility")

    assert re.search(r'<ol>\s*<li><a href="/">首页</a></li>\s*<li aria-current', read(client, text.url))


def test_further_texts_are_of_the_same_topic(client: Client, outreach: OutreachIndexPage) -> None:
    others = [add_text(outreach, topic=Topic.GUIDE) for _ in range(FURTHER + 2)]
    foreign = add_text(outreach, topic=Topic.NOTICE)

    aside = read(client, others[0].url).split("再看看", 1)[1]

    assert [text.title in aside for text in others] == [False, False, True, True, True]
    assert foreign.title not in aside


def test_heading_begins_a_section(outreach: OutreachIndexPage) -> None:
    text = add_text(
        outreach,
        body=[("paragraph", "<p>前言</p>"), ("heading", "一"), ("note", {"tone": "ok", "text": "x"})],
    )

    found = sections(text.body)

    assert [(section.heading, len(section.blocks)) for section in found] == [("", 1), ("一", 1)]


def test_no_section_is_empty(outreach: OutreachIndexPage) -> None:
    assert sections(add_text(outreach, body=[]).body) == []
    assert [part.heading for part in sections(add_text(outreach, body=[("heading", "一")]).body)] == ["一"]


STEPS = {"steps": [{"title": "通风", "text": "先送风"}, {"title": "检测", "text": ""}]}
QUOTE = {"text": "有权拒绝", "source": "第五十四条"}
BLOCKS = [
    ("paragraph", "<p>看 <b>这里</b></p>", "<p>看 <b>这里</b></p>"),
    ("list", {"items": ["一", "二"]}, "<ul><li>一</li><li>二</li></ul>"),
    ("steps", STEPS, "<h3>通风</h3><p>先送风</p></li><li><h3>检测</h3></li>"),
    ("quote", QUOTE, "<blockquote><p>有权拒绝</p><footer>第五十四条</footer></blockquote>"),
    ("note", {"tone": "warn", "text": "不要下去"}, '<p class="note warn">'),
    ("note", {"tone": "plain", "text": "记下来"}, '<p class="note">'),
]


@pytest.mark.parametrize(("kind", "value", "expected"), BLOCKS)
def test_each_block_has_its_markup(
    client: Client, outreach: OutreachIndexPage, kind: str, value: object, expected: str
) -> None:
    text = add_text(outreach, body=[(kind, value)])

    assert expected in read(client, text.url)


def test_table_names_rows_and_columns(client: Client, outreach: OutreachIndexPage) -> None:
    table = {
        "columns": [{"type": "text", "heading": "气体"}, {"type": "number", "heading": "上限"}],
        "rows": [{"values": ["硫化氢", "10"]}],
        "caption": "合格范围",
    }

    html = read(client, add_text(outreach, body=[("table", table)]).url)

    assert "<caption>合格范围</caption>" in html
    assert '<th scope="col">气体</th><th scope="col" class="n">上限</th>' in html
    assert re.search(r'<th scope="row">\s*硫化氢\s*</th><td class="n">\s*10\s*</td>', html)
    assert 'role="region" aria-label="合格范围"' in html


def test_picture_has_words_and_sizes(client: Client, outreach: OutreachIndexPage) -> None:
    value = {"picture": picture(), "alt": "池口的三脚架", "caption": "示意图"}

    html = read(client, add_text(outreach, body=[("picture", value)]).url)

    assert 'alt="池口的三脚架"' in html
    assert "<figcaption>示意图</figcaption>" in html
    assert re.search(r'srcset="/media/images/\w+\.format-avif\.width-480\S* 64w', html)
    assert re.search(r'srcset="/media/images/\w+\.format-webp\.width-480\S* 64w', html)


def test_links_lead_to_published_pages_only(client: Client, outreach: OutreachIndexPage) -> None:
    open_page, closed = add_text(outreach), add_text(outreach)
    closed.unpublish()
    links = [
        {"title": name, "detail": "", "page": page} for name, page in (("开", open_page), ("关", closed))
    ]

    html = read(client, add_text(outreach, topic=Topic.GUIDE, body=[("links", {"links": links})]).url)

    assert f'<li><a href="{open_page.url}">开</a></li>' in html
    assert "关</a>" not in html


@pytest.mark.parametrize("kind", ["heading", "list", "quote", "note"])
def test_typed_markup_is_shown_not_obeyed(client: Client, outreach: OutreachIndexPage, kind: str) -> None:
    attack = "<script>alert(1)</script>"
    value = {
        "heading": attack,
        "list": {"items": [attack]},
        "quote": {"text": attack, "source": attack},
        "note": {"tone": "ok", "text": attack},
    }[kind]

    html = read(client, add_text(outreach, title=attack, lead=attack, body=[(kind, value)]).url)

    assert attack not in html
    assert "&lt;script&gt;" in html


def test_picture_block_needs_words(outreach: OutreachIndexPage) -> None:
    block = ContentPage._meta.get_field("body").stream_block.child_blocks["picture"]
    value = block.to_python({"picture": picture().pk, "alt": "", "caption": ""})

    with pytest.raises(ValidationError) as refused:
        block.clean(value)

    assert set(refused.value.block_errors) == {"alt"}


def test_lead_picture_needs_words(outreach: OutreachIndexPage) -> None:
    text = add_text(outreach)
    text.picture = picture()

    with pytest.raises(ValidationError) as refused:
        text.full_clean()

    assert set(refused.value.message_dict) == {"picture_alt"}


def test_lead_picture_with_words_is_taken(client: Client, outreach: OutreachIndexPage) -> None:
    text = add_text(
        outreach, picture=picture(), picture_alt="池口的三脚架", picture_caption="人没下去，风先下去"
    )
    text.full_clean()

    html = read(client, text.url)

    assert 'alt="池口的三脚架"' in html
    assert "人没下去，风先下去" in html


def test_body_survives_storage(outreach: OutreachIndexPage) -> None:
    text = add_text(outreach, body=[("heading", "一"), ("note", {"tone": "ok", "text": "二"})])

    stored = ContentPage.objects.get(pk=text.pk)

    raw = json.loads(ContentPage._meta.get_field("body").value_to_string(stored))
    assert [(block["type"], block["value"]) for block in raw] == [
        ("heading", "一"),
        ("note", {"tone": "ok", "text": "二"}),
    ]

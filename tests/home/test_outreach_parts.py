"""The outreach page shows its parts and leads to each; topic pages and texts show videos by file, never an embed."""

import re
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.enums import RuleLevel, Topic, Validity
from home.models import OutreachIndexPage, SitePicture, TopicPage
from home.models.overview import MATTERS, RULES_OF_A_LEVEL, VISITS
from tests.home.factories import add_text, plain_png
from tests.home.outreach_parts import (
    add_liaison_page,
    add_list,
    add_matter,
    add_plan,
    add_point,
    add_quiz,
    add_rule,
    add_video,
    add_visit,
)

pytestmark = pytest.mark.django_db


def read(client: Client, path: str = "/outreach/") -> str:
    """Return a page as text."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def add_topic(index: OutreachIndexPage, **values: object) -> TopicPage:
    """Publish a topic page."""
    facts = {"title": "有限空间", "slug": "topic", "lead": "池、罐、井。", **values}
    page: TopicPage = index.add_child(instance=TopicPage(**facts))
    return page


def fill(index: OutreachIndexPage) -> None:
    """Publish one of everything."""
    add_topic(index)
    add_quiz()
    add_rule()
    add_list()
    add_matter()
    add_plan()
    add_liaison_page()
    add_visit(add_point())


# --- the outreach page ------------------------------------------------------------------------------------------


def test_empty_page_shows_no_part(client: Client, outreach: OutreachIndexPage) -> None:
    html = read(client)

    assert html.count("<section") == 1
    assert "这里还没有发布内容。" in html


def test_every_part_is_linked(client: Client, outreach: OutreachIndexPage) -> None:
    fill(outreach)

    html = read(client)

    links = (
        "/outreach/topic/",
        "/rules/",
        "/outreach/no-penalty/",
        "/outreach/plan-2026/",
        "/outreach/liaison/",
    )
    assert [link for link in links if f'href="{link}"' not in html] == []
    assert re.search(r'href="/outreach/quiz-\d+/"', html)
    assert re.search(r'href="/rules/rule-\d+/"', html)
    for heading in ("按危险看", "考考自己", "规则库", "轻微不罚", "2026 年执法计划", "普法联系点"):
        assert f"<h2>{heading}</h2>" in html


def test_parts_without_content_are_left_out(client: Client, outreach: OutreachIndexPage) -> None:
    add_list()
    add_rule(validity=Validity.REPEALED)

    html = read(client)

    assert "轻微不罚" not in html
    assert "<h2>规则库</h2>" not in html


def test_parts_show_a_few_and_how_many_there_are(client: Client, outreach: OutreachIndexPage) -> None:
    add_list()
    add_liaison_page()
    point = add_point()
    for _ in range(MATTERS + 3):
        add_matter()
    for _ in range(VISITS + 2):
        add_visit(point, day=timezone.localdate())
    for level in RuleLevel:
        for _ in range(RULES_OF_A_LEVEL + 1):
            add_rule(level=level)

    html = read(client)

    assert f"全部 {MATTERS + 3} 项" in html
    assert html.count("缺少安全警示标志") == MATTERS
    assert html.count("人参加</p>") == VISITS
    assert f"今年已上门 {VISITS + 2} 次" in html
    assert len(re.findall(r'href="/rules/rule-\d+/"', html)) == len(RuleLevel) * RULES_OF_A_LEVEL


def test_newest_plan_is_shown(client: Client, outreach: OutreachIndexPage) -> None:
    add_plan()
    add_plan(year=2027, slug="plan-2027", title="2027 年执法计划")

    html = read(client)

    assert "<h2>2027 年执法计划</h2>" in html
    assert "2026 年执法计划" not in html


def test_withdrawn_and_restricted_parts_are_left_out(client: Client, outreach: OutreachIndexPage) -> None:
    add_matter()
    add_list().unpublish()
    topic = add_topic(outreach)
    PageViewRestriction.objects.create(page=topic, restriction_type=PageViewRestriction.LOGIN)

    html = read(client)

    assert "轻微不罚" not in html
    assert "有限空间" not in html


def test_chosen_topic_shows_no_parts(client: Client, outreach: OutreachIndexPage) -> None:
    fill(outreach)
    add_text(outreach, topic=Topic.GUIDE)

    assert "考考自己" not in read(client, "/outreach/?topic=guide")


def test_grounds_alternate(client: Client, outreach: OutreachIndexPage) -> None:
    fill(outreach)
    for topic in (Topic.QUESTION, Topic.GUIDE, Topic.ACTIVITY):
        add_text(outreach, topic=topic)

    grounds = ["white" in name for name in re.findall(r'<section class="(sec[^"]*)"', read(client))]

    assert len(grounds) == 9
    assert all(one != other for one, other in pairwise(grounds)), grounds


def test_queries_do_not_grow(client: Client, outreach: OutreachIndexPage) -> None:
    fill(outreach)
    read(client)
    with CaptureQueriesContext(connection) as few:
        read(client)
    for number in range(6):
        add_topic(outreach, slug=f"topic-{number}")
        add_quiz()
        add_rule()
        add_matter()
        add_visit(add_point())
    with CaptureQueriesContext(connection) as many:
        read(client)

    assert len(few) == len(many) <= 32


def test_english_page_says_it_in_english(english: Client, outreach: OutreachIndexPage) -> None:
    fill(outreach)

    html = read(english)

    for words in (
        "By danger",
        "Test yourself",
        "Minor matters, no fine",
        "Liaison points",
        "Search the rules",
    ):
        assert words in html
    assert '<h2 lang="zh-CN">2026 年执法计划</h2>' in html


# --- topic pages and videos --------------------------------------------------------------------------------------


def test_topic_page_shows_its_blocks(client: Client, outreach: OutreachIndexPage) -> None:
    rule = add_rule(title="有限空间规定")
    links = {"links": [{"title": "有限空间规定", "detail": "", "page": rule}]}
    topic = add_topic(
        outreach, body=[("paragraph", "<p>先通风。</p>"), ("heading", "查规定"), ("links", links)]
    )

    html = read(client, topic.url)

    assert "<p>先通风。</p>" in html
    assert f'<a href="{rule.url}">有限空间规定</a>' in html
    assert '<a href="/outreach/">普法</a>' in html
    assert html.count("<h1") == 1


def test_topic_picture_needs_words(outreach: OutreachIndexPage) -> None:
    picture = SitePicture.objects.create(title="图", file=ContentFile(plain_png(), name="a.png"))
    topic = add_topic(outreach)
    topic.picture = picture

    with pytest.raises(ValidationError) as refused:
        topic.full_clean()

    assert set(refused.value.message_dict) == {"picture_alt"}


@pytest.mark.parametrize("kind", ["topic", "text"])
def test_video_stands_by_file_with_captions_and_words(
    client: Client, outreach: OutreachIndexPage, kind: str
) -> None:
    video = add_video(transcript="先通风。\n\n<script>alert(1)</script>")
    body = [("video", {"video": video})]
    page = add_topic(outreach, body=body) if kind == "topic" else add_text(outreach, body=body)

    html = read(client, page.url)

    assert f'<source src="{video.url}" type="video/mp4">' in html
    assert f'<track kind="captions" src="{video.captions_url}" srclang="zh-CN" label="中文" default>' in html
    assert 'controls preload="none" playsinline width="1280" height="720"' in html
    assert re.search(r'poster="/media/images/[\w.-]+"', html)
    assert "<p>先通风。</p>" in html
    assert "<iframe" not in html
    assert "<script>alert" not in html


def test_policy_lets_own_videos_play_and_no_others(client: Client, outreach: OutreachIndexPage) -> None:
    policy = client.get("/outreach/")["Content-Security-Policy"]

    assert "media-src 'self';" in policy + ";"
    assert "frame-src" not in policy


def test_body_takes_no_embed() -> None:
    for name in ("body", "body_en"):
        assert "embed" not in TopicPage._meta.get_field(name).stream_block.child_blocks


def test_english_topic_page_says_what_is_chinese(english: Client, outreach: OutreachIndexPage) -> None:
    topic = add_topic(outreach, title_en="Confined spaces", body=[("paragraph", "<p>先通风。</p>")])

    html = read(english, topic.url)

    assert "<h1>Confined spaces</h1>" in html
    assert "data-only-chinese" in html

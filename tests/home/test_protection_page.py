"""The page on protection: six promises, who sees what, and the limits beside them."""

import re

import pytest
from django.test import Client

from home.models import BureauSettings, ProtectionPage

pytestmark = pytest.mark.django_db
PROMISES = [
    "姓名封在您自己的手机上",
    "没有东西能说明是谁发的",
    "照片只说画面里的事",
    "查询码是唯一的钥匙",
    "打开姓名要两个人、一个理由",
    "收下的举报不会丢",
]
LIMITS = [
    "网络日志",
    "您的手机和单位的网",
    "照片里的线索",
    "服务器被人控制时",
    "关掉 JavaScript",
    "遭到打击报复",
]
SEES = {
    "您，凭查询码": ["进度和答复", "封存后不显示", "封存后不显示"],
    "承办人": ["能", "不能", "不能"],
    "保密专员": ["不能", "两人同意", "不能"],
    "发奖金的人": ["不能", "领奖时", "领奖时"],
    "审计员": ["能看，不能改", "不能", "不能"],
    "系统管理员": ["不能", "不能", "不能"],
    "被举报的单位": ["不能", "不能", "不能"],
}


@pytest.fixture
def html(client: Client) -> str:
    """Return the page."""
    return client.get("/protection/").content.decode()


def between(text: str, start: str, end: str) -> str:
    """Return what stands between two marks."""
    return text.split(start, 1)[1].split(end, 1)[0]


def test_six_promises_in_their_order(html: str) -> None:
    promises = re.findall(r"<li><h3>(.*?)</h3><p>(.*?)</p></li>", between(html, "six", "</ol>"))

    assert [title for title, _text in promises] == PROMISES
    assert all(len(text) > 20 for _title, text in promises)


def test_who_sees_what(html: str) -> None:
    rows = re.findall(
        r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', between(html, '<table class="see">', "</table>")
    )

    assert {who: re.findall(r"<td[^>]*>(.*?)</td>", cells) for who, cells in rows} == SEES


def test_drawing_is_told_in_words(html: str) -> None:
    drawing = between(html, '<figure class="flow">', "</figure>")

    assert 'role="img"' in drawing
    assert "查询码留在您手里" in between(drawing, "<desc", "</desc>")


def test_limits_stand_beside_the_promises(html: str) -> None:
    limits = between(html, 'id="limits"', "</section>")

    assert re.findall(r"<h3>(.*?)</h3>", limits) == LIMITS
    assert "网关" in limits
    assert "可以把网页换成假的" in limits


def test_hotline_is_that_of_the_bureau(client: Client, bureau: BureauSettings) -> None:
    bureau.hotline = "029-12350"
    bureau.save()

    limits = between(client.get("/protection/").content.decode(), 'id="limits"', "</section>")

    assert limits.count('<a href="tel:029-12350">029-12350</a>') == 2


def test_editors_may_add_but_not_take_away(client: Client, protection: ProtectionPage) -> None:
    protection.body = [("heading", "本市补充说明"), ("paragraph", "<p>接待室不装摄像头。</p>")]
    protection.save()

    html = client.get("/protection/").content.decode()

    assert [title for title in PROMISES if f"<h3>{title}</h3>" not in html] == []
    assert "<h2>本市补充说明</h2>" in html


def test_english(english: Client) -> None:
    html = english.get("/protection/").content.decode()

    assert "Your name is sealed on your own phone" in html
    assert "What we cannot do" in html
    assert not [title for title in PROMISES + LIMITS if title in html]

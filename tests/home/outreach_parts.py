"""What the tests of outreach are made of: rules with articles, matters, plans, points and visits, quizzes, films."""

from datetime import date
from itertools import count
from typing import Any

from django.core.files.base import ContentFile

from home.enums import Post, RuleLevel, Validity
from home.models import (
    EnforcementPlanPage,
    HelpVisit,
    LiaisonPage,
    LiaisonPoint,
    NoPenaltyMatter,
    NoPenaltyPage,
    OutreachIndexPage,
    QuizPage,
    RulePage,
    RulesIndexPage,
    SitePicture,
    SiteVideo,
)
from home.services.visits import SignedIn, record_visit
from tests.home.factories import plain_png

DAY = date(2026, 3, 10)
_numbers = count(1)
PLANNED = "雁塔区应急管理局，粉尘涉爆，20\n雁塔区应急管理局，有限空间，30\n莲湖区应急管理局，粉尘涉爆，50"
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\n先通风\n".encode()


def add_rule(**values: Any) -> RulePage:
    """Publish a rule in the library."""
    number = next(_numbers)
    facts = {
        "title": f"第 {number} 部规定",
        "slug": f"rule-{number}",
        "level": RuleLevel.REGULATION,
        "validity": Validity.IN_FORCE,
        "issuer": "应急管理部",
        "summary": "用大白话写的摘要。",
        **values,
    }
    page: RulePage = RulesIndexPage.objects.get().add_child(instance=RulePage(**facts))
    return page


def add_matter(**values: Any) -> NoPenaltyMatter:
    """Store a matter without a fine."""
    facts = {
        "code": f"W{next(_numbers):03}",
        "field": "警示标志",
        "matter": "缺少安全警示标志",
        "condition": "首次发现，当场补齐",
        "instead": "补齐标志",
        "basis": "行政处罚法第三十三条",
        **values,
    }
    row: NoPenaltyMatter = NoPenaltyMatter.objects.create(**facts)
    return row


def add_list(**values: Any) -> NoPenaltyPage:
    """Publish the page of the list."""
    page = NoPenaltyPage(**{"title": "不罚清单", "slug": "no-penalty", **values})
    added: NoPenaltyPage = OutreachIndexPage.objects.get().add_child(instance=page)
    return added


def add_plan(**values: Any) -> EnforcementPlanPage:
    """Publish a plan of 2026."""
    facts = {"title": "2026 年执法计划", "slug": "plan-2026", "year": 2026, "planned": PLANNED, **values}
    page: EnforcementPlanPage = OutreachIndexPage.objects.get().add_child(
        instance=EnforcementPlanPage(**facts)
    )
    return page


def add_liaison_page(**values: Any) -> LiaisonPage:
    """Publish the page of liaison points."""
    page = LiaisonPage(**{"title": "普法联系点", "slug": "liaison", **values})
    added: LiaisonPage = OutreachIndexPage.objects.get().add_child(instance=page)
    return added


def add_point(**values: Any) -> LiaisonPoint:
    """Store a liaison point."""
    facts = {
        "enterprise": f"西安某公司 {next(_numbers)}",
        "district": "雁塔区",
        "unit": "雁塔区应急管理局",
        "phone": "029-12345678",
        **values,
    }
    point: LiaisonPoint = LiaisonPoint.objects.create(**facts)
    return point


def add_visit(point: LiaisonPoint, *, is_shown: bool = True, **values: Any) -> HelpVisit:
    """Sign a visit in and, as an editor does, show it."""
    facts = {
        "day": DAY,
        "topic": "液氨演练",
        "outcome": "演练后改了五处。",
        "officers": 2,
        "people": {Post.WORKER: 12, Post.SAFETY: 3},
        **values,
    }
    visit = record_visit(entered=SignedIn(point=point, **facts), entered_by=None)
    HelpVisit.objects.filter(pk=visit.pk).update(is_shown=is_shown)
    return visit


def question(**values: Any) -> tuple[str, dict[str, Any]]:
    """Return a question whose second answer is right."""
    facts = {
        "text": "第一步做什么？",
        "answers": [{"text": "直接下", "is_right": False}, {"text": "先通风", "is_right": True}],
        "why": "先通风，再检测。",
        "rule": None,
        "article": None,
        **values,
    }
    return "question", facts


def add_quiz(*questions: tuple[str, dict[str, Any]], **values: Any) -> QuizPage:
    """Publish a self-test."""
    facts = {"title": "自测：下池之前", "slug": f"quiz-{next(_numbers)}", "lead": "两分钟。", **values}
    page = QuizPage(**facts, questions=list(questions) or [question()])
    added: QuizPage = OutreachIndexPage.objects.get().add_child(instance=page)
    return added


# --- films, box by box --------------------------------------------------------------------------------------------


def box(kind: bytes, *content: bytes) -> bytes:
    """Return one box of an MP4 file."""
    data = b"".join(content)
    return (len(data) + 8).to_bytes(4, "big") + kind + data


def dated(kind: bytes, *, version: int = 0) -> bytes:
    """Return a header box with moments in it."""
    width = 8 if version else 4
    return box(kind, bytes([version, 0, 0, 0]), b"\xe1" * width, b"\xe2" * width, b"\x07" * 80)


def track(handler: bytes = b"vide", *, name: bytes = b"Marker-Phone-9917\0") -> bytes:
    """Return a track; its handler says what it is and names the phone."""
    hdlr = box(b"hdlr", bytes(8), handler, bytes(8), name)
    inner = box(b"hdlr", bytes(8), b"dhlr", bytes(8), b"\0")
    return box(b"trak", dated(b"tkhd"), box(b"mdia", dated(b"mdhd", version=1), hdlr, box(b"minf", inner)))


PLACE = box(b"udta", box(b"\xa9xyz", b"+34.2212+108.9412/"))


def film(*tracks: bytes, extra: bytes = PLACE, brand: bytes = b"isom") -> bytes:
    """Return a film as a phone writes it: with place, maker and moments."""
    head = box(b"ftyp", brand, bytes(4), b"mp42")
    moov = box(b"moov", dated(b"mvhd"), *(tracks or (track(), track(b"soun"))), extra)
    return head + moov + box(b"uuid", b"Marker-Phone-9917") + box(b"mdat", bytes(range(256)) * 40)


def add_video(**values: Any) -> SiteVideo:
    """Store a video with poster, captions and its words."""
    poster: SitePicture = SitePicture.objects.create(
        title="封面", file=ContentFile(plain_png(), name="a.png")
    )
    facts = {
        "title": "下池之前的六步",
        "file": ContentFile(film(), name="VID_20260310_093112.mp4"),
        "captions": ContentFile(VTT, name="zh.vtt"),
        "poster": poster,
        "transcript": "先通风，再检测。",
        "seconds": 95,
        **values,
    }
    video: SiteVideo = SiteVideo.objects.create(**facts)
    return video

"""The bundle for the police: opened like a reader would, page by page and hash by hash."""

import hashlib
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import connection
from PIL import Image, ImageFont
from pypdf import PdfReader
from pytest_django import Settings

from complaints.enums import Role, TipStatus
from complaints.errors import IllegalMove, NotAllowed, PhotoUnreadable, TipNotFound
from complaints.models import AuditRow, Tip
from complaints.services import referral_papers
from complaints.services.evidence import evidence_storage
from complaints.services.messages import write_to_reporter
from complaints.services.paper import Paper, Part, pdf_of
from complaints.services.referrals import (
    decide_referral,
    drop_referral,
    hand_to_police,
    propose_referral,
    referral_bundle,
)
from complaints.services.reporter import send_message
from portal.shared.archives import SUMS
from portal.shared.sheets import printable
from tests.factories import TODAY, TipFactory, UserFactory, dispose, noon, penalty, upload
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
NAME, PHONE = "欧阳晓明", "13912345678"
TOLD = "我在三号车间上夜班，班长姓胡"
WROTE = "请补充储罐的位置，谢谢胡师傅"
TEXTS = {
    "offence": "危险作业罪（刑法第一百三十四条之一）",
    "facts": "该公司未经许可储存甲苯二十桶，现场未设置防爆设施。",
    "goods": "甲苯 20 桶\n\n防爆叉车 1 台",
    "appraisal": "检验报告 2026-017：样品为甲苯",
    "other": "询问笔录三份",
}
TITLES = [
    "涉嫌犯罪案件移送书",
    "涉嫌犯罪案件情况的调查报告",
    "涉案物品清单",
    "检验报告或者鉴定意见",
    "其他有关涉嫌犯罪的材料",
]


@pytest.fixture
def second(city: City) -> User:
    return UserFactory(first_name="赵建国", roles=[(Role.OFFICER, city.yanta)])


@pytest.fixture
def tip(city: City, officer: User, leader: User, second: User, settings: Settings) -> Tip:
    """Return a tip by a named reporter with two photos and words, concluded, fined and proposed for referral."""
    tip = TipFactory(
        district=YANTA,
        status=TipStatus.VERIFIED,
        officer=officer,
        leader=leader,
        photos=2,
        description=TOLD,
        entity_name="某某化工有限公司",
        address="科技路 18 号",
        real_name=True,
        identity={"name": NAME, "phone": PHONE},
    )
    send_message(
        typed=tip.acknowledgement.receipt,
        text=f"{TOLD}。{NAME}",
        uploads=[upload()],
        today=TODAY,
        vault_fingerprint=settings.VAULT_FINGERPRINT,
    )
    write_to_reporter(tip_id=tip.pk, text=WROTE, author=officer, at=noon(TODAY))
    dispose(tip=tip, officer=officer, draft=penalty())
    team = [officer.pk, second.pk]
    propose_referral(tip_id=tip.pk, actor=officer, at=noon(TODAY), officer_ids=team, texts=TEXTS)
    return tip


def made(tip: Tip, actor: User, *, days: int = 0) -> bytes:
    return referral_bundle(tip_id=tip.pk, actor=actor, at=noon(TODAY) + timedelta(days=days))


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def pages(data: bytes) -> str:
    """Return the text of a PDF without spaces and breaks: where a line ends is the printer's business."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def papers_of(data: bytes) -> list[str]:
    return [pages(content) for name, content in files_of(data).items() if name.endswith(".pdf")]


# --- what is in it ----------------------------------------------------------------------------------------------


def test_it_holds_five_papers_the_photos_and_their_hashes(tip: Tip, officer: User) -> None:
    names = list(files_of(made(tip, officer)))

    assert names[:5] == [f"{place}-{title}.pdf" for place, title in enumerate(TITLES, start=1)]
    assert [name[:11] for name in names[5:8]] == ["photos/001-", "photos/002-", "photos/003-"]
    assert names[8:] == [SUMS]


def spoil(tip: Tip, place: int, how: str) -> str:
    """Damage or remove the stored file of one of the reporter's photos; return the code of the photo."""
    photo = tip.photos.order_by("position")[place]
    storage = evidence_storage()
    name = photo.path_of("shown")
    data = storage.open(name).read()
    storage.delete(name)
    changed = {"cut": data[: len(data) // 2], "altered": data[:-1] + bytes([data[-1] ^ 1]), "empty": b""}
    if how != "missing":
        storage.save(name, ContentFile(changed[how]))
    return photo.public_id.hex[:8]


@pytest.mark.parametrize("how", ["missing", "cut", "altered", "empty"])
def test_a_photo_that_cannot_be_read_is_named_and_nothing_is_made(tip: Tip, officer: User, how: str) -> None:
    code = spoil(tip, 1, how)

    with pytest.raises(PhotoUnreadable) as caught:
        made(tip, officer)

    assert caught.value.names == (f"随举报发来的第 2 张照片（{code}）",)
    assert f"第 2 张照片（{code}）" in str(caught.value.public_message)
    logged = AuditRow.objects.get(action="tip.refused")
    assert (logged.subject, logged.data) == (
        tip.number,
        {"act": "referral_bundle", "code": "photo_unreadable"},
    )
    assert not AuditRow.objects.filter(action="tip.referral_bundle").exists()


def test_every_photo_that_cannot_be_read_is_named_at_once(tip: Tip, officer: User) -> None:
    first, later = spoil(tip, 0, "missing"), spoil(tip, 2, "altered")

    with pytest.raises(PhotoUnreadable) as caught:
        made(tip, officer)

    assert caught.value.names == (
        f"随举报发来的第 1 张照片（{first}）",
        f"举报人后来补发的第 3 张照片（{later}）",
    )
    assert AuditRow.objects.filter(action="tip.refused").count() == 1


def test_nobody_waits_while_the_papers_are_made(
    tip: Tip, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, depths = len(connection.savepoint_ids), []
    make = referral_papers.bundle

    def bundle(**values: Any) -> referral_papers.Bundle:
        depths.append(len(connection.savepoint_ids))
        return make(**values)

    monkeypatch.setattr(referral_papers, "bundle", bundle)
    made(tip, officer)

    assert depths == [outside]


def test_every_file_has_its_hash_in_the_manifest(tip: Tip, officer: User) -> None:
    files = files_of(made(tip, officer))

    lines = [line.split("  ", 1) for line in files.pop(SUMS).decode().splitlines()]

    assert {name: digest for digest, name in lines} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }


def test_each_paper_tells_its_part(tip: Tip, officer: User) -> None:
    letter, report, goods, appraisal, other = papers_of(made(tip, officer))

    for paper, title in zip((letter, report, goods, appraisal, other), TITLES, strict=True):
        assert paper.startswith(title)
        assert tip.number in paper
        assert "雁塔区应急管理局（印章）2026年3月10日" in paper
    assert "公安机关：" in letter
    assert all(
        words in letter for words in ("危险作业罪", "某某化工有限公司", "科技路18号", "甲苯二十桶", "赵建国")
    )
    assert "现场核查发现冲床缺少防护装置" in report
    assert "（西雁）应急罚〔2026〕12号" in report
    assert "20000.00" in report
    assert "1甲苯20桶2防爆叉车1台" in goods
    assert "样品为甲苯" in appraisal
    assert "询问笔录三份" in other
    assert all(photo.sealed_sha256[:20] in other for photo in tip.photos.all())


def test_empty_parts_say_so(tip: Tip, officer: User) -> None:
    row = tip.referrals.get()
    row.goods, row.appraisal, row.other = "", "", ""
    row.save()

    _letter, _report, goods, appraisal, other = papers_of(made(tip, officer))

    assert "无涉案物品。" in goods
    assert "无检验报告或者鉴定意见。" in appraisal
    assert "无其他材料。" in other


def test_the_photos_are_the_shown_copies(tip: Tip, officer: User) -> None:
    photos = [content for name, content in files_of(made(tip, officer)).items() if name.endswith(".jpg")]

    for content in photos:
        image = Image.open(io.BytesIO(content))
        image.load()
        assert image.format == "JPEG"
        assert not image.getexif()


def test_after_the_decision_it_names_police_and_who_decided(tip: Tip, officer: User, leader: User) -> None:
    User.objects.filter(pk=leader.pk).update(first_name="孙局长")
    decide_referral(tip_id=tip.pk, actor=leader, at=noon(TODAY) + timedelta(days=1))
    hand_to_police(
        tip_id=tip.pk, actor=officer, at=noon(TODAY) + timedelta(days=1), police_name="雁塔公安分局"
    )

    letter = papers_of(made(tip, officer))[0]

    assert "雁塔公安分局：" in letter
    assert "决定人：孙局长" in letter
    assert "2026年3月11日" in letter


# --- who sent the tip -------------------------------------------------------------------------------------------


def test_nothing_tells_who_sent_the_tip(tip: Tip, officer: User) -> None:
    data = made(tip, officer)

    everything = "".join(papers_of(data)).encode() + b"".join(files_of(data).values())
    receipt = tip.acknowledgement.receipt
    for secret in (NAME, PHONE, TOLD, WROTE, receipt, receipt.replace("-", ""), "胡师傅", "三号车间"):
        assert secret.encode() not in everything
    for paper in files_of(data).values():
        assert b"/Author" not in paper


# --- the same record, the same bytes ----------------------------------------------------------------------------


def test_the_same_record_gives_the_same_bytes(tip: Tip, officer: User, second: User) -> None:
    assert made(tip, officer) == made(tip, second, days=9)


def test_another_record_gives_other_bytes(tip: Tip, officer: User) -> None:
    before = made(tip, officer)
    dispose(tip=tip, officer=officer)

    assert made(tip, officer) != before


# --- the PDF itself ---------------------------------------------------------------------------------------------


def test_every_font_is_embedded_and_opens(tip: Tip, officer: User) -> None:
    for name, content in files_of(made(tip, officer)).items():
        if name.endswith(".pdf"):
            for data in embedded_fonts(content):
                assert data[:4] == b"\0\1\0\0"
                assert ImageFont.truetype(io.BytesIO(data), 20).getname() == ("Noto Sans SC", "Regular")


def embedded_fonts(content: bytes) -> list[bytes]:
    fonts = [
        font.get_object()
        for page in PdfReader(io.BytesIO(content)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]  # a PDF dictionary
    ]
    assert fonts
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    return [descriptor["/FontFile2"].get_data() for descriptor in descriptors]


def test_long_papers_go_over_several_pages_and_lose_nothing() -> None:
    sentences = [f"第{number}项：现场储存危险化学品。" for number in range(400)]
    rows = tuple((str(number), f"甲苯第{number}桶") for number in range(120))
    paper = sheet(
        Part(heading="事实", text="\n".join(sentences)), Part(rows=(("序号", "物品"), *rows), widths=(1, 5))
    )

    data = pdf_of(paper=paper, made=TODAY)

    text = pages(data)
    assert len(PdfReader(io.BytesIO(data)).pages) > 8
    assert all("".join(sentence.split()) in text for sentence in sentences[::40])
    assert "甲苯第119桶" in text


def sheet(*parts: Part) -> Paper:
    return Paper(
        title="移送书", reference="", parts=parts, unit="某单位", day="2026年3月10日", seal="（印章）"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("储存甲苯 20 桶，①型，5 ℃，㎡", "储存甲苯 20 桶，①型，5 ℃，㎡"),
        ("喆堃珺犇", "喆堃珺犇"),
        ("甲\n乙\t丙", "甲\n乙 丙"),
        ("Ⅲ级", "III级"),
        ("\U00020000某", "〓U+20000某"),
        ("😀", "〓U+1F600"),
    ],
)
def test_a_character_the_font_lacks_is_named_not_lost(text: str, expected: str) -> None:
    assert printable(text) == expected


def test_odd_words_make_a_paper_all_the_same() -> None:
    odd = "😀 **粗体** <b>x</b> {nb} % \\ \t" + "无空格" * 500

    text = pages(pdf_of(paper=sheet(Part(heading=odd, text=odd)), made=TODAY))

    assert "**粗体**<b>x</b>{nb}%\\" in text


# --- who may have it --------------------------------------------------------------------------------------------


def test_each_bundle_leaves_a_row_with_its_hash(tip: Tip, officer: User) -> None:
    data = made(tip, officer)

    [row] = AuditRow.objects.filter(action="tip.referral_bundle", subject=tip.number)
    assert row.actor == officer
    assert row.data["sha256"] == hashlib.sha256(data).hexdigest()
    assert row.data["files"] == len(files_of(data))


def test_who_may_not_have_it(tip: Tip, auditor: User, foreign_officer: User) -> None:
    with pytest.raises(NotAllowed):
        made(tip, auditor)
    with pytest.raises(TipNotFound):
        made(tip, foreign_officer)

    assert not AuditRow.objects.filter(action="tip.referral_bundle").exists()
    assert AuditRow.objects.filter(action="tip.refused").count() == 2


def test_there_is_none_without_a_referral(city: City, officer: User, leader: User) -> None:
    tip = TipFactory(district=YANTA, status=TipStatus.VERIFIED, officer=officer, leader=leader)

    with pytest.raises(IllegalMove):
        made(tip, officer)


def test_there_is_none_of_a_dropped_referral(tip: Tip, officer: User, leader: User) -> None:
    drop_referral(tip_id=tip.pk, actor=leader, at=noon(TODAY), memo="数额未达标准")

    with pytest.raises(IllegalMove):
        made(tip, officer)


def test_photos_of_merged_tips_are_in_it_under_their_number_alone(tip: Tip, officer: User) -> None:
    before = files_of(made(tip, officer))
    other = TipFactory(
        district=YANTA, photos=1, description="另一个人说的话", real_name=True, today=TODAY, officer=officer
    )
    Tip.objects.filter(pk=other.pk).update(merged_into=tip, status=TipStatus.MERGED)

    files = files_of(made(tip, officer))

    assert len(files) == len(before) + 1
    assert f"另一举报{other.number}" in papers_of(made(tip, officer))[4]
    assert "另一个人说的话" not in "".join(papers_of(made(tip, officer)))

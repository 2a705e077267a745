"""The printed file of a tip: each photo is tested as it is printed, and the paper says what is wrong."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.formats import date_format

from complaints.enums import Action
from complaints.models import Evidence, RoutingDecision, Tip
from complaints.services.evidence import evidence_storage
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TODAY, TipFactory, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
NO_COPY = "展示用照片缺失或损坏，无法打印。"
NO_ORIGINAL = "存储中找不到封存原件。"
ALTERED = "封存原件与此哈希值不符：已被改动或损坏。"
COUNTED = "1 张照片的存储文件缺失或被改动，见照片处说明。"


def removed(photo: Evidence, part: str) -> None:
    evidence_storage().delete(photo.path_of(part))


def altered(photo: Evidence, part: str) -> None:
    name, storage = photo.path_of(part), evidence_storage()
    with storage.open(name) as file:
        data = bytearray(file.read())
    data[-1] ^= 1
    storage.delete(name)
    storage.save(name, ContentFile(bytes(data)))


def printed(people: People, tip: Tip) -> BeautifulSoup:
    answer = at_desk(people.officer).get(f"/admin/tips/{tip.number}/file/")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_sound_photos_are_printed_without_a_word(people: People, tip: Tip) -> None:
    page = printed(people, tip)

    assert len(page.select(".photos img")) == 2
    assert not page.select(".photos b")
    assert "缺失" not in page.get_text()


@pytest.mark.parametrize(
    ("spoil", "part", "words", "pictures"),
    [
        (removed, "shown", NO_COPY, 1),
        (altered, "shown", NO_COPY, 1),
        (removed, "original", NO_ORIGINAL, 2),
        (altered, "original", ALTERED, 2),
    ],
)
def test_what_is_missing_or_altered_is_said_on_the_paper(
    people: People, tip: Tip, spoil: Callable[[Evidence, str], None], part: str, words: str, pictures: int
) -> None:
    spoil(tip.photos.order_by("position")[1], part)

    page = printed(people, tip)

    first, second = page.select(".photos figure")
    assert [one.get_text() for one in second.select("b")] == [words]
    assert not first.select("b")
    assert len(page.select(".photos img")) == pictures
    assert COUNTED in page.get_text()


def test_an_original_that_was_never_kept_is_not_missed(people: People, tip: Tip) -> None:
    tip.photos.update(vault_version=None, sealed_sha256="")
    for photo in tip.photos.all():
        removed(photo, "original")

    assert not printed(people, tip).select(".photos b")


def test_a_result_carries_the_local_days_of_proposal_and_signature(people: People, city: City) -> None:
    tip = TipFactory(status="verifying", district=YANTA, town=city.town_code, officer=people.officer)
    early = datetime.combine(TODAY + timedelta(days=1), time(0, 30), tzinfo=timezone.get_current_timezone())
    step(tip=tip, action=Action.CONCLUDE, actor=people.officer, at=early)
    step(tip=tip, action=Action.APPROVE_RESULT, actor=people.leader, at=early + timedelta(days=1))

    text = " ".join(printed(people, tip).get_text().split())

    proposed, signed = (date_format(TODAY + timedelta(days=n), "DATE_FORMAT") for n in (1, 2))
    assert f"周文 {signed}签发" in text
    assert proposed in text.partition("签发")[0].rpartition("结果")[2]


@pytest.mark.parametrize(
    ("reason", "rule", "words"),
    [
        ("rule", "涉及死亡", "分给雁塔区应急管理局：符合规则“涉及死亡”"),
        ("division", "", "分给雁塔区应急管理局："),
    ],
)
def test_why_a_tip_went_to_its_unit_is_told_on_page_and_paper(
    people: People, tip: Tip, city: City, reason: str, rule: str, words: str
) -> None:
    tip.routings.all().delete()
    RoutingDecision.objects.create(
        tip=tip, office=city.yanta, reason=reason, rule_name=rule, decided_date=tip.received_date
    )

    page = at_desk(people.officer).get(f"/admin/tips/{tip.number}/").content.decode()

    assert words in page
    assert words in printed(people, tip).get_text()

"""Photos: only through the checked door, clean, never stored on the way, each full look logged once a day."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image

from complaints.models import AuditRow, Evidence, Tip
from complaints.services.evidence import evidence_storage
from complaints.services.messages import write_to_officers
from complaints.services.receipts import open_receipt
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TODAY, TipFactory, jpeg, upload
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db


def url(photo: Evidence, part: str) -> str:
    return f"/admin/tips/photo/{photo.public_id}/{part}/"


def looks() -> list[tuple[str, str]]:
    rows = AuditRow.objects.filter(action="photo.view").order_by("sequence")
    return [(row.actor.username, row.subject) for row in rows]


@pytest.mark.parametrize("part", ["shown", "thumb"])
def test_photo_is_a_clean_jpeg_that_nobody_keeps(people: People, city: City, part: str) -> None:
    tip = TipFactory(district=YANTA, photos=[jpeg(maker="SECRETCAM")])

    answer = at_desk(people.officer).get(url(tip.photos.get(), part))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == "inline"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"SECRETCAM" not in answer.content
    assert Image.open(BytesIO(answer.content)).format == "JPEG"


@pytest.mark.parametrize("part", ["original", "SHOWN", "shown.jpg", "x"])
def test_no_other_part_can_be_fetched(people: People, tip: Tip, part: str) -> None:
    answer = at_desk(people.officer).get(url(tip.photos.first(), part))

    assert answer.status_code == 404


@pytest.mark.parametrize("who", ["foreign", "administrator", "editor"])
@pytest.mark.parametrize("part", ["shown", "thumb"])
def test_photo_of_another_unit_is_not_there(people: People, tip: Tip, who: str, part: str) -> None:
    client = at_desk(getattr(people, who))

    foreign = client.get(url(tip.photos.first(), part))
    unknown = client.get(f"/admin/tips/photo/{uuid4()}/{part}/")

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert looks() == []


def test_full_look_is_logged_once_per_person_photo_and_day(people: People, tip: Tip) -> None:
    first, second = tip.photos.all()
    officer, auditor = at_desk(people.officer), at_desk(people.auditor)

    for client, photo in ((officer, first), (officer, first), (officer, second), (auditor, first)):
        client.get(url(photo, "shown"))

    assert looks() == [
        ("zhaomin", str(first.public_id)), ("zhaomin", str(second.public_id)), ("shenji", str(first.public_id)),
    ]  # fmt: skip


def test_range_requests_make_no_further_rows(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)

    for start in (0, 100, 200):
        client.get(url(tip.photos.first(), "shown"), headers={"Range": f"bytes={start}-{start + 99}"})

    assert len(looks()) == 1


def test_thumbnails_are_not_logged(people: People, tip: Tip) -> None:
    at_desk(people.officer).get(url(tip.photos.first(), "thumb"))

    assert looks() == []


@pytest.mark.parametrize("part", ["shown", "thumb"])
@pytest.mark.parametrize("content", [None, b"", b"noise" * 100])
def test_photo_whose_file_is_gone_or_damaged_is_named_and_logged_once(
    people: People, tip: Tip, part: str, content: bytes | None
) -> None:
    photo = tip.photos.first()
    evidence_storage().delete(photo.path_of(part))
    if content is not None:
        evidence_storage().save(photo.path_of(part), ContentFile(content))

    answers = [at_desk(people.officer).get(url(photo, part)) for _ in range(2)]

    assert {(answer.status_code, answer["Content-Type"]) for answer in answers} == {
        (404, "text/plain; charset=utf-8")
    }
    assert f"随举报发来的第 1 张照片（{photo.public_id.hex[:8]}）" in answers[0].content.decode()
    logged = AuditRow.objects.get(action="photo.unreadable")
    assert (logged.actor, logged.subject, logged.data) == (
        people.officer,
        str(photo.public_id),
        {"tip": tip.number},
    )
    assert looks() == []


def test_page_of_a_tip_and_its_file_stand_without_the_photo(people: People, tip: Tip) -> None:
    for part in ("shown", "thumb"):
        evidence_storage().delete(tip.photos.first().path_of(part))
    client = at_desk(people.officer)

    answers = [client.get(f"/admin/tips/{tip.number}/{page}") for page in ("", "file/")]

    assert [answer.status_code for answer in answers] == [200, 200]


def test_look_shows_in_the_excerpt_of_its_tip(people: People, tip: Tip) -> None:
    at_desk(people.officer).get(url(tip.photos.first(), "shown"))

    page = at_desk(people.leader).get(f"/admin/tips/{tip.number}/").context["page"]

    assert ("查看照片", "赵敏") in [(entry.title, entry.who) for entry in page.audit]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_photos_are_only_looked_at(people: People, tip: Tip, method: str) -> None:
    answer = getattr(at_desk(people.officer), method)(url(tip.photos.first(), "shown"))

    assert answer.status_code == 405


def test_signed_out_visitors_are_led_to_sign_in(tip: Tip, client) -> None:
    answer = client.get(url(tip.photos.first(), "shown"))

    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("count", [1, 2])
def test_single_photo_has_no_arrows(people: People, city: City, count: int) -> None:
    tip = TipFactory(district=YANTA, photos=count)

    text = at_desk(people.officer).get(f"/admin/tips/{tip.number}/").content.decode()

    assert (">上一张</button>" in text, ">下一张</button>" in text) == (count > 1, count > 1)


def send_photo(tip: Tip) -> None:
    write_to_officers(
        access=open_receipt(typed=tip.acknowledgement.receipt),
        text="再补一张",
        uploads=[upload(jpeg(shade=7))],
        today=TODAY,
        vault_fingerprint=settings.VAULT_FINGERPRINT,
    )


@pytest.mark.parametrize(("count", "badge"), [(0, []), (1, []), (2, ["2"])])
def test_inbox_counts_the_photos_of_the_tip_not_those_of_messages(
    people: People, city: City, count: int, badge: list[str]
) -> None:
    tip = TipFactory(district=YANTA, photos=count)
    send_photo(tip)

    text = at_desk(people.officer).get("/admin/tips/").content.decode()

    assert re.findall(r"<i title=[^>]*>(\d+)</i>", text) == badge
    assert ("/thumb/" in text) is bool(count)

"""After publication nothing holds what was covered: bytes of the database, media, pages, feeds, the API."""

from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import Comment, PageLogEntry, Revision, TaskState

from cases_public.models import CasePage
from cases_public.services.answers import confirm_picture
from home.services.covering import cover
from portal.shared.covering import Box
from tests import database_bytes
from tests.cases_public.chain_steps import People, act, case, newest, people, picture, publish, send_in
from tests.home.conftest import media_root

__all__ = ["media_root"]

NAMES = ("欧阳建国", "13991234567", "陕A12345", "西安秦岳化工有限公司")


def planted(who: People) -> CasePage:
    """Return a published case into whose drafts, comments and history names, numbers and a plate were written."""
    dirty = f"负责人{NAMES[0]}（电话{NAMES[1]}）驾驶{NAMES[2]}到{NAMES[3]}"
    page = case(
        who.editor, title=f"{NAMES[3]}未落实监护案", lead=dirty, lesson=dirty, slug=f"case-{NAMES[1]}"
    )
    Comment.objects.create(
        page=page,
        user=who.editor,
        text=f"{dirty}？",
        contentpath="lead",
        revision_created=page.latest_revision,
    )
    page = newest(page)
    page.save_revision(user=who.editor)
    page = act(send_in(newest(page), who.editor), who.leader)
    page = act(page, who.legal, "reject", comment=f"请隐去{NAMES[0]}")
    page.title, page.lead, page.lesson, page.slug = (
        "某化工公司未落实监护案",
        "未落实监护。",
        "引以为戒。",
        "covered",
    )
    page.save()
    page.save_revision(user=who.editor)
    return publish(newest(page), who)


@pytest.mark.django_db
def test_no_byte_of_the_database_holds_what_was_covered() -> None:
    page = planted(people())

    assert page.live
    dumped = database_bytes.dumped()
    assert [name for name in NAMES if name.encode() in dumped] == []
    assert [name for name in NAMES if name.encode("unicode_escape") in dumped] == []


@pytest.mark.django_db
def test_guard_of_this_file_finds_the_names_before() -> None:
    who = people()
    case(who.editor, lead=f"负责人{NAMES[0]}", slug="x")

    assert NAMES[0].encode() in database_bytes.dumped()


@pytest.mark.django_db(transaction=True)
def test_no_file_of_the_database_holds_what_was_covered() -> None:
    planted(people())

    held = database_bytes.files()
    assert [name for name in NAMES if name.encode() in held] == []


@pytest.mark.django_db
def test_one_version_stays_and_says_who_did_what() -> None:
    who = people()
    page = planted(who)

    assert list(Revision.objects.for_instance(page).values_list("pk", flat=True)) == [page.live_revision_id]
    assert page.latest_revision_id == page.live_revision_id
    assert not Comment.objects.exists()
    approved = TaskState.objects.filter(status=TaskState.STATUS_APPROVED).values_list(
        "finished_by", flat=True
    )
    assert {person.pk for person in who.reviewers} == set(approved)
    actions = set(PageLogEntry.objects.filter(page_id=page.pk).values_list("action", flat=True))
    assert {"wagtail.publish", "wagtail.workflow.approve", "wagtail.workflow.reject"} <= actions


@pytest.mark.django_db
def test_letters_say_that_something_waits_and_not_what(mailoutbox: list[EmailMessage]) -> None:
    who = people()
    for person in (who.editor, *who.reviewers):
        person.email = f"{person.username}@example.org"
        person.save()

    planted(who)

    assert mailoutbox
    for letter in mailoutbox:
        told = letter.subject + str(letter.message()) + letter.body
        assert [name for name in (*NAMES, "某化工公司") if name in told] == []
        assert "案例" in letter.subject


@pytest.mark.django_db
def test_editing_goes_on_after_publication() -> None:
    who = people()
    page = newest(planted(who))
    page.correction_note = "罚款金额更正。"
    page.save_revision(user=who.editor)

    page = publish(newest(page), who)

    assert page.correction_date == timezone.localdate()
    assert page.correction_note == "罚款金额更正。"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/cases/", "/cases/covered/", "/cases/feed.xml", "/api/v1/cases", "/sitemap.xml"]
)
def test_no_public_door_tells(path: str, client: Client) -> None:
    planted(people())

    answer = client.get(path)

    told = answer.content.decode("unicode_escape" if "json" in answer.headers["Content-Type"] else "utf-8")
    assert [name for name in NAMES if name in told] == []
    assert answer.status_code == 200
    assert "某化工公司" in told or path == "/sitemap.xml"


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_search_finds_nothing_by_what_was_covered(name: str, client: Client) -> None:
    planted(people())

    assert client.get("/api/v1/cases", {"q": name}).json()["count"] == 0


@pytest.mark.django_db
def test_no_file_of_the_media_holds_the_covered_picture(
    media_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    who = people()
    shown = picture()
    shown.get_rendition("width-100")
    before = {path: path.read_bytes() for path in media_root.rglob("*") if path.is_file()}
    page = send_in(case(who.editor, picture=shown, picture_alt="冲床"), who.editor)
    page = act(act(page, who.leader), who.legal)

    with django_capture_on_commit_callbacks(execute=True):
        cover(picture_id=shown.pk, boxes=[Box(left=0, top=0, right=320, bottom=240)])
        confirm_picture(page=newest(page), picture_id=shown.pk, user=who.secrecy, at=timezone.now())
        act(act(page, who.secrecy), who.publisher)
    Client().get(page.url)

    for path in media_root.rglob("*"):
        if path.is_file():
            assert path not in before
            with Image.open(path) as image:
                assert image.convert("L").getextrema()[0] == image.convert("L").getextrema()[1]

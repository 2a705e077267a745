"""Liaison points and visits: counted against the year, told without a name, signed in by post."""

import io
import re
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.enums import Post
from home.liaison_figures import POINTS_PER_PAGE, VISITS_PER_PAGE, sums, with_visits
from home.models import HelpVisit, LiaisonPage, LiaisonPoint, OutreachIndexPage, SitePicture, VisitSign
from home.models.pictures import cleaned
from home.services.visits import SignedIn, record_visit
from tests.home.factories import CAMERA, camera_jpeg
from tests.home.outreach_parts import DAY, add_liaison_page, add_point, add_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(outreach: OutreachIndexPage) -> LiaisonPage:
    """Return the published page."""
    return add_liaison_page()


def read(client: Client, query: str = "") -> str:
    """Return the page as text."""
    response = client.get(f"/outreach/liaison/{query}")
    assert response.status_code == 200
    return response.content.decode()


def this_year(month: int = 1, day: int = 1) -> date:
    """Return a day of this year that has been."""
    return min(date(timezone.localdate().year, month, day), timezone.localdate())


# --- figures ----------------------------------------------------------------------------------------------------


def test_visits_are_counted_by_year_and_by_what_is_shown() -> None:
    point = add_point()
    add_visit(point, day=date(2025, 12, 31))
    add_visit(point, day=date(2026, 1, 1))
    add_visit(point, day=date(2026, 2, 1), is_shown=False)

    def counted(year: int, *, shown_only: bool) -> int:
        rows = with_visits(points=LiaisonPoint.objects.all(), year=year, shown_only=shown_only)
        return int(rows.get().visits_done)

    assert [
        counted(2025, shown_only=True),
        counted(2026, shown_only=True),
        counted(2026, shown_only=False),
    ] == [1, 1, 2]


def test_posts_of_a_visit_do_not_count_it_twice() -> None:
    point = add_point()
    add_visit(point, people={Post.WORKER: 5, Post.FOREMAN: 2, Post.SAFETY: 1})
    add_visit(point, people={Post.WORKER: 4})

    found = sums(points=LiaisonPoint.objects.all(), visits=HelpVisit.objects.all(), year=2026)

    assert (found.points, found.visits, found.people) == (1, 2, 12)


def test_sums_of_a_year_without_visits() -> None:
    found = sums(points=LiaisonPoint.objects.all(), visits=HelpVisit.objects.all(), year=2026)

    assert (found.points, found.visits, found.people) == (0, 0, 0)


# --- signing in -------------------------------------------------------------------------------------------------


def entered(**values: object) -> SignedIn:
    """Return what an officer enters."""
    facts = {
        "point": add_point(),
        "day": DAY,
        "topic": "演练",
        "outcome": "改了五处。",
        "officers": 2,
        "people": {Post.WORKER: 3, Post.HEAD: 0},
        **values,
    }
    return SignedIn(**facts)  # type: ignore[arg-type]  # a table of values


def test_visit_waits_for_an_editor() -> None:
    officer = User.objects.create_user("officer")

    visit = record_visit(entered=entered(), entered_by=officer)

    assert (visit.is_shown, visit.entered_by) == (False, officer)
    assert list(visit.signs.values_list("post", "count")) == [("worker", 3)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"people": {}}, "没有人签到"),
        ({"people": {Post.WORKER: 0}}, "没有人签到"),
        ({"day": date(2999, 1, 1)}, "还没有到"),
        ({"topic": ""}, "必填"),
        ({"officers": 0}, "1"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        record_visit(entered=entered(**change), entered_by=None)

    assert any(words in text for text in refused.value.messages) or words == "必填"
    assert not HelpVisit.objects.exists()
    assert not VisitSign.objects.exists()


def test_photos_are_clean_and_need_words() -> None:
    photo = cleaned(io.BytesIO(camera_jpeg()))  # type: ignore[arg-type]  # reads like a file

    visit = record_visit(entered=entered(photos=[photo], photo_words="阀门上的新牌子"), entered_by=None)

    shot = visit.pictures.get()
    assert shot.alt == "阀门上的新牌子"
    assert CAMERA.encode() not in shot.picture.file.read()
    with pytest.raises(ValidationError):
        record_visit(entered=entered(photos=[photo], photo_words=" "), entered_by=None)
    assert SitePicture.objects.count() == 1


def test_point_with_visits_is_not_deleted() -> None:
    point = add_point()
    add_visit(point)

    with pytest.raises(ProtectedError):
        point.delete()


def test_person_who_leaves_takes_nothing_along() -> None:
    officer = User.objects.create_user("officer")
    point = add_point(officer=officer)
    visit = record_visit(entered=entered(point=point), entered_by=officer)

    officer.delete()

    point.refresh_from_db()
    visit.refresh_from_db()
    assert (point.officer, visit.entered_by) == (None, None)


# --- the page ---------------------------------------------------------------------------------------------------


def test_empty_page_says_so(client: Client, page: LiaisonPage) -> None:
    assert read(client).count("这里还没有发布内容。") == 2


def test_public_list_names_nobody(client: Client, page: LiaisonPage) -> None:
    officer = User.objects.create_user("wangwei", first_name="王伟", last_name="")
    point = add_point(enterprise="西安某冷库公司", officer=officer)
    record_visit(entered=entered(point=point), entered_by=officer)
    HelpVisit.objects.update(is_shown=True)

    html = read(client)

    assert "西安某冷库公司" in html
    assert 'href="tel:029-12345678"' in html
    for mark in ("王伟", "wangwei", "同志"):
        assert mark not in html


def test_surname_is_shown_only_when_the_bureau_says_so(client: Client, page: LiaisonPage) -> None:
    add_point(surname="王")

    assert "王同志" in read(client)


def test_visits_are_counted_against_the_year(client: Client, page: LiaisonPage) -> None:
    lazy, busy = add_point(district="甲区"), add_point(district="乙区")
    add_visit(lazy, day=this_year())
    for _ in range(3):
        add_visit(busy, day=this_year())

    html = read(client)

    assert re.findall(r"(\d) / 3 次", html) == ["3", "1"]
    assert html.count('<span class="tag ok">已达到</span>') == 1


def test_visit_shows_posts_and_what_was_done(client: Client, page: LiaisonPage) -> None:
    add_visit(add_point(), people={Post.WORKER: 12, Post.CONTRACTOR: 4})

    html = read(client)

    assert "16 人参加" in html
    assert "<li>一线员工 12</li><li>外包施工人员 4</li>" in html
    assert "演练后改了五处。" in html


def test_what_no_editor_has_shown_is_not_shown(client: Client, page: LiaisonPage) -> None:
    point = add_point(is_shown=False, enterprise="没有公开的公司")
    add_visit(point, is_shown=False, topic="没有公开的主题")

    html = read(client)

    assert "没有公开的公司" not in html
    assert "没有公开的主题" not in html


def test_filter_by_district(client: Client, page: LiaisonPage) -> None:
    add_point(district="甲区", enterprise="甲公司")
    add_point(district="乙区", enterprise="乙公司")

    html = read(client, "?district=甲区")

    assert ("甲公司" in html, "乙公司" in html) == (True, False)
    assert "乙公司" in read(client, "?district=没有")


def test_points_and_visits_are_paged_apart(client: Client, page: LiaisonPage) -> None:
    points = [add_point(district="甲区") for _ in range(POINTS_PER_PAGE + 1)]
    for _ in range(VISITS_PER_PAGE + 1):
        add_visit(points[0])

    html, second = read(client), read(client, "?page=2&visits=2")

    assert (html.count("tel:029"), second.count("tel:029")) == (POINTS_PER_PAGE, 1)
    assert (html.count("人参加"), second.count("人参加")) == (VISITS_PER_PAGE, 1)
    assert 'href="?page=2"' in html
    assert 'href="?visits=2"' in html


def test_queries_do_not_grow(client: Client, page: LiaisonPage) -> None:
    add_visit(add_point())
    read(client)
    with CaptureQueriesContext(connection) as few:
        read(client)
    for _ in range(8):
        add_visit(add_point())
    with CaptureQueriesContext(connection) as many:
        read(client)

    assert len(few) == len(many) <= 18


def test_typed_markup_is_shown_not_obeyed(client: Client, page: LiaisonPage) -> None:
    attack = "<script>alert(1)</script>"
    point = add_point(enterprise=attack, unit=attack, surname="<b>")
    add_visit(point, topic=attack, outcome=attack)

    html = read(client)

    assert attack not in html
    assert "&lt;b&gt;同志" in html

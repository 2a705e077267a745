"""The pages of the review: draw, assign, read, score, answer and close, each by the person it is for alone."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.enums import ReviewState, Role
from complaints.models import AuditRow, FileFinding, FileSample, SampledFile
from complaints.rules.sampling import Size
from complaints.rules.spans import SpanKind, span_around
from complaints.services import file_review as services
from tests.complaints.staff.conftest import People, at_desk
from tests.complaints.stats.rows import conclude, tips
from tests.fixtures import City
from tests.signin import staff

pytestmark = pytest.mark.django_db
HOME = "/admin/reviews/"


@pytest.fixture
def boss(city: City) -> User:
    """Return who leads the city."""
    return staff(Role.LEADER, office=city.city, username="juzhang", first_name="高局")


def quarter() -> Any:
    return span_around(day=timezone.localdate(), kind=SpanKind.QUARTER).before


def work(city: City, many: int = 6) -> None:
    day = quarter().start
    for unit in (city.yanta, city.lianhu):
        conclude(tips(many, unit=unit, day=day), started=day, days=5)


def drawn(city: City, boss: User, **values: Any) -> FileSample:
    work(city)
    return services.draw_sample(
        **{
            "span": quarter(), "office_id": city.city.pk, "units": [city.yanta.pk], "size": Size(per_unit=2),
            "actor": boss, "at": timezone.now(), **values,
        }
    )  # fmt: skip


def assigned(city: City, boss: User, reviewer: User) -> SampledFile:
    row = drawn(city, boss).files.earliest("place")
    services.assign(public_id=row.public_id, reviewer_id=reviewer.pk, actor=boss, at=timezone.now())
    return row


def url(row: SampledFile, tail: str = "") -> str:
    return f"{HOME}file/{row.public_id}/{tail}"


def send(user: User, row: SampledFile, **values: Any) -> HttpResponse:
    answer: HttpResponse = at_desk(user).post(url(row), values)
    return answer


def text(user: User, address: str) -> str:
    answer = at_desk(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- drawing ----------------------------------------------------------------------------------------------------


def test_a_leader_draws_and_the_seed_is_shown_and_holds(city: City, boss: User) -> None:
    work(city)
    sent = {
        "period": quarter().code,
        "office": city.city.pk,
        "units": [city.yanta.pk, city.lianhu.pk],
        "percent": "50",
    }

    answer = at_desk(boss).post(HOME, sent)

    sample = FileSample.objects.get()
    assert answer.headers["Location"] == f"{HOME}sample/{sample.public_id}/"
    page = text(boss, answer.headers["Location"])
    assert f'<dd class="as-seed">{sample.seed}</dd>' in page
    assert len(re.findall(r'<th scope="row"><a href="/admin/reviews/file/', page)) == 6
    assert "用同一种子重抽：案卷相同" in text(boss, answer.headers["Location"] + "?check=1")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"per_unit": "1"}, "二者选一"),
        ({"percent": ""}, "二者选一"),
        ({"percent": "101"}, "100"),
        ({"percent": "x"}, "输入整数"),
        ({"period": "2199"}, "2199"),
        ({"office": "999"}, "999"),
        ({"units": []}, "必需字段"),
    ],
)
def test_a_drawing_that_cannot_be_says_why(city: City, boss: User, wrong: dict[str, Any], words: str) -> None:
    work(city)
    sent = {"period": quarter().code, "office": city.city.pk, "units": [city.yanta.pk], "percent": "50"}

    answer = at_desk(boss).post(HOME, {**sent, **wrong})

    assert answer.status_code == 422
    assert not FileSample.objects.exists()
    errors = " ".join(re.findall(r'error-message">([^<]*)<', answer.content.decode()))
    assert words in errors


def test_who_leads_nothing_has_no_form_and_cannot_draw(city: City, people: People, boss: User) -> None:
    work(city)
    sent = {"period": quarter().code, "office": city.yanta.pk, "units": [city.yanta.pk], "percent": "50"}

    assert 'name="percent"' in text(boss, HOME)
    for person in (people.officer, people.auditor):
        assert 'name="percent"' not in text(person, HOME)
        assert at_desk(person).post(HOME, sent).status_code == 404
    assert at_desk(people.leader).post(HOME, {**sent, "units": [city.lianhu.pk]}).status_code == 422


# --- the way of a file ------------------------------------------------------------------------------------------


def test_the_whole_way(city: City, people: People, boss: User) -> None:
    row = drawn(city, boss).files.earliest("place")
    reviewer, officer = people.foreign, people.officer
    assert f'<option value="{reviewer.pk}">' in text(boss, url(row))
    assert f'<option value="{officer.pk}">' not in text(boss, url(row))

    assert send(boss, row, act="assign", reviewer=reviewer.pk).status_code == 302
    assert "查阅案卷" in text(reviewer, url(row))
    assert row.tip is not None
    assert row.tip.number in text(reviewer, url(row, "read/"))
    sent = {
        "minus-evidence": "8",
        "words-evidence": "照片与笔录不一致",
        "fix-evidence": "on",
        "minus-reply": "",
    }
    assert send(reviewer, row, act="score", **sent).status_code == 302
    finding = FileFinding.objects.get()
    assert "照片与笔录不一致" in text(officer, HOME + "?") or "照片与笔录不一致" in text(officer, url(row))
    assert send(officer, row, act="answer", **{f"answer-{finding.pk}": "已补正"}).status_code == 302
    assert "已补正" in text(reviewer, url(row))
    assert send(reviewer, row, act="close").status_code == 302

    row.refresh_from_db()
    assert (row.state, row.points) == (ReviewState.DONE, 92)
    assert at_desk(reviewer).get(url(row, "read/")).status_code == 404
    assert "92 / 100" in text(boss, f"{HOME}sample/{row.sample.public_id}/")


def test_what_was_typed_is_there_after_a_refusal(city: City, people: People, boss: User) -> None:
    row = assigned(city, boss, people.foreign)

    answer = send(people.foreign, row, act="score", **{"minus-evidence": "21", "words-evidence": "写了很久"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "扣分应在零分与该项分值之间" in page
    assert "写了很久" in page
    assert 'value="21"' in page


@pytest.mark.parametrize("minus", ["x", "-1", "1.5", "１", "99999999999"])
def test_points_that_are_no_number_are_refused(city: City, people: People, boss: User, minus: str) -> None:
    row = assigned(city, boss, people.foreign)

    answer = send(people.foreign, row, act="score", **{"minus-evidence": minus, "words-evidence": "x"})

    assert answer.status_code == 409
    assert not FileFinding.objects.exists()


@pytest.mark.parametrize(("act", "status"), [("nothing", 422), ("", 422), ("close", 409), ("assign", 400)])
def test_acts_that_are_not_there_or_not_now(
    city: City, people: People, boss: User, act: str, status: int
) -> None:
    row = assigned(city, boss, people.foreign)

    answer = send(people.foreign, row, act=act, reviewer="9" * 30)

    row.refresh_from_db()
    assert answer.status_code == status or answer.status_code in {400, 403}
    assert row.state == ReviewState.ASSIGNED


def test_what_belongs_to_others_is_not_there(city: City, people: People, boss: User) -> None:
    row = assigned(city, boss, people.foreign)
    stranger = staff(Role.OFFICER, office=city.lianhu, username="luren")

    for person in (stranger, people.administrator, people.editor):
        for address in (url(row), url(row, "read/"), f"{HOME}sample/{row.sample.public_id}/"):
            assert at_desk(person).get(address).status_code == 404
        assert send(person, row, act="score").status_code in {302, 404}
    for person in (people.officer, people.foreign):
        assert at_desk(person).get(f"{HOME}sample/{row.sample.public_id}/").status_code == 404
    for person in (people.officer, boss, people.auditor):
        assert at_desk(person).get(url(row, "read/")).status_code == 404
    row.refresh_from_db()
    assert row.state == ReviewState.ASSIGNED


def test_the_grant_opens_neither_the_tip_nor_its_photos(city: City, people: People, boss: User) -> None:
    row = assigned(city, boss, people.foreign)
    assert row.tip is not None
    text(people.foreign, url(row, "read/"))

    assert at_desk(people.foreign).get(f"/admin/tips/{row.tip.number}/").status_code == 404
    assert (
        AuditRow.objects.filter(action="review.file", actor=people.foreign, subject=row.tip.number).count()
        == 1
    )


def test_no_page_of_the_review_is_kept(city: City, people: People, boss: User) -> None:
    row = assigned(city, boss, people.foreign)

    for address in (HOME, url(row), url(row, "read/"), HOME + "results/"):
        assert "no-store" in at_desk(people.foreign).get(address).headers["Cache-Control"]


def test_results_of_a_year_within_reach(city: City, people: People, boss: User) -> None:
    row = assigned(city, boss, people.foreign)
    services.score(public_id=row.public_id, found={}, actor=people.foreign, at=timezone.now())
    year = row.sample.span_code[:4]

    assert "100.0" in text(boss, f"{HOME}results/?year={year}")
    assert "雁塔区应急管理局" in text(people.officer, f"{HOME}results/?year={year}")
    assert "没有抽到案卷" in text(people.foreign, f"{HOME}results/?year={year}")
    assert "没有抽到案卷" in text(people.officer, f"{HOME}results/?year=1999")
    assert at_desk(boss).get(f"{HOME}results/?year=x").status_code == 404


def test_a_destroyed_tip_is_told_as_such(city: City, people: People, boss: User) -> None:
    row = assigned(city, boss, people.foreign)
    assert row.tip is not None
    row.tip.delete()

    assert "已销毁" in text(boss, url(row))
    assert "已销毁" in text(people.foreign, HOME)
    assert at_desk(people.foreign).get(url(row, "read/")).status_code == 404


def test_pages_cost_no_more_with_more_files(city: City, people: People, boss: User) -> None:
    client, costs = at_desk(boss), []
    for many in (2, 6):
        sample = drawn(city, boss, size=Size(per_unit=many))
        for address in (HOME, f"{HOME}sample/{sample.public_id}/"):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            costs.append(len(asked))

    assert costs[:2] == costs[2:]
    assert max(costs) <= 30

"""Whistles on the first page: who waits for whom in words, figures, nothing of other districts, a fixed cost."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.models import Tip, Whistle
from complaints.services.whistles import answer_whistle, whistle
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TipFactory
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
HOME = "/admin/"


def whistled(people: People, city: City, *, hours_ago: int = 0) -> Tip:
    today = timezone.localdate() - timedelta(days=3)
    tip = TipFactory(accepted=True, district=YANTA, town=city.town_code, today=today)
    at = timezone.now() - timedelta(hours=hours_ago)
    whistle(tip_id=tip.pk, actor=people.town_officer, at=at, memo="请区局到场")
    return tip


def text(user: User) -> str:
    return at_desk(user).get(HOME).content.decode()


def test_the_district_reads_who_waits_for_it(people: People, city: City) -> None:
    tip = whistled(people, city)
    due = timezone.now() + timedelta(hours=2, minutes=30)
    Whistle.objects.update(answer_by=due)

    page = text(people.officer)

    assert "街道应急办吹哨，等待雁塔区应急管理局报到" in page
    assert f'<a href="/admin/tips/{tip.number}/">' in page
    assert "还剩 2 小时" in page
    assert "请区局到场" in page


def test_late_is_said(people: People, city: City) -> None:
    whistled(people, city)
    Whistle.objects.update(answer_by=timezone.now() - timedelta(hours=5, minutes=10))

    assert 'as-chip--bad">超时 5 小时' in text(people.leader)


def test_on_its_way(people: People, city: City) -> None:
    tip = whistled(people, city)
    answer_whistle(tip_id=tip.pk, actor=people.officer, at=timezone.now())

    page = text(people.town_officer)
    assert "街道应急办吹哨，等待雁塔区应急管理局到场" in page
    assert "已应答，待到场" in page


def test_figures_of_the_own_units(people: People, city: City) -> None:
    tip = whistled(people, city, hours_ago=6)
    whistled(people, city)
    answer_whistle(tip_id=tip.pk, actor=people.officer, at=timezone.now())

    panel = _figures(people.officer)

    assert panel["吹哨总数"] == "2"
    assert panel["按时应答"] == "1 / 1 (100 %)"
    assert panel["应答用时中位数"] == "6 小时"
    assert panel["到场用时中位数"] == "—"


def test_a_quick_answer_is_told_in_minutes(people: People, city: City) -> None:
    tip = whistled(people, city)
    answer_whistle(tip_id=tip.pk, actor=people.officer, at=timezone.now() + timedelta(minutes=12))

    assert "分钟" in _figures(people.officer)["应答用时中位数"]


def _figures(user: User) -> dict[str, str]:
    panels = at_desk(user).get(HOME).context["panels"]
    panel = next(one for one in panels if one.name == "whistles")
    request = type("Request", (), {"user": User.objects.get(pk=user.pk)})
    return dict(panel.get_context_data({"request": request})["figures"])


def test_other_districts_see_nothing(people: People, city: City) -> None:
    tip = whistled(people, city)

    page = text(people.foreign)

    assert tip.number not in page
    assert "街道应急办吹哨" not in page
    assert set(_figures(people.foreign).values()) == {"0", "—"}


def test_the_panel_costs_the_same_for_many(people: People, city: City) -> None:
    def queries() -> int:
        client = at_desk(people.officer)
        with CaptureQueriesContext(connection) as counted:
            client.get(HOME)
        return len([one for one in counted if '"complaints_whistle"' in one["sql"]])

    TipFactory(district=YANTA)
    none = queries()
    for _ in range(2):
        tip = whistled(people, city, hours_ago=2)
    answer_whistle(tip_id=tip.pk, actor=people.officer, at=timezone.now())
    few = queries()
    for _ in range(6):
        whistled(people, city)

    assert queries() == few == none <= 5


def test_people_without_tips_have_no_panel(people: People) -> None:
    panels = at_desk(people.editor).get(HOME).context["panels"]

    assert [panel for panel in panels if panel.name == "whistles"] == []

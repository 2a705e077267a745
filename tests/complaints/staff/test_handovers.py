"""The page on which a leader hands a person's open tips to a colleague."""

import pytest
from django.contrib.auth.models import User

from complaints.models import Tip
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import tip_of
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
PAGE = "/admin/hand-over/"


@pytest.fixture
def held(city: City, people: People) -> list[Tip]:
    return [tip_of(people.officer, district=YANTA) for _ in range(2)]


def send(people: People, city: City, *, holder: User, taker: User, memo: str = "休假"):
    values = {"holder": f"{holder.pk}-{city.yanta.pk}", "taker": str(taker.pk), "memo": memo}
    return at_desk(people.leader).post(PAGE, values, follow=True)


def test_a_leader_hands_over_in_one_page(city: City, people: People, held: list[Tip]) -> None:
    page = at_desk(people.leader).get(PAGE)
    answer = send(people, city, holder=people.officer, taker=people.colleague)

    assert "赵敏（2 件未结）" in page.content.decode()
    assert "已移交 2 件" in answer.content.decode()
    assert Tip.objects.filter(handler=people.colleague).count() == 2


def test_the_same_person_is_no_colleague(city: City, people: People, held: list[Tip]) -> None:
    answer = send(people, city, holder=people.officer, taker=people.officer)

    assert "请选一位同事" in answer.content.decode()
    assert Tip.objects.filter(handler=people.officer).count() == 2


def test_a_reason_is_needed(city: City, people: People, held: list[Tip]) -> None:
    send(people, city, holder=people.officer, taker=people.colleague, memo=" ")

    assert Tip.objects.filter(handler=people.officer).count() == 2


@pytest.mark.parametrize("who", ["officer", "auditor", "administrator", "editor"])
def test_for_others_the_page_is_not_there(people: People, held: list[Tip], who: str) -> None:
    desk = at_desk(getattr(people, who))

    assert desk.get(PAGE).status_code == 404
    assert PAGE not in desk.get("/admin/").content.decode()


def test_somebody_outside_the_list_is_refused(city: City, people: People, held: list[Tip]) -> None:
    send(people, city, holder=people.officer, taker=people.foreign)

    assert not Tip.objects.filter(handler=people.foreign).exists()


def test_closing_an_account_says_what_is_left_in_its_hands(people: People, held: list[Tip]) -> None:
    values = {
        "username": people.officer.username,
        "first_name": "赵敏",
        "email": "",
        "password1": "",
        "password2": "",
    }

    answer = at_desk(people.administrator).post(
        f"/admin/users/edit/{people.officer.pk}/", values, follow=True
    )

    assert "还有 2 件未结举报" in answer.content.decode()

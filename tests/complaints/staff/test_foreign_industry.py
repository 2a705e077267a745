"""A tip of another body's industry at the desk: marked, first, passed on with one click and one more to confirm."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from complaints.enums import Action, TipStatus
from complaints.models import CompetentBody, Tip, Transfer
from complaints.selectors.inbox import Tab, inbox_counts
from complaints.services.daily import run_daily
from complaints.services.reporter import progress_for_receipt
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TipFactory, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
MARK = "不归本部门，待移送"


@pytest.fixture
def housing(db: None) -> CompetentBody:
    """Return who answers for building work."""
    return CompetentBody.objects.create(industry="construction", name="市住房和城乡建设局", phone="029-12345")


@pytest.fixture
def foreign(people: People, housing: CompetentBody) -> Tip:
    """Return a tip of today about building work."""
    tip: Tip = TipFactory(district=YANTA, industry="construction", today=timezone.localdate())
    return tip


def shown(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "html.parser")


def url(tip: Tip) -> str:
    return f"/admin/tips/{tip.number}/"


def typed_in(page: BeautifulSoup) -> dict[str, str]:
    """Return the form of the transfer as it stands, as a browser would send it."""
    form = page.select_one("#step-transfer_out form")
    assert form is not None
    fields = {field["name"]: str(field.get("value", field.get_text())) for field in form.select("[name]")}
    return {name: value.lstrip("\n") for name, value in fields.items() if name != "csrfmiddlewaretoken"}


def test_it_is_marked_wherever_it_is_seen(people: People, foreign: Tip) -> None:
    client = at_desk(people.officer)

    places = [shown(client, address).get_text() for address in (url(foreign), "/admin/tips/", "/admin/")]

    assert all(MARK in text for text in places)


def test_it_stands_behind_what_is_overdue_alone_and_in_a_tab_of_its_own(people: People, foreign: Tip) -> None:
    today = timezone.localdate()
    for _ in range(8):
        TipFactory(district=YANTA, today=today)
    late = TipFactory(district=YANTA, today=today - timedelta(days=30))
    client = at_desk(people.officer)

    first, second = shown(client, "/admin/").select(".as-first tbody tr")[:2]
    listed = shown(client, "/admin/tips/view/pass-on/")

    assert late.number in first.get_text()
    assert foreign.number in second.get_text()
    assert inbox_counts(user=people.officer, now=timezone.now(), tabs=[Tab.FOREIGN])[Tab.FOREIGN].number == 1
    assert [code.get_text() for code in listed.select("table code")] == [foreign.number]


def test_the_tab_is_there_only_while_something_waits(people: People, foreign: Tip) -> None:
    client = at_desk(people.officer)
    before = shown(client, "/admin/tips/").get_text()

    step(tip=foreign, action=Action.ACCEPT, actor=people.officer, at=timezone.now())

    assert "待移送" in before
    assert "待移送" not in shown(client, "/admin/tips/").get_text()
    assert MARK not in shown(client, url(foreign)).get_text()


def test_the_form_is_filled_in_and_sent_as_it_stands(people: People, foreign: Tip) -> None:
    client = at_desk(people.officer)
    page = shown(client, url(foreign))
    fields = typed_in(page)

    client.post(f"{url(foreign)}step/transfer_out/", fields)

    assert page.select_one(".as-act > a.button")["href"].endswith("/step/transfer_out/")  # type: ignore[index]
    assert (fields["body"], fields["phone"]) == ("市住房和城乡建设局", "029-12345")
    row = Transfer.objects.get(tip=foreign)
    assert (row.body, row.phone) == ("市住房和城乡建设局", "029-12345")
    told = progress_for_receipt(typed=foreign.acknowledgement.receipt)
    assert (told.status, told.transferred_to, told.transferred_phone) == (
        TipStatus.TRANSFERRED_OUT,
        "市住房和城乡建设局",
        "029-12345",
    )
    assert "029-12345" in told.replies[0].text


def test_a_first_card_names_the_body_and_offers_the_step(people: People, foreign: Tip) -> None:
    card = shown(at_desk(people.officer), url(foreign)).select_one(".as-card--first")

    assert card is not None
    assert "市住房和城乡建设局" in card.get_text()
    assert "029-12345" in card.get_text()
    assert card.select_one("a[href$='/step/transfer_out/']") is not None


def test_other_tips_have_nothing_filled_in(people: People, tip: Tip) -> None:
    fields = typed_in(shown(at_desk(people.officer), url(tip)))

    assert (fields["body"], fields["phone"], fields["note"]) == ("", "", "")


@pytest.mark.parametrize("phone", ["见官网", "12345<script>", "1" * 40, "电话\x00"])
def test_a_telephone_that_nobody_can_dial_is_refused(people: People, foreign: Tip, phone: str) -> None:
    client = at_desk(people.officer)
    fields = typed_in(shown(client, url(foreign))) | {"phone": phone}

    answer = client.post(f"{url(foreign)}step/transfer_out/", fields)

    assert answer.status_code == 422
    assert Tip.objects.get(pk=foreign.pk).status == TipStatus.REGISTERED


def test_the_telephone_may_be_left_out(people: People, foreign: Tip) -> None:
    client = at_desk(people.officer)
    fields = typed_in(shown(client, url(foreign))) | {"phone": " "}

    client.post(f"{url(foreign)}step/transfer_out/", fields)

    assert Transfer.objects.get(tip=foreign).phone == ""


def test_a_death_is_not_offered_to_another_body(people: People, foreign: Tip, city: City) -> None:
    death = TipFactory(
        district=YANTA, industry="construction", description="摔死了一个人", today=timezone.localdate()
    )

    page = shown(at_desk(people.officer), url(death))

    assert MARK not in page.get_text()
    assert page.select_one("#step-transfer_out") is None


def test_no_daily_task_passes_a_tip_on_by_itself(foreign: Tip) -> None:
    for days in (1, 5, 30):
        run(days)

    assert Tip.objects.get(pk=foreign.pk).status == TipStatus.REGISTERED
    assert not Transfer.objects.exists()


def run(days: int) -> Any:
    """Run the daily task so many days later."""
    later = timezone.now() + timedelta(days=days)
    return run_daily(today=timezone.localdate(later), now=later)

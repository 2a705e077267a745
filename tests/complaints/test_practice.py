"""Good practice: the enterprise's words, the bureau's figures, a draft for the editors."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.enterprise_errors import EnterpriseNotFound, TooFewReports
from complaints.enums import Role
from complaints.errors import DraftInvalid
from complaints.models import AuditRow, Enterprise, PracticeOffer
from complaints.services.practice import begin_practice, offer_practice
from home.models import ContentPage
from tests.enterprise_steps import closed_day, enterprise, lead_to, manager, tell_inside
from tests.fixtures import City
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db
WORDS = "每天班前会讲一条。\n<script>奖金当天发。"


def with_reports(entry: Enterprise, boss: User, *, number: int) -> None:
    """Let the own people report so often; the first is put right and paid, 100 yuan."""
    other, day = manager(entry, username="second"), closed_day()
    numbers = [tell_inside(entry, today=day).number for _ in range(number)]
    lead_to(numbers[0], "paid", boss, other=other, day=day)


def test_figures_are_counted_when_the_page_is_begun(city: City, entry: Enterprise) -> None:
    boss = manager(entry)
    offer = offer_practice(enterprise_id=entry.pk, text=WORDS, actor=boss, at=timezone.now())
    with_reports(entry, boss, number=5)
    client = enter(Client(), staff(Role.OFFICER, office=city.yanta, username="officer"))

    answer = client.post(reverse("enterprises:practice", args=[entry.pk, offer.pk]))

    page = ContentPage.objects.get(source=entry.name)
    text = str(page.body)
    assert answer.status_code == 302
    assert not page.live
    assert "员工报告隐患 5 件，已整改 20%，发放奖金 1 笔，共 100 元" in text
    assert "每天班前会讲一条" in text
    assert "<script>" not in text
    offer.refresh_from_db()
    assert offer.drafted_at is not None
    assert AuditRow.objects.filter(action="practice.drafted").count() == 1


def test_few_reports_make_no_page(entry: Enterprise, officer: User) -> None:
    boss = manager(entry)
    offer = offer_practice(enterprise_id=entry.pk, text=WORDS, actor=boss, at=timezone.now())
    with_reports(entry, boss, number=4)

    with pytest.raises(TooFewReports):
        begin_practice(offer_id=offer.pk, actor=officer, at=timezone.now())

    offer.refresh_from_db()
    assert offer.drafted_at is None


def test_only_the_own_bureau_drafts_and_only_the_own_manager_offers(
    city: City, entry: Enterprise, foreign_officer: User, auditor: User
) -> None:
    boss = manager(entry)
    offer = offer_practice(enterprise_id=entry.pk, text=WORDS, actor=boss, at=timezone.now())

    for user in (foreign_officer, auditor, boss):
        with pytest.raises(EnterpriseNotFound):
            begin_practice(offer_id=offer.pk, actor=user, at=timezone.now())
    with pytest.raises(EnterpriseNotFound):
        offer_practice(enterprise_id=enterprise(city, number=2).pk, text=WORDS, actor=boss, at=timezone.now())


@pytest.mark.parametrize("text", ["", "  ", "甲" * 3001, "甲\u202e"])
def test_an_offer_that_cannot_be_is_refused(entry: Enterprise, text: str) -> None:
    boss = manager(entry)

    with pytest.raises(DraftInvalid):
        offer_practice(enterprise_id=entry.pk, text=text, actor=boss, at=timezone.now())

    assert not PracticeOffer.objects.exists()


def test_the_form_of_the_workspace(city: City, entry: Enterprise) -> None:
    client = enter(Client(), manager(entry))
    address = reverse("workplace:practice", args=[entry.pk])

    empty, stored = client.post(address, {"text": ""}), client.post(address, {"text": WORDS})

    assert (client.get(address).status_code, empty.status_code, stored.status_code) == (200, 422, 302)
    assert PracticeOffer.objects.get().enterprise == entry
    foreign = reverse("workplace:practice", args=[enterprise(city, number=2).pk])
    assert client.get(foreign).status_code == 404

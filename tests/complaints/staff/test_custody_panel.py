"""A custodian's first page and the short address of custody."""

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from complaints.enums import KeyOrigin, Role
from complaints.models import KeyHolding, Tip, UnsealRequest, Vault
from complaints.selectors.custody import waiting_for_custodian
from tests import custody_steps
from tests.complaints.staff.conftest import People, at_desk
from tests.custody_steps import Three
from tests.factories import TipFactory
from tests.fixtures import YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
HOME, SHORT = "/admin/", "/admin/custody/"


@pytest.fixture
def trio(city: City) -> Three:
    return Three(
        asker=staff(Role.OFFICER, office=city.yanta),
        approver=staff(Role.LEADER, office=city.yanta),
        custodian=staff(Role.CUSTODIAN, office=city.city),
        second=staff(Role.CUSTODIAN, office=city.city),
    )


def approved(tip: Tip, trio: Three) -> UnsealRequest:
    now = timezone.now()
    return custody_steps.approved(custody_steps.asked(tip, trio, at=now), trio, at=now)


def page(trio: Three) -> str:
    answer = at_desk(trio.custodian).get(HOME)
    text: str = answer.content.decode()
    return text


def test_a_custodian_finds_what_waits_to_be_opened(city: City, vault: Vault, trio: Three) -> None:
    row = approved(TipFactory(district=YANTA, real_name=True), trio)
    undecided = custody_steps.asked(TipFactory(district=YANTA), trio, at=timezone.now())

    shown = page(trio)

    assert f"/admin/custody/requests/{row.public_id}/" in shown
    assert str(undecided.public_id) not in shown
    assert "没有正在交给您的密钥文件" in shown


def test_a_key_file_on_its_way_leads_to_the_page_that_takes_it(vault: Vault, trio: Three) -> None:
    KeyHolding.objects.create(
        vault=vault,
        holder=trio.custodian,
        given_by=trio.second,
        origin=KeyOrigin.HANDED,
        held_at=timezone.now(),
    )

    shown = page(trio)

    assert 'href="/admin/custody/keys/receive/"' in shown
    assert "没有批准的申请等您启封" in shown


def test_what_another_custodian_has_taken_does_not_wait(city: City, vault: Vault, trio: Three) -> None:
    row = approved(TipFactory(district=YANTA, real_name=True), trio)
    custody_steps.ready(row, trio, at=timezone.now())
    custody_steps.handed_out(row, trio, at=timezone.now())

    assert waiting_for_custodian(user=trio.second, most=5, now=timezone.now()) == []


def test_lines_cost_no_query_each(
    city: City, vault: Vault, trio: Three, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        approved(TipFactory(district=YANTA, real_name=True), trio)

    # Their scope and roles in three, the requests, and what is open to them.
    with django_assert_num_queries(5):
        assert len(waiting_for_custodian(user=trio.custodian, most=5, now=timezone.now())) == 3


def test_the_short_address_leads_on(people: People, vault: Vault, trio: Three) -> None:
    assert at_desk(trio.custodian).get(SHORT)["Location"] == "/admin/custody/requests/"
    assert at_desk(people.officer).get(SHORT)["Location"] == "/admin/custody/requests/"
    assert at_desk(people.editor).get(SHORT).status_code == 404
    assert at_desk(people.administrator).get(SHORT).status_code == 404

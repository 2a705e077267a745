"""The factories themselves: each trait gives what its name says, through the real services."""

import pytest
from django.contrib.auth.models import User

from complaints.enums import Clock, IdentityMode, Result, TipStatus
from complaints.models import AuditRow
from complaints.services.reporter import progress_for_receipt
from tests.factories import WAYS, TipFactory
from tests.fixtures import IN_YANTA, YANTA, City

pytestmark = pytest.mark.django_db


def test_plain_tip_is_registered_and_opens_with_its_receipt(city: City) -> None:
    tip = TipFactory(photos=2)

    progress = progress_for_receipt(typed=tip.acknowledgement.receipt)

    assert (tip.status, tip.photo_count, progress.number) == (TipStatus.REGISTERED, 2, tip.number)


@pytest.mark.parametrize(
    ("trait", "status"),
    [
        ("screening", TipStatus.SCREENING),
        ("accepted", TipStatus.ACCEPTED),
        ("declined", TipStatus.DECLINED),
        ("transferred_out", TipStatus.TRANSFERRED_OUT),
        ("merged", TipStatus.MERGED),
        ("verifying", TipStatus.VERIFYING),
        ("verified", TipStatus.VERIFIED),
        ("disposed", TipStatus.DISPOSED),
        ("replied", TipStatus.REPLIED),
        ("review", TipStatus.REVIEW),
        ("closed", TipStatus.CLOSED),
        ("archived", TipStatus.ARCHIVED),
    ],
)
def test_traits_reach_their_state(city: City, officer: User, trait: str, status: TipStatus) -> None:
    tip = TipFactory(**{trait: True}, district=YANTA, officer=officer)

    assert tip.status == status
    assert tip.steps.exclude(actor=None).first().actor == officer


def test_every_state_has_a_trait() -> None:
    assert set(WAYS) == set(TipStatus) - {TipStatus.REGISTERED}


@pytest.mark.parametrize("trait", ["verified", "replied", "closed"])
def test_an_unfounded_tip_is_answered_without_a_measure(city: City, trait: str) -> None:
    tip = TipFactory(**{trait: True}, unfounded=True)

    assert (tip.result, tip.disposals.count()) == (Result.FALSE, 0)


def test_accepted_tip_has_a_running_period(city: City) -> None:
    tip = TipFactory(accepted=True)

    assert (tip.clock, tip.due_date is None) == (Clock.CLOSE, False)


def test_real_name_is_sealed(city: City) -> None:
    tip = TipFactory(real_name=True)

    assert (tip.identity_mode, tip.sealed_identity.vault_id) == (IdentityMode.REAL_NAME, 1)


def test_point_leads_to_the_district(city: City) -> None:
    tip = TipFactory(lat=IN_YANTA[0], lng=IN_YANTA[1])

    assert (tip.district_id, tip.handling_unit) == (YANTA, city.yanta)


def test_no_submission_stands_between_the_acts_of_staff_in_the_audit_log(city: City) -> None:
    TipFactory()

    assert not AuditRow.objects.exists()

"""Reads: codes and coverage for intake, places, the vault in use, and rows that are ready to show."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries, Settings

from complaints import disclosure
from complaints.crypto.envelope import public_key_of
from complaints.enums import OfficeLevel
from complaints.errors import VaultUnavailable
from complaints.models import DeadlinePolicy, Office, SpecialDay, Vault
from complaints.rules.places import Datum
from complaints.selectors import offices, tips
from complaints.selectors.deadlines import day_overlay, policy_on
from complaints.selectors.vaults import current_vault
from tests.factories import TODAY, VAULT_FINGERPRINT, DivisionFactory, TipFactory, VaultFactory
from tests.fixtures import IN_YANTA, LIANHU, OUTSIDE, YANTA, City

pytestmark = pytest.mark.django_db


# --- divisions and units ------------------------------------------------------------------------------------------


def test_divisions_are_districts_with_their_towns(
    city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        choices = offices.division_choices()

    assert [one.code for one in choices] == [LIANHU, YANTA]
    assert all(code.startswith(one.code) for one in choices for code, _name in one.towns)
    assert choices[1].name == "雁塔区"


def test_a_district_without_towns_is_still_a_choice(city: City) -> None:
    DivisionFactory(code="610199", name="无镇区")

    assert offices.division_choices()[-1].towns == ()


def test_codes_know_the_district_of_each_town(city: City) -> None:
    codes = offices.codes_of(choices=offices.division_choices())

    assert codes.districts == {YANTA, LIANHU}
    assert codes.district_of_town[city.town_code] == YANTA


def test_coverage_leaves_out_units_out_of_service(
    city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Office.objects.filter(pk=city.zone.pk).update(is_active=False)

    with django_assert_num_queries(1):
        found = offices.coverages()

    assert {one.office_id for one in found} == {city.city.pk, city.yanta.pk, city.lianhu.pk, city.town.pk}
    assert [one.office_id for one in found if one.is_default] == [city.city.pk]


@pytest.mark.parametrize(("point", "district"), [(IN_YANTA, YANTA), (OUTSIDE, None)])
def test_a_point_has_a_district_or_none(city: City, point: tuple[float, float], district: str | None) -> None:
    found = offices.district_at(lat=point[0], lng=point[1], datum=Datum.WGS84)

    assert (found.code if found else None) == district


def test_outlines_are_read_once(city: City, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        first = offices.district_outlines()
        second = offices.district_outlines()

    assert [one.code for one in first] == [one.code for one in second] == [LIANHU, YANTA]


def test_without_outlines_every_point_is_outside(db: None) -> None:
    assert offices.located(lat=IN_YANTA[0], lng=IN_YANTA[1], datum=Datum.WGS84)[1] is None


def test_other_apps_learn_names_and_telephones_only(city: City) -> None:
    units = disclosure.public_units()

    assert {unit.name for unit in units} == set(
        Office.objects.exclude(level=OfficeLevel.TOWN).values_list("name", flat=True)
    )
    assert all(unit.phone == "029-12350" for unit in units)


# --- the vault ----------------------------------------------------------------------------------------------------


def test_the_pinned_vault_is_in_use(vault: Vault) -> None:
    assert current_vault(pinned=VAULT_FINGERPRINT) == vault


def test_without_a_vault_nothing_is_in_use(db: None) -> None:
    with pytest.raises(VaultUnavailable):
        current_vault(pinned=VAULT_FINGERPRINT)


def test_a_newer_key_nobody_pinned_takes_nothing_over(vault: Vault) -> None:
    VaultFactory(version=2, seed=bytes(32), fingerprint=VAULT_FINGERPRINT)

    assert current_vault(pinned=VAULT_FINGERPRINT) == vault


def test_a_swapped_key_is_noticed_whatever_the_row_says(vault: Vault) -> None:
    Vault.objects.update(public_key=public_key_of(bytes(32)))

    with pytest.raises(VaultUnavailable):
        current_vault(pinned=VAULT_FINGERPRINT)


def test_a_key_changed_in_place_is_noticed(vault: Vault, settings: Settings) -> None:
    Vault.objects.update(public_key=bytes(1216))

    with pytest.raises(VaultUnavailable):
        current_vault(pinned=settings.VAULT_FINGERPRINT)


# --- periods ------------------------------------------------------------------------------------------------------


def test_the_latest_rule_that_has_begun_is_in_force(db: None) -> None:
    for begins, days in ((date(2025, 1, 1), 5), (date(2026, 3, 10), 6), (date(2026, 3, 11), 7)):
        DeadlinePolicy.objects.create(effective_from=begins, decide_working_days=days)

    assert policy_on(day=TODAY).decide_working_days == 6


def test_before_the_first_rule_the_defaults_hold(db: None) -> None:
    DeadlinePolicy.objects.create(effective_from=date(2026, 3, 11), close_days=5)

    rule = policy_on(day=TODAY)

    assert (rule.decide_working_days, rule.close_days, rule.reply_days) == (7, 60, 10)


def test_special_days_become_an_overlay(db: None) -> None:
    SpecialDay.objects.create(day=date(2026, 3, 11), is_working=False)
    SpecialDay.objects.create(day=date(2026, 3, 14), is_working=True)

    overlay = day_overlay()

    assert (overlay.off, overlay.working) == ({date(2026, 3, 11)}, {date(2026, 3, 14)})


# --- the queue ----------------------------------------------------------------------------------------------------


def test_a_row_of_the_queue_needs_no_further_query(
    city: City, officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        TipFactory(district=YANTA, town=city.town_code, photos=1)
    tips.tips_visible_to(officer)

    # The tips, the units beside the one in charge, the photos.
    with django_assert_num_queries(3):
        rows = list(tips.tips_for(user=officer))
        photos = tips.own_photos(tips=rows)
        shown = [
            (row.district.name, row.town.name, row.handling_unit.name, row.handler, list(row.units.all()))
            for row in rows
        ]

    assert len(shown) == len(photos) == 3


def test_what_belongs_to_a_tip_comes_in_order(city: City, officer: User) -> None:
    tip = TipFactory(replied=True, district=YANTA, officer=officer, photos=2)

    assert [photo.position for photo in tips.photos_of(tip=tip)] == [0, 1]
    assert [row.action for row in tips.steps_of(tip=tip)] == [
        "register", "accept", "verify", "conclude", "approve_result", "propose_measure", "dispose", "reply",
    ]  # fmt: skip
    assert [row.is_reply for row in tips.messages_of(tip=tip, user=officer)] == [True]


def test_the_cache_holds_outlines_and_nothing_of_a_tip(city: City) -> None:
    TipFactory(lat=IN_YANTA[0], lng=IN_YANTA[1])

    assert {name.split(":")[-1] for name in getattr(cache, "_cache", {})} <= {"district-outlines-1"}

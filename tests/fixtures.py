"""Fixtures of the domain: a small city, its people, the pinned vault, storage of a test's own."""

import csv
import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from complaints.enums import DivisionLevel, Role
from complaints.models import Division, Office, Vault
from tests.factories import VAULT_FINGERPRINT, OfficeFactory, UserFactory, VaultFactory
from tests.signin import enter

DATA = Path(__file__).resolve().parents[1] / "complaints" / "data" / "xian"
YANTA, LIANHU = "610113", "610104"
IN_YANTA = (34.2183, 108.9642)  # latitude, longitude (WGS-84): the Giant Wild Goose Pagoda
OUTSIDE = (39.9042, 116.4074)


@dataclass(frozen=True, kw_only=True)
class City:
    """Two districts with a unit each; a town unit and a development zone inside the first; the city above."""

    city: Office
    yanta: Office
    lianhu: Office
    town: Office
    zone: Office
    town_code: str
    zone_town_code: str
    other_town_code: str


@pytest.fixture(autouse=True)
def clean_cache() -> Iterator[None]:
    """Begin and end with an empty cache: budgets and spent challenges belong to one test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def evidence_root(settings: Settings, tmp_path: Path) -> Path:
    """Give the test an evidence folder of its own and return it; checkpoints go beside it."""
    root = tmp_path / "evidence"
    storages = dict(settings.STORAGES)
    storages["evidence"] = {**storages["evidence"], "OPTIONS": {"location": str(root)}}
    settings.STORAGES = storages
    settings.EVIDENCE_ROOT = root
    settings.CHECKPOINT_DIR = tmp_path / "checkpoints"
    return root


@pytest.fixture
def vault(db: None, settings: Settings) -> Vault:
    """Return the vault in use; its private key is `VAULT_SEED`."""
    settings.VAULT_FINGERPRINT = VAULT_FINGERPRINT
    return VaultFactory()


@pytest.fixture
def city(vault: Vault) -> City:
    """Return a small city with real divisions and outlines, units and the pinned vault."""
    towns = load_divisions(districts={YANTA, LIANHU})
    yanta_towns = sorted(code for code, parent in towns.items() if parent == YANTA)
    lianhu_towns = sorted(code for code, parent in towns.items() if parent == LIANHU)
    division = {row.code: row for row in Division.objects.all()}
    top = OfficeFactory(city=True, name="市应急管理局", divisions=[division["610100"]])
    yanta = OfficeFactory(name="雁塔区应急管理局", parent=top, divisions=[division[YANTA]])
    return City(
        city=top,
        yanta=yanta,
        lianhu=OfficeFactory(name="莲湖区应急管理局", parent=top, divisions=[division[LIANHU]]),
        town=OfficeFactory(town=True, name="街道应急办", parent=yanta, divisions=[division[yanta_towns[0]]]),
        zone=OfficeFactory(zone=True, name="高新区应急局", parent=top, divisions=[division[yanta_towns[1]]]),
        town_code=yanta_towns[0],
        zone_town_code=yanta_towns[1],
        other_town_code=lianhu_towns[0],
    )


def load_divisions(*, districts: set[str]) -> dict[str, str]:
    """Load the city, these districts with their outlines, and their towns; return town → district."""
    wanted = [
        row for row in _divisions() if {row["code"], row["parent_code"]} & districts or not row["parent_code"]
    ]
    Division.objects.bulk_create(
        [
            Division(
                code=row["code"],
                name=row["name"],
                level=row["level"],
                parent_id=row["parent_code"] or None,
                outline=_outlines().get(row["name"]) if row["level"] == DivisionLevel.DISTRICT else None,
            )
            for row in wanted
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent", "outline"],
    )
    return {row["code"]: row["parent_code"] for row in wanted if row["level"] == DivisionLevel.TOWN}


@functools.cache
def _divisions() -> list[dict[str, str]]:
    """Return the rows of the file, the city first and the towns last."""
    order = {DivisionLevel.CITY: 0, DivisionLevel.DISTRICT: 1, DivisionLevel.TOWN: 2}
    rows = csv.DictReader((DATA / "divisions.csv").read_text(encoding="utf-8").splitlines())
    return sorted(rows, key=lambda one: order[DivisionLevel(one["level"])])


@functools.cache
def _outlines() -> dict[str, Any]:
    features = json.loads((DATA / "districts.geojson").read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["name"]: feature["geometry"] for feature in features}


@pytest.fixture
def officer(city: City) -> User:
    """Return an officer of the first district."""
    return UserFactory(username="yanta-officer", roles=[(Role.OFFICER, city.yanta)])


@pytest.fixture
def leader(city: City) -> User:
    """Return the leader of the first district."""
    return UserFactory(username="yanta-leader", roles=[(Role.LEADER, city.yanta)])


@pytest.fixture
def foreign_officer(city: City) -> User:
    """Return an officer of the other district."""
    return UserFactory(username="lianhu-officer", roles=[(Role.OFFICER, city.lianhu)])


@pytest.fixture
def city_officer(city: City) -> User:
    """Return an officer of the city, above all districts."""
    return UserFactory(username="city-officer", roles=[(Role.OFFICER, city.city)])


@pytest.fixture
def town_officer(city: City) -> User:
    """Return an officer of the town unit in the first district."""
    return UserFactory(username="town-officer", roles=[(Role.OFFICER, city.town)])


@pytest.fixture
def auditor(city: City) -> User:
    """Return an auditor of the city: reads every record, changes none."""
    return UserFactory(username="auditor", roles=[(Role.AUDITOR, city.city)])


@pytest.fixture
def administrator(city: City) -> User:
    """Return the person who runs the machine: a superuser who sees no tip."""
    return UserFactory(
        username="sysadmin",
        is_superuser=True,
        is_staff=True,
        roles=[(Role.SYSTEM_ADMINISTRATOR, city.city)],
    )


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Return a function that gives a client signed in as this person with a second factor."""

    def sign_in(user: User, **options: Any) -> Client:
        return enter(Client(**options), user)

    return sign_in

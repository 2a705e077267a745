"""The pages of the vault's keys: who finds them, what they record, what they answer to bad input."""

import base64
import json
import time
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from complaints.crypto.envelope import public_key_of
from complaints.enums import Role
from complaints.models import AuditRow, Evidence, KeyHolding, Reseal, SealedIdentity, Vault
from complaints.selectors.keys import items_after
from complaints.services.possession import Challenge
from complaints.services.reseals import ask_reseal, decide_reseal
from complaints.staff.keys.reseal import MOST_BATCH_BYTES
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import VAULT_FINGERPRINT, VAULT_SEED
from tests.fixtures import City
from tests.key_steps import (
    NEW_FINGERPRINT,
    NEW_SEED,
    Rotation,
    answered,
    new_vault,
    opened_names,
    opened_original,
    resealed,
    resealed_file,
    rotation,
)
from tests.signin import staff

pytestmark = pytest.mark.django_db
KEYS = "/admin/custody/keys/"
PAGES = ["", "new/", "hand-over/", "receive/", "recover/", "password/"]
NEW_KEY = base64.b64encode(public_key_of(NEW_SEED)).decode()


@pytest.fixture
def custodian(city: City) -> User:
    return staff(Role.CUSTODIAN, office=city.city, username="linbao", first_name="林宝")


@pytest.fixture
def head(city: City) -> User:
    return staff(Role.LEADER, office=city.city, username="juzhang", first_name="局长")


@pytest.fixture
def desk(custodian: User) -> Client:
    return at_desk(custodian)


@pytest.fixture
def turned(city: City, vault: Vault, settings: Settings) -> Rotation:
    made = rotation(old=vault, tips=1)
    settings.VAULT_FINGERPRINT = NEW_FINGERPRINT
    return made


@pytest.fixture
def job(turned: Rotation, custodian: User, head: User) -> Reseal:
    now = timezone.now()
    asked = ask_reseal(actor=custodian, version=1, pinned=NEW_FINGERPRINT, at=now)
    return decide_reseal(actor=head, job_id=asked.public_id, is_approved=True, at=now)


def doors(job: Reseal, photo: object) -> list[str]:
    own = f"{KEYS}reseal/{job.public_id}/"
    return [own, f"{own}next/", f"{own}original/{photo}/"]


# --- who finds them -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_custodians_find_every_page_and_no_browser_keeps_one(desk: Client, page: str) -> None:
    answer = desk.get(KEYS + page)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["officer", "leader", "city_officer", "auditor", "administrator", "editor"])
def test_nobody_else_does(people: People, who: str, page: str) -> None:
    client = at_desk(getattr(people, who))

    assert client.get(KEYS + page).status_code == 404
    assert KEYS not in client.get("/admin/").content.decode()


def test_a_leader_at_the_top_finds_the_list_alone(head: User) -> None:
    client = at_desk(head)

    assert [client.get(KEYS + page).status_code for page in PAGES] == [200, *[404] * 5]
    assert f"{KEYS}new/" not in client.get(KEYS).content.decode()


def test_the_menu_leads_custodians_there(desk: Client) -> None:
    assert KEYS in desk.get(KEYS).content.decode()


@pytest.mark.parametrize("who", ["officer", "administrator", "leader", "auditor"])
def test_nobody_else_finds_a_door_of_a_job(people: People, job: Reseal, who: str) -> None:
    client, photo = at_desk(getattr(people, who)), Evidence.objects.get().public_id

    assert [client.get(door).status_code for door in doors(job, photo)] == [404] * 3
    assert client.post(f"{KEYS}reseal/", {"version": "1"}).status_code == 404
    assert client.post(f"{KEYS}reseal/{job.public_id}/decide/", {"decision": "approve"}).status_code == 404


def test_the_head_decides_and_fetches_nothing(head: User, job: Reseal) -> None:
    client, photo = at_desk(head), Evidence.objects.get().public_id

    assert [client.get(door).status_code for door in doors(job, photo)] == [404, 401, 401]
    assert client.post(f"{KEYS}reseal/{job.public_id}/start/").status_code == 403


def test_another_custodian_works_on_no_job_of_others(city: City, job: Reseal) -> None:
    client = at_desk(staff(Role.CUSTODIAN, office=city.city, username="hejing"))
    photo = Evidence.objects.get().public_id

    assert [client.get(door).status_code for door in doors(job, photo)] == [404, 401, 401]
    assert client.post(f"{KEYS}reseal/{job.public_id}/start/").status_code == 403


# --- what they record ---------------------------------------------------------------------------------------------


def shown(client: Client, *, seed: bytes = VAULT_SEED, **values: str) -> dict[str, str]:
    """Return what a browser sends to show that it holds a key."""
    told = client.post(f"{KEYS}challenge/", values).json()
    return vars(answered(Challenge(**told), seed=seed))


def register(client: Client, **changes: str) -> HttpResponse:
    values = {"version": "2", "public_key": NEW_KEY, "fingerprint": NEW_FINGERPRINT}
    return client.post(f"{KEYS}new/", values | changes)


def test_a_key_is_registered(desk: Client, custodian: User) -> None:
    answer = register(desk, **shown(desk, seed=NEW_SEED, version="2", public_key=NEW_KEY))

    assert answer.json() == {"version": 2, "fingerprint": NEW_FINGERPRINT}
    assert KeyHolding.objects.get().holder == custodian


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"public_key": ""}, "bad_key"),
        ({"public_key": "密钥"}, "bad_key"),
        ({"public_key": NEW_KEY[:-8]}, "bad_key"),
        ({"fingerprint": VAULT_FINGERPRINT}, "other_fingerprint"),
        ({"version": "1"}, "vault_taken"),
        ({"version": "-2"}, "vault_taken"),
        ({"version": "9" * 40}, "vault_taken"),
        ({"version": "x"}, "vault_taken"),
    ],
    ids=range(8),
)
def test_a_refused_key_is_told_in_words(desk: Client, changes: dict[str, str], code: str) -> None:
    answer = register(desk, **changes)

    assert answer.status_code == 409
    assert answer.json()["code"] == code
    assert answer.json()["message"]
    assert not Vault.objects.filter(version=2).exists()
    assert AuditRow.objects.filter(action="vault.refused").count() == 1


def test_a_handover_and_a_recovery_are_recorded(desk: Client, city: City) -> None:
    second = staff(Role.CUSTODIAN, office=city.city, username="hejing", first_name="何静")
    values = {"version": "1", "fingerprint": VAULT_FINGERPRINT}

    handed = desk.post(f"{KEYS}hand-over/", {**values, **shown(desk, version="1"), "holder": str(second.pk)})
    recovered = desk.post(f"{KEYS}recover/", {**values, **shown(desk, version="1")})

    assert handed.json() == {"holder": "何静", "username": "hejing"}
    assert recovered.json() == {"version": 1}
    page = desk.get(KEYS).content.decode()
    assert "何静 · 获交密钥文件 · 由林宝交付" in page
    assert "（在途，尚未签收）" in page
    assert "林宝 · 用两张分片恢复" in page


def test_whoever_was_handed_a_file_confirms_it(desk: Client, city: City) -> None:
    second = staff(Role.CUSTODIAN, office=city.city, username="hejing", first_name="何静")
    values = {"version": "1", "fingerprint": VAULT_FINGERPRINT, "holder": str(second.pk)}
    desk.post(f"{KEYS}hand-over/", {**values, **shown(desk, version="1")})
    theirs = at_desk(second)
    before = theirs.get(KEYS).content.decode()
    page = theirs.get(f"{KEYS}receive/").content.decode()

    answer = theirs.post(f"{KEYS}receive/", {"version": "1", **shown(theirs, version="1")})

    assert answer.json() == {"version": 1}
    assert f"{KEYS}receive/" in before
    assert VAULT_FINGERPRINT in page
    after = theirs.get(KEYS).content.decode()
    assert f"{KEYS}receive/" not in after
    assert "在途" not in after
    assert "签收" in after


def test_a_public_key_alone_records_nothing(desk: Client, city: City) -> None:
    second = staff(Role.CUSTODIAN, office=city.city, username="hejing", first_name="何静")
    values = {"version": "1", "fingerprint": VAULT_FINGERPRINT, "holder": str(second.pk)}

    answers = [desk.post(f"{KEYS}{page}/", values) for page in ("hand-over", "recover")]
    answers.append(register(desk))

    assert [(one.status_code, one.json()["code"]) for one in answers] == [(409, "not_proven")] * 3
    assert not KeyHolding.objects.exists()


def test_what_did_not_fit_is_taken_from_custodians_alone(desk: Client, people: People) -> None:
    values = {"work": "recover", "code": "sheets_differ", "note": "张三丰"}

    answers = [
        client.post(f"{KEYS}misfit/", values).status_code for client in (desk, at_desk(people.officer))
    ]

    assert answers == [200, 404]
    row = AuditRow.objects.get(action="vault.misfit")
    assert row.data == {"act": "recover", "code": "sheets_differ"}
    assert desk.post(f"{KEYS}misfit/", {"work": "recover", "code": "张三丰"}).status_code == 422


# --- how long a password lasts ------------------------------------------------------------------------------------


def shown_ago(client: Client, seconds: float) -> Client:
    """Move the moment at which password and code were given."""
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**one, "at": time.time() - seconds} for one in records]
    session.save()
    return client


@pytest.mark.parametrize(
    ("door", "seconds", "is_asked"),
    [
        ("new/", 59 * 60, False), ("new/", 61 * 60, True),
        ("hand-over/", 6 * 60, True), ("recover/", 6 * 60, True), ("receive/", 6 * 60, True),
        ("reseal/", 4 * 60, False), ("reseal/", 6 * 60, True),
    ],
)  # fmt: skip
def test_only_the_ceremony_is_given_an_hour(desk: Client, door: str, seconds: int, is_asked: bool) -> None:
    answer = shown_ago(desk, seconds).post(KEYS + door, {"version": "1"})

    assert (answer.status_code == 401) is is_asked


def test_the_approval_of_a_move_asks_after_five_minutes(desk: Client, turned: Rotation, head: User) -> None:
    desk.post(f"{KEYS}reseal/", {"version": "1"})
    asked = Reseal.objects.get()
    client = shown_ago(at_desk(head), 6 * 60)

    answer = client.post(f"{KEYS}reseal/{asked.public_id}/decide/", {"decision": "approve"})

    asked.refresh_from_db()
    assert (answer.status_code, asked.is_approved) == (401, None)


def test_a_run_asks_when_it_starts_and_then_goes_on(desk: Client, job: Reseal, custodian: User) -> None:
    own = f"{KEYS}reseal/{job.public_id}/"

    before = desk.get(f"{own}next/")
    late = shown_ago(desk, 6 * 60).post(f"{own}start/")
    shown_ago(desk, 60).post(f"{own}start/")
    during = shown_ago(desk, 3 * 3600).get(f"{own}next/")
    elsewhere = at_desk(custodian).get(f"{own}next/")

    assert [one.status_code for one in (before, late, during, elsewhere)] == [401, 401, 200, 401]
    assert before.headers["X-Reauthentication"] == "required"
    assert AuditRow.objects.filter(action="vault.reseal_started").count() == 1


def test_a_run_ends_after_a_working_day_and_holds_for_its_job(desk: Client, job: Reseal) -> None:
    own = f"{KEYS}reseal/{job.public_id}/"
    started(desk, job)
    session = desk.session
    run = session["vault_run"]

    answers = []
    for changed in ({**run, "at": run["at"] - 8 * 3600 - 1}, {**run, "job": str(uuid4())}, run):
        session["vault_run"] = changed
        session.save()
        answers.append(desk.get(f"{own}next/").status_code)

    assert answers == [401, 401, 200]


@pytest.mark.parametrize("holder", ["", "0", "x", "99999999999999999999"])
def test_a_handover_to_nobody_is_refused(desk: Client, holder: str) -> None:
    values = {"version": "1", "fingerprint": VAULT_FINGERPRINT, "holder": holder}

    answer = desk.post(f"{KEYS}hand-over/", values)

    assert (answer.status_code, answer.json()["code"]) == (409, "no_custodian")


def test_the_pages_send_a_token(custodian: User) -> None:
    client = at_desk(custodian)
    client.handler.enforce_csrf_checks = True

    assert register(client).status_code == 403
    assert not Vault.objects.filter(version=2).exists()


# --- versions -----------------------------------------------------------------------------------------------------


def test_a_waiting_version_says_what_to_set(desk: Client, vault: Vault) -> None:
    new_vault()

    page = desk.get(KEYS).content.decode()

    assert f"VAULT_FINGERPRINT={NEW_FINGERPRINT}" in page
    assert "等待写入设置" in page
    assert "制作第 3 版钥匙" in page


def test_without_a_vault_the_page_says_what_that_means(desk: Client) -> None:
    Vault.objects.all().delete()

    page = desk.get(KEYS).content.decode()

    assert "制作第一把钥匙" in page
    assert "只受理匿名举报" in page


def test_the_price_of_the_list_does_not_grow_with_holders(desk: Client, custodian: User, city: City) -> None:
    prices = []
    for number in range(3):
        KeyHolding.objects.create(vault_id=1, holder=custodian, origin="made", held_at=timezone.now())
        staff(Role.CUSTODIAN, office=city.city, username=f"keeper{number}")
        desk.get(KEYS)
        with CaptureQueriesContext(connection) as captured:
            desk.get(KEYS)
        prices.append(len(captured))

    assert len(set(prices)) == 1


# --- moving what is sealed ----------------------------------------------------------------------------------------


def test_asking_and_approving_on_the_page(desk: Client, turned: Rotation, head: User) -> None:
    before = desk.get(KEYS).content.decode()
    desk.post(f"{KEYS}reseal/", {"version": "1"})
    asked = Reseal.objects.get()
    at_desk(head).post(f"{KEYS}reseal/{asked.public_id}/decide/", {"decision": "approve"})
    page = desk.get(KEYS).content.decode()

    assert f'action="{KEYS}reseal/"' in before
    assert f'action="{KEYS}reseal/"' not in page
    assert "1 份身份，1 张原始照片" in before
    assert f"{KEYS}reseal/{asked.public_id}/" in page
    asked.refresh_from_db()
    assert (asked.is_approved, asked.decided_by) == (True, head)


@pytest.mark.parametrize("decision", ["refuse", "", "yes"])
def test_whatever_is_not_an_approval_is_a_refusal(
    desk: Client, turned: Rotation, head: User, decision: str
) -> None:
    desk.post(f"{KEYS}reseal/", {"version": "1"})
    asked = Reseal.objects.get()

    at_desk(head).post(f"{KEYS}reseal/{asked.public_id}/decide/", {"decision": decision})

    asked.refresh_from_db()
    assert asked.is_approved is False
    assert desk.get(f"{KEYS}reseal/{asked.public_id}/").status_code == 404


@pytest.mark.parametrize("version", ["2", "7", "x", "", "9" * 30])
def test_asking_for_nothing_says_so(desk: Client, turned: Rotation, version: str) -> None:
    answer = desk.post(f"{KEYS}reseal/", {"version": version}, follow=True)

    assert "没有封存的东西" in answer.content.decode()
    assert not Reseal.objects.exists()


def started(client: Client, job: Reseal) -> Client:
    """Begin a run, as the page does with its button."""
    assert client.post(f"{KEYS}reseal/{job.public_id}/start/").status_code == 200
    return client


def batch(client: Client, job: Reseal, **cursor: object) -> list[dict[str, Any]]:
    started(client, job)
    items: list[dict[str, Any]] = client.get(f"{KEYS}reseal/{job.public_id}/next/", cursor).json()["items"]
    return items


def send(client: Client, job: Reseal, body: object) -> HttpResponse:
    started(client, job)
    text = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(f"{KEYS}reseal/{job.public_id}/identities/", text, content_type="application/json")


def test_a_batch_goes_out_and_comes_back(desk: Client, job: Reseal, turned: Rotation) -> None:
    [told] = batch(desk, job)
    [item] = items_after(version=1, identity=0, original=0)
    move = resealed(item)

    answer = send(desk, job, [vars(move)])

    assert told == {**vars(item), "kind": "identity"}
    assert answer.json() == {"moved": 1, "changed": 0, "left": 1}
    assert opened_names(turned.tips[0])["name"] == "张三丰"


def test_an_original_goes_out_and_comes_back(desk: Client, job: Reseal, turned: Rotation) -> None:
    photo = Evidence.objects.select_related("tip").get()
    address = f"{KEYS}reseal/{job.public_id}/original/{photo.public_id}/"
    sealed = started(desk, job).get(address).content
    again = resealed_file(sealed, binding=photo.binding)

    answer = desk.post(
        address,
        again,
        content_type="application/octet-stream",
        headers={"X-Sealed-Before": photo.sealed_sha256},
    )

    assert answer.json() == {"moved": 1, "changed": 0, "left": 1}
    photo.refresh_from_db()
    assert opened_original(photo)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"1", b'"x"', b"{}x", b"[1]", b"[{}]", b'[{"number":1}]', b"\xff", b"[" * 100_000,
        b"[" + b" " * MOST_BATCH_BYTES + b"]",
    ],
    ids=range(12),
)  # fmt: skip
def test_a_batch_that_is_none_replaces_nothing(desk: Client, job: Reseal, body: bytes) -> None:
    answer = send(desk, job, body)

    assert (answer.status_code, answer.json()["code"]) == (409, "misfit")
    assert SealedIdentity.objects.get().vault_id == 1


@pytest.mark.parametrize("cursor", [{"identity": "x"}, {"identity": "-1"}, {"identity": "9" * 50}, {}])
def test_a_cursor_that_is_none_starts_again(desk: Client, job: Reseal, cursor: dict[str, str]) -> None:
    assert [item["kind"] for item in batch(desk, job, **cursor)] == ["identity"]


def test_an_original_that_is_gone_or_unknown(desk: Client, job: Reseal, settings: Settings) -> None:
    photo = Evidence.objects.get()
    own = f"{KEYS}reseal/{job.public_id}/original/"
    Evidence.objects.update(reseals=7)
    started(desk, job)

    gone = desk.get(f"{own}{photo.public_id}/")
    assert (gone.status_code, gone.json()["code"]) == (409, "original_gone")
    assert desk.get(f"{own}{uuid4()}/").status_code == 409
    assert desk.get(f"{KEYS}reseal/{uuid4()}/").status_code == 404


def test_a_pin_moved_back_stops_the_work(desk: Client, job: Reseal, settings: Settings) -> None:
    started(desk, job)
    settings.VAULT_FINGERPRINT = VAULT_FINGERPRINT

    answer = desk.get(f"{KEYS}reseal/{job.public_id}/next/")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")


# --- the alarm ----------------------------------------------------------------------------------------------------


def test_every_administrator_sees_the_alarm_and_nobody_else(people: People, settings: Settings) -> None:
    quiet = at_desk(people.administrator).get("/admin/").content.decode()
    settings.VAULT_FINGERPRINT = "0000-" * 15 + "0000"
    loud = at_desk(people.administrator).get("/admin/").content.decode()
    officers = at_desk(people.officer).get("/admin/").content.decode()

    words = "身份保险箱里没有一把钥匙与设置一致"
    assert [words in text for text in (quiet, loud, officers)] == [False, True, False]


def test_a_waiting_version_is_told_on_the_first_page_of_the_machine(people: People, vault: Vault) -> None:
    new_vault()

    page = at_desk(people.administrator).get("/admin/").content.decode()

    assert "新钥匙待启用" in page
    assert "身份保险箱里没有一把钥匙与设置一致" not in page

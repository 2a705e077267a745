"""Keys of the vault in a real browser: ceremony, another custodian, two sheets, a new version, a re-seal cut short."""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import BrowserContext, Download, Page, Request, Route, ViewportSize, expect
from pytest_django import Settings

from complaints.crypto import envelope as cipher
from complaints.crypto import keyfile, sheets
from complaints.enums import KeyOrigin, Role
from complaints.models import AuditRow, Evidence, KeyHolding, Reseal, SealedIdentity, Vault
from complaints.services import evidence
from complaints.services.keys import register_key
from complaints.services.reseals import ask_reseal, decide_reseal
from tests.factories import VAULT_FINGERPRINT, VAULT_SEED
from tests.fixtures import City
from tests.journeys.desk_steps import desk_of, person
from tests.key_steps import (
    NEW_FINGERPRINT,
    NEW_SEED,
    opened_names,
    opened_original,
    rotation,
    shown_key,
)
from tests.key_steps import (
    receive as put_in_place,
)

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
PASSPHRASE = "七月的雨落在 old city wall"
THEIRS = "second custodian, own words"
KEYS = "/admin/custody/keys/"
CHEAP = {"memory_kib": 8_192, "iterations": 1, "lanes": 4}


@pytest.fixture
def custodian(city: City) -> User:
    return person(city.city, Role.CUSTODIAN, username="linbao", first_name="林宝")


@pytest.fixture
def second(city: City) -> User:
    return person(city.city, Role.CUSTODIAN, username="hejing", first_name="何静")


@pytest.fixture
def desk(custodian: User, open_phone: OpenPhone) -> Page:
    page = desk_of(open_phone, custodian, accept_downloads=True)
    page.add_init_script("window.print = () => { window.printed = (window.printed || 0) + 1; }")
    return page


def key_file(folder: Path, *, seed: bytes = VAULT_SEED, vault: int = 1) -> Path:
    """Write a key file at the lowest cost a reader takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "_DEFAULT_COST", CHEAP)
        text = keyfile.wrap(seed=seed, passphrase=PASSPHRASE, vault=vault)
    path = folder / f"key-{vault}.json"
    path.write_text(text, encoding="utf-8")
    return path


def bodies(page: Page) -> list[str]:
    """Return the list into which everything goes that this page sends from now on."""
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(request.url + (request.post_data_buffer or b"").decode("utf-8", "replace"))

    page.on("request", note)
    return sent


def choose_passphrase(page: Page, passphrase: str) -> None:
    page.fill("[data-pass-one]", passphrase)
    page.fill("[data-pass-two]", passphrase)


def saved(page: Page, folder: Path) -> Path:
    """Press the button that saves the key file; return the file."""
    with page.expect_download() as waiting:
        page.locator("[data-save]:visible").click()
    download: Download = waiting.value
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def refused(page: Page) -> str:
    box = page.locator("[data-fault]")
    expect(box).to_be_visible()
    return box.inner_text()


# Between the margins of the sheets, at 96 to the inch.
A4_INSIDE: ViewportSize = {"width": 643, "height": 957}
TOO_WIDE = """[...document.querySelectorAll(".as-sheet p")]
    .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"""


def word(page: Page, code: str) -> str:
    words: dict[str, str] = json.loads(page.locator("#key-words").text_content() or "{}")
    return words[code]


# --- the ceremony -------------------------------------------------------------------------------------------------


def test_a_server_that_is_silent_costs_no_ceremony(desk: Page, tmp_path: Path) -> None:
    file = made_and_proven(desk, tmp_path)
    shown: list[str] = []

    for answer in ("401", "500", "offline"):
        desk.route("**/keys/new/", partial(_silent, answer=answer))
        desk.click("[data-register]")
        shown.append(refused(desk))
        link = desk.locator("[data-fault] a")
        assert link.count() == (answer == "401")
        desk.unroute("**/keys/new/")
    desk.click("[data-register]")
    expect(desk.locator("[data-done]")).to_be_visible()

    codes = ("reauth", "no-answer", "offline")
    assert [text.startswith(word(desk, code)) for text, code in zip(shown, codes, strict=True)] == [True] * 3
    opened = keyfile.unwrap(text=file.read_text(encoding="utf-8"), passphrase=PASSPHRASE)
    assert cipher.public_key_of(opened.seed) == bytes(Vault.objects.get(version=2).public_key)


def _silent(route: Route, answer: str) -> None:
    if answer == "offline":
        route.abort()
    else:
        route.fulfill(status=int(answer), body="")


def made_and_proven(page: Page, folder: Path) -> Path:
    """Take the ceremony up to the last button; return the key file."""
    page.goto(f"{KEYS}new/")
    choose_passphrase(page, PASSPHRASE)
    page.click("[data-make]")
    expect(page.locator("[data-save]")).to_be_visible(timeout=90_000)
    file = saved(page, folder)
    paper = _paper(page)
    page.click("[data-print]")
    for field in page.locator("[data-check] input").all():
        place = field.evaluate("field => [Number(field.dataset.sheet), Number(field.dataset.place)]")
        field.fill(paper[place[0]][place[1]])
    page.set_input_files("[data-again]", file)
    return file


def test_the_whole_ceremony(desk: Page, custodian: User, tmp_path: Path) -> None:
    sent = bodies(desk)
    desk.goto(f"{KEYS}new/")
    choose_passphrase(desk, PASSPHRASE)
    desk.click("[data-make]")
    expect(desk.locator("[data-save]")).to_be_visible(timeout=90_000)
    file = saved(desk, tmp_path)
    paper = [" ".join(one) for one in _paper(desk)]
    _copied_by_hand(desk)
    _printed_whole(desk)
    desk.click("[data-print]")
    for field in desk.locator("[data-check] input").all():
        place = field.evaluate("field => [Number(field.dataset.sheet), Number(field.dataset.place)]")
        field.fill(paper[place[0]].split()[place[1]])
    desk.set_input_files("[data-again]", file)
    desk.click("[data-register]")
    expect(desk.locator("[data-done]")).to_be_visible()

    vault = Vault.objects.get(version=2)
    opened = keyfile.unwrap(text=file.read_text(encoding="utf-8"), passphrase=PASSPHRASE)
    assert cipher.public_key_of(opened.seed) == bytes(vault.public_key)
    assert sheets.join(paper[1:]) == sheets.join(paper[:2]) == opened.seed
    assert desk.inner_text("[data-setting]") == f"VAULT_FINGERPRINT={vault.fingerprint}"
    holding = KeyHolding.objects.get()
    assert (holding.holder, holding.origin) == (custodian, KeyOrigin.MADE)
    assert desk.evaluate("window.printed") == 1
    assert desk.locator(".as-sheet, [data-check] input").count() == 0
    _nothing_secret(sent, opened.seed, paper)


def _copied_by_hand(page: Page) -> None:
    """Show one sheet, which comes into sight alone, and put it away again."""
    button, sheet = page.locator("[data-copy] button").nth(1), page.locator(".as-sheet")
    button.click()
    expect(sheet.nth(1)).to_be_in_viewport()
    assert [one.is_visible() for one in sheet.all()] == [False, True, False]
    button.click()
    expect(sheet.nth(1)).to_be_hidden()


def _printed_whole(page: Page) -> None:
    """See that on paper each sheet is a page of its own and nothing runs over its edge."""
    before = page.viewport_size
    page.emulate_media(media="print")
    page.set_viewport_size(A4_INSIDE)
    paper, wide = page.pdf(prefer_css_page_size=True), page.evaluate(TOO_WIDE)
    page.set_viewport_size(before or A4_INSIDE)
    page.emulate_media(media="screen")
    assert (len(re.findall(rb"/Type /Page\n", paper)), wide) == (3, [])


def _paper(page: Page) -> list[list[str]]:
    lists = page.locator(".as-sheet [data-words]").all()
    return [one.locator("li").all_text_contents() for one in lists]


def _nothing_secret(sent: list[str], seed: bytes, paper: list[str]) -> None:
    whole = "\n".join(sent)
    assert seed.hex() not in whole
    assert PASSPHRASE not in whole
    assert "anshao-custodian-key" not in whole
    assert not any(" ".join(sheet.split()[:4]) in whole.replace("+", " ") for sheet in paper)


def test_wrong_words_or_another_file_register_nothing(desk: Page, tmp_path: Path) -> None:
    desk.goto(f"{KEYS}new/")
    choose_passphrase(desk, PASSPHRASE)
    desk.click("[data-make]")
    expect(desk.locator("[data-save]")).to_be_visible(timeout=90_000)
    file = saved(desk, tmp_path)
    paper = _paper(desk)
    desk.click("[data-print]")
    fields = desk.locator("[data-check] input").all()
    for field in fields:
        field.fill("academic?")
    desk.set_input_files("[data-again]", file)

    desk.click("[data-register]")
    wrong = refused(desk)
    logged = said()
    for field in fields:
        place = field.evaluate("field => [Number(field.dataset.sheet), Number(field.dataset.place)]")
        field.fill(paper[place[0]][place[1]].upper())
    desk.set_input_files("[data-again]", key_file(tmp_path))
    desk.click("[data-register]")
    expect(desk.locator("[data-fault-text]")).to_have_text(word(desk, "other-file"))

    assert wrong == word(desk, "wrong-words")
    assert (logged, said()[1:]) == ([("new", "wrong_words")], [("new", "other_file")])
    assert not Vault.objects.filter(version=2).exists()


@pytest.mark.parametrize(
    ("one", "two", "code"),
    [("short", "short", "short-passphrase"), (PASSPHRASE, PASSPHRASE + "!", "differs")],
)
def test_a_passphrase_that_is_short_or_mistyped_makes_no_key(
    desk: Page, one: str, two: str, code: str
) -> None:
    desk.goto(f"{KEYS}new/")
    desk.fill("[data-pass-one]", one)
    desk.fill("[data-pass-two]", two)

    desk.click("[data-make]")

    assert refused(desk) == word(desk, code)
    assert desk.locator("[data-save]").is_hidden()


def test_each_sheet_is_a_page_of_its_own(desk: Page) -> None:
    desk.goto(f"{KEYS}new/")
    desk.emulate_media(media="print")

    paper = desk.pdf(prefer_css_page_size=True, format="A4")

    assert len(re.findall(rb"/Type /Page\n", paper)) == 3
    assert not desk.locator("[data-make]").is_visible()


# --- another custodian --------------------------------------------------------------------------------------------


def test_a_key_file_is_handed_to_a_second_custodian_who_receives_it(
    desk: Page, second: User, tmp_path: Path, open_phone: OpenPhone
) -> None:
    sent = bodies(desk)
    desk.goto(f"{KEYS}hand-over/")
    desk.select_option("[data-holder]", label="何静")
    desk.set_input_files("[data-file]", key_file(tmp_path))
    desk.fill("[data-pass]", PASSPHRASE)
    choose_passphrase(desk, THEIRS)
    desk.click("[data-wrap]")
    expect(desk.locator("[data-done]")).to_be_visible(timeout=90_000)
    file = saved(desk, tmp_path)

    opened = keyfile.unwrap(text=file.read_text(encoding="utf-8"), passphrase=THEIRS)
    assert (opened.seed, opened.vault) == (VAULT_SEED, 1)
    assert "hejing" in file.name
    row = KeyHolding.objects.get()
    assert (row.holder, row.given_by and row.given_by.username) == (second, "linbao")
    assert row.received_at is None
    theirs = desk_of(open_phone, second)
    receive(theirs, file, passphrase=PASSPHRASE)
    assert refused(theirs) == word(theirs, "wrong-passphrase")
    receive(theirs, file, passphrase=THEIRS)
    expect(theirs.locator("[data-done]")).to_be_visible(timeout=90_000)
    row.refresh_from_db()
    assert row.received_at is not None
    assert said() == [("receive", "wrong_passphrase")]
    assert not any(secret in body for body in sent for secret in (PASSPHRASE, THEIRS, "sealed"))


def receive(page: Page, file: Path, *, passphrase: str) -> None:
    """Open a key file that was handed over, in the own session."""
    page.goto(f"{KEYS}receive/")
    page.set_input_files("[data-file]", file)
    page.fill("[data-pass]", passphrase)
    page.click("[data-receive]")


def said() -> list[tuple[str, str]]:
    """Return where what did not fit, as the log has it."""
    rows = AuditRow.objects.filter(action="vault.misfit").order_by("sequence")
    return [(row.data["act"], row.data["code"]) for row in rows]


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("wrong passphrase", "wrong-passphrase"),
        ("another vault", "other-vault"),
        ("no key file", "bad-key-file"),
        ("edited", "wrong-passphrase"),
        ("own passphrase", "same-passphrase"),
    ],
)
def test_a_file_that_does_not_fit_is_handed_to_nobody(
    desk: Page, second: User, tmp_path: Path, case: str, code: str
) -> None:
    file = key_file(tmp_path, seed=NEW_SEED if case == "another vault" else VAULT_SEED)
    if case == "no key file":
        file.write_text("{}", encoding="utf-8")
    if case == "edited":
        file.write_text(
            file.read_text(encoding="utf-8").replace('"vault": 1', '"vault": 3'), encoding="utf-8"
        )
    desk.goto(f"{KEYS}hand-over/")
    desk.select_option("[data-holder]", label="何静")
    desk.set_input_files("[data-file]", file)
    desk.fill("[data-pass]", "x" * 20 if case == "wrong passphrase" else PASSPHRASE)
    choose_passphrase(desk, PASSPHRASE if case == "own passphrase" else THEIRS)

    desk.click("[data-wrap]")

    assert refused(desk) == word(desk, code)
    assert said() == ([] if case == "own passphrase" else [("hand_over", code.replace("-", "_"))])
    assert not KeyHolding.objects.exists()
    assert desk.locator("[data-done]").is_hidden()


# --- two sheets ---------------------------------------------------------------------------------------------------


def fill_recovery(page: Page, one: str, two: str) -> None:
    page.goto(f"{KEYS}recover/")
    page.select_option("[data-vault]", "1")
    page.fill("[data-one]", one)
    page.fill("[data-two]", two)
    choose_passphrase(page, THEIRS)
    page.click("[data-recover]")


def test_a_lost_passphrase_is_recovered_with_two_sheets(desk: Page, custodian: User, tmp_path: Path) -> None:
    three = sheets.split(VAULT_SEED)
    sent = bodies(desk)

    fill_recovery(desk, three[2].upper(), "\n".join(three[0].split()))
    expect(desk.locator("[data-done]")).to_be_visible(timeout=90_000)
    file = saved(desk, tmp_path)

    opened = keyfile.unwrap(text=file.read_text(encoding="utf-8"), passphrase=THEIRS)
    assert opened.seed == VAULT_SEED
    row = KeyHolding.objects.get()
    assert (row.holder, row.origin) == (custodian, KeyOrigin.RECOVERED)
    assert not any(" ".join(three[0].split()[:3]) in body.replace("+", " ") for body in sent)


def test_one_sheet_or_sheets_of_two_sets_recover_nothing(desk: Page) -> None:
    three, others, strange = sheets.split(VAULT_SEED), sheets.split(VAULT_SEED), sheets.split(NEW_SEED)
    mistyped = " ".join([*three[1].split()[:-1], "academic"])
    tries = [
        (three[0], "", "too-few-sheets"),
        (three[0], three[0], "same-sheet"),
        (three[0], others[1], "sheets-differ"),
        (strange[0], strange[1], "other-key"),
        (three[0], mistyped, "bad-sheet"),
        (three[0], "银行 " + three[1], "unknown-word"),
    ]

    for one, two, code in tries:
        fill_recovery(desk, one, two)
        assert refused(desk) == word(desk, code)

    assert said() == [("recover", code.replace("-", "_")) for _one, _two, code in tries]
    assert not KeyHolding.objects.exists()


# --- a new version ------------------------------------------------------------------------------------------------


def test_a_new_version_waits_for_the_settings(desk: Page, custodian: User, settings: Settings) -> None:
    now, key = timezone.now(), cipher.public_key_of(NEW_SEED)
    register_key(
        actor=custodian,
        version=2,
        public_key=key,
        fingerprint=NEW_FINGERPRINT,
        proof=shown_key(custodian, at=now, seed=NEW_SEED, version=2, key=key),
        at=now,
    )
    desk.goto(KEYS)
    before = desk.locator("section[aria-labelledby=version-2] .as-chip").inner_text()
    told = desk.locator(".as-setting").inner_text()
    in_use = desk.request.get("/api/v1/vault").json()["version"]
    settings.VAULT_FINGERPRINT = NEW_FINGERPRINT
    desk.goto(KEYS)

    assert told == f"VAULT_FINGERPRINT={NEW_FINGERPRINT}"
    assert in_use == 1
    assert before != desk.locator("section[aria-labelledby=version-2] .as-chip").inner_text()
    assert desk.request.get("/api/v1/vault").json()["version"] == 2
    assert not desk.locator(".as-setting").count()


def approved(custodian: User, city: City) -> Reseal:
    """Ask as the custodian and approve as the head of the city."""
    now = timezone.now()
    job = ask_reseal(actor=custodian, version=1, pinned=NEW_FINGERPRINT, at=now)
    head = person(city.city, Role.LEADER, username="juzhang", first_name="局长")
    return decide_reseal(actor=head, job_id=job.public_id, is_approved=True, at=now)


def start_moving(page: Page, job: Reseal, file: Path) -> None:
    page.goto(f"{KEYS}reseal/{job.public_id}/")
    page.set_input_files("[data-file]", file)
    page.fill("[data-pass]", PASSPHRASE)
    page.click("[data-start]")


def test_asking_and_approving_take_two_people(
    desk: Page, city: City, vault: Vault, open_phone: OpenPhone, settings: Settings
) -> None:
    rotation(old=vault, tips=1)
    settings.VAULT_FINGERPRINT = NEW_FINGERPRINT
    head = desk_of(open_phone, person(city.city, Role.LEADER, username="juzhang", first_name="局长"))

    desk.goto(KEYS)
    desk.click(f"form[action='{KEYS}reseal/'] button")
    own = desk.locator("button[name=decision]").count()
    head.goto(KEYS)
    head.click("button[value=approve]")
    desk.goto(KEYS)
    desk.click(".as-jobs a.button")

    assert own == 0
    expect(desk.locator("[data-start]")).to_be_visible()
    job = Reseal.objects.get()
    assert job.decided_by is not None
    assert (job.asked_by.username, job.decided_by.username) == ("linbao", "juzhang")


def test_a_reseal_that_breaks_off_goes_on_where_it_was(
    desk: Page, custodian: User, city: City, vault: Vault, tmp_path: Path, settings: Settings
) -> None:
    turned = rotation(old=vault, tips=2)
    settings.VAULT_FINGERPRINT = NEW_FINGERPRINT
    job, file = approved(custodian, city), key_file(tmp_path)
    sent = bodies(desk)
    desk.route("**/original/**", _fall_over)
    start_moving(desk, job, file)
    refused(desk)
    halfway = list(SealedIdentity.objects.values_list("vault_id", flat=True))
    left_over = Evidence.objects.filter(vault_version=1).count()

    desk.unroute("**/original/**")
    start_moving(desk, job, file)
    expect(desk.locator("[data-say]")).to_have_text(word(desk, "movedAll"))

    assert (halfway, left_over) == ([2, 2], 2)
    assert all(opened_names(tip, seed=NEW_SEED)["name"] == "张三丰" for tip in turned.tips)
    assert all(opened_original(photo) for photo in Evidence.objects.select_related("tip"))
    assert set(Evidence.objects.values_list("vault_version", flat=True)) == {2}
    job.refresh_from_db()
    assert (job.moved, job.finished_at is not None) == (4, True)
    assert not any("张三丰" in body or "13800001234" in body or PASSPHRASE in body for body in sent)


def test_a_run_that_wants_the_password_again_goes_on_with_the_open_key(
    desk: Page, custodian: User, city: City, vault: Vault, tmp_path: Path, settings: Settings
) -> None:
    rotation(old=vault, tips=2)
    settings.VAULT_FINGERPRINT = NEW_FINGERPRINT
    job = approved(custodian, city)
    desk.route("**/original/**", partial(_silent, answer="401"))
    start_moving(desk, job, key_file(tmp_path))
    told = refused(desk)
    expect(desk.locator("[data-fault] a")).to_have_attribute("href", f"{KEYS}password/")

    desk.unroute("**/original/**")
    desk.click("[data-start]")
    expect(desk.locator("[data-say]")).to_have_text(word(desk, "movedAll"))

    assert told.startswith(word(desk, "reauth"))
    assert Evidence.objects.filter(vault_version=1).count() == 0
    assert AuditRow.objects.filter(action="vault.reseal_started").count() == 2


def test_a_run_left_alone_keeps_no_desk_open(
    desk: Page, custodian: User, city: City, vault: Vault, tmp_path: Path, settings: Settings
) -> None:
    rotation(old=vault, tips=2)
    settings.VAULT_FINGERPRINT = NEW_FINGERPRINT
    job = approved(custodian, city)
    marks: dict[str, str | None] = {}
    desk.on("request", lambda one: marks.update({one.url.rsplit("/", 2)[-2]: one.headers.get("x-by-itself")}))

    start_moving(desk, job, key_file(tmp_path))
    expect(desk.locator("[data-say]")).to_have_text(word(desk, "movedAll"))

    photos = [str(photo.public_id) for photo in Evidence.objects.all()]
    assert {name: marks[name] for name in ("start", "next", "identities", *photos)} == {
        "start": None, "next": "1", "identities": "1", **dict.fromkeys(photos, "1"),
    }  # fmt: skip


def _fall_over(route: Route) -> None:
    route.abort()


def test_the_key_of_another_vault_moves_nothing(
    desk: Page, custodian: User, city: City, vault: Vault, tmp_path: Path, settings: Settings
) -> None:
    rotation(old=vault, tips=1)
    settings.VAULT_FINGERPRINT = NEW_FINGERPRINT
    job = approved(custodian, city)
    for file in (key_file(tmp_path, seed=NEW_SEED, vault=2), key_file(tmp_path, seed=NEW_SEED)):
        start_moving(desk, job, file)
        assert refused(desk) == word(desk, "other-vault")

    assert SealedIdentity.objects.get().vault_id == 1


def test_an_envelope_nobody_can_open_holds_nobody_up(
    desk: Page, custodian: User, city: City, vault: Vault, tmp_path: Path, settings: Settings
) -> None:
    turned = rotation(old=vault, tips=2, photos=0)
    moved_here = SealedIdentity.objects.get(tip=turned.tips[1]).envelope
    put_in_place(turned.tips[0], moved_here)  # sealed for another tip
    settings.VAULT_FINGERPRINT = NEW_FINGERPRINT

    start_moving(desk, approved(custodian, city), key_file(tmp_path))
    expect(desk.locator("[data-stuck]")).to_have_text(word(desk, "stuck").replace("{n}", "1"))
    assert said() == [("reseal", "does_not_open")]

    assert SealedIdentity.objects.get(tip=turned.tips[0]).vault_id == 1
    assert opened_names(turned.tips[1])["name"] == "张三丰"


def test_what_is_missing_or_misplaced_holds_nobody_up_and_is_said(
    desk: Page, custodian: User, city: City, vault: Vault, tmp_path: Path, settings: Settings
) -> None:
    turned = rotation(old=vault, tips=2)
    SealedIdentity.objects.filter(tip=turned.tips[1]).update(bound_mark=b"\1" * 32)
    gone = Evidence.objects.earliest("pk")
    evidence.remove_files(names=[gone.path_of("original")])
    settings.VAULT_FINGERPRINT = NEW_FINGERPRINT

    start_moving(desk, approved(custodian, city), key_file(tmp_path))
    expect(desk.locator("[data-say]")).to_have_text(
        word(desk, "movedRest").replace("{moved}", "2").replace("{left}", "2")
    )

    told = [word(desk, name).replace("{n}", "1") for name in ("heldBack", "filesGone")]
    assert desk.locator("[data-stuck]").inner_text() == " ".join(told)
    assert desk.locator("[data-fault]").is_hidden()
    assert list(Evidence.objects.exclude(pk=gone.pk).values_list("vault_version", flat=True)) == [2]
    assert opened_names(turned.tips[0], seed=NEW_SEED)["name"] == "张三丰"


def test_keys_need_no_pinned_key_to_be_looked_after(desk: Page, settings: Settings) -> None:
    settings.VAULT_FINGERPRINT = "0000-" * 15 + "0000"

    answer: Any = desk.goto(KEYS)

    assert answer.status == 200
    assert VAULT_FINGERPRINT in desk.content()

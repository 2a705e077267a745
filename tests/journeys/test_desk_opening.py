"""Opening in real browsers: asked, approved, opened with a key file, read once; what must not open shows nothing."""

import json
import re
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import BrowserContext, FilePayload, Page, Request, Route, expect

from complaints.crypto import envelope as cipher
from complaints.crypto import keyfile
from complaints.crypto.envelope import fingerprint, public_key_of
from complaints.enums import Role, UnsealStatus
from complaints.models import AuditRow, IdentityAccess, SealedIdentity, SealedNote, Tip, UnsealRequest
from complaints.services import custody
from tests import custody_steps
from tests.custody_steps import ANSWER, NAME, OTHER_KEY, PHONE, REASON, Three
from tests.factories import VAULT_SEED, jpeg
from tests.fixtures import City
from tests.journeys.desk_steps import desk_of, new_tip, open_tip, person
from tests.key_steps import receive

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
PASSPHRASE = "保险箱的口令，至少要有十五个字才行"
SLOW_MS = 120_000  # the key file costs 64 MiB and seconds on purpose; the machine may be busy
CHEAP = {"memory_kib": 8_192, "iterations": 1, "lanes": 4}
PHOTO = jpeg(maker="Marker-Camera-7")


@lru_cache(maxsize=3)
def key_file(*, seed: bytes = VAULT_SEED, is_dear: bool = False) -> FilePayload:
    """Return a key file as a custodian keeps it, or one at the lowest cost a reader takes."""
    with pytest.MonkeyPatch.context() as patch:
        if not is_dear:
            patch.setattr(keyfile, "_DEFAULT_COST", CHEAP)
        text = keyfile.wrap(seed=seed, passphrase=PASSPHRASE, vault=1)
    return {"name": "custodian.json", "mimeType": "application/json", "buffer": text.encode()}


@dataclass(kw_only=True)
class Desks:
    """The pages of the three, each in a browser of its own opened when it is wanted, and everything they sent."""

    people: Three
    open_phone: OpenPhone
    sent: list[str] = field(default_factory=list)

    @cached_property
    def asker(self) -> Page:
        return self._page_of(self.people.asker)

    @cached_property
    def approver(self) -> Page:
        return self._page_of(self.people.approver)

    @cached_property
    def custodian(self) -> Page:
        return self._page_of(self.people.custodian)

    def _page_of(self, user: User) -> Page:
        page = desk_of(self.open_phone, user)
        page.on("request", lambda request: _keep(request, self.sent))
        return page


@pytest.fixture
def desks(city: City, open_phone: OpenPhone) -> Desks:
    people = Three(
        asker=person(city.yanta, Role.OFFICER),
        approver=person(city.yanta, Role.LEADER, username="zhouwen", first_name="周文"),
        custodian=person(city.city, Role.CUSTODIAN, username="sunjing", first_name="孙静"),
        second=person(city.city, Role.CUSTODIAN, username="gaojian", first_name="高健"),
    )
    return Desks(people=people, open_phone=open_phone)


def _keep(request: Request, sent: list[str]) -> None:
    sent.append(request.url + (request.post_data or ""))


def named_tip(city: City) -> Tip:
    return new_tip(city, real_name=True)


def path(row: UnsealRequest, view: str = "") -> str:
    return f"/admin/custody/requests/{row.public_id}/{view}"


def approved_request(tip: Tip, people: Three, **values: str) -> UnsealRequest:
    now = timezone.now()
    return custody_steps.approved(custody_steps.asked(tip, people, at=now, **values), people, at=now)


def wait_at_the_page(page: Page, row: UnsealRequest) -> None:
    """Let the asker open the request, and wait until the page has a key the server knows."""
    page.goto(path(row))
    expect(page.locator("[data-as-reader-target=say]")).to_contain_text("本页公钥", timeout=SLOW_MS)


def open_it(
    page: Page, row: UnsealRequest, *, key: FilePayload | None = None, passphrase: str = PASSPHRASE
) -> None:
    """Take the three steps of a custodian."""
    page.goto(path(row, "open/"))
    page.set_input_files("#opening-file", [key or key_file()])
    page.fill("#opening-passphrase", passphrase)
    compare(page)
    page.get_by_role("button", name=re.compile("解开")).click()


def compare(page: Page) -> None:
    """Tick that the asker read the same groups; an original has no key to compare."""
    if page.locator("[data-as-opening-target=compared]").count():
        page.get_by_label("申请人念的与这里一致").check()


def refused(page: Page, *words: str) -> None:
    """Wait for a refusal with these words, and see that nothing is shown."""
    fault = page.locator("[data-as-opening-target=fault]")
    expect(fault).to_be_visible(timeout=SLOW_MS)
    for word in words:
        expect(fault).to_contain_text(word)
    expect(page.locator("[data-as-opening-target=box]")).to_be_hidden()
    assert NAME not in page.content()


def status(row: UnsealRequest) -> str:
    return UnsealRequest.objects.get(pk=row.pk).status


def test_the_whole_way(city: City, desks: Desks) -> None:
    tip = named_tip(city)
    asker, approver, custodian = desks.asker, desks.approver, desks.custodian

    open_tip(asker, tip.number)
    asker.get_by_role("link", name="申请启封").click()
    asker.select_option("#unseal-purpose", label="核查须当面了解情况")
    asker.fill("#unseal-reason", REASON)
    asker.get_by_role("button", name="提交申请").click()
    expect(asker.locator("[data-as-reader-target=say]")).to_contain_text("本页公钥", timeout=SLOW_MS)
    row = UnsealRequest.objects.get()

    approver.goto("/admin/custody/requests/")
    approver.get_by_role("link", name="审批").click()
    approver.get_by_label("留言、电话转接等办法都不够用").check()
    approver.get_by_label("申请人不是我，这件举报也不由我经办").check()
    approver.fill("#unseal-answer", ANSWER)
    approver.get_by_role("button", name="批准启封").click()
    expect(approver.locator(".messages")).to_contain_text("已批准")

    open_it(custodian, row, key=key_file(is_dear=True))
    expect(custodian.locator("[data-as-opening-target=fields]")).to_contain_text(NAME, timeout=SLOW_MS)
    expect(custodian.locator("[data-as-opening-target=say]")).to_contain_text("已封给申请人的浏览器")
    custodian.get_by_role("button", name="用完，立即封存").click()
    expect(custodian.locator("[data-as-opening-target=box]")).to_be_hidden()
    assert NAME not in custodian.content()

    asker.reload()
    asker.get_by_role("button", name="现在阅读（仅一次）").click(timeout=SLOW_MS)
    expect(asker.locator("[data-as-reader-target=fields]")).to_contain_text(PHONE, timeout=SLOW_MS)
    asker.get_by_role("button", name="用完，立即封存").click()
    assert NAME not in asker.content()
    asker.reload()
    expect(asker.get_by_role("button", name="现在阅读（仅一次）")).to_have_count(0)

    assert status(row) == UnsealStatus.READ
    assert asker.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('unseal:'))") == []
    assert [text for text in desks.sent if NAME in text or PHONE in text or PASSPHRASE in text] == []
    assert not SealedNote.objects.exists()


def test_a_ticked_box_reads_as_a_word(city: City, desks: Desks) -> None:
    tip = named_tip(city)
    fields = {"name": NAME, "phone": PHONE, "is_employee": "1"}
    place = {"binding": tip.idempotency_key, "field": "identity", "vault": 1}
    receive(tip, cipher.seal_fields(public_key=public_key_of(VAULT_SEED), fields=fields, **place).to_json())
    row = approved_request(tip, desks.people)
    wait_at_the_page(desks.asker, row)

    open_it(desks.custodian, row)

    shown = desks.custodian.locator("[data-as-opening-target=fields]")
    expect(shown).to_contain_text(NAME, timeout=SLOW_MS)
    assert shown.locator("dt").all_inner_texts() == ["姓名", "电话", "从业人员"]
    assert shown.locator("dd").all_inner_texts() == [NAME, PHONE, "是"]


def test_clear_text_is_hidden_when_its_time_is_over(city: City, desks: Desks) -> None:
    row = approved_request(named_tip(city), desks.people)
    wait_at_the_page(desks.asker, row)
    desks.custodian.clock.install()

    open_it(desks.custodian, row)
    expect(desks.custodian.locator("[data-as-opening-target=fields]")).to_contain_text(NAME, timeout=SLOW_MS)
    desks.custodian.clock.run_for(121_000)

    expect(desks.custodian.locator("[data-as-opening-target=box]")).to_be_hidden()
    assert NAME not in desks.custodian.content()


def test_a_wrong_passphrase_and_a_foreign_key_leave_the_envelope_where_it_is(
    city: City, desks: Desks
) -> None:
    row = approved_request(named_tip(city), desks.people)
    wait_at_the_page(desks.asker, row)

    open_it(desks.custodian, row, passphrase=PASSPHRASE + "错")
    refused(desks.custodian, "口令打不开", "没有显示任何内容")
    open_it(desks.custodian, row, key=key_file(seed=bytes(32)))
    refused(desks.custodian, "另一个保险箱")

    said = AuditRow.objects.filter(action="unseal.report_fault").order_by("sequence")
    assert [one.data["detail"] for one in said] == ["wrong_passphrase", "other_vault"]
    assert not IdentityAccess.objects.exists()


@pytest.mark.parametrize(
    ("harm", "told", "logged"),
    [
        ("moved", "信封打不开", "not_opened"),
        ("flipped", "信封打不开", "not_opened"),
        ("truncated", "信封打不开", "not_opened"),
        ("version", "信封打不开", "not_opened"),
        ("vault", "另一个保险箱", "other_vault"),
    ],
)
def test_an_envelope_of_another_tip_or_altered_shows_nobodys_name(
    city: City, desks: Desks, harm: str, told: str, logged: str
) -> None:
    tip = named_tip(city)
    _harm(tip, other=named_tip(city), harm=harm)
    row = approved_request(tip, desks.people)
    wait_at_the_page(desks.asker, row)

    open_it(desks.custodian, row)

    refused(desks.custodian, told)
    assert AuditRow.objects.get(action="unseal.report_fault").data["detail"] == logged
    assert not SealedNote.objects.exists()


def _harm(tip: Tip, *, other: Tip, harm: str) -> None:
    parts = json.loads(SealedIdentity.objects.get(tip=other if harm == "moved" else tip).envelope)
    if harm == "flipped":
        parts["ct"] = parts["ct"][:-10] + ("A" if parts["ct"][-10] != "A" else "B") + parts["ct"][-9:]
    elif harm == "truncated":
        parts["ct"] = parts["ct"][:-64]
    elif harm in {"version", "vault"}:
        parts["v" if harm == "version" else harm] = 2
    receive(tip, json.dumps(parts, separators=(",", ":")))


def test_a_closed_page_loses_the_note_and_says_so(city: City, desks: Desks, open_phone: OpenPhone) -> None:
    row = approved_request(named_tip(city), desks.people)
    wait_at_the_page(desks.asker, row)
    open_it(desks.custodian, row)
    expect(desks.custodian.locator("[data-as-opening-target=fields]")).to_contain_text(NAME, timeout=SLOW_MS)

    fresh = desk_of(open_phone, desks.people.asker)
    fresh.goto(path(row))

    expect(fresh.locator("[data-as-reader-target=say]")).to_contain_text("请重新申请")
    expect(fresh.get_by_role("button", name="现在阅读（仅一次）")).to_be_hidden()
    assert status(row) == UnsealStatus.OPENED


def test_the_second_custodian_is_told_who_was_faster(city: City, desks: Desks) -> None:
    row = approved_request(named_tip(city), desks.people)
    wait_at_the_page(desks.asker, row)
    desks.custodian.goto(path(row, "open/"))
    custody.hand_out(request_id=row.public_id, actor=desks.people.second, at=timezone.now())

    desks.custodian.set_input_files("#opening-file", [key_file()])
    desks.custodian.fill("#opening-passphrase", PASSPHRASE)
    compare(desks.custodian)
    desks.custodian.get_by_role("button", name="解开身份").click()

    refused(desks.custodian, "另一位保密专员刚刚接手")


def test_a_key_swapped_behind_the_page_opens_nothing(city: City, desks: Desks) -> None:
    row = approved_request(named_tip(city), desks.people)
    wait_at_the_page(desks.asker, row)
    custodian = desks.custodian
    custodian.goto(path(row, "open/"))
    shown = custodian.locator("[data-as-opening-target=reader]").inner_text()
    custodian.set_input_files("#opening-file", [key_file()])
    custodian.fill("#opening-passphrase", PASSPHRASE)
    button = custodian.get_by_role("button", name="解开身份")
    expect(button).to_be_disabled()
    compare(custodian)
    # With a record in the log: a swap in the table alone is refused by the server already.
    custody.give_key(
        request_id=row.public_id, public_key=OTHER_KEY, actor=desks.people.asker, at=timezone.now()
    )

    button.click()

    refused(custodian, "与您核对过的不是同一把")
    assert shown in desks.asker.locator("[data-as-reader-target=say]").inner_text()
    now_shown = custodian.locator("[data-as-opening-target=reader]").inner_text()
    assert now_shown == " ".join(fingerprint(b64decode(OTHER_KEY)).split("-")[:4]) != shown
    expect(custodian.get_by_label("申请人念的与这里一致")).not_to_be_checked()
    expect(button).to_be_disabled()
    assert AuditRow.objects.get(action="unseal.report_fault").data["detail"] == "other_reader_key"
    assert not SealedNote.objects.exists()


def test_a_key_swapped_while_the_note_is_sealed_gets_no_note(city: City, desks: Desks) -> None:
    row = approved_request(named_tip(city), desks.people)
    wait_at_the_page(desks.asker, row)
    custodian = desks.custodian

    def swap(route: Route) -> None:
        UnsealRequest.objects.filter(pk=row.pk).update(asker_key=OTHER_KEY)
        route.continue_()

    custodian.route("**/note/", swap)
    open_it(custodian, row)

    refused(custodian, "与您核对过的不是同一把")
    sent = [text for text in desks.sent if "reader_key=" in text]
    assert len(sent) == 1
    assert quote(OTHER_KEY, safe="") not in sent[0]
    assert not SealedNote.objects.exists()


def test_of_two_tabs_one_keeps_the_key(city: City, desks: Desks) -> None:
    row = approved_request(named_tip(city), desks.people)
    wait_at_the_page(desks.asker, row)
    key = UnsealRequest.objects.get().asker_key
    second = desks.asker.context.new_page()

    second.goto(path(row))

    expect(second.locator("[data-as-reader-target=say]")).to_contain_text("另一个标签页")
    assert UnsealRequest.objects.get().asker_key == key
    desks.asker.close()
    second.reload()
    expect(second.locator("[data-as-reader-target=say]")).to_contain_text("本页公钥", timeout=SLOW_MS)
    assert UnsealRequest.objects.get().asker_key != key
    assert AuditRow.objects.filter(action="unseal.give_key").count() == 2


def test_a_page_that_waits_keeps_no_desk_open(
    city: City, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = approved_request(named_tip(city), desks.people)
    desks.asker.clock.install()
    wait_at_the_page(desks.asker, row)
    now, looks = time.time(), 0

    def look(request: Request) -> None:
        nonlocal looks
        looks += request.url.endswith(path(row))

    desks.asker.on("request", look)
    # The server's clock goes on by a minute with each look of the page, however fast this machine is.
    monkeypatch.setattr("portal.shared.idle.time.time", lambda: now + looks * 60)
    while looks < 3 * 60:
        desks.asker.clock.run_for(60_000)
    say = desks.asker.locator("[data-as-reader-target=say]")
    expect(say).to_contain_text("您已退出登录")

    assert AuditRow.objects.filter(action="unseal.give_key").count() == 1
    assert not Session.objects.filter(pk=_session(desks.asker)).exists()


def _session(page: Page) -> str:
    return next((one["value"] for one in page.context.cookies() if one["name"] == "sessionid"), "")


def test_the_page_that_waits_takes_over_the_note(city: City, desks: Desks) -> None:
    row = approved_request(named_tip(city), desks.people)
    desks.asker.clock.install()
    wait_at_the_page(desks.asker, row)
    custody_steps.handed_out(row, desks.people, at=timezone.now())
    key = UnsealRequest.objects.get().asker_key
    note = custody_steps.sealed_note(row.public_id, key=key)
    custody.deliver_note(
        request_id=row.public_id, note=note, reader_key=key, actor=desks.people.custodian, at=timezone.now()
    )

    desks.asker.clock.run_for(61_000)
    desks.asker.get_by_role("button", name="现在阅读（仅一次）").click(timeout=SLOW_MS)

    expect(desks.asker.locator("[data-as-reader-target=fields]")).to_contain_text(PHONE)
    assert status(row) == UnsealStatus.READ


def test_an_original_is_saved_compared_and_confirmed(city: City, desks: Desks) -> None:
    tip = new_tip(city, photos=[PHOTO])
    photo = str(tip.photos.get().public_id)
    row = approved_request(tip, desks.people, target="original", photo=photo, purpose="evidence")

    desks.custodian.route("**/file/", lambda route: route.fulfill(status=401, body=""))
    open_it(desks.custodian, row)
    refused(desks.custodian, "请再次验证密码和验证码", "没有显示任何内容")
    again = desks.custodian.locator("[data-as-opening-target=fault] a")
    expect(again).to_have_attribute("href", path(row, "password/"))
    desks.custodian.unroute("**/file/")

    # Nothing has to be chosen or typed anew; the button goes on.
    with desks.custodian.expect_download(timeout=SLOW_MS) as download:
        desks.custodian.get_by_role("button", name="解开原件").click()
    saved = download.value.path().read_bytes()
    expect(desks.custodian.locator("[data-as-opening-target=hashes]")).to_contain_text(
        sha256(PHOTO).hexdigest()
    )

    desks.asker.goto(path(row))
    desks.asker.set_input_files(
        "#unseal-picked", [{"name": "yuanjian.jpg", "mimeType": "image/jpeg", "buffer": saved}]
    )
    expect(desks.asker.locator("#unseal-sha256")).to_have_value(sha256(PHOTO).hexdigest())
    desks.asker.get_by_role("button", name="确认文件在我手里").click()
    expect(desks.asker.locator(".messages")).to_contain_text("已确认")

    assert saved == PHOTO
    assert status(row) == UnsealStatus.READ

"""Opening at the desk: who finds what, the decision, the doors of the scripts, a row for each who is turned away."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.enums import IdentityMode, Role, UnsealStatus
from complaints.models import AuditRow, IdentityAccess, SealedIdentity, SealedNote, Tip, UnsealRequest
from complaints.services import custody, originals
from complaints.staff.unseal_viewset import unseal_viewset
from tests import custody_steps
from tests.complaints.staff.conftest import People, at_desk, once_more, stale
from tests.custody_steps import ANSWER, BOTH, NAME, OTHER_KEY, READER_KEY, REASON, Three
from tests.factories import TipFactory
from tests.fixtures import YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
ROOT = "/admin/custody/requests/"
S = UnsealStatus
# Led to the password, or asked for it on the spot.
ASKED_FOR_PASSWORD = {302, 401}
ASKED_AGAIN = {"target": "identity", "purpose": "meeting", "reason": REASON}
GETS = {"request", "decide", "open", "sheet", "file", "password"}


@pytest.fixture
def three(people: People, city: City) -> Three:
    """Return the three people with the Wagtail groups of their roles, and a second custodian."""
    return Three(
        asker=people.officer,
        approver=people.leader,
        custodian=staff(Role.CUSTODIAN, office=city.city, username="sunjing", first_name="孙静"),
        second=staff(Role.CUSTODIAN, office=city.city, username="gaojian", first_name="高健"),
    )


@pytest.fixture
def named(city: City) -> Tip:
    row: Tip = TipFactory(district=YANTA, real_name=True, photos=1)
    return row


def in_state(status: UnsealStatus, tip: Tip, three: Three) -> UnsealRequest:
    """Return a request of this moment: the pages look at the clock."""
    now = timezone.now()
    row = custody_steps.asked(tip, three, at=now)
    if status == S.ASKED:
        return row
    custody_steps.approved(row, three, at=now)
    custody_steps.ready(row, three, at=now)
    if status == S.OPENED:
        custody_steps.handed_out(row, three, at=now)
        custody_steps.delivered(row, three, at=now)
    return UnsealRequest.objects.get(pk=row.pk)


def url(row: UnsealRequest, view: str = "") -> str:
    return f"{ROOT}{row.public_id}/{view}"


def routes(row: UnsealRequest) -> Iterator[tuple[str, str]]:
    """Yield name and address of every route below the list."""
    for pattern in unseal_viewset.get_urlpatterns():
        path = str(pattern.pattern).replace("<uuid:public_id>", str(row.public_id))
        if "/" in path and not path.startswith("results"):
            yield str(pattern.name), ROOT + path


def text(response: HttpResponse) -> str:
    return response.content.decode()


def refusals(user: User) -> list[dict[str, object]]:
    return [row.data for row in AuditRow.objects.filter(action="unseal.refused", actor=user)]


# --- taking back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "words"), [("asker", "撤回申请"), ("approver", "收回审批")])
def test_asker_and_leader_take_back_what_nobody_used(three: Three, named: Tip, who: str, words: str) -> None:
    row = in_state(S.APPROVED, named, three)
    desk = at_desk(getattr(three, who))

    shown = words in text(desk.get(url(row)))
    answer = desk.post(url(row, "take-back/"))

    assert (shown, answer.status_code) == (True, 302)
    assert UnsealRequest.objects.get().status == S.WITHDRAWN
    assert "take-back" not in text(desk.get(url(row)))
    assert "已撤回" in text(desk.get(url(row)))


@pytest.mark.parametrize("who", ["asker", "approver", "custodian"])
def test_what_was_delivered_is_not_taken_back(three: Three, named: Tip, who: str) -> None:
    row = in_state(S.OPENED, named, three)
    desk = at_desk(getattr(three, who))

    page = text(desk.get(url(row)))
    answer = desk.post(url(row, "take-back/"))

    assert "take-back" not in page
    assert answer.status_code in {403, 409}
    assert UnsealRequest.objects.get().status == S.OPENED


def test_a_name_moved_to_another_tip_opens_no_page(three: Three, named: Tip) -> None:
    row = in_state(S.APPROVED, named, three)
    SealedIdentity.objects.update(bound_mark=b"")

    answer = at_desk(three.custodian).get(url(row, "open/"), follow=True)

    assert "不是随本件收到的" in text(answer)
    assert [one["code"] for one in refusals(three.custodian)] == ["misplaced"]


# --- who finds what --------------------------------------------------------------------------------------------


def test_list_shows_each_person_their_own_business(
    people: People, three: Three, named: Tip, city: City
) -> None:
    row = in_state(S.ASKED, named, three)
    foreign = staff(Role.LEADER, office=city.lianhu, username="foreignleader")

    found = {
        user.username: row.number in text(at_desk(user).get(ROOT))
        for user in (three.asker, three.approver, three.custodian, people.auditor, people.colleague, foreign)
    }

    assert found == {
        "zhaomin": True, "zhouwen": True, "sunjing": True, "shenji": True, "chenli": False, "foreignleader": False,
    }  # fmt: skip


@pytest.mark.parametrize("who", ["administrator", "editor"])
def test_list_does_not_exist_for_others_and_the_try_is_logged(people: People, who: str) -> None:
    user = getattr(people, who)

    answers = [
        at_desk(user).get(path).status_code for path in (ROOT, f"{ROOT}results/", f"{ROOT}?export=csv")
    ]

    assert answers == [404, 404, 404]
    assert [data["code"] for data in refusals(user)] == ["not_found"] * 3
    assert ROOT not in text(at_desk(user).get("/admin/"))


def test_crawl_knows_every_route(named: Tip, three: Three) -> None:
    names = {name for name, _path in routes(in_state(S.ASKED, named, three))}

    assert names == GETS | {"confirm", "take_back", "key", "envelope", "note", "fault", "read"}


@pytest.mark.parametrize("who", ["administrator", "colleague", "foreign", "editor"])
def test_every_door_is_shut_and_logs_the_try(people: People, three: Three, named: Tip, who: str) -> None:
    row, user = in_state(S.OPENED, named, three), getattr(people, who)
    client, steps, accesses = at_desk(user), row.steps.count(), IdentityAccess.objects.count()

    tries = [
        (client.get if name in GETS else client.post)(path) for name, path in [*routes(row), *routes(row)]
    ]

    assert {answer.status_code for answer in tries} == {404}
    assert [answer for answer in tries if REASON in text(answer) or named.number in text(answer)] == []
    # A sealed file is handed to its holder alone; whoever asks for another one's finds nothing to be refused.
    assert len(refusals(user)) >= len(tries) - 2
    assert (row.steps.count(), IdentityAccess.objects.count()) == (steps, accesses)


def test_looking_writes_nothing_and_shows_what_has_run_out(three: Three, named: Tip) -> None:
    row = in_state(S.APPROVED, named, three)
    UnsealRequest.objects.update(valid_until=timezone.now() - timedelta(minutes=1))
    client, asker = at_desk(three.custodian), at_desk(three.asker)

    pages = [text(client.get(address)) for address in (ROOT, url(row))]
    pages.append(text(asker.get(f"/admin/tips/{named.number}/")))

    assert ["已过期" in page for page in pages] == [True] * 3
    assert url(row, "open/") not in pages[0]
    assert UnsealRequest.objects.get().status == S.APPROVED
    asker.post(f"/admin/tips/{named.number}/unseal/", ASKED_AGAIN)
    assert [one.status for one in UnsealRequest.objects.order_by("pk")] == [S.EXPIRED, S.ASKED]


def test_an_unknown_request_is_not_there(three: Three) -> None:
    client = at_desk(three.approver)

    assert client.get(f"{ROOT}{uuid4()}/").status_code == 404
    assert client.post(f"{ROOT}{uuid4()}/read/").status_code == 404


def test_menu_leads_there(three: Three, named: Tip) -> None:
    for user in (three.asker, three.custodian):
        assert ROOT in text(at_desk(user).get("/admin/"))


def test_list_asks_as_much_for_many_as_for_few(three: Three, city: City) -> None:
    client = at_desk(three.approver)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(ROOT).status_code == 200
        return len(seen)

    in_state(S.ASKED, TipFactory(district=YANTA), three)
    queries()
    few = queries()
    for _number in range(5):
        in_state(S.ASKED, TipFactory(district=YANTA), three)

    assert queries() == few


# --- asking ----------------------------------------------------------------------------------------------------


def test_asking_on_the_page_of_a_tip(three: Three, named: Tip) -> None:
    client = at_desk(three.asker)
    form = text(client.get(f"/admin/tips/{named.number}/unseal/"))

    answer = client.post(
        f"/admin/tips/{named.number}/unseal/", {"target": "identity", "purpose": "meeting", "reason": REASON}
    )

    row = UnsealRequest.objects.get()
    assert 'id="unseal-ask"' in form
    assert (answer.status_code, answer["Location"]) == (302, url(row))
    assert (row.asker, row.reason) == (three.asker, REASON)
    assert row.number in text(client.get(f"/admin/tips/{named.number}/"))


def test_a_photo_is_chosen_by_its_id(three: Three, named: Tip) -> None:
    photo = named.photos.get()

    at_desk(three.asker).post(
        f"/admin/tips/{named.number}/unseal/",
        {"target": f"original:{photo.public_id}", "purpose": "evidence", "reason": REASON},
    )

    assert UnsealRequest.objects.get().photo == photo


def test_a_refused_request_keeps_the_words(three: Three, named: Tip) -> None:
    answer = at_desk(three.asker).post(
        f"/admin/tips/{named.number}/unseal/", {"target": "identity", "reason": REASON}
    )

    assert answer.status_code == 422
    assert REASON in text(answer)
    assert not UnsealRequest.objects.exists()


def test_asking_wants_the_password_and_keeps_the_words(three: Three, named: Tip) -> None:
    client = stale(three.asker)

    answer = client.post(
        f"/admin/tips/{named.number}/unseal/", {"target": "identity", "purpose": "meeting", "reason": REASON}
    )

    assert answer.status_code in ASKED_FOR_PASSWORD
    assert REASON in text(answer)
    assert REASON not in str(dict(client.session))
    assert not UnsealRequest.objects.exists()


def test_people_who_do_not_handle_the_tip_get_no_form(people: People, named: Tip) -> None:
    page = text(at_desk(people.auditor).get(f"/admin/tips/{named.number}/"))
    answer = at_desk(people.auditor).post(
        f"/admin/tips/{named.number}/unseal/", {"target": "identity", "purpose": "meeting", "reason": REASON}
    )

    assert "unseal-ask" not in page
    assert answer.status_code == 403


def test_waiting_pages_of_named_and_nameless_tips_are_the_same(three: Three, city: City) -> None:
    same = {"district": YANTA, "description": "冲床没有防护罩"}
    tips = [TipFactory(**same, real_name=True), TipFactory(**same, identity_mode=IdentityMode.ANONYMOUS)]
    rows = [in_state(S.ASKED, tip, three) for tip in tips]

    pages = [at_desk(three.asker).get(url(row)) for row in rows]

    names = (
        "title",
        "chip",
        "ends",
        "note",
        "waits",
        "facts",
        "entries",
        "may_open",
        "is_reader",
        "has_note",
    )
    shown = [
        str([page.context[name] for name in names]).replace(row.tip.number, "#")
        for page, row in zip(pages, rows, strict=True)
    ]
    assert shown[0] == shown[1]


# --- deciding --------------------------------------------------------------------------------------------------


def decide(client: Client, row: UnsealRequest, **values: object) -> HttpResponse:
    plain = {"decision": "approve", "answer": ANSWER, "confirmed": list(BOTH)}
    return client.post(url(row, "decide/"), {**plain, **values})


def test_a_leader_approves(three: Three, named: Tip) -> None:
    row = in_state(S.ASKED, named, three)
    client = at_desk(three.approver)
    form = text(client.get(url(row, "decide/")))

    answer = decide(client, row)

    row.refresh_from_db()
    assert (REASON in form, 'id="unseal-decide"' in form) == (True, True)
    assert (answer.status_code, row.status, row.answer) == (302, S.APPROVED, ANSWER)
    assert "孙静、高健" in text(client.get(url(row)))


def test_a_leader_returns_it(three: Three, named: Tip) -> None:
    row = in_state(S.ASKED, named, three)

    decide(at_desk(three.approver), row, decision="refuse", confirmed=[])

    assert UnsealRequest.objects.get().status == S.REFUSED
    assert ANSWER in text(at_desk(three.asker).get(url(row)))


def test_what_is_missing_is_said_and_the_words_stay(three: Three, named: Tip) -> None:
    row = in_state(S.ASKED, named, three)

    answer = decide(at_desk(three.approver), row, confirmed=[BOTH[0]])

    assert answer.status_code == 422
    assert ANSWER in text(answer)
    assert "checked" in text(answer)
    assert UnsealRequest.objects.get().status == S.ASKED


def test_deciding_wants_the_password_first(three: Three, named: Tip) -> None:
    row = in_state(S.ASKED, named, three)
    client = stale(three.approver)

    page, answer = client.get(url(row, "decide/")), decide(client, row)

    assert page.status_code in ASKED_FOR_PASSWORD
    assert REASON not in text(page)
    assert answer.status_code in ASKED_FOR_PASSWORD
    assert ANSWER in text(answer)
    assert ANSWER not in str(dict(client.session))
    assert UnsealRequest.objects.get().status == S.ASKED


def test_a_leader_has_no_button_for_an_own_request(people: People, three: Three, named: Tip) -> None:
    row = custody.ask(tip_id=named.pk, wish=custody_steps.wish(), actor=people.leader, at=timezone.now())
    client = at_desk(people.leader)

    page, answer = text(client.get(url(row))), decide(client, row)

    assert "unseal-decide" not in page
    assert answer.status_code == 409
    assert "三个人" in text(answer)
    assert [data["code"] for data in refusals(people.leader)] == ["both_ends"]


def test_after_the_approval_of_a_nameless_tip_the_asker_is_told(three: Three, city: City) -> None:
    row = in_state(S.ASKED, TipFactory(district=YANTA, identity_mode=IdentityMode.ANONYMOUS), three)

    decide(at_desk(three.approver), row)

    assert "没有可启封的内容：举报人没有留姓名" in text(at_desk(three.asker).get(url(row)))


def test_where_nobody_may_decide_the_page_says_so(three: Three, named: Tip) -> None:
    row = in_state(S.ASKED, named, three)
    three.approver.memberships.all().delete()

    page = text(at_desk(three.asker).get(url(row)))

    assert "没有人可以审批" in page


# --- the doors -------------------------------------------------------------------------------------------------


def test_a_custodian_gets_the_envelope_and_sends_a_note(three: Three, named: Tip) -> None:
    row = in_state(S.APPROVED, named, three)
    client = at_desk(three.custodian)

    answer = client.post(url(row, "envelope/"))
    note = custody_steps.sealed_note(row.public_id)
    sent = client.post(url(row, "note/"), {"note": note, "reader_key": READER_KEY})
    read = at_desk(three.asker).post(url(row, "read/"))

    assert answer.json() == {
        "envelope": named.sealed_identity.envelope,
        "binding": named.idempotency_key,
        "field": "identity",
        "vault": 1,
        "sha256": sha256(named.sealed_identity.envelope.encode()).hexdigest(),
        "reader_key": READER_KEY,
    }
    assert "no-store" in answer["Cache-Control"]
    assert (sent.status_code, sent.json()) == (200, {})
    assert custody_steps.read_in_tab(read.json()["note"], row.public_id)["name"] == NAME
    assert at_desk(three.asker).post(url(row, "read/")).status_code == 409


def test_the_second_custodian_is_told_in_words(three: Three, named: Tip) -> None:
    row = in_state(S.APPROVED, named, three)
    at_desk(three.custodian).post(url(row, "envelope/"))

    answer = at_desk(three.second).post(url(row, "envelope/"))

    assert (answer.status_code, answer.json()["code"]) == (409, "taken")
    assert "另一位保密专员" in answer.json()["message"]


@pytest.mark.parametrize(("door", "who"), [("envelope/", "custodian"), ("read/", "asker")])
def test_envelope_and_note_want_the_password_of_a_moment_ago(
    three: Three, named: Tip, door: str, who: str
) -> None:
    row = in_state(S.APPROVED if who == "custodian" else S.OPENED, named, three)
    before = IdentityAccess.objects.count(), SealedNote.objects.count()

    answer = stale(getattr(three, who)).post(url(row, door))

    assert answer.status_code in ASKED_FOR_PASSWORD
    assert named.sealed_identity.envelope not in text(answer)
    assert (IdentityAccess.objects.count(), SealedNote.objects.count()) == before


def test_an_asker_gives_a_key_and_a_newer_one(three: Three, named: Tip) -> None:
    row = in_state(S.ASKED, named, three)
    client = at_desk(three.asker)

    answers = [client.post(url(row, "key/"), {"public_key": key}) for key in (READER_KEY, OTHER_KEY, NAME)]

    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert UnsealRequest.objects.get().asker_key == OTHER_KEY


def test_a_note_to_a_replaced_key_is_refused_with_the_newer_key(three: Three, named: Tip) -> None:
    row = in_state(S.APPROVED, named, three)
    client = at_desk(three.custodian)
    client.post(url(row, "envelope/"))
    UnsealRequest.objects.filter(pk=row.pk).update(asker_key=OTHER_KEY)
    note = custody_steps.sealed_note(row.public_id)

    answer = client.post(url(row, "note/"), {"note": note, "reader_key": READER_KEY})

    assert (answer.status_code, answer.json()["code"]) == (409, "other_reader")
    assert answer.json()["reader_key"] == OTHER_KEY
    assert not SealedNote.objects.exists()


def test_a_fault_is_a_code_and_stands_in_the_history(three: Three, named: Tip) -> None:
    row = in_state(S.APPROVED, named, three)
    client = at_desk(three.custodian)

    answers = [client.post(url(row, "fault/"), {"fault": code}).status_code for code in ("not_opened", NAME)]

    assert answers == [200, 422]
    page = text(client.get(url(row)))
    assert "信封打不开" in page
    assert NAME not in page


def test_opening_page_is_for_whoever_may_open_now(three: Three, named: Tip) -> None:
    row = in_state(S.APPROVED, named, three)

    page = at_desk(three.custodian).get(url(row, "open/"))
    others = [at_desk(user).get(url(row, "open/")) for user in (three.approver, three.asker)]

    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)
    assert "用完，立即封存" in text(page)
    assert [(answer.status_code, answer["Location"]) for answer in others] == [(302, url(row))] * 2


def test_the_doors_take_no_other_method(three: Three, named: Tip) -> None:
    row = in_state(S.OPENED, named, three)
    client = at_desk(three.asker)

    assert {client.get(url(row, door)).status_code for door in ("key/", "envelope/", "note/", "read/")} == {
        405
    }


# --- originals and the sheet -----------------------------------------------------------------------------------


@pytest.fixture
def original(three: Three, named: Tip) -> UnsealRequest:
    """Return an original in the hands of a custodian, with its hash recorded."""
    now, photo = timezone.now(), str(named.photos.get().public_id)
    row = custody_steps.asked(named, three, at=now, target="original", photo=photo, purpose="evidence")
    custody_steps.approved(row, three, at=now)
    at_desk(three.custodian).post(url(row, "envelope/"))
    return row


def test_an_original_passes_from_hand_to_hand(three: Three, named: Tip, original: UnsealRequest) -> None:
    client, digest = at_desk(three.custodian), "ab" * 32

    sealed = client.get(url(original, "file/"))
    client.post(url(original, "note/"), {"opened_sha256": digest})
    wrong = at_desk(three.asker).post(url(original, "confirm/"), {"sha256": "cd" * 32})
    unreadable = at_desk(three.asker).post(url(original, "confirm/"), {"sha256": "x"})
    right = at_desk(three.asker).post(url(original, "confirm/"), {"sha256": digest})

    assert sha256(sealed.content).hexdigest() == named.photos.get().sealed_sha256
    assert (sealed["Content-Type"], "no-store" in sealed["Cache-Control"]) == (
        "application/octet-stream",
        True,
    )
    assert [wrong.status_code, unreadable.status_code, right.status_code] == [409, 422, 302]
    assert "不一致" in text(wrong)
    assert UnsealRequest.objects.get().status == S.READ


def test_the_sealed_file_wants_the_password_of_a_moment_ago(
    three: Three, named: Tip, original: UnsealRequest
) -> None:
    before = AuditRow.objects.filter(action="unseal.file").count()

    answer = stale(three.custodian).get(url(original, "file/"))
    logged = AuditRow.objects.filter(action="unseal.file").count()
    again = at_desk(three.custodian).get(url(original, "file/"))

    assert (answer.status_code, answer["X-Reauthentication"], logged - before) == (401, "required", 0)
    assert again.content not in answer.content
    assert sha256(again.content).hexdigest() == named.photos.get().sealed_sha256


def test_confirming_wants_the_password_first_and_keeps_the_hash(
    three: Three, original: UnsealRequest
) -> None:
    digest, client = "ab" * 32, stale(three.asker)
    at_desk(three.custodian).post(url(original, "note/"), {"opened_sha256": digest})

    asked = client.post(url(original, "confirm/"), {"sha256": digest})
    waiting = UnsealRequest.objects.get().status
    done = client.post(url(original, "confirm/"), {"sha256": digest, **once_more(three.asker)})

    assert (asked.status_code, waiting) == (401, S.OPENED)
    assert f'name="sha256" value="{digest}"' in text(asked)
    assert (done.status_code, UnsealRequest.objects.get().status) == (302, S.READ)


def test_the_sheet_says_who_when_why_and_both_hashes(
    three: Three, named: Tip, original: UnsealRequest
) -> None:
    digest = "ab" * 32
    originals.hand_over(
        request_id=original.public_id, opened_sha256=digest, actor=three.custodian, at=timezone.now()
    )

    page = text(at_desk(three.custodian).get(url(original, "sheet/")))

    expected = [
        "赵敏",
        "周文",
        "孙静",
        REASON,
        ANSWER,
        digest,
        named.photos.get().sealed_sha256,
        original.number,
    ]
    assert [word for word in expected if word not in page] == []


def test_there_is_no_sheet_before_anything_was_handed_out(three: Three, named: Tip) -> None:
    row = in_state(S.APPROVED, named, three)

    assert at_desk(three.custodian).get(url(row, "sheet/")).status_code == 404


def test_log_of_a_tip_names_the_acts_of_opening(three: Three, named: Tip) -> None:
    in_state(S.OPENED, named, three)

    page = text(at_desk(three.approver).get(f"/admin/tips/{named.number}/"))

    assert [
        word for word in ("申请启封", "批准启封", "领取密封信封", "便条封给申请人") if word not in page
    ] == []

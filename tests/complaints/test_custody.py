"""Opening takes three people: asked, approved for a time, handed to one custodian, read once; every step on record."""

from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import IntegrityError, transaction

from complaints.crypto.envelope import fingerprint
from complaints.enums import IdentityMode, Role, UnsealAct, UnsealFault, UnsealStatus, UnsealTarget
from complaints.errors import (
    ComplaintError,
    DraftInvalid,
    NotAllowed,
    RequestNotFound,
    TipNotFound,
    UnsealRefused,
)
from complaints.models import (
    AuditRow,
    DeadlinePolicy,
    IdentityAccess,
    Membership,
    Notice,
    SealedNote,
    Tip,
    UnsealRequest,
)
from complaints.selectors.custody import acts_open_to, people_for, request_for, requests_on
from complaints.services import audit_check, custody, unseal_expiry
from complaints.services.daily import run_daily
from tests.custody_steps import (
    ANSWER,
    BOTH,
    NAME,
    NEXT_DAY,
    NOW,
    OTHER_KEY,
    PHONE,
    READER_KEY,
    REASON,
    Three,
    approved,
    asked,
    delivered,
    handed_out,
    random_note,
    read_in_tab,
    ready,
    request_in,
    sealed_note,
    three,
    wish,
)
from tests.factories import TODAY, TipFactory, UserFactory
from tests.fixtures import YANTA, City
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
S, F = UnsealStatus, UnsealFault


@pytest.fixture
def people(city: City) -> Three:
    return three(city)


@pytest.fixture
def tip(city: City) -> Tip:
    row: Tip = TipFactory(district=YANTA, real_name=True)
    return row


@pytest.fixture
def nameless(city: City) -> Tip:
    row: Tip = TipFactory(district=YANTA, identity_mode=IdentityMode.ANONYMOUS)
    return row


def state(row: UnsealRequest) -> str:
    return UnsealRequest.objects.get(pk=row.pk).status


def acts(row: UnsealRequest) -> list[str]:
    return list(row.steps.values_list("act", flat=True))


def refused_rows(code: str) -> list[AuditRow]:
    return [row for row in AuditRow.objects.filter(action="unseal.refused") if row.data["code"] == code]


def refusal(call: Callable[[], Any]) -> ComplaintError:
    with pytest.raises(ComplaintError) as caught:
        call()
    return caught.value


# --- the whole way ---------------------------------------------------------------------------------------------


def test_the_whole_way_from_asking_to_reading_once(tip: Tip, people: Three) -> None:
    row = asked(tip, people)
    approved(row, people)
    ready(row, people)
    out = handed_out(row, people)
    delivered(row, people)

    note = custody.read_note(request_id=row.public_id, actor=people.asker, at=NOW)

    assert out.thing.envelope == tip.sealed_identity.envelope
    assert (out.thing.binding, out.thing.field, out.thing.vault_version) == (
        tip.idempotency_key,
        "identity",
        1,
    )
    assert read_in_tab(note, row.public_id) == {"name": NAME, "phone": PHONE}
    assert state(row) == S.READ
    assert not SealedNote.objects.exists()
    assert acts(row) == ["ask", "approve", "give_key", "hand_out", "deliver", "read"]
    assert audit_check.first_fault() is None


def test_every_step_is_a_row_of_the_log_without_words(tip: Tip, people: Three) -> None:
    request_in(S.READ, tip=tip, people=people)

    rows = AuditRow.objects.filter(subject=tip.number, action__startswith="unseal.").order_by("sequence")

    assert [(row.action, row.actor) for row in rows] == [
        ("unseal.ask", people.asker),
        ("unseal.approve", people.approver),
        ("unseal.give_key", people.asker),
        ("unseal.hand_out", people.custodian),
        ("unseal.deliver", people.custodian),
        ("unseal.read", people.asker),
    ]
    said = str([(row.subject, row.data) for row in AuditRow.objects.all()])
    assert not [word for word in (REASON, ANSWER, NAME, PHONE) if word in said]


def test_an_access_row_stands_beside_each_envelope_handed_out(tip: Tip, people: Three) -> None:
    row = request_in(S.APPROVED, tip=tip, people=people)
    ready(row, people)

    handed_out(row, people)
    handed_out(row, people)

    found = IdentityAccess.objects.all()
    assert [(one.custodian, one.asker, one.approver, one.vault_version) for one in found] == [
        (people.custodian, people.asker, people.approver, 1)
    ] * 2
    assert {len(one.sealed_sha256) for one in found} == {64}


def test_reason_and_answer_are_encrypted_at_rest(tip: Tip, people: Three) -> None:
    row = request_in(S.APPROVED, tip=tip, people=people)

    stored = bytes(row.reason_sealed) + bytes(row.answer_sealed)

    assert (row.reason, row.answer) == (REASON, ANSWER)
    assert REASON.encode() not in stored
    assert ANSWER.encode() not in stored


def test_nothing_of_reason_or_name_reaches_the_logs(
    tip: Tip, people: Three, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    row = request_in(S.READ, tip=tip, people=people)
    refusal(lambda: custody.read_note(request_id=row.public_id, actor=people.asker, at=NOW))
    refusal(lambda: handed_out(row, people))

    said = caplog.text + str(
        [record.args for record in caplog.records if record.name != "django.db.backends"]
    )
    assert [word for word in (REASON, ANSWER, NAME, PHONE) if word in said] == []


# --- asking ----------------------------------------------------------------------------------------------------


def test_asking_tells_nothing_about_a_name(tip: Tip, nameless: Tip, people: Three) -> None:
    rows = [asked(one, people) for one in (tip, nameless)]

    shown = [
        (row.status, acts(row), acts_open_to(user=people.asker, row=row, now=NOW), row.valid_until)
        for row in rows
    ]

    assert shown[0] == shown[1]


def test_after_the_approval_of_a_nameless_tip_there_is_nothing_to_open(nameless: Tip, people: Three) -> None:
    row = asked(nameless, people)
    ready(row, people)

    approved(row, people)

    assert state(row) == S.NOTHING
    assert acts(row) == ["ask", "give_key", "approve", "find_nothing"]
    assert refusal(lambda: handed_out(row, people)).code == F.NOT_NOW


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"reason": "  "}, {"reason"}),
        ({"reason": "x" * 3001}, {"reason"}),
        ({"purpose": ""}, {"purpose"}),
        ({"purpose": "curiosity"}, {"purpose"}),
        ({"target": "everything"}, {"target"}),
        ({"target": "original", "photo": "no-uuid"}, {"target"}),
        ({"target": "original", "photo": str(uuid4())}, {"target"}),
        ({"target": "x", "purpose": "x", "reason": ""}, {"target", "purpose", "reason"}),
    ],
)
def test_asking_needs_what_and_why(tip: Tip, people: Three, values: dict[str, str], fields: set[str]) -> None:
    with pytest.raises(DraftInvalid) as caught:
        asked(tip, people, **values)

    assert {problem.field for problem in caught.value.problems} == fields
    assert not UnsealRequest.objects.exists()


def test_asking_twice_makes_one_request(tip: Tip, people: Three) -> None:
    asked(tip, people)

    assert refusal(lambda: asked(tip, people)).code == F.WAITING
    assert UnsealRequest.objects.count() == 1


@pytest.mark.parametrize("status", [S.REFUSED, S.OPENED, S.READ, S.EXPIRED])
def test_whoever_was_refused_late_or_lost_the_note_asks_again(
    tip: Tip, people: Three, status: UnsealStatus
) -> None:
    first = request_in(status, tip=tip, people=people)

    second = asked(tip, people)

    assert second.pk != first.pk
    assert state(first) == status


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CUSTODIAN, Role.EDITOR, Role.PAYER])
def test_others_cannot_ask(tip: Tip, city: City, role: Role) -> None:
    somebody = UserFactory(roles=[(role, city.yanta)])

    with pytest.raises((NotAllowed, TipNotFound)):
        custody.ask(tip_id=tip.pk, wish=wish(), actor=somebody, at=NOW)

    assert AuditRow.objects.filter(action="tip.refused", actor=somebody).exists()


def test_the_town_on_the_spot_sees_the_tip_but_asks_for_no_name(city: City) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code, real_name=True)
    officer = UserFactory(roles=[(Role.OFFICER, city.town)])
    Tip.objects.filter(pk=tip.pk).update(handling_unit=city.yanta)

    with pytest.raises(NotAllowed):
        custody.ask(tip_id=tip.pk, wish=wish(), actor=officer, at=NOW)


def test_a_claim_is_asked_for_by_the_payer_alone(tip: Tip, city: City, people: Three) -> None:
    payer = UserFactory(roles=[(Role.PAYER, city.city)])

    row = custody.ask(tip_id=tip.pk, wish=wish(target="claim"), actor=payer, at=NOW)

    assert row.target == UnsealTarget.CLAIM
    with pytest.raises(TipNotFound):
        asked(tip, people, target="claim")


# --- deciding --------------------------------------------------------------------------------------------------


def test_leaders_of_the_unit_and_above_decide(tip: Tip, city: City, people: Three) -> None:
    above = UserFactory(roles=[(Role.LEADER, city.city)])
    UserFactory(roles=[(Role.LEADER, city.lianhu)])
    UserFactory(roles=[(Role.LEADER, city.yanta)], is_active=False)
    row = asked(tip, people)

    found = people_for(row=row, role=Role.LEADER)

    assert found == [people.approver, above]


def test_a_leader_never_approves_an_own_request(tip: Tip, city: City, people: Three) -> None:
    leader = UserFactory(roles=[(Role.LEADER, city.yanta)])
    row = custody.ask(tip_id=tip.pk, wish=wish(), actor=leader, at=NOW)

    error = refusal(
        lambda: custody.approve(request_id=row.public_id, answer=ANSWER, confirmed=BOTH, actor=leader, at=NOW)
    )

    assert error.code == F.BOTH_ENDS
    assert state(row) == S.ASKED
    assert [one.actor for one in refused_rows("both_ends")] == [leader]


def test_nothing_approves_itself(tip: Tip, people: Three) -> None:
    row = asked(tip, people)
    Membership.objects.filter(role__in=(Role.LEADER, Role.CUSTODIAN)).delete()

    run_daily(today=TODAY, now=NOW + timedelta(days=400))

    assert state(row) == S.ASKED
    assert people_for(row=row, role=Role.LEADER) == []


@pytest.mark.parametrize(
    ("answer", "confirmed", "fields"),
    [
        ("", BOTH, {"answer"}),
        (ANSWER, (), {"confirmed"}),
        (ANSWER, BOTH[:1], {"confirmed"}),
        (" ", (), {"answer", "confirmed"}),
    ],
)
def test_an_approval_needs_both_confirmations_and_a_reason(
    tip: Tip, people: Three, answer: str, confirmed: tuple[str, ...], fields: set[str]
) -> None:
    row = asked(tip, people)

    with pytest.raises(DraftInvalid) as caught:
        custody.approve(
            request_id=row.public_id, answer=answer, confirmed=confirmed, actor=people.approver, at=NOW
        )

    assert {problem.field for problem in caught.value.problems} == fields
    assert state(row) == S.ASKED


def test_the_hours_come_from_the_policy_of_the_day(tip: Tip, people: Three) -> None:
    DeadlinePolicy.objects.create(effective_from=TODAY, unseal_hours=2)

    row = approved(asked(tip, people), people)

    assert row.valid_until == NOW + timedelta(hours=2)


def test_a_returned_request_stays_on_record_with_its_answer(tip: Tip, people: Three) -> None:
    row = request_in(S.REFUSED, tip=tip, people=people)

    assert (row.status, row.answer, row.approver) == (S.REFUSED, "请先用留言询问", people.approver)
    assert refusal(lambda: approved(row, people)).code == F.NOT_NOW


def test_an_officer_of_the_unit_neither_approves_nor_sees_it(tip: Tip, city: City, people: Three) -> None:
    colleague = UserFactory(roles=[(Role.OFFICER, city.yanta)])
    row = asked(tip, people)

    error = refusal(
        lambda: custody.approve(
            request_id=row.public_id, answer=ANSWER, confirmed=BOTH, actor=colleague, at=NOW
        )
    )

    assert isinstance(error, RequestNotFound)
    assert requests_on(tip=tip, user=colleague, now=NOW) == []
    assert [one.actor for one in refused_rows("not_found")] == [colleague]


# --- handing out -----------------------------------------------------------------------------------------------


@pytest.fixture
def open_to_read(tip: Tip, people: Three) -> UnsealRequest:
    """Return an approved request whose asker waits at an open page."""
    row = request_in(S.APPROVED, tip=tip, people=people)
    ready(row, people)
    return row


def test_no_envelope_before_the_approval(tip: Tip, people: Three) -> None:
    row = asked(tip, people)
    ready(row, people)

    assert refusal(lambda: handed_out(row, people)).code == F.NOT_NOW
    assert not IdentityAccess.objects.exists()


def test_no_envelope_after_the_approval_ran_out(open_to_read: UnsealRequest, people: Three) -> None:
    assert refusal(lambda: handed_out(open_to_read, people, at=NEXT_DAY)).code == F.TOO_LATE
    assert not IdentityAccess.objects.exists()
    assert [one.actor for one in refused_rows("too_late")] == [people.custodian]


def test_no_envelope_while_nobody_waits_for_the_note(tip: Tip, people: Three) -> None:
    row = request_in(S.APPROVED, tip=tip, people=people)

    assert refusal(lambda: handed_out(row, people)).code == F.NO_READER


def test_no_envelope_for_somebody_who_has_left_the_tip(open_to_read: UnsealRequest, people: Three) -> None:
    Membership.objects.filter(user=people.asker).delete()

    assert refusal(lambda: handed_out(open_to_read, people)).code == F.ASKER_GONE


def test_no_envelope_for_an_account_that_was_closed(open_to_read: UnsealRequest, people: Three) -> None:
    User.objects.filter(pk=people.asker.pk).update(is_active=False)

    assert refusal(lambda: handed_out(open_to_read, people)).code == F.ASKER_GONE


def test_whoever_approved_does_not_open(open_to_read: UnsealRequest, city: City, people: Three) -> None:
    Membership.objects.create(user=people.approver, office=city.city, role=Role.CUSTODIAN)

    error = refusal(
        lambda: custody.hand_out(request_id=open_to_read.public_id, actor=people.approver, at=NOW)
    )

    assert error.code == F.BOTH_ENDS


def test_custodians_of_another_unit_do_not_know_the_request(open_to_read: UnsealRequest, city: City) -> None:
    foreign = UserFactory(roles=[(Role.CUSTODIAN, city.lianhu)])

    error = refusal(lambda: custody.hand_out(request_id=open_to_read.public_id, actor=foreign, at=NOW))

    assert isinstance(error, RequestNotFound)


def test_a_superuser_is_nobody_at_every_door(open_to_read: UnsealRequest, administrator: User) -> None:
    who = {"request_id": open_to_read.public_id, "actor": administrator, "at": NOW}
    doors: list[Callable[[], Any]] = [
        lambda: custody.approve(**who, answer=ANSWER, confirmed=BOTH),
        lambda: custody.refuse(**who, answer=ANSWER),
        lambda: custody.give_key(**who, public_key=READER_KEY),
        lambda: custody.hand_out(**who),
        lambda: custody.report_fault(**who, fault="not_opened"),
        lambda: custody.deliver_note(**who, note=random_note(), reader_key=READER_KEY),
        lambda: custody.read_note(**who),
    ]

    codes = {refusal(door).code for door in doors}

    assert codes == {"not_found"}
    assert len(refused_rows("not_found")) == len(doors)
    with pytest.raises(RequestNotFound):
        request_for(user=administrator, public_id=open_to_read.public_id)


def test_a_custodian_reports_what_did_not_open(open_to_read: UnsealRequest, people: Three) -> None:
    custody.report_fault(
        request_id=open_to_read.public_id, fault="wrong_passphrase", actor=people.custodian, at=NOW
    )

    assert open_to_read.steps.last().detail == "wrong_passphrase"
    assert AuditRow.objects.get(action="unseal.report_fault").data["detail"] == "wrong_passphrase"
    assert state(open_to_read) == S.APPROVED


def test_words_are_no_fault_code(open_to_read: UnsealRequest, people: Three) -> None:
    with pytest.raises(DraftInvalid):
        custody.report_fault(request_id=open_to_read.public_id, fault=NAME, actor=people.custodian, at=NOW)


# --- the note --------------------------------------------------------------------------------------------------


def test_a_note_to_a_key_that_was_replaced_is_refused(open_to_read: UnsealRequest, people: Three) -> None:
    handed_out(open_to_read, people)
    ready(open_to_read, people, key=OTHER_KEY)

    assert refusal(lambda: delivered(open_to_read, people)).code == F.OTHER_READER
    assert not SealedNote.objects.exists()


def test_a_note_is_delivered_once(open_to_read: UnsealRequest, people: Three) -> None:
    handed_out(open_to_read, people)
    delivered(open_to_read, people)

    assert refusal(lambda: delivered(open_to_read, people)).code == F.NOT_NOW
    assert refusal(lambda: handed_out(open_to_read, people)).code == F.NOT_NOW


def test_after_the_note_a_new_tab_has_to_ask_again(open_to_read: UnsealRequest, people: Three) -> None:
    handed_out(open_to_read, people)
    delivered(open_to_read, people)

    assert refusal(lambda: ready(open_to_read, people, key=OTHER_KEY)).code == F.NOT_NOW


@pytest.mark.parametrize(
    "note",
    [
        "",
        "{",
        "[]",
        '{"name": "张三丰", "phone": "13800001234"}',
        '{"v":1,"suite":"xwing-hkdf256-a256gcm","vault":0,"ct":"5byg5LiJ5Liw"}',
        '{"v":1,"suite":"xwing-hkdf256-a256gcm","vault":0,"ct":7}',
        '{"v":1,"suite":"xwing-hkdf256-a256gcm","vault":0,"ct":"*"}',
        "x" * 4000,
    ],
)
def test_clear_text_is_no_note(open_to_read: UnsealRequest, people: Three, note: str) -> None:
    handed_out(open_to_read, people)

    with pytest.raises(DraftInvalid):
        custody.deliver_note(
            request_id=open_to_read.public_id,
            note=note,
            reader_key=READER_KEY,
            actor=people.custodian,
            at=NOW,
        )

    assert not SealedNote.objects.exists()


@pytest.mark.parametrize("text", ["", "x", "5byg", READER_KEY[:-4], READER_KEY + "AAAA", "A" * 5000])
def test_other_texts_are_no_key(tip: Tip, people: Three, text: str) -> None:
    row = asked(tip, people)

    with pytest.raises(DraftInvalid):
        ready(row, people, key=text)


def test_the_envelope_of_a_vault_is_no_note(open_to_read: UnsealRequest, tip: Tip, people: Three) -> None:
    """A custodian's page that passed the name on sealed to the vault would lose it: the asker could not read it."""
    handed_out(open_to_read, people)

    with pytest.raises(DraftInvalid):
        custody.deliver_note(
            request_id=open_to_read.public_id,
            note=tip.sealed_identity.envelope,
            reader_key=READER_KEY,
            actor=people.custodian,
            at=NOW,
        )


def test_a_note_is_read_once(tip: Tip, people: Three) -> None:
    row = request_in(S.READ, tip=tip, people=people)

    error = refusal(lambda: custody.read_note(request_id=row.public_id, actor=people.asker, at=NOW))

    assert error.code == F.NOT_NOW


def test_nobody_but_the_asker_reads(tip: Tip, people: Three) -> None:
    row = request_in(S.OPENED, tip=tip, people=people)

    for other in (people.approver, people.custodian, people.second):
        assert isinstance(
            refusal(lambda who=other: custody.read_note(request_id=row.public_id, actor=who, at=NOW)),
            NotAllowed,
        )

    assert SealedNote.objects.count() == 1


def test_a_note_moved_to_another_request_does_not_open(tip: Tip, people: Three) -> None:
    from complaints.crypto.envelope import DecryptionError

    row = request_in(S.OPENED, tip=tip, people=people)

    with pytest.raises(DecryptionError):
        read_in_tab(sealed_note(uuid4()), row.public_id)


# --- time ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [S.APPROVED, S.OPENED])
def test_what_is_over_ends_and_the_note_goes(tip: Tip, people: Three, status: UnsealStatus) -> None:
    row = request_in(status, tip=tip, people=people)

    ended = [unseal_expiry.expire(at=moment) for moment in (NOW + timedelta(hours=24), NEXT_DAY, NEXT_DAY)]

    assert ended == [0, 1, 0]
    assert state(row) == S.EXPIRED
    assert not SealedNote.objects.exists()
    assert acts(row)[-1] == "expire"


def test_an_envelope_handed_out_without_a_note_ends_too(open_to_read: UnsealRequest, people: Three) -> None:
    handed_out(open_to_read, people)

    assert unseal_expiry.expire(at=NEXT_DAY) == 1
    assert refusal(lambda: delivered(open_to_read, people, at=NEXT_DAY)).code == F.TOO_LATE


def test_a_note_is_not_read_late_even_before_the_daily_task(tip: Tip, people: Three) -> None:
    row = request_in(S.OPENED, tip=tip, people=people)

    error = refusal(lambda: custody.read_note(request_id=row.public_id, actor=people.asker, at=NEXT_DAY))

    assert error.code == F.TOO_LATE


def test_the_daily_task_ends_what_is_over(tip: Tip, people: Three) -> None:
    row = request_in(S.OPENED, tip=tip, people=people)

    report = run_daily(today=TODAY + timedelta(days=1), now=NEXT_DAY)

    assert report.counts["expire_openings"] == 1
    assert state(row) == S.EXPIRED


# --- at the same moment ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_custodians_at_once_one_holds_the_envelope(city: City) -> None:
    people, tip = three(city), TipFactory(district=YANTA, real_name=True)
    row = request_in(S.APPROVED, tip=tip, people=people)
    ready(row, people)

    results = at_once(
        [
            lambda who=who: custody.hand_out(request_id=row.public_id, actor=who, at=NOW)
            for who in (people.custodian, people.second)
        ]
    )

    refused = [one for one in results if isinstance(one, UnsealRefused)]
    assert [one.fault for one in refused] == [F.TAKEN]
    assert sum(isinstance(one, custody.HandedOut) for one in results) == 1
    assert IdentityAccess.objects.count() == 1
    assert len(refused_rows("taken")) == 1
    assert audit_check.first_fault() is None


@pytest.mark.django_db(transaction=True)
def test_two_tabs_reading_at_once_get_one_note(city: City) -> None:
    people, tip = three(city), TipFactory(district=YANTA, real_name=True)
    row = request_in(S.OPENED, tip=tip, people=people)

    results = at_once([lambda: custody.read_note(request_id=row.public_id, actor=people.asker, at=NOW)] * 4)

    assert sum(isinstance(one, str) for one in results) == 1
    assert {one.code for one in results if isinstance(one, ComplaintError)} == {F.NOT_NOW}


@pytest.mark.django_db(transaction=True)
def test_a_leader_who_approves_while_another_returns_decides_once(city: City) -> None:
    people, tip = three(city), TipFactory(district=YANTA, real_name=True)
    other = UserFactory(roles=[(Role.LEADER, city.city)])
    row = asked(tip, people)

    results = at_once(
        [
            lambda: approved(row, people),
            lambda: custody.refuse(request_id=row.public_id, answer=ANSWER, actor=other, at=NOW),
        ]
    )

    assert sum(isinstance(one, UnsealRefused) for one in results) == 1
    assert len(set(acts(row)) & {"approve", "refuse"}) == 1


# --- what the database itself refuses --------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["approver", "custodian"])
def test_the_database_refuses_the_asker_at_another_end(tip: Tip, people: Three, column: str) -> None:
    row = asked(tip, people)

    with pytest.raises(IntegrityError), transaction.atomic():
        UnsealRequest.objects.filter(pk=row.pk).update(**{column: people.asker})


def test_the_database_refuses_the_approver_as_custodian(tip: Tip, people: Three) -> None:
    row = request_in(S.APPROVED, tip=tip, people=people)

    with pytest.raises(IntegrityError), transaction.atomic():
        UnsealRequest.objects.filter(pk=row.pk).update(custodian=people.approver)


# --- notices ---------------------------------------------------------------------------------------------------


@pytest.fixture
def told(django_capture_on_commit_callbacks: Any) -> Callable[[Callable[[], Any]], set[str]]:
    """Return a function that takes a step and returns who has a notice because of it."""

    def run(call: Callable[[], Any]) -> set[str]:
        Notice.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            call()
        return set(Notice.objects.values_list("user__username", flat=True))

    return run


def test_each_step_tells_whoever_is_next(
    tip: Tip, people: Three, told: Callable[[Callable[[], Any]], set[str]]
) -> None:
    found: list[UnsealRequest] = []

    assert told(lambda: found.append(asked(tip, people))) == {"approver"}
    row = found[0]
    assert told(lambda: ready(row, people)) == set()
    assert told(lambda: approved(row, people)) == {"asker", "custodian", "second"}
    assert told(lambda: ready(row, people)) == {"custodian", "second"}
    assert told(lambda: handed_out(row, people)) == set()
    assert told(lambda: delivered(row, people)) == {"asker"}
    assert told(lambda: custody.read_note(request_id=row.public_id, actor=people.asker, at=NOW)) == set()


def test_letters_say_nothing_about_the_opening(
    tip: Tip, people: Three, told: Callable[[Callable[[], Any]], set[str]]
) -> None:
    User.objects.filter(pk=people.approver.pk).update(email="leader@example.org")

    told(lambda: asked(tip, people))

    letter = mail.outbox[0]
    assert letter.to == ["leader@example.org"]
    assert not [word for word in (tip.number, REASON, "启封", "身份") if word in letter.subject + letter.body]


def test_each_act_has_a_name() -> None:
    assert all(str(act.label) for act in UnsealAct)


def test_the_log_names_the_key_a_note_was_sealed_to(tip: Tip, people: Three) -> None:
    row = request_in(UnsealStatus.OPENED, tip=tip, people=people)

    rows = AuditRow.objects.filter(action__in=("unseal.give_key", "unseal.deliver"), data__request=row.pk)
    assert {one.action: one.data["reader"] for one in rows} == {
        "unseal.give_key": fingerprint(b64decode(READER_KEY)),
        "unseal.deliver": fingerprint(b64decode(READER_KEY)),
    }

"""Claiming and paying: notice, claim code, three ways to collect, one payment, counter-entries, and who may do what."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from complaints.crypto import envelope as cipher
from complaints.enums import (
    ClaimAct,
    ClaimState,
    ClaimWay,
    IdentityMode,
    LedgerAccount,
    LedgerAct,
    Problem,
    RewardFault,
    RewardState,
    Role,
)
from complaints.errors import (
    ComplaintError,
    DraftInvalid,
    NotAllowed,
    ReceiptUnknown,
    RequestNotFound,
    RewardRefused,
    VaultUnavailable,
)
from complaints.models import (
    AuditRow,
    LedgerEntry,
    Office,
    RewardBudget,
    RewardClaim,
    RewardPolicy,
    SealedClaim,
)
from complaints.selectors.ledger import balances, faulty_budgets
from complaints.services import receipts
from complaints.services.claim_terms import extend, forfeit, release, remind
from complaints.services.claims import show_code
from complaints.services.payments import pay, pay_at_counter, unpay, void_code
from complaints.services.reporter import progress_for_receipt
from tests.claim_steps import DETAILS, Approved, approved, claim, code_for, sealed_details
from tests.factories import TODAY, VAULT_SEED, UserFactory, noon
from tests.fixtures import City
from tests.reward_steps import AT, Three, approve, fined_tip, propose, three

pytestmark = pytest.mark.django_db
WITH_CODE, NAMED, PURE = (
    IdentityMode.ANONYMOUS_WITH_CODE,
    IdentityMode.REAL_NAME,
    IdentityMode.ANONYMOUS,
)


@pytest.fixture
def people(city: City) -> Three:
    RewardPolicy.objects.update(eligible_identity_modes=[mode.value for mode in IdentityMode])
    return three(city)


@pytest.fixture
def named(city: City, people: Three) -> Approved:
    return approved(city, people)


@pytest.fixture
def coded(city: City, people: Three) -> Approved:
    return approved(city, people, mode=WITH_CODE)


@pytest.fixture
def pure(city: City, people: Three) -> Approved:
    return approved(city, people, mode=PURE)


def refused(act: Any) -> ComplaintError:
    before = AuditRow.objects.filter(action__in=("tip.refused", "reward.refused")).count()
    with pytest.raises(ComplaintError) as error:
        act()
    after = AuditRow.objects.filter(action__in=("tip.refused", "reward.refused")).count()
    is_key = isinstance(error.value, ReceiptUnknown)
    assert after - before in ((0, 1) if is_key else (1,)), "a refusal leaves one row"
    return error.value


def fault(act: Any) -> RewardFault:
    error = refused(act)
    assert isinstance(error, RewardRefused), error
    return error.fault


def paid(given: Approved, people: Three, **values: Any) -> RewardClaim:
    return pay(number=given.row.number, actor=people.payer, at=AT, **values)


def at_counter(given: Approved, people: Three, code: str, **values: Any) -> RewardClaim:
    plain = {
        "number": given.row.number,
        "receipt": given.receipt,
        "code": code,
        "actor": people.payer,
        "at": AT,
    }
    return pay_at_counter(**{**plain, **values})


def standing() -> tuple[int, int, int]:
    budget = RewardBudget.objects.get()
    assert faulty_budgets() == []
    return budget.reserved_cents, budget.paid_cents, budget.available_cents


# --- the notice -----------------------------------------------------------------------------------------------------


def test_an_approval_makes_the_notice(city: City, named: Approved) -> None:
    [notice] = progress_for_receipt(typed=named.receipt).rewards

    assert (notice.number, notice.state, str(notice.amount)) == (
        named.row.number,
        ClaimState.NOTICED,
        "15000.00",
    )
    assert (notice.is_online, notice.needs_code, notice.code_date) == (True, False, None)
    assert notice.due_date >= TODAY + timedelta(days=60)
    assert [step.act for step in named.claim.steps.all()] == [ClaimAct.NOTICE]


def test_no_claim_follows_a_decision_without_money(city: City, people: Three) -> None:
    tip = fined_tip(100000)
    row = propose(tip, people.proposer, is_already_known=True)
    from complaints.services.rewards import approve_reward

    approve_reward(number=row.number, actor=people.approver, at=AT)

    assert not RewardClaim.objects.exists()
    assert progress_for_receipt(typed=tip.acknowledgement.receipt).rewards == ()


def test_the_place_is_that_of_the_unit_or_of_the_one_above(city: City, named: Approved) -> None:
    Office.objects.filter(pk=city.city.pk).update(claim_place="市局一楼大厅", phone="12350")

    [notice] = progress_for_receipt(typed=named.receipt).rewards

    assert (notice.place, notice.phone) == ("市局一楼大厅", "12350")


# --- claiming ---------------------------------------------------------------------------------------------------------


def test_a_named_reporter_claims_with_the_receipt(named: Approved) -> None:
    claim(named.tip)

    row, sealed = named.claim, SealedClaim.objects.get()
    assert (row.state, row.way, row.claimed_date) == (ClaimState.CLAIMED, ClaimWay.SEALED, TODAY)
    opened = cipher.open_fields(
        seed=VAULT_SEED,
        envelope=cipher.Envelope.parse(sealed.envelope),
        binding=named.tip.number,
        field="claim",
    )
    assert opened == DETAILS


def test_what_a_reporter_does_leaves_a_day_in_the_history_and_nothing_in_the_log(coded: Approved) -> None:
    before = AuditRow.objects.count()

    claim(coded.tip, code=code_for(coded.tip))

    assert (
        AuditRow.objects.count() == before
    )  # between rows with minutes it would tell when the reporter was there
    taken = dict(coded.claim.steps.values_list("act", "taken_at"))
    assert taken[ClaimAct.CLAIM] is None
    assert taken[ClaimAct.SHOW_CODE] is None


def test_an_anonymous_reporter_claims_with_receipt_and_code(coded: Approved) -> None:
    assert fault(lambda: claim(coded.tip)) == RewardFault.NO_CODE
    code = code_for(coded.tip)
    assert fault(lambda: claim(coded.tip)) == RewardFault.WRONG_CODE
    assert fault(lambda: claim(coded.tip, code=coded.receipt)) == RewardFault.WRONG_CODE

    claim(coded.tip, code=code.lower().replace("-", " "))

    assert coded.claim.state == ClaimState.CLAIMED


def test_a_claim_with_another_tips_code(city: City, people: Three, coded: Approved) -> None:
    other = approved(city, people, mode=WITH_CODE)
    code_for(coded.tip)

    assert fault(lambda: claim(coded.tip, code=code_for(other.tip))) == RewardFault.WRONG_CODE
    foreign = other.row.number
    assert fault(lambda: claim(coded.tip, number=foreign, code="x")) == RewardFault.NO_CLAIM
    assert coded.claim.state == ClaimState.NOTICED


def test_a_code_is_shown_once_and_kept_as_a_slow_hash(coded: Approved) -> None:
    code = code_for(coded.tip)

    assert fault(lambda: code_for(coded.tip)) == RewardFault.HAS_CODE
    kept = coded.claim
    assert len(bytes(kept.code_hash)) == 32
    assert code.replace("-", "").encode() not in bytes(kept.code_hash) + bytes(kept.code_salt)


def test_pure_anonymity_is_not_given_up_online(pure: Approved) -> None:
    code = code_for(pure.tip)

    assert fault(lambda: claim(pure.tip, code=code)) == RewardFault.IN_PERSON
    assert not SealedClaim.objects.exists()


def test_claimed_twice_is_refused(named: Approved) -> None:
    claim(named.tip)
    before = SealedClaim.objects.get().envelope

    assert fault(lambda: claim(named.tip)) == RewardFault.CLAIMED
    assert SealedClaim.objects.get().envelope == before


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem.MISSING),
        ("{}", Problem.BAD_ENVELOPE),
        ('{"name": "欧阳若水"}', Problem.BAD_ENVELOPE),
        ("x" * 5000, Problem.BAD_ENVELOPE),
    ],
)
def test_details_that_are_not_sealed_are_not_taken(named: Approved, text: str, problem: Problem) -> None:
    error = refused(lambda: claim(named.tip, envelope=text))

    assert isinstance(error, DraftInvalid)
    assert [one.problem for one in error.problems] == [problem]
    assert named.claim.state == ClaimState.NOTICED


def test_details_for_another_vault_are_not_taken(named: Approved) -> None:
    error = refused(lambda: claim(named.tip, envelope=sealed_details(named.tip, vault=2)))

    assert isinstance(error, DraftInvalid)
    assert [one.problem for one in error.problems] == [Problem.OTHER_VAULT]


def test_without_the_pinned_key_nothing_is_taken(named: Approved) -> None:
    assert isinstance(refused(lambda: claim(named.tip, vault_fingerprint="other")), VaultUnavailable)


def test_a_receipt_without_a_reward(city: City, people: Three) -> None:
    tip = fined_tip(100000)

    assert fault(lambda: claim(tip)) == RewardFault.NO_CLAIM
    assert fault(lambda: code_for(tip)) == RewardFault.NO_CLAIM


def test_after_expiry(coded: Approved) -> None:
    code, day = code_for(coded.tip), coded.claim.due_date
    remind(now=noon(day))
    last = coded.claim.due_date
    late = last + timedelta(days=1)

    assert last == day + timedelta(days=9), "a Saturday is seven days after; the Monday is a working day"
    assert forfeit(now=noon(last)) == 0
    assert fault(lambda: claim(coded.tip, code=code, today=late)) == RewardFault.CLAIM_LATE
    assert forfeit(now=noon(late)) == 1
    assert fault(lambda: claim(coded.tip, code=code, today=late)) == RewardFault.CLAIM_LATE
    assert fault(lambda: code_for(coded.tip, today=late)) in {RewardFault.HAS_CODE, RewardFault.CLAIM_LATE}


# --- paying -----------------------------------------------------------------------------------------------------------


def test_a_claimed_reward_is_paid_once(people: Three, named: Approved) -> None:
    claim(named.tip)

    row = paid(named, people)

    assert (row.state, row.way, row.payer, row.paid_date) == (
        ClaimState.PAID, ClaimWay.SEALED, people.payer, TODAY,
    )  # fmt: skip
    assert standing() == (0, 1500000, 98500000)
    logged = AuditRow.objects.get(action="reward.paid")
    assert (logged.subject, logged.actor, logged.data["cents"]) == (named.row.number, people.payer, 1500000)
    assert fault(lambda: paid(named, people)) == RewardFault.ENTERED
    assert standing() == (0, 1500000, 98500000)


def test_nothing_is_paid_before_it_is_claimed(people: Three, named: Approved) -> None:
    assert fault(lambda: paid(named, people)) == RewardFault.NOT_NOW
    assert standing()[1] == 0


def test_at_the_counter_paid_against_code(people: Three, pure: Approved) -> None:
    code = code_for(pure.tip)

    row = at_counter(pure, people, code)

    assert (row.state, row.way) == (ClaimState.PAID, ClaimWay.COUNTER)
    assert standing()[1] == 1500000
    assert not SealedClaim.objects.exists()
    assert fault(lambda: at_counter(pure, people, code)) == RewardFault.ENTERED


def test_at_the_counter_both_are_needed(city: City, people: Three, pure: Approved, named: Approved) -> None:
    assert fault(lambda: at_counter(pure, people, "")) == RewardFault.NO_CODE
    code = code_for(pure.tip)
    for wrong in ("", "x", pure.receipt, code[:-1]):
        assert fault(lambda wrong=wrong: at_counter(pure, people, wrong)) == RewardFault.WRONG_CODE
    assert fault(lambda: at_counter(pure, people, code, receipt=named.receipt)) == RewardFault.NO_CLAIM
    assert isinstance(refused(lambda: at_counter(pure, people, code, receipt="x")), ReceiptUnknown)
    assert pure.claim.state == ClaimState.NOTICED


def test_whoever_has_given_an_account_does_not_collect_in_person_as_well(
    people: Three, coded: Approved
) -> None:
    code = code_for(coded.tip)
    claim(coded.tip, code=code)

    assert fault(lambda: at_counter(coded, people, code)) == RewardFault.CLAIMED


def test_a_code_that_was_typed_at_the_counter_is_spent(people: Three, pure: Approved) -> None:
    code = code_for(pure.tip)
    at_counter(pure, people, code)

    unpay(number=pure.row.number, reason="误记", asks_anew=False, actor=people.payer, at=AT)

    assert fault(lambda: at_counter(pure, people, code)) == RewardFault.NO_CODE
    assert at_counter(pure, people, code_for(pure.tip)).payments == 2


def test_no_code_goes_unchecked_because_the_payment_was_undone_meanwhile(
    people: Three, coded: Approved, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(coded.tip, code=code_for(coded.tip))
    paid(coded, people)
    opened = receipts.open_receipt

    def undone_meanwhile(*, typed: str) -> receipts.Access:
        unpay(number=coded.row.number, reason="账号有误", asks_anew=True, actor=people.payer, at=AT)
        return opened(typed=typed)

    monkeypatch.setattr(receipts, "open_receipt", undone_meanwhile)
    assert fault(lambda: at_counter(coded, people, "wrong")) in (RewardFault.ENTERED, RewardFault.WRONG_CODE)
    assert coded.claim.state == ClaimState.NOTICED


def test_three_people(city: City, people: Three, named: Approved) -> None:
    """A payer who proposed or approved is refused, whatever roles somebody gave; another unit finds nothing."""
    claim(named.tip)
    for person in (people.proposer, people.approver):
        person.memberships.create(office=city.yanta, role=Role.PAYER)
        assert (
            fault(lambda person=person: pay(number=named.row.number, actor=person, at=AT))
            == RewardFault.OWN_PART
        )
    above = UserFactory(roles=[(Role.PAYER, city.city)])
    beside = UserFactory(roles=[(Role.PAYER, city.lianhu)])
    handler = UserFactory(roles=[(Role.OFFICER, city.yanta), (Role.LEADER, city.yanta)])
    for stranger in (above, beside, handler):
        assert isinstance(
            refused(lambda who=stranger: pay(number=named.row.number, actor=who, at=AT)), RequestNotFound
        )
    assert isinstance(
        refused(lambda: pay(number=named.row.number, actor=people.city_approver, at=AT)), NotAllowed
    )
    assert standing()[1] == 0


# --- corrections ------------------------------------------------------------------------------------------------------


def test_a_payment_that_came_back_is_undone_and_paid_again(people: Three, named: Approved) -> None:
    claim(named.tip)
    paid(named, people)

    back = unpay(number=named.row.number, reason="误记", asks_anew=False, actor=people.payer, at=AT)

    assert back.state == ClaimState.CLAIMED
    assert standing() == (1500000, 0, 98500000)
    entry = LedgerEntry.objects.filter(act=LedgerAct.UNPAY)[0]
    assert LedgerEntry.objects.filter(movement=entry.undoes, act=LedgerAct.PAY).count() == 2
    assert paid(named, people).payments == 2
    assert standing() == (0, 1500000, 98500000)


def test_the_reporter_reads_only_reasons_that_count_now(people: Three, named: Approved) -> None:
    def read() -> str:
        [notice] = progress_for_receipt(typed=named.receipt).rewards
        return notice.reason

    extend(number=named.row.number, days=5, reason="住院", actor=people.approver, at=AT)
    assert read() == "住院"
    claim(named.tip)
    assert read() == ""
    paid(named, people)
    unpay(number=named.row.number, reason="末四位 4445 输错", asks_anew=False, actor=people.payer, at=AT)
    assert read() == "", "a word of the payer to the payer"
    release(number=named.row.number, reason="处罚撤销", actor=people.approver, at=AT)
    assert read() == "处罚撤销"


def test_where_the_account_was_wrong_the_reporter_is_asked_anew(people: Three, named: Approved) -> None:
    claim(named.tip)
    paid(named, people)

    unpay(number=named.row.number, reason="账号有误，请重新填写", asks_anew=True, actor=people.payer, at=AT)

    [notice] = progress_for_receipt(typed=named.receipt).rewards
    assert (notice.state, notice.reason) == (ClaimState.NOTICED, "账号有误，请重新填写")
    assert not SealedClaim.objects.exists()
    claim(named.tip)
    assert paid(named, people).state == ClaimState.PAID


def test_a_correction_needs_a_reason_and_a_payment(people: Three, named: Approved) -> None:
    about = {"number": named.row.number, "asks_anew": True, "actor": people.payer, "at": AT}
    assert fault(lambda: unpay(reason="x", **about)) == RewardFault.NOT_NOW
    claim(named.tip)
    paid(named, people)
    assert isinstance(refused(lambda: unpay(reason=" ", **about)), DraftInvalid)
    unpay(reason="退回", **about)
    assert fault(lambda: unpay(reason="退回", **about)) == RewardFault.NOT_NOW
    assert standing() == (1500000, 0, 98500000)


def test_a_lost_code_is_made_void_and_a_new_one_shown(people: Three, pure: Approved) -> None:
    lost = code_for(pure.tip)
    about: dict[str, Any] = {"number": pure.row.number, "actor": people.payer, "at": AT}
    assert isinstance(refused(lambda: void_code(reason="", **about)), DraftInvalid)

    void_code(reason="本人到场说明遗失", **about)

    assert fault(lambda: at_counter(pure, people, lost)) == RewardFault.NO_CODE
    fresh = code_for(pure.tip)
    assert fault(lambda: at_counter(pure, people, lost)) == RewardFault.WRONG_CODE
    assert at_counter(pure, people, fresh).state == ClaimState.PAID
    assert fault(lambda: void_code(reason="x", **about)) == RewardFault.NOT_NOW


def test_taking_back_frees_the_money_and_a_new_one_may_follow(people: Three, named: Approved) -> None:
    claim(named.tip)

    release(number=named.row.number, reason="处罚决定被撤销", actor=people.approver, at=AT)

    named.row.refresh_from_db()
    assert (named.row.state, named.claim.state) == (RewardState.RELEASED, ClaimState.RELEASED)
    assert standing() == (0, 0, 100000000)
    assert balances(budget=RewardBudget.objects.get())[LedgerAccount.RELEASED] == 1500000
    assert not SealedClaim.objects.exists()
    assert progress_for_receipt(typed=named.receipt).rewards[0].reason == "处罚决定被撤销"
    assert propose(named.tip, people.proposer).proposed_cents == 1500000


def test_what_is_paid_is_not_taken_back(people: Three, named: Approved) -> None:
    claim(named.tip)
    paid(named, people)

    act = lambda: release(number=named.row.number, reason="x", actor=people.approver, at=AT)  # noqa: E731
    assert fault(act) == RewardFault.NOT_NOW


@pytest.mark.parametrize("who", ["proposer", "payer"])
def test_only_who_decides_extends_or_takes_back(people: Three, named: Approved, who: str) -> None:
    actor: User = getattr(people, who)
    about: dict[str, Any] = {"number": named.row.number, "reason": "住院", "actor": actor, "at": AT}

    assert isinstance(refused(lambda: extend(days=10, **about)), NotAllowed)
    assert isinstance(refused(lambda: release(**about)), NotAllowed)


# --- the calendar -----------------------------------------------------------------------------------------------------


def test_extended_with_a_reason_the_reporter_reads(people: Three, named: Approved) -> None:
    about: dict[str, Any] = {"number": named.row.number, "actor": people.approver, "at": AT}
    assert isinstance(refused(lambda: extend(days=30, reason="", **about)), DraftInvalid)
    assert fault(lambda: extend(days=61, reason="住院", **about)) == RewardFault.TOO_LONG
    before = named.claim.due_date

    extend(days=30, reason="您说明在外地住院", **about)

    [notice] = progress_for_receipt(typed=named.receipt).rewards
    assert notice.due_date > before
    assert notice.reason == "您说明在外地住院"


def test_reminded_called_out_and_forfeited_never_silently(people: Three, named: Approved) -> None:
    due = named.claim.due_date
    assert (remind(now=noon(due - timedelta(days=15))), forfeit(now=noon(due - timedelta(days=15)))) == (0, 0)

    assert remind(now=noon(due - timedelta(days=14))) == 1
    assert remind(now=noon(due)) == 0
    assert forfeit(now=noon(due)) == 0
    assert forfeit(now=noon(due + timedelta(days=1))) == 1
    assert forfeit(now=noon(due + timedelta(days=1))) == 0

    assert named.claim.state == ClaimState.FORFEITED
    assert standing() == (0, 0, 100000000)
    assert balances(budget=RewardBudget.objects.get())[LedgerAccount.FORFEITED] == 1500000
    acts = list(named.claim.steps.values_list("act", flat=True))
    assert acts == [ClaimAct.NOTICE, ClaimAct.REMIND, ClaimAct.FORFEIT]
    for action in ("reward.reminded", "reward.forfeited"):
        assert AuditRow.objects.get(action=action).subject == named.row.number


def test_the_notice_is_open_to_its_last_day(named: Approved) -> None:
    """Also before the daily task has come to it: a day that is over is told as over."""
    remind(now=noon(TODAY + timedelta(days=50)))
    [notice] = progress_for_receipt(typed=named.receipt).rewards

    assert notice.last_day is not None
    assert notice.is_open(today=notice.last_day)
    assert not notice.is_open(today=notice.last_day + timedelta(days=1))


def test_after_days_off_people_are_told_before_anything_lapses(people: Three, named: Approved) -> None:
    late = named.claim.due_date + timedelta(days=100)

    assert (remind(now=noon(late)), forfeit(now=noon(late))) == (1, 0)
    assert forfeit(now=noon(late + timedelta(days=7))) == 0
    claim(named.tip, today=late + timedelta(days=7))
    assert forfeit(now=noon(late + timedelta(days=8))) == 0
    assert named.claim.state == ClaimState.CLAIMED


def test_staff_are_told(people: Three, named: Approved, django_capture_on_commit_callbacks: Any) -> None:
    from complaints.models import Notice

    with django_capture_on_commit_callbacks(execute=True):
        remind(now=noon(named.claim.due_date))

    told = set(Notice.objects.values_list("user", flat=True))
    assert {people.payer.pk, people.approver.pk, people.city_approver.pk} <= told
    assert people.proposer.pk not in told


# --- two rewards of one tip -------------------------------------------------------------------------------------------


@pytest.fixture
def special(people: Three, coded: Approved) -> Approved:
    """Return a special reward beside the ordinary one of the same tip."""
    RewardPolicy.objects.update(special_reward_allowed=True)
    row = propose(
        coded.tip, people.proposer, texts={"deviation": "避免三人伤亡"}, is_special=True, amount=Decimal(5000)
    )
    return Approved(tip=coded.tip, row=approve(row, people.city_approver))


def claimed(given: Approved, *, today: date = TODAY) -> None:
    code = show_code(typed=given.receipt, number=given.row.number, today=today).code
    claim(given.tip, number=given.row.number, code=code, today=today)


def test_a_second_special_reward_has_a_claim_of_its_own(
    people: Three, coded: Approved, special: Approved
) -> None:
    claimed(special)
    assert {one.state for one in progress_for_receipt(typed=coded.receipt).rewards} == {
        ClaimState.CLAIMED, ClaimState.NOTICED,
    }  # fmt: skip
    paid(special, people)
    claimed(coded)
    assert SealedClaim.objects.count() == 1


def test_details_of_a_reward_being_paid_are_not_replaced_by_another_claim(
    people: Three, coded: Approved, special: Approved
) -> None:
    """Whoever finds the receipt alone may be shown the code of the other reward."""
    claimed(coded)
    before = SealedClaim.objects.get().envelope

    assert fault(lambda: claimed(special)) == RewardFault.OTHER_FIRST

    assert SealedClaim.objects.get().envelope == before
    assert special.claim.state == ClaimState.NOTICED


def test_a_payment_is_not_repeated_to_the_details_of_another_reward(
    people: Three, coded: Approved, special: Approved
) -> None:
    claimed(coded)
    paid(coded, people)
    claimed(special)
    later = SealedClaim.objects.get().envelope

    unpay(number=coded.row.number, reason="退回", asks_anew=False, actor=people.payer, at=AT)

    assert (coded.claim.state, special.claim.state) == (ClaimState.NOTICED, ClaimState.CLAIMED)
    assert SealedClaim.objects.get().envelope == later


def test_nothing_lapses_while_another_reward_is_being_paid(
    people: Three, coded: Approved, special: Approved
) -> None:
    claimed(coded)
    days = [TODAY + timedelta(days=days) for days in range(50, 100)]
    for day in days:
        remind(now=noon(day))
        forfeit(now=noon(day))
    assert special.claim.state == ClaimState.NOTICED
    paid(coded, people)

    claimed(special, today=days[-1] + timedelta(days=7))
    assert special.claim.state == ClaimState.CLAIMED


def test_no_claim_code_or_detail_in_the_log(coded: Approved, people: Three) -> None:
    code = code_for(coded.tip)
    claim(coded.tip, code=code)
    paid(coded, people)

    said = json.dumps(list(AuditRow.objects.values_list("data", flat=True)), ensure_ascii=False)
    assert not any(word in said for word in (code, *DETAILS.values()))


def test_show_code_for_a_named_reward(named: Approved, people: Three) -> None:
    """Whoever would rather not type an account collects in person."""
    code = show_code(typed=named.receipt, number=named.row.number, today=TODAY).code

    assert at_counter(named, people, code).way == ClaimWay.COUNTER

"""Sealed payment details: opened for the payer alone through custody, moved and re-marked with the keys, purged."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from complaints.crypto import envelope as cipher
from complaints.enums import ClaimState, RewardFault, Role, SealedKind, UnsealFault, UnsealStatus
from complaints.errors import NotAllowed, RewardRefused, TipNotFound, UnsealRefused
from complaints.models import (
    AuditRow,
    ClaimStep,
    Membership,
    RewardClaim,
    SealedClaim,
    Tip,
    UnsealRequest,
    Vault,
)
from complaints.models.sealed import is_bound
from complaints.selectors.custody import requests_for, sealed_thing
from complaints.selectors.keys import items_after, sealed_counts
from complaints.services import custody, retention, rotation
from complaints.services.payments import pay
from complaints.services.reseals import (
    Moved,
    ask_reseal,
    decide_reseal,
    hand_out,
    take_claims,
    take_identities,
)
from tests.claim_steps import DETAILS, Approved, approved, claim
from tests.custody_steps import ANSWER, BOTH, READER_KEY, READER_SEED, sealed_note
from tests.factories import TODAY, VAULT_SEED, UserFactory, noon
from tests.fixtures import City
from tests.key_steps import NEW_FINGERPRINT, NEW_SEED, new_vault
from tests.reward_steps import AT, Three, three

pytestmark = pytest.mark.django_db
WISH = custody.Wish(target="claim", purpose="reward", reason="发放奖励需要账号")


@pytest.fixture
def people(city: City) -> Three:
    return three(city)


@pytest.fixture
def given(city: City, people: Three) -> Approved:
    made = approved(city, people)
    claim(made.tip)
    return made


@pytest.fixture
def leader(city: City) -> User:
    return UserFactory(username="boss", roles=[(Role.LEADER, city.yanta)])


@pytest.fixture
def custodian(city: City) -> User:
    return UserFactory(username="keeper", roles=[(Role.CUSTODIAN, city.city)])


def asked(tip: Tip, actor: User) -> UnsealRequest:
    return custody.ask(tip_id=tip.pk, wish=WISH, actor=actor, at=AT)


def test_the_payer_reads_the_details_once(
    given: Approved, people: Three, leader: User, custodian: User
) -> None:
    row = asked(given.tip, people.payer)
    about: dict[str, Any] = {"request_id": row.public_id, "at": AT}
    custody.approve(**about, answer=ANSWER, confirmed=BOTH, actor=leader)
    custody.give_key(**about, public_key=READER_KEY, actor=people.payer)
    out = custody.hand_out(**about, actor=custodian)
    opened = cipher.open_fields(
        seed=VAULT_SEED,
        envelope=cipher.Envelope.parse(out.thing.envelope),
        binding=out.thing.binding,
        field=out.thing.field,
    )
    custody.deliver_note(
        **about, note=sealed_note(row.public_id, **opened), reader_key=READER_KEY, actor=custodian
    )
    note = custody.read_note(**about, actor=people.payer)

    assert (out.thing.field, out.thing.binding) == ("claim", given.tip.number)
    info = cipher.info_text(suite=cipher.SUITE, vault=0, binding=str(row.public_id), field="note")
    sealed = cipher.base64text.decode(__import__("json").loads(note)["ct"])
    assert cipher.unpad_json(cipher.open_sealed(seed=READER_SEED, sealed=sealed, info=info)) == DETAILS
    row.refresh_from_db()
    assert row.status == UnsealStatus.READ
    with pytest.raises(UnsealRefused):
        custody.read_note(**about, actor=people.payer)


def test_handlers_cannot_ask_for_payment_data(city: City, given: Approved, leader: User) -> None:
    officer = UserFactory(roles=[(Role.OFFICER, city.yanta)])

    for handler in (officer, leader):
        with pytest.raises((TipNotFound, NotAllowed)):
            asked(given.tip, handler)


def test_who_proposed_or_approved_asks_for_no_payment_data(
    city: City, given: Approved, people: Three
) -> None:
    for person in (people.proposer, people.approver):
        Membership.objects.create(user=person, office=city.yanta, role=Role.PAYER)
        with pytest.raises(RewardRefused) as refused:
            asked(given.tip, person)
        assert refused.value.fault == RewardFault.OWN_PART
    assert AuditRow.objects.filter(action="tip.refused", data__code="own_part").count() == 2
    assert not UnsealRequest.objects.exists()


def test_a_handler_who_also_pays_gets_no_payment_data(city: City, given: Approved) -> None:
    both = UserFactory(roles=[(Role.OFFICER, city.yanta), (Role.PAYER, city.yanta)])

    with pytest.raises(NotAllowed):
        asked(given.tip, both)


def test_a_payer_cannot_ask_for_the_identity_or_see_the_tip(given: Approved, people: Three) -> None:
    wish = custody.Wish(target="identity", purpose="reward", reason="核对身份")

    with pytest.raises(TipNotFound):
        custody.ask(tip_id=given.tip.pk, wish=wish, actor=people.payer, at=AT)


def test_without_a_claim_there_is_nothing_to_open(city: City, people: Three, leader: User) -> None:
    made = approved(city, people)
    row = asked(made.tip, people.payer)

    done = custody.approve(request_id=row.public_id, answer=ANSWER, confirmed=BOTH, actor=leader, at=AT)

    assert done.status == UnsealStatus.NOTHING


def test_details_moved_to_another_tip_are_not_handed_out(
    city: City, people: Three, given: Approved, leader: User
) -> None:
    other = approved(city, people)
    claim(other.tip)
    foreign = SealedClaim.objects.get(tip=other.tip)
    SealedClaim.objects.filter(tip=given.tip).update(envelope=foreign.envelope, bound_mark=foreign.bound_mark)
    row = asked(given.tip, people.payer)

    with pytest.raises(UnsealRefused) as refused:
        sealed_thing(row=requests_for(user=people.payer).get(pk=row.pk))

    assert refused.value.fault == UnsealFault.MISPLACED


# --- keys -------------------------------------------------------------------------------------------------------------


def resealed(item: Any) -> Moved:
    place = {"binding": item.binding, "field": item.field}
    fields = cipher.open_fields(seed=VAULT_SEED, envelope=cipher.Envelope.parse(item.envelope), **place)
    again = cipher.seal_fields(public_key=cipher.public_key_of(NEW_SEED), vault=2, fields=fields, **place)
    return Moved(cursor=item.cursor, before=item.sha256, envelope=again.to_json())


def test_a_reseal_moves_claims_as_well(city: City, given: Approved, vault: Vault, settings: Settings) -> None:
    new_vault()
    pinned = {"pinned": NEW_FINGERPRINT, "at": AT}
    keeper = UserFactory(roles=[(Role.CUSTODIAN, city.city)])
    head = UserFactory(roles=[(Role.LEADER, city.city)])
    assert sealed_counts(version=1).claims == 1
    job = ask_reseal(actor=keeper, version=1, **pinned)
    decide_reseal(actor=head, job_id=job.public_id, is_approved=True, at=AT)
    about: dict[str, Any] = {"actor": keeper, "job_id": job.public_id, **pinned}

    names = hand_out(**about, identity=0, original=0).items
    take_identities(**about, moves=[resealed(item) for item in names])
    claims = hand_out(**about, identity=names[-1].cursor, original=0).items
    outcome = take_claims(**about, moves=[resealed(item) for item in claims])

    assert [item.kind for item in claims] == [SealedKind.CLAIM]
    assert (outcome.moved, outcome.left) == (1, 0)
    row = SealedClaim.objects.select_related("tip").get()
    assert row.vault_id == 2
    assert is_bound(row)
    opened = cipher.open_fields(
        seed=NEW_SEED,
        envelope=cipher.Envelope.parse(row.envelope),
        binding=given.tip.number,
        field="claim",
    )
    assert opened == DETAILS
    assert items_after(version=1, identity=0, original=0) == []


def test_a_rotation_of_the_content_key_renews_marks_and_reasons(
    given: Approved, people: Three, settings: Settings
) -> None:
    from complaints.services.payments import unpay

    pay(number=given.row.number, actor=people.payer, at=AT)
    unpay(number=given.row.number, reason="退回重付", asks_anew=False, actor=people.payer, at=AT)
    secret = __import__("base64").b64encode(bytes(range(32))).decode()
    settings.KEY_RING = f"neu:intl:{secret},{settings.KEY_RING}"

    rotation.rotate(today=TODAY)

    settings.KEY_RING = f"neu:intl:{secret}"
    assert is_bound(SealedClaim.objects.select_related("tip").get())
    assert ClaimStep.objects.exclude(reason_sealed=b"").get().reason == "退回重付"


# --- keeping ----------------------------------------------------------------------------------------------------------


def test_a_purge_takes_the_details_and_the_words_and_leaves_the_account(city: City, people: Three) -> None:
    from complaints.services.payments import unpay

    made = approved(city, people)
    claim(made.tip)
    pay(number=made.row.number, actor=people.payer, at=AT)
    unpay(number=made.row.number, reason="退回重付", asks_anew=False, actor=people.payer, at=AT)
    late = TODAY + timedelta(days=365 * 40)
    tip = Tip.objects.get(pk=made.tip.pk)
    from complaints.enums import TipStatus

    tip.set_status(TipStatus.CLOSED)
    tip.steps.create(action="close", target=TipStatus.CLOSED, taken_date=TODAY)
    assert retention.purge(as_of=late, at=noon(late)).tips == 0, "unpaid: it stays"
    pay(number=made.row.number, actor=people.payer, at=AT)

    assert retention.purge(as_of=late, at=noon(late)).tips == 1

    assert not SealedClaim.objects.exists()
    kept = RewardClaim.objects.get()
    assert (kept.state, bytes(kept.code_hash)) == (ClaimState.PAID, b"")
    assert set(ClaimStep.objects.values_list("reason_sealed", flat=True)) == {b""}

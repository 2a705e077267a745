"""Who registers and holds keys of the vault: custodians alone, public halves alone, everything on record."""

from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError

from complaints.crypto.envelope import public_key_of
from complaints.enums import KeyFault, KeyMisfit, KeyOrigin, KeyState, Role
from complaints.errors import (
    DraftInvalid,
    KeyRefused,
    NotAllowed,
    TooManyRequests,
    VaultTaken,
    VaultUnavailable,
)
from complaints.models import AuditRow, KeyChallenge, KeyHolding, Vault
from complaints.selectors.keys import custodians, holdings_by_vault
from complaints.selectors.vaults import current_vault, is_pinned, vault_lines
from complaints.services.keys import (
    MOST_FAULTS,
    ask_for_proof,
    record_handover,
    record_receipt,
    record_recovery,
    register_key,
    report_misfit,
)
from complaints.services.possession import NO_PROOF, Proof
from tests.factories import TODAY, VAULT_FINGERPRINT, UserFactory, VaultFactory, noon
from tests.fixtures import City
from tests.key_steps import NEW_FINGERPRINT, NEW_SEED, new_vault, shown_key

NOON = noon(TODAY)
NEW_KEY = public_key_of(NEW_SEED)


@pytest.fixture
def custodian(city: City) -> User:
    row: User = UserFactory(username="linbao", roles=[(Role.CUSTODIAN, city.city)])
    return row


@pytest.fixture
def second(city: City) -> User:
    row: User = UserFactory(username="hejing", roles=[(Role.CUSTODIAN, city.yanta)])
    return row


def register(
    actor: User,
    *,
    version: int = 2,
    key: bytes = NEW_KEY,
    printed: str = NEW_FINGERPRINT,
    proof: Proof = NO_PROOF,
    at: datetime = NOON,
) -> Vault:
    return register_key(actor=actor, version=version, public_key=key, fingerprint=printed, proof=proof, at=at)


def shown_new(actor: User) -> Proof:
    return shown_key(actor, at=NOON, seed=NEW_SEED, version=2, key=NEW_KEY)


def last_row() -> AuditRow:
    row = AuditRow.objects.first()
    assert row is not None
    return row


# --- registering --------------------------------------------------------------------------------------------------


def test_a_custodian_registers_the_public_half(custodian: User) -> None:
    vault = register(custodian, proof=shown_new(custodian))

    assert (vault.version, bytes(vault.public_key), vault.fingerprint) == (2, NEW_KEY, NEW_FINGERPRINT)
    holding = KeyHolding.objects.get()
    assert (holding.vault, holding.holder, holding.origin) == (vault, custodian, KeyOrigin.MADE)
    assert holding.given_by is None
    row = last_row()
    assert (row.action, row.actor, row.subject) == ("vault.key_made", custodian, "vault:2")
    assert row.data == {"holder": custodian.pk, "fingerprint": NEW_FINGERPRINT}


def test_the_moment_is_kept_to_the_minute(custodian: User) -> None:
    register(custodian, proof=shown_new(custodian), at=NOON + timedelta(seconds=33))

    assert KeyHolding.objects.get().held_at == NOON


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"key": NEW_KEY[:-1]}, KeyFault.BAD_KEY),
        ({"key": b""}, KeyFault.BAD_KEY),
        ({"printed": VAULT_FINGERPRINT}, KeyFault.OTHER_FINGERPRINT),
        ({"printed": ""}, KeyFault.OTHER_FINGERPRINT),
        ({"key": public_key_of(bytes(32))}, KeyFault.OTHER_FINGERPRINT),
    ],
    ids=range(5),
)
def test_a_key_that_was_cut_or_swapped_on_the_way_is_refused(
    custodian: User, change: dict[str, object], fault: KeyFault
) -> None:
    with pytest.raises(KeyRefused) as caught:
        register(custodian, **change)  # type: ignore[arg-type]  # a table of changes

    assert caught.value.fault == fault
    assert not Vault.objects.filter(version=2).exists()
    assert not KeyHolding.objects.exists()
    assert last_row().data == {"act": "register", "code": fault.value}


@pytest.mark.parametrize("version", [1, 0, -1])
def test_a_version_in_use_keeps_its_key(custodian: User, version: int) -> None:
    with pytest.raises(VaultTaken):
        register(custodian, version=version)

    assert Vault.objects.get().fingerprint == VAULT_FINGERPRINT
    assert last_row().data["code"] == "vault_taken"


@pytest.mark.parametrize("who", ["officer", "leader", "auditor", "administrator"])
def test_nobody_but_a_custodian_touches_keys(request: pytest.FixtureRequest, city: City, who: str) -> None:
    person: User = request.getfixturevalue(who)
    place = {"actor": person, "version": 1, "fingerprint": VAULT_FINGERPRINT, "proof": NO_PROOF, "at": NOON}

    with pytest.raises(NotAllowed):
        register(person)
    with pytest.raises(NotAllowed):
        record_handover(holder_id=person.pk, **place)  # type: ignore[arg-type]  # as above
    with pytest.raises(NotAllowed):
        record_recovery(**place)  # type: ignore[arg-type]  # as above
    with pytest.raises(NotAllowed):
        record_receipt(actor=person, version=1, proof=NO_PROOF, at=NOON)
    with pytest.raises(NotAllowed):
        ask_for_proof(actor=person, version=1, public_key=b"", at=NOON)

    refused = AuditRow.objects.filter(action="vault.refused", actor=person)
    assert {row.data["act"] for row in refused} == {
        "register",
        "hand_over",
        "recover",
        "receive",
        "challenge",
    }


def test_a_custodian_of_a_closed_unit_or_account_is_none(custodian: User, city: City) -> None:
    city.city.is_active = False
    city.city.save()

    with pytest.raises(NotAllowed):
        register(custodian)


# --- handing over and recovering ----------------------------------------------------------------------------------


def handed(giver: User, holder: User) -> KeyHolding:
    return record_handover(
        actor=giver,
        version=1,
        fingerprint=VAULT_FINGERPRINT,
        holder_id=holder.pk,
        proof=shown_key(giver, at=NOON),
        at=NOON,
    )


def test_a_custodian_hands_a_key_file_to_another(custodian: User, second: User) -> None:
    row = handed(custodian, second)

    assert (row.holder, row.given_by, row.origin) == (second, custodian, KeyOrigin.HANDED)
    assert row.received_at is None
    logged = last_row()
    assert (logged.action, logged.actor) == ("vault.key_handed", custodian)
    assert logged.data == {"holder": second.pk, "fingerprint": VAULT_FINGERPRINT}


def test_nobody_hands_a_key_to_themselves_or_a_stranger(custodian: User, officer: User, second: User) -> None:
    User.objects.filter(pk=second.pk).update(is_active=False)

    for receiver in (custodian.pk, officer.pk, second.pk, 0):
        with pytest.raises(KeyRefused) as caught:
            record_handover(
                actor=custodian,
                version=1,
                fingerprint=VAULT_FINGERPRINT,
                holder_id=receiver,
                proof=NO_PROOF,
                at=NOON,
            )
        assert caught.value.fault == KeyFault.NO_CUSTODIAN
    assert not KeyHolding.objects.exists()


def test_the_database_too_knows_no_gift_to_oneself(custodian: User) -> None:
    with pytest.raises(IntegrityError):
        KeyHolding.objects.create(
            vault_id=1, holder=custodian, given_by=custodian, origin=KeyOrigin.HANDED, held_at=NOON
        )


@pytest.mark.parametrize(
    ("version", "printed", "fault"),
    [(1, NEW_FINGERPRINT, KeyFault.OTHER_FINGERPRINT), (7, VAULT_FINGERPRINT, KeyFault.NO_VAULT)],
)
def test_what_is_recorded_names_the_registered_key(
    custodian: User, second: User, version: int, printed: str, fault: KeyFault
) -> None:
    with pytest.raises(KeyRefused) as caught:
        record_recovery(actor=custodian, version=version, fingerprint=printed, proof=NO_PROOF, at=NOON)
    with pytest.raises(KeyRefused):
        record_handover(
            actor=custodian,
            version=version,
            fingerprint=printed,
            holder_id=second.pk,
            proof=NO_PROOF,
            at=NOON,
        )

    assert caught.value.fault == fault
    assert not KeyHolding.objects.exists()


def test_a_recovery_is_on_record(custodian: User) -> None:
    proof = shown_key(custodian, at=NOON)
    record_recovery(actor=custodian, version=1, fingerprint=VAULT_FINGERPRINT, proof=proof, at=NOON)

    [row] = holdings_by_vault()[1]
    assert (row.holder, row.origin, row.given_by) == (custodian, KeyOrigin.RECOVERED, None)
    assert last_row().action == "vault.key_recovered"


# --- showing that a key is held -----------------------------------------------------------------------------------


def test_whoever_was_handed_a_file_says_so_by_opening_it(custodian: User, second: User) -> None:
    row = handed(custodian, second)
    later = NOON + timedelta(hours=3)

    record_receipt(actor=second, version=1, proof=shown_key(second, at=later), at=later)

    row.refresh_from_db()
    assert row.received_at == later
    logged = last_row()
    assert (logged.action, logged.actor, logged.data["holder"]) == ("vault.key_received", second, second.pk)
    with pytest.raises(KeyRefused) as caught:
        record_receipt(actor=second, version=1, proof=shown_key(second, at=later), at=later)
    assert caught.value.fault == KeyFault.NOT_ON_ITS_WAY


def test_nothing_is_received_that_was_handed_to_another(custodian: User, second: User) -> None:
    row = handed(custodian, second)

    with pytest.raises(KeyRefused) as caught:
        record_receipt(actor=custodian, version=1, proof=shown_key(custodian, at=NOON), at=NOON)

    row.refresh_from_db()
    assert (caught.value.fault, row.received_at) == (KeyFault.NOT_ON_ITS_WAY, None)


@pytest.mark.parametrize("case", ["none", "guessed", "of another", "of another key", "late", "used", "void"])
def test_without_the_key_nothing_is_recorded(custodian: User, second: User, case: str) -> None:
    place = {"actor": custodian, "version": 1, "fingerprint": VAULT_FINGERPRINT}
    proof, at = shown_key(custodian, at=NOON), NOON
    if case == "none":
        proof = NO_PROOF
    elif case == "guessed":
        proof = Proof(binding=proof.binding, nonce="0" * 64)
    elif case == "of another":
        proof = shown_key(second, at=NOON)
    elif case == "of another key":
        proof = shown_new(custodian)
    elif case == "late":
        at = NOON + timedelta(minutes=11)
    elif case == "used":
        record_recovery(**place, proof=proof, at=NOON)  # type: ignore[arg-type]  # a table of values
    elif case == "void":
        shown_key(custodian, at=NOON)
    before = KeyHolding.objects.count()

    with pytest.raises(KeyRefused) as caught:
        record_recovery(**place, proof=proof, at=at)  # type: ignore[arg-type]  # as above

    assert caught.value.fault == KeyFault.NOT_PROVEN
    assert KeyHolding.objects.count() == before
    assert last_row().data == {"act": "recover", "code": "not_proven"}


def test_a_key_that_is_not_held_is_not_registered(custodian: User) -> None:
    with pytest.raises(KeyRefused) as caught:
        register(custodian, proof=shown_key(custodian, at=NOON))

    assert caught.value.fault == KeyFault.NOT_PROVEN
    assert not Vault.objects.filter(version=2).exists()


def test_the_server_keeps_no_number_it_sealed(custodian: User) -> None:
    proof = shown_key(custodian, at=NOON)

    row = KeyChallenge.objects.get()
    assert proof.nonce not in str(vars(row))
    assert row.digest == sha256(proof.nonce.encode()).hexdigest()


@pytest.mark.parametrize(("version", "key"), [(7, b""), (2, b"short"), (0, NEW_KEY), (2, bytes(1216))])
def test_nothing_is_sealed_to_what_is_no_key(custodian: User, version: int, key: bytes) -> None:
    with pytest.raises(KeyRefused):
        ask_for_proof(actor=custodian, version=version, public_key=key, at=NOON)


# --- what did not fit ---------------------------------------------------------------------------------------------


def misfits() -> list[object]:
    return [row.data for row in AuditRow.objects.filter(action="vault.misfit").order_by("sequence")]


@pytest.mark.parametrize("code", KeyMisfit.values)
def test_what_does_not_fit_is_on_record(custodian: User, code: str) -> None:
    report_misfit(actor=custodian, work="recover", code=code, at=NOON)

    assert misfits() == [{"act": "recover", "code": code}]


@pytest.mark.parametrize(
    ("work", "code"), [("recover", "张三"), ("", "bad_sheet"), ("elsewhere", "bad_sheet")]
)
def test_no_words_of_a_page_come_into_the_log(custodian: User, work: str, code: str) -> None:
    with pytest.raises(DraftInvalid):
        report_misfit(actor=custodian, work=work, code=code, at=NOON)

    assert misfits() == []


def test_a_page_that_goes_wild_does_not_fill_the_log(custodian: User, officer: User) -> None:
    for _ in range(MOST_FAULTS):
        report_misfit(actor=custodian, work="reseal", code="does_not_open", at=NOON)
    report_misfit(actor=custodian, work="reseal", code="does_not_open", at=NOON)
    for _ in range(3):
        with pytest.raises(TooManyRequests):
            report_misfit(actor=custodian, work="reseal", code="does_not_open", at=NOON)
    with pytest.raises(NotAllowed):
        report_misfit(actor=officer, work="reseal", code="does_not_open", at=NOON)

    assert len(misfits()) == MOST_FAULTS + 1
    assert misfits()[-1] == {"act": "reseal", "code": "too_many"}


def test_the_others_who_may_be_handed_a_key(custodian: User, second: User, officer: User) -> None:
    assert list(custodians(but=custodian)) == [second]
    assert list(custodians(but=officer)) == sorted([custodian, second], key=lambda one: one.first_name)


# --- versions -----------------------------------------------------------------------------------------------------


def test_a_new_version_waits_until_the_settings_name_it(vault: Vault) -> None:
    new_vault()

    lines = vault_lines(pinned=VAULT_FINGERPRINT)
    after = vault_lines(pinned=NEW_FINGERPRINT)

    assert [(line.vault.version, line.state) for line in lines] == [
        (2, KeyState.PENDING),
        (1, KeyState.IN_USE),
    ]
    assert [line.state for line in after] == [KeyState.IN_USE, KeyState.EARLIER]
    assert current_vault(pinned=VAULT_FINGERPRINT) == vault
    assert current_vault(pinned=NEW_FINGERPRINT).version == 2


def test_a_row_that_lies_about_its_key_is_told_apart(vault: Vault) -> None:
    VaultFactory(version=2, seed=bytes(32), fingerprint=VAULT_FINGERPRINT)

    line = vault_lines(pinned=VAULT_FINGERPRINT)[0]

    assert line.state == KeyState.ALTERED
    assert line.fingerprint != VAULT_FINGERPRINT


def test_a_second_row_with_the_pinned_key_changes_nothing(vault: Vault) -> None:
    VaultFactory(version=2)

    assert current_vault(pinned=VAULT_FINGERPRINT) == vault
    assert [line.state == KeyState.IN_USE for line in vault_lines(pinned=VAULT_FINGERPRINT)] == [False, True]


def test_without_a_pinned_key_nothing_is_in_use(vault: Vault) -> None:
    pinned = "0000-" * 15 + "0000"

    assert [line.state for line in vault_lines(pinned=pinned)] == [KeyState.PENDING]
    assert not is_pinned(pinned=pinned)
    with pytest.raises(VaultUnavailable):
        current_vault(pinned=pinned)

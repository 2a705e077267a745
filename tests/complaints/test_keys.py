"""Who registers and holds keys of the vault: custodians alone, public halves alone, everything on record."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError

from complaints.crypto.envelope import public_key_of
from complaints.enums import KeyFault, KeyOrigin, KeyState, Role
from complaints.errors import KeyRefused, NotAllowed, VaultTaken, VaultUnavailable
from complaints.models import AuditRow, KeyHolding, Vault
from complaints.selectors.keys import custodians, holdings_by_vault
from complaints.selectors.vaults import current_vault, is_pinned, vault_lines
from complaints.services.keys import record_handover, record_recovery, register_key
from tests.factories import TODAY, VAULT_FINGERPRINT, UserFactory, VaultFactory, noon
from tests.fixtures import City
from tests.key_steps import NEW_FINGERPRINT, NEW_SEED, new_vault

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


def register(actor: User, *, version: int = 2, key: bytes = NEW_KEY, printed: str = NEW_FINGERPRINT) -> Vault:
    return register_key(actor=actor, version=version, public_key=key, fingerprint=printed, at=NOON)


def last_row() -> AuditRow:
    row = AuditRow.objects.first()
    assert row is not None
    return row


# --- registering --------------------------------------------------------------------------------------------------


def test_a_custodian_registers_the_public_half(custodian: User) -> None:
    vault = register(custodian)

    assert (vault.version, bytes(vault.public_key), vault.fingerprint) == (2, NEW_KEY, NEW_FINGERPRINT)
    holding = KeyHolding.objects.get()
    assert (holding.vault, holding.holder, holding.origin) == (vault, custodian, KeyOrigin.MADE)
    assert holding.given_by is None
    row = last_row()
    assert (row.action, row.actor, row.subject) == ("vault.key_made", custodian, "vault:2")
    assert row.data == {"holder": custodian.pk, "fingerprint": NEW_FINGERPRINT}


def test_the_moment_is_kept_to_the_minute(custodian: User) -> None:
    at = NOON + timedelta(seconds=33)

    register_key(actor=custodian, version=2, public_key=NEW_KEY, fingerprint=NEW_FINGERPRINT, at=at)

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
    place = {"actor": person, "version": 1, "fingerprint": VAULT_FINGERPRINT, "at": NOON}

    with pytest.raises(NotAllowed):
        register(person)
    with pytest.raises(NotAllowed):
        record_handover(holder_id=person.pk, **place)  # type: ignore[arg-type]  # as above
    with pytest.raises(NotAllowed):
        record_recovery(**place)  # type: ignore[arg-type]  # as above

    refused = AuditRow.objects.filter(action="vault.refused", actor=person)
    assert {row.data["act"] for row in refused} == {"register", "hand_over", "recover"}


def test_a_custodian_of_a_closed_unit_or_account_is_none(custodian: User, city: City) -> None:
    city.city.is_active = False
    city.city.save()

    with pytest.raises(NotAllowed):
        register(custodian)


# --- handing over and recovering ----------------------------------------------------------------------------------


def test_a_custodian_hands_a_key_file_to_another(custodian: User, second: User) -> None:
    place = {"version": 1, "fingerprint": VAULT_FINGERPRINT, "at": NOON}

    row = record_handover(actor=custodian, holder_id=second.pk, **place)  # type: ignore[arg-type]  # as above

    assert (row.holder, row.given_by, row.origin) == (second, custodian, KeyOrigin.HANDED)
    logged = last_row()
    assert (logged.action, logged.actor) == ("vault.key_handed", custodian)
    assert logged.data == {"holder": second.pk, "fingerprint": VAULT_FINGERPRINT}


def test_nobody_hands_a_key_to_themselves_or_a_stranger(custodian: User, officer: User, second: User) -> None:
    User.objects.filter(pk=second.pk).update(is_active=False)

    for receiver in (custodian.pk, officer.pk, second.pk, 0):
        with pytest.raises(KeyRefused) as caught:
            record_handover(
                actor=custodian, version=1, fingerprint=VAULT_FINGERPRINT, holder_id=receiver, at=NOON
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
        record_recovery(actor=custodian, version=version, fingerprint=printed, at=NOON)
    with pytest.raises(KeyRefused):
        record_handover(actor=custodian, version=version, fingerprint=printed, holder_id=second.pk, at=NOON)

    assert caught.value.fault == fault
    assert not KeyHolding.objects.exists()


def test_a_recovery_is_on_record(custodian: User) -> None:
    record_recovery(actor=custodian, version=1, fingerprint=VAULT_FINGERPRINT, at=NOON)

    [row] = holdings_by_vault()[1]
    assert (row.holder, row.origin, row.given_by) == (custodian, KeyOrigin.RECOVERED, None)
    assert last_row().action == "vault.key_recovered"


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


def test_without_a_pinned_key_nothing_is_in_use(vault: Vault) -> None:
    pinned = "0000-" * 15 + "0000"

    assert [line.state for line in vault_lines(pinned=pinned)] == [KeyState.PENDING]
    assert not is_pinned(pinned=pinned)
    with pytest.raises(VaultUnavailable):
        current_vault(pinned=pinned)

"""Steps that tests of opening share: the three people, a request in any state, keys and notes as browsers make them."""

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from uuid import UUID

from django.contrib.auth.models import User

from complaints.crypto import envelope as cipher
from complaints.enums import Role, UnsealStatus
from complaints.models import Tip, UnsealRequest
from complaints.services import custody, unseal_expiry
from tests.factories import TODAY, UserFactory, noon
from tests.fixtures import City

REASON = "三次留言约定未成，须电话约定见面地点"
ANSWER = "留言已无回复，同意启封"
NAME, PHONE = "张三丰", "13800001234"
NOW = noon(TODAY)
NEXT_DAY = NOW + timedelta(hours=24, minutes=1)
BOTH = tuple(custody.CONFIRMATIONS)
READER_SEED = bytes(range(32, 64))
READER_KEY = b64encode(cipher.public_key_of(READER_SEED)).decode()
OTHER_KEY = b64encode(cipher.public_key_of(bytes(32))).decode()


@dataclass(frozen=True, kw_only=True)
class Three:
    """The people an opening takes, and others who would like to be one of them."""

    asker: User
    approver: User
    custodian: User
    second: User


def three(city: City) -> Three:
    """Return an officer and a leader of the first district, two custodians of the city above it."""
    return Three(
        asker=UserFactory(username="asker", roles=[(Role.OFFICER, city.yanta)]),
        approver=UserFactory(username="approver", roles=[(Role.LEADER, city.yanta)]),
        custodian=UserFactory(username="custodian", roles=[(Role.CUSTODIAN, city.city)]),
        second=UserFactory(username="second", roles=[(Role.CUSTODIAN, city.city)]),
    )


def wish(**values: str) -> custody.Wish:
    """Return a wish in order: the identity, for a talk, with a reason."""
    return custody.Wish(**{"target": "identity", "purpose": "meeting", "reason": REASON, **values})


def sealed_note(request_id: UUID, *, key: str = READER_KEY, **fields: str) -> str:
    """Return the note that a custodian's browser would seal to the asker's tab."""
    info = cipher.info_text(suite=cipher.SUITE, vault=0, binding=str(request_id), field="note")
    plain = cipher.pad_json(fields or {"name": NAME, "phone": PHONE})
    sealed = cipher.seal(public_key=cipher.base64text.decode(key), plaintext=plain, info=info)
    return json.dumps({"v": 1, "suite": cipher.SUITE, "vault": 0, "ct": b64encode(sealed).decode()})


def read_in_tab(note: str, request_id: UUID) -> dict[str, str]:
    """Return what the asker's tab reads in a note."""
    info = cipher.info_text(suite=cipher.SUITE, vault=0, binding=str(request_id), field="note")
    sealed = cipher.base64text.decode(json.loads(note)["ct"])
    return cipher.unpad_json(cipher.open_sealed(seed=READER_SEED, sealed=sealed, info=info))


def random_note() -> str:
    """Return something with the outside of a note that nobody can open."""
    sealed = token_bytes(cipher.OVERHEAD_BYTES + cipher.PADDED_BYTES[0])
    return json.dumps({"v": 1, "suite": cipher.SUITE, "vault": 0, "ct": b64encode(sealed).decode()})


def asked(tip: Tip, people: Three, *, at: datetime = NOW, **values: str) -> UnsealRequest:
    return custody.ask(tip_id=tip.pk, wish=wish(**values), actor=people.asker, at=at)


def approved(row: UnsealRequest, people: Three, *, at: datetime = NOW) -> UnsealRequest:
    return custody.approve(
        request_id=row.public_id, answer=ANSWER, confirmed=BOTH, actor=people.approver, at=at
    )


def ready(row: UnsealRequest, people: Three, *, at: datetime = NOW, key: str = READER_KEY) -> None:
    custody.give_key(request_id=row.public_id, public_key=key, actor=people.asker, at=at)


def handed_out(row: UnsealRequest, people: Three, *, at: datetime = NOW) -> custody.HandedOut:
    return custody.hand_out(request_id=row.public_id, actor=people.custodian, at=at)


def delivered(row: UnsealRequest, people: Three, *, at: datetime = NOW) -> str:
    note = sealed_note(row.public_id)
    custody.deliver_note(
        request_id=row.public_id, note=note, reader_key=READER_KEY, actor=people.custodian, at=at
    )
    return note


def request_in(status: UnsealStatus, *, tip: Tip, people: Three, **values: str) -> UnsealRequest:
    """Return a request of this state, brought there through the services; `opened` has its note delivered."""
    row = asked(tip, people, **values)
    if status == UnsealStatus.REFUSED:
        custody.refuse(request_id=row.public_id, answer="请先用留言询问", actor=people.approver, at=NOW)
    elif status != UnsealStatus.ASKED:
        approved(row, people)
        _further(row, status, people)
    return UnsealRequest.objects.get(pk=row.pk)


def _further(row: UnsealRequest, status: UnsealStatus, people: Three) -> None:
    if status in (UnsealStatus.OPENED, UnsealStatus.READ):
        ready(row, people)
        handed_out(row, people)
        delivered(row, people)
    if status == UnsealStatus.READ:
        custody.read_note(request_id=row.public_id, actor=people.asker, at=NOW)
    if status == UnsealStatus.EXPIRED:
        unseal_expiry.expire(at=NEXT_DAY)

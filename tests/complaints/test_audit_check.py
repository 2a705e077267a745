"""What kind of fault a broken log has, which row is named first, and that keys may leave the ring."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from complaints.crypto.keyring import KeyRing
from complaints.errors import LogAtFault
from complaints.models import AuditHead, AuditRow
from complaints.models.sealed import active_keyring
from complaints.services import audit
from complaints.services.audit_check import ANCHOR, AuditFault, Finding, anchor, verify
from tests.factories import TODAY, UserFactory, noon

pytestmark = pytest.mark.django_db
ROWS = 6
NEW = KeyRing.generate(key_id="t2", suite="gm")


@pytest.fixture(autouse=True)
def log(db: None) -> list[AuditRow]:
    person = UserFactory()
    return [
        audit.record(action=f"act.{n}", at=noon(TODAY), actor=person, subject=f"AS-{n}", data={"n": n})
        for n in range(1, ROWS + 1)
    ]


def edit(_log: list[AuditRow]) -> None:
    AuditRow.objects.filter(sequence=3).update(data={"n": 99})


def remove(_log: list[AuditRow]) -> None:
    AuditRow.objects.filter(sequence=3).delete()


def renumber(*, above: int, by: int) -> None:
    """Move rows up or down, as somebody would who hides a gap or makes room; numbers are unique all the way."""
    for row in AuditRow.objects.filter(sequence__gt=above).order_by("-sequence" if by > 0 else "sequence"):
        AuditRow.objects.filter(pk=row.pk).update(sequence=row.sequence + by)


def remove_and_close_the_gap(log: list[AuditRow]) -> None:
    remove(log)
    renumber(above=3, by=-1)
    AuditRow.objects.filter(sequence=3).update(previous_mac=log[1].mac)


def remove_and_close_the_gap_only_by_number(log: list[AuditRow]) -> None:
    remove(log)
    renumber(above=3, by=-1)


def insert(log: list[AuditRow]) -> None:
    renumber(above=2, by=1)
    AuditRow.objects.create(
        sequence=3, taken_at=noon(TODAY), action="x", previous_mac=log[1].mac, mac=b"\7" * 32
    )


def append(log: list[AuditRow]) -> None:
    AuditRow.objects.create(
        sequence=ROWS + 1, taken_at=noon(TODAY), action="x", previous_mac=log[-1].mac, mac=b"\7" * 32
    )


def write_anew_with_the_key(log: list[AuditRow]) -> None:
    row = AuditRow.objects.get(sequence=3)
    row.subject = "AS-other"
    row.mac = active_keyring().digest(audit.canonical(row=row), purpose="audit")
    row.save()


def cut(_log: list[AuditRow]) -> None:
    AuditRow.objects.filter(sequence__gt=4).delete()


def cut_with_the_head(log: list[AuditRow]) -> None:
    cut(log)
    AuditHead.objects.update(sequence=4, mac=log[3].mac)


def lose_the_head(_log: list[AuditRow]) -> None:
    AuditHead.objects.all().delete()


@pytest.mark.parametrize(
    ("harm", "fault", "sequence"),
    [
        (edit, AuditFault.EDITED, 3),
        (remove, AuditFault.REMOVED, 3),
        (remove_and_close_the_gap_only_by_number, AuditFault.REMOVED, 3),
        (insert, AuditFault.INSERTED, 3),
        (append, AuditFault.INSERTED, ROWS + 1),
        (write_anew_with_the_key, AuditFault.RECHAINED, 3),
        (cut, AuditFault.CUT_TAIL, 5),
        (cut_with_the_head, AuditFault.HEAD, 5),
        (lose_the_head, AuditFault.HEAD, ROWS + 1),
    ],
)
def test_the_first_fault_is_named_with_its_kind(
    log: list[AuditRow], harm: Callable[[list[AuditRow]], None], fault: AuditFault, sequence: int
) -> None:
    harm(log)

    assert verify() == Finding(fault=fault, sequence=sequence)


def test_a_gap_closed_with_the_links_is_found_too(log: list[AuditRow]) -> None:
    remove_and_close_the_gap(log)

    finding = verify()

    assert finding is not None
    assert finding.sequence == 3


def test_two_faults_name_the_first() -> None:
    AuditRow.objects.filter(sequence__in=(2, 5)).update(action="other")

    assert verify() == Finding(fault=AuditFault.EDITED, sequence=2)


# --- keys that leave the ring ---------------------------------------------------------------------------------


def rotate(settings: Settings) -> None:
    """Put a new key first, vouch for the old rows under it, and throw the old key away."""
    settings.KEY_RING = f"{NEW},{settings.KEY_RING}"
    anchor(at=noon(TODAY))
    settings.KEY_RING = NEW


def test_an_anchor_lets_the_old_key_leave_the_ring(settings: Settings) -> None:
    rotate(settings)

    audit.record(action="after", at=noon(TODAY))

    assert verify() is None
    assert AuditRow.objects.get(action=ANCHOR).data["until"] == ROWS


def test_without_an_anchor_the_old_key_is_missed(settings: Settings) -> None:
    settings.KEY_RING = NEW

    assert verify() == Finding(fault=AuditFault.EDITED, sequence=1)


@pytest.mark.parametrize("column", ["action", "subject", "data", "mac"])
def test_rows_under_an_anchor_cannot_be_changed(settings: Settings, column: str) -> None:
    rotate(settings)

    AuditRow.objects.filter(sequence=ROWS).update(
        **{column: {"n": 0} if column == "data" else b"\1" * 32 if column == "mac" else "x"}
    )

    assert verify() is not None


def test_a_row_under_an_anchor_cannot_be_removed(settings: Settings) -> None:
    rotate(settings)

    AuditRow.objects.filter(sequence=2).delete()

    finding = verify()
    assert finding is not None
    assert finding.sequence <= 2


def test_with_the_old_key_still_there_the_changed_row_is_named_exactly(settings: Settings) -> None:
    settings.KEY_RING = f"{NEW},{settings.KEY_RING}"
    anchor(at=noon(TODAY))

    AuditRow.objects.filter(sequence=4).update(subject="AS-x")

    assert verify() == Finding(fault=AuditFault.EDITED, sequence=4)


def test_a_forged_anchor_vouches_for_nothing(settings: Settings) -> None:
    rotate(settings)
    AuditRow.objects.filter(sequence=3).update(subject="AS-x")

    AuditRow.objects.filter(action=ANCHOR).update(data={"until": ROWS, "sha256": "0" * 64})

    assert verify() is not None


def test_a_log_at_fault_is_not_vouched_for() -> None:
    edit([])

    with pytest.raises(LogAtFault):
        anchor(at=noon(TODAY))

    assert not AuditRow.objects.filter(action=ANCHOR).exists()


def test_anchors_may_follow_each_other(settings: Settings) -> None:
    rotate(settings)
    newest = KeyRing.generate(key_id="t3", suite="intl")
    settings.KEY_RING = f"{newest},{settings.KEY_RING}"
    anchor(at=noon(TODAY))
    settings.KEY_RING = newest

    assert verify() is None

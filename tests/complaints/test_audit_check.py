"""What kind of fault a broken log has, which row is named first, and that keys may leave the ring."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from complaints.crypto.keyring import KeyRing
from complaints.errors import LogAtFault, OldKeyRing
from complaints.models import AuditHead, AuditRow
from complaints.models.sealed import active_keyring
from complaints.services import audit, audit_check, rotation
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


# --- an older key in other hands -------------------------------------------------------------------------------


def forge(*, ring: KeyRing, start: int) -> None:
    """Write the log anew from a row on with an older key, its end included, as its thief can."""
    before = bytes(AuditRow.objects.get(sequence=start - 1).mac) if start > 1 else audit.GENESIS
    last = AuditRow.objects.order_by("-sequence")[0]
    for row in AuditRow.objects.filter(sequence__gte=start).order_by("sequence"):
        row.previous_mac, row.subject = before, "AS-forged"
        row.mac = before = ring.digest(audit.canonical(row=row), purpose="audit")
        row.save()
    seal = ring.digest(audit.head_bytes(sequence=last.sequence, mac=before), purpose="audit-head")
    AuditHead.objects.update(sequence=last.sequence, mac=before, seal=seal)


@pytest.fixture
def turned(settings: Settings) -> KeyRing:
    """A log with rows under an old key, an anchor and rows under a new one; returns the ring of the old key alone."""
    old = KeyRing.parse(settings.KEY_RING)
    settings.KEY_RING = f"{NEW},{settings.KEY_RING}"
    anchor(at=noon(TODAY))
    audit.record(action="after", at=noon(TODAY))
    return old


def test_keys_that_follow_each_other_are_no_fault(turned: KeyRing) -> None:
    assert verify() is None


@pytest.mark.parametrize("start", [ROWS + 1, ROWS + 2])
def test_a_row_under_an_older_key_after_a_newer_one_is_a_fault(turned: KeyRing, start: int) -> None:
    audit.record(action="last", at=noon(TODAY))
    forge(ring=turned, start=start + 1)

    assert verify() == Finding(fault=AuditFault.OLDER_KEY, sequence=start + 1)


def test_an_end_under_an_older_key_than_the_rows_is_a_fault(turned: KeyRing) -> None:
    head = AuditHead.objects.get()
    end = audit.head_bytes(sequence=head.sequence, mac=bytes(head.mac))
    AuditHead.objects.update(seal=turned.digest(end, purpose="audit-head"))

    assert verify() == Finding(fault=AuditFault.HEAD, sequence=ROWS + 3)


def test_a_remnant_forges_no_log(turned: KeyRing, settings: Settings) -> None:
    settings.KEY_RING = f"{NEW},{rotation.remnant_of(key_id='t1')}"
    clean = verify()
    AuditRow.objects.filter(sequence__gt=ROWS).delete()
    forge(ring=turned, start=1)

    finding = verify()

    assert clean is None
    assert finding == Finding(fault=AuditFault.HEAD, sequence=ROWS + 1)


def test_a_remnant_signs_no_later_row(turned: KeyRing, settings: Settings) -> None:
    settings.KEY_RING = f"{NEW},{rotation.remnant_of(key_id='t1')}"
    forge(ring=turned, start=1)

    assert verify() == Finding(fault=AuditFault.OLDER_KEY, sequence=ROWS + 1)


def test_an_anchor_under_an_older_key_vouches_for_nothing(turned: KeyRing, settings: Settings) -> None:
    audit.record(action="last", at=noon(TODAY))
    AuditRow.objects.filter(sequence=3).update(subject="AS-x")
    AuditRow.objects.filter(sequence=ROWS + 3).update(action=ANCHOR, data={"until": ROWS, "sha256": "0" * 64})
    forge(ring=turned, start=ROWS + 3)

    assert verify() == Finding(fault=AuditFault.EDITED, sequence=3)


def test_a_checkpoint_goes_on_only_under_newer_keys(turned: KeyRing) -> None:
    before = AuditRow.objects.get(sequence=ROWS + 2)
    audit.record(action="last", at=noon(TODAY))
    forge(ring=turned, start=ROWS + 3)

    with pytest.raises(LogAtFault):
        audit_check.marked_rows(after=before.sequence, mac=bytes(before.mac))


def test_a_key_is_not_cut_down_while_the_log_ends_under_it(settings: Settings) -> None:
    settings.KEY_RING = f"{NEW},{settings.KEY_RING}"

    with pytest.raises(rotation.StillNeeded):
        rotation.remnant_of(key_id="t1")


def test_a_process_with_the_ring_of_before_stops(turned: KeyRing, settings: Settings) -> None:
    rows = AuditRow.objects.count()
    settings.KEY_RING = settings.KEY_RING.split(",")[1]

    with pytest.raises(OldKeyRing):
        audit.record(action="late", at=noon(TODAY))

    assert AuditRow.objects.count() == rows


# --- what is done to the end -----------------------------------------------------------------------------------


def test_a_new_record_does_not_bless_a_cut_tail(log: list[AuditRow]) -> None:
    cut_with_the_head(log)

    audit.record(action="after", at=noon(TODAY))

    assert verify() == Finding(fault=AuditFault.HEAD, sequence=6)


@pytest.mark.parametrize("way", ["verify", "marked"])
def test_what_is_recorded_meanwhile_is_no_cut_tail(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    plain = audit_check._rows

    def rows_while_others_work(**bounds: int | None) -> Iterator[AuditRow]:
        for row in plain(**bounds):  # type: ignore[arg-type]  # handed on as they come
            yield row
            if row.sequence in (1, ROWS):
                audit.record(action="meanwhile", at=noon(TODAY))

    monkeypatch.setattr(audit_check, "_rows", rows_while_others_work)

    if way == "verify":
        assert verify() is None
    else:
        sequence, _mac, marks = audit_check.marked_rows(after=0, mac=audit.GENESIS)
        assert (sequence, len(marks)) == (ROWS, ROWS * audit_check.MARK_BYTES)
    assert AuditRow.objects.count() == ROWS + 2

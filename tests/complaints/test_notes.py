"""Hand-over notes: who may leave one, kept encrypted, never told to the reporter."""

import pytest
from django.contrib.auth.models import User

from complaints.enums import Problem, Role, UnitPart
from complaints.errors import DraftInvalid, NotAllowed, TipNotFound
from complaints.models import AuditRow, HandoverNote, Tip, TipUnit
from complaints.services.notes import leave_note
from complaints.services.reporter import progress_for_receipt
from tests import database_bytes
from tests.factories import TODAY, TipFactory, UserFactory, noon
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
WORDS = "已电话联系厂方负责人标记交接"
NOON = noon(TODAY)


@pytest.fixture
def tip(city: City) -> Tip:
    return TipFactory(accepted=True, district=YANTA, town=city.town_code)


def test_a_note_is_kept_encrypted_and_logged_without_its_words(tip: Tip, officer: User) -> None:
    row = leave_note(tip_id=tip.pk, author=officer, at=NOON, text=f"  {WORDS}\r\n第二行 ")

    kept = HandoverNote.objects.get()
    assert (kept.pk, kept.tip, kept.author, kept.written_at) == (row.pk, tip, officer, NOON)
    assert kept.text == f"{WORDS}\n第二行"
    assert WORDS.encode() not in database_bytes.dumped()
    assert AuditRow.objects.order_by("sequence").last().data == {"note": row.pk}


def test_everybody_on_a_side_of_the_tip_may_note(
    city: City, tip: Tip, town_officer: User, leader: User
) -> None:
    TipUnit.objects.create(tip=tip, office=city.lianhu, part=UnitPart.CO_UNIT, since_date=TODAY)
    helper = UserFactory(roles=[(Role.OFFICER, city.lianhu)])

    for person in (town_officer, leader, helper):
        leave_note(tip_id=tip.pk, author=person, at=NOON, text=WORDS)

    assert tip.notes.count() == 3


def test_notes_may_follow_the_end(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA, archived=True)

    leave_note(tip_id=tip.pk, author=officer, at=NOON, text=WORDS)

    assert tip.notes.count() == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (" \n", Problem.NEEDS_TEXT),
        ("长" * 3001, Problem.TOO_LONG),
        ("\x00", Problem.BAD_CHARACTERS),
    ],
)
def test_an_unfit_note_changes_nothing(tip: Tip, officer: User, text: str, problem: Problem) -> None:
    before = AuditRow.objects.count()

    with pytest.raises(DraftInvalid) as refused:
        leave_note(tip_id=tip.pk, author=officer, at=NOON, text=text)

    assert [(p.field, p.problem) for p in refused.value.problems] == [("text", problem)]
    assert HandoverNote.objects.count() == 0
    rows = list(AuditRow.objects.order_by("sequence"))[before:]
    assert [(row.action, row.data) for row in rows] == [("tip.refused", {"act": "note", "code": "invalid"})]


def test_strangers_and_readers_leave_none(tip: Tip, foreign_officer: User, auditor: User) -> None:
    with pytest.raises(TipNotFound):
        leave_note(tip_id=tip.pk, author=foreign_officer, at=NOON, text=WORDS)
    with pytest.raises(NotAllowed):
        leave_note(tip_id=tip.pk, author=auditor, at=NOON, text=WORDS)
    assert HandoverNote.objects.count() == 0


def test_the_reporter_is_told_nothing_of_it(tip: Tip, officer: User) -> None:
    receipt = tip.acknowledgement.receipt
    before = progress_for_receipt(typed=receipt)

    leave_note(tip_id=tip.pk, author=officer, at=NOON, text=WORDS)

    assert progress_for_receipt(typed=receipt) == before

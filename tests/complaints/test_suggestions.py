"""Suggested duplicates: found by blind keys in bounded work, with their grounds, gone for good once dismissed."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from complaints.enums import Ground, Phase, TipStatus
from complaints.errors import NotAllowed, TipNotFound
from complaints.models import AuditRow, DuplicateHint, Tip
from complaints.selectors.casework import case_record
from complaints.selectors.merging import hints_of
from complaints.services.duplicates import CANDIDATES, HINTS, suggest_duplicates
from complaints.services.merging import dismiss_hint, merge
from tests.factories import TODAY, TipFactory, move_to, noon
from tests.fixtures import IN_YANTA, YANTA, City

pytestmark = pytest.mark.django_db
FIRM = {"entity_name": "西安某某铝制品有限公司", "kind": "violation"}
HERE = {"lat": IN_YANTA[0], "lng": IN_YANTA[1]}
NEAR = {"lat": IN_YANTA[0] + 0.001, "lng": IN_YANTA[1]}


def tip(**values: Any) -> Tip:
    return TipFactory(**{"district": YANTA, "address": "", **values})


def suggested(later: Tip) -> dict[int, list[str]]:
    suggest_duplicates(tip_id=later.pk)
    return {hint.earlier_id: hint.grounds for hint in later.duplicate_hints.all()}


def test_the_same_entity_and_matter_is_found_under_another_spelling(city: City) -> None:
    earlier, later = (
        tip(**FIRM),
        tip(entity_name="某某铝制品公司", kind="violation", today=TODAY + timedelta(days=9)),
    )

    assert suggested(later) == {earlier.pk: [Ground.SAME_ENTITY, Ground.SAME_KIND]}


def test_a_near_point_and_the_same_operation_are_found_without_any_name(city: City) -> None:
    earlier, later = tip(operations=("dust",), **HERE), tip(operations=("dust", "height"), **NEAR)

    assert suggested(later) == {earlier.pk: [Ground.NEAR_POINT, Ground.SAME_OPERATION]}


def test_the_same_address_in_a_town_is_found(city: City) -> None:
    values = {"town": city.town_code, "address": "科技路 18 号", "kind": "violation"}
    earlier, later = tip(**values), tip(**values)

    assert suggested(later) == {earlier.pk: [Ground.SAME_ADDRESS, Ground.SAME_KIND]}


def test_after_a_submission_the_suggestion_is_there(
    city: City, django_capture_on_commit_callbacks: Any
) -> None:
    earlier = tip(**FIRM)

    with django_capture_on_commit_callbacks(execute=True):
        later = tip(**FIRM)

    assert [hint.earlier for hint in later.duplicate_hints.all()] == [earlier]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (FIRM | {"today": TODAY - timedelta(days=91)}, FIRM),
        (FIRM | {"replied": True}, FIRM),
        (FIRM | {"declined": True}, FIRM),
        (FIRM | {"district": ""}, FIRM),  # another unit's
        (FIRM, {"entity_name": "长安面粉厂", "kind": "violation"}),
        ({"operations": ("dust",), **HERE}, {"operations": ("height",), **NEAR}),
    ],
)
def test_what_is_closed_foreign_long_ago_or_different_is_not_suggested(
    city: City, earlier: dict[str, Any], later: dict[str, Any]
) -> None:
    tip(**earlier)

    assert suggested(tip(**later)) == {}


def test_a_second_run_changes_nothing(city: City) -> None:
    tip(**FIRM)
    later = tip(**FIRM)

    assert [suggest_duplicates(tip_id=later.pk) for _ in range(2)] == [1, 0]


def test_the_keys_say_nothing_and_differ_from_installation_to_installation(
    city: City, settings: Settings
) -> None:
    ours = tip(**FIRM, **HERE)
    settings.KEY_RING = "t2:intl:" + "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="

    theirs = tip(**FIRM, **HERE)

    assert len(bytes(ours.entity_key)) == len(bytes(ours.place_key)) == 8
    assert bytes(ours.entity_key) != bytes(theirs.entity_key)
    assert bytes(ours.place_key) != bytes(theirs.place_key)


def test_tips_stored_under_an_older_key_are_still_found(city: City, settings: Settings) -> None:
    earlier = tip(**FIRM)
    settings.KEY_RING = f"t2:intl:QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=,{settings.KEY_RING}"

    assert list(suggested(tip(**FIRM))) == [earlier.pk]


def test_without_entity_and_point_there_are_no_keys(city: City) -> None:
    row = tip()

    assert (bytes(row.entity_key), bytes(row.place_key)) == (b"", b"")


@pytest.mark.parametrize("count", [1, 3 * CANDIDATES])
def test_the_work_is_bounded_whatever_there_is(
    city: City, count: int, django_assert_max_num_queries: Any
) -> None:
    first = tip(**FIRM, **HERE, town=city.town_code)
    copies(first, count)
    later = tip(**FIRM, **HERE, town=city.town_code)

    with django_assert_max_num_queries(10):
        made = suggest_duplicates(tip_id=later.pk)

    assert made == min(count + 1, HINTS)


def copies(first: Tip, count: int) -> None:
    """Store rows that have the keys of `first` and, as theirs, nothing that can be read."""
    rows = []
    for number in range(count):
        row = Tip.objects.get(pk=first.pk)
        row.pk, row.number, row.idempotency_key = None, f"AS-2026-{number:06d}", f"{number:032x}"
        row.entity_name, row.description, row.entity_code = FIRM["entity_name"], "", ""
        row.address, row.point = "", first.point
        rows.append(row)
    Tip.objects.bulk_create(rows)


# --- what officers see and do ---------------------------------------------------------------------------------------


@pytest.fixture
def hint(city: City) -> DuplicateHint:
    tip(**FIRM)
    later = tip(**FIRM)
    suggest_duplicates(tip_id=later.pk)
    return later.duplicate_hints.get()


def test_both_tips_show_the_suggestion(hint: DuplicateHint, officer: User) -> None:
    assert list(hints_of(user=officer, tip=hint.tip)) == [hint]
    assert list(hints_of(user=officer, tip=hint.earlier)) == [hint]


def test_a_stranger_sees_none(hint: DuplicateHint, foreign_officer: User) -> None:
    assert list(hints_of(user=foreign_officer, tip=hint.tip)) == []


def test_a_dismissed_suggestion_stays_away(hint: DuplicateHint, officer: User) -> None:
    dismiss_hint(hint_id=hint.pk, actor=officer, at=noon(TODAY))

    suggest_duplicates(tip_id=hint.tip_id)

    assert list(hints_of(user=officer, tip=hint.tip)) == []
    row = DuplicateHint.objects.get()
    assert (row.dismissed_by, row.dismissed_at) == (officer, noon(TODAY))
    assert AuditRow.objects.get(action="tip.hint_dismissed").subject == hint.tip.number


def test_a_merged_tip_is_suggested_no_more(hint: DuplicateHint, officer: User) -> None:
    merge(tip_id=hint.tip_id, into_number=hint.earlier.number, actor=officer, at=noon(TODAY))

    assert Tip.objects.get(pk=hint.tip_id).phase == Phase.DONE
    assert list(hints_of(user=officer, tip=hint.earlier)) == []


def test_who_may_dismiss(hint: DuplicateHint, foreign_officer: User, auditor: User) -> None:
    for person, refusal in ((foreign_officer, TipNotFound), (auditor, NotAllowed)):
        with pytest.raises(refusal):
            dismiss_hint(hint_id=hint.pk, actor=person, at=noon(TODAY))

    assert DuplicateHint.objects.get().dismissed_at is None


def test_an_unknown_suggestion_is_not_found(officer: User) -> None:
    with pytest.raises(TipNotFound):
        dismiss_hint(hint_id=10**9, actor=officer, at=noon(TODAY))


def test_page_suggests_only_what_can_still_be_merged(hint: DuplicateHint, officer: User) -> None:
    assert case_record(tip=hint.tip, user=officer).hints == [hint]
    assert case_record(tip=hint.earlier, user=officer).hints == []

    move_to(tip=hint.earlier, status=TipStatus.CLOSED, officer=officer)

    assert case_record(tip=hint.tip, user=officer).hints == []

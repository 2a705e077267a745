"""Words around a merge: written to one or to all, and read by the unit in charge alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from complaints.enums import Action
from complaints.errors import TipNotFound
from complaints.models import Message, Objection, Tip
from complaints.selectors.casework import case_record
from complaints.selectors.inbox import Tab, inbox_counts, newest_messages
from complaints.selectors.merging import hearers_of
from complaints.selectors.tips import evidence_of, messages_of, photo_for
from complaints.services.messages import write_to_reporter
from complaints.services.notes import leave_note
from complaints.services.objections import object_to_answer
from tests.complaints.test_merging import fresh, merged, pair, progress, put, reply
from tests.complaints.test_messages import answer, send
from tests.factories import TODAY, MembershipFactory, TipFactory, noon, step, submit, upload
from tests.fixtures import YANTA, City

__all__ = ["merged", "pair"]
pytestmark = pytest.mark.django_db
NOON = noon(TODAY + timedelta(days=3))


def write(lead: Tip, officer: User, text: str, *, to: Tip | None = None) -> Message:
    return write_to_reporter(tip_id=lead.pk, text=text, author=officer, at=NOON, to=to.number if to else "")


def heard(tip: Tip) -> list[str]:
    return [line.text for line in progress(tip).lines]


# --- to one or to all -----------------------------------------------------------------------------------------------


def test_words_to_one_reach_nobody_else(merged: tuple[Tip, Tip], officer: User) -> None:
    lead, later = merged

    write(lead, officer, "只问先报的", to=lead)
    write(lead, officer, "只问后报的", to=later)
    write(lead, officer, "问大家")

    assert heard(lead) == ["只问先报的", "问大家"]
    assert heard(later) == ["只问后报的", "问大家"]


def test_who_can_open_each_line_is_known_to_the_officer(
    merged: tuple[Tip, Tip], officer: User, django_assert_num_queries: Any
) -> None:
    lead, later = merged
    rows = [
        write(lead, officer, "一", to=later),
        write(lead, officer, "二", to=lead),
        write(lead, officer, "三"),
    ]

    with django_assert_num_queries(1):
        found = hearers_of(messages=rows)

    assert [found[row.pk] for row in rows] == [{later.pk}, {lead.pk}, {lead.pk, later.pk}]


def test_words_before_the_merge_count_as_the_words_to_one(pair: tuple[Tip, Tip], officer: User) -> None:
    lead, later = pair
    answer(lead, officer, "您站在哪一台旁边")

    put(later, into=lead, actor=officer)

    (row,) = messages_of(tip=lead, user=officer)
    assert hearers_of(messages=[row]) == {row.pk: {lead.pk}}


def test_a_number_that_was_not_merged_here_is_not_written_to(merged: tuple[Tip, Tip], officer: User) -> None:
    stranger = TipFactory(district=YANTA)

    with pytest.raises(TipNotFound):
        write(merged[0], officer, "走错门的话", to=stranger)

    assert not Message.objects.exists()


def test_a_receipt_made_late_reads_what_was_said_to_its_reporter_alone(
    merged: tuple[Tip, Tip], officer: User
) -> None:
    lead, later = merged
    write(lead, officer, "只问后报的", to=later)
    write(lead, officer, "只问先报的", to=lead)
    fields = {"district": YANTA, "today": TODAY + timedelta(days=2), "photos": 1}

    again = submit(idempotency_key=later.idempotency_key, description=later.description, **fields)

    later.acknowledgement = again
    assert heard(later) == ["只问后报的"]


def test_the_answer_wipes_words_to_one_too(merged: tuple[Tip, Tip], officer: User) -> None:
    lead, later = merged
    write(lead, officer, "只问后报的", to=later)

    reply(lead, officer)

    assert [row.body for row in later.messages.all()] == [""]
    assert heard(later) == ["只问后报的"]


# --- who reads them ---------------------------------------------------------------------------------------------------


@pytest.fixture
def guest(merged: tuple[Tip, Tip], city: City, officer: User) -> User:
    """Return an officer of a co-unit of the lead."""
    step(tip=merged[0], action=Action.JOIN, actor=officer, office_id=city.lianhu.pk)
    return MembershipFactory(office=city.lianhu).user


def test_a_co_unit_reads_the_lead_and_no_merged_reporter(
    merged: tuple[Tip, Tip], officer: User, guest: User
) -> None:
    lead, later = merged
    send(later, "我是白班的", uploads=[upload()])
    own = send(lead, "夜里还在干")
    sent = later.photos.order_by("position").last()

    assert list(messages_of(tip=lead, user=guest)) == [own]
    assert messages_of(tip=lead, user=officer).count() == 2
    assert photo_for(user=officer, public_id=sent.public_id) == sent
    with pytest.raises(TipNotFound):
        photo_for(user=guest, public_id=sent.public_id)


def test_new_words_are_counted_and_shown_to_the_unit_in_charge_alone(
    merged: tuple[Tip, Tip], officer: User, guest: User
) -> None:
    lead, later = merged
    send(later, "我是白班的")

    assert newest_messages(user=guest, most=5) == []
    assert not inbox_counts(user=guest, now=timezone.now(), tabs=[Tab.MESSAGES])[Tab.MESSAGES]
    assert [row.tip for row in newest_messages(user=officer, most=5)] == [lead]
    assert inbox_counts(user=officer, now=timezone.now(), tabs=[Tab.MESSAGES])[Tab.MESSAGES].number == 1


def test_the_town_of_a_merged_tip_sees_the_tip_and_not_the_words(city: City, officer: User) -> None:
    town = MembershipFactory(office=city.town).user
    lead = TipFactory(district=YANTA)
    later = TipFactory(district=YANTA, town=city.town_code, photos=1)
    first = later.photos.get()
    put(later, into=lead, actor=officer, at=noon(TODAY))
    send(later, "我是白班的", uploads=[upload()])
    sent = later.photos.order_by("position").last()

    assert not messages_of(tip=fresh(later), user=town).exists()
    assert list(evidence_of(tip=fresh(later), user=town)) == [first]
    assert photo_for(user=town, public_id=first.public_id) == first
    with pytest.raises(TipNotFound):
        photo_for(user=town, public_id=sent.public_id)


def test_a_called_unit_reads_no_merged_reporter_before_it_leads(
    city: City, officer: User, town_officer: User
) -> None:
    lead = TipFactory(district=YANTA, town=city.town_code)
    step(tip=lead, action=Action.DISPATCH, actor=officer, office_id=city.town.pk)
    later = TipFactory(district=YANTA, town=city.town_code)
    step(tip=later, action=Action.DISPATCH, actor=officer, office_id=city.town.pk)
    put(later, into=lead, actor=town_officer, at=noon(TODAY))
    step(tip=lead, action=Action.JOIN, actor=town_officer, office_id=city.lianhu.pk)
    send(later, "我是白班的")
    called = MembershipFactory(office=city.lianhu).user

    assert not messages_of(tip=fresh(lead), user=called).exists()
    assert messages_of(tip=fresh(lead), user=town_officer).exists()


def test_an_objection_tells_officers_in_charge_whose_it_is_and_others_nothing(
    merged: tuple[Tip, Tip], officer: User, guest: User
) -> None:
    lead, later = merged
    reply(lead, officer)

    object_to_answer(
        typed=later.acknowledgement.receipt, text="护栏是摆拍的", today=TODAY + timedelta(days=6)
    )

    assert Objection.objects.get().raised_on == later
    assert case_record(tip=fresh(lead), user=officer).reads_words
    assert case_record(tip=fresh(lead), user=officer).reporters == {
        lead.pk: lead.number,
        later.pk: later.number,
    }
    assert not case_record(tip=fresh(lead), user=guest).reads_words
    assert case_record(tip=fresh(lead), user=guest).reporters == {}


def test_notes_on_a_merged_tip_come_along(pair: tuple[Tip, Tip], city: City, officer: User) -> None:
    lead, later = pair
    leave_note(tip_id=later.pk, author=officer, at=NOON, text="白班工人带路")
    put(later, into=lead, actor=officer)

    assert [(row.text, row.tip.number) for row in case_record(tip=fresh(lead), user=officer).notes] == [
        ("白班工人带路", later.number)
    ]


# --- photos -----------------------------------------------------------------------------------------------------------


def test_photos_of_merged_tips_are_for_the_unit_in_charge_in_the_order_they_came(
    merged: tuple[Tip, Tip], officer: User, guest: User
) -> None:
    lead, later = merged
    send(later, "拍到了", uploads=[upload()])

    found = [(row.tip, row.position) for row in evidence_of(tip=fresh(lead), user=officer)]

    assert found == [(lead, 0), (later, 0), (later, 1)]
    assert [row.tip for row in evidence_of(tip=fresh(lead), user=guest)] == [lead]
    assert [row.tip for row in evidence_of(tip=fresh(later), user=officer)] == [later, later]

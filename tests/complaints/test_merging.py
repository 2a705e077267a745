"""Merging: every receipt keeps progress, words and answer; nobody learns of another; refusals change nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.enums import Action, Clock, MergeFault, TipStatus
from complaints.errors import CannotMerge, IllegalMove, NotAllowed
from complaints.models import AuditRow, Rating, Tip
from complaints.selectors.history import history_of
from complaints.selectors.inbox import newest_messages
from complaints.selectors.merging import order_of_acceptance
from complaints.selectors.tips import evidence_of, messages_of, photo_for
from complaints.services.assignment import dispatch
from complaints.services.merging import merge
from complaints.services.messages import mark_read, write_to_reporter
from complaints.services.objections import object_to_answer
from complaints.services.reporter import Progress, progress_for_receipt, rate, withdraw
from tests.complaints.test_messages import answer, send
from tests.factories import TODAY, MembershipFactory, TipFactory, move_to, noon, step, submit, upload
from tests.fixtures import YANTA, City
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
SECRET = "我站在第三台冲床旁边"


@pytest.fixture
def pair(city: City) -> tuple[Tip, Tip]:
    """Return an earlier tip and a later one of the same unit."""
    return (
        TipFactory(district=YANTA, description=SECRET, photos=1),
        TipFactory(district=YANTA, today=TODAY + timedelta(days=2), photos=1),
    )


@pytest.fixture
def merged(pair: tuple[Tip, Tip], officer: User) -> tuple[Tip, Tip]:
    """Return the lead and a tip merged into it."""
    lead, later = pair
    put(later, into=lead, actor=officer)
    return lead, later


def put(tip: Tip, *, into: Tip, actor: User, **values: Any) -> Any:
    at = values.pop("at", noon(TODAY + timedelta(days=3)))
    return merge(tip_id=tip.pk, into_number=into.number, actor=actor, at=at, **values)


def fresh(tip: Tip) -> Tip:
    return Tip.objects.get(pk=tip.pk)


def progress(tip: Tip) -> Progress:
    return progress_for_receipt(typed=tip.acknowledgement.receipt)


def reply(lead: Tip, officer: User) -> None:
    move_to(tip=lead, status=TipStatus.REPLIED, officer=officer, at=noon(TODAY + timedelta(days=5)))


# --- what a merge does -------------------------------------------------------------------------------------------


def test_the_later_tip_ends_and_points_at_the_lead(merged: tuple[Tip, Tip]) -> None:
    lead, later = merged

    row = fresh(later)
    assert (row.status, row.phase, row.merged_into, row.clock) == ("merged", "done", lead, Clock.NONE)
    assert not row.periods.running().exists()
    assert fresh(lead).status == "registered"


def test_both_tips_have_it_in_the_audit_log(merged: tuple[Tip, Tip]) -> None:
    lead, later = merged

    assert AuditRow.objects.get(action="tip.merge").subject == later.number
    assert AuditRow.objects.get(action="tip.takes_in").subject == lead.number


def test_the_number_of_the_lead_is_read_as_people_type_it(pair: tuple[Tip, Tip], officer: User) -> None:
    lead, later = pair

    merge(tip_id=later.pk, into_number=f" {lead.number.lower()} ", actor=officer, at=noon(TODAY))

    assert fresh(later).merged_into == lead


def test_the_memo_stays_among_officers(pair: tuple[Tip, Tip], officer: User) -> None:
    lead, later = pair

    put(later, into=lead, actor=officer, memo="同一台冲床")

    assert later.steps.get(action=Action.MERGE).memo == "同一台冲床"
    assert "同一台冲床" not in repr(progress(later))


def test_every_reporter_gets_the_answer(merged: tuple[Tip, Tip], officer: User) -> None:
    lead, later = merged

    reply(lead, officer)

    first, second = progress(lead), progress(later)
    assert first.replies[0].text == second.replies[0].text != ""
    assert (second.status, second.number, second.is_merged) == (TipStatus.REPLIED, later.number, True)


def test_the_merged_reporter_sees_the_leads_way_from_the_own_day_on(
    merged: tuple[Tip, Tip], officer: User
) -> None:
    lead, later = merged
    move_to(tip=lead, status=TipStatus.VERIFIED, officer=officer, at=noon(TODAY + timedelta(days=4)))

    way = {one.action: (one.is_done, one.day) for one in progress(later).milestones}

    assert list(way)[:3] == ["register", "merge", "accept"]
    assert way["register"] == (True, TODAY + timedelta(days=2))
    assert way["merge"] == (True, TODAY + timedelta(days=3))
    assert way["accept"] == (True, TODAY + timedelta(days=4))


def test_days_before_the_merge_are_not_told(city: City, officer: User) -> None:
    lead = TipFactory(district=YANTA, accepted=True, officer=officer)
    later = TipFactory(district=YANTA, today=TODAY + timedelta(days=9))

    put(later, into=lead, actor=officer, at=noon(TODAY + timedelta(days=9)))

    way = {one.action: (one.is_done, one.day) for one in progress(later).milestones}
    assert way["accept"] == (True, TODAY + timedelta(days=9))


def test_nothing_of_the_other_reporter_is_shown(pair: tuple[Tip, Tip], officer: User) -> None:
    lead, later = pair
    send(lead, "我是夜班的")
    answer(lead, officer, "您站在哪一台旁边")
    send(later, "我是白班的")
    answer(later, officer, "白班几点交接")
    put(later, into=lead, actor=officer)
    answer(lead, officer, "我们已到现场")
    reply(lead, officer)

    shown, other = repr(progress(later)), repr(progress(lead))

    assert all(words in shown for words in ("我是白班的", "白班几点交接", "我们已到现场"))
    assert not any(words in shown for words in (SECRET, "我是夜班的", "您站在哪一台旁边", lead.number))
    assert not any(words in other for words in ("我是白班的", "白班几点交接", later.number))
    assert "merge" not in [one.action for one in progress(lead).milestones]


def test_words_of_a_merged_reporter_wait_at_the_lead(merged: tuple[Tip, Tip], officer: User) -> None:
    lead, later = merged

    message = send(later, "又开工了", uploads=[upload()])

    assert (fresh(lead).unread_count, fresh(later).unread_count) == (1, 0)
    assert [row.tip.number for row in messages_of(tip=lead, user=officer)] == [later.number]
    assert [(row.pk, row.tip) for row in newest_messages(user=officer, most=5)] == [(message.pk, lead)]
    mark_read(tip=fresh(lead), reader=officer, newest_shown=message.pk)
    assert fresh(lead).unread_count == 0


def test_what_waited_unread_moves_to_the_lead(pair: tuple[Tip, Tip], officer: User) -> None:
    lead, later = pair
    send(lead)
    send(later)

    put(later, into=lead, actor=officer)

    assert (fresh(lead).unread_count, fresh(later).unread_count) == (2, 0)


def test_words_go_to_the_lead_not_to_what_was_merged(merged: tuple[Tip, Tip], officer: User) -> None:
    with pytest.raises(IllegalMove):
        write_to_reporter(tip_id=merged[1].pk, text="在吗", author=officer, at=noon(TODAY))


def test_photos_and_words_are_at_hand_on_the_page_of_the_lead(
    merged: tuple[Tip, Tip], officer: User, django_assert_num_queries: Any
) -> None:
    lead, later = merged
    send(later, "白班")

    with django_assert_num_queries(3):
        photos = [(row.tip.number, row.position) for row in evidence_of(tip=lead, user=officer)]
        words = [row.body for row in messages_of(tip=lead, user=officer)[:1]]

    assert photos == [(lead.number, 0), (later.number, 0)]
    assert words == ["白班"]


def test_whoever_gets_the_lead_gets_what_was_merged(
    merged: tuple[Tip, Tip], city: City, officer: User
) -> None:
    lead, later = merged
    photo = later.photos.get()

    dispatch(tip_id=lead.pk, actor=officer, at=noon(TODAY), office_id=city.town.pk, memo="请先核查")

    town = MembershipFactory(office=city.town).user
    assert fresh(later).handling_unit == city.town
    assert photo_for(user=town, public_id=photo.public_id) == photo


def test_a_receipt_made_late_reads_what_was_said_since(
    merged: tuple[Tip, Tip], officer: User, pair: Any
) -> None:
    lead, later = merged
    answer(lead, officer, "我们已到现场")
    fields = {"district": YANTA, "today": TODAY + timedelta(days=2), "photos": 1}

    again = submit(idempotency_key=later.idempotency_key, description=later.description, **fields)

    assert again.number == later.number
    assert [line.text for line in progress_for_receipt(typed=again.receipt).lines] == ["我们已到现场"]


def test_working_copies_end_with_the_answer_everywhere(pair: tuple[Tip, Tip], officer: User) -> None:
    lead, later = pair
    answer(later, officer, "白班几点交接")
    put(later, into=lead, actor=officer)

    reply(lead, officer)

    assert [row.body for row in later.messages.all()] == [""]
    assert "白班几点交接" in repr(progress(later))


def test_a_death_is_not_lost(city: City, city_officer: User) -> None:
    lead, later = TipFactory(), TipFactory()
    Tip.objects.filter(pk=later.pk).update(involves_death=True)

    put(later, into=lead, actor=city_officer)

    assert fresh(lead).involves_death


def test_what_was_merged_follows_to_the_new_lead(pair: tuple[Tip, Tip], officer: User) -> None:
    lead, later = pair
    last = TipFactory(district=YANTA, today=TODAY + timedelta(days=3))
    put(last, into=later, actor=officer)
    answer(later, officer, "先到的话")

    put(later, into=lead, actor=officer)
    reply(lead, officer)

    assert {fresh(tip).merged_into for tip in (later, last)} == {lead}
    assert progress(last).replies[0].text == progress(lead).replies[0].text
    assert "先到的话" in repr(progress(last))


# --- acts of those who reported the same --------------------------------------------------------------------------


def test_one_withdraws_and_the_other_still_gets_the_answer(merged: tuple[Tip, Tip], officer: User) -> None:
    lead, later = merged
    withdraw(typed=lead.acknowledgement.receipt, today=TODAY)

    reply(lead, officer)

    quiet, told = progress(lead), progress(later)
    assert (quiet.replies, quiet.status, quiet.is_withdrawn) == ((), TipStatus.DISPOSED, True)
    assert "reply" not in [one.action for one in quiet.milestones]
    assert len(told.replies) == 1
    assert not told.is_withdrawn


def test_a_merged_reporter_withdraws_alone(merged: tuple[Tip, Tip], officer: User) -> None:
    lead, later = merged
    withdraw(typed=later.acknowledgement.receipt, today=TODAY)

    reply(lead, officer)

    assert (len(progress(lead).replies), progress(later).replies) == (1, ())


def test_once_all_withdrew_nobody_is_owed_an_answer(merged: tuple[Tip, Tip], officer: User) -> None:
    lead, later = merged
    move_to(tip=lead, status=TipStatus.VERIFIED, officer=officer, at=noon(TODAY + timedelta(days=5)))
    day = TODAY + timedelta(days=6)
    withdraw(typed=lead.acknowledgement.receipt, today=day)
    assert lead.periods.running().filter(clock=Clock.REPLY).exists()

    withdraw(typed=later.acknowledgement.receipt, today=day)

    assert not lead.periods.running().filter(clock=Clock.REPLY).exists()
    assert "withdrawn" in history_of(tip=fresh(lead), today=day).facts


def test_any_of_them_may_object_and_each_rates_alone(merged: tuple[Tip, Tip], officer: User) -> None:
    lead, later = merged
    reply(lead, officer)
    day = TODAY + timedelta(days=6)

    for tip, score in ((lead, 5), (later, 1)):
        rate(typed=tip.acknowledgement.receipt, score=score, today=day)
    object_to_answer(typed=later.acknowledgement.receipt, text="没有整改", today=day)

    assert {row.tip_id: row.score for row in Rating.objects.all()} == {lead.pk: 5, later.pk: 1}
    assert fresh(lead).status == "review"
    assert "没有整改" not in repr(progress(lead))


# --- who was first ------------------------------------------------------------------------------------------------


def test_r10_the_order_of_acceptance_is_kept(city: City, officer: User) -> None:
    first, second, third = (TipFactory(district=YANTA, today=TODAY + timedelta(days=day)) for day in range(3))
    step(tip=first, action=Action.ACCEPT, actor=officer, at=noon(TODAY + timedelta(days=5)))
    step(tip=third, action=Action.ACCEPT, actor=officer, at=noon(TODAY + timedelta(days=6)))

    put(third, into=first, actor=officer, at=noon(TODAY + timedelta(days=7)))
    put(second, into=first, actor=officer, at=noon(TODAY + timedelta(days=8)))

    for tip in (first, second, third):
        assert order_of_acceptance(tip=fresh(tip)) == [first, third, second]


def test_acceptance_of_the_lead_is_acceptance_of_all(merged: tuple[Tip, Tip], officer: User) -> None:
    lead, later = merged
    day = TODAY + timedelta(days=4)

    step(tip=lead, action=Action.ACCEPT, actor=officer, at=noon(day))

    assert fresh(later).accepted_date == day
    assert order_of_acceptance(tip=lead) == [lead, later]


# --- what is refused ----------------------------------------------------------------------------------------------

Pair = Callable[[City, User], tuple[Tip, Tip]]


def _same(city: City, officer: User) -> tuple[Tip, Tip]:
    tip = TipFactory(district=YANTA)
    return tip, tip


def _other_unit(city: City, officer: User) -> tuple[Tip, Tip]:
    return TipFactory(district=YANTA), TipFactory()


def _earlier_into_later(city: City, officer: User) -> tuple[Tip, Tip]:
    early, late = TipFactory(), TipFactory()
    return late, early


def _into_merged(city: City, officer: User) -> tuple[Tip, Tip]:
    lead, middle, last = TipFactory(), TipFactory(), TipFactory()
    put(middle, into=lead, actor=officer)
    return middle, last


def _circle(city: City, officer: User) -> tuple[Tip, Tip]:
    lead, later = TipFactory(), TipFactory()
    put(later, into=lead, actor=officer)
    return later, lead


def _into(trait: str) -> Pair:
    def make(city: City, officer: User) -> tuple[Tip, Tip]:
        return TipFactory(**{trait: True}), TipFactory()

    return make


def _into_withdrawn(city: City, officer: User) -> tuple[Tip, Tip]:
    lead = TipFactory()
    withdraw(typed=lead.acknowledgement.receipt, today=TODAY)
    return lead, TipFactory()


def _accepted_into_registered(city: City, officer: User) -> tuple[Tip, Tip]:
    return TipFactory(), TipFactory(accepted=True)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (_same, MergeFault.SAME_TIP),
        (_other_unit, MergeFault.OTHER_UNIT),
        (_earlier_into_later, MergeFault.LATER),
        (_into_merged, MergeFault.ALREADY_MERGED),
        (_circle, MergeFault.ALREADY_MERGED),
        *((_into(trait), MergeFault.ANSWERED) for trait in ("declined", "replied", "closed", "archived")),
        (_into_withdrawn, MergeFault.WITHDRAWN),
        (_accepted_into_registered, MergeFault.NOT_ACCEPTED),
    ],
)
def test_tips_that_do_not_go_together_are_refused(
    city: City, city_officer: User, make: Pair, fault: MergeFault
) -> None:
    lead, tip = make(city, city_officer)
    before = (fresh(tip).status, fresh(tip).merged_into_id, tip.steps.count(), AuditRow.objects.count())

    with pytest.raises(CannotMerge) as caught:
        put(tip, into=lead, actor=city_officer)

    assert caught.value.fault == fault
    after = (fresh(tip).status, fresh(tip).merged_into_id, tip.steps.count(), AuditRow.objects.count() - 1)
    assert after == before
    refusal = AuditRow.objects.get(action="tip.refused")
    assert refusal.data == {"act": "merge", "code": "cannot_merge"}


@pytest.mark.parametrize("trait", ["declined", "verified", "disposed", "replied", "closed"])
def test_a_tip_that_went_further_is_not_merged(city: City, city_officer: User, trait: str) -> None:
    lead, tip = TipFactory(accepted=True), TipFactory(**{trait: True})

    with pytest.raises(IllegalMove):
        put(tip, into=lead, actor=city_officer)


def test_an_auditor_merges_nothing(pair: tuple[Tip, Tip], auditor: User) -> None:
    with pytest.raises(NotAllowed):
        put(pair[1], into=pair[0], actor=auditor)


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_at_once_one_wins(city: City, officer: User) -> None:
    one, two, three = (TipFactory(district=YANTA) for _ in range(3))
    other = MembershipFactory(office=city.yanta).user

    results = at_once(
        [lambda: put(three, into=one, actor=officer), lambda: put(three, into=two, actor=other)]
    )

    assert len([each for each in results if isinstance(each, Exception)]) == 1
    assert three.steps.filter(action=Action.MERGE).count() == 1


# --- whatever is merged in whatever order ---------------------------------------------------------------------------


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(merges=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=8))
def test_merging_never_loses_a_receipt(city: City, officer: User, merges: list[tuple[int, int]]) -> None:
    tips = [TipFactory(district=YANTA) for _ in range(4)]
    for tip, lead in merges:
        try:
            put(tips[tip], into=tips[lead], actor=officer)
        except (CannotMerge, IllegalMove):
            continue

    leads = [tip for tip in tips if fresh(tip).status != TipStatus.MERGED]
    for lead in leads:
        reply(lead, officer)

    for tip in tips:
        shown = progress(tip)
        assert (shown.number, shown.status, len(shown.replies)) == (tip.number, TipStatus.REPLIED, 1)
        assert shown.replies[0].text
    assert sum(len(order_of_acceptance(tip=lead)) for lead in leads) == len(tips)
    assert all(fresh(tip).merged_into is None or fresh(tip).merged_into in leads for tip in tips)


def test_a_pause_older_than_the_merge_is_shown_from_its_day(pair: tuple[Tip, Tip], officer: User) -> None:
    lead, later = pair
    move_to(tip=lead, status=TipStatus.ACCEPTED, officer=officer, at=noon(TODAY))
    step(tip=lead, action=Action.PAUSE, actor=officer, at=noon(TODAY), memo="等鉴定", note="等待鉴定")
    put(later, into=lead, actor=officer)

    assert progress(lead).paused_since == lead.received_date
    assert progress(later).paused_since == TODAY + timedelta(days=3)

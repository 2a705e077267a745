"""What the holder of a receipt sees: the way with its days, the words, and no names of officers."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from complaints.enums import Action, Result, TipStatus
from complaints.errors import ReceiptUnknown
from complaints.models import SpecialDay, Tip
from complaints.services.reporter import Progress, progress_for_receipt
from tests.complaints.test_messages import answer, send
from tests.factories import TODAY, TipFactory, move_to, noon, step, submit, upload
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
ACCEPT_BY = date(2026, 3, 19)


def progress(tip: Tip) -> Progress:
    return progress_for_receipt(typed=tip.acknowledgement.receipt)


# What is done, and what is next, in the order of the page.
WAYS = [
    ({}, "register+ accept? approve_result reply close"),
    ({"screening": True}, "register+ accept? approve_result reply close"),
    ({"accepted": True}, "register+ accept+ approve_result? reply close"),
    ({"verifying": True}, "register+ accept+ approve_result? reply close"),
    ({"verified": True}, "register+ accept+ approve_result+ dispose? reply close"),
    ({"verified": True, "result": Result.FALSE}, "register+ accept+ approve_result+ reply? close"),
    ({"disposed": True}, "register+ accept+ approve_result+ dispose+ reply? close"),
    ({"replied": True}, "register+ accept+ approve_result+ dispose+ reply+ close?"),
    ({"closed": True}, "register+ accept+ approve_result+ dispose+ reply+ close+"),
    ({"archived": True}, "register+ accept+ approve_result+ dispose+ reply+ close+"),
    ({"declined": True}, "register+ decline+ close?"),
]


@pytest.mark.parametrize(("trait", "expected"), WAYS)
def test_the_way_of_a_tip(city: City, trait: dict[str, bool], expected: str) -> None:
    shown = progress(TipFactory(**trait)).milestones

    assert " ".join(one.action + "+" * one.is_done + "?" * one.is_now for one in shown) == expected


def test_days_ahead_are_the_last_the_law_gives(city: City) -> None:
    tip = TipFactory()

    days = {one.action: (one.day, one.due) for one in progress(tip).milestones}

    assert days == {
        "register": (TODAY, None),
        "accept": (None, ACCEPT_BY),
        "approve_result": (None, date(2026, 5, 18)),
        "reply": (None, date(2026, 5, 28)),
        "close": (None, None),
    }


def test_the_answer_is_due_after_the_conclusion(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    step(tip=tip, action=Action.ACCEPT, actor=officer, at=noon(TODAY + timedelta(days=2)))

    days = {one.action: (one.day, one.due) for one in progress(tip).milestones}

    assert days["accept"] == (TODAY + timedelta(days=2), None)
    assert days["reply"] == (None, date(2026, 5, 21))  # 60 days end on Monday 11 May, and 10 more


def test_a_day_in_a_year_not_announced_is_marked_as_expected(city: City) -> None:
    assert progress(TipFactory()).open_years == ()
    assert progress(TipFactory(today=date(2026, 11, 23))).open_years == (2027,)


def test_special_days_move_the_days_ahead(city: City) -> None:
    SpecialDay.objects.create(day=ACCEPT_BY, is_working=False)

    due = {one.action: one.due for one in progress(TipFactory()).milestones}

    assert due["accept"] == ACCEPT_BY + timedelta(days=1)


def test_words_and_answers_stand_apart(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    send(tip, "又看到一次", uploads=[upload()])
    answer(tip, officer)
    move_to(tip=tip, status=TipStatus.REPLIED, officer=officer)

    shown = progress(tip)

    assert [(line.is_mine, line.text, line.photo_count) for line in shown.lines] == [
        (True, "又看到一次", 1), (False, "请补充一张照片", 0),
    ]  # fmt: skip
    assert len(shown.replies) == 1
    assert (shown.status, shown.can_write) == (TipStatus.REPLIED, True)


def test_a_closed_tip_is_read_and_no_longer_written_to(city: City) -> None:
    shown = progress(TipFactory(closed=True))

    assert (shown.can_write, len(shown.replies)) == (False, 1)


def test_no_officer_is_named(city: City, officer: User) -> None:
    officer.first_name = "MARKER-OFFICER"
    officer.save()
    tip = TipFactory(closed=True, district=YANTA, officer=officer)

    assert "MARKER-OFFICER" not in repr(progress(tip))
    assert officer.username not in repr(progress(tip))
    assert progress(tip).office_name == city.yanta.name


def test_the_holder_sees_how_many_receipts_open_the_tip(city: City) -> None:
    tip = TipFactory(description="两次")
    before = progress(tip).receipt_count

    submit(description="两次", idempotency_key=tip.idempotency_key)

    assert (before, progress(tip).receipt_count) == (1, 2)


def test_a_wrong_receipt_shows_nothing(city: City) -> None:
    TipFactory()

    with pytest.raises(ReceiptUnknown):
        progress_for_receipt(typed="0000-0000-0000-0000-0000")


def test_reading_costs_the_same_for_one_message_and_for_twenty(
    city: City, officer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    tip = TipFactory(district=YANTA)
    for _ in range(10):
        send(tip, uploads=[upload()])
        answer(tip, officer)

    with django_assert_max_num_queries(9):
        progress(tip)


def test_the_unit_has_an_english_name_on_english_pages(city: City) -> None:
    city.yanta.name_en = "Yanta Emergency Bureau"
    city.yanta.save()
    tip = TipFactory(district=YANTA)

    with override("en"):
        english = (submit(district=YANTA).office_name, progress(tip).office_name)

    assert english == ("Yanta Emergency Bureau",) * 2
    assert progress(tip).office_name == city.yanta.name

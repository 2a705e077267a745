"""Acts of a reporter as somebody hostile sends them: unfit words, replays, two tabs, by page and by program."""

from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from complaints.enums import Action, TipStatus
from complaints.models import HandlingStep, Objection, Rating, Tip
from complaints.services.objections import object_to_answer
from complaints.services.reporter import progress_for_receipt
from tests.complaints.test_merging import merged, pair, reply
from tests.factories import TODAY, TipFactory
from tests.fixtures import City

__all__ = ["merged", "pair"]
pytestmark = pytest.mark.django_db
UNFIT = {
    "NUL": "装\x00的",
    "reordering": "\u202e装的",
    "isolate": "\u2066装的\u2069",
    "bell": "装\x07的",
    "huge": "装" * 2001,
    "enormous": "装" * 200_000,
    "accents": "a" + "\u0301" * 3000,
    "nothing": " \n\t ",
}


@pytest.fixture
def answered(city: City) -> Tip:
    """Return a tip answered today."""
    tip: Tip = TipFactory(replied=True, today=timezone.localdate())
    return tip


def by_page(client: Client, tip: Tip, action: str, **values: Any) -> Any:
    return client.post("/status/", {"receipt": tip.acknowledgement.receipt, "action": action, **values})


def by_program(client: Client, tip: Tip, path: str, **values: Any) -> Any:
    body = {"receipt": tip.acknowledgement.receipt, **values}
    return client.post(f"/api/v1/tips/{path}", body, content_type="application/json")


@pytest.mark.parametrize("text", UNFIT.values(), ids=UNFIT)
def test_unfit_words_are_refused_at_both_doors_and_store_nothing(
    client: Client, answered: Tip, text: str
) -> None:
    page = by_page(client, answered, "objection", text=text)
    program = by_program(client, answered, "objection", text=text)

    assert page.status_code == 422
    assert program.status_code in {413, 422}
    assert not Objection.objects.exists()
    assert not set(page.content.decode()) & set("\x00\x07\u202e\u2066\u2069")


@pytest.mark.parametrize("score", ["0", "6", "-1", "5.0", "10", "1e0", "²", "\x00", "5\u202e", "true"])
def test_no_other_score_is_taken(client: Client, answered: Tip, score: str) -> None:
    assert by_page(client, answered, "rating", score=score).status_code == 422
    assert by_program(client, answered, "rating", score=score).status_code == 422
    assert not Rating.objects.exists()


@pytest.mark.parametrize("score", [True, 5.5, None, [5], {"of": 5}, 2**70])
def test_a_score_of_another_kind_is_refused(client: Client, answered: Tip, score: Any) -> None:
    assert by_program(client, answered, "rating", score=score).status_code == 422
    assert not Rating.objects.exists()


def test_a_replayed_act_changes_nothing_by_either_door(client: Client, answered: Tip) -> None:
    for _ in range(2):
        assert by_page(client, answered, "rating", score="2").status_code == 200
        assert by_program(client, answered, "rating", score=2).status_code == 200
    for _ in range(2):
        assert by_page(client, answered, "objection", text="没有整改").status_code == 200
        assert by_program(client, answered, "objection", text="没有整改").status_code == 200

    assert (Rating.objects.count(), Objection.objects.count()) == (1, 1)
    acts = HandlingStep.objects.filter(tip=answered, action__in=(Action.RATE, Action.OBJECT))
    assert sorted(acts.values_list("action", flat=True)) == ["object", "rate"]


def test_a_second_tab_is_told_what_the_first_did(client: Client, answered: Tip) -> None:
    by_page(client, answered, "rating", score="2")
    by_page(client, answered, "objection", text="没有整改")

    late = [
        by_page(client, answered, "rating", score="5"),
        by_page(client, answered, "objection", text="另一句话"),
        by_page(client, answered, "withdraw", sure="1"),
    ]

    assert [one.status_code for one in late] == [409, 409, 409]
    assert all('role="alert"' in one.content.decode() for one in late)
    assert (Rating.objects.get().score, Objection.objects.get().words) == (2, "没有整改")
    assert Tip.objects.get(pk=answered.pk).withdrawn_date is None


def test_a_withdrawn_tip_takes_no_other_act(client: Client, city: City) -> None:
    tip = TipFactory(verifying=True)
    by_page(client, tip, "withdraw", sure="1")

    codes = [
        by_page(client, tip, "objection", text="没有整改").status_code,
        by_page(client, tip, "rating", score="1").status_code,
        by_program(client, tip, "objection", text="没有整改").status_code,
        by_program(client, tip, "rating", score=1).status_code,
    ]

    assert codes == [409, 409, 409, 409]


@pytest.mark.parametrize(
    ("days", "code"), [(9, 200), (10, 200), (11, 409)], ids=["ninth", "tenth", "eleventh"]
)
@pytest.mark.parametrize("door", [by_page, by_program])
def test_106_day_ten_is_in_time_and_eleven_late_at_both_doors(
    client: Client, city: City, door: Any, days: int, code: int
) -> None:
    # Ten days from a Monday, no day off around them: 13 to 23 April 2026 would end on a Thursday.
    answered_on = date(2026, 4, 13)
    tip = TipFactory(replied=True, today=answered_on)
    day = answered_on + timedelta(days=days)

    with mock.patch("django.utils.timezone.localdate", return_value=day):
        answer = door(client, tip, "objection", text="没有整改")

    assert answer.status_code == code
    assert Objection.objects.exists() is (code == 200)


def test_a_purged_receipt_answers_every_act_as_an_unknown_one(client: Client, answered: Tip) -> None:
    Tip.objects.filter(pk=answered.pk).delete()
    gone = answered.acknowledgement.receipt
    acts = {"objection": {"text": "没有整改"}, "rating": {"score": "3"}, "withdraw": {"sure": "1"}}

    for action, values in acts.items():
        purged = by_page(client, answered, action, **values)
        unknown = client.post("/status/", {"receipt": "ZZZZ-ZZZZ", "action": action, **values})
        pages = [
            one.content.decode().replace(typed, "") for one, typed in ((purged, gone), (unknown, "ZZZZ-ZZZZ"))
        ]
        assert purged.status_code == unknown.status_code == 404
        assert pages[0] == pages[1]


def test_a_merged_reporter_cannot_guess_what_another_objected(merged: tuple[Tip, Tip], officer: User) -> None:
    lead, later = merged
    reply(lead, officer)
    day = TODAY + timedelta(days=6)
    object_to_answer(typed=lead.acknowledgement.receipt, text="护栏是摆拍的", today=day)

    same = object_to_answer(typed=later.acknowledgement.receipt, text="护栏是摆拍的", today=day)

    # The words another reporter used are taken as any others are: as an objection of one's own.
    assert same == progress_for_receipt(typed=later.acknowledgement.receipt)
    assert lead.objections.filter(raised_on=later).count() == 1
    assert lead.objections.count() == 2
    assert Tip.objects.get(pk=lead.pk).status == TipStatus.REVIEW

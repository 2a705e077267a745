"""What stands out on the page of a tip is what is to be done next; where it is somebody else's turn, that is said."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from django.utils.formats import date_format

from complaints.enums import Action, Role, TipStatus
from complaints.models import Tip
from complaints.staff.card import Card
from complaints.staff.cards import WORDS_ON_CARD
from complaints.staff.tip_page import TipPage
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TipFactory, UserFactory, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db


def shown(people: People, tip: Tip, who: str = "officer") -> tuple[TipPage, BeautifulSoup]:
    answer = at_desk(getattr(people, who)).get(f"/admin/tips/{tip.number}/")
    return answer.context["page"], BeautifulSoup(answer.content, "html.parser")


def urged(people: People, tip: Tip, who: str = "officer") -> list[str]:
    """Return the steps that stand out in the bar."""
    page, soup = shown(people, tip, who)
    stands_out = {one["href"] for one in soup.select(".as-act > a.button:not(.button-secondary)")}
    return [one.action for one in page.buttons if one.url in stands_out]


def made(people: People, status: TipStatus, *, days_ago: int = 0) -> Tip:
    row: Tip = TipFactory(
        status=status,
        officer=people.officer,
        leader=people.leader,
        district=YANTA,
        today=timezone.localdate() - timedelta(days=days_ago),
    )
    return row


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (TipStatus.VERIFIED, Action.PROPOSE_MEASURE),
        (TipStatus.DISPOSED, Action.REPLY),
        (TipStatus.REPLIED, Action.CLOSE),
        (TipStatus.DECLINED, Action.CLOSE),
    ],
)
def test_what_is_to_be_done_next_stands_out(
    people: People, city: City, status: TipStatus, action: Action
) -> None:
    assert urged(people, made(people, status)) == [action]


@pytest.mark.parametrize(
    ("status", "first"),
    [
        (TipStatus.REGISTERED, [Action.ANSWER_SUPERVISION, Action.ACCEPT]),
        (TipStatus.VERIFYING, [Action.ANSWER_SUPERVISION, Action.CONCLUDE]),
        (TipStatus.DISPOSED, [Action.REPLY, Action.ANSWER_SUPERVISION]),
        (TipStatus.REPLIED, [Action.ANSWER_SUPERVISION, Action.RECHECK]),
    ],
)
def test_a_supervision_is_answered_first_and_behind_the_reply_where_one_is_due(
    people: People, city: City, status: TipStatus, first: list[Action]
) -> None:
    tip = made(people, status)
    above = UserFactory(roles=[(Role.LEADER, city.city)])
    step(tip=tip, action=Action.SUPERVISE, actor=above, at=timezone.now())

    page, _soup = shown(people, tip)

    assert [one.action for one in page.buttons][:2] == first


def test_the_card_of_a_supervision_says_what_is_asked_and_then_what_was_answered(
    people: People, city: City
) -> None:
    tip, above = made(people, TipStatus.VERIFYING), UserFactory(roles=[(Role.LEADER, city.city)])
    step(tip=tip, action=Action.SUPERVISE, actor=above, at=timezone.now(), memo="为什么拖了两周" + "。" * 200)
    asked = _supervision(shown(people, tip)[0])

    step(
        tip=tip, action=Action.ANSWER_SUPERVISION, actor=people.officer, at=timezone.now(), memo="本周内查完"
    )

    answered = _supervision(shown(people, tip)[0])
    assert asked.small.startswith("为什么拖了两周")
    assert len(asked.small) == WORDS_ON_CARD
    assert (asked.comes_first, answered.comes_first) == (True, False)
    assert answered.small == "本周内查完"


def _supervision(page: TipPage) -> Card:
    return next(card for card in page.cards if card.icon == "glasses")


@pytest.mark.parametrize("status", [TipStatus.DISPOSED, TipStatus.REPLIED, TipStatus.CLOSED])
def test_a_further_measure_stays_within_reach_behind_it(
    people: People, city: City, status: TipStatus
) -> None:
    page, _soup = shown(people, made(people, status))

    assert [one.is_main for one in page.steps if one.action == Action.PROPOSE_MEASURE] == [False]


def test_an_order_that_waits_for_a_look_is_what_comes_next_of_a_closed_case(
    people: People, city: City
) -> None:
    assert urged(people, made(people, TipStatus.CLOSED, days_ago=30)) == [Action.RECHECK]


def test_a_closed_case_is_archived_once_nobody_may_object(people: People, city: City) -> None:
    tip = made(people, TipStatus.CLOSED, days_ago=30)
    step(tip=tip, action=Action.RECHECK, actor=people.officer, at=noon(timezone.localdate()))

    assert urged(people, tip) == [Action.ARCHIVE]


def test_while_the_reporter_may_object_nothing_is_urged_and_that_is_said(people: People, city: City) -> None:
    tip = made(people, TipStatus.CLOSED)
    step(tip=tip, action=Action.RECHECK, actor=people.officer, at=noon(timezone.localdate()))

    page, soup = shown(people, tip)

    assert urged(people, tip) == []
    assert page.turn == "已办结，异议期过后归档。"
    assert page.turn in soup.select_one(".as-act").get_text()


def test_town_without_a_step_reads_whose_turn_it_is_and_until_when(people: People, city: City) -> None:
    tip = TipFactory(
        status=TipStatus.VERIFIED, officer=people.officer, leader=people.leader, district=YANTA,
        town=city.town_code, today=timezone.localdate(),
    )  # fmt: skip

    page, soup = shown(people, tip, "town_officer")

    due = Tip.objects.get(pk=tip.pk).due_date
    assert page.buttons == ()
    day = date_format(due, "MONTH_DAY_FORMAT" if due.year == timezone.localdate().year else "DATE_FORMAT")
    assert page.turn == f"由雁塔区应急管理局在{day}前答复举报人。"
    assert page.turn in soup.select_one(".as-act").get_text()


@pytest.mark.parametrize("who", ["auditor", "town_officer"])
@pytest.mark.parametrize("status", [one for one in TipStatus if one != TipStatus.MERGED])
def test_the_bar_is_never_empty(people: People, city: City, who: str, status: TipStatus) -> None:
    tip = TipFactory(
        status=status, officer=people.officer, leader=people.leader, district=YANTA, town=city.town_code,
        today=timezone.localdate(),
    )  # fmt: skip

    page, _soup = shown(people, tip, who)

    assert page.turn or any(one.is_main for one in page.steps)


def test_a_whistle_is_waited_for_by_its_hour(people: People, city: City) -> None:
    tip = TipFactory(
        district=YANTA, town=city.town_code, accepted=True, officer=people.officer, today=timezone.localdate()
    )
    step(tip=tip, action=Action.WHISTLE, actor=people.town_officer, at=timezone.now())

    page, _soup = shown(people, tip, "auditor")

    assert page.turn.startswith("由雁塔区应急管理局在")
    assert page.turn.endswith("前响应吹哨。")

"""Inside a company: special rewards, results told to the staff, words between reporter and managers."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from complaints.enums import Problem, Role
from complaints.errors import DraftInvalid, IllegalMove, ReceiptUnknown
from complaints.models import AuditRow, Enterprise, Message, Notice, Tip
from complaints.selectors.inside_figures import figures_of_year
from complaints.selectors.internal import circulars_of, inbox, words_of
from complaints.services import messages
from complaints.services.inside_progress import inside_progress
from complaints.services.intake import submit_tip
from complaints.services.messages import write_to_reporter
from complaints.services.reporter import progress_for_receipt
from complaints.services.turning import confirm_reward, turn_outside
from tests.enterprise_steps import LATE, act, inside, lead_to, tell_inside, write_inside
from tests.factories import TODAY, VAULT_FINGERPRINT, draft, noon, upload
from tests.fixtures import City
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db


# --- special rewards --------------------------------------------------------------------------------------------


def test_a_special_reward_comes_on_top_with_its_reason(entry: Enterprise, boss: User, other: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "accepted", boss, other=other)

    act(done.number, "pay", boss, reward_yuan=600, special_yuan=2000, special_reason="避免了一起坠落伤亡")

    row, seen = inside(done.number), inside_progress(typed=done.receipt, today=TODAY)
    assert (row.reward_yuan, row.special_yuan, row.whole_yuan) == (600, 2000, 2600)
    assert row.special_reason == "避免了一起坠落伤亡"
    assert bytes(row.special_reason_sealed).find("坠落".encode()) == -1
    assert (seen.reward_shown, seen.special_shown, seen.special_reason) == (
        "2,600",
        "2,000",
        "避免了一起坠落伤亡",
    )
    assert figures_of_year(entry, today=LATE).paid_yuan == 2600


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"special_yuan": 2000}, "special_reason", Problem.SPECIAL_NEEDS_REASON),
        ({"special_yuan": 2000, "special_reason": " "}, "special_reason", Problem.SPECIAL_NEEDS_REASON),
        ({"special_reason": "避免了伤亡"}, "special_yuan", Problem.MISSING),
        ({"special_yuan": 0, "special_reason": "避免了伤亡"}, "special_yuan", Problem.MISSING),
        ({"special_yuan": 1_000_001, "special_reason": "好"}, "special_yuan", Problem.BAD_NUMBER),
        ({"special_yuan": 1, "special_reason": "好" * 301}, "special_reason", Problem.TOO_LONG),
    ],
)
def test_a_special_reward_without_its_half_is_refused(
    entry: Enterprise, boss: User, other: User, values: dict[str, Any], field: str, problem: Problem
) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "accepted", boss, other=other)

    with pytest.raises(DraftInvalid) as caught:
        act(done.number, "pay", boss, **values)

    assert [(one.field, one.problem) for one in caught.value.problems] == [(field, problem)]
    assert inside(done.number).reward_yuan is None


def test_a_special_reward_that_did_not_come_is_owed_again(entry: Enterprise, boss: User, other: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "accepted", boss, other=other)
    act(done.number, "pay", boss, special_yuan=2000, special_reason="避免了伤亡")

    confirm_reward(typed=done.receipt, is_received=False, today=TODAY)

    row = inside(done.number)
    assert (row.reward_yuan, row.special_yuan, row.special_reason) == (None, None, "")


# --- circulated results -----------------------------------------------------------------------------------------


def test_a_circulated_result_keeps_words_audience_and_day(entry: Enterprise, boss: User, other: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "accepted", boss, other=other, day=TODAY)

    act(done.number, "circulate", boss, day=LATE, told_date=TODAY + timedelta(days=2))
    act(done.number, "circulate", boss, day=LATE, memo="补充：全厂行车已排查。", told_date=LATE)

    rows = list(circulars_of(entry).values_list("text", "audience", "told_date"))
    assert rows == [
        ("补充：全厂行车已排查。", "全体员工", LATE),
        ("护栏已装好，行车下禁止站人。", "全体员工", TODAY + timedelta(days=2)),
    ]
    assert inside(done.number).circulated_date == LATE


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"memo": " "}, "memo", Problem.MISSING),
        ({"memo": "好" * 1001}, "memo", Problem.TOO_LONG),
        ({"audience": ""}, "audience", Problem.MISSING),
        ({"told_date": None}, "told_date", Problem.MISSING),
        ({"told_date": TODAY + timedelta(days=1)}, "told_date", Problem.FUTURE_DATE),
        ({"told_date": TODAY - timedelta(days=1)}, "told_date", Problem.BEFORE_TIP),
        ({"memo": "感谢 13812345678 的报告"}, "memo", Problem.POINTS_AT_SOMEBODY),
        ({"memo": "举报人是张三丰，已奖励。"}, "memo", Problem.POINTS_AT_SOMEBODY),
        ({"audience": "举报人姓名：张三"}, "audience", Problem.POINTS_AT_SOMEBODY),
    ],
)
def test_what_must_not_be_told_to_everybody_is_refused(
    entry: Enterprise, boss: User, other: User, values: dict[str, Any], field: str, problem: Problem
) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "accepted", boss, other=other)

    with pytest.raises(DraftInvalid) as caught:
        act(done.number, "circulate", boss, **values)

    assert (field, problem) in [(one.field, one.problem) for one in caught.value.problems]
    assert not circulars_of(entry).exists()


def test_the_number_of_a_tip_is_not_told_to_everybody(entry: Enterprise, boss: User, other: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "accepted", boss, other=other)

    with pytest.raises(DraftInvalid):
        act(done.number, "circulate", boss, memo=f"编号 {done.number[:4]} {done.number[4:]} 已整改")


# --- words between reporter and company -------------------------------------------------------------------------


def test_a_reporter_writes_to_the_company_and_reads_its_answer(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)
    act(done.number, "acknowledge", boss)

    first = write_inside(done.receipt, uploads=[upload()])
    assert inbox(boss, is_done=False).get().last_words == "from_reporter"
    act(done.number, "reply", boss, memo="马上去看。")
    seen = inside_progress(typed=done.receipt, today=TODAY)

    assert [(one.is_mine, one.text, one.photo_count) for one in first.lines] == [
        (True, "今天又看到有人站在下面。", 1)
    ]
    assert [(one.is_mine, one.is_company, one.text) for one in seen.lines] == [
        (True, False, "今天又看到有人站在下面。"),
        (False, True, "马上去看。"),
    ]
    assert inbox(boss, is_done=False).get().last_words == "to_reporter"
    assert [one.body for one in words_of(inside(done.number))] == ["今天又看到有人站在下面。", "马上去看。"]


def test_what_a_reporter_writes_inside_rings_nowhere_and_stands_in_no_log(
    entry: Enterprise, boss: User
) -> None:
    done = tell_inside(entry)
    before = AuditRow.objects.count()

    write_inside(done.receipt)

    assert AuditRow.objects.count() == before
    assert not Notice.objects.exists()
    assert Message.objects.values_list("sent_at", "is_inside").get() == (None, True)


def test_one_message_however_often_it_is_sent(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)

    for _ in range(2):
        write_inside(done.receipt, client_key="ab" * 16)

    assert Message.objects.count() == 1


def test_the_limits_are_those_of_words_to_officers(entry: Enterprise, boss: User) -> None:
    done = tell_inside(entry)
    for number in range(messages.MESSAGES_PER_DAY):
        write_inside(done.receipt, f"第{number}条")

    for text, problem in (
        ("又一条", Problem.TOO_MANY_TODAY),
        ("", Problem.NEEDS_TEXT),
        ("长" * 2001, Problem.TOO_LONG),
    ):
        with pytest.raises(DraftInvalid) as caught:
            write_inside(done.receipt, text)
        assert caught.value.problems[0].problem == problem
    assert Message.objects.count() == messages.MESSAGES_PER_DAY


def test_nothing_is_written_to_a_company_that_is_done_or_to_one_that_never_had_it(
    entry: Enterprise, boss: User, other: User
) -> None:
    done, turned = tell_inside(entry), tell_inside(entry)
    outside = submit_tip(draft=draft(), uploads=[], today=TODAY, vault_fingerprint=VAULT_FINGERPRINT)
    lead_to(done.number, "paid", boss, other=other)
    confirm_reward(typed=done.receipt, is_received=True, today=TODAY)
    turn_outside(typed=turned.receipt, today=LATE)

    for receipt, error in (
        (done.receipt, IllegalMove),
        (turned.receipt, IllegalMove),
        (outside.receipt, ReceiptUnknown),
    ):
        with pytest.raises(error):
            write_inside(receipt)
    assert not Message.objects.filter(direction="from_reporter").exists()


def test_turned_outside_the_words_of_the_company_are_not_taken_for_the_reporters(
    city: City, entry: Enterprise, boss: User
) -> None:
    officer = staff(Role.OFFICER, office=city.yanta, username="zhaomin")
    done = tell_inside(entry)
    act(done.number, "acknowledge", boss)
    act(done.number, "reply", boss, memo="没有这回事。")
    write_inside(done.receipt, "明明有。")
    turn_outside(typed=done.receipt, today=LATE)
    tip = Tip.objects.get(number=done.number)
    write_to_reporter(tip_id=tip.pk, text="我们去看看。", author=officer, at=noon(LATE))

    page = enter(Client(), officer).get(reverse("tips:inspect", args=[done.number])).content.decode()
    talk = page.split('id="tab-talk"')[1]
    seen = progress_for_receipt(typed=done.receipt)

    company, reporter, ours = talk.index("没有这回事。"), talk.index("明明有。"), talk.index("我们去看看。")
    assert talk.index("企业说") < company < talk.index("举报人说") < reporter < ours
    assert talk.count('class="inside"') == 2
    assert talk.count('class="us"') == 1
    assert [(one.is_mine, one.is_company) for one in seen.lines] == [
        (False, True),
        (True, False),
        (False, False),
    ]


@pytest.mark.parametrize("how", ["turn", "confirm", "deny"])
def test_an_ordinary_receipt_is_unknown_to_what_is_done_inside(city: City, how: str) -> None:
    done = submit_tip(draft=draft(), uploads=[], today=TODAY, vault_fingerprint=VAULT_FINGERPRINT)
    answers = [
        Client().post("/status/", {"receipt": receipt, "action": how})
        for receipt in (done.receipt, "K7M9-2QXR-T4VW-8NPB-3HJD")
    ]

    assert [one.status_code for one in answers] == [404, 404]
    bodies = [
        one.content.decode().replace(done.receipt, "").replace("K7M9-2QXR-T4VW-8NPB-3HJD", "")
        for one in answers
    ]
    assert bodies[0] == bodies[1]
    assert "已转交" not in bodies[0]
    assert not AuditRow.objects.filter(action="tip.refused").exists()

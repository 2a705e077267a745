"""Before a result is told to the staff, what may lead to the reporter is shown and has to be answered."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.enums import Problem
from complaints.errors import DraftInvalid
from complaints.models import Enterprise
from complaints.selectors.internal import circulars_of
from complaints.services.circulars import circular_finds
from tests.enterprise_steps import act, code_of, inside, lead_to, tell_inside, write_inside
from tests.factories import TODAY
from tests.signin import enter

pytestmark = pytest.mark.django_db
COPIED = "接到报告：夜里有人把防护罩拆下来干活，已装回。"
CLEAN = "防护罩已装回，班前会讲了要求。"


@pytest.fixture
def number(entry: Enterprise, boss: User, other: User) -> str:
    """Return a tip that is put right and accepted."""
    done = tell_inside(
        entry, description="夜里有人把防护罩拆下来干活", workshop="冲压车间", post="冲压工", suggestion=""
    )
    lead_to(done.number, "accepted", boss, other=other)
    return done.number


def problems(caught: pytest.ExceptionInfo[DraftInvalid]) -> list[tuple[str, Problem]]:
    return [(one.field, one.problem) for one in caught.value.problems]


def test_clean_words_are_told_at_once(entry: Enterprise, boss: User, number: str) -> None:
    act(number, "circulate", boss, memo=CLEAN)

    assert circulars_of(entry).get().text == CLEAN


@pytest.mark.parametrize(
    "words",
    [
        COPIED,
        "冲压车间冲压工的问题已整改。",
        f"{TODAY.month}月{TODAY.day}日发现的问题已整改。",
        "感谢操作工张建国。",
    ],
)
def test_what_may_lead_to_the_reporter_is_told_to_nobody_without_an_answer(
    entry: Enterprise, boss: User, number: str, words: str
) -> None:
    with pytest.raises(DraftInvalid) as caught:
        act(number, "circulate", boss, memo=words)

    assert problems(caught) == [("answers", Problem.ANSWER_FINDS)]
    assert not circulars_of(entry).exists()
    assert inside(number).circulated_date is None


def test_the_audience_is_looked_at_as_well(entry: Enterprise, boss: User, number: str) -> None:
    with pytest.raises(DraftInvalid) as caught:
        act(number, "circulate", boss, memo="冲压车间的问题已整改。", audience="全体冲压工")

    assert problems(caught) == [("answers", Problem.ANSWER_FINDS)]


def test_what_the_reporter_wrote_later_is_not_repeated_either(
    entry: Enterprise, boss: User, other: User
) -> None:
    done = tell_inside(entry)
    write_inside(done.receipt, "备用钥匙一直挂在门后面的钉子上")
    lead_to(done.number, "accepted", boss, other=other)

    found = circular_finds(
        inside(done.number), text="查到备用钥匙一直挂在门后面的钉子上，已收回。", audience="全体"
    )

    assert [one.kind for one in found] == ["copied"]


def test_with_a_reason_for_each_find_it_is_told_and_the_reasons_stay_inside(
    entry: Enterprise, boss: User, number: str
) -> None:
    words = "冲压车间冲压工的防护罩已装回。"
    (find,) = circular_finds(inside(number), text=words, audience="全体员工")

    act(number, "circulate", boss, memo=words, answers={find.mark: "车间里有八十名冲压工"})

    step = inside(number).steps.get(act="circulate")
    page = Client().get(reverse("enterprise_results", args=[code_of(entry)])).content.decode()
    assert "车间里有八十名冲压工" in step.memo
    assert "车间里有八十名冲压工".encode() not in bytes(step.memo_sealed)
    assert circulars_of(entry).get().text == words
    assert words in page
    assert "八十名" not in page


def test_an_answer_for_another_find_answers_nothing(entry: Enterprise, boss: User, number: str) -> None:
    with pytest.raises(DraftInvalid):
        act(number, "circulate", boss, memo=COPIED, answers={"0" * 16: "这是别处的理由"})

    assert not circulars_of(entry).exists()


def test_the_form_shows_each_find_and_takes_the_answers(entry: Enterprise, boss: User, number: str) -> None:
    client, address = enter(Client(), boss), reverse("workplace:tip", args=[number])
    today = timezone.localdate().isoformat()
    sent = {"act": "circulate", "memo": COPIED, "audience": "全体员工", "told_date": today}

    first = client.post(address, sent)
    page = first.content.decode()
    (find,) = circular_finds(inside(number), text=COPIED, audience="全体员工")
    again = client.post(address, sent | {f"keep-{find.mark}": "短"})
    done = client.post(address, sent | {f"keep-{find.mark}": "这句话安全例会上人人都说过"})

    assert first.status_code == again.status_code == 422
    assert "发布前请看一下" in page
    assert "夜里有人把防护罩拆下来干活" in page
    assert f'name="keep-{find.mark}"' in page
    assert 'value="短"' in again.content.decode()
    assert done.status_code == 302
    assert circulars_of(entry).get().text == COPIED


def test_a_number_of_a_person_has_to_go_and_offers_no_answer(
    entry: Enterprise, boss: User, number: str
) -> None:
    client, address = enter(Client(), boss), reverse("workplace:tip", args=[number])
    sent = {"act": "circulate", "memo": "有事加微信 anquan2025", "audience": "全体员工"}

    page = client.post(address, sent).content.decode()

    assert "必须从上面的文字里去掉" in page
    assert 'name="keep-' not in page


def test_the_page_for_the_staff_tells_no_day_of_the_tip(entry: Enterprise, boss: User, other: User) -> None:
    done = tell_inside(entry)
    lead_to(done.number, "accepted", boss, other=other)
    act(done.number, "circulate", boss, memo=CLEAN)
    told = TODAY.isoformat()

    page = Client().get(reverse("enterprise_results", args=[code_of(entry)])).content.decode()

    assert page.count(told) == 1
    assert done.number not in page

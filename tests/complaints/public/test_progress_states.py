"""The longer way on the progress page: each state in plain words, and what a reporter may still do."""

from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from complaints.enums import Action, Result, Role, TipStatus
from complaints.models import Objection, Rating, Tip
from complaints.public.progress import HEADLINES
from complaints.services.extensions import ask_extension, grant_extension, pause_period
from complaints.services.merging import merge
from complaints.services.objections import object_to_answer, reopen, uphold
from portal.shared import throttle
from tests.complaints.public.forms import one, soup
from tests.factories import TODAY, TipFactory, UserFactory, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
REAL = timezone.localdate
WORDS, MEMO = "防护罩装的是假的", "内部说明九七三一"


class Today:
    """The day on which the page is asked for."""

    day = TODAY

    def __call__(self, value: Any = None, *rest: Any) -> date:
        return REAL(value, *rest) if value is not None else self.day


@pytest.fixture(autouse=True)
def today() -> Any:
    """Let the page be asked for on TODAY; set `day` for another one."""
    clock = Today()
    with mock.patch("complaints.public.status.timezone.localdate", clock):
        yield clock


@pytest.fixture
def reviewer(city: City) -> User:
    return UserFactory(roles=[(Role.LEADER, city.city)])


def post(client: Client, tip: Tip, action: str = "", **values: Any) -> Any:
    return client.post("/status/", {"receipt": tip.acknowledgement.receipt, "action": action, **values})


def page(client: Client, tip: Tip) -> Any:
    return soup(post(client, tip))


def steps(shown: Any) -> list[str]:
    return [item.get_text(" ", strip=True) for item in shown.select(".steps li")]


def headline(shown: Any) -> str:
    return one(shown, "h1").get_text()


def test_every_state_has_a_headline() -> None:
    assert set(HEADLINES) == set(TipStatus)
    assert len(set(map(str, HEADLINES.values()))) == len(HEADLINES)


@pytest.mark.parametrize(
    ("trait", "words", "next_step"),
    [
        ("screening", "正在审查", "决定是否受理 最晚 3 月 19 日"),
        ("verifying", "正在核查", "核查并得出结论 最晚 5 月 9 日"),
        ("verified", "核查已完成", "对隐患作出处理 最晚 3 月 20 日"),
        ("disposed", "已经作出处理", "答复您 最晚 3 月 20 日"),
    ],
)
def test_a_state_says_what_comes_next_and_until_when(
    client: Client, city: City, trait: str, words: str, next_step: str
) -> None:
    shown = page(client, TipFactory(**{trait: True}))

    assert words in headline(shown)
    assert next_step in one(shown, ".steps .now").get_text(" ", strip=True)


def test_a_result_not_confirmed_leads_to_the_answer_at_once(client: Client, city: City) -> None:
    shown = page(client, TipFactory(verified=True, result=Result.FALSE))

    assert "答复您" in one(shown, ".steps .now").get_text()


def test_a_transferred_tip_names_the_body(client: Client, city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    step(tip=tip, action=Action.TRANSFER_OUT, actor=officer)

    shown = page(client, tip)

    assert headline(shown) == "已移送：市住房和城乡建设局"
    assert steps(shown)[1].startswith("已移送其他部门 3 月 10 日")


def test_a_merged_tip_says_so_and_tells_nothing_of_the_other(
    client: Client, city: City, officer: User
) -> None:
    lead = TipFactory(district=YANTA, description="夜班二号冲床")
    tip = TipFactory(district=YANTA)
    merge(tip_id=tip.pk, into_number=lead.number, actor=officer, at=noon(TODAY), memo=MEMO)

    shown = page(client, tip)

    text = shown.get_text()
    assert "与另一件举报一并办理" in text
    assert tip.number in text
    assert not any(words in str(shown) for words in (lead.number, "夜班二号冲床", MEMO))
    assert "一并办理" not in page(client, lead).get_text()


def test_a_pause_is_told_with_its_reason_and_no_day(client: Client, city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA, accepted=True, officer=officer)
    pause_period(tip_id=tip.pk, actor=officer, at=noon(TODAY), memo=MEMO, note="等待检测机构出具报告")

    shown = page(client, tip)

    assert "办理期限自 3 月 10 日 起中止" in one(shown, ".steps ~ .note").get_text().replace(
        "3月10日", "3 月 10 日"
    )
    assert "等待检测机构出具报告" in one(shown, ".talk").get_text()
    assert not shown.select(".steps .now time")
    assert MEMO not in str(shown)


def test_an_extension_is_told_with_reason_and_new_day(
    client: Client, city: City, officer: User, reviewer: User
) -> None:
    tip = TipFactory(district=YANTA, accepted=True, officer=officer)
    before = one(page(client, tip), ".steps .now time")["datetime"]
    ask_extension(tip_id=tip.pk, actor=officer, at=noon(TODAY), days=30, memo=MEMO)
    grant_extension(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="需要专家鉴定")

    shown = page(client, tip)

    after = one(shown, ".steps .now time")["datetime"]
    assert date.fromisoformat(str(after)) >= date.fromisoformat(str(before)) + timedelta(days=30)
    assert "已批准延期一次" in shown.get_text()
    assert "需要专家鉴定" in one(shown, ".talk").get_text()
    assert MEMO not in str(shown)


def test_a_review_is_told_with_its_last_day(client: Client, city: City) -> None:
    tip = TipFactory(replied=True)
    object_to_answer(typed=tip.acknowledgement.receipt, text=WORDS, today=TODAY)

    shown = page(client, tip)

    assert "上一级正在复查" in headline(shown)
    assert "复查结果 最晚 4 月 9 日" in one(shown, ".steps .now").get_text(" ", strip=True)
    assert not shown.select("#objection")


def test_the_outcome_of_a_review_is_told(client: Client, city: City, reviewer: User) -> None:
    stands, anew = TipFactory(replied=True, district=YANTA), TipFactory(replied=True, district=YANTA)
    for tip, act in ((stands, uphold), (anew, reopen)):
        object_to_answer(typed=tip.acknowledgement.receipt, text=WORDS, today=TODAY)
        act(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="复查说明")

    kept, again = page(client, stands), page(client, anew)

    assert headline(kept) == "已复查，维持原答复。"
    assert "复查后重新办理" in " ".join(steps(again))
    assert "正在核查" in headline(again)
    assert all("复查说明" in shown.get_text() for shown in (kept, again))
    assert reviewer.first_name not in str(kept) + str(again)


def test_the_result_of_a_review_is_not_called_an_answer(client: Client, city: City, reviewer: User) -> None:
    tips = [TipFactory(district=YANTA, **{state: True}) for state in ("replied", "declined")]
    for tip in tips:
        step(tip=tip, action=Action.OBJECT)
        uphold(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="复查说明")

    headings = [[one.contents[0].strip() for one in page(client, tip).select("h2[id^=re-]")] for tip in tips]

    assert headings == [["给您的答复", "复查结果"]] * 2


def test_archived_stays_readable(client: Client, city: City) -> None:
    shown = page(client, TipFactory(archived=True))

    assert "已办结归档" in headline(shown)
    assert shown.select(".reply dt")


# --- objection -----------------------------------------------------------------------------------------------------


def test_an_objection_is_sent_from_the_page(client: Client, city: City) -> None:
    tip = TipFactory(replied=True)
    form = one(page(client, tip), "#objection form")

    shown = soup(post(client, tip, "objection", text=WORDS))

    assert one(form, "[name=action]")["value"] == "objection"
    assert "异议已收到" in one(shown, "[data-sent]").get_text()
    assert Objection.objects.get().words == WORDS


def test_day_eleven_offers_nothing_and_refuses_clearly(client: Client, city: City, today: Any) -> None:
    tip = TipFactory(replied=True, today=date(2025, 9, 25))
    today.day = date(2025, 10, 9)
    assert "10 月 9 日" in one(page(client, tip), "#objection").get_text()
    today.day = date(2025, 10, 10)
    assert not page(client, tip).select("#objection")

    response = post(client, tip, "objection", text=WORDS)

    assert response.status_code == 409
    assert "最后一天是 2025年10月9日" in one(soup(response), "[data-problems]").get_text()
    assert not Objection.objects.exists()


def test_an_empty_objection_is_told_at_its_field(client: Client, city: City) -> None:
    response = post(client, TipFactory(replied=True), "objection", text=" ")

    shown = soup(response)
    assert response.status_code == 422
    assert "请写一句话" in one(shown, "#objection-e").get_text()
    assert not shown.select("#text-e")


def test_a_refused_objection_keeps_its_words(client: Client, city: City) -> None:
    shown = soup(post(client, TipFactory(replied=True), "objection", text="长" * 2001))

    assert one(shown, "#objection-text").get_text().strip() == "长" * 2000
    assert not one(shown, "#text").get_text().strip()


# --- withdrawal ----------------------------------------------------------------------------------------------------


def test_a_withdrawal_asks_once_more(client: Client, city: City) -> None:
    tip = TipFactory()
    first = one(page(client, tip), ".fold [name=action][value=withdraw]")

    asked = soup(post(client, tip, "withdraw"))

    assert first is not None
    assert "确定要撤回吗" in one(asked, "#withdraw").get_text()
    assert Tip.objects.get().withdrawn_date is None
    assert len(asked.select("#withdraw form")) == 2


def test_confirmed_it_is_withdrawn(client: Client, city: City) -> None:
    tip = TipFactory()

    shown = soup(post(client, tip, "withdraw", sure="1"))

    assert "已撤回" in one(shown, "[data-sent]").get_text()
    assert headline(shown).startswith("您已撤回这件举报")
    assert "您已撤回 3 月 10 日" in " ".join(steps(shown))
    assert not shown.select("[name=action][value=withdraw]")


def test_after_the_answer_no_withdrawal_is_offered(client: Client, city: City) -> None:
    tip = TipFactory(replied=True)

    response = post(client, tip, "withdraw", sure="1")

    assert response.status_code == 409
    assert not page(client, tip).select("[name=action][value=withdraw]")
    assert not soup(post(client, tip, "withdraw")).select("#withdraw")


# --- rating --------------------------------------------------------------------------------------------------------


def test_one_question_once(client: Client, city: City) -> None:
    tip = TipFactory(replied=True)
    choices = [field["value"] for field in page(client, tip).select("#rating [name=score]")]

    shown = soup(post(client, tip, "rating", score="2"))

    assert choices == ["5", "4", "3", "2", "1"]
    assert "评价已收到" in one(shown, "[data-sent]").get_text()
    assert not shown.select("#rating")
    assert Rating.objects.get().score == 2


@pytest.mark.parametrize("score", ["", "0", "6", "x", "11", "²", "٣" * 9])
def test_no_other_score(client: Client, city: City, score: str) -> None:
    response = post(client, TipFactory(replied=True), "rating", score=score)

    assert response.status_code == 422
    assert "五项中选一项" in one(soup(response), "#rating [data-problems]").get_text()
    assert not Rating.objects.exists()


@pytest.mark.parametrize("act", ["objection", "withdraw", "rating"])
def test_unknown_receipts_look_alike_at_every_act(client: Client, city: City, act: str) -> None:
    values = {"receipt": "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ", "text": WORDS, "score": "3", "sure": "1"}

    reading = client.post("/status/", {"receipt": values["receipt"]})
    acting = client.post("/status/", {**values, "action": act})

    assert (acting.status_code, acting.content) == (404, reading.content)


@pytest.mark.parametrize("act", ["objection", "withdraw", "rating"])
def test_a_flood_of_acts_is_slowed_down(client: Client, city: City, act: str) -> None:
    tip = TipFactory(replied=True)

    with mock.patch.object(throttle, "MESSAGE", throttle.Budget(action="act", most=1, window_seconds=600)):
        codes = [post(client, tip, act, text=WORDS, score="3", sure="1").status_code for _ in range(2)]

    assert codes[1] == 429


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("trait", ["screening", "verified", "replied", "declined", "archived"])
def test_no_sentence_is_missing_in_either_language(
    client: Client, city: City, trait: str, language: str
) -> None:
    client.cookies["lang"] = language

    shown = page(client, TipFactory(**{trait: True}))

    assert all(steps(shown))
    assert headline(shown)


def test_an_answer_that_was_taken_back_says_so(client: Client, city: City, reviewer: User) -> None:
    tip = TipFactory(replied=True)
    object_to_answer(typed=tip.acknowledgement.receipt, text=WORDS, today=TODAY)
    before = one(page(client, tip), "#re-1").get_text()

    reopen(tip_id=tip.pk, actor=reviewer, at=noon(TODAY), note="重新核查")

    assert "不再有效" not in before
    assert "不再有效" in one(page(client, tip), "#re-1").get_text()

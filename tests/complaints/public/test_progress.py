"""Progress by receipt through the page: what stands there, what is answered alike, what a message does."""

import re
from datetime import date
from typing import Any
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from complaints.enums import DeclineReason, TipStatus
from complaints.models import Evidence, Message
from complaints.public.progress import HEADLINES, Item, split_reply
from portal.shared import captcha, throttle
from tests.complaints.public.forms import one, photo, soup
from tests.factories import PASSWORD, REPLY, MembershipFactory, TipFactory, jpeg, submit
from tests.fixtures import City

WORDS = "晚上八点以后才开工"
KEY = "b" * 32


def receipt(tip: Any) -> str:
    """Return the receipt of a tip made by the factory."""
    return str(tip.acknowledgement.receipt)


def ask(client: Client, code: str, **values: Any) -> Any:
    """Ask for the progress."""
    return client.post("/status/", {"receipt": code, **values})


def write(client: Client, code: str, **values: Any) -> Any:
    """Send a message."""
    return ask(client, code, **{"action": "message", "text": WORDS, "client_key": KEY, **values})


STATES = [
    "registered", "screening", "accepted", "verifying", "verified", "disposed", "declined", "replied", "closed",
    "archived",
]  # fmt: skip


@pytest.mark.parametrize("status", STATES)
def test_each_state_has_its_headline_and_way(client: Client, city: City, status: str) -> None:
    tip = TipFactory(**({} if status == "registered" else {status: True}))

    page = soup(ask(client, receipt(tip)))

    steps = [item.select_one("h3").get_text(" ", strip=True) for item in page.select(".steps li")]  # type: ignore[union-attr]  # each has one
    assert one(page, "h1").get_text() == HEADLINES[TipStatus(status)]
    assert tip.number in page.get_text()
    assert steps[0].startswith("收到 3 月 10 日")
    assert len(page.select(".steps .now")) == (0 if status in {"closed", "archived"} else 1)


def test_dates_ahead_are_told_as_the_latest(client: Client, city: City) -> None:
    page = soup(ask(client, receipt(TipFactory())))

    waiting = one(page, ".steps .now").get_text(" ", strip=True)
    assert "决定是否受理 最晚 3 月 19 日" in waiting


def test_answer_stands_under_its_four_headings(client: Client, city: City) -> None:
    page = soup(ask(client, receipt(TipFactory(replied=True))))

    headings = [term.get_text() for term in page.select(".reply dt")]
    texts = [text.get_text() for text in page.select(".reply dd")]
    assert headings == ["核查结论", "简要核查情况", "处理决定", "符合奖励条件情况"]
    assert texts == list(REPLY.values())


def test_reason_for_not_taking_it_is_told(client: Client, city: City) -> None:
    text = one(soup(ask(client, receipt(TipFactory(declined=True)))), "[aria-labelledby=re-1]").get_text()

    assert "不属于本部门职责" in text
    assert "请向住建部门反映" in text


def test_no_officer_is_named(client: Client, city: City) -> None:
    officer = MembershipFactory(
        office=city.city, user__first_name="赵铁柱", user__username="zhao-tiezhu"
    ).user
    tip = TipFactory(replied=True, officer=officer)

    text = ask(client, receipt(tip)).content.decode()

    assert "赵铁柱" not in text
    assert "zhao-tiezhu" not in text
    assert PASSWORD not in text


@pytest.mark.parametrize(
    "typed",
    ["x", "AAAA-AAAA-AAAA-AAAA-AAAA", "0000-0000-0000-0000-0000", "<script>", "\0", "1" * 5000, "查询码"],
)
def test_unknown_and_malformed_receipts_look_alike(client: Client, city: City, typed: str) -> None:
    TipFactory()

    response = ask(client, typed)

    page = soup(response)
    field = one(page, "#receipt")
    del field["value"]
    reference = soup(ask(client, "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ"))
    del one(reference, "#receipt")["value"]
    assert response.status_code == 404
    assert "没有找到这个查询码对应的举报" in one(page, "#receipt-e").get_text()
    assert str(page) == str(reference)


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_is_told_in_our_own_words(client: Client, city: City, typed: str) -> None:
    blank = soup(client.get("/status/"))

    response = ask(client, typed)

    assert not one(blank, "#receipt").has_attr("required")
    assert response.status_code == 422
    assert "请输入查询码" in one(soup(response), "#receipt-e").get_text()


def test_answered_is_not_called_done_while_closing_is_open(client: Client, city: City) -> None:
    page = soup(ask(client, receipt(TipFactory(replied=True))))

    assert one(page, "h1").get_text() == "已经答复，还没有办结。答复在下面。"
    assert "办结归档" in one(page, ".steps .now").get_text()


def test_years_without_announced_holidays_are_named(client: Client, city: City) -> None:
    late = soup(ask(client, receipt(TipFactory(today=date(2026, 11, 23)))))
    known = soup(ask(client, receipt(TipFactory())))

    assert (
        "2027 年的节假日安排还没有公布，最晚日期在 2027 年内或者 2027 年元旦前几天的，可能会变"
        in late.get_text()
    )
    assert "节假日安排" not in known.get_text()


def test_every_state_has_a_sentence() -> None:
    assert set(HEADLINES) == set(TipStatus)


def test_purged_tip_looks_unknown(client: Client, city: City) -> None:
    tip = TipFactory()
    code = receipt(tip)
    tip.delete()

    assert ask(client, code).status_code == 404


def test_wrong_receipt_stays_in_its_field(client: Client, city: City) -> None:
    field = one(soup(ask(client, "7K4M-Q2XD")), "#receipt")

    assert field["value"] == "7K4M-Q2XD"
    assert field["aria-invalid"] == "true"


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code.replace('-', ' ')} "]
)
def test_receipt_is_read_as_people_write_it(client: Client, city: City, change: Any) -> None:
    code = receipt(TipFactory())

    assert ask(client, change(code)).status_code == 200


def test_receipt_stands_in_no_address(client: Client, city: City) -> None:
    code = receipt(TipFactory())

    response = ask(client, code)

    page = soup(response)
    assert not any(
        code in str(link.get("href", "")) + str(link.get("action", ""))
        for link in page.select("[href], [action]")
    )
    assert {str(field["value"]) for field in page.select("input[name=receipt]")} == {code}
    assert not response.cookies
    assert response.headers["Cache-Control"] == "no-store, private"


def test_receipt_in_an_address_is_not_read(client: Client, city: City) -> None:
    code = receipt(TipFactory())

    response = client.get("/status/", {"receipt": code})

    assert code not in response.content.decode()


def test_more_than_one_receipt_is_told_to_whoever_holds_one(client: Client, city: City) -> None:
    tip = TipFactory(description=WORDS)
    alone = soup(ask(client, receipt(tip)))

    submit(idempotency_key=tip.idempotency_key, description=WORDS)
    page = soup(ask(client, receipt(tip)))

    assert not alone.select("[data-receipts]")
    assert "2 个查询码" in one(page, "[data-receipts]").get_text()


class TestMessages:
    """What the reporter adds."""

    def test_words_are_shown_with_their_day(self, client: Client, city: City) -> None:
        page = soup(write(client, receipt(TipFactory())))

        assert WORDS in one(page, ".talk .me").get_text()
        assert one(page, "[data-sent]").get_text(strip=True) == "发出去了，承办人会看到。"

    def test_photos_come_along(self, client: Client, city: City) -> None:
        page = soup(
            write(client, receipt(TipFactory()), text="", photos=[photo(jpeg()), photo(jpeg(shade=9))])
        )

        assert "照片 2 张" in one(page, ".talk .me").get_text()
        assert Evidence.objects.count() == 2

    def test_double_tap_is_one_message(self, client: Client, city: City) -> None:
        code = receipt(TipFactory())

        write(client, code)
        page = soup(write(client, code))

        assert Message.objects.count() == 1
        assert len(page.select(".talk li")) == 1

    def test_next_message_has_a_key_of_its_own(self, client: Client, city: City) -> None:
        key = one(soup(write(client, receipt(TipFactory()))), "[name=client_key]")["value"]

        assert key != KEY
        assert re.fullmatch(r"[0-9a-f]{32}", str(key))

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"text": " "}, "请写一句话"),
            ({"text": "长" * 2001}, "写得太长了"),
            ({"text": "乱\0码"}, "显示不出来的字符"),
            ({"photos": [photo(b"<html>")]}, "这不是照片"),
        ],
    )
    def test_refused_message_is_told_and_kept(
        self, client: Client, city: City, changed: dict[str, Any], words: str
    ) -> None:
        for files in changed.get("photos", []):
            files.seek(0)

        response = write(client, receipt(TipFactory()), **changed)

        page = soup(response)
        typed = str(changed.get("text", WORDS)).replace("\0", "")[:2000]
        assert response.status_code == 422
        assert words in one(page, "#text-e").get_text()
        assert one(page, "#text").get_text().strip() == typed.strip()
        assert one(page, "[name=client_key]")["value"] == KEY
        assert not Message.objects.exists()

    def test_message_with_a_long_video_is_refused_and_kept(
        self, client: Client, city: City, settings: Settings
    ) -> None:
        settings.PHOTO_MAX_BYTES = settings.PHOTOS_MAX_BYTES = 2000
        code = receipt(TipFactory())
        fields = {"receipt": code, "action": "message", "text": WORDS, "client_key": KEY}

        response = client.post("/status/", {"photos": photo(bytes(9 * 1024 * 1024)), **fields})

        page = soup(response)
        assert response.status_code == 422
        assert "超过 20 MB" in one(page, "#text-e").get_text()
        assert one(page, "#text").get_text().strip() == WORDS
        assert not Message.objects.exists()

    def test_closed_tip_takes_nothing_more(self, client: Client, city: City) -> None:
        tip = TipFactory(closed=True)

        response = write(client, receipt(tip))

        assert response.status_code == 409
        assert not soup(response).select("form[data-message]")
        assert not Message.objects.filter(body_sealed__isnull=False, direction="from_reporter").exists()

    def test_unknown_receipt_takes_nothing(self, client: Client, city: City) -> None:
        response = write(client, "0000-0000-0000-0000-0000")

        assert response.status_code == 404
        assert not Message.objects.exists()


@pytest.mark.parametrize("budget", ["STATUS", "MESSAGE"])
def test_flood_is_slowed_down_in_words(client: Client, city: City, budget: str) -> None:
    code = receipt(TipFactory())
    act = {"STATUS": ask, "MESSAGE": write}[budget]

    with mock.patch.object(throttle, budget, throttle.Budget(action=budget, most=1, window_seconds=600)):
        act(client, code)
        response = act(client, code)

    assert response.status_code == 429
    assert "十分钟" in one(soup(response), "#receipt-e").get_text()


def test_whoever_shares_a_busy_network_answers_a_question_instead_of_waiting(
    client: Client, city: City, settings: Settings
) -> None:
    settings.CAPTCHA_BACKEND = "altcha"
    tip = TipFactory()
    code, budget = receipt(tip), throttle.Budget(action="STATUS", most=0, window_seconds=600)

    with mock.patch.object(throttle, "STATUS", budget):
        page = soup(refused := ask(client, code))
        token = str(one(page, "[name=captcha_token]")["value"])
        wrong = client.post("/status/", {"receipt": code, "captcha_token": token, "captcha_answer": "99"})
        right = {"receipt": code, "captcha_token": token, "captcha_answer": answer_in(page)}
        shown, again = client.post("/status/", right), client.post("/status/", right)

    assert [one.status_code for one in (refused, wrong, shown, again)] == [429, 429, 200, 429]
    assert tip.number in shown.content.decode()
    assert one(page, "#captcha-h").get_text() == "答对就不用等，马上能看。"


def answer_in(page: BeautifulSoup) -> str:
    """Return the sum that the question on a page asks for."""
    text = one(page, "label[for=captcha] .opt").get_text()
    return str(sum(captcha._DIGITS["zh"].index(word) for word in text if word in captcha._DIGITS["zh"]))


def test_who_is_let_in_is_asked_nothing(client: Client, city: City, settings: Settings) -> None:
    settings.CAPTCHA_BACKEND = "altcha"

    page = soup(client.get("/status/"))

    assert page.select("[name=captcha_token]") == []


@pytest.mark.parametrize("lines", [1, 20])
def test_queries_do_not_grow_with_the_conversation(
    client: Client, city: City, lines: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    code = receipt(TipFactory(accepted=True))
    for number in range(lines):
        write(client, code, client_key=f"{number:032x}")

    with django_assert_num_queries(12):
        ask(client, code)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("请向住建部门反映", [("", "请向住建部门反映")]),
        ("核查结论\n属实\n\n处理决定\n罚款", [("核查结论", "属实"), ("处理决定", "罚款")]),
        ("前言\n核查结论\n第一行\n\n第二行", [("", "前言"), ("核查结论", "第一行\n\n第二行")]),
        ("核查结论\n", [("核查结论", "")]),
        ("", []),
    ],
)
def test_answer_is_split_at_official_headings(text: str, items: list[tuple[str, str]]) -> None:
    assert split_reply(text=text) == tuple(Item(heading=heading, text=words) for heading, words in items)


def test_our_headings_speak_the_language_of_the_page_and_the_words_stay(client: Client, city: City) -> None:
    tip = TipFactory(replied=True)
    client.cookies["lang"] = "en"

    shown = soup(client.post("/status/", {"receipt": tip.acknowledgement.receipt}))

    assert [term.get_text() for term in shown.select(".reply dt")] == [
        "Conclusion of the verification",
        "What was found",
        "What was decided",
        "Whether a reward is due",
    ]
    assert {words.get("lang") for words in shown.select(".reply dd")} == {"zh-CN"}


def test_the_reason_of_a_refusal_speaks_the_language_of_the_page(client: Client, city: City) -> None:
    tip = TipFactory(declined=True)
    client.cookies["lang"] = "en"

    reason = one(
        soup(client.post("/status/", {"receipt": tip.acknowledgement.receipt})), ".reply dt"
    ).get_text()

    assert reason in {str(code.label) for code in DeclineReason}
    assert reason.isascii()


def test_a_reason_in_the_middle_of_words_is_no_heading() -> None:
    label = str(DeclineReason.OTHER.label)

    assert split_reply(text=f"前言\n{label}") == (Item(heading="", text=f"前言\n{label}"),)

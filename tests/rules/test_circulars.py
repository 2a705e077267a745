"""What in words for the staff leads to a report: copied words, places and days together, names and numbers."""

from datetime import date

import pytest

from complaints.rules.circulars import TipTold, finds_in, unanswered

TIP = TipTold(
    words=("行车吊着工件，下面有人走来走去，没人喊。", "在立柱上装一圈声光报警"),
    workshop="三车间",
    post="行车工",
    days=(date(2025, 3, 10), date(2025, 3, 9)),
)


def kinds(text: str, *, tip: TipTold = TIP) -> list[tuple[str, str]]:
    return [(one.kind, one.words) for one in finds_in(text, tip=tip)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("护栏已装好，行车下禁止站人。", []),
        # Words of the reporter, whatever signs and blanks lie between; seven characters are chance.
        ("有人说：下面有人走来走去！已整改。", [("copied", "下面有人走来走去")]),
        ("下面 有人,走来 走去,没人 喊", [("copied", "下面有人走来走去没人喊")]),
        ("我们在立柱上装一圈声光报警了", [("copied", "在立柱上装一圈声光报警")]),
        ("下面有人走来走", []),
        # Where and when: one alone says little, together they point.
        ("三车间已整改", []),
        ("三车间行车工的防护已改善", [("together", "三车间 · 行车工")]),
        ("3月10日发现的问题已整改", [("day", "3月10日")]),
        ("三月十日发现的问题已整改", [("day", "三月十日")]),
        ("2025-03-09 发现的问题已整改", [("day", "2025-03-09")]),
        ("3月12日已整改", []),
        ("3 月 10 日三车间的问题", [("together", "三车间 · 3 月 10 日")]),
        ("3月10日，三车间行车工发现的问题", [("together", "三车间 · 行车工 · 3月10日")]),
        # What no published text holds.
        ("联系 13812345678", [("phone", "13812345678")]),
    ],
)
def test_what_leads_to_a_report_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


def test_a_person_is_found_by_the_checker_of_cases() -> None:
    assert ("person", "张建国") in kinds("感谢操作工张建国的报告")


def test_english_words_need_a_longer_stretch() -> None:
    tip = TipTold(words=("the crane carries loads over people",), workshop="", post="", days=())

    assert kinds("people under the crane", tip=tip) == []
    assert [kind for kind, _words in kinds("The crane carries loads over people!", tip=tip)] == ["copied"]


def test_an_empty_tip_finds_nothing_of_its_own() -> None:
    assert kinds("三车间行车工", tip=TipTold(words=("", ""), workshop="", post="", days=())) == []


def test_the_name_of_the_company_may_stay_its_page_is_its_own() -> None:
    assert "company" not in {kind for kind, _words in kinds("西安大雁重型机械制造有限公司已整改")}


@pytest.mark.parametrize(
    ("answer", "is_open"),
    [
        ("", True),
        ("无", True),
        ("三车间 行车工", True),
        ("三车间有两百人，行车工六十人", False),
        ("长" * 201, True),
    ],
)
def test_a_find_stays_only_with_a_reason(answer: str, is_open: bool) -> None:
    (find,) = finds_in("三车间行车工", tip=TIP)

    assert bool(unanswered([find], answers={find.mark: answer})) is is_open


def test_a_number_of_a_person_never_stays() -> None:
    (find,) = finds_in("联系 13812345678", tip=TIP)

    assert find.must_go
    assert unanswered([find], answers={find.mark: "这是安全科的公开电话"}) == [find]


def test_an_answer_outlives_a_change_elsewhere_and_not_one_of_its_own_words() -> None:
    (first,) = finds_in("三车间行车工已培训", tip=TIP)
    (second,) = finds_in("已整改。三车间的行车工都已培训", tip=TIP)
    (third,) = finds_in("3月10日的问题", tip=TIP)

    assert first.mark == second.mark != third.mark

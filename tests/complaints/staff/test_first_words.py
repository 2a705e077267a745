"""The words a reply starts from: each thing once, as a person would write it."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from complaints.enums import Measure, Result
from complaints.models import Conclusion, Disposal, Inspection
from complaints.staff.first_words import first_words
from tests.factories import noon

TODAY = date(2026, 3, 20)


def signed(findings: str, *, measures: str = "", result: Result = Result.TRUE) -> Any:
    row = Conclusion(result=result, is_confirmed=True, decided_at=noon(date(2026, 3, 12)))
    row.findings, row.measures = findings, measures
    return row


def measure(words: str, **values: Any) -> Disposal:
    row = Disposal(**{"measure": Measure.RECTIFY, "decided_date": date(2026, 3, 12), **values})
    row.words = words
    return row


def words(conclusion: Any, *disposals: Disposal, visits: tuple[date, ...] = ()) -> dict[str, str]:
    inspections = [Inspection(visited_date=day) for day in visits]
    record: Any = SimpleNamespace(confirmed=conclusion, signed_disposals=disposals, inspections=inspections)
    return first_words(record=record, today=TODAY)


def test_without_a_signed_result_there_are_none() -> None:
    assert words(None) == {}


@pytest.mark.parametrize(
    "opening",
    [
        "您反映的情况属实。",
        "经核查，您反映的情况属实。",
        "经查，举报人反映的问题属实。",
        "您反映的问题部分属实。",
    ],
)
def test_the_conclusion_is_not_said_again_among_the_findings(opening: str) -> None:
    found = words(signed(f"{opening}冲床没有防护罩。"))

    assert found["conclusion"] == "您反映的情况属实。"
    assert found["findings"] == "冲床没有防护罩。"


def test_what_was_decided_is_not_said_again_among_the_findings() -> None:
    found = words(signed("冲床没有防护罩。责令限期整改。冲床没有防护罩。"), measure("责令限期整改"))

    assert found["findings"] == "冲床没有防护罩。"
    assert found["decision"] == "责令限期整改。"


def test_findings_that_would_be_empty_stay_as_they_were_signed() -> None:
    assert words(signed("您反映的情况属实。"))["findings"] == "您反映的情况属实。"


def test_the_day_of_the_visit_comes_first_where_the_findings_do_not_tell_it() -> None:
    told, untold = signed("3 月 9 日到场，冲床没有防护罩。"), signed("冲床没有防护罩。")

    assert words(told, visits=(date(2026, 3, 9),))["findings"] == "3 月 9 日到场，冲床没有防护罩。"
    assert (
        words(untold, visits=(date(2026, 3, 9),))["findings"]
        == "我们于 2026 年 3 月 9 日到现场核查。冲床没有防护罩。"
    )


def test_a_measure_is_said_once_with_what_its_words_leave_out() -> None:
    order = measure("责令拆除私拉线路。", rectify_by=date(2026, 3, 27))
    fine = measure(
        "罚款二万元。", measure=Measure.PENALTY, fine_amount=Decimal(20000), decision_number="罚 12 号"
    )

    found = words(signed("线路私拉乱接。"), order, fine)

    assert found["decision"].splitlines() == [
        "1. 责令拆除私拉线路。整改期限到 3 月 27 日。",
        "2. 罚款二万元。决定书文号：罚 12 号。",
    ]


def test_a_fine_its_words_do_not_name_is_named() -> None:
    fine = measure("未落实规章制度，依法处罚。", measure=Measure.PENALTY, fine_amount=Decimal(20000))

    assert words(signed("无制度。"), fine)["decision"] == "未落实规章制度，依法处罚。罚款 20,000.00 元。"


def test_what_was_found_rectified_has_no_day_ahead() -> None:
    order = measure("责令整改。", rectify_by=date(2026, 3, 27), rectified_date=date(2026, 3, 18))

    assert words(signed("无罩。"), order)["decision"] == "责令整改。2026 年 3 月 18 日复查，已整改到位。"


def test_before_a_measure_the_proposal_stands() -> None:
    assert words(signed("无罩。", measures="责令整改。"))["decision"] == "责令整改。"
    assert words(signed("没有发现。", result=Result.FALSE))["decision"] == "无须采取处理措施。"


def test_findings_on_the_spot_go_on_from_the_day_of_the_visit() -> None:
    found = words(signed("现场核查发现冲床没有防护罩。"), visits=(date(2026, 3, 9),))

    assert found["findings"] == "我们于 2026 年 3 月 9 日到现场核查，发现冲床没有防护罩。"

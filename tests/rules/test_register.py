"""The register: rows read and checked, codes of posters, ceiling and priority."""

import pytest

from complaints.enums import RiskClass, RowFault, VisitPurpose
from complaints.rules.register import (
    COLUMNS,
    LineFault,
    Places,
    RegisterRow,
    Vocabulary,
    counts_against_ceiling,
    new_code,
    passes_ceiling,
    priority,
    read_code,
    read_row,
    vocabulary,
)
from tests.enterprise_steps import credit_code, row, wrong_code

WORDS: Vocabulary = vocabulary(
    places=Places(
        districts={"雁塔区": "610113", "610113": "610113"}, towns={"610113": {"小寨路街道": "610113001"}}
    ),
    names={"机械": "machinery"},
    risks={"一般": "general"},
)


def read(**values: str) -> RegisterRow | list[LineFault]:
    return read_row(dict(zip(COLUMNS, row(1, **values), strict=True)), line=7, words=WORDS)


def test_a_good_row_is_read_with_codes() -> None:
    found = read(town="小寨路街道", credit_code=f" {credit_code(1)[:9]}-{credit_code(1)[9:].lower()} ")

    assert isinstance(found, RegisterRow)
    assert (found.credit_code, found.industry, found.district) == (credit_code(1), "machinery", "610113")
    assert (found.town, found.risk_class) == ("610113001", "general")


@pytest.mark.parametrize(
    ("values", "column", "fault"),
    [
        ({"name": " "}, "name", RowFault.NO_NAME),
        ({"name": "甲" * 101}, "name", RowFault.TEXT),
        ({"name": "甲\u202e乙"}, "name", RowFault.TEXT),
        ({"credit_code": ""}, "credit_code", RowFault.NO_CODE),
        ({"credit_code": wrong_code(1)}, "credit_code", RowFault.BAD_CODE),
        ({"credit_code": credit_code(1)[:-1]}, "credit_code", RowFault.BAD_CODE),
        ({"industry": "炼金"}, "industry", RowFault.INDUSTRY),
        ({"district": "浦东新区"}, "district", RowFault.DISTRICT),
        ({"town": "北关街道"}, "town", RowFault.TOWN),
        ({"risk_class": "随便"}, "risk_class", RowFault.RISK),
        ({"address": '=HYPERLINK("http://x")'}, "address", RowFault.FORMULA),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(values: dict[str, str], column: str, fault: RowFault) -> None:
    found = read(**values)

    assert isinstance(found, list)
    assert [(one.line, one.column, one.fault) for one in found] == [(7, column, fault)]


def test_everything_wrong_in_a_row_is_named_at_once() -> None:
    found = read(name="", credit_code=wrong_code(1), district="浦东新区")

    assert isinstance(found, list)
    assert [one.fault for one in found] == [RowFault.NO_NAME, RowFault.BAD_CODE, RowFault.DISTRICT]


def test_a_formula_hides_nothing_else_that_is_wrong_in_its_row() -> None:
    found = read(name="=A1", address="=B1", credit_code=wrong_code(1), industry="炼金", risk_class="")

    assert isinstance(found, list)
    assert [(one.column, one.fault) for one in found] == [
        ("name", RowFault.FORMULA),
        ("address", RowFault.FORMULA),
        ("credit_code", RowFault.BAD_CODE),
        ("industry", RowFault.INDUSTRY),
        ("risk_class", RowFault.RISK),
    ]


@pytest.mark.parametrize(
    ("district", "town", "faults"),
    [
        ("浦东新区", "北关街道", [RowFault.DISTRICT, RowFault.TOWN]),
        # A town of the city may be right once the district is.
        ("浦东新区", "小寨路街道", [RowFault.DISTRICT]),
        ("=A1", "北关街道", [RowFault.FORMULA, RowFault.TOWN]),
    ],
)
def test_a_wrong_district_hides_no_town_that_is_nowhere(
    district: str, town: str, faults: list[RowFault]
) -> None:
    found = read(district=district, town=town)

    assert isinstance(found, list)
    assert [one.fault for one in found] == faults


def test_a_code_has_fifty_random_bits_and_no_misread_letter() -> None:
    codes = {new_code() for _ in range(200)}

    assert len(codes) == 200
    assert all(len(code) == 10 and not set(code) & set("ILOU") for code in codes)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ab0cd1ef2g", "AB0CD1EF2G"),
        (" ABOCDIEFL0 ", "AB0CD1EF10"),
        ("short", ""),
        ("ABCDEFGHJU", ""),
        ("", ""),
    ],
)
def test_a_code_typed_from_a_wall_is_understood(typed: str, code: str) -> None:
    assert read_code(typed) == code


@pytest.mark.parametrize(
    ("purpose", "counts"),
    [
        (VisitPurpose.PLANNED, True),
        (VisitPurpose.SPOT, True),
        (VisitPurpose.CAMPAIGN, True),
        (VisitPurpose.TIP, False),
        (VisitPurpose.ACCIDENT, False),
        (VisitPurpose.RECHECK, False),
    ],
)
def test_cl8_tips_and_accidents_do_not_count(purpose: VisitPurpose, counts: bool) -> None:
    assert counts_against_ceiling(purpose) is counts


@pytest.mark.parametrize(
    ("done", "ceiling", "passes"),
    [(0, 1, False), (1, 1, True), (5, None, False), (0, 0, True), (1, 2, False)],
)
def test_the_visit_after_the_last_passes_the_ceiling(done: int, ceiling: int | None, passes: bool) -> None:
    assert passes_ceiling(done=done, ceiling=ceiling) is passes


def test_upheld_matters_raise_an_enterprise_past_a_higher_class() -> None:
    assert priority(risk_class=RiskClass.LOW, upheld=2) > priority(risk_class=RiskClass.MAJOR, upheld=0)

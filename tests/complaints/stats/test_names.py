"""Names of spans and rows: each in both languages, no two spans alike, nothing without a name."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from complaints.enums import Channel, IdentityMode, Industry, Operation, TipKind
from complaints.models import Office
from complaints.rules.spans import FIRST_YEAR, LAST_YEAR, Span, SpanKind, span_of
from complaints.stats.counting import By
from complaints.stats.names import SPLITS, month_name, row_names, span_name
from tests.fixtures import LIANHU, YANTA, City, city, vault

__all__ = ["city", "vault"]
LANGUAGES = ("zh-hans", "en")
spans = st.one_of(
    st.builds(Span, year=st.integers(FIRST_YEAR, LAST_YEAR), place=st.integers(1, many), kind=st.just(kind))
    for kind, many in ((SpanKind.MONTH, 12), (SpanKind.QUARTER, 4), (SpanKind.HALF, 2), (SpanKind.YEAR, 1))
)


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("2026-03", "2026 年 3 月", "March 2026"),
        ("2024-02", "2024 年 2 月", "February 2024"),
        ("2026Q1", "2026 年第一季度", "First quarter of 2026"),
        ("2026Q2", "2026 年第二季度", "Second quarter of 2026"),
        ("2026Q3", "2026 年第三季度", "Third quarter of 2026"),
        ("2026Q4", "2026 年第四季度", "Fourth quarter of 2026"),
        ("2026H1", "2026 年上半年", "First half of 2026"),
        ("2026H2", "2026 年下半年", "Second half of 2026"),
        ("2026", "2026 年全年", "Year 2026"),
    ],
)
def test_a_span_is_named_as_people_say_it(code: str, chinese: str, english: str) -> None:
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(span_name(span_of(code)))

    assert found == [chinese, english]


@given(spans, spans)
def test_two_spans_have_two_names(one: Span, other: Span) -> None:
    for language in LANGUAGES:
        with translation.override(language):
            assert (span_name(one) == span_name(other)) == (one == other)


@given(spans)
def test_a_name_holds_its_year(span: Span) -> None:
    for language in LANGUAGES:
        with translation.override(language):
            assert str(span.year) in span_name(span)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_months_of_an_axis_are_short_and_apart(language: str) -> None:
    with translation.override(language):
        names = [month_name(month) for month in span_of("2026").months]

    assert len(set(names)) == 12
    assert all(len(name) <= 5 and "2026" not in name for name in names)


def test_every_split_has_a_name() -> None:
    assert set(SPLITS) == set(By)
    for language in LANGUAGES:
        with translation.override(language):
            names = [str(name) for name in SPLITS.values()]
            assert all(names)
            assert len(set(names)) == len(names)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("by", "keys"),
    [
        (By.KIND, TipKind.values),
        (By.INDUSTRY, Industry.values),
        (By.OPERATION, Operation.values),
        (By.CHANNEL, Channel.values),
        (By.IDENTITY, IdentityMode.values),
        (By.MONTH, ["2026-01", "2026-12"]),
        (By.DISTRICT, [YANTA, LIANHU]),
    ],
)
def test_every_row_has_a_name_of_its_own(city: City, by: By, keys: list[str]) -> None:
    for language in LANGUAGES:
        with translation.override(language):
            names = row_names(keys=keys, by=by)
            assert list(names) == keys
            assert len(set(names.values())) == len(keys)
            assert not [key for key, name in names.items() if name == key]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("by", "words"), [(By.DISTRICT, "未填区县"), (By.INDUSTRY, "未填"), (By.KIND, "未填"), (By.UNIT, "未填")]
)
def test_what_was_not_said_is_called_so(city: City, by: By, words: str) -> None:
    assert row_names(keys=[""], by=by)[""].startswith(words)


@pytest.mark.django_db
def test_a_unit_that_is_gone_keeps_its_key_as_name(city: City) -> None:
    gone = str(Office.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1000)

    names = row_names(keys=[str(city.yanta.pk), gone], by=By.UNIT)

    assert names == {str(city.yanta.pk): city.yanta.shown_name, gone: gone}

"""Every figure has a name, a definition, a unit and its rule; what is counted is told, and the other way round."""

from django.utils import translation

from complaints.stats.definitions import FIGURE, FIGURES, STAGES, Stage, Unit
from complaints.stats.sources import SOURCES


def test_codes_are_unique() -> None:
    codes = [one.code for one in (*FIGURES, *STAGES)]

    assert len(codes) == len(set(codes))


def test_everything_is_said_in_both_languages() -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            texts = [(one.name, one.definition, one.unit.label) for one in (*FIGURES, *STAGES)]
            assert all(str(part).strip() for row in texts for part in row)


def test_chinese_definitions_are_chinese() -> None:
    with translation.override("zh-hans"):
        assert all(any("一" <= sign <= "鿿" for sign in str(one.definition)) for one in (*FIGURES, *STAGES))


def test_a_definition_is_a_sentence() -> None:
    with translation.override("en"):
        assert all(str(one.definition).endswith(".") for one in (*FIGURES, *STAGES))


def test_every_figure_names_its_rule() -> None:
    assert all(one.basis for one in (*FIGURES, *STAGES))


def test_every_figure_has_its_count() -> None:
    counted = {code for source in SOURCES for code in source.counts}

    assert {one.code for one in FIGURES if one.of is None} <= counted
    assert all({*one.of[0], one.of[1]} <= counted for one in FIGURES if one.of)


def test_every_count_is_used() -> None:
    counted = {code for source in SOURCES for code in source.counts}
    used = {one.code for one in FIGURES} | {part for one in FIGURES if one.of for part in one.of[0]}

    assert counted <= used


def test_nothing_without_records_is_shown_as_zero() -> None:
    """There are no records of internal tips yet."""
    assert not [code for code in FIGURE if "internal" in code]


def test_stages_and_units_are_complete() -> None:
    assert {one.code for one in STAGES} == {stage.value for stage in Stage}
    assert all(unit.label for unit in Unit)

"""Pairs of characters: what is a word, what finds it, and what does not, in the database that runs the tests."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from hypothesis import given
from hypothesis import strategies as st

from cases_public.words import engine
from cases_public.words.engines import PostgresEngine, SqliteEngine, vector
from cases_public.words.grams import GAP, MOST_PAIRS, pairs, pairs_of_text, runs

SENTENCE = "西安某公司安排两名工人进入有限空间作业，没有检测；ＮＨ３ 泄漏，除尘器停用三个月。火灾，动火。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("有限空间", ["有限空间"]),
        ("动火，没有监护。", ["动火", "没有监护"]),
        ("NH3 ＮＨ３", ["nh3", "nh3"]),
        ("%*_\"'()", []),
        ("a-b", ["a", "b"]),
        ("", []),
        ("𠮷野家 2026年", ["𠮷野家", "2026年"]),
    ],
)
def test_words_are_letters_and_digits_that_touch(text: str, expected: list[str]) -> None:
    assert runs(text) == expected


def test_pairs_are_neighbours_in_ascii() -> None:
    assert pairs("有限空") == ["6709g9650", "9650g7a7a"]
    assert pairs("有") == []
    assert all(pair.isascii() and pair.isalnum() for pair in pairs("𠮷野家abc"))


def test_words_that_do_not_touch_are_kept_apart() -> None:
    assert pairs_of_text("动火，火灾") == ["52a8g706b", GAP, "706bg707e", GAP]


def test_no_text_makes_more_pairs_than_an_engine_can_number() -> None:
    assert len(pairs_of_text("长" * 50_000)) == MOST_PAIRS


def test_places_skip_the_gaps() -> None:
    assert vector(["aga", GAP, "bgb", "aga"]) == "aga:1,4 bgb:3"


@given(st.text(max_size=60))
def test_any_text_can_be_cut(text: str) -> None:
    assert all(pair == GAP or pair.isascii() for pair in pairs_of_text(text))


@pytest.mark.django_db
def test_the_engine_fits_the_database() -> None:
    expected = PostgresEngine if connection.vendor == "postgresql" else SqliteEngine

    assert isinstance(engine(), expected)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "word",
    [
        "有限",
        "限空",
        "有限空间",
        "空间作业",
        "检测",
        "nh3",
        "泄漏",
        "除尘器",
        "三个月",
        "西安某公",
        "火灾",
        "动火",
    ],
)
def test_a_word_finds_the_text_it_stands_in(word: str) -> None:
    engine().write(page_id=7, text=SENTENCE)
    engine().write(page_id=8, text="别的案情")

    assert engine().find(words=[word]) == [7]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "word", ["空间有限", "限有", "火灾动火", "漏除", "测nh3", "动火灾", "三月", "作业没有"]
)
def test_the_same_characters_in_another_order_or_apart_find_nothing(word: str) -> None:
    engine().write(page_id=7, text=SENTENCE)

    assert engine().find(words=[word]) == []


@pytest.mark.django_db
def test_all_words_must_stand_in_the_text() -> None:
    engine().write(page_id=1, text="动火没有监护")
    engine().write(page_id=2, text="动火有人监护")
    engine().write(page_id=3, text="焊接没有监护")

    assert sorted(engine().find(words=["动火", "监护"])) == [1, 2]
    assert engine().find(words=["动火", "没有监护"]) == [1]


@pytest.mark.django_db
def test_a_text_that_goes_is_found_no_more() -> None:
    engine().write(page_id=1, text=SENTENCE)
    engine().write(page_id=2, text=SENTENCE)

    engine().forget(page_id=1, text=SENTENCE)
    engine().tidy()

    assert engine().find(words=["有限空间"]) == [2]


@pytest.mark.django_db
def test_taking_away_twice_harms_nothing() -> None:
    engine().write(page_id=1, text=SENTENCE)
    engine().write(page_id=2, text=SENTENCE)

    for _ in range(2):
        engine().forget(page_id=1, text=SENTENCE)
    engine().forget(page_id=3, text="从来没有写过")
    engine().tidy()

    assert engine().find(words=["有限空间"]) == [2]
    engine().write(page_id=1, text=SENTENCE)
    assert sorted(engine().find(words=["有限空间"])) == [1, 2]


@pytest.mark.django_db
def test_tidying_leaves_nothing_of_what_was_taken_away() -> None:
    engine().write(page_id=1, text="绝密词组")
    engine().write(page_id=2, text="别的案情")
    engine().forget(page_id=1, text="绝密词组")

    engine().tidy()

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT block FROM cases_public_words_data")
        else:
            cursor.execute("SELECT words::text FROM cases_public_words")
        left = [
            bytes(row[0]) if connection.vendor == "sqlite" else row[0].encode() for row in cursor.fetchall()
        ]
    secret = pairs("绝密词组")[0].encode()
    assert not any(secret[:9] in block for block in left)


@pytest.mark.django_db(transaction=True)
def test_the_table_goes_and_comes_back() -> None:
    def tables() -> list[str]:
        return connection.introspection.table_names()

    executor = MigrationExecutor(connection)
    executor.migrate([("cases_public", "0001_initial")])
    without = "cases_public_words" in tables()
    executor = MigrationExecutor(connection)
    executor.migrate([("cases_public", "0002_words")])

    assert (without, "cases_public_words" in tables()) == (False, True)

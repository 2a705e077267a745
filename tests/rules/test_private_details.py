"""Numbers and names of persons that must not slip into a reply, or into what a caller told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rules.private_details import OF_CALLER, Detail, names_in, private_details

GOOD_ID = "11010519491231002X"  # the specimen number of the standard


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("打 13800001234 找他", [(Detail.MOBILE, "13800001234")]),
        ("138-0000-1234", [(Detail.MOBILE, "138-0000-1234")]),
        ("138 0000 1234", [(Detail.MOBILE, "138 0000 1234")]),
        ("+86 13800001234", [(Detail.MOBILE, "+86 13800001234")]),
        ("8613800001234", [(Detail.MOBILE, "8613800001234")]),
        ("12800001234", []),
        ("1380000123", []),
        ("138000012345", []),
        ("9913800001234", []),
        ("热线 12350、12345，办公室 029-86788000", []),
        (f"身份证{GOOD_ID}。", [(Detail.IDENTITY, GOOD_ID)]),
        (GOOD_ID.lower(), [(Detail.IDENTITY, GOOD_ID.lower())]),
        ("110105194912310021", []),
        ("1101051949123100", []),
        ("91610000MA6TNXXX4T", []),
        ("车牌陕A12345", [(Detail.PLATE, "陕A12345")]),
        ("陕A·1234挂", [(Detail.PLATE, "陕A·1234挂")]),
        ("新能源陕AD12345。", [(Detail.PLATE, "陕AD12345")]),
        ("陕西省安全生产条例", []),
        ("川A类场所", []),
        ("11月23日，责令 12 月 3 日前整改，罚款 20000 元", []),
        (f"陕A12345 的司机 13800001234，{GOOD_ID}", [
            (Detail.PLATE, "陕A12345"), (Detail.MOBILE, "13800001234"), (Detail.IDENTITY, GOOD_ID),
        ]),
        ("１３８００００１２３４", [(Detail.MOBILE, "１３８００００１２３４")]),
        ("138\u200b0000\u200b1234", [(Detail.MOBILE, "138\u200b0000\u200b1234")]),
        ("一三八〇〇〇〇一二三四", [(Detail.MOBILE, "一三八〇〇〇〇一二三四")]),
        ("总投资13 500 000 000元", []),
        ("您说“我叫王小明”", [(Detail.NAME, "我叫王小明")]),
        ("", []),
    ],
)  # fmt: skip
def test_finds(text: str, found: list[tuple[Detail, str]]) -> None:
    assert [(one.kind, one.text) for one in private_details(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我叫张三丰，在三车间", ["我叫张三丰"]),
        ("我名叫张三", ["我名叫张三"]),
        ("我姓王。", ["我姓王"]),
        ("我的名字是李四", ["我的名字是李四"]),
        ("本人姓名：李四", ["本人姓名：李四"]),
        ("来电人是赵六", ["来电人是赵六"]),
        ("联系人：钱七", ["联系人：钱七"]),
        ("My name is Li Si.", ["My name is Li"]),
        ("我叫了他们三次都没人来", []),
        ("我叫他停下", []),
        ("我是看见的，工人叫苦", []),
        ("联系人没有到场", []),
        ("厂长姓王", []),
        ("电话 029-88551234", ["029-88551234"]),
        ("（029）88551234", ["（029）88551234"]),
        ("02988551234 或 13800001234", ["02988551234", "13800001234"]),
        ("热线 12350，罐区 2026-11-28 夜里，2000 吨", []),
        ("车牌陕A12345", []),
        (GOOD_ID, [GOOD_ID]),
    ],
)
def test_finds_who_called(text: str, found: list[str]) -> None:
    assert [one.text for one in private_details(text, kinds=OF_CALLER)] == found


@given(st.text(max_size=200))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    assert all(one.text in text for one in private_details(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("经刘昕、罗强现场核查", ["刘昕", "罗强"]),
        ("刘 昕同志", ["刘昕"]),
        ("本局已核查", []),
        ("刘昕和刘昕", ["刘昕"]),
    ],
)
def test_names_of_those_who_handle_a_tip_are_found(text: str, found: list[str]) -> None:
    assert names_in(text, names=["刘昕", "罗强", "局"]) == found

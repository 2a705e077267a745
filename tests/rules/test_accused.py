"""Who of the managers is named in the words of a tip."""

import pytest

from complaints.rules.accused import named_among, surname_of

NAMES = ("秦安全", "欧阳明", "何龙")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("行车下面站人", set()),
        ("秦安全让我们拔掉报警器", {"秦安全"}),
        ("秦 安全 不让说", {"秦安全"}),
        ("秦经理说先干着", {"秦安全"}),
        ("秦副厂长说先干着", {"秦安全"}),
        ("老秦不让停机", {"秦安全"}),
        ("小何把门锁了", {"何龙"}),
        ("欧阳主任把钥匙收走了", {"欧阳明"}),
        ("何龙和秦总都知道", {"秦安全", "何龙"}),
        ("安全通道被堵，为何没人管", set()),
        ("如何处理这台设备", set()),
        ("为何总是没人管，如何工作", set()),
        ("如何主管这件事", set()),
        ("提高总量，地方工会知道", set()),
        ("何工让拆的", {"何龙"}),
        ("何工作业时没戴帽子", set()),
    ],
)
def test_whoever_is_named_is_found(text: str, named: set[str]) -> None:
    assert named_among([text], names=NAMES) == named


def test_the_end_of_one_field_and_the_begin_of_the_next_make_no_name() -> None:
    assert named_among(["找老", "秦岭牌吊车"], names=NAMES) == frozenset()


def test_two_of_one_surname_are_both_found_and_an_empty_name_is_none() -> None:
    assert named_among(["秦经理知道"], names=["秦安全", "秦岭", ""]) == {"秦安全", "秦岭"}


@pytest.mark.parametrize(("name", "surname"), [("欧阳明", "欧阳"), ("秦安全", "秦"), ("欧阳", "欧")])
def test_compound_surnames_have_two_characters(name: str, surname: str) -> None:
    assert surname_of(name) == surname


@pytest.mark.parametrize(
    ("text", "name", "is_named"),
    [
        ("关于主任值班的问题", "于明", False),
        ("于主任让停的", "于明", True),
        ("提高总体水平", "高远", False),
        ("高总说不用管", "高远", True),
        ("地方工会知道", "方正", False),
        ("方工签的字", "方正", True),
    ],
)
def test_surnames_that_end_other_words(text: str, name: str, is_named: bool) -> None:
    assert (name in named_among([text], names=[name])) is is_named

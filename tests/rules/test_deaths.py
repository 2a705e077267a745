"""安全生产法 73: which words tell of a death, which deny it, and which only fear it."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rules.deaths import mentions_death

TOLD = (
    "昨天夜里三号车间一名工人触电死亡",
    "有人从架子上坠落身亡，厂里不让说",
    "上个月爆炸死了人，老板私了",
    "造成两人伤亡",
    "发生伤亡事故没有上报",
    "死亡1人，受伤2人",
    "3死5伤，只报了轻伤",
    "两死一伤",
    "没系安全带摔死了",
    "没戴安全帽，被钢管砸死了",
    "未系安全带坠落死亡",
    "无证操作致人死亡",
    "无人看守，一个工人掉进池子淹死了",
    "抢救无效死亡",
    "送医院没抢救过来",
    "不幸身亡",
    "不慎坠亡",
    "要求加班，员工猝死",
    "在会议室旁边砸死一人",
    "工人师傅当场死了",
    "这个矿以前死过人，没报",
    "出了人命赔钱了事",
    "听说可能死了两个人",
    "人已经没了，家属在门口",
    "死者家属被封口",
    "遗体连夜拉走",
    "瞒报死亡事故",
    "隐瞒死亡人数",
    "液氨泄漏中毒死亡３人",
    "不知道有没有人员伤亡",
    "没有上报死亡事故",
    "出口被焊死，里面烧死了人",
    "A worker died last night",
    "Two people were killed by the crane.",
    "They hide a fatality",
)
NOT_TOLD = (
    "",
    "冲床没有防护罩",
    "未造成伤亡",
    "没有造成人员伤亡",
    "幸好没有人员伤亡",
    "无人员伤亡",
    "无人死亡，一人轻伤",
    "没死人",
    "还没有死人",
    "未发生人员死亡",
    "零伤亡",
    "0伤亡",
    "死亡人数为0",
    "死亡：0",
    "死亡0人",
    "避免了人员伤亡",
    "防止发生伤亡事故",
    "不会死人的吧",
    "差点砸死人",
    "差一点就出人命",
    "险些造成伤亡",
    "迟早要死人",
    "这样下去会死人的",
    "容易造成人员伤亡",
    "可能导致伤亡",
    "怕出人命",
    "一旦着火，后果是群死群伤，里面的人员伤亡会很大",
    "如果塌了，伤亡不可想象",
    "有死亡风险",
    "伤亡隐患很大",
    "受到死亡威胁",
    "安全出口被焊死",
    "消防通道堵死了",
    "门锁死了，出不去",
    "阀门卡死",
    "视线死角",
    "气味臭死了",
    "车间热死人了",
    "天天累死累活",
    "控制系统死机",
    "No one died.",
    "Somebody could be killed",
    "a dead end without an exit",
    "the deadline has passed",
)


@pytest.mark.parametrize("text", TOLD)
def test_awsl73_a_death_is_told(text: str) -> None:
    assert mentions_death(text=text)


@pytest.mark.parametrize("text", NOT_TOLD)
def test_awsl73_denied_feared_and_figures_of_speech_are_none(text: str) -> None:
    assert not mentions_death(text=text)


def test_one_true_sentence_among_denials_counts() -> None:
    assert mentions_death(text="通报说无人员伤亡。其实当晚死了两个工人。")


@given(st.text(alphabet="死亡伤没有未无人了会要差点一0，。 焊died", max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    assert mentions_death(text=text) in (True, False)


@pytest.mark.parametrize("part", ["未死亡", "多", "没有人", "会死", "no dead "])
def test_a_long_text_is_read_in_no_time(part: str) -> None:
    before = perf_counter()

    mentions_death(text=(part * 5000)[:5000])

    assert perf_counter() - before < 1

"""Finds the names of persons: after a role, before a title, in signatures, in lists, where somebody speaks."""

import re
from collections.abc import Iterator
from itertools import islice

from complaints.enums import PrivateKind

from .lexicon import HAN, Found
from .names import DOT, Name, familiar_at, has_plain_surname, name_at, name_before, name_guessed

# Any role ends in one of these, 切割工 as well as 副局长: what follows must still read like a name.
_ROLE = re.compile(
    f"(?:(?<=[{HAN}])(?:员|工|长|师|人|者|警|总监|司机|主任|经理|书记|主席|助理|股东|董事|监事|会计|出纳|门卫|保安|家属|代表|店主|业主|老板"
    "|校对|审核|经办|签发|制单|复核|记录|承办|签名|姓名|户主|护士|医生|焊工|电工|徒弟|学徒|干部|顾问|主管|保管|监护|原告|被告|个体工商户)"
    r"|(?<=某)[、和与及]"
    rf"|(?<=[老小])[{HAN}](?=[ ]?\()"
    "|(?:我叫|名叫|其(?:弟|妻|子|女|父|母|兄|哥|姐|妹|夫|女儿|儿子|丈夫|妻子|父亲|母亲|弟弟|哥哥)|签名|姓名|户名|经办|司机|主任|经理|书记|股东|董事|门卫|保安|会计|出纳|老板|主管|保管|监护|原告|被告|第三人|租户|住户|商户|用户|农户|房东))"
)
_LABEL = re.compile(
    r"[ \t]?(?:姓名|名字)?(?:[ \t]{0,3}[:]\s?[ \t]{0,3}"
    r"|(?:为|是|叫|即|系|名叫)[ \t]?[“\"]?|[ \t]{1,4}|[(“\"]|\)[ \t:]{0,3}|)"
)
_SIGNS = re.compile(r"[:“\"]")
# 工 and 长 may as well begin a word: 工程, 长安.
_STRADDLES = re.compile("工[程时商农段项人]|长[安江时乐白石方海沙宁丰项柏]|师[宗傅]")
# What is done to somebody.
_TO = re.compile(
    r"对|给予|责令|由|询问了?|讯问了?|传唤了?|约谈了?|传讯|拘留|指使|聘请|聘用|委派|雇用|雇佣|任命|通知|逮捕|控制|带走|抓获|找到|开除|辞退"
)
_TO_THEN = re.compile(
    r"处以?|给予|作出|进行|予以|的|罚款|立案|警告|记过|停|担任|负责|等|和|、|与|及|个人|改|立即|限|[,。;:]|[三两二四五六]|$|指使|全权|到|签|询问|讯问|调查|传唤|约谈|采取|本人|缴纳|承担|赔偿"
)
# A clause that begins with a name and goes on like this tells what somebody said, did or is.
_ACTS = re.compile(
    r"(?:系|作为|任|担任|的(?:违法|违规|上述|该)?行为|称|说|表示|承认|供述|供认|辩称|证实|陈述|反映|交代|交待|告诉|声称|坦言|回忆|申诉|申辩|不服|受伤|重伤|轻伤|死亡|身亡|坠落|中毒|昏倒|遇难|等(?:\d{1,4}|[一二三四五六七八九十]{1,3})[余多]?[名人])"
)
# These follow other words as well: believed after surnames that hardly begin another word.
_PLAIN_ACTS = re.compile(
    r"负责|作出|均|指挥|操作|驾驶|擅自|私自|违章|违规|违反|无证|未|在|被|于|对|没有|因|到|将|向|持|从|主持|签字|拒绝|同意|提出|明知|立即|随即"
)
_TITLE = re.compile(
    r"[ ]?(?:先生|女士|师傅|同志|小姐|老师|[(,、][ ]?(?:男|女)(?=[ ]?[,)。;、]|性|[ ]?\d|生|$)"
    r"|[(][ ]?(?:法定代表人|法人代表|实际控制人|投资人|(?:主要|现场|安全|项目)?负责人|安全员"
    r"|班组?长|总?经理|厂长|店主|业主)"
    r"|[(,、]?(?:身份证|公民身份)|(?:两|二|三|四|五|六|\d)(?:名|人|位)|副?(?:局长|厂长|经理|主任|科长|队长|书记|镇长|区长|处长|所长|站长|董事长))"
)
_JOINED = re.compile(r"[ ]?(?:、|,|和|与|及|以及|/|;|[ \t]{1,3})[ ]?")
_LIST_MOST = (
    12  # each clause may begin the rest of one long list: reading all of it every time costs the square
)
# 某公司王小明违规动火案: a unit, then a name, then what became a case.
_UNIT = re.compile("公司|集团|企业|单位|合作社|[厂店铺行队]")
_OF_A_CASE = re.compile(
    r"等?(?:人|[二两三四五六七八九十\d]{1,2}人)?(?:违[规法章反]|擅自|私自|无证|未经|不履行|一?案|涉嫌)"
)
# 据同班组的谷长顺回忆: behind 的 as well, where what follows is said or done by somebody.
_CLAUSE = re.compile(r"(?:^|[,。;:!?\n“\"(]|据|经|的)[ \t]{0,4}")
_TITLED_BEFORE = re.compile(rf"[^{HAN}]|[员工人长师者警由对与和及是为系据经向给找被将属代请让约令]")
_OFFICE = re.compile(r"[ ]?副?[局厂经主科队书镇区处所站董两二三四五六\d]")


def persons(text: str) -> Iterator[Found]:
    """Yield each name of a person once; 李某 is none."""
    found: dict[int, Name] = {}
    names = (
        *_after_roles(text),
        *_after_acts(text),
        *_after_units(text),
        *_before_titles(text),
        *_at_clauses(text),
    )
    for name in names:
        known = found.get(name.start)
        if known is None or known.end < name.end:
            found[name.start] = name
    for name in list(found.values()):
        _add_neighbours(text, name, found)
    starts = {name.end: name.start for name in sorted(found.values())}
    for name in found.values():
        if starts[name.end] != name.start and DOT in text[name.start : name.end]:
            continue  # 操作工古丽娜尔·阿不力孜: the role is no part of the name
        yield Found(PrivateKind.PERSON, name.start, name.end, name.masked)


def _after_roles(text: str) -> Iterator[Name]:
    for role in _ROLE.finditer(text):
        if _STRADDLES.match(text, role.end() - 1):
            continue
        link = _LABEL.match(text, role.end())
        after = link.end() if link else role.end()
        is_sure = bool(link and _SIGNS.search(link[0]))
        name = name_at(text, after, is_sure=is_sure) or name_at(text, role.end()) or name_guessed(text, after)
        name = name or familiar_at(text, after)
        if name:
            yield name


def _after_acts(text: str) -> Iterator[Name]:
    for act in _TO.finditer(text):
        name = name_at(text, act.end())
        if name and _TO_THEN.match(text, name.end):
            yield name


def _after_units(text: str) -> Iterator[Name]:
    for unit in _UNIT.finditer(text):
        name = name_at(text, unit.end())
        if name and has_plain_surname(name) and _OF_A_CASE.match(text, name.end):
            yield name


def _before_titles(text: str) -> Iterator[Name]:
    for title in _TITLE.finditer(text):
        is_sure = not _OFFICE.match(title[0])
        name = name_before(text, title.start(), is_sure=is_sure)
        if name and (is_sure or _stands_free(text, name.start)):
            yield name


def _stands_free(text: str, start: int) -> bool:
    return start == 0 or _TITLED_BEFORE.match(text, start - 1) is not None


def _at_clauses(text: str) -> Iterator[Name]:
    for clause in _CLAUSE.finditer(text):
        name = name_at(text, clause.end())
        if name is None:
            continue
        *_, last = [name, *islice(_to_the_right(text, name), _LIST_MOST)]
        if _ACTS.match(text, last.end) or (has_plain_surname(name) and _PLAIN_ACTS.match(text, last.end)):
            yield name


def _add_neighbours(text: str, name: Name, found: dict[int, Name]) -> None:
    """Add the other names of a list. A walk ends at a name that is known, which makes a walk of its own."""
    for walk in (_to_the_right, _to_the_left):
        for neighbour in walk(text, name):
            if neighbour.start in found:
                break
            found[neighbour.start] = neighbour


def _to_the_right(text: str, name: Name) -> Iterator[Name]:
    end = name.end
    while sign := _JOINED.match(text, end):
        following = name_at(text, sign.end(), is_sure="、" in sign[0])
        if following is None:
            return
        yield following
        end = following.end


def _to_the_left(text: str, name: Name) -> Iterator[Name]:
    start = name.start
    while start > 0 and text[start - 1] in "、和与及":
        earlier = name_before(text, start - 1)
        if earlier is None or not _stands_free(text, earlier.start):
            return
        yield earlier
        start = earlier.start

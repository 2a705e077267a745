"""Finds sentences in which an exact day, a place of work and the role of one person stand together."""

import re
from collections.abc import Iterator

from complaints.enums import PrivateKind

from .lexicon import Found

_D, _C = r"\d", "〇○零一二三四五六七八九十"
_HOUR = (
    r"(?:[ ]?(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜间|夜里|深夜|夜|当日|当天|晚))?"
    rf"(?:[ ]?(?:[{_D}]{{1,2}}|[{_C}]{{1,3}})(?:时|点)(?:(?:[{_D}]{{1,2}}|[{_C}]{{1,3}})分|半|整|许|左右)?(?:许|左右)?"
    rf"|[ ]?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:许|左右)?)?"
)
_DAY = re.compile(
    rf"(?:(?<!\d)(?P<year>(?:19|20)\d\d|[{_C}]{{4}})[ ]?年[ ]?)?(?P<month>(?<!\d)\d{{1,2}}|(?<![{_C}])[{_C}]{{1,3}})"
    rf"[ ]?月[ ]?"
    rf"(?P<day>\d{{1,2}}|[{_C}]{{1,3}})[ ]?[日号](?!令|文|起|前|以前|之前|公告){_HOUR}"
    rf"|(?<![\d.-])(?P<year2>(?:19|20)\d\d)[-./](?P<month2>\d{{1,2}})[-./](?P<day2>\d{{1,2}})(?![\d]|[-./]\d){_HOUR}"
)
_SENTENCE = re.compile(r"[^。!?;\n]+")
_PLACE = re.compile(
    r"车间|班组|工段|工位|流水线|生产线|产线|仓库|库房|库区|罐区|锅炉房|配电室|配电房|变电站|厂区|厂房|厂内|该厂|工地|工棚|宿舍|食堂|"
    r"冷库|污水池|沉淀池|发酵池|井下|矿井|巷道|工作面|窑|炉|反应釜|储罐|泵房|空压站|装卸|码头|堆场|料场|调漆间|喷漆房|喷漆间|打磨间|"
    r"[一-龥]{2,3}(?:街道|[镇乡村])(?!办|政府|应急|人民|公安|综合|安监|负责)|"
    r"除尘|化验室|实验室|控制室|值班室|门卫室|办公室|作业区|作业面|塔吊|脚手架|基坑|管廊|加油站|分拣|货场|烘干房"
)
_ROLE = re.compile(
    r"(?:焊|电|钳|车|铣|磨|铸造|铆|起重|司炉|炉前|调漆|喷漆|油漆|打磨|抛光|切割|破碎|装卸|搬运|操作|维修|检修|清理|清淤|分拣|包装|装配|冲压|"
    r"叉车|行车|仪表|化验|值班|保洁|学徒|临时|杂|木|瓦|架子|爆破|采煤|掘进|锅炉|制冷|熔炼|浇铸|浇注|混料|投料|炊事|普)工(?!艺|作|程|具|序|种|业|段|厂|位|棚)|"
    r"工人|职工|员工|司机|驾驶员|安全员|保管员|统计员|监护人|看守|门卫|保安|班长|组长|班组长|车间主任|工段长|值班员|质检员|巡检员|学徒|实习生|徒弟|厨师|会计|举报人"
)
# Several people, or all: nobody is pointed at. A bare 员工 or 工人 points at one only if counted as one or called 某.
_MANY = re.compile(
    r"(?:[二两三四五六七八九十几数多百余]|[2-9]|\d{2,6}|余)(?:名|位|个|余名|多名)[^,、]{0,6}$|(?:全部|全体|所有|各|部分|多数|每名|每个|每位|其他|广大|相关|有关|专职|兼职|无)[^,]{0,4}$"
)
_GENERIC = frozenset(("工人", "职工", "员工"))
_ONE_BEFORE = re.compile(
    r"(?:一|1|某|该|夜班|当班|白班|早班|中班|晚班|唯一的?|女|男|的)(?:名|位|个)?[^,、]{0,4}$"
)
_ONE_AFTER = re.compile(r"[一-龥]{1,3}某|[一-龥]某")
_BEFORE_MOST = 12
_PLURAL_AFTER = re.compile(r"们|等|均|都|代表|全部|名单|总数|人数|宿舍|培训|教育")
_FROM_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "0001234567" + "89")


def days(text: str) -> Iterator[Found]:
    """Yield the exact days that stand in one sentence with a place of work and the role of one person.

    A date of which only the month is left says enough: 2025年3月. Roles of officers (执法人员) do not count.
    """
    for sentence in _SENTENCE.finditer(text):
        bounds = sentence.span()
        first = _DAY.search(text, *bounds)
        if first and _PLACE.search(text, *bounds) and _has_role(text, *bounds):
            for day in _DAY.finditer(text, first.start(), bounds[1]):
                yield Found(PrivateKind.DATE_PLACE_ROLE, *day.span(), _month_of(day))


def _has_role(text: str, start: int, end: int) -> bool:
    return any(_is_one(text, role, start) for role in _ROLE.finditer(text, start, end))


def _is_one(text: str, role: re.Match[str], start: int) -> bool:
    before = text[max(start, role.start() - _BEFORE_MOST) : role.start()]
    if _MANY.search(before) or _PLURAL_AFTER.match(text, role.end()):
        return False
    if role[0] in _GENERIC:
        return bool(_ONE_BEFORE.search(before) or _ONE_AFTER.match(text, role.end()))
    return True


def _month_of(day: re.Match[str]) -> str:
    year, month = day["year"] or day["year2"], day["month"] or day["month2"]
    prefix = f"{year.translate(_FROM_NUMERALS)}年" if year else ""
    return f"{prefix}{number_of(month)}月"


def days_in(text: str) -> list[tuple[int, int, int, int]]:
    """Return every exact day in a folded text as month, day, and where it begins and ends."""
    found = []
    for match in _DAY.finditer(text):
        month, day = match["month"] or match["month2"], match["day"] or match["day2"]
        found.append((int(number_of(month)), int(number_of(day)), *match.span()))
    return found


def number_of(written: str) -> str:
    """Return a number below a hundred, written in digits or in Chinese, in digits."""
    if written.isascii():
        return str(int(written))
    tens, ten, ones = written.partition("十")
    if not ten:
        return written.translate(_FROM_NUMERALS)
    return (tens.translate(_FROM_NUMERALS) or "1") + (ones.translate(_FROM_NUMERALS) or "0")

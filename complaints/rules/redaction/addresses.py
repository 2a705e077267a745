"""Finds addresses down to the house, and cuts them to street, village or town."""

import re
from collections.abc import Iterator

from complaints.enums import PrivateKind

from .lexicon import HAN, MASKED, Found
from .runs import run_start

_NUMBER = r"(?:[甲乙丙丁附临新老][ ]?)?(?:\d{1,5}(?:[-—–~/]\d{1,5})?|[〇零一二三四五六七八九十百]{1,7})"
_PARTS = (
    rf"(?:[ ]?[,]?[ ]?(?:[A-Z东西南北甲乙丙丁][ ]?(?:区|座|栋|幢)|(?:附|之|甲|乙|[A-Z])?[ ]?{_NUMBER}[ ]?"
    r"(?:号楼|号院|号|栋|幢|座|单元|室|层|楼|组|排|户|房|门)(?:院)?"
    rf"|[{HAN}]{{2,6}}(?:大厦|广场|小区|公寓|花园|家园|中心|国际)(?=[A-Z\d])|附{_NUMBER}号)){{0,6}}"
)
_STREET = re.compile(
    rf"(?P<noun>大街|大道|街道|(?<![线回电管油水气公铁思网通出套短断走])路|街|巷|弄|胡同|[东西南北中]段|[一二三四五]环|[{HAN}]十字|里弄)"
    rf"(?P<side>[东西南北中]?[段侧]?)[ ]?(?P<house>{_NUMBER}[ ]?(?:号楼|号院|号|弄){_PARTS})"
)
_VILLAGE = re.compile(
    rf"(?P<noun>村|社区|庄|寨|屯|堡|坪|塬|嘴|湾|沟|岔)(?P<side>)[ ]?"
    rf"(?P<house>(?:第)?{_NUMBER}[ ]?(?:村民小组|小组|组|号|社|队){_PARTS})"
)
_ESTATE = re.compile(
    rf"(?P<noun>小区|花园|家园|新村|园区|工业园区?|产业园区?|科技园|物流园|开发区|广场|大厦|公寓|市场|家属院|大院|[{HAN}]苑|新城|国际城)"
    rf"(?P<side>)[ ]?(?P<house>(?:[A-Z东西南北甲乙一二三四][ ]?(?:区|座|栋|幢)[ ]?)?"
    rf"(?:[A-Z]?{_NUMBER}[ ]?(?:号楼|号院|号|栋|幢|座|单元|室|弄){_PARTS}|(?<=座){_NUMBER}室))"
)
# What follows shows that a thing was counted, not a house.
_THING = re.compile(
    r"线|[文令]|公告|炉|罐|机(?!电)|楼梯|库(?!房院)|车间|生产线|产线|杆|开关|泵|阀|塔|井|窑|仓|设备|池|变压器|配电|点位|测点|标段|桥|隧道|工作面|硐|"
    r"[一二三四五六七八九十]号|决定|文件|通知|检查"
)
_NOT_A_NAME = re.compile(rf"^(?:[该本某两三各一此]|全|每)?(?:个|条)?$|[^{HAN}A-Za-z0-9()·-]")


def addresses(text: str) -> Iterator[Found]:
    """Yield addresses with a house number: streets, villages, estates and industrial parks."""
    for pattern in (_STREET, _VILLAGE, _ESTATE):
        for match in pattern.finditer(text):
            start = run_start(text, match.start("noun"))
            name = text[start : match.start("noun")]
            if _THING.match(text, match.end()) or _NOT_A_NAME.search(name) or _is_masked(name):
                continue
            street = text[start : match.start("house")].rstrip()
            yield Found(PrivateKind.ADDRESS, start, match.end(), street)


def _is_masked(name: str) -> bool:
    """某路12号 says nothing; 某公司科技路12号 does."""
    return MASKED.search(name[-2:]) is not None

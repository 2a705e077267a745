"""Finds full names of enterprises, and says them as a case without names does: 西安某金属制品公司."""

import re
from collections.abc import Iterator

from complaints.enums import PrivateKind

from .lexicon import HAN, MASKED, Found, words
from .names import PLAIN_SURNAMES
from .runs import first_place, place_at, run_start

_FORMS = {
    "公司": (
        "有限责任公司",
        "股份有限公司",
        "集团有限公司",
        "有限公司",
        "集团公司",
        "总公司",
        "实业公司",
        "股份公司",
    ),
    "厂": ("厂",),
    "合作社": ("专业合作社联合社", "专业合作社", "合作社"),
    "煤矿": ("煤矿",),
    "矿": ("铁矿", "铜矿", "金矿", "石矿"),
    "店": (
        "餐饮店",
        "专卖店",
        "便利店",
        "修理店",
        "维修店",
        "五金店",
        "建材店",
        "烟花爆竹店",
        "商店",
        "饭店",
        "酒店",
        "药店",
        "烧烤店",
        "小吃店",
        "火锅店",
        "面馆",
        "饭馆",
        "餐馆",
        "茶馆",
        "泡馍馆",
    ),
    "部": ("经营部", "修理部", "维修部", "加工部", "销售部", "门市部", "批发部", "服务部"),
    "行": ("商行", "车行"),
    "超市": ("超市",),
    "宾馆": ("宾馆", "旅馆"),
    "加油站": ("加油站", "加气站"),
    "企业": ("合伙企业", "有限合伙", "独资企业"),
}
_ENDS = {end: short for short, ends in _FORMS.items() for end in ends}
_SHORTENED = frozenset(("公司", "厂", "合作社"))
_SUFFIX = re.compile("|".join(sorted(_ENDS, key=len, reverse=True)))
_BRANCH = re.compile(
    f"[{HAN}]{{2,8}}?(?:分公司|分厂|分店|加油站|项目部|经营部)|(?:第?[一二三四五六七八九十]{{1,2}})?(?:分公司|分厂|分店)"
)
# 厂房, 厂长: the word goes on.
_GOES_ON = re.compile(r"[房区家商址矿规龄牌部史]|长(?!期)")
# These say little: another word comes before them.
_VAGUE = frozenset(("科技", "技术", "服务", "信息", "设备", "工程", "咨询", "安装", "制造"))
_TRADE = re.compile("|".join(sorted(words("trades"), key=len, reverse=True)))
_GENERIC = re.compile(
    "农民|专业|国有|独资|民营|私营|外资|合资|个人|普通|特殊|集体|股份|集团|有限|责任|实业|控股|发展|制造|制品|加工|工业|生产|销售|商业|国际|中国|"
    "各类|重点|大型|中型|小型|一般|相关|有关|上述|涉事|涉案|违法|两家|多家|部分|所有|全部|均|系|该|等|家|类|型|化肥|发电|[()·&\\-0-9]"
)
_OWN_LEAST = 2
_NO_NAME = re.compile("某|政府|管理局|委员会|办公室|人民法院|检察院|街道办|公安|[Xx×*]{2}")
_PUBLIC_ENDS = re.compile("(?:电|水|(?<!加)工|分|本|该|我|贵|各|出|进|入|建|办|全|老|新)厂$")
_NATIONAL = ("中国", "国网", "国家")
_CALLED = re.compile(r"(?:单位|个体工商户|当事人|商户|名称|字号|企业|店名|被处罚人|以下简称)[:“\"(]?[ ]?$")
_LABEL_MOST = 8
_SURNAMES = "".join(sorted(PLAIN_SURNAMES)) + "马高何孙余任方石万田毛黄"
_FAMILY_SHOP = re.compile(
    rf"(?:[老小阿][{_SURNAMES}](?:家|记|氏|头)?|[{_SURNAMES}](?:记|氏))(?P<what>[{HAN}]{{2,6}}?)"
    "(?P<form>店|铺|厂|馆|坊|行|部|摊|超市|门市|中心)(?![长房区家员门里内])"
)
# 老王在汽修店: the person and the shop are two.
_STOP_INSIDE = re.compile("[在到去从与和及的对将被把是因经向给了]")


def companies(text: str) -> Iterator[Found]:
    """Yield the full names of enterprises; not 某公司, 该公司, the words of a law, or an authority."""
    done = 0
    for suffix in _SUFFIX.finditer(text):
        if suffix.start() < done or (suffix[0].endswith("厂") and _GOES_ON.match(text, suffix.end())):
            continue
        start = _name_start(text, suffix.start(), least=done)
        if start == suffix.start() or not _is_name(text, start, suffix):
            continue
        branch = _BRANCH.match(text, suffix.end()) if _ENDS[suffix[0]] == "公司" else None
        done = branch.end() if branch and not MASKED.search(branch[0]) else suffix.end()
        yield Found(PrivateKind.COMPANY, start, done, _without_name(text, start, suffix))


def family_shops(text: str) -> Iterator[Found]:
    """Yield shops and workshops called by a family, which need no city before them: 老王汽修店, 张记铁艺铺."""
    for shop in _FAMILY_SHOP.finditer(text):
        trades = [match[0] for match in _TRADE.finditer(shop["what"])]
        if trades and not _STOP_INSIDE.search(shop["what"]):
            start = _with_place(text, shop.start())
            place = text[start : shop.start()].removesuffix("市")
            yield Found(
                PrivateKind.COMPANY, start, shop.end(), f"{place}某{max(trades, key=len)}{shop['form']}"
            )


def _with_place(text: str, start: int) -> int:
    """Return where the city before a name begins; where the name itself does, if there is none."""
    before = run_start(text, start)
    city = first_place(text, before, start)
    return next((at for at in (before, city) if at < start == place_at(text, at, start)), start)


def _name_start(text: str, end: int, *, least: int) -> int:
    """Go back to the city, unless the city itself would be all the name there is."""
    start = run_start(text, end, least=least)
    city = first_place(text, start, end)
    if start < city < end and _own(text, city, end):
        return city
    return start


def _own(text: str, start: int, end: int) -> str:
    """Return what of a name is neither place nor trade nor a word that stands in many names."""
    return _GENERIC.sub("", _TRADE.sub("", text[_place_end(text, start, end) : end]))


def _place_end(text: str, start: int, end: int) -> int:
    """陕西大同铝业: where two names of places would leave no name of its own, the second is the name."""
    whole = place_at(text, start, end)
    first = place_at(text, start, end, is_first=True)
    return whole if _GENERIC.sub("", _TRADE.sub("", text[whole:end])) else first


def _is_name(text: str, start: int, suffix: re.Match[str]) -> bool:
    end = suffix.start()
    whole = text[start : suffix.end()]
    if _NO_NAME.search(whole) or _PUBLIC_ENDS.search(whole):
        return False
    if _ENDS[suffix[0]] == "公司" and not _own(text, start, end):
        return _is_of_trade_alone(text, start, end)
    if _ENDS[suffix[0]] in ("公司", "合作社"):
        return bool(_own(text, start, end)) and len(text[start:end]) >= _OWN_LEAST
    if not _own(text, start, end):
        return False
    # 加工厂, 经营部 and 超市 are everyday words: they need a city before them, or a label.
    if place_at(text, start, end) > start:
        return len(_own(text, start, end)) >= _OWN_LEAST or bool(_TRADE.search(text, start, suffix.end()))
    return bool(_CALLED.search(text[max(0, start - _LABEL_MOST) : start])) and end - start >= _OWN_LEAST


def _is_of_trade_alone(text: str, start: int, end: int) -> bool:
    """国网陕西省电力有限公司 is a name, 物流运输有限公司 is none: the place makes it one."""
    has_place = place_at(text, start, end) > start or text.startswith(_NATIONAL, start)
    return has_place and bool(_TRADE.search(text, start, end))


def _without_name(text: str, start: int, suffix: re.Match[str]) -> str:
    end = suffix.start()
    after_place = _place_end(text, start, end)
    place = text[start:after_place].removeprefix("国网")
    if not place:
        inside = re.search(r"\(([^()]{2,6})\)", text[start:end])
        place = inside[1] if inside and place_at(inside[1], 0, len(inside[1])) == len(inside[1]) else ""
    trades = list(_TRADE.finditer(text, after_place, end))
    longest = max(trades, key=lambda match: (match[0] not in _VAGUE, len(match[0])), default=None)
    form = _ENDS[suffix[0]] if _ENDS[suffix[0]] in _SHORTENED else suffix[0]
    return place.removesuffix("市") + "某" + (longest[0] if longest else "") + form

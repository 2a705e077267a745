"""Finds addresses of the network and points on the map: e-mail, WeChat, QQ, coordinates."""

import re
from collections.abc import Iterator

from complaints.enums import PrivateKind

from .lexicon import Found

LEFT_OUT = "（略）"
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)
_IS = r"(?:账号|帐号|号码|号|ID)?[ \t]{0,3}(?:是|为|[:=])?[ \t]{0,3}"
_WECHAT = re.compile(
    rf"(?:微信|weixin|wechat|(?<![A-Za-z])(?:wx|vx)|[薇威]信){_IS}"
    r"(?P<handle>(?![Ii][Dd][:=])[A-Za-z](?:[A-Za-z0-9_-]{5,19}))(?![A-Za-z0-9_@])",
    re.IGNORECASE,
)
_QQ = re.compile(
    rf"(?<![A-Za-z])(?:QQ|扣扣|Q(?=[ \t]?[:号]))(?:群)?{_IS}(?P<handle>[1-9](?:[ -]?\d){{4,11}})(?!\d)",
    re.IGNORECASE,
)
_DEGREES = r"-?\d{1,3}\.\d{3,12}"
_SIDE = r"(?:(?:北纬|南纬|东经|西经|(?<!经)纬度|经度|[NSEW])[ :为是]{0,2})?"
_AFTER = r"[ ]?(?:[°度][ ]?)?[NSEWnsew]?"
_PAIR = re.compile(
    rf"{_SIDE}(?<![\d.])(?P<one>{_DEGREES}){_AFTER}[ ]?[,;、/ ][ ]?{_SIDE}(?P<two>{_DEGREES}){_AFTER}(?![\d.])"
)
_HALF = re.compile(
    r"(?:(?:北纬|南纬|东经|西经|纬度|经度|\blat(?:itude)?|\bl(?:ng|on|ongitude))[ :=为是]{0,4})"
    r"(?P<half>\d{1,3}\.\d{2,12})[ ]?[°度]?(?![\d.])",
    re.IGNORECASE,
)
_MARK_MINUTE, _MARK_SECOND = "['′分’‘]", "(?:[\"″秒”“]|''|′′|’’)"
_ARC = (
    rf"(?:北纬|南纬|东经|西经)?[NSEW]?[ ]?\d{{1,3}}[ ]?[°度º][ ]?\d{{1,2}}(?:\.\d{{1,8}})?[ ]?{_MARK_MINUTE}"
    rf"(?:[ ]?\d{{1,2}}(?:\.\d{{1,6}})?[ ]?{_MARK_SECOND})?[ ]?[NSEW]?"
)
_ARCS = re.compile(rf"{_ARC}(?:[ ]?[,;、 ]?[ ]?{_ARC})?", re.IGNORECASE)
_LAT_MOST, _LNG_MOST = 90, 180
_CHINA_LAT, _CHINA_LNG = (3.0, 54.0), (73.0, 136.0)
_SAID = re.compile(r"坐标|经纬|北纬|东经|纬度|经度|[°度NSEW]|定位|GPS", re.IGNORECASE)
_SAID_BEFORE = 8
_EXACT_DIGITS = 4


def handles(text: str) -> Iterator[Found]:
    """Yield e-mail addresses anywhere, and WeChat and QQ accounts where they are called so."""
    for match in _EMAIL.finditer(text):
        yield Found(PrivateKind.EMAIL, *match.span(), LEFT_OUT)
    for match in _WECHAT.finditer(text):
        yield Found(PrivateKind.WECHAT, *match.span("handle"), LEFT_OUT)
    for match in _QQ.finditer(text):
        yield Found(PrivateKind.QQ, *match.span("handle"), LEFT_OUT)


def coordinates(text: str) -> Iterator[Found]:
    """Yield points in degrees, or in degrees, minutes and seconds.

    Two plain decimals count where the words say so, or where they lie in China with four decimals or more.
    """
    for match in _PAIR.finditer(text):
        if _is_point(match, text):
            yield Found(PrivateKind.COORDINATES, *match.span(), LEFT_OUT)
    for match in _ARCS.finditer(text):
        yield Found(PrivateKind.COORDINATES, *match.span(), LEFT_OUT)
    for match in _HALF.finditer(text):
        yield Found(PrivateKind.COORDINATES, *match.span("half"), LEFT_OUT)


def _is_point(match: re.Match[str], text: str) -> bool:
    one, two = abs(float(match["one"])), abs(float(match["two"]))
    if min(one, two) > _LAT_MOST or max(one, two) > _LNG_MOST:
        return False
    if _SAID.search(text, max(0, match.start() - _SAID_BEFORE), match.end()):
        return True
    decimals = min(len(match[name].partition(".")[2]) for name in ("one", "two"))
    return decimals >= _EXACT_DIGITS and _is_in_china(min(one, two), max(one, two))


def _is_in_china(lat: float, lng: float) -> bool:
    return _CHINA_LAT[0] <= lat <= _CHINA_LAT[1] and _CHINA_LNG[0] <= lng <= _CHINA_LNG[1]

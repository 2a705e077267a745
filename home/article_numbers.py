"""Numbers of articles as laws write them: 第五十四条, 第一百三十三条之一; read as typed, and written back."""

import re
from dataclasses import dataclass

DIGITS = "零一二三四五六七八九"
LARGEST = 1999
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = f"[{DIGITS}〇两十百千]+"
_ARTICLE = re.compile(
    rf"\A第?\s*(?P<number>{_NUMERAL}|[0-9]{{1,4}})\s*条?(?:\s*之\s*(?P<part>{_NUMERAL}|[0-9]{{1,2}}))?\Z"
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(frozen=True, order=True, kw_only=True)
class ArticleNumber:
    """Article `number`, at least 1; `part` counts articles put in later (之一 is 1), 0 for the article itself."""

    number: int
    part: int = 0

    @property
    def anchor(self) -> str:
        """The name of the article within its page: art-54, art-133-1."""
        return f"art-{self.number}" + (f"-{self.part}" if self.part else "")

    @property
    def words(self) -> str:
        """The number as laws write it."""
        return f"第{in_words(self.number)}条" + (f"之{in_words(self.part)}" if self.part else "")


def article_number(*, text: str) -> ArticleNumber | None:
    """Return the article that was typed (第五十四条, 五十四条, 第54条, 54, 133条之一); None when it is no number."""
    match = _ARTICLE.match(text.strip().translate(_FULL_WIDTH))
    if match is None:
        return None
    number, part = _value(match["number"]), _value(match["part"] or "0")
    if number is None or part is None or not 1 <= number <= LARGEST:
        return None
    return ArticleNumber(number=number, part=part)


def in_words(number: int) -> str:
    """Return a number from 1 to 1999 in Chinese numerals; raises ValueError beyond."""
    if not 1 <= number <= LARGEST:
        raise ValueError(f"no number of an article: {number}")
    found, gap = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // size % 10
        if digit:
            found += ("零" if gap and found else "") + DIGITS[digit] + unit
        gap = not digit
    return found.removeprefix("一") if 10 <= number < 20 else found


def _value(text: str) -> int | None:
    """Return what a numeral says; None for a row of signs that is no number, such as 十十."""
    if text.isascii():
        return int(text)
    total, digit = 0, None
    last = 10_000
    for sign in text.replace("两", "二").replace("〇", "零"):
        if sign in _UNITS:
            if _UNITS[sign] >= last:
                return None
            last = _UNITS[sign]
            total += (1 if digit is None else digit) * last
            digit = None
        elif digit:
            return None
        else:
            digit = DIGITS.index(sign)
    return total + (digit or 0)

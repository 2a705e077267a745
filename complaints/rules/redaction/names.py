"""Reads one name of a person where the words around it say that there is one."""

import re
from typing import NamedTuple

from .lexicon import COMPOUND_SURNAMES, HAN, MASKED, is_common_word, is_han, places, surnames, words

# Characters that hardly ever stand in a given name, so that the name has ended before them.
_NEVER = frozenset(
    "的了们在于未被将已称说系是与及从因等把到也均都则仍又再并且或但者无不没给让使受此该其个名两证签处罚违吗呢吧"
    "某何时他她你我您它这那哪就才只很太更最即既却若虽所对以由上下里内外后间进出做作打找问答拿挂按应须需违犯责令元岁日月年号"
)
_HARDLY = frozenset(
    "的了们在于未被将已称说系是与及从因等把到也均都则某何他她你我您它时上下里内外后间年月日号"
)
# 王师傅 and 李总 are called by the surname only, as a notice would.
_ADDRESSED = frozenset(words("forms_of_address"))
# After a name that begins like a common word only these are believed: 白雪松在, but not 应当接(受).
_SURE_FOLLOWS = frozenset("未在被称说的系是等和与及")
PLAIN_SURNAMES = frozenset(
    "王李张刘陈杨赵吴周徐孙朱胡郭林罗郑梁谢宋唐许韩冯邓曹彭肖董袁潘蒋蔡杜苏魏吕丁沈姚卢姜崔谭汪廖贾韦邹孟熊秦邱尹薛闫侯黎贺郝龚邵钱雷"
)
# In front of these the name has ended.
_FOLLOWS = words("after_names")
_LONG_FOLLOWS = tuple(word for word in _FOLLOWS if len(word) > 1)
_HEADS = frozenset(word[0] for word in _FOLLOWS)
# A common word and one of these is no name either: 安全帽, 金属粉, 钟点工.
_NOUN_ENDS = frozenset(
    "人工口己局师县市省镇村乡队路街司帽员性化量度率器品物类粉绳带网门厂区科部室处组会法"
    "案表书款费车机场所站点线面层段期"
)
_SPACED = re.compile(f"[{HAN}][ \t]{{1,3}}[{HAN}](?:[ \t]{{1,3}}[{HAN}](?![{HAN}]?[ \t]))?")
DOT = "·"
_DOTS = "·•・‧∙⋅."
_FOREIGN = re.compile(
    f"[{HAN}]{{1,8}}(?:[{_DOTS}][{HAN}]{{1,8}}){{1,3}}"
    r"|[A-Z][A-Za-zÀ-ɏ'’-]{1,24}(?:[ .]{1,2}[A-Z][A-Za-zÀ-ɏ'’.-]{0,24}){0,3}"
)
_LAST_PART = re.compile(f"[{_DOTS}][ ]?([{HAN}]{{1,8}})$")
_ACRONYM = re.compile(r"[A-Z.\s-]{0,120}")


class Name(NamedTuple):
    """A name in the folded text; `surname` is what is kept of it, `given` how many characters are not."""

    start: int
    end: int
    surname: str
    given: int

    @property
    def masked(self) -> str:
        """Return how a notice calls this person: 李某, 李某某, 欧阳某某."""
        return self.surname + "某" * min(max(self.given, 1), 2)


def name_at(text: str, start: int, *, is_sure: bool = False) -> Name | None:
    """Return the name that begins here, or None.

    `is_sure` where a label such as 经办人： leaves no doubt: then a common word (高峰) may be a name, and the name
    need not end where the clause does.
    """
    return (
        _foreign(text, start)
        or _chinese(text, start, is_sure=is_sure)
        or _spaced(text, start, is_sure=is_sure)
    )


def name_before(text: str, end: int, *, is_sure: bool = True) -> Name | None:
    """Return the name that ends here, or None; used where a title or （男， follows.

    Not `is_sure` where what follows may follow other words as well (两名, 局长): then no common word is part of it.
    """
    for length in (4, 3, 2):
        start = end - length
        head = surname_at(text, start) if start >= 0 else ""
        if not head or not _is_given(text[start + len(head) : end], length=length - len(head)):
            continue
        if length - len(head) > 2 or _is_word(text, start, end) or _belongs_before(text, start, end):
            continue
        if not is_sure and _holds_word(text, start, end):
            continue
        return Name(start, end, head, length - len(head))
    return _foreign_before(text, end)


def has_plain_surname(name: Name) -> bool:
    """Say whether the name begins with a surname that hardly begins another word: 王, 李."""
    return name.surname in PLAIN_SURNAMES


def name_guessed(text: str, start: int) -> Name | None:
    """Return three characters as a name although nothing shows where it ends: 负责人周文华拎着水桶.

    Only for surnames that hardly begin another word.
    """
    end = start + 3
    if text[start : start + 1] not in PLAIN_SURNAMES or not _is_given(text[start + 1 : end], length=2):
        return None
    return None if is_common_word(text[start : start + 2]) else Name(start, end, text[start], 2)


# Called as colleagues do: 小王, 老李. Some surnames go on as everyday words behind 小 and 老: 小于, 老师, 小石块.
_FAMILIAR = re.compile(f"[老小阿][{''.join(sorted(PLAIN_SURNAMES))}马高何余任方万田毛黄]")


def familiar_at(text: str, start: int) -> Name | None:
    """Return 小王 or 老李 where it stands here and ends here; believed behind a role only: 安全员小王."""
    match = _FAMILIAR.match(text, start)
    if match is None or not ends_here(text, match.end()):
        return None
    return Name(start, match.end(), text[match.end() - 1], 1)


def surname_at(text: str, start: int) -> str:
    """Return the surname that stands here, the longer one first; empty if there is none."""
    pair = text[start : start + 2]
    if pair in COMPOUND_SURNAMES:
        return pair
    return pair[:1] if pair[:1] in surnames() else ""


def ends_here(text: str, end: int) -> bool:
    """Say whether a name may end here: at a sign, at the end, or before a word that follows names."""
    if not is_han(text[end : end + 1]):
        return True
    return text[end] in _HEADS and text.startswith(_FOLLOWS, end)


def _chinese(text: str, start: int, *, is_sure: bool) -> Name | None:
    for head in _readings(text, start):
        for given in (2, 1):
            end = start + len(head) + given
            if _fits(text, start, end, head, is_sure=is_sure):
                return Name(start, end, head, given)
    return None


def _readings(text: str, start: int) -> list[str]:
    head = surname_at(text, start)
    return [head, head[:1]] if len(head) == 2 and head[:1] in surnames() else [head] if head else []


def _fits(text: str, start: int, end: int, head: str, *, is_sure: bool) -> bool:
    given = text[start + len(head) : end]
    if not ends_here(text, end) or not _is_given(
        given, length=end - start - len(head), is_last=_is_sign(text, end)
    ):
        return False
    if len(given) == 2 and text.startswith(_LONG_FOLLOWS, end - 1):
        return False  # 毛宁改正: the last character begins the word that follows
    if text[start] == text[end - 1]:
        return False  # 边看边(记): what is done at once, not a name
    if len(head) == 2 or not is_common_word(text[start : start + 2]):
        return True
    if _is_sign(text, end):
        return is_sure or not _is_word(text, start, end)
    return not _is_word(text, start, end) and (
        text[end] in _SURE_FOLLOWS
        or (text[start : start + 2] in places() and text.startswith(_LONG_FOLLOWS, end))
    )


def _is_sign(text: str, end: int) -> bool:
    return not is_han(text[end : end + 1])


def _is_given(given: str, *, length: int, is_last: bool = False) -> bool:
    """Say whether these characters may be a given name; before a sign one of them may be rarer: 史进。"""
    never = _HARDLY if is_last and length == 1 else _NEVER
    return (
        len(given) == length >= 1
        and all(is_han(letter) and letter not in never for letter in given)
        and given not in _ADDRESSED
        and not MASKED.search(given)
    )


def _is_word(text: str, start: int, end: int) -> bool:
    """安全 is a word; 安全帽 and 高度重(视) are made with one; 白雪松 is a name."""
    pair = text[start : start + 2]
    if pair in COMPOUND_SURNAMES or not is_common_word(pair):
        return False
    return end - start == 2 or text[end - 1] in _NOUN_ENDS or is_common_word(text[start + 1 : end])


def _holds_word(text: str, start: int, end: int) -> bool:
    return any(is_common_word(text[place : place + 2]) for place in range(max(0, start - 1), end - 1))


def _belongs_before(text: str, start: int, end: int) -> bool:
    """(时)任王强: the first character ends a word, and a name begins after it."""
    if start == 0 or end - start != 3 or not surname_at(text, start + 1):
        return text[start + 1] in "和与及" and bool(surname_at(text, end - 1))
    return is_common_word(text[start - 1 : start + 1]) or text[start - 1 : start + 1] in {
        "担任",
        "聘任",
        "委任",
    }


def _spaced(text: str, start: int, *, is_sure: bool) -> Name | None:
    match = _SPACED.match(text, start)
    if match is None or text[start] not in surnames():
        return None
    given = "".join(match[0].split())[1:]
    if not _is_given(given, length=len(given)) or not (is_sure or len(given) == 2):
        return None
    return Name(start, match.end(), text[start], len(given)) if ends_here(text, match.end()) else None


def _foreign(text: str, start: int) -> Name | None:
    match = _FOREIGN.match(text, start)
    if match is None or _ACRONYM.fullmatch(match[0]) or MASKED.search(match[0]):
        return None
    end = match.end()
    last = _LAST_PART.search(match[0])
    if last:
        end = start + last.start(1) + _name_length(text, start + last.start(1), end)
    elif text[end - 1] == ".":
        end -= 1
    return Name(start, end, text[start], 2 if last else 1)


def _name_length(text: str, start: int, end: int) -> int:
    """Return how much of the last part of a name with dots is name: it ends where a word follows."""
    for place in range(start + 1, end):
        if text[place] in _SURE_FOLLOWS or text.startswith(_LONG_FOLLOWS, place):
            return place - start
    return end - start


_FOREIGN_BEFORE = re.compile(f"[{HAN}]{{1,8}}(?:[{_DOTS}][{HAN}]{{1,8}}){{1,3}}$")
_FOREIGN_MOST = 36


def _foreign_before(text: str, end: int) -> Name | None:
    first = max(0, end - _FOREIGN_MOST)
    match = _FOREIGN_BEFORE.search(text[first:end])
    if match is None or MASKED.search(match[0]):
        return None
    return Name(first + match.start(), end, match[0][0], 2)

"""Whether the words of a tip name one of the safety managers who would read it."""

import re
from collections.abc import Iterable

from .private_details import names_in
from .redaction.lexicon import COMPOUND_SURNAMES

_TITLES = (
    "经理|主任|主管|科长|部长|厂长|处长|队长|班长|组长|总监|总工|书记|师傅|老板|安全员|老师|同志|先生|女士|董"
    "|总(?![是共之有的会要算体量数装部闸线阀管开控局站])|工(?![作程具人序地厂业段位艺种时资件会棚装])"
)


def named_among(texts: Iterable[str], *, names: Iterable[str]) -> frozenset[str]:
    """Return those of these names that stand in the texts: in full, 秦经理, 老秦 or 小秦.

    Rather one too many than one too few: whoever is found reads nothing of the tip, the others do. Of two managers
    with one surname 秦经理 finds both.
    """
    text = "".join("".join(one.split()) + "\n" for one in texts)
    known = [name for name in names if name.strip()]
    called = {name for name in known if _called(surname_of(name)).search(text)}
    return frozenset(called | set(names_in(text, names=known)))


def surname_of(name: str) -> str:
    """Return the surname of a Chinese name, of two characters where it is a compound one."""
    bare = "".join(name.split())
    return bare[:2] if bare[:2] in COMPOUND_SURNAMES and len(bare) > 2 else bare[:1]


def _called(surname: str) -> re.Pattern[str]:
    name = re.escape(surname)
    # 如何主管 names no Mr He, 关于主任 no Mr Yu.
    return re.compile(
        f"(?<![为如任几关由对位处属至]){name}副?(?:{_TITLES})|[老小]{name}(?![a-z])", re.IGNORECASE
    )

"""Finds where a name of a place or an enterprise begins, going back from where it ends."""

import re

from .lexicon import HAN, places, words

# After these and the words of before_places.txt a name begins, but not inside a word of inside_places.txt: 和平.
_STOP_LETTERS = (
    "对在与和及是为由向被将系以的到查因从给至称即把该让等并往住去寄送距沿去临了于或其此同本各经据处个"
)
_NAME_MOST = 40
_RUN = re.compile(rf"[{HAN}A-Za-z0-9()·&-]{{0,{_NAME_MOST}}}$")
_STOP = re.compile("|".join([*words("before_places"), *_STOP_LETTERS]))
_KEPT = re.compile("|".join(words("inside_places")))
_ADMINISTRATIVE = re.compile(
    rf"(?![本该全各我两某])[{HAN}]{{1,5}}?(?:省|市|自治区|县|区|新区|开发区|高新区|州)"
)


def run_start(text: str, end: int, *, least: int = 0) -> int:
    """Return where the name that ends at `end` begins, at most 40 characters back; `least` is the earliest place."""
    first = max(least, end - _NAME_MOST)
    run = _RUN.search(text[first:end])
    start = first + run.start() if run else end
    return _unopened(text, _after_stops(text, start, end), end)


def place_at(text: str, start: int, end: int, *, is_first: bool = False) -> int:
    """Return where the name of the city that begins here ends, with its district; `start` if there is none."""
    at = start
    while at < end:
        match = _ADMINISTRATIVE.match(text, at, end)
        known = next((at + n for n in (4, 3, 2) if at + n <= end and text[at : at + n] in places()), at)
        following = match.end() if match and (known == at or match.end() <= known + 1) else known
        if following == at or following > end:
            break
        at = following + (text[following : following + 1] in ("市", "省") and following < end)
        if is_first:
            break
    return at


def first_place(text: str, start: int, end: int) -> int:
    """Return where the first known city or province begins in this stretch; `end` if there is none."""
    for at in range(start, end):
        if any(text[at : at + n] in places() for n in (4, 3, 2)) and text[at - 1 : at] != "(":
            return at
    return end


def _after_stops(text: str, start: int, end: int) -> int:
    kept = {place for match in _KEPT.finditer(text, start, end) for place in range(*match.span())}
    for match in _STOP.finditer(text, start, end):
        if match.start() not in kept:
            start = match.end()
    return start


def _unopened(text: str, start: int, end: int) -> int:
    """A bracket that is closed and was never opened belongs to what stood before; so does one never closed."""
    depth, begin = 0, start
    for place in range(start, end):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth < 0:
            depth, begin = 0, place + 1
    if depth > 0:
        begin = text.rindex("(", begin, end) + 1
    while begin < end and text[begin] in "-·&":
        begin += 1
    return begin

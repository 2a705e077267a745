"""Captions of a film as WebVTT: read line by line, so that a player shows all of them."""

import re
from dataclasses import dataclass

CAPTIONS_MAX_BYTES = 200_000
_TIME = r"(?:(?P<{0}h>\d{{2,}}):)?(?P<{0}m>[0-5]\d):(?P<{0}s>[0-5]\d)\.(?P<{0}f>\d{{3}})"
_CUE = re.compile(rf"^{_TIME.format('a')}[ \t]+-->[ \t]+{_TIME.format('b')}(?:[ \t].*)?$")
_MARKUP = re.compile(r"<[^>]*>")


class CaptionsError(ValueError):
    """The file is no WebVTT; `code` says why: `type`, `times` (a cue that ends before it begins), `empty`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Cue:
    """One caption: from and to in milliseconds, and its words without markup."""

    begin: int
    end: int
    words: str


def captions(data: bytes) -> list[Cue]:
    """Return the captions of a WebVTT file; raises CaptionsError."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise CaptionsError("type") from error
    head, *blocks = text.split("\n\n")
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", head) or len(data) > CAPTIONS_MAX_BYTES:
        raise CaptionsError("type")
    cues = [cue for block in blocks if (cue := _cue(block.strip("\n").split("\n")))]
    if not cues:
        raise CaptionsError("empty")
    return cues


def _cue(lines: list[str]) -> Cue | None:
    """Return the cue of a block; None for notes and styles."""
    at = next((place for place, line in enumerate(lines[:2]) if "-->" in line), None)
    if at is None:
        return None
    match = _CUE.match(lines[at])
    if match is None:
        raise CaptionsError("times")
    begin, end = _milliseconds(match, "a"), _milliseconds(match, "b")
    if end <= begin:
        raise CaptionsError("times")
    return Cue(begin=begin, end=end, words=_MARKUP.sub("", "\n".join(lines[at + 1 :])).strip())


def _milliseconds(match: re.Match[str], which: str) -> int:
    hours, minutes, seconds, rest = (int(match[f"{which}{unit}"] or 0) for unit in "hmsf")
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest

"""What reading a file gives: its words with their places, and what of it no machine has read."""

from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CHARACTERS_MOST = 200_000


class Place(TextChoices):
    """Where in a file words stand; pages and sheets are counted from 1."""

    PAGE = "page", pgettext_lazy("of a document", "page %(n)s")
    NOTES = "notes", pgettext_lazy("of a document", "notes and links of page %(n)s")
    SHEET = "sheet", pgettext_lazy("of a document", "sheet %(n)s")
    TEXT = "text", pgettext_lazy("of a document", "text")
    PROPERTIES = "properties", pgettext_lazy("of a document", "properties of the file")


class Flaw(TextChoices):
    """Why an empty list of finds says nothing about a file, or what a file carries beside its words."""

    MISSING = "missing", _("File is missing")
    ENCRYPTED = "encrypted", _("File is locked")
    DAMAGED = "damaged", _("File cannot be read")
    UNKNOWN = "unknown", _("Unknown kind of file")
    TOO_LARGE = "too_large", _("File is too long")
    NO_TEXT = "no_text", _("Page without text")
    GARBLED = "garbled", _("Text cannot be read")
    PARTLY = "partly", _("Not everything was read")
    PICTURES = "pictures", _("Pictures inside")
    ATTACHED = "attached", _("Other files inside")
    OLDER = "older", _("Earlier versions inside")
    AUTHOR = "author", _("File names its author")


class FlawReason(TextChoices):
    """What follows from it; the values are those of Flaw and the label is the sentence shown beside it."""

    MISSING = "missing", _("The file is not there any more. Upload it anew.")
    ENCRYPTED = (
        "encrypted",
        _("It has a password: no check can read it. Upload one without, or read it to its end."),
    )
    DAMAGED = "damaged", _("No check can read it: save it anew, or somebody has to read it to its end.")
    UNKNOWN = "unknown", _("No check can read this kind of file. Somebody has to read it to its end.")
    TOO_LARGE = "too_large", _("The check stopped before its end. Somebody has to read the rest.")
    NO_TEXT = "no_text", _("It may be a scan: no check can read it, somebody has to.")
    GARBLED = (
        "garbled",
        _("The font says nothing about its characters: no check can read it, somebody has to."),
    )
    PARTLY = (
        "partly",
        _("Some of it is damaged or made in an unusual way. Somebody has to read it to its end."),
    )
    PICTURES = "pictures", _("No check sees what pictures show or carry along. Somebody has to look at them.")
    ATTACHED = "attached", _("Readers can take them out, and nobody has checked them. Save it without.")
    OLDER = "older", _("Readers can bring back what stood there before. Save it as a new file.")
    AUTHOR = "author", _("Empty the properties of the file and upload it anew.")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Some words of a file and where they stand; `number` is 0 where nothing is counted."""

    place: Place
    text: str
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class FlawFound:
    """One flaw of a file; `pages` are counted from 1 and empty where it is the whole file's."""

    flaw: Flaw
    words: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Contents:
    """A file as it was read."""

    passages: tuple[Passage, ...] = ()
    flaws: tuple[FlawFound, ...] = ()


class TooLong(Exception):
    """A file holds more than is read."""


@dataclass(kw_only=True)
class Gathered:
    """What has been read so far; knows when it is enough."""

    passages: list[Passage] = field(default_factory=list)
    whole: dict[tuple[Flaw, str], None] = field(default_factory=dict)
    pages: dict[Flaw, dict[int, None]] = field(default_factory=dict)
    room: int = CHARACTERS_MOST

    def add(self, place: Place, text: str, *, number: int = 0) -> None:
        """Take some words.

        Raises:
            TooLong: there are more than CHARACTERS_MOST; what fits is kept.
        """
        kept = text[: self.room]
        self.room -= len(kept)
        if kept.strip():
            self.passages.append(Passage(place=place, text=kept, number=number))
        if len(kept) < len(text):
            raise TooLong

    def flaw(self, flaw: Flaw, *, words: str = "", page: int = 0) -> None:
        """Note a flaw of the whole file, with the words that are it, or of one page."""
        if page:
            self.pages.setdefault(flaw, {})[page] = None
        else:
            self.whole[flaw, words.strip()] = None

    def has(self, *flaws: Flaw) -> bool:
        """Whether one of these flaws has been noted, of the file or of a page."""
        known = {flaw for flaw, _words in self.whole} | set(self.pages)
        return not known.isdisjoint(flaws)

    def contents(self) -> Contents:
        """Return it all: words in the order of the file, each flaw once."""
        of_file = [FlawFound(flaw=flaw, words=words) for flaw, words in self.whole]
        of_pages = [FlawFound(flaw=flaw, pages=tuple(pages)) for flaw, pages in self.pages.items()]
        return Contents(passages=tuple(self.passages), flaws=(*of_file, *of_pages))

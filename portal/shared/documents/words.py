"""Takes the words out of XML as it is read, without building a tree: paragraphs, rows, names of authors."""

from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser

XML_FAULTS = (ParseError, DefusedXmlException, LookupError, UnicodeError)
# Elements and attributes, without their namespaces, that hold the name of whoever wrote or changed a file.
AUTHORS = frozenset(
    {
        "creator",
        "contributor",
        "publisher",
        "lastModifiedBy",
        "LastModifiedBy",
        "Author",
        "author",
        "displayName",
    }
    | {"AuthorsPosition", "CaptionWriter", "Manager", "Company"}
)
TOPICS = frozenset({"title", "subject", "description", "Keywords", "keywords", "category", "lpwstr"})
# Ends of a piece of text: a paragraph of a text, a drawing or a cell, a line or a row.
_LINES = frozenset({"p", "br", "cr", "tr", "row", "comment"})
_GAPS = frozenset({"tab", "tc", "c"})
_WORDS = frozenset({"t", "delText", "instrText", "v", "f"})


def local(tag: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


@dataclass(kw_only=True)
class Marked:
    """What one part of a file says; `shared` are the texts cells refer to by number, `items` those a part defines."""

    shared: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words in their order, a line for each paragraph or row."""
        return "".join(self.pieces)


class _Taker:
    """Is told of each element by the parser."""

    def __init__(self, into: Marked) -> None:
        self.into = into
        self.open: list[str] = []
        self.said: list[str] = []
        self.cells = 0
        self.is_shared = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        self.open.append(name)
        self.cells += name == "tc"
        if name == "c":
            self.is_shared = attributes.get("t") == "s"
        for key, words in attributes.items():
            if local(key) in AUTHORS and words.strip():
                self.into.authors.append(words.strip())
        if name in AUTHORS | TOPICS | _WORDS:
            self.said = []

    def data(self, words: str) -> None:
        self.said.append(words)

    def end(self, tag: str) -> None:
        name = local(tag)
        self.open.pop()
        if name in _WORDS:
            self.into.pieces.append(self._cell("".join(self.said), name))
            self.said = []
        elif name in AUTHORS | TOPICS:
            self._property(name, " ".join("".join(self.said).split()))
        if name == "si":
            self.into.items.append("".join(self.into.pieces))
            self.into.pieces.clear()
        elif name in _GAPS or (name in _LINES and self.cells and name != "tr"):
            self.into.pieces.append(" ")
        elif name in _LINES:
            self.into.pieces.append("\n")
        self.cells -= name == "tc"

    def close(self) -> None:
        """Nothing is left to do: the words are where they belong."""

    def _cell(self, words: str, name: str) -> str:
        if name == "v" and self.is_shared and words.strip().isdecimal():
            number = int(words.strip()[:7])
            return self.into.shared[number] if number < len(self.into.shared) else ""
        return f"{words} " if name == "f" else words

    def _property(self, name: str, words: str) -> None:
        if words:
            (self.into.authors if name in AUTHORS else self.into.topics).append(words)


def marked_words(data: bytes, *, into: Marked) -> None:
    """Add the words of one XML file; raises one of XML_FAULTS for what is none or declares entities."""
    parser: Any = XMLParser(target=_Taker(into), forbid_dtd=True)
    parser.feed(data)
    parser.close()

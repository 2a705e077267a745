"""A law pasted as one text, cut into its articles; what is odd about it is said before it is stored."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from home.article_numbers import ArticleNumber, article_number

_CHINESE = "[零〇一二三四五六七八九十百千两0-9]+"
_ARTICLE = re.compile(rf"^\s*(?P<name>第\s*{_CHINESE}\s*条(?:之{_CHINESE})?)(?=[\s　]|$)[\s　]*(?P<text>.*)$")
_CHAPTER = re.compile(rf"^\s*(?P<name>第\s*{_CHINESE}\s*(?:编|章|节))[\s　]+(?P<title>\S.*)$")
_SPACE = re.compile(r"[ \t　]+")


@dataclass(frozen=True, kw_only=True)
class LawArticle:
    """One article: its number, the chapter that begins with it (else empty), its paragraphs parted by line ends."""

    number: ArticleNumber
    chapter: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs, as they follow each other."""
        return self.text.split("\n")


@dataclass(frozen=True, kw_only=True)
class LawText:
    """The articles in their order, and what stands before the first one and is none."""

    articles: tuple[LawArticle, ...]
    stray: str = ""

    @property
    def repeated(self) -> list[ArticleNumber]:
        """Numbers that occur twice."""
        found = Counter(one.number for one in self.articles)
        return [number for number, times in found.items() if times > 1]

    @property
    def is_in_order(self) -> bool:
        """Whether the numbers only rise."""
        numbers = [one.number for one in self.articles]
        return numbers == sorted(numbers)

    @property
    def empty(self) -> list[ArticleNumber]:
        """Numbers without words behind them."""
        return [one.number for one in self.articles if not one.text]


def law_text(*, text: str) -> LawText:
    """Cut a pasted law: an article begins with 第…条 and a space at the beginning of a line, a chapter with 第…章."""
    cutter = _Cutter()
    for line in text.splitlines():
        cutter.take(_SPACE.sub(" ", line).strip())
    cutter.finish()
    return LawText(articles=tuple(cutter.articles), stray="\n".join(cutter.stray))


class _Cutter:
    """Goes through the lines once."""

    def __init__(self) -> None:
        self.articles: list[LawArticle] = []
        self.stray: list[str] = []
        self.chapters: list[str] = []
        self.number: ArticleNumber | None = None
        self.lines: list[str] = []

    def take(self, line: str) -> None:
        """Take one line without space around it."""
        begins, chapter = _ARTICLE.match(line), _CHAPTER.match(line)
        number = article_number(text=begins["name"].replace(" ", "")) if begins else None
        if begins and number:
            self.finish()
            self.number, self.lines = number, [begins["text"]]
        elif chapter:
            self.finish()
            self.chapters.append(f"{chapter['name'].replace(' ', '')} {chapter['title']}")
        elif line:
            (self.stray if self.number is None else self.lines).append(line)

    def finish(self) -> None:
        """Put the article away that was being read."""
        if self.number is not None:
            words = "\n".join(filter(None, self.lines))
            chapter = "\n".join(self.chapters)
            self.articles.append(LawArticle(number=self.number, chapter=chapter, text=words))
            self.chapters = []
        self.number, self.lines = None, []


def numbers_in_words(*, numbers: Iterable[ArticleNumber]) -> str:
    """Return numbers for a sentence: 第五条、第七条."""
    return "、".join(one.words for one in numbers)

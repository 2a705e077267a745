"""What the outreach page tells of its parts besides texts: topics, rules, list, plan, liaison points, self-tests."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from wagtail.models import Page

from home import liaison_figures
from home.enums import RuleLevel, Validity
from home.rules_search import ranked

from .liaison import HelpVisit, LiaisonPage, LiaisonPoint
from .no_penalty import NoPenaltyMatter, NoPenaltyPage
from .plan import EnforcementPlanPage
from .quiz import QuizPage
from .rules_library import RulePage, RulesIndexPage
from .topics import TopicPage

AnyPage = TypeVar("AnyPage", bound=Page)
MATTERS = 4
RULES_OF_A_LEVEL = 2
VISITS = 3
QUIZZES = 6
TOPICS = 8


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One level of the rules library and the first rules of it."""

    level: RuleLevel
    rules: list[RulePage]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of the outreach page; what is not published is None or empty."""

    topics: list[TopicPage]
    quizzes: list[QuizPage]
    library: RulesIndexPage | None
    shelves: list[Shelf]
    no_penalty: NoPenaltyPage | None
    matters: list[NoPenaltyMatter]
    matters_total: int
    plan: EnforcementPlanPage | None
    liaison: LiaisonPage | None
    sums: liaison_figures.Sums | None
    visits: list[HelpVisit]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of all this."""
        return not (
            self.topics or self.quizzes or self.shelves or self.no_penalty or self.plan or self.liaison
        )


def parts(*, below: Page, today: date) -> Parts:
    """Return what stands below the outreach page; at most twenty queries, whatever is stored."""
    open_pages = _open_pages(below)
    library = RulesIndexPage.objects.live().public().first()
    no_penalty, liaison = _only(NoPenaltyPage, open_pages), _only(LiaisonPage, open_pages)
    matters = NoPenaltyMatter.objects.filter(is_shown=True)
    visits = HelpVisit.objects.filter(is_shown=True)
    points = LiaisonPoint.objects.filter(is_shown=True)
    return Parts(
        topics=_some(TopicPage, open_pages, most=TOPICS),
        quizzes=_some(QuizPage, open_pages, most=QUIZZES),
        library=library,
        shelves=_shelves(library) if library else [],
        no_penalty=no_penalty,
        matters=list(matters.order_by("code")[:MATTERS]) if no_penalty else [],
        matters_total=matters.count() if no_penalty else 0,
        plan=_only(EnforcementPlanPage, open_pages, order="-year"),
        liaison=liaison,
        sums=liaison_figures.sums(points=points, visits=visits, year=today.year) if liaison else None,
        visits=list(liaison_figures.newest(visits=visits)[:VISITS]) if liaison else [],
    )


def _open_pages(below: Page) -> dict[int, list[int]]:
    """Return the keys of the published pages of our kinds, by kind; who may read them is asked once for all."""
    kinds = ContentType.objects.get_for_models(
        TopicPage, QuizPage, NoPenaltyPage, EnforcementPlanPage, LiaisonPage
    )
    rows = (
        Page.objects.child_of(below).live().public().filter(content_type__in=kinds.values()).order_by("path")
    )
    found: dict[int, list[int]] = {}
    for key, kind in rows.values_list("pk", "content_type_id"):
        found.setdefault(kind, []).append(key)
    return found


def _some(model: type[AnyPage], pages: dict[int, list[int]], *, most: int) -> list[AnyPage]:
    keys = pages.get(ContentType.objects.get_for_model(model).pk, [])[:most]
    found: list[AnyPage] = []
    if keys:
        found = list(model.objects.filter(pk__in=keys).defer_streamfields().order_by("path"))
    return found


def _only(model: type[AnyPage], pages: dict[int, list[int]], *, order: str = "path") -> AnyPage | None:
    keys = pages.get(ContentType.objects.get_for_model(model).pk, [])
    found: AnyPage | None = model.objects.filter(pk__in=keys).order_by(order).first() if keys else None
    return found


def _shelves(library: RulesIndexPage) -> list[Shelf]:
    """Return the levels that have rules in force, each with the first few; two queries."""
    rules = RulePage.objects.child_of(library).live().public().filter(validity=Validity.IN_FORCE)
    place = Window(
        RowNumber(), partition_by=F("level"), order_by=[F("effective_from").desc(nulls_last=True), F("pk")]
    )
    first = (
        ranked(rules=rules).annotate(place=place).filter(place__lte=RULES_OF_A_LEVEL).defer("text", "summary")
    )
    by_level: dict[str, list[RulePage]] = {}
    for rule in first:
        by_level.setdefault(rule.level, []).append(rule)
    return [Shelf(level=level, rules=by_level[level]) for level in RuleLevel if level.value in by_level]

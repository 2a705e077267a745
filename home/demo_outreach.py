"""Sample content of the outreach parts: rules library, list, plan, liaison points and visits, self-tests, topics."""

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.models import Page

from home.demo import DATA, picture_of
from home.enums import Post
from home.models import (
    ContentPage,
    EnforcementPlanPage,
    HelpVisit,
    LiaisonPage,
    LiaisonPoint,
    NoPenaltyMatter,
    NoPenaltyPage,
    OutreachIndexPage,
    PlanUpdate,
    QuizPage,
    RulePage,
    RulesIndexPage,
    SiteVideo,
    TopicPage,
)
from home.services.no_penalty import import_matters
from home.services.plans import record_update
from home.services.visits import SignedIn, record_visit

Facts = dict[str, Any]


@transaction.atomic
def load_outreach(*, today: date) -> None:
    """Fill the outreach parts; what is already there stays as it is."""
    index, library = OutreachIndexPage.objects.first(), RulesIndexPage.objects.first()
    if index is None or library is None:
        raise RuntimeError("the page tree has no root: run migrate first")
    facts = _read("outreach")
    _load_rules(library, _read("rules"))
    _load_list(index, facts["no_penalty"])
    _load_plan(index, facts["plan"], today=today)
    _load_liaison(index, facts, today=today)
    _load_pages(index, facts)


def _read(name: str) -> Facts:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _missing(above: Page, rows: Iterable[Facts]) -> list[Facts]:
    known = set(above.get_children().values_list("slug", flat=True))
    return [row for row in rows if row["slug"] not in known]


def _publish(above: Page, page: Page) -> Any:
    above.add_child(instance=page)
    page.save_revision().publish()
    return page


def _load_rules(library: RulesIndexPage, facts: Facts) -> None:
    if not library.lead:
        library.lead, library.lead_en = facts["lead"], facts["lead_en"]
        library.save_revision().publish()
    for row in _missing(library, facts["rules"]):
        values = {name: value for name, value in row.items() if name != "replaced_by"}
        _publish(library, RulePage(**{**values, "text": row.get("text", "").strip()}))
    by_slug = {page.slug: page for page in RulePage.objects.child_of(library)}
    for row in facts["rules"]:
        page, newer = by_slug[row["slug"]], by_slug.get(row.get("replaced_by", ""))
        if newer is not None and page.replaced_by_id is None:
            page.replaced_by = newer
            page.save_revision().publish()


def _load_list(index: OutreachIndexPage, facts: Facts) -> None:
    for row in _missing(index, [{**facts, "slug": "no-penalty"}]):
        _publish(index, NoPenaltyPage(**row))
    if not NoPenaltyMatter.objects.exists():
        import_matters(data=(DATA / "no_penalty.csv").read_bytes())


def _load_plan(index: OutreachIndexPage, facts: Facts, *, today: date) -> None:
    year = today.year
    if EnforcementPlanPage.objects.filter(year=year).exists():
        return
    page = EnforcementPlanPage(
        title=facts["title"].format(year=year),
        title_en=facts["title_en"].format(year=year),
        slug=f"plan-{year}",
        year=year,
        lead=facts["lead"],
        lead_en=facts["lead_en"],
        source=facts["source"],
        planned=facts["planned"].strip(),
    )
    plan: EnforcementPlanPage = _publish(index, page)
    for update in facts["updates"]:
        day = date.fromisoformat(f"{year}-{update['day']}")
        if day <= today and not PlanUpdate.objects.filter(page=plan, day=day).exists():
            done = {
                line.key: line.planned * percent // 100
                for line, percent in zip(plan.lines, update["percent"], strict=True)
            }
            record_update(plan_id=plan.pk, day=day, done=done, note=update["note"], today=today)


def _load_liaison(index: OutreachIndexPage, facts: Facts, *, today: date) -> None:
    for row in _missing(index, [{**facts["liaison"], "slug": "liaison"}]):
        _publish(index, LiaisonPage(**row))
    if LiaisonPoint.objects.exists():
        return
    since = today - timedelta(days=250)
    points = {row["enterprise"]: LiaisonPoint.objects.create(**row, since=since) for row in facts["points"]}
    for row in facts["visits"]:
        visit = record_visit(entered=_entered(row, points[row["point"]], today=today), entered_by=None)
        HelpVisit.objects.filter(pk=visit.pk).update(is_shown=True)


def _entered(row: Facts, point: LiaisonPoint, *, today: date) -> SignedIn:
    return SignedIn(
        point=point,
        day=today - timedelta(days=row["days_ago"]),
        topic=row["topic"],
        outcome=row["outcome"],
        officers=2,
        people={Post(name): number for name, number in row["people"].items()},
    )


def _load_pages(index: OutreachIndexPage, facts: Facts) -> None:
    rules = {page.slug: page for page in RulePage.objects.all()}
    for row in _missing(index, facts["quizzes"]):
        _publish(
            index,
            QuizPage(
                **{name: row[name] for name in ("slug", "title", "title_en", "lead", "lead_en")},
                questions=[("question", _question(one, rules)) for one in row["questions"]],
            ),
        )
    for row in _missing(index, facts["topics"]):
        _publish(index, _topic(index, row, rules))


def _question(row: Facts, rules: dict[str, RulePage]) -> Facts:
    answers = [{"text": text, "is_right": place == row["right"]} for place, text in enumerate(row["answers"])]
    rule = rules.get(row.get("rule", ""))
    return {
        "text": row["text"],
        "answers": answers,
        "why": row["why"],
        "rule": rule,
        "article": row.get("article"),
    }


def _topic(index: OutreachIndexPage, row: Facts, rules: dict[str, RulePage]) -> TopicPage:
    texts = {page.slug: page for page in ContentPage.objects.child_of(index)}
    quizzes = {page.slug: page for page in QuizPage.objects.child_of(index)}
    body: list[tuple[str, Any]] = [("paragraph", row["text"])]
    if row.get("video"):
        body.append(("video", {"video": _video()}))
    linked = [
        ("看怎么做", [texts[slug] for slug in row["read"] if slug in texts]),
        ("查规定", [rules[slug] for slug in row["rules"]]),
        ("测一测", [quizzes[row["quiz"]]]),
    ]
    for heading, pages in linked:
        links = [{"title": page.title, "detail": "", "page": page} for page in pages]
        body += [("heading", heading), ("links", {"links": links})]
    picture = picture_of(row["picture"]) if "picture" in row else None
    names = ("slug", "title", "title_en", "lead", "lead_en")
    alt = row.get("picture_alt", "")
    return TopicPage(**{name: row[name] for name in names}, picture=picture, picture_alt=alt, body=body)


def _video() -> SiteVideo:
    facts = _read("video")
    known: SiteVideo | None = SiteVideo.objects.filter(title=facts["title"]).first()
    if known is not None:
        return known
    film = (DATA / "videos" / "confined-space.mp4").read_bytes()
    words = (DATA / "videos" / "confined-space.vtt").read_bytes()
    fresh: SiteVideo = SiteVideo.objects.create(
        title=facts["title"],
        title_en=facts["title_en"],
        seconds=facts["seconds"],
        transcript=facts["transcript"].strip(),
        poster=picture_of("confined-space"),
        file=ContentFile(film, name="film.mp4"),
        captions=ContentFile(words, name="film.vtt"),
    )
    return fresh

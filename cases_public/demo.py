"""Sample cases for a demonstration, with collections and drawn pictures; months and days count back from today."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.images import get_image_model

from cases_public.models import CaseIndexPage, CasePage, CollectionPage

DATA = Path(__file__).resolve().parent / "data"
# Written into the page as they stand.
PLAIN = (
    "title", "title_en", "slug", "lead", "lead_en", "kind", "disclosure", "industry", "operations", "values",
    "district", "handling_unit", "entity_name", "picture_alt", "picture_caption", "unit_penalty_text",
    "unit_penalty_basis", "person_penalty_text", "person_penalty_basis", "outcome", "major_hazard_text",
    "major_hazard_source", "lesson",
)  # fmt: skip
Facts = dict[str, Any]


@transaction.atomic
def load_sample_cases(*, today: date) -> int:
    """Fill the list of cases and return how many were added; what is already there stays as it is."""
    index = CaseIndexPage.objects.first()
    if index is None:
        raise RuntimeError("the page tree has no list of cases: run migrate first")
    facts = tomllib.loads((DATA / "demo.toml").read_text(encoding="utf-8"))
    known = set(CasePage.objects.child_of(index).values_list("slug", flat=True))
    wanted = [case for case in facts["cases"] if case["slug"] not in known]
    if not wanted:
        return 0
    collections = {one["slug"]: _collection(index, one, today=today) for one in facts["collections"]}
    pictures = {name: _picture(name, title) for name, title in facts["pictures"].items()}
    for case in sorted(wanted, key=lambda one: -one["days_ago"]):
        _add_case(index, case, collections=collections, pictures=pictures, today=today)
    return len(wanted)


def month_before(day: date, *, months: int) -> str:
    """Return the month so many months before a day, like 2026-03."""
    count = day.year * 12 + day.month - 1 - months
    return f"{count // 12}-{count % 12 + 1:02d}"


def _collection(index: CaseIndexPage, facts: Facts, *, today: date) -> CollectionPage:
    known: CollectionPage | None = CollectionPage.objects.child_of(index).filter(slug=facts["slug"]).first()
    if known is not None:
        return known
    first, last = (month_before(today, months=months) for months in facts["months_ago"])
    names = ("slug", "form", "title", "title_en", "lead", "lead_en")
    page = CollectionPage(
        **{name: facts[name] for name in names},
        operation=facts.get("operation", ""),
        first_month=first,
        last_month=last,
        live=False,
    )
    index.add_child(instance=page)
    page.save_revision().publish()
    return page


def _picture(name: str, title: str) -> Any:
    """Return the picture of this title, stored now or earlier, perhaps by other sample content."""
    pictures = get_image_model().objects
    known = pictures.filter(title=title).first()
    data = (DATA / "pictures" / f"{name}.png").read_bytes()
    return known or pictures.create(title=title, file=ContentFile(data, name=f"{name}.png"))


def _add_case(
    index: CaseIndexPage,
    facts: Facts,
    *,
    collections: dict[str, CollectionPage],
    pictures: Facts,
    today: date,
) -> None:
    page = CasePage(
        **{name: facts[name] for name in PLAIN if name in facts},
        decided_month=month_before(today, months=facts["months_ago"]),
        publish_until=today + timedelta(days=facts["publish_days"]) if "publish_days" in facts else None,
        picture=pictures[facts["picture"]],
        unit_penalty_amount=_yuan(facts.get("unit_penalty_amount")),
        person_penalty_amount=_yuan(facts.get("person_penalty_amount")),
        first_published_at=timezone.now() - timedelta(days=facts["days_ago"]),
        live=False,
        **_streams(facts, today=today),
    )
    index.add_child(instance=page)
    chosen = [collections[slug] for slug in facts["collections"]]
    chosen += [one for one in collections.values() if one.operation and one.operation in facts["operations"]]
    page.collections.set(chosen)
    page.save_revision().publish()


def _yuan(amount: int | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)


def _streams(facts: Facts, *, today: date) -> Facts:
    months = [
        {"month": month_before(today, months=one["months_ago"]), "text": one["text"]}
        for one in facts.get("timeline", ())
    ]
    return {
        "facts": [("paragraph", f"<p>{text}</p>") for text in facts["facts"]],
        "violations": [("violation", one) for one in facts["violations"]],
        "timeline": [("month", one) for one in months],
        "warnings": [("point", text) for text in facts["warnings"]],
        "rules": [("rule", one) for one in facts["rules"]],
    }

"""Fills the list of cases for the bench: pages, entries and words as publishing would leave them, in batches."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Facts = Mapping[str, Any]
# Those that are measured, each once as the bench walks through them.
FIRST_DRESSED, DRESSED = 7, 45
NAMES = (
    "lead", "kind", "industry", "district", "decided_month", "unit_penalty_amount", "person_penalty_amount",
)  # fmt: skip
SENTENCES = (
    "打磨车间横梁积尘，除尘器停用三个月。",
    "保温板旁切割管道，没有专人监护。",
    "没有通风检测，两名工人下池清淤。",
    "报警器被拔线，记录表提前填好。",
    "平台焊接无证上岗，安全绳没有系挂点。",
    "吊物下方有人穿行，限位器失灵。",
    "氧化剂和易燃液体放在同一排货架。",
    "顶板开裂没有支护，仍然安排下井。",
)
OPERATIONS = ("dust", "hot_work", "confined_space", "ammonia", "height", "lifting", "", "blasting")
INDUSTRIES = ("machinery", "commerce", "light_industry", "chemical", "textile", "metallurgy", "fireworks")


def fill(*, cases: int, today: date) -> None:
    """Insert `cases` published cases with entries and words; the same number gives the same cases.

    Rows are written as Wagtail and our services would leave them, in large batches and without revisions.
    """
    from django.db import transaction
    from wagtail.models import Page

    from cases_public.entries import CaseEntry
    from cases_public.models import CaseIndexPage, CasePage
    from cases_public.services.entries import renew_mark

    index = CaseIndexPage.objects.get()
    first = (Page.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    children = index.numchild
    with transaction.atomic():
        for start in range(0, cases, 2000):
            numbers = range(start, min(cases, start + 2000))
            facts = [_facts(number, today=today) for number in numbers]
            _insert_pages(CasePage, facts, first=first, index=index, children=children)
            CaseEntry.objects.bulk_create(
                CaseEntry(page_id=first + fact["number"], **fact["entry"]) for fact in facts
            )
            _write_words((first + fact["number"], fact["entry"]["text"]) for fact in facts)
        Page.objects.filter(pk=index.pk).update(numchild=children + cases)
        renew_mark()
    _dress(CasePage)
    _tidy()


def _facts(number: int, *, today: date) -> dict[str, Any]:
    sentence = SENTENCES[number % len(SENTENCES)]
    rare = "现场还有一只梅花鹿。" if number % 9973 == 7 else ""
    filler = "".join(SENTENCES[(number * step) % len(SENTENCES)] for step in (3, 5, 7))
    return {
        "number": number,
        "slug": f"bench-{number}",
        "entry": {
            "title": f"西安某公司第 {number} 号案",
            "lead": sentence,
            "kind": "enforcement" if number % 5 else "accident",
            "industry": INDUSTRIES[number % len(INDUSTRIES)],
            "district": f"6101{number % 13 + 2:02d}",
            "operations": OPERATIONS[number % len(OPERATIONS)],
            "values": "warning" if number % 3 else "warning evidence",
            "decided_month": f"{today.year - number % 6}-{number % 12 + 1:02d}",
            "published_date": today - timedelta(days=number % 2000),
            "unit_penalty_amount": number % 40 * 2500,
            "person_penalty_amount": number % 3 * 10_000,
            "text": f"西安某公司第 {number} 号案\n{sentence}{filler}{rare}",
        },
    }


def _dress(model: Any) -> None:
    """Give the cases that are measured what real ones have: every part of the text, and a picture."""
    from io import BytesIO

    from django.core.files.base import ContentFile
    from PIL import Image
    from wagtail.images import get_image_model

    slugs = [f"bench-{number}" for number in range(FIRST_DRESSED, FIRST_DRESSED + DRESSED)]
    out = BytesIO()
    Image.effect_mandelbrot((1280, 800), (-2, -1.2, 1, 1.2), 90).convert("RGB").save(out, "PNG")
    picture = get_image_model().objects.create(title="bench", file=ContentFile(out.getvalue(), "a.png"))
    for page in model.objects.filter(slug__in=slugs, picture=None):
        page.picture = picture
        page.picture_alt = "示意图"
        long, law = "".join(SENTENCES), {"law": "安全生产法", "article": "第四十一条第二款"}
        page.lesson = page.unit_penalty_text = page.person_penalty_text = long
        page.facts = [("heading", "检查"), *[("paragraph", f"<p>{long}</p>")] * 4]
        page.violations = [("violation", {"text": long, **law})] * 3
        page.timeline = [("month", {"month": "2026-01", "text": SENTENCES[0]})] * 4
        page.warnings = [("point", one) for one in SENTENCES]
        page.rules = [("rule", {**law, "note": "隐患排查治理"})] * 3
        page.save()


def _insert_pages(model: Any, facts: Sequence[Facts], *, first: int, index: Any, children: int) -> None:
    """Insert both rows of each page: what all pages have, and what a case has besides."""
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone
    from wagtail.models import Locale, Page

    depth = index.depth + 1
    same = {
        "content_type": ContentType.objects.get_for_model(model), "locale": Locale.objects.get(), "depth": depth,
        "live": True, "first_published_at": timezone.now(),
    }  # fmt: skip
    Page.objects.bulk_create(
        Page(
            pk=first + fact["number"],
            path=Page._get_path(index.path, depth, children + fact["number"] + 1),
            title=fact["entry"]["title"],
            draft_title=fact["entry"]["title"],
            slug=fact["slug"],
            url_path=f"{index.url_path}{fact['slug']}/",
            **same,
        )
        for fact in facts
    )
    _insert_cases(model, facts, first=first)


def _insert_cases(model: Any, facts: Sequence[Facts], *, first: int) -> None:
    from django.db import connection

    pages = [
        model(
            page_ptr_id=first + fact["number"],
            operations=fact["entry"]["operations"].split(),
            values=fact["entry"]["values"].split(),
            **{name: fact["entry"][name] for name in NAMES},
        )
        for fact in facts
    ]
    fields = model._meta.local_concrete_fields
    columns, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    rows = [
        [field.get_db_prep_save(getattr(page, field.attname), connection) for field in fields]
        for page in pages
    ]
    sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})'  # noqa: S608  our own names
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _write_words(texts: Iterator[tuple[int, str]]) -> None:
    from cases_public.words import engine

    for page_id, text in texts:
        engine().write(page_id=page_id, text=text)


def _tidy() -> None:
    from django.db import connection

    from cases_public.words import engine

    engine().tidy()
    # PostgreSQL refuses to vacuum inside a transaction, such as a test's; counting its rows works there too.
    counts_only = connection.vendor == "sqlite" or connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if counts_only else "VACUUM (ANALYZE)")

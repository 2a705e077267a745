"""Keeps entries and words in step with the pages the public can read."""

from secrets import token_hex
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases_public.entries import CaseEntry, CatalogueMark
from cases_public.enums import band_of
from cases_public.models import CasePage
from cases_public.words import engine


@transaction.atomic
def record_case(*, page: CasePage) -> None:
    """Write the entry and the words of a case as it was just published."""
    CaseEntry.objects.filter(pk=page.pk).delete()
    entry = CaseEntry(page_id=page.pk, **_facts(page), text=page.plain_text)
    entry.save(force_insert=True)
    engine().write(page_id=page.pk, text=entry.text)
    renew_mark()


def drop_case(*, page_id: int) -> None:
    """Take a case out of the list; nothing happens when it is not in it."""
    CaseEntry.objects.filter(pk=page_id).delete()


@transaction.atomic
def forget_words(*, page_id: int, text: str) -> None:
    """Take the words of an entry away that was just deleted, by whomever."""
    engine().forget(page_id=page_id, text=text)
    renew_mark()


def renew_mark() -> None:
    """Tell every process that its list is old."""
    CatalogueMark.objects.update_or_create(pk=1, defaults={"mark": token_hex(16)})


@transaction.atomic
def record_all() -> int:
    """Write all entries anew from the live pages and return how many there are."""
    for key in CaseEntry.objects.values_list("pk", flat=True):
        drop_case(page_id=key)
    pages = CasePage.objects.live().order_by("pk")
    for page in pages.iterator(chunk_size=200):
        record_case(page=page)
    return int(pages.count())


def _facts(page: CasePage) -> dict[str, Any]:
    same = (
        "decided_month", "title", "title_en", "lead", "lead_en", "kind", "industry", "district", "disclosure",
        "handling_unit", "unit_penalty_amount", "person_penalty_amount", "picture_id", "picture_alt",
    )  # fmt: skip
    published = page.first_published_at or timezone.now()
    return {
        **{name: getattr(page, name) for name in same},
        "published_date": timezone.localdate(published),
        "until_date": page.publish_until,
        "operations": " ".join(page.operations),
        "values": " ".join(page.values),
        "collections": " ".join(str(one.pk) for one in page.collections.all()),
        "is_major_hazard": bool(page.major_hazard_text),
        "band": band_of(page.total_amount),
    }

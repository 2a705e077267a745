"""What the feed tells: new cases, corrections of public ones, and that a case was withdrawn, without its title."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cases_public.models import CasePage, Withdrawal
from cases_public.selectors.asked import Asked
from cases_public.selectors.listing import newest


@dataclass(frozen=True, kw_only=True)
class FeedItem:
    """One item; `mark` tells it from others of the same page, `day` is that of the act."""

    title: str
    text: str
    path: str
    mark: str
    day: date


def feed_items(*, asked: Asked, today: date, most: int) -> list[FeedItem]:
    """Return the newest items of a question, the latest first; three queries beside those of the list.

    A corrected case is told again on the day of its correction. That one was withdrawn is told to whoever follows all
    cases: what a withdrawn case was about is nowhere kept.
    """
    entries = newest(asked=asked, today=today, most=most)
    found = [
        FeedItem(
            title=one.shown_title,
            text=one.shown_lead,
            path=str(one.page.get_url() or ""),
            mark="",
            day=one.published_date,
        )
        for one in entries
    ]
    keys = None if asked.is_plain else [one.pk for one in entries]
    found += _corrections(keys, today=today, most=most)
    if asked.is_plain:
        found += _withdrawals(most=most)
    return sorted(found, key=lambda one: one.day, reverse=True)[:most]


def _corrections(keys: list[int] | None, *, today: date, most: int) -> list[FeedItem]:
    pages = CasePage.objects.shown(today=today).exclude(correction_note="").exclude(correction_date=None)
    if keys is not None:
        pages = pages.filter(pk__in=keys)
    words = _("Corrected: %(title)s")
    return [
        FeedItem(
            title=words % {"title": page.shown_title},
            text=page.correction_note,
            path=str(page.get_url() or ""),
            mark=f"corrected-{page.correction_date}",
            day=page.correction_date,
        )
        for page in pages.order_by("-correction_date", "-pk")[:most]
    ]


def _withdrawals(*, most: int) -> list[FeedItem]:
    gone = CasePage.objects.not_live().public()
    rows = Withdrawal.objects.filter(page__in=gone.values("pk")).exclude(withdrawn_date=None)
    return [
        FeedItem(
            title=_("A case was withdrawn"),
            text=row.notice,
            path=str(row.page.get_url() or ""),
            mark=f"withdrawn-{row.withdrawn_date}",
            day=row.withdrawn_date,
        )
        for row in rows.select_related("page").order_by("-withdrawn_date", "-pk")[:most]
        if row.withdrawn_date
    ]

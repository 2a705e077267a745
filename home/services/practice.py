"""Begins a page on good practice from an enterprise's words and figures: a draft for the editors."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.disclosure import PracticeFacts
from home.enums import Topic
from home.models import ContentPage, OutreachIndexPage

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
LEAD_MAX = 300


@transaction.atomic
def draft_practice(*, facts: PracticeFacts, user: User) -> ContentPage:
    """Make an unpublished text page in Chinese and return it.

    Raises:
        OutreachIndexPage.DoesNotExist: the site has no outreach page.
    """
    index = OutreachIndexPage.objects.get()
    with override("zh-hans"):
        page: ContentPage = index.add_child(instance=ContentPage(live=False, owner=user, **_fields(facts)))
    page.save_revision(user=user, log_action=True)
    return page


def practice_wanted(facts: PracticeFacts, user: User, **_kwargs: Any) -> int:
    """Begin a page and return its key; a receiver of events.practice_wanted."""
    return int(draft_practice(facts=facts, user=user).pk)


def _fields(facts: PracticeFacts) -> dict[str, Any]:
    title = _("%(name)s: how its own people's reports are used") % {"name": facts.enterprise}
    paragraphs = [line for line in facts.text.splitlines() if line.strip()]
    words = format_html_join("", "<p>{}</p>", ((line,) for line in paragraphs))
    return {
        "title": title,
        "slug": f"practice-{get_random_string(8, LETTERS)}",
        "topic": Topic.ACTIVITY,
        "lead": _figures(facts)[:LEAD_MAX],
        "published_on": facts.day,
        "source": facts.enterprise,
        "body": [("paragraph", format_html("{}<p>{}</p>", words, _figures(facts)))],
    }


def _figures(facts: PracticeFacts) -> str:
    words = _(
        "From 1 January to %(day)s %(year)s its people reported %(received)s dangers; %(percent)s %% are put right, "
        "%(count)s rewards of %(yuan)s yuan together were paid."
    )
    return words % {
        "day": _("%(month)s/%(day)s") % {"month": facts.until.month, "day": facts.until.day},
        "year": facts.until.year,
        "received": facts.received,
        "percent": facts.fixed_percent,
        "count": facts.paid_count,
        "yuan": f"{facts.paid_yuan:,}",
    }

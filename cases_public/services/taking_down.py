"""Takes down what is over: a page past its last day is unpublished by the daily task."""

from datetime import date, datetime, timedelta

from wagtail.log_actions import log

from cases_public.models import CasePage
from cases_public.words import engine

from .submissions import end_for_page


def take_down(today: date, _now: datetime) -> int:
    """Unpublish every case whose last day has passed and return how many; a second run finds none."""
    pages = list(CasePage.objects.over(today=today))
    for page in pages:
        end_for_page(page_id=page.pk, day=page.publish_until + timedelta(days=1))
        page.unpublish(log_action=False)
        log(instance=page, action="wagtail.unpublish", data={"reason": "publish_until"})
    return len(pages)


def tidy_words(_today: date, _now: datetime) -> int:
    """Let words of corrected and withdrawn cases leave the disk; no record changes."""
    engine().tidy()
    return 0

"""What a void result takes along: the answer that told it, and what reporters thought of that answer."""

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from complaints.models import Objection, Rating, Tip
from complaints.rules.moments import to_minute


def void_result(*, tip: Tip, at: datetime) -> None:
    """Forget result, answer and the ratings of that answer; the caller holds the tip's lock.

    A measure that waits for its signature goes back without one; those that were signed stay on record.
    The next answer may be rated anew. That the first one was rated stays in the history. What was declined, or passed
    on, counts as accepted from the day it is taken up again, as do others merged into it.
    """
    today = timezone.localdate(at)
    tip.result, tip.answered_date = "", None
    tip.accepted_date = tip.accepted_date or today
    tip.save(update_fields=["result", "answered_date", "accepted_date"])
    tip.merged_tips.filter(accepted_date=None).update(accepted_date=today)
    tip.disposals.filter(decided_at=None).update(decided_at=to_minute(at), is_confirmed=False)
    Rating.objects.filter(Q(tip=tip) | Q(tip__merged_into=tip)).delete()


def end_review(*, tip: Tip, today: date) -> None:
    """End the objections that wait, because what they are about is void without anybody having decided on them."""
    waiting = Objection.objects.filter(tip=tip, reviewed_date=None)
    waiting.update(reviewed_date=today, is_upheld=False)

"""Tells the audit log of what people answer for on a page: answers of the secrecy review, taking it back."""

from datetime import datetime

from django.contrib.auth.models import User
from wagtail.models import Page

from cases_public.models import ReviewedPage
from complaints import events


def note_act(act: str, *, page: Page, user: User | None, at: datetime, detail: str) -> None:
    """Append one row about a page, in the transaction of the act; `detail` is a code or a key, never words."""
    events.act_taken.send(
        sender=ReviewedPage,
        action=f"case.{act}",
        at=at,
        actor=user,
        subject=f"page:{page.pk}",
        data={"detail": str(detail)},
    )

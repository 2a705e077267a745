"""Receivers of Wagtail's and Django's signals, through which entries follow their pages."""

from typing import Any

from django.utils import timezone

from cases_public.entries import CaseEntry
from cases_public.models import CasePage, CollectionPage

from .entries import drop_case, forget_words, record_case, renew_mark
from .submissions import end_for_page


def published(instance: Any, **_kwargs: Any) -> None:
    """A case or a collection was published."""
    if isinstance(instance, CasePage):
        record_case(page=instance)
    elif isinstance(instance, CollectionPage):
        renew_mark()


def unpublished(instance: Any, **_kwargs: Any) -> None:
    """A case or a collection was taken down, or is about to be deleted."""
    if isinstance(instance, CasePage):
        drop_case(page_id=instance.pk)
        end_for_page(page_id=instance.pk, day=timezone.localdate())
    elif isinstance(instance, CollectionPage):
        renew_mark()


def entry_deleted(instance: CaseEntry, **_kwargs: Any) -> None:
    """An entry has gone, perhaps with its page."""
    forget_words(page_id=instance.pk, text=instance.text)


def shown_otherwise(**_kwargs: Any) -> None:
    """A page was closed to the public or opened to it, or a collection has gone."""
    renew_mark()

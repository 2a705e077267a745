"""What the checker finds in a visit to an enterprise, and its answers. They are kept for the page that shows visits."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import ModelLogEntry

from cases_public.models import Waiver
from cases_public.models.barriers import ApprovalRefused, still_open
from cases_public.redaction.check import Found, found_in_part
from cases_public.redaction.parts import Part
from cases_public.services.answers import wave_through
from complaints.enums import NamePolicy
from home.models import HelpVisit, LiaisonPage, VisitPicture

# The point names its enterprise; persons are never named (DOMAIN 6).
POLICY = NamePolicy.NAMED


def showing_page() -> LiaisonPage | None:
    """Return the page that shows visits, where there is one."""
    page: LiaisonPage | None = LiaisonPage.objects.first()
    return page


def open_finds(*, visit: HelpVisit) -> list[Found]:
    """Return what must not be published of a visit as it stands and nobody has waved through.

    Where no page shows visits yet there are no answers either.
    """
    found = [one for part in _parts(visit) for one in found_in_part(part=part, policy=POLICY)]
    page = showing_page()
    return found if page is None else still_open(found=found, page_id=page.pk)


def reasons_not_to_answer(*, visit: HelpVisit, user: User) -> list[str]:
    """Return in words why a person may not wave something through; none where they may: the words are not their own."""
    if showing_page() is None:
        return [_("No page shows visits yet.")]
    if user.pk in _authors(visit):
        return [_("You wrote or changed this text. Another person has to review it.")]
    return []


@transaction.atomic
def waive(*, visit: HelpVisit, mark: str, reason: str, user: User, at: datetime) -> Waiver:
    """Wave one find through; it holds until these words change. Whoever calls has checked the right to change visits.

    Raises:
        ApprovalRefused: one of `reasons_not_to_answer`, no such find, or a reason that is missing or names somebody.
    """
    page, refused = showing_page(), reasons_not_to_answer(visit=visit, user=user)
    if page is None or refused:
        raise ApprovalRefused(refused)
    finds = open_finds(visit=visit)
    return wave_through(finds=finds, page=page, mark=mark, reason=reason, user=user, at=at)


def _parts(visit: HelpVisit) -> list[Part]:
    names = {"topic": _("Topic of the visit"), "outcome": pgettext("visit to an enterprise", "What was done")}
    shown = VisitPicture.objects.filter(visit=visit.pk) if visit.pk else VisitPicture.objects.none()
    parts = [Part(path=(name,), label=label, text=getattr(visit, name)) for name, label in names.items()]
    words = set(shown.values_list("alt", flat=True))
    parts += [Part(path=(), label=_("What the photos show"), text=text) for text in sorted(words)]
    return [part for part in parts if part.text.strip()]


def _authors(visit: HelpVisit) -> set[int]:
    changes = ModelLogEntry.objects.for_instance(visit).filter(content_changed=True)
    return {visit.entered_by_id or 0, *changes.values_list("user_id", flat=True)} - {0, None}

"""Begins a case with the facts of a tip's penalty. The page knows nothing of the tip, and no key leads back."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from cases_public.models import CaseIndexPage, CasePage
from complaints.disclosure import CaseFacts

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def draft_case(*, facts: CaseFacts, user: User) -> CasePage:
    """Make an unpublished case from facts and return it; it belongs to the person who asked for it.

    Raises:
        CaseIndexPage.DoesNotExist: the site has no list of cases.
    """
    index = CaseIndexPage.objects.get()
    page: CasePage = index.add_child(instance=CasePage(live=False, owner=user, **_fields(facts)))
    page.save_revision(user=user, log_action=True)
    return page


def case_wanted(facts: CaseFacts, user: User, **_kwargs: Any) -> str:
    """Begin a case and return the address of its editor; a receiver of events.case_wanted, which knows no tip."""
    return reverse("wagtailadmin_pages:edit", args=[draft_case(facts=facts, user=user).pk])


def _fields(facts: CaseFacts) -> dict[str, Any]:
    return {
        "title": _title(facts),
        "slug": f"case-{get_random_string(8, LETTERS)}",
        "lead": _("To be written: what was found, in one sentence and without names."),
        "industry": facts.industry.value if facts.industry else "",
        "operations": [one.value for one in facts.operations],
        "district": facts.district,
        "handling_unit": facts.unit,
        "decided_month": facts.decided_month,
        "unit_penalty_amount": facts.fine_amount,
        "facts": [("paragraph", f"<p>{_opening(facts)}</p>")],
        "timeline": [("month", {"month": facts.decided_month, "text": _("The penalty was decided.")})],
    }


def _title(facts: CaseFacts) -> str:
    trade = str(facts.industry.label) if facts.industry else ""
    kind = str(facts.kind.label) if facts.kind else _("Breach of safety rules")
    return _("An enterprise (%(trade)s): %(kind)s") % {"trade": trade, "kind": kind} if trade else kind


def _opening(facts: CaseFacts) -> str:
    words = _("In %(month)s the unit in charge verified a report and imposed a penalty.")
    if facts.is_partly:
        words = _(
            "In %(month)s the unit in charge verified a report, found it true in part and imposed a penalty."
        )
    return words % {"month": _month(facts.decided_month)}


def _month(month: str) -> str:
    year, number = month.split("-")
    return _("%(month)s/%(year)s") % {"year": year, "month": str(int(number))}

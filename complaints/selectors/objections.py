"""Reads of objections: of tips put together each reporter has the own ones, and the own ten days."""

from django.db.models import Q, QuerySet

from complaints.models import Objection, Tip


def objections_of(*, tip: Tip, lead: Tip) -> "QuerySet[Objection]":
    """Return what the reporter of this tip objected to the answers of the lead; `lead` is the tip itself when alone."""
    # Rows older than the column say whose they are by the tip.
    own = Q(raised_on=tip) | (Q(raised_on=None) if tip.pk == lead.pk else Q(pk__in=()))
    return Objection.objects.filter(own, tip=lead)


def has_objected(*, tip: Tip, lead: Tip) -> bool:
    """Say whether this reporter objected to the answer that stands now; no query before an answer, else one.

    Legal basis: 106号 (ten days from the answer, for whoever got it).
    """
    if lead.answered_date is None:
        return False
    # What led to a new verification was about an answer that is void.
    to_this = Q(reviewed_date=None) | Q(is_upheld=True, filed_date__gte=lead.answered_date)
    return objections_of(tip=tip, lead=lead).filter(to_this).exists()

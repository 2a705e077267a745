"""Stored codes of typical cases; labels go through gettext. What tips have too comes from complaints.enums."""

from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseKind(TextChoices):
    """What a published case is about."""

    ENFORCEMENT = "enforcement", _("Typical enforcement case")
    ACCIDENT = "accident", _("Accident as a warning")
    CONCEALMENT = "concealment", _("Concealed or falsely reported accident")
    SERVICE_BODY = "service_body", _("Technical service body")
    LENIENT = "lenient", _("Minor breach, no or a smaller penalty")
    PENALTY_NOTICE = "penalty_notice", _("Notice of a penalty")


class ReferenceValue(TextChoices):
    """What others can learn from a case (要点 cl.12)."""

    EVIDENCE = "evidence", _("Taking of evidence")
    HEARING = "hearing", _("Hearing of a case")
    DISCRETION = "discretion", _("Use of discretion")
    CRIMINAL_LINK = "criminal_link", _("Link to criminal law")
    WARNING = "warning", _("Warning and deterrence")


class Disclosure(TextChoices):
    """How a case was made known (DOMAIN 6)."""

    PUBLISHED = "published", _("Made public")
    EXPOSED = "exposed", _("Exposed")
    LISTED = "listed", _("Listed for supervision")


class AmountBand(TextChoices):
    """Fines of a case, unit and person together, in bands of yuan; the lower end belongs to a band."""

    NONE = "none", _("No fine")
    BELOW_10K = "below_10k", _("Below 10,000 yuan")
    BELOW_50K = "below_50k", _("10,000 to 50,000 yuan")
    BELOW_200K = "below_200k", _("50,000 to 200,000 yuan")
    BELOW_1M = "below_1m", _("200,000 to 1,000,000 yuan")
    FROM_1M = "from_1m", _("1,000,000 yuan and more")


class CaseOrder(TextChoices):
    """Orders of the list."""

    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")
    AMOUNT = "amount", _("Largest fine first")


class CollectionForm(TextChoices):
    """What holds the cases of a collection together."""

    CAMPAIGN = "campaign", _("Special campaign")
    QUARTER = "quarter", pgettext_lazy("form of a collection", "Quarter")


class ChainStep(TextChoices):
    """Reviews of a case between writing and publishing, in their order (DOMAIN 6)."""

    UNIT = "unit", _("Check by the handling unit")
    LEGAL = "legal", _("Legal review")
    SECRECY = "secrecy", _("Secrecy review")
    SIGN = "sign", _("Signing off")


class WithdrawalReason(TextChoices):
    """Why a published case is taken back."""

    REVOKED = "revoked", _("The penalty was revoked")
    ERROR = "error", _("The case holds a mistake")
    PRIVATE = "private", _("The case shows too much")
    OTHER = "other", _("Another reason")


class DutyRhythm(TextChoices):
    """How often a unit owes cases (92号)."""

    QUARTER = "quarter", _("Every quarter")
    TWO_MONTHS = "two_months", _("Every two months")


class DutyContent(TextChoices):
    """What a reported case contains, in the order of 92号."""

    TITLE = "title", pgettext_lazy("content of a reported case", "Title: unit, act, case")
    FACTS = "facts", pgettext_lazy("content of a reported case", "Basic facts")
    ACTS = "acts", pgettext_lazy("content of a reported case", "Unlawful acts")
    ARTICLES = "articles", pgettext_lazy("content of a reported case", "Articles broken")
    BASIS = "basis", pgettext_lazy("content of a reported case", "Basis of the penalty")
    OUTCOME = "outcome", pgettext_lazy("content of a reported case", "Outcome, unit and persons apart")
    HAZARD = "hazard", pgettext_lazy("content of a reported case", "Clause on major hazards")
    MEANING = "meaning", pgettext_lazy("content of a reported case", "Why it matters")
    WARNINGS = "warnings", pgettext_lazy("content of a reported case", "Points that warn")


class SubmissionEnd(TextChoices):
    """Why a submitted case no longer counts."""

    TAKEN_BACK = "taken_back", _("Taken back by the unit")
    WITHDRAWN = "withdrawn", _("The case was withdrawn")
    TAKEN_DOWN = "taken_down", _("The case is no longer public")


_UPPER_ENDS = (
    (Decimal(10_000), AmountBand.BELOW_10K),
    (Decimal(50_000), AmountBand.BELOW_50K),
    (Decimal(200_000), AmountBand.BELOW_200K),
    (Decimal(1_000_000), AmountBand.BELOW_1M),
)


def band_of(amount: Decimal | None) -> AmountBand:
    """Return the band of a sum of fines in yuan, None and 0 being no fine."""
    if not amount:
        return AmountBand.NONE
    return next((band for end, band in _UPPER_ENDS if amount < end), AmountBand.FROM_1M)

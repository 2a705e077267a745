"""Codes of the register of enterprises: risk, visits, what is wrong with a row or a file."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RiskClass(TextChoices):
    """Classes of risk of an enterprise, the highest first."""

    MAJOR = "major", pgettext_lazy("risk class", "Major risk")
    LARGER = "larger", pgettext_lazy("risk class", "Larger risk")
    GENERAL = "general", pgettext_lazy("risk class", "General risk")
    LOW = "low", pgettext_lazy("risk class", "Low risk")


class VisitPurpose(TextChoices):
    """Why officers enter an enterprise (扫码入企)."""

    PLANNED = "planned", _("Planned inspection")
    SPOT = "spot", _("Spot check")
    CAMPAIGN = "campaign", _("Campaign")
    TIP = "tip", _("Because of a tip")
    ACCIDENT = "accident", _("Because of an accident")
    RECHECK = "recheck", _("Recheck of a rectification")


# 要点 cl.8: what answers a tip, an accident or an order to put right is no inspection of the plan.
EXEMPT_PURPOSES = frozenset({VisitPurpose.TIP, VisitPurpose.ACCIDENT, VisitPurpose.RECHECK})


class RowFault(TextChoices):
    """What is wrong with a row of a file for the register."""

    NO_NAME = "no_name", _("The name is missing.")
    TEXT = "text", _("A text is too long or holds characters that cannot be shown.")
    NO_CODE = "no_code", _("The credit code is missing.")
    BAD_CODE = "bad_code", _("The credit code is not valid: its check digit or length is wrong.")
    TWICE = "twice", _("The same credit code stands in an earlier row.")
    DISPUTED = "disputed", _("The same credit code stands in a later row with other words.")
    INDUSTRY = "industry", _("This industry is not in the list.")
    DISTRICT = "district", _("This district is not in the city.")
    TOWN = "town", _("This town is not in the district.")
    RISK = "risk", _("This risk class is not in the list.")
    FORMULA = "formula", _("A cell holds a formula. Put its value there.")
    FOREIGN = "foreign", _("The enterprise is supervised by a unit outside yours.")


class FileFault(TextChoices):
    """Why a whole file for the register is refused."""

    EMPTY = "empty", _("The file holds no row below the column heads.")
    KIND = "kind", _("Files of this kind are not read. Choose a CSV or XLSX file.")
    ENCODING = "encoding", _("The characters of this file cannot be read. Save it as UTF-8 or as XLSX.")
    DAMAGED = "damaged", _("This file is damaged, or is no XLSX workbook.")
    TOO_LARGE = "too_large", _("This file is too large. Split it.")
    TOO_MANY = "too_many", _("This file has more than 100,000 rows. Split it.")
    HEADS = "heads", _("The column heads are not those of the register. Take the template.")
    MERGED = "merged", _("The sheet has merged cells. Split them, so that each row is whole.")
    GONE = "gone", _("What was checked is no longer kept. Check the file once more.")


class InviteEnd(TextChoices):
    """How a code of an invitation ended."""

    USED = "used", pgettext_lazy("invitation", "used")
    REPLACED = "replaced", pgettext_lazy("invitation", "replaced by a newer one")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "withdrawn")


class InviteFault(TextChoices):
    """Why a code of an invitation opens nothing."""

    UNKNOWN = "unknown", _("This code is not known. Compare it with what you were given, letter by letter.")
    USED = "used", _("This code was used already. It opens one account once.")
    EXPIRED = "expired", _("This code is too old: it was good for 72 hours.")
    REPLACED = (
        "replaced",
        _("A newer code has been issued for this account. This one opens nothing any more."),
    )
    WITHDRAWN = "withdrawn", _("This invitation was withdrawn.")


class HazardHead(TextChoices):
    """The four heads of 7号."""

    PEOPLE = "people", _("Unsafe conduct of people")
    EQUIPMENT = "equipment", _("Unsafe state of equipment")
    ENVIRONMENT = "environment", _("Unsafe surroundings")
    MANAGEMENT = "management", _("Gap in the management")


class HazardGrade(TextChoices):
    """How grave a hazard is, the gravest last."""

    GENERAL = "general", pgettext_lazy("grade of a hazard", "Ordinary")
    LARGER = "larger", pgettext_lazy("grade of a hazard", "Larger")
    MAJOR = "major", pgettext_lazy("grade of a hazard", "Major")


class Addressee(TextChoices):
    """Whom somebody at the poster wants to tell."""

    UNIT = "unit", _("The company's safety managers")
    BUREAU = "bureau", _("Straight to the bureau")


class ToldKind(TextChoices):
    """What in words for the whole staff leads to a tip, beside what no published text holds (PrivateKind)."""

    COPIED = "copied", pgettext_lazy("circulated result", "Words of the report")
    TOGETHER = "together", pgettext_lazy("circulated result", "Workshop, post or day together")
    DAY = "day", pgettext_lazy("circulated result", "Day of the report")


class ToldReason(TextChoices):
    """Why it is asked about; the values are those of ToldKind."""

    COPIED = (
        "copied",
        _("Colleagues know who talks like this. Say in your own words what was found and done."),
    )
    TOGETHER = (
        "together",
        _("Together they show colleagues who was there and could have reported it. One alone is enough."),
    )
    DAY = "day", _("The day shows who was on shift. The month is enough.")


class InsideState(TextChoices):
    """Where an internal tip stands."""

    RECEIVED = "received", pgettext_lazy("internal tip", "Received")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("internal tip", "Taken on")
    VERIFIED = "verified", pgettext_lazy("internal tip", "Found true")
    PLANNED = "planned", pgettext_lazy("internal tip", "Being put right by plan")
    FIXED = "fixed", pgettext_lazy("internal tip", "Put right, to be accepted")
    ACCEPTED = "accepted", pgettext_lazy("internal tip", "Accepted, reward to be paid")
    PAID = "paid", pgettext_lazy("internal tip", "Paid, to be confirmed by the reporter")
    DOUBTED = (
        "doubted",
        pgettext_lazy("internal tip", "Not found true by one person, to be confirmed by another"),
    )
    UNTRUE = "untrue", pgettext_lazy("internal tip", "Not found true")
    CLOSED = "closed", pgettext_lazy("internal tip", "Closed")
    TURNED = "turned", pgettext_lazy("internal tip", "Turned to the bureau")


class InsideAct(TextChoices):
    """What is done with an internal tip, by managers, the reporter or the calendar."""

    ACKNOWLEDGE = "acknowledge", pgettext_lazy("internal tip", "Take on")
    VERIFY = "verify", pgettext_lazy("internal tip", "Found true")
    REFUTE = "refute", pgettext_lazy("internal tip", "Not found true")
    CONFIRM_UNTRUE = "confirm_untrue", pgettext_lazy("internal tip", "Confirm that it is not true")
    PLAN = "plan", pgettext_lazy("internal tip", "Make the plan (five elements)")
    FIX = "fix", pgettext_lazy("internal tip", "Report as put right")
    SEND_BACK = "send_back", pgettext_lazy("internal tip", "Not good yet, back")
    ACCEPT = "accept", pgettext_lazy("internal tip", "Accept")
    PAY = "pay", pgettext_lazy("internal tip", "Record the reward")
    CIRCULATE = "circulate", pgettext_lazy("internal tip", "Told the staff")
    REPLY = "reply", pgettext_lazy("internal tip", "Write to the reporter")
    SEEN_FIXED = "seen_fixed", pgettext_lazy("internal tip", "Seen by the reporter: it is put right")
    NOT_FIXED = "not_fixed", pgettext_lazy("internal tip", "Seen by the reporter: it is not put right")
    CONFIRM = "confirm", pgettext_lazy("internal tip", "Reward received")
    DENY = "deny", pgettext_lazy("internal tip", "Reward not received")
    TURN = "turn", pgettext_lazy("internal tip", "Turned to the bureau by the reporter")
    TURN_BY_ITSELF = (
        "turn_by_itself",
        pgettext_lazy("internal tip", "Overdue major hazard: went to the district"),
    )
    TURN_UNCONFIRMED = (
        "turn_unconfirmed",
        pgettext_lazy(
            "internal tip", "Major hazard found untrue, nobody else to confirm it: went to the district"
        ),
    )
    REMIND = "remind", pgettext_lazy("internal tip", "Reminder: overdue")


class InsideClock(TextChoices):
    """Which period of an internal tip runs."""

    NONE = "none", pgettext_lazy("internal tip", "No period")
    ACKNOWLEDGE = "acknowledge", pgettext_lazy("internal tip", "To take on")
    VERIFY = "verify", pgettext_lazy("internal tip", "To verify")
    FIX = "fix", pgettext_lazy("internal tip", "To put right")
    PAY = "pay", pgettext_lazy("internal tip", "To pay")

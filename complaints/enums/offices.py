"""Codes of units, roles and the way a tip finds its unit."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoutingReason(TextChoices):
    """Why a tip went to the unit it went to."""

    RULE = "rule", _("A routing rule fits")
    ZONE_POINT = "zone_point", _("The point lies in the zone")
    DIVISION = "division", _("The unit answers for this place")
    DEFAULT = "default", _("No unit answers for this place")
    DEATH = "death", _("A death is involved: county level or above")
    RULE_BROKEN = "rule_broken", _("A broken rule was switched off")
    COUNTER = "counter", _("Entered at the counter of this unit")


class RoutingFault(TextChoices):
    """What is wrong with a routing rule that switched itself off."""

    NO_OFFICE = "no_office", _("The unit it sends tips to was deleted.")
    OFFICE_CLOSED = "office_closed", _("The unit it sends tips to is no longer in use.")
    UNREADABLE = "unreadable", _("Its conditions cannot be read.")
    UNKNOWN_CODE = "unknown_code", _("It names an industry, a type or a zone that does not exist.")
    NO_CONDITION = "no_condition", _("It has no condition left.")


class Role(TextChoices):
    """What a person may do within an office. One person may hold several."""

    OFFICER = "officer", _("Officer")
    LEADER = "leader", _("Unit leader")
    CUSTODIAN = "custodian", _("Custodian")
    REWARD_PROPOSER = "reward_proposer", _("Reward proposer")
    REWARD_APPROVER = "reward_approver", _("Reward approver")
    PAYER = "payer", _("Payer")
    EDITOR = "editor", _("Editor")
    LEGAL_REVIEWER = "legal_reviewer", _("Legal reviewer")
    SECRECY_REVIEWER = "secrecy_reviewer", _("Secrecy reviewer")
    PUBLISHER = "publisher", _("Publisher")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")


class OfficeLevel(TextChoices):
    """Level of a handling unit."""

    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    TOWN = "town", _("Town or subdistrict")
    ZONE = "zone", _("Development zone")


class DivisionLevel(TextChoices):
    """Level of an administrative division (GB/T 2260)."""

    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    TOWN = "town", _("Town or subdistrict")

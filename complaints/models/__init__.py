"""Tables, one file per thing."""

from .account import GivenPassword
from .audit import AuditHead, AuditRow
from .calendar import DeadlinePolicy, SpecialDay
from .custody import IdentityAccess, SealedNote, UnsealRequest, UnsealStep
from .daily import DailyRun
from .duplicate import DuplicateHint
from .evidence import Evidence
from .handling import HandlingStep, Message, ReplyTemplate, SealedMessage
from .identity import SealedIdentity, Vault
from .joint import TipUnit, Whistle
from .notice import Notice
from .objection import Objection, Rating
from .office import Division, Membership, Office
from .period import Extension, HandoverNote, Period, Supervision
from .referral import Referral
from .result import Conclusion, Disposal, Inspection
from .routing import CompetentBody, RoutingDecision, RoutingRule, Transfer
from .tip import Tip, TipReceipt

__all__ = [
    "AuditHead",
    "AuditRow",
    "CompetentBody",
    "Conclusion",
    "DailyRun",
    "DeadlinePolicy",
    "Disposal",
    "Division",
    "DuplicateHint",
    "Evidence",
    "Extension",
    "GivenPassword",
    "HandlingStep",
    "HandoverNote",
    "IdentityAccess",
    "Inspection",
    "Membership",
    "Message",
    "Notice",
    "Objection",
    "Office",
    "Period",
    "Rating",
    "Referral",
    "ReplyTemplate",
    "RoutingDecision",
    "RoutingRule",
    "SealedIdentity",
    "SealedMessage",
    "SealedNote",
    "SpecialDay",
    "Supervision",
    "Tip",
    "TipReceipt",
    "TipUnit",
    "Transfer",
    "UnsealRequest",
    "UnsealStep",
    "Vault",
    "Whistle",
]

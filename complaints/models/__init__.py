"""Tables, one file per thing."""

from .account import GivenPassword
from .audit import AuditHead, AuditRow
from .calendar import DeadlinePolicy, SpecialDay
from .evidence import Evidence
from .handling import HandlingStep, Message, ReplyTemplate, SealedMessage
from .identity import SealedIdentity, Vault
from .office import Division, Membership, Office
from .tip import Tip, TipReceipt

__all__ = [
    "AuditHead",
    "AuditRow",
    "DeadlinePolicy",
    "Division",
    "Evidence",
    "GivenPassword",
    "HandlingStep",
    "Membership",
    "Message",
    "Office",
    "ReplyTemplate",
    "SealedIdentity",
    "SealedMessage",
    "SpecialDay",
    "Tip",
    "TipReceipt",
    "Vault",
]

"""Tables, one file per thing."""

from .account import GivenPassword
from .audit import AuditHead, AuditRow
from .calendar import DeadlinePolicy, SpecialDay
from .claim import ClaimStep, RewardClaim, SealedClaim
from .custody import IdentityAccess, SealedNote, UnsealRequest, UnsealStep
from .daily import DailyRun
from .day_cell import CELL_COLUMNS, CellState, DayCell, TouchedDay
from .duplicate import DuplicateHint
from .enterprise import (
    ChannelDuty,
    Enterprise,
    EnterpriseCode,
    InspectionCeiling,
    PracticeOffer,
    SiteVisit,
)
from .evidence import Evidence
from .file_review import FileFinding, FileSample, ReviewSheet, SampledFile
from .handling import HandlingStep, Message, ReplyTemplate, SealedMessage
from .identity import SealedIdentity, Vault
from .internal import (
    Circular,
    EnterpriseManager,
    InsidePolicy,
    InternalStep,
    InternalTip,
    ManagerInvite,
    RewardScale,
)
from .joint import TipUnit, Whistle
from .keys import KeyChallenge, KeyHolding, Reseal, VaultAlarm
from .ledger import LedgerEntry, RewardBudget
from .notice import Notice
from .objection import Objection, Rating
from .office import Division, Membership, Office
from .period import Extension, HandoverNote, Period, Supervision
from .period_report import PeriodReport, ReportDamaged, ReportIsFixed
from .referral import Referral
from .reply_draft import ReplyDraft
from .result import Conclusion, Disposal, Inspection
from .retention import Leftover, LegalHold, PurgedNumber, RetentionRule, Tombstone
from .reward import RewardAssessment
from .reward_policy import RewardPolicy
from .routing import CompetentBody, RoutingDecision, RoutingRule, Transfer
from .tip import Tip, TipReceipt
from .weights import AlarmThresholds, AttentionWeights, EvaluationWeights

__all__ = [
    "CELL_COLUMNS",
    "AlarmThresholds",
    "AttentionWeights",
    "AuditHead",
    "AuditRow",
    "CellState",
    "ChannelDuty",
    "Circular",
    "ClaimStep",
    "CompetentBody",
    "Conclusion",
    "DailyRun",
    "DayCell",
    "DeadlinePolicy",
    "Disposal",
    "Division",
    "DuplicateHint",
    "Enterprise",
    "EnterpriseCode",
    "EnterpriseManager",
    "EvaluationWeights",
    "Evidence",
    "Extension",
    "FileFinding",
    "FileSample",
    "GivenPassword",
    "HandlingStep",
    "HandoverNote",
    "IdentityAccess",
    "InsidePolicy",
    "Inspection",
    "InspectionCeiling",
    "InternalStep",
    "InternalTip",
    "KeyChallenge",
    "KeyHolding",
    "LedgerEntry",
    "Leftover",
    "LegalHold",
    "ManagerInvite",
    "Membership",
    "Message",
    "Notice",
    "Objection",
    "Office",
    "Period",
    "PeriodReport",
    "PracticeOffer",
    "PurgedNumber",
    "Rating",
    "Referral",
    "ReplyDraft",
    "ReplyTemplate",
    "ReportDamaged",
    "ReportIsFixed",
    "Reseal",
    "RetentionRule",
    "ReviewSheet",
    "RewardAssessment",
    "RewardBudget",
    "RewardClaim",
    "RewardPolicy",
    "RewardScale",
    "RoutingDecision",
    "RoutingRule",
    "SampledFile",
    "SealedClaim",
    "SealedIdentity",
    "SealedMessage",
    "SealedNote",
    "SiteVisit",
    "SpecialDay",
    "Supervision",
    "Tip",
    "TipReceipt",
    "TipUnit",
    "Tombstone",
    "TouchedDay",
    "Transfer",
    "UnsealRequest",
    "UnsealStep",
    "Vault",
    "VaultAlarm",
    "Whistle",
]

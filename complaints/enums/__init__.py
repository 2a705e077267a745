"""Stored codes. The value is the public contract and never changes; the label goes through gettext.

One module for each part of the domain; everybody imports from here.
"""

from complaints.problems import Problem

from .custody import (
    OpeningFault,
    UnsealAct,
    UnsealFault,
    UnsealPurpose,
    UnsealStatus,
    UnsealTarget,
)
from .handling import (
    Action,
    Clock,
    Fact,
    Ground,
    Measure,
    MergeFault,
    Phase,
    Result,
    Side,
    SupervisionCause,
    TipStatus,
    UnitPart,
)
from .intake import (
    COMPETENT_BODIES,
    Channel,
    DeclineReason,
    Direction,
    IdentityMode,
    Industry,
    Operation,
    SealedBy,
    TipKind,
    Violation,
)
from .keeping import KeepFrom, KeepUnit, Outcome
from .keys import KeyFault, KeyOrigin, KeyState, ResealState, SealedKind
from .offices import (
    DivisionLevel,
    OfficeLevel,
    Role,
    RoutingFault,
    RoutingReason,
)

__all__ = [
    "COMPETENT_BODIES",
    "Action",
    "Channel",
    "Clock",
    "DeclineReason",
    "Direction",
    "DivisionLevel",
    "Fact",
    "Ground",
    "IdentityMode",
    "Industry",
    "KeepFrom",
    "KeepUnit",
    "KeyFault",
    "KeyOrigin",
    "KeyState",
    "Measure",
    "MergeFault",
    "OfficeLevel",
    "OpeningFault",
    "Operation",
    "Outcome",
    "Phase",
    "Problem",
    "ResealState",
    "Result",
    "Role",
    "RoutingFault",
    "RoutingReason",
    "SealedBy",
    "SealedKind",
    "Side",
    "SupervisionCause",
    "TipKind",
    "TipStatus",
    "UnitPart",
    "UnsealAct",
    "UnsealFault",
    "UnsealPurpose",
    "UnsealStatus",
    "UnsealTarget",
    "Violation",
]

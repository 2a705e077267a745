"""Routing a tip at intake: the decision with its reason is stored, a broken rule switches itself off with an alarm."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from complaints.enums import RoutingFault, RoutingReason
from complaints.errors import NotReady
from complaints.models import Office, RoutingDecision, RoutingRule, Tip
from complaints.rules.routing import Matter
from complaints.selectors.routing import routing_of

from . import audit

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The unit a tip goes to and why; `faults` names rules found broken, by their key."""

    office: Office
    reason: RoutingReason
    rule_name: str = ""
    involves_death: bool = False
    faults: dict[int, RoutingFault] = field(default_factory=dict)


def decide(*, matter: Matter) -> Decision:
    """Return where a tip goes; reads rules and units, writes nothing.

    Raises:
        NotReady: nothing fits and there is no default unit.
    """
    found = routing_of(matter=matter)
    if found.route is None:
        raise NotReady("no unit takes tips: run the set-up or mark a default unit")
    return Decision(
        office=Office.objects.get(pk=found.route.office_id),
        reason=found.route.reason,
        rule_name=found.route.rule_name,
        involves_death=matter.involves_death,
        faults=dict(found.faults),
    )


def store(*, tip: Tip, decision: Decision, at: datetime) -> RoutingDecision:
    """Keep why a tip went where it did, and switch broken rules off; inside the caller's transaction.

    Args:
        at: midnight of the day for a tip of a reporter, so that the log holds no moment of a submission.
    """
    for rule_id, fault in decision.faults.items():
        switch_off(rule_id=rule_id, fault=fault, at=at)
    return RoutingDecision.objects.create(
        tip=tip,
        office=decision.office,
        reason=decision.reason,
        rule_name=decision.rule_name,
        decided_date=tip.received_date,
    )


def switch_off(*, rule_id: int, fault: RoutingFault, at: datetime) -> bool:
    """Switch a broken rule off, log it and raise the alarm; False when another tip was faster."""
    changed = RoutingRule.objects.filter(pk=rule_id, is_active=True).update(
        is_active=False, fault=fault.value
    )
    if changed:
        audit.record(
            action="routingrule.switched_off",
            at=at,
            subject=f"routingrule:{rule_id}",
            data={"fault": fault.value},
        )
        logger.error("routing rule %s switched itself off: %s", rule_id, fault.value)
    return bool(changed)

"""等我批准: proposals of others on tips that this person may decide on."""

from django.db.models import Q

from complaints.enums import Role
from complaints.models import Conclusion, Disposal, Extension, Inspection, Referral
from complaints.policies import Person, Scope, scope_of


def leads_people(*, user: Person) -> bool:
    """Say whether the person leads a unit: others wait for nobody else's signature."""
    return any(Role.LEADER in held for held in scope_of(user).roles.values())


def waits_for_signature(*, user: Person) -> Q:
    """Return the condition "a result, a measure, a referral or an extension waits for this person".

    Never for the proposer, nor for the team of a referral, nor for whoever handles or inspected what a result or a
    measure is about.

    Results, measures and referrals are signed by a leader of the unit in charge, extensions by one of a unit above it;
    nobody in the system is above the top unit, there another leader of it decides.
    """
    scope = scope_of(user)
    led = [office for office, held in scope.roles.items() if Role.LEADER in held]
    if not led:
        return Q(pk__in=())
    results = Conclusion.objects.filter(decided_at=None, tip__handling_unit__in=led)
    measures = Disposal.objects.filter(decided_at=None, tip__handling_unit__in=led)
    referrals = Referral.objects.filter(decided_at=None, tip__handling_unit__in=led)
    extensions = Extension.objects.filter(decided_at=None, tip__handling_unit__in=_led_from_above(scope))
    inspected = Inspection.objects.filter(recorded_by=user.pk, is_recheck=False).order_by().values("tip")
    waiting = [
        results.exclude(proposed_by=user.pk).exclude(tip__handler=user.pk).exclude(tip__in=inspected),
        measures.exclude(recorded_by=user.pk).exclude(tip__handler=user.pk).exclude(tip__in=inspected),
        referrals.exclude(proposed_by=user.pk).exclude(officers=user.pk),
        extensions.exclude(asked_by=user.pk),
    ]
    first, *others = (rows.order_by().values("tip") for rows in waiting)
    # One list of the few that wait: with "or" between them a database looks through all open tips instead.
    return Q(pk__in=first.union(*others))


def _led_from_above(scope: Scope) -> list[int]:
    above = [office for office, held in scope.above.items() if Role.LEADER in held]
    return [*above, *(top for top in scope.tops if Role.LEADER in scope.roles.get(top, ()))]

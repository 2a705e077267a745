"""Who may see and do what: every right hangs on a role in a unit, and a unit sees its own tips only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

from .enums import Action, OfficeLevel, Role, Side, TipStatus
from .errors import NotAllowed
from .models import Membership, Office, Tip, TipUnit, UnsealRequest
from .rules import workflow
from .rules.assignment import Unit, unit_above
from .rules.move import Move

Person = AbstractBaseUser | AnonymousUser
HANDLING_ROLES = frozenset({Role.OFFICER, Role.LEADER})
READING_ROLES = HANDLING_ROLES | {Role.AUDITOR}
# Who sees the requests of others.
UNSEALING_ROLES = frozenset({Role.LEADER, Role.CUSTODIAN, Role.AUDITOR})
SEALED_ROLES = frozenset({Role.CUSTODIAN, Role.PAYER})
REWARD_ROLES = frozenset({Role.REWARD_PROPOSER, Role.REWARD_APPROVER})
AUDIT_ROLES = frozenset({Role.LEADER, Role.AUDITOR})
_MEMO = "_tip_scope"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What one person reaches.

    `roles` holds unit ids with the roles held there or in a unit above; `own` the part of it that is held in the unit
    itself, `above` the part that comes from strictly above; `towns` the town codes of town units; `town_units` the ids
    of these units; `tops` the units that no unit in use is above. `reads_all` says that no unit lies outside: no
    condition is needed then; `leads_city` that the person leads a city unit. `sealed` are the roles towards what is
    sealed that are held in any unit, `rewards` those towards decisions about rewards: they reach no tip. `every` holds
    all roles there are, by the unit of each.
    """

    roles: dict[int, frozenset[Role]] = field(default_factory=dict)
    own: dict[int, frozenset[Role]] = field(default_factory=dict)
    above: dict[int, frozenset[Role]] = field(default_factory=dict)
    towns: dict[str, frozenset[Role]] = field(default_factory=dict)
    town_units: dict[int, frozenset[Role]] = field(default_factory=dict)
    tops: frozenset[int] = frozenset()
    reads_all: bool = False
    leads_city: bool = False
    sealed: frozenset[Role] = frozenset()
    rewards: frozenset[Role] = frozenset()
    every: dict[int, frozenset[Role]] = field(default_factory=dict)

    def offices_with(self, roles: Iterable[Role]) -> list[int]:
        """Return the unit ids where the person holds one of these roles."""
        wanted = frozenset(roles)
        return [office for office, held in self.roles.items() if held & wanted]

    def towns_with(self, roles: Iterable[Role]) -> list[str]:
        """Return the town codes whose town unit gives the person one of these roles."""
        wanted = frozenset(roles)
        return [town for town, held in self.towns.items() if held & wanted]

    def roles_for(self, tip: Tip) -> frozenset[Role]:
        """Return the roles the person holds towards one tip, on whatever side."""
        return frozenset().union(*self.sides_of(tip).values())

    def sides_of(self, tip: Tip) -> dict[Side, frozenset[Role]]:
        """Return the roles held on each side of a tip; one query for the units beside the one in charge."""
        unit, none = tip.handling_unit_id, frozenset[Role]()
        lead = self.roles.get(unit, none)
        # Nobody in the system is above the top unit: there another leader of the same unit decides.
        above = self.above.get(unit, none) | (lead if unit in self.tops else none)
        town = self.towns.get(tip.town_id or "", none).union(
            *(self.town_units.get(office or 0, none) for office in (unit, tip.inspecting_unit_id))
        )
        joint = [self.roles.get(office, none) for office in _joint_units(tip)]
        called, asking = tip.called_unit_id or 0, tip.running_supervision
        return {
            Side.LEAD: lead,
            Side.ABOVE: above,
            Side.TOWN: town,
            Side.SITE: lead.union(town, *joint),
            # What a unit answers for it answers itself: nobody above shows up or accounts in its name.
            Side.ASKED: self.own.get(asking.unit_id, none) if asking else none,
            Side.OVERSEER: self.roles.get(asking.office_id, none) if asking else none,
            Side.CALLED: self.own.get(called, none),
            Side.CALLED_LEVEL: self.roles.get(called, none),
        }


def _joint_units(tip: Tip) -> list[int]:
    return [row.office_id for row in tip.units.all() if row.ended_date is None]


def scope_of(user: Person) -> Scope:
    """Return the scope of a person, read once per user object; inactive and unknown people reach nothing.

    A system administrator runs the machine and sees no tip: being a superuser gives nothing here.
    """
    if not user.is_active or user.pk is None:
        return Scope()
    known = user.__dict__.get(_MEMO)
    if not isinstance(known, Scope):
        known = user.__dict__[_MEMO] = _read_scope(user_id=int(user.pk))
    return known


def _read_scope(*, user_id: int) -> Scope:
    held = Membership.objects.filter(user_id=user_id, office__is_active=True)
    rows = list(held.values_list("office_id", "role"))
    every = _by_unit(rows)
    sealed = frozenset(Role(role) for _office, role in rows if role in SEALED_ROLES)
    rewards = frozenset(Role(role) for _office, role in rows if role in REWARD_ROLES)
    own = [(office, role) for office, role in rows if role in READING_ROLES]
    if not own:
        return Scope(sealed=sealed, rewards=rewards, every=every)
    units = Office.objects.all().as_tree()
    leads_city = any(role == Role.LEADER and units[office].level == OfficeLevel.CITY for office, role in own)
    children = _children(units)
    roles: dict[int, frozenset[Role]] = {}
    above: dict[int, frozenset[Role]] = {}
    held_here: dict[int, frozenset[Role]] = {}
    for office, role in own:
        held_here[office] = held_here.get(office, frozenset()) | {Role(role)}
        for reached in _with_all_below(office, children):
            roles[reached] = roles.get(reached, frozenset()) | {Role(role)}
            if reached != office:
                above[reached] = above.get(reached, frozenset()) | {Role(role)}
    towns, town_units = _towns(own)
    tops = frozenset(office for office in held_here if unit_above(office_id=office, units=units) == office)
    reads_all = len(roles) == len(units)
    return Scope(
        roles=roles,
        own=held_here,
        above=above,
        towns=towns,
        town_units=town_units,
        tops=tops,
        reads_all=reads_all,
        leads_city=leads_city,
        sealed=sealed,
        rewards=rewards,
        every=every,
    )


def _by_unit(rows: Iterable[tuple[int, str]]) -> dict[int, frozenset[Role]]:
    found: dict[int, frozenset[Role]] = {}
    for office, role in rows:
        found[office] = found.get(office, frozenset()) | {Role(role)}
    return found


def _children(units: Mapping[int, Unit]) -> dict[int | None, list[int]]:
    children: dict[int | None, list[int]] = {}
    for unit in units.values():
        children.setdefault(unit.parent_id, []).append(unit.office_id)
    return children


def _with_all_below(office: int, children: Mapping[int | None, list[int]]) -> set[int]:
    """Return the unit and all below it; a circle made by mistake ends the walk instead of hanging it."""
    found, queue = {office}, [office]
    while queue:
        fresh = [child for child in children.get(queue.pop(), ()) if child not in found]
        found.update(fresh)
        queue.extend(fresh)
    return found


def _towns(
    memberships: Iterable[tuple[int, str]],
) -> tuple[dict[str, frozenset[Role]], dict[int, frozenset[Role]]]:
    """A town unit inspects (主查) what happens in its town although the district leads (主办)."""
    held: dict[int, frozenset[Role]] = {}
    for office, role in memberships:
        held[office] = held.get(office, frozenset()) | {Role(role)}
    rows = Office.objects.filter(pk__in=held, level=OfficeLevel.TOWN).values_list("pk", "divisions__code")
    towns: dict[str, frozenset[Role]] = {}
    units: dict[int, frozenset[Role]] = {}
    for office, town in rows:
        units[office] = held[office]
        if town:
            towns[town] = towns.get(town, frozenset()) | held[office]
    return towns, units


def tips_visible_to(user: Person) -> "QuerySet[Tip]":
    """Return the tips a person may read, whatever the door: of the own units, of the own town, shared and called."""
    scope = scope_of(user)
    if scope.reads_all:
        return Tip.objects.all()
    offices, towns = scope.offices_with(READING_ROLES), scope.towns_with(READING_ROLES)
    if not offices and not towns:
        return Tip.objects.none()
    shared = TipUnit.objects.filter(office__in=offices, ended_date=None).values("tip")
    reach = Q(handling_unit__in=offices) | Q(called_unit__in=offices) | Q(pk__in=shared)
    return Tip.objects.filter(reach | Q(town__in=towns) if towns else reach)


def scope_parts(user: Person) -> list[Q]:
    """Return the scope in parts that exclude each other: counts add up, and an index serves each of them."""
    scope = scope_of(user)
    if scope.reads_all:
        return [Q()]
    offices, towns = scope.offices_with(READING_ROLES), scope.towns_with(READING_ROLES)
    if not offices and not towns:
        return []
    shared = TipUnit.objects.filter(office__in=offices, ended_date=None).order_by().values("tip")
    ways = [Q(handling_unit__in=offices), *([Q(town__in=towns)] if towns else [])]
    ways += [Q(called_unit__in=offices), Q(pk__in=shared)]
    return [
        reduce(lambda part, earlier: part & ~earlier, ways[:place], way) for place, way in enumerate(ways)
    ]


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One part of a scope that an index serves; `is_large` when it holds years of tips."""

    condition: Q
    is_large: bool = True


def scope_branches(user: Person) -> list[Branch]:
    """Return the scope unit by unit, so that the newest of each are found without sorting all."""
    scope = scope_of(user)
    if scope.reads_all:
        return [Branch(condition=Q())]
    offices, towns = scope.offices_with(READING_ROLES), scope.towns_with(READING_ROLES)
    shared = TipUnit.objects.filter(office__in=offices, ended_date=None).order_by().values("tip")
    few = [Q(called_unit__in=offices), Q(pk__in=shared)]
    return [
        *(Branch(condition=Q(handling_unit=office)) for office in offices),
        *(Branch(condition=Q(town=town)) for town in towns),
        *(Branch(condition=part, is_large=False) for part in few),
    ]


def may_read_tips(user: Person) -> bool:
    """Whether the person reads tips at all: the inbox exists for nobody else."""
    return bool(scope_of(user).roles)


def may_enter_tips(user: Person) -> bool:
    """Whether the person may enter tips at the counter: whoever handles tips in some unit."""
    return bool(scope_of(user).offices_with(HANDLING_ROLES))


def leads(user: Person, tip: Tip) -> bool:
    """Whether the unit in charge of a tip is one of the person's, or below one of them; no query."""
    return tip.handling_unit_id in scope_of(user).roles


def units_led_by(user: Person) -> list[int]:
    """Return the units whose tips the person reads as the one in charge, or from above; no query."""
    return scope_of(user).offices_with(READING_ROLES)


def may_read_audit(user: Person, tip: Tip) -> bool:
    """Whether the person may read what the audit log says about a tip: leaders and auditors."""
    return bool(scope_of(user).roles_for(tip) & AUDIT_ROLES)


def moves_open_to(user: Person, tip: Tip, history: workflow.History) -> list[Move]:
    """Return the workflow moves this person may make on this tip now."""
    status, sides = TipStatus(tip.status), scope_of(user).sides_of(tip)
    return workflow.next_moves(status=status, held=sides, history=history, actor_id=user.pk or 0)


def moves_kept_from(user: Person, tip: Tip, history: workflow.History) -> dict[Action, type[NotAllowed]]:
    """Return the acts this person has the role for, but may not take because of an own part in the case."""
    status, sides = TipStatus(tip.status), scope_of(user).sides_of(tip)
    return workflow.kept_apart(status=status, held=sides, history=history, actor_id=user.pk or 0)


def works_in(user: Person, tip: Tip) -> bool:
    """Whether the person handles tips in the very unit in charge, not above it: nobody else becomes the handler."""
    return bool(scope_of(user).own.get(tip.handling_unit_id, frozenset()) & HANDLING_ROLES)


def require(user: Person, move: Move, tip: Tip) -> None:
    """Raise NotAllowed unless the person holds one of the move's roles on the move's side of the tip."""
    if not scope_of(user).sides_of(tip).get(move.side, frozenset()) & move.roles:
        raise NotAllowed


def may_write(user: Person, tip: Tip) -> bool:
    """Whether the person may write to the reporter: handlers of the unit, not auditors."""
    return bool(scope_of(user).roles.get(tip.handling_unit_id, frozenset()) & HANDLING_ROLES)


def may_note(user: Person, tip: Tip) -> bool:
    """Whether the person may leave colleagues a note: handlers on any side of the tip."""
    return bool(scope_of(user).sides_of(tip)[Side.SITE] & HANDLING_ROLES)


def keeps_keys(user: Person) -> bool:
    """Whether the person is a custodian in some unit that is in use; one query."""
    if not user.is_active or user.pk is None:
        return False
    held = Membership.objects.filter(user_id=user.pk, role=Role.CUSTODIAN, office__is_active=True)
    return held.exists()


def leads_top(user: Person) -> bool:
    """Whether the person leads a city unit that no unit in use is above; a town whose parent was cleared is none."""
    scope = scope_of(user)
    return scope.leads_city and any(
        Role.LEADER in scope.own.get(office, frozenset()) for office in scope.tops
    )


def roles_by_unit(user: Person) -> dict[int, frozenset[Role]]:
    """Return every role the person holds in each unit or in one above it, of whatever kind; two queries.

    Custodians and payers reach no tip by their role; towards a request for opening this is what counts.
    """
    if not user.is_active or user.pk is None:
        return {}
    held = Membership.objects.filter(user_id=user.pk, office__is_active=True)
    rows = list(held.values_list("office_id", "role"))
    children = _children(Office.objects.all().as_tree()) if rows else {}
    roles: dict[int, frozenset[Role]] = {}
    for office, role in rows:
        for reached in _with_all_below(office, children):
            roles[reached] = roles.get(reached, frozenset()) | {Role(role)}
    return roles


def roles_held_by_unit(user: Person) -> dict[int, frozenset[Role]]:
    """Return every role the person holds, by the unit in use in which it is held; read once per user object."""
    return scope_of(user).every


def roles_over(user: Person, *, office_id: int) -> frozenset[Role]:
    """Return every role the person holds in a unit or in one above it; two queries."""
    return roles_by_unit(user).get(office_id, frozenset())


def units_below(office_id: int) -> set[int]:
    """Return a unit and all units below it; one query."""
    return _with_all_below(office_id, _children(Office.objects.all().as_tree()))


def units_above(*, office_id: int) -> list[int]:
    """Return a unit and all units above it, the nearest first; a circle made by mistake ends the walk."""
    parents = dict(Office.objects.values_list("pk", "parent_id"))
    chain: list[int] = []
    at: int | None = office_id
    while at is not None and at not in chain:
        chain.append(at)
        at = parents.get(at)
    return chain


def requests_visible_to(user: Person) -> "QuerySet[UnsealRequest]":
    """Return the requests for opening that are this person's business.

    The own ones; as leader, custodian or auditor those on tips of the own units and the units below.
    """
    if not user.is_active or user.pk is None:
        return UnsealRequest.objects.none()
    held = Membership.objects.filter(user_id=user.pk, role__in=UNSEALING_ROLES, office__is_active=True)
    own = set(held.values_list("office_id", flat=True))
    reach = Q(asker=user.pk)
    if own:
        children = _children(Office.objects.all().as_tree())
        below: set[int] = set().union(*(_with_all_below(office, children) for office in own))
        reach |= Q(tip__handling_unit__in=below)
    return UnsealRequest.objects.filter(reach)


def may_see_requests(user: Person) -> bool:
    """Whether the list of requests exists for this person: who reads tips, guards the vault or pays rewards."""
    scope = scope_of(user)
    return bool(scope.roles or scope.sealed)


def may_see_keys(user: Person) -> bool:
    """Whether the pages of vault keys exist for this person: custodians, and leaders at the top."""
    return Role.CUSTODIAN in scope_of(user).sealed or leads_top(user)


def may_see_rewards(user: Person) -> bool:
    """Whether the pages of rewards exist for this person: who proposes, approves or audits them; no own query."""
    return bool(scope_of(user).rewards) or may_audit(user)


def audited_offices(user: Person) -> list[int] | None:
    """Return the units whose log the person audits: the own ones and those below; None for every unit there is."""
    scope = scope_of(user)
    offices = scope.offices_with({Role.AUDITOR})
    return None if scope.reads_all and len(offices) == len(scope.roles) else offices


def may_audit(user: Person) -> bool:
    """Whether the person reads the audit log: auditors alone, being a superuser gives nothing."""
    return bool(scope_of(user).offices_with({Role.AUDITOR}))

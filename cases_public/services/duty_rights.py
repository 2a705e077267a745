"""Who does what about the duty to report cases: the unit submits, the city scores, a publisher of the city sends."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from wagtail.models import TaskState, WorkflowState

from cases_public.models import CasePage, Submission
from complaints.disclosure import ReportingUnit, reporting_units, roles_by_office, roles_held
from complaints.enums import OfficeLevel, Role

SUBMITTING = frozenset({Role.OFFICER, Role.EDITOR})
SCORING = frozenset({Role.LEADER, Role.LEGAL_REVIEWER})
# They read what their own unit owes; in the city unit at the top, what every unit does.
READING = SUBMITTING | SCORING | {Role.PUBLISHER, Role.AUDITOR}


class DutyRefused(PermissionDenied):
    """An act about the duty is refused; `words` tell the person why."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


@dataclass(frozen=True, kw_only=True)
class DutyRights:
    """What one person may do: `submits` and `reads` are keys of units."""

    units: dict[int, ReportingUnit] = field(default_factory=dict)
    submits: frozenset[int] = frozenset()
    reads: frozenset[int] = frozenset()
    scores: bool = False
    sends: bool = False
    keeps_quotas: bool = False

    @property
    def reads_all(self) -> bool:
        """Whether every unit is read."""
        return bool(self.units) and self.reads == frozenset(self.units)


def may_see_duties(user: User) -> bool:
    """Whether the pages of the duty exist for this person; no query beyond that for the roles."""
    return bool(roles_held(user) & (READING | {Role.SYSTEM_ADMINISTRATOR}))


def rights_of(user: User) -> DutyRights:
    """Return the rights of a person: from roles in units, never from being a superuser; two queries."""
    units = reporting_units()
    held = roles_by_office(user)
    tops = {key for key, unit in units.items() if unit.is_top and unit.level == OfficeLevel.CITY}
    at_top = frozenset[Role]().union(*(held.get(key, frozenset()) for key in tops))
    own = frozenset(key for key, roles in held.items() if roles & READING)
    return DutyRights(
        units=units,
        submits=submits_for(user),
        reads=frozenset(units) if at_top & READING else own,
        scores=bool(at_top & SCORING),
        sends=Role.PUBLISHER in at_top,
        keeps_quotas=Role.SYSTEM_ADMINISTRATOR in roles_held(user),
    )


def submits_for(user: User) -> frozenset[int]:
    """Return the keys of the units a person submits for; no query beyond that for the roles."""
    return frozenset(key for key, roles in roles_by_office(user).items() if roles & SUBMITTING)


def had_a_hand(*, user: User, submission: Submission) -> bool:
    """Whether the person submitted the case, began its page or approved a step of its chain."""
    page = submission.page
    people = {submission.submitted_by_id} | ({page.owner_id, *_reviewers(page)} if page else set())
    return user.pk in people


def acted_on(*, user: User, submissions: Iterable[Submission]) -> bool:
    """Whether the person submitted or scored one of these."""
    return any(
        user.pk in {row.submitted_by_id, *(score.scored_by_id for score in row.scores.all())}
        for row in submissions
    )


def _reviewers(page: CasePage) -> set[int]:
    states = WorkflowState.objects.for_instance(page)
    approved = TaskState.objects.filter(workflow_state__in=states, status=TaskState.STATUS_APPROVED)
    return set(approved.values_list("finished_by_id", flat=True))

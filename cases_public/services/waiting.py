"""What waits in the chain and for withdrawal, with last days; a fixed number of queries."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from wagtail.models import Page, Task, TaskState, WorkflowState

from cases_public.models import ChainTask, PublishTask, Withdrawal
from complaints.disclosure import roles_held, working_days_after

MOST = 20


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A case at one review; it is late after `due_date`."""

    page_id: int
    title: str
    step: str
    due_date: date
    is_late: bool


def waiting_for(*, user: User, today: date) -> list[Waiting]:
    """Return the cases that wait for a review this person's role takes, the earliest due first, at most MOST."""
    held = roles_held(user)
    tasks = {key: task for key, task in _tasks().items() if task.role in held}
    running = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__in=tasks)
    states = list(running.select_related("workflow_state").order_by("started_at")[:MOST])
    periods = [(timezone.localdate(state.started_at), tasks[state.task_id].working_days) for state in states]
    titles = _titles(states)
    rows = [
        Waiting(
            page_id=int(state.workflow_state.object_id),
            title=titles.get(int(state.workflow_state.object_id), ""),
            step=str(tasks[state.task_id].get_step_display()),
            due_date=due,
            is_late=due < today,
        )
        for state, due in zip(states, working_days_after(periods=periods), strict=True)
    ]
    return sorted(rows, key=lambda row: row.due_date)


@dataclass(frozen=True, kw_only=True)
class SentBack:
    """A case that came back to whoever sent it in, with the step it came from and what was said there."""

    page_id: int
    title: str
    step: str
    words: str
    day: date


def sent_back_to(*, user: User) -> list[SentBack]:
    """Return what this person sent in, came back and was not sent in again, the newest first, at most MOST."""
    newer = WorkflowState.objects.filter(
        base_content_type=OuterRef("workflow_state__base_content_type"),
        object_id=OuterRef("workflow_state__object_id"),
        pk__gt=OuterRef("workflow_state"),
    )
    tasks = _tasks()
    rejected = TaskState.objects.filter(
        ~Exists(newer), status=TaskState.STATUS_REJECTED, task__in=tasks, workflow_state__requested_by=user
    )
    states = list(rejected.select_related("workflow_state").order_by("-finished_at")[:MOST])
    titles = _titles(states)
    return [
        SentBack(
            page_id=int(state.workflow_state.object_id),
            title=titles[int(state.workflow_state.object_id)],
            step=str(tasks[state.task_id].get_step_display()),
            words=state.comment,
            day=timezone.localdate(state.finished_at),
        )
        for state in states
        if int(state.workflow_state.object_id) in titles
    ]


def _tasks() -> dict[int, ChainTask | PublishTask]:
    """Return the reviews of cases, and the look of a publisher at other pages; one query."""
    known = Task.objects.exclude(chaintask=None, publishtask=None).select_related("chaintask", "publishtask")
    return {task.pk: getattr(task, "chaintask", None) or task.publishtask for task in known}


def _titles(states: list[TaskState]) -> dict[int, str]:
    keys = [int(state.workflow_state.object_id) for state in states]
    return dict(Page.objects.filter(pk__in=keys).values_list("pk", "draft_title"))


def withdrawals_open() -> "QuerySet[Withdrawal]":
    """Return what is still to be taken back, the earliest due first; with pages."""
    return Withdrawal.objects.filter(withdrawn_date=None, page__live=True).select_related("page")[:MOST]

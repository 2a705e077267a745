"""Sets the chain of reviews up: one workflow of four reviews, made once and left alone afterwards."""

from django.db import connection, transaction
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from cases_public.enums import ChainStep
from cases_public.models import ChainTask, PublishTask

CHAIN_NAME = "案例审核"
TASK_NAMES = {
    ChainStep.UNIT: "承办机构核",
    ChainStep.LEGAL: "法制审核",
    ChainStep.SECRECY: "保密审查",
    ChainStep.SIGN: "签发",
}
# Together six: a penalty is published within seven working days of the decision (安全生产法 78), one of them to write.
WORKING_DAYS = {ChainStep.UNIT: 1, ChainStep.LEGAL: 2, ChainStep.SECRECY: 2, ChainStep.SIGN: 1}
# The button says: 提交给签发人.
PUBLISH_NAME = PUBLISH_TASK_NAME = "签发人"
STOCK_NAME = "Moderators approval"


@transaction.atomic
def ensure_chain() -> Workflow:
    """Make the four reviews and their workflow where they are missing and return it.

    Periods and names that somebody changed stay. The workflow Wagtail comes with goes: it would stand before pages
    that a publisher publishes directly.
    """
    tasks = [_task(step) for step in ChainStep]
    chain = Workflow.objects.filter(workflow_tasks__task__in=tasks).distinct().first()
    if chain is None:
        chain = Workflow.objects.create(name=CHAIN_NAME)
    for place, task in enumerate(tasks):
        WorkflowTask.objects.get_or_create(workflow=chain, task=task, defaults={"sort_order": place})
    _drop_stock()
    return chain


@transaction.atomic
def ensure_publishing(*, page: Page) -> Workflow:
    """Give the pages below this one, themselves without reviews, a way to a publisher; return it.

    Where somebody chose another workflow for the page, or changed this one, that stays.
    """
    task = PublishTask.objects.first() or PublishTask.objects.create(name=PUBLISH_TASK_NAME)
    workflow = Workflow.objects.filter(workflow_tasks__task=task).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=PUBLISH_NAME)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.get_or_create(page=page, defaults={"workflow": workflow})
    return workflow


def _task(step: ChainStep) -> ChainTask:
    task: ChainTask
    task, _made = ChainTask.objects.get_or_create(
        step=step, defaults={"name": TASK_NAMES[step], "working_days": WORKING_DAYS[step]}
    )
    return task


def _drop_stock() -> None:
    stock = Workflow.objects.filter(name=STOCK_NAME, workflow_states=None)
    WorkflowPage.objects.filter(workflow__in=stock).delete()
    stock.update(active=False)


def schema_is_whole() -> bool:
    """Whether the tables of the chain are there."""
    return ChainTask._meta.db_table in connection.introspection.table_names()

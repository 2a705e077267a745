"""Two people who decide the same step at the same moment: one of them does."""

from functools import partial

import pytest
from wagtail.models import ModelLogEntry, PageLogEntry, TaskState

from cases_public.enums import ChainStep
from cases_public.models import CasePage
from complaints.enums import Role
from tests.cases_public.chain_steps import act, case, newest, people, send_in
from tests.processes import DONE, all_at_once
from tests.signin import staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
REFUSED = "ApprovalRefused: 这一步刚刚有人办了，请刷新页面。"


def at_the_last_step() -> tuple[CasePage, list[partial[None]]]:
    """Return a case that waits for its signature, and two publishers who have both read that it does."""
    who = people()
    page = send_in(case(who.editor), who.editor)
    for reviewer in (who.leader, who.legal, who.secrecy):
        page = act(page, reviewer)
    unit = who.publisher.memberships.get().office
    publishers = (who.publisher, staff(Role.PUBLISHER, office=unit))
    return page, [
        partial(page.current_workflow_task.on_action, page.current_workflow_task_state, one, "approve")
        for one in publishers
    ]


def test_one_of_two_signatures_counts() -> None:
    page, both = at_the_last_step()

    said = all_at_once(both)

    assert sorted(said) == sorted([DONE, REFUSED])
    signed = TaskState.objects.filter(task__chaintask__step=ChainStep.SIGN)
    assert [state.status for state in signed] == [TaskState.STATUS_APPROVED]
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.workflow.approve").count() == 4
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish").count() == 1
    assert CasePage.objects.get(pk=page.pk).live


def test_signing_and_sending_back_at_once_do_not_both_happen() -> None:
    page, [sign, _other] = at_the_last_step()
    back = partial(sign.func, *_other.args[:2], "reject", comment="再看一遍")

    said = all_at_once([sign, back])

    assert sorted(said) == sorted([DONE, REFUSED])
    signed = said[0] == DONE
    assert CasePage.objects.get(pk=page.pk).live is signed
    assert newest(page).workflow_in_progress is False
    assert not ModelLogEntry.objects.filter(action="wagtail.workflow.approve").exists()

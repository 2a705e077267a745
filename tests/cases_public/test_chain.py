"""Nobody but the last of four reviewers publishes a case, and nobody takes two parts."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from wagtail.models import TaskState, Workflow

from cases_public.enums import ChainStep
from cases_public.models import CaseIndexPage, CasePage, ChainTask, PublishTask
from cases_public.models.barriers import ApprovalRefused
from cases_public.services.chain import ensure_chain
from complaints.enums import NamePolicy, Role
from home.models import HomePage
from tests.cases_public.chain_steps import act, case, desk, edit_form, newest, people, publish, send_in
from tests.factories import OfficeFactory
from tests.signin import enter, give_app, staff

pytestmark = pytest.mark.django_db


def test_four_steps_lead_to_the_public() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)
    seen = []

    for reviewer in who.reviewers:
        seen.append(page.current_workflow_task.step)
        assert not CasePage.objects.get(pk=page.pk).live
        page = act(page, reviewer)

    assert seen == [ChainStep.UNIT, ChainStep.LEGAL, ChainStep.SECRECY, ChainStep.SIGN]
    assert CasePage.objects.get(pk=page.pk).live
    assert not page.workflow_in_progress


def test_setting_up_again_changes_nothing() -> None:
    first = ensure_chain()
    ChainTask.objects.filter(step=ChainStep.LEGAL).update(working_days=5)

    assert ensure_chain() == first
    assert ChainTask.objects.get(step=ChainStep.LEGAL).working_days == 5
    chains = Workflow.objects.filter(active=True, workflow_tasks__task__chaintask__isnull=False)
    assert chains.distinct().count() == 1


def test_other_pages_have_no_chain() -> None:
    for page in (HomePage.objects.get(), CaseIndexPage.objects.get()):
        assert [row.task.specific_class for row in page.get_workflow().workflow_tasks.all()] == [PublishTask]


@pytest.mark.parametrize("place", range(4))
def test_each_step_is_for_its_role_alone(place: int) -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)
    for reviewer in who.reviewers[:place]:
        page = act(page, reviewer)
    others = [*who.reviewers[place + 1 :], User.objects.create_superuser("root", password="x")]

    for person in others:
        assert page.current_workflow_task.get_actions(page, person) == []
        with pytest.raises(ApprovalRefused):
            act(page, person)


def test_whoever_wrote_does_not_review() -> None:
    who = people()
    office = OfficeFactory()
    both = staff(Role.EDITOR, Role.LEADER, office=office)
    page = send_in(case(both), both)

    with pytest.raises(ApprovalRefused, match="起草"):
        act(page, both)

    assert page.current_workflow_task.get_actions(page, both) == []
    assert page.current_workflow_task.get_actions(page, who.leader) != []


def test_whoever_changed_a_word_later_does_not_review() -> None:
    who = people()
    both = staff(Role.EDITOR, Role.SECRECY_REVIEWER)
    page = case(who.editor)
    page.lead = "改动过的一句话。"
    page.save_revision(user=both)
    page = send_in(newest(page), who.editor)
    for reviewer in (who.leader, who.legal):
        page = act(page, reviewer)

    with pytest.raises(ApprovalRefused, match="起草"):
        act(page, both)


def test_a_version_without_a_changed_word_makes_no_author() -> None:
    who = people()
    page = case(who.editor)
    page.save_revision(user=who.legal)
    page = act(send_in(newest(page), who.editor), who.leader)

    page = act(page, who.legal)

    assert page.current_workflow_task.step == ChainStep.SECRECY


def test_whoever_approved_an_earlier_step_takes_no_later_one() -> None:
    who = people()
    several = staff(Role.LEGAL_REVIEWER, Role.SECRECY_REVIEWER, Role.PUBLISHER)
    page = act(act(send_in(case(who.editor), who.editor), who.leader), several)

    with pytest.raises(ApprovalRefused, match="核准"):
        act(page, several)


def test_whoever_sent_it_in_does_not_review() -> None:
    who = people()
    page = send_in(case(who.editor), who.leader)

    with pytest.raises(ApprovalRefused):
        act(page, who.leader)


def test_leader_of_another_district_does_not_check_for_the_unit() -> None:
    who = people()
    foreign = staff(Role.LEADER)
    unit = who.leader.memberships.get().office
    page = send_in(case(who.editor, handling_unit=unit.name), who.editor)

    assert page.current_workflow_task.get_actions(page, foreign) == []
    with pytest.raises(ApprovalRefused):
        act(page, foreign)
    assert act(page, who.leader).current_workflow_task.step == ChainStep.LEGAL


def test_sent_back_begins_anew() -> None:
    who = people()
    page = act(send_in(case(who.editor), who.editor), who.leader)

    page = act(page, who.legal, "reject", comment="请补充裁量依据")

    assert not page.workflow_in_progress
    page = send_in(page, who.editor)
    assert page.current_workflow_task.step == ChainStep.UNIT


def test_words_changed_during_the_chain_are_not_published() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)
    page.lead = "换上的另一句话。"
    page.save_revision(user=who.editor)

    with pytest.raises(ApprovalRefused, match="送"):
        act(page, who.leader)


def test_named_case_without_legal_basis_is_not_passed() -> None:
    who = people()
    page = case(who.editor)
    page.name_policy = NamePolicy.NAMED
    page.save_revision(user=who.editor, clean=False)
    page = send_in(newest(page), who.editor)
    page = act(act(page, who.leader), who.legal)

    with pytest.raises(ApprovalRefused, match=r"law|法"):
        act(page, who.secrecy)


# --- doors of Wagtail ------------------------------------------------------------------------------------------


@pytest.fixture
def root(db: None) -> Client:
    """Return a superuser's browser."""
    user = User.objects.create_superuser("root", password="x")
    give_app(user)
    return enter(Client(), user)


def test_superuser_publishes_nothing_past_the_chain(root: Client) -> None:
    page = case(people().editor)
    form = edit_form(root, page)
    form["action-publish"] = "action-publish"

    root.post(f"/admin/pages/{page.pk}/edit/", form)
    root.post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", {"id": page.pk})
    root.post(
        f"/admin/pages/{page.pk}/copy/",
        {"new_title": "x", "new_slug": "x", "new_parent_page": page.get_parent().pk, "publish_copies": "on"},
    )

    assert not CasePage.objects.filter(live=True).exists()


def test_superuser_publishes_no_new_case_in_one_go(root: Client) -> None:
    index = CaseIndexPage.objects.get()
    answer = root.get(f"/admin/pages/add/cases_public/casepage/{index.pk}/")

    assert answer.status_code == 200
    assert b'name="action-publish"' not in answer.content


def test_a_review_that_was_switched_off_lets_nothing_out() -> None:
    who = people()
    ChainTask.objects.get(step=ChainStep.LEGAL).deactivate()
    page = act(act(send_in(case(who.editor), who.editor), who.leader), who.secrecy)

    with pytest.raises(PermissionDenied):
        act(page, who.publisher)

    assert not CasePage.objects.get(pk=page.pk).live
    assert newest(page).workflow_in_progress


def test_publisher_sees_no_way_to_publish_or_unpublish_past_the_chain() -> None:
    who = people()
    page = publish(case(who.editor), who)
    rights = page.permissions_for_user(who.publisher)

    assert not rights.can_publish()
    assert not rights.can_unpublish()
    assert not rights.can_delete()
    assert not rights.can_copy()


def test_editor_sends_in_and_reviewer_approves_through_the_editor() -> None:
    who = people()
    page = case(who.editor)
    browser = desk(who.editor)
    form = edit_form(browser, page)
    form["action-submit"] = "action-submit"
    assert browser.post(f"/admin/pages/{page.pk}/edit/", form).status_code == 302
    reader = desk(who.leader)

    form = edit_form(reader, page)
    form["action-workflow-action"], form["workflow-action-name"] = "true", "approve"
    answer = reader.post(f"/admin/pages/{page.pk}/edit/", form)

    assert answer.status_code == 302
    assert newest(page).current_workflow_task.step == ChainStep.LEGAL


def test_own_text_is_refused_in_words_and_nothing_is_lost() -> None:
    both = staff(Role.EDITOR, Role.LEADER)
    page = send_in(case(both), both)
    browser = desk(both)
    form = edit_form(browser, page)
    form["action-workflow-action"], form["workflow-action-name"] = "true", "approve"

    answer = browser.post(f"/admin/pages/{page.pk}/edit/", form, follow=True)

    assert "须由另一人审核" in answer.content.decode()
    assert newest(page).current_workflow_task.step == ChainStep.UNIT


def test_own_text_is_refused_in_words_at_the_other_door() -> None:
    both = staff(Role.EDITOR, Role.LEADER)
    page = send_in(case(both), both)
    state = page.current_workflow_task_state
    browser = desk(both)

    answer = browser.post(f"/admin/pages/workflow/action/{page.pk}/approve/{state.pk}/", follow=True)

    assert "须由另一人审核" in answer.content.decode()
    assert TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_IN_PROGRESS


def test_editor_says_in_whose_hands_the_text_is() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)

    for person in (who.editor, who.leader):
        html = desk(person).get(f"/admin/pages/{page.pk}/edit/").content.decode()
        assert "正在审核：承办机构核" in html
        assert "awaiting" not in html


def test_reviewer_changes_no_word() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)
    reader = desk(who.leader)
    form = edit_form(reader, page)
    form["lead"] = "审核人改的一句话。"

    answer = reader.post(f"/admin/pages/{page.pk}/edit/", form)

    assert answer.status_code == 200
    assert "审核人改的一句话。" in answer.content.decode()
    assert newest(page).lead == "未经审批动火作业。"


def test_reviewer_saves_what_was_not_touched() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)
    reader = desk(who.leader)

    answer = reader.post(f"/admin/pages/{page.pk}/edit/", edit_form(reader, page))

    assert answer.status_code == 302


def test_one_signature_publishes_no_later_draft() -> None:
    who = people()
    page = publish(case(who.editor), who)
    later = newest(page)
    later.lead = "签发以后改的一句话。"
    later.save_revision(user=who.editor)
    browser = desk(who.publisher)
    form = edit_form(browser, page)
    form["action-publish"] = "action-publish"

    browser.post(f"/admin/pages/{page.pk}/edit/", form)
    browser.post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", {"id": page.pk})

    assert CasePage.objects.get(pk=page.pk).lead == "未经审批动火作业。"
    assert not newest(page).permissions_for_user(who.publisher).can_publish()


def test_one_signature_brings_nothing_back_that_came_down() -> None:
    who = people()
    page = publish(case(who.editor), who)
    page.unpublish(log_action=False)

    assert not newest(page).permissions_for_user(who.publisher).can_publish()


def test_what_was_public_is_kept_when_it_came_down() -> None:
    who = people()
    page = publish(case(who.editor), who)
    page.unpublish(log_action=False)
    draft = case(who.editor)

    assert not newest(page).permissions_for_user(who.editor).can_delete()
    assert not newest(page).permissions_for_user(who.publisher).can_delete()
    assert newest(draft).permissions_for_user(who.editor).can_delete()


def test_what_came_down_goes_through_the_chain_anew() -> None:
    who = people()
    page = publish(case(who.editor), who)
    page.unpublish(log_action=False)

    assert publish(newest(page), who).live


def test_signing_in_the_editor_publishes() -> None:
    """The editor's form stores a version of its own before it approves; it says the same."""
    who = people()
    page = act(act(act(send_in(case(who.editor), who.editor), who.leader), who.legal), who.secrecy)
    browser = desk(who.publisher)
    form = edit_form(browser, page)
    form["action-workflow-action"], form["workflow-action-name"] = "true", "approve"

    browser.post(f"/admin/pages/{page.pk}/edit/", form)

    assert CasePage.objects.get(pk=page.pk).live

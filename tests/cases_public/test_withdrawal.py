"""A case that must go is noted with its last day, goes by then at the latest, and its address says so and no more."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from cases_public.enums import ChainStep, WithdrawalReason
from cases_public.models import CasePage, ChainTask, Withdrawal
from cases_public.models.barriers import ApprovalRefused
from cases_public.services.waiting import sent_back_to, waiting_for, withdrawals_open
from cases_public.services.withdrawal import ask_withdrawal, withdraw, withdraw_overdue
from complaints.enums import Role
from tests.cases_public.chain_steps import People, act, case, desk, newest, people, publish, send_in
from tests.cases_public.factories import picture
from tests.factories import TODAY, noon
from tests.signin import staff

pytestmark = pytest.mark.django_db


def noted(
    page: CasePage, who: People, *, since: date = TODAY, today: date = TODAY, notice: str = ""
) -> Withdrawal:
    """Note that a penalty was revoked."""
    return ask_withdrawal(
        page=page,
        reason=WithdrawalReason.REVOKED,
        notice=notice,
        since=since,
        user=who.editor,
        at=noon(today),
    )


def test_three_working_days_from_the_revocation() -> None:
    who = people()
    page = publish(case(who.editor), who)

    row = noted(page, who, since=date(2026, 3, 12), today=date(2026, 3, 12))  # a Thursday

    assert row.due_date == date(2026, 3, 17)
    assert list(withdrawals_open()) == [row]


def test_withdrawn_case_shows_the_notice_and_nothing_else(client: Client) -> None:
    who = people()
    page = publish(case(who.editor), who)
    url = page.url
    assert client.get(url).status_code == 200

    withdraw(withdrawal=noted(page, who), user=who.publisher, at=noon(TODAY))

    answer = client.get(url)
    html = answer.content.decode()
    assert answer.status_code == 410
    assert "已撤回" in html
    assert page.title not in html
    assert page.lead not in html
    assert "noindex" in html
    assert page.title not in client.get("/cases/").content.decode()
    assert client.get("/api/v1/cases").json()["count"] == 0


def test_correction_stands_on_the_page_with_its_day(client: Client) -> None:
    who = people()
    page = publish(case(who.editor), who)
    assert "更正" not in client.get(page.url).content.decode()
    draft = newest(page)
    draft.correction_note, draft.correction_date = "罚款应为 35000 元。", date(2026, 3, 11)
    draft.save_revision(user=who.editor)

    html = client.get(publish(newest(draft), who).url).content.decode()

    assert "罚款应为 35000 元。" in html
    assert 'datetime="2026-03-11"' in html


def test_draft_that_was_never_published_stays_unknown(client: Client) -> None:
    page = case(people().editor)

    assert client.get(page.url or "/cases/x/").status_code == 404


def test_only_a_publisher_takes_down() -> None:
    who = people()
    page = publish(case(who.editor), who)
    row = noted(page, who)

    for person in (who.editor, who.leader, who.legal, who.secrecy):
        with pytest.raises(ApprovalRefused):
            withdraw(withdrawal=row, user=person, at=noon(TODAY))

    assert CasePage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.PAYER])
def test_others_note_nothing(role: Role) -> None:
    who = people()
    page = publish(case(who.editor), who)

    with pytest.raises(ApprovalRefused):
        ask_withdrawal(
            page=page, reason=WithdrawalReason.ERROR, notice="", since=TODAY, user=staff(role), at=noon(TODAY)
        )


def test_notice_names_nobody_and_no_day_lies_ahead() -> None:
    who = people()
    page = publish(case(who.editor), who)

    with pytest.raises(ApprovalRefused, match="企业信息"):
        noted(page, who, notice="西安秦岳化工有限公司的处罚已撤销")
    with pytest.raises(ApprovalRefused, match="今天"):
        noted(page, who, since=TODAY + timedelta(days=1))
    assert not Withdrawal.objects.exists()


def test_daily_work_takes_down_what_is_past_its_last_day_once() -> None:
    who = people()
    page = publish(case(who.editor), who)
    due = noted(page, who).due_date

    on_time = withdraw_overdue(due, noon(due))
    late = withdraw_overdue(due + timedelta(days=1), noon(due + timedelta(days=1)))
    again = withdraw_overdue(due + timedelta(days=2), noon(due + timedelta(days=2)))

    assert (on_time, late, again) == (0, 1, 0)
    assert not CasePage.objects.get(pk=page.pk).live


def test_a_second_note_moves_the_last_day_earlier_and_never_later() -> None:
    who = people()
    page = publish(case(who.editor), who)
    first = noted(page, who)

    later = noted(page, who, since=TODAY + timedelta(days=9), today=TODAY + timedelta(days=9))
    earlier = noted(page, who, since=TODAY - timedelta(days=9))

    assert (later.asked_date, later.due_date) == (first.asked_date, first.due_date)
    assert earlier.due_date < first.due_date


def test_withdrawn_case_returns_through_the_chain_alone(client: Client) -> None:
    who = people()
    page = publish(case(who.editor), who)
    withdraw(withdrawal=noted(page, who), user=who.publisher, at=noon(TODAY))

    page = publish(newest(page), who)

    assert client.get(page.url).status_code == 200
    assert not Withdrawal.objects.exists()


def test_form_notes_and_withdraws(client: Client) -> None:
    who = people()
    page = publish(case(who.editor), who)
    address = f"/admin/cases/{page.pk}/withdraw/"
    today = timezone.localdate().isoformat()

    noted_by_editor = desk(who.editor).post(
        address, {"reason": "revoked", "since": today, "notice": "", "now": "1"}
    )
    browser = desk(who.publisher)
    home = browser.get("/admin/").content.decode()
    done = browser.post(
        address, {"reason": "revoked", "since": today, "notice": "", "now": "1", "confirmed": "1"}
    )

    assert noted_by_editor.status_code == 409  # noting and withdrawing are two: an editor does not withdraw
    assert page.title not in home or "待撤回的案例" in home
    assert done.status_code == 302
    assert client.get(page.url).status_code == 410


def test_the_publisher_is_told_that_it_is_done_and_others_that_it_is_noted() -> None:
    who = people()
    page = publish(case(who.editor), who)
    address = f"/admin/cases/{page.pk}/withdraw/"
    typed = {"reason": "revoked", "since": timezone.localdate().isoformat(), "notice": ""}

    noted_only = desk(who.publisher).post(address, typed, follow=True).content.decode()
    done = (
        desk(who.publisher)
        .post(address, {**typed, "now": "1", "confirmed": "1"}, follow=True)
        .content.decode()
    )

    assert "已登记，将按期撤回" in noted_only
    assert "案例已撤回" in done
    assert "将按期撤回。" not in done


def test_withdrawing_now_asks_once_more_and_keeps_what_was_typed(client: Client) -> None:
    who = people()
    page = publish(case(who.editor), who)
    browser, address = desk(who.publisher), f"/admin/cases/{page.pk}/withdraw/"
    typed = {
        "reason": "other",
        "since": timezone.localdate().isoformat(),
        "notice": "内容有误，已撤回。",
        "now": "1",
    }

    html = browser.post(address, typed).content.decode()

    assert client.get(page.url).status_code == 200
    assert "确认，立即撤回" in html
    assert "内容有误，已撤回。" in html
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html)
    assert typed.items() <= {**dict(hidden), "now": "1"}.items()
    browser.post(address, {**dict(hidden), "now": "1"})
    assert client.get(page.url).status_code == 410


def test_a_draft_that_was_never_published_has_no_form_to_take_back() -> None:
    who = people()
    page = case(who.editor)

    answer = desk(who.publisher).get(f"/admin/cases/{page.pk}/withdraw/")

    assert (answer.status_code, answer.url) == (302, f"/admin/pages/{page.pk}/edit/")


@pytest.mark.parametrize("is_shared", [False, True])
def test_addresses_of_a_withdrawn_cases_pictures_lead_nowhere(
    is_shared: bool, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    who, drawn = people(), picture()
    page = publish(case(who.editor, picture=drawn, picture_alt="示意"), who)
    if is_shared:
        case(who.editor, picture=drawn, picture_alt="示意", slug="other", title="另一件").save_revision()
    shown = drawn.get_rendition("width-480")
    name, storage = shown.file.name, shown.file.storage

    with django_capture_on_commit_callbacks(execute=True):
        withdraw(withdrawal=noted(page, who), user=who.publisher, at=noon(TODAY))

    assert storage.exists(name) == drawn.renditions.exists() == is_shared


def test_first_page_lists_what_waits_with_its_last_day() -> None:
    who = people()
    page = send_in(case(who.editor), who.editor)
    later = timezone.localdate() + timedelta(days=30)

    mine = waiting_for(user=who.leader, today=timezone.localdate())
    late = waiting_for(user=who.leader, today=later)

    assert [(row.page_id, row.is_late) for row in mine] == [(page.pk, False)]
    assert late[0].is_late
    assert waiting_for(user=who.legal, today=later) == []
    assert page.title in desk(who.leader).get("/admin/").content.decode()


def test_a_case_sent_back_is_on_its_editors_first_page_until_it_goes_in_again() -> None:
    who, other = people(), staff(Role.EDITOR)
    page = send_in(case(who.editor), who.editor)
    page = act(page, who.leader, "reject", comment="缺处罚依据，请补上条款")

    home = desk(who.editor).get("/admin/").content.decode()
    foreign = desk(other).get("/admin/").content.decode()

    assert [(row.page_id, row.words) for row in sent_back_to(user=who.editor)] == [
        (page.pk, "缺处罚依据，请补上条款")
    ]
    assert "退回给我的" in home
    assert "缺处罚依据，请补上条款" in home
    assert f"/admin/pages/{page.pk}/edit/" in home
    assert sent_back_to(user=other) == sent_back_to(user=who.leader) == []
    assert "退回给我的" not in foreign

    send_in(page, who.editor)

    assert sent_back_to(user=who.editor) == []


def test_periods_of_the_reviews_fit_into_the_law() -> None:
    assert sum(ChainTask.objects.values_list("working_days", flat=True)) < 7


def test_waiting_costs_the_same_for_many(django_assert_num_queries: object) -> None:
    who = people()
    pages = [send_in(case(who.editor), who.editor) for _number in range(3)]

    waiting_for(user=who.leader, today=TODAY)  # reads the roles of the person, once

    with django_assert_num_queries(4):  # type: ignore[operator]  # a fixture
        rows = waiting_for(user=who.leader, today=timezone.localdate())

    assert len(rows) == len(pages)


def test_step_after_step_moves_the_list_on() -> None:
    who = people()
    page = act(send_in(case(who.editor), who.editor), who.leader)

    assert waiting_for(user=who.leader, today=TODAY) == []
    assert [row.page_id for row in waiting_for(user=who.legal, today=TODAY)] == [page.pk]
    assert page.current_workflow_task.step == ChainStep.LEGAL

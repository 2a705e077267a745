"""What people answer for leaves a row each in the audit log: waivers, looks, readings, withdrawals, refused acts."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.documents import get_document_model

from cases_public.enums import WithdrawalReason
from cases_public.models import CasePage, Waiver, Withdrawal
from cases_public.models.barriers import ApprovalRefused, open_finds
from cases_public.services.answers import confirm_document, confirm_picture, waive
from cases_public.services.withdrawal import ask_withdrawal, withdraw, withdraw_overdue
from complaints.models import AuditRow
from complaints.services.audit_check import verify
from complaints.staff.audit_words import Names, act_title, log_line
from tests.cases_public.chain_steps import (
    People,
    act,
    case,
    desk,
    newest,
    people,
    picture,
    publish,
    send_in,
)
from tests.factories import TODAY, noon
from tests.home.conftest import media_root

__all__ = ["media_root"]
pytestmark = pytest.mark.django_db
NAME = "李建国"
SENTENCE = f"现场负责人{NAME}承认属实。"
REASON = "这是公开的局长，职务行为"


def in_secrecy(who: People, **values: Any) -> CasePage:
    """Return a case that has reached the secrecy review."""
    page = send_in(case(who.editor, **values), who.editor)
    return newest(act(act(page, who.leader), who.legal))


def rows(action: str) -> list[AuditRow]:
    """Return the rows of an act, the oldest first."""
    return list(AuditRow.objects.filter(action=action).order_by("sequence"))


def wave(page: CasePage, who: People, reason: str = REASON) -> Waiver:
    """Wave the first open find through."""
    return waive(
        page=page, mark=open_finds(page=page)[0].mark, reason=reason, user=who.secrecy, at=noon(TODAY)
    )


# --- answers of the secrecy review -----------------------------------------------------------------------------------


def test_a_waiver_leaves_one_row_with_person_page_and_kind() -> None:
    who = people()
    page = in_secrecy(who, lesson=SENTENCE)

    wave(page, who)

    [row] = rows("case.find_waived")
    assert (row.actor, row.subject, row.data) == (who.secrecy, f"page:{page.pk}", {"detail": "person"})
    assert verify() is None, "the chain of the log holds"


def test_the_row_of_a_waiver_holds_neither_find_nor_reason() -> None:
    who = people()

    wave(in_secrecy(who, lesson=SENTENCE), who)

    [row] = rows("case.find_waived")
    told = json.dumps([row.subject, row.data, row.action], ensure_ascii=False)
    assert NAME not in told
    assert REASON not in told


def test_each_waiver_is_a_row_of_its_own() -> None:
    who = people()
    page = in_secrecy(who, lesson=SENTENCE, lead="电话 13991234567。")

    wave(page, who)
    wave(page, who)

    assert sorted(row.data["detail"] for row in rows("case.find_waived")) == ["person", "phone"]


def test_a_refused_waiver_leaves_no_such_row() -> None:
    who = people()
    page = in_secrecy(who, lesson=SENTENCE)

    with pytest.raises(ApprovalRefused):
        wave(page, who, reason=f"{NAME}是公开的")

    assert rows("case.find_waived") == []


def test_a_look_at_a_picture_and_a_read_document_leave_a_row() -> None:
    who = people()
    document = get_document_model().objects.create(
        title="决定书", file=ContentFile(b"%PDF-1.4 text", name="a.pdf")
    )
    shown = picture()
    link = f'<p><a linktype="document" id="{document.pk}">决定书</a></p>'
    page = in_secrecy(who, picture=shown, picture_alt="冲床", facts=[("paragraph", link)])

    confirm_picture(page=page, picture_id=shown.pk, user=who.secrecy, at=noon(TODAY))
    confirm_document(page=page, document_id=document.pk, user=who.secrecy, at=noon(TODAY))

    assert [row.data for row in rows("case.picture_confirmed")] == [{"detail": f"picture:{shown.pk}"}]
    assert [row.data for row in rows("case.document_read")] == [{"detail": f"document:{document.pk}"}]


# --- withdrawals -----------------------------------------------------------------------------------------------------


def noted(page: CasePage, user: User) -> Withdrawal:
    """Note that a penalty was revoked."""
    return ask_withdrawal(
        page=page, reason=WithdrawalReason.REVOKED, notice="", since=TODAY, user=user, at=noon(TODAY)
    )


def test_asking_and_taking_back_are_two_rows() -> None:
    who = people()
    page = publish(case(who.editor), who)

    withdraw(withdrawal=noted(page, who.editor), user=who.publisher, at=noon(TODAY))

    told = [
        (row.actor, row.subject, row.data) for row in rows("case.withdrawal_asked") + rows("case.withdrawn")
    ]
    about = f"page:{page.pk}"
    assert told == [
        (who.editor, about, {"detail": "revoked"}),
        (who.publisher, about, {"detail": "revoked"}),
    ]


def test_a_second_click_takes_back_once() -> None:
    who = people()
    row = noted(publish(case(who.editor), who), who.editor)

    for _time in range(2):
        withdraw(withdrawal=row, user=who.publisher, at=noon(TODAY))

    assert len(rows("case.withdrawn")) == 1


def test_the_daily_task_takes_back_as_nobody() -> None:
    who = people()
    late = noted(publish(case(who.editor), who), who.editor).due_date + timedelta(days=1)

    withdraw_overdue(late, noon(late))

    assert [row.actor for row in rows("case.withdrawn")] == [None]


def test_a_refused_withdrawal_leaves_no_row() -> None:
    who = people()
    page = publish(case(who.editor), who)

    with pytest.raises(ApprovalRefused):
        withdraw(withdrawal=noted(page, who.editor), user=who.legal, at=noon(TODAY))

    assert rows("case.withdrawn") == []


# --- refused at the desk ---------------------------------------------------------------------------------------------


def refused(user: User) -> list[AuditRow]:
    """Return what the log holds of refusals to a person."""
    return [row for row in rows("desk.refused") if row.actor_id == user.pk]


def test_a_refused_answer_leaves_one_row() -> None:
    who = people()
    page = in_secrecy(who, lesson=SENTENCE)

    answer = desk(who.secrecy).post(f"/admin/cases/{page.pk}/review/", {"mark": "x", "reason": REASON})

    assert answer.status_code == 409
    assert [row.subject for row in refused(who.secrecy)] == [f"page:{page.pk}"]


def test_a_refused_withdrawal_at_the_desk_leaves_one_row_and_keeps_what_was_typed() -> None:
    who = people()
    page = publish(case(who.editor), who)
    sent = {
        "reason": "error",
        "since": timezone.localdate().isoformat(),
        "notice": "西安秦岳化工有限公司的处罚已撤销",
    }

    answer = desk(who.editor).post(f"/admin/cases/{page.pk}/withdraw/", sent)

    assert answer.status_code == 409
    assert sent["notice"] in answer.content.decode()
    assert [row.subject for row in refused(who.editor)] == [f"page:{page.pk}"]
    assert not Withdrawal.objects.exists()


def test_what_is_done_leaves_no_refusal() -> None:
    who = people()
    page = publish(case(who.editor), who)
    sent = {"reason": "error", "since": timezone.localdate().isoformat(), "notice": ""}

    browser, address = desk(who.editor), f"/admin/cases/{page.pk}/withdraw/"
    answer = browser.post(address, sent)

    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert "前撤回" in browser.get(address).content.decode()
    assert refused(who.editor) == []


def test_the_page_says_that_it_is_done() -> None:
    who = people()
    page = publish(case(who.editor), who)
    browser, address = desk(who.publisher), f"/admin/cases/{page.pk}/withdraw/"
    sent = {
        "reason": "error",
        "since": timezone.localdate().isoformat(),
        "notice": "",
        "now": "1",
        "confirmed": "1",
    }

    html = browser.post(address, sent, follow=True).content.decode()

    assert "已于" in html
    assert 'name="now"' not in html
    assert refused(who.publisher) == []


# --- in words --------------------------------------------------------------------------------------------------------

ACTS = ("find_waived", "picture_confirmed", "document_read", "withdrawal_asked", "withdrawn")


@pytest.mark.parametrize("name", ACTS)
def test_the_auditor_reads_words(name: str) -> None:
    assert act_title(f"case.{name}") != f"case.{name}"


def test_the_kind_of_a_find_is_told_in_words() -> None:
    who = people()
    wave(in_secrecy(who, lesson=SENTENCE), who)

    line = log_line(rows("case.find_waived")[0], names=Names(people={}, units={}), today=TODAY)

    assert "姓名" in line.note


def test_the_public_finds_nothing_of_it(client: Client) -> None:
    who = people()
    page = publish(case(who.editor), who)
    withdraw(withdrawal=noted(page, who.editor), user=who.publisher, at=noon(TODAY))

    html = client.get(page.url).content.decode()

    assert who.publisher.username not in html
    assert who.editor.username not in html

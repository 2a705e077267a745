"""Looks at a tip: whatever shows its page is logged, and only words that were shown count as read."""

import pytest
from django.conf import settings
from django.http import HttpResponse

from complaints.enums import Action
from complaints.models import AuditRow, Message, Tip
from complaints.services.messages import write_to_officers
from complaints.services.receipts import open_receipt
from complaints.staff.tip_views import TipView
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TODAY, step

pytestmark = pytest.mark.django_db
WORDS = "液氨储罐旁动火"


def looks() -> list[tuple[str, str]]:
    rows = AuditRow.objects.filter(action="tip.view").order_by("sequence")
    return [(row.actor.username if row.actor else "", row.subject) for row in rows]


def write(tip: Tip, text: str) -> None:
    write_to_officers(
        access=open_receipt(typed=tip.acknowledgement.receipt),
        text=text,
        uploads=[],
        today=TODAY,
        vault_fingerprint=settings.VAULT_FINGERPRINT,
    )


@pytest.mark.parametrize(
    ("who", "act", "body", "status"),
    [
        ("officer", "message/", {"text": ""}, 422),
        ("auditor", "message/", {"text": "x"}, 403),
        ("auditor", "take/", {}, 403),
        ("town_officer", "take/", {}, 403),
        ("officer", "step/decline/", {"note": ""}, 422),
        ("officer", "step/close/", {}, 409),
        ("auditor", "step/accept/", {}, 403),
    ],
)
def test_a_refusal_that_shows_the_page_is_a_look(
    people: People, tip: Tip, who: str, act: str, body: dict[str, str], status: int
) -> None:
    person = getattr(people, who)

    answer = at_desk(person).post(f"/admin/tips/{tip.number}/{act}", body)

    assert answer.status_code == status
    assert WORDS in answer.content.decode()
    assert looks() == [(person.username, tip.number)]


@pytest.mark.parametrize("confirmed", ["0", "1"])
def test_the_reply_asked_about_once_more_or_refused_is_a_look(
    people: People, tip: Tip, confirmed: str
) -> None:
    step(tip=tip, action=Action.ACCEPT, actor=people.colleague)
    items = dict.fromkeys(("conclusion", "findings", "decision", "reward"), "x" if confirmed == "0" else "")

    at_desk(people.officer).post(f"/admin/tips/{tip.number}/reply/", {**items, "confirmed": confirmed})

    assert looks() == [("zhaomin", tip.number)]


def test_a_look_is_logged_before_it_is_shown(
    people: People, tip: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: TipView, *_args: object, **_rest: object) -> HttpResponse:
        raise RuntimeError("the page broke")

    monkeypatch.setattr(TipView, "render_to_response", fail)

    with pytest.raises(RuntimeError):
        at_desk(people.officer).get(f"/admin/tips/{tip.number}/")

    assert looks() == [("zhaomin", tip.number)]


@pytest.mark.parametrize("path", ["", "step/accept/", "reply/"])
def test_asking_for_the_head_shows_nothing_and_marks_nothing(people: People, tip: Tip, path: str) -> None:
    write(tip, "请尽快来")

    at_desk(people.officer).head(f"/admin/tips/{tip.number}/{path}")

    assert looks() == []
    assert Tip.objects.get(pk=tip.pk).unread_count == 1


def test_words_that_arrive_while_the_page_is_made_stay_unread(
    people: People, tip: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tip, "第一句")
    made = TipView.page

    def slow(self: TipView, **values: int) -> HttpResponse:
        answer = made(self, **values)
        write(tip, "第二句")
        return answer

    monkeypatch.setattr(TipView, "page", slow)

    text = at_desk(people.officer).get(f"/admin/tips/{tip.number}/").content.decode()

    assert ("第一句" in text, "第二句" in text) == (True, False)
    assert [row.body for row in Message.objects.filter(is_read=False)] == ["第二句"]
    assert Tip.objects.get(pk=tip.pk).unread_count == 1


def test_words_to_the_reporter_of_a_closed_case_are_refused_and_kept(people: People, tip: Tip) -> None:
    for action in (Action.DECLINE, Action.CLOSE):
        step(tip=tip, action=action, actor=people.officer)

    answer = at_desk(people.officer).post(f"/admin/tips/{tip.number}/message/", {"text": "补充一句"})

    assert answer.status_code == 409
    assert "补充一句" in answer.content.decode()
    assert not AuditRow.objects.filter(action="tip.message").exists()

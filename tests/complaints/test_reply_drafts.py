"""Drafts of a reply: one for each author, encrypted, in no log, and gone with the answer and with every other end."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from complaints.enums import Action, Problem, TipStatus
from complaints.errors import DraftInvalid, IllegalMove, NotAllowed, TipNotFound
from complaints.models import AuditRow, ReplyDraft, Tip
from complaints.selectors.replies import draft_of
from complaints.services import reply_drafts
from complaints.services.handling import record_step
from complaints.services.reporter import withdraw
from tests import database_bytes
from tests.factories import REPLY, TODAY, TipFactory, UserFactory, move_to, noon, step
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)
WORDS = "草稿里的一句标记话"


@pytest.fixture
def ready(city: City, officer: User, leader: User) -> Tip:
    """Return a tip of which everything but the answer is done."""
    tip = TipFactory(district=YANTA)
    move_to(tip=tip, status=TipStatus.DISPOSED, officer=officer, leader=leader)
    return tip


def save(tip: Tip, author: User, **texts: str) -> ReplyDraft | None:
    return reply_drafts.save_draft(tip_id=tip.pk, author=author, at=NOON, texts=texts)


def test_draft_comes_back_as_it_was_written(ready: Tip, officer: User) -> None:
    save(ready, officer, conclusion=f" {WORDS}\r\n第二行 ", decision="罚款")

    draft = draft_of(tip=ready, author=officer)
    assert draft is not None
    assert (draft.conclusion, draft.findings, draft.decision) == (f"{WORDS}\n第二行", "", "罚款")
    assert draft.saved_at == NOON


def test_draft_is_encrypted_and_told_in_no_log(
    ready: Tip, officer: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rows, before = AuditRow.objects.count(), Tip.objects.filter(pk=ready.pk).values().get()

    save(ready, officer, conclusion=WORDS, findings=WORDS, decision=WORDS, reward=WORDS)

    assert WORDS.encode() not in database_bytes.dumped()
    assert AuditRow.objects.count() == rows
    assert WORDS not in caplog.text
    assert Tip.objects.filter(pk=ready.pk).values().get() == before


def test_saving_again_replaces_and_nothing_written_leaves_nothing(ready: Tip, officer: User) -> None:
    save(ready, officer, conclusion="先这样")
    later = reply_drafts.save_draft(
        tip_id=ready.pk,
        author=officer,
        at=NOON + timedelta(minutes=3, seconds=20),
        texts={"findings": "再改"},
    )

    kept = ReplyDraft.objects.get()
    assert later is not None
    assert (kept.conclusion, kept.findings, kept.saved_at) == ("", "再改", NOON + timedelta(minutes=3))

    assert save(ready, officer, conclusion=" \n ") is None
    assert not ReplyDraft.objects.exists()


def test_each_author_has_an_own_draft_and_sees_no_other(ready: Tip, officer: User, leader: User) -> None:
    save(ready, officer, conclusion="经办人的")
    save(ready, leader, conclusion="负责人的")

    drafts = [draft_of(tip=ready, author=one) for one in (officer, leader)]
    assert [draft.conclusion for draft in drafts if draft] == ["经办人的", "负责人的"]

    reply_drafts.drop_draft(tip=ready, author=officer)
    assert [draft_of(tip=ready, author=one) is None for one in (officer, leader)] == [True, False]


def test_who_may_not_reply_keeps_no_draft(city: City, ready: Tip, town_officer: User) -> None:
    stranger = UserFactory()

    with pytest.raises((NotAllowed, TipNotFound)):
        save(ready, town_officer, conclusion=WORDS)
    with pytest.raises(TipNotFound):
        save(ready, stranger, conclusion=WORDS)

    assert not ReplyDraft.objects.exists()


def test_tip_that_waits_for_no_reply_keeps_no_draft(city: City, officer: User) -> None:
    tip = TipFactory(verifying=True, district=YANTA, officer=officer)

    with pytest.raises(IllegalMove):
        save(tip, officer, conclusion=WORDS)


@pytest.mark.parametrize(
    ("text", "problem"), [("长" * 3001, Problem.TOO_LONG), ("坏\x00字", Problem.BAD_CHARACTERS)]
)
def test_what_cannot_be_sent_is_not_kept(ready: Tip, officer: User, text: str, problem: Problem) -> None:
    save(ready, officer, findings="原来的")

    with pytest.raises(DraftInvalid) as refused:
        save(ready, officer, findings=text)

    assert [(one.field, one.problem) for one in refused.value.problems] == [("findings", problem)]
    assert ReplyDraft.objects.get().findings == "原来的"


def _answer(tip: Tip, officer: User) -> None:
    record_step(tip_id=tip.pk, action=Action.REPLY, actor=officer, at=NOON, texts=REPLY)


def _withdraw(tip: Tip, officer: User) -> None:
    withdraw(typed=tip.acknowledgement.receipt, today=TODAY)


def _close(tip: Tip, officer: User) -> None:
    Tip.objects.filter(pk=tip.pk).update(status=TipStatus.REPLIED)
    record_step(tip_id=tip.pk, action=Action.CLOSE, actor=officer, at=NOON)


def _back_to(tip: Tip, status: TipStatus) -> None:
    """Leave a draft on a tip in an earlier state, as if the table had changed meanwhile."""
    Tip.objects.filter(pk=tip.pk).update(status=status)


def _decline(tip: Tip, officer: User) -> None:
    _back_to(tip, TipStatus.SCREENING)
    step(tip=tip, action=Action.DECLINE, actor=officer)


def _transfer(tip: Tip, officer: User) -> None:
    _back_to(tip, TipStatus.SCREENING)
    step(tip=tip, action=Action.TRANSFER_OUT, actor=officer)


@pytest.mark.parametrize("end", [_answer, _withdraw, _close, _decline, _transfer])
def test_every_end_erases_the_drafts_of_everybody(
    ready: Tip, officer: User, leader: User, end: Callable[[Tip, User], None]
) -> None:
    save(ready, officer, conclusion=WORDS)
    save(ready, leader, conclusion=WORDS)

    end(ready, officer)

    assert not ReplyDraft.objects.exists()


def test_a_merge_erases_the_drafts_of_what_is_merged(city: City, officer: User) -> None:
    lead = TipFactory(verifying=True, district=YANTA, officer=officer)
    tip = TipFactory(verifying=True, district=YANTA, officer=officer)
    for one in (lead, tip):
        ReplyDraft.objects.create(tip=one, author=officer, saved_at=NOON)

    step(tip=tip, action=Action.MERGE, actor=officer, into_number=lead.number)

    assert [draft.tip for draft in ReplyDraft.objects.all()] == [lead]


def test_refused_reply_leaves_the_draft(ready: Tip, officer: User) -> None:
    save(ready, officer, conclusion=WORDS)

    with pytest.raises(DraftInvalid):
        record_step(
            tip_id=ready.pk, action=Action.REPLY, actor=officer, at=NOON, texts={**REPLY, "reward": ""}
        )

    assert ReplyDraft.objects.get().conclusion == WORDS


def test_one_withdrawal_of_two_leaves_the_draft_for_the_other(
    city: City, officer: User, leader: User
) -> None:
    lead = TipFactory(verifying=True, district=YANTA, officer=officer)
    other = TipFactory(verifying=True, district=YANTA, officer=officer)
    step(tip=other, action=Action.MERGE, actor=officer, into_number=lead.number)
    ReplyDraft.objects.create(tip=lead, author=officer, saved_at=NOON)

    withdraw(typed=other.acknowledgement.receipt, today=TODAY)
    kept = ReplyDraft.objects.count()
    withdraw(typed=lead.acknowledgement.receipt, today=TODAY)

    assert (kept, ReplyDraft.objects.count()) == (1, 0)


def test_draft_saved_after_the_answer_is_refused(ready: Tip, officer: User) -> None:
    _answer(ready, officer)

    with pytest.raises(IllegalMove):
        save(ready, officer, conclusion=WORDS)

    assert not ReplyDraft.objects.exists()

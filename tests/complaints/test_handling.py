"""Moving a tip by words: every state, act and role through the service, what is recorded, one of two officers wins."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from complaints import events
from complaints.enums import Action, Clock, DeclineReason, Direction, OfficeLevel, Problem, Role, TipStatus
from complaints.errors import (
    ActHindered,
    DraftInvalid,
    IllegalMove,
    NotAllowed,
    TakenByAnother,
    TipNotFound,
)
from complaints.models import AuditRow, Message, Office, SealedMessage, Tip
from complaints.rules import workflow
from complaints.rules.workflow import MOVES, REPLY_ITEMS
from complaints.services.handling import PLAIN_ACTS, record_step, reply_text, take_tip
from complaints.services.inspections import InspectionDraft
from complaints.services.messages import write_to_reporter
from complaints.services.reporter import progress_for_receipt
from tests.factories import REPLY, TODAY, TipFactory, UserFactory, dispose, noon, step
from tests.fixtures import YANTA, City
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
# States a tip comes to by the officers' own acts; what else leads on has tests of its own.
STATES = [
    TipStatus.REGISTERED, TipStatus.SCREENING, TipStatus.ACCEPTED, TipStatus.DECLINED, TipStatus.VERIFYING,
    TipStatus.VERIFIED, TipStatus.DISPOSED, TipStatus.REPLIED, TipStatus.CLOSED, TipStatus.ARCHIVED,
]  # fmt: skip
HANDLERS = {Role.OFFICER, Role.LEADER}
ROLES = (Role.OFFICER, Role.LEADER, Role.AUDITOR, Role.EDITOR, Role.SYSTEM_ADMINISTRATOR)
# Which act of words alone is open in which state, while the reporter may still object and nothing waits.
OPEN = {
    (TipStatus.REGISTERED, Action.SCREEN), (TipStatus.REGISTERED, Action.ACCEPT),
    (TipStatus.REGISTERED, Action.DECLINE),
    (TipStatus.SCREENING, Action.ACCEPT), (TipStatus.SCREENING, Action.DECLINE),
    (TipStatus.ACCEPTED, Action.VERIFY),
    (TipStatus.DISPOSED, Action.REPLY),
    (TipStatus.DECLINED, Action.CLOSE), (TipStatus.REPLIED, Action.CLOSE),
}  # fmt: skip


def expected(status: TipStatus, action: Action, role: Role) -> type[Exception] | None:
    if role not in HANDLERS | {Role.AUDITOR}:
        return TipNotFound
    if (status, action) not in OPEN:
        return IllegalMove
    return None if role in HANDLERS else NotAllowed


@pytest.mark.parametrize("status", STATES)
def test_every_act_of_words_by_every_role(city: City, status: TipStatus) -> None:
    keeper = UserFactory(roles=[(Role.OFFICER, city.yanta)])
    people = {role: UserFactory(roles=[(role, city.yanta)]) for role in ROLES}
    tip = TipFactory(status=status, district=YANTA, officer=keeper)
    for action, role in product(sorted(PLAIN_ACTS), ROLES):
        before = tip.steps.count()

        with savepoint_undone():
            outcome = _outcome(tip, action, people[role])
            after = tip.steps.count()

        assert outcome == expected(status, action, role), f"{status} {action} {role}"
        assert after == before + (outcome is None)


@pytest.mark.parametrize("status", STATES)
def test_an_act_with_a_service_of_its_own_is_not_taken_by_words(city: City, status: TipStatus) -> None:
    boss = UserFactory(
        roles=[(role, unit) for role in HANDLERS for unit in (city.city, city.yanta, city.town)]
    )
    tip = TipFactory(status=status, district=YANTA, town=city.town_code)
    before = (tip.status, tip.steps.count(), tip.due_date)

    for action in set(Action) - PLAIN_ACTS:
        with pytest.raises((IllegalMove, NotAllowed)):
            record_step(
                tip_id=tip.pk,
                action=action,
                actor=boss,
                at=noon(TODAY),
                texts={"note": "好", "memo": "好", "body": "好"},
            )

    tip = Tip.objects.get(pk=tip.pk)
    assert (tip.status, tip.steps.count(), tip.due_date) == before


def test_an_unfounded_tip_is_answered_without_a_measure(city: City, officer: User) -> None:
    tip = TipFactory(verified=True, unfounded=True, district=YANTA, officer=officer)

    step(tip=tip, action=Action.REPLY, actor=officer)

    assert Tip.objects.get(pk=tip.pk).status == TipStatus.REPLIED


def test_a_confirmed_tip_is_not_answered_before_a_measure(city: City, officer: User) -> None:
    tip = TipFactory(verified=True, district=YANTA, officer=officer)

    with pytest.raises(IllegalMove):
        step(tip=tip, action=Action.REPLY, actor=officer)


def test_106_a_tip_is_archived_once_nobody_may_object_any_more(city: City, officer: User) -> None:
    tip = TipFactory(closed=True, district=YANTA, officer=officer)

    # Answered on 10 March 2026: ten days end on 20 March, a Friday.
    step(tip=tip, action=Action.RECHECK, actor=officer)
    with pytest.raises(ActHindered):
        step(tip=tip, action=Action.ARCHIVE, actor=officer, at=noon(date(2026, 3, 20)))
    step(tip=tip, action=Action.ARCHIVE, actor=officer, at=noon(date(2026, 3, 21)))

    assert Tip.objects.get(pk=tip.pk).status == TipStatus.ARCHIVED


LATER = date(2026, 4, 20)  # long after the last day for an objection


@pytest.mark.parametrize("day", [date(2026, 3, 21), date(2026, 3, 16), LATER])
def test_nothing_is_filed_while_an_order_to_rectify_waits_for_its_recheck(
    city: City, officer: User, day: date
) -> None:
    tip = TipFactory(closed=True, district=YANTA, officer=officer)
    Tip.objects.filter(pk=tip.pk).update(answered_date=date(2026, 3, 1))

    with pytest.raises(ActHindered) as caught:
        step(tip=tip, action=Action.ARCHIVE, actor=officer, at=noon(day))

    assert caught.value.code == "rectification_open"
    assert Tip.objects.get(pk=tip.pk).status == TipStatus.CLOSED
    assert [row.data["code"] for row in AuditRow.objects.filter(action="tip.refused")] == [
        "rectification_open"
    ]


def test_a_recheck_that_finds_the_danger_still_there_keeps_the_case_open(city: City, officer: User) -> None:
    tip = TipFactory(closed=True, district=YANTA, officer=officer)
    still_there = InspectionDraft(
        visited_date=LATER, inspectors="张某、李某", findings="仍未整改", is_recheck=True, is_removed=False
    )

    step(tip=tip, action=Action.RECHECK, actor=officer, at=noon(LATER), draft=still_there)

    with pytest.raises(ActHindered):
        step(tip=tip, action=Action.ARCHIVE, actor=officer, at=noon(LATER))


def test_once_the_danger_is_found_removed_the_case_is_filed(city: City, officer: User) -> None:
    tip = TipFactory(closed=True, district=YANTA, officer=officer)

    step(tip=tip, action=Action.RECHECK, actor=officer, at=noon(LATER))
    step(tip=tip, action=Action.ARCHIVE, actor=officer, at=noon(LATER))

    assert Tip.objects.get(pk=tip.pk).status == TipStatus.ARCHIVED


def test_an_order_of_a_result_that_was_found_void_does_not_keep_a_case_from_the_file(
    city: City, officer: User, leader: User
) -> None:
    tip = TipFactory(review=True, district=YANTA, officer=officer, leader=leader)
    step(tip=tip, action=Action.REOPEN, actor=UserFactory(roles=[(Role.LEADER, city.city)]))
    step(tip=tip, action=Action.CONCLUDE_UNFOUNDED, actor=officer)
    for action, actor in (
        (Action.APPROVE_UNFOUNDED, leader),
        (Action.REPLY, officer),
        (Action.CLOSE, officer),
    ):
        step(tip=tip, action=action, actor=actor)

    step(tip=tip, action=Action.ARCHIVE, actor=officer, at=noon(LATER))

    assert Tip.objects.get(pk=tip.pk).status == TipStatus.ARCHIVED


def officer_of(city: City, role: Role = Role.OFFICER) -> User:
    return UserFactory(roles=[(role, city.yanta)])


@contextmanager
def savepoint_undone() -> Iterator[None]:
    """Take back whatever the block wrote, so that one tip serves every pair."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _outcome(tip: Tip, action: Action, actor: User) -> type[Exception] | None:
    try:
        step(tip=tip, action=action, actor=actor)
    except IllegalMove:
        return IllegalMove
    except (NotAllowed, TipNotFound) as error:
        return type(error)
    return None


@pytest.mark.parametrize("where", ["lianhu", "zone", "town"])
def test_officers_of_other_units_do_not_find_the_tip(city: City, where: str) -> None:
    tip = TipFactory(district=YANTA)
    stranger = UserFactory(roles=[(Role.OFFICER, getattr(city, where))])

    with pytest.raises(TipNotFound):
        step(tip=tip, action=Action.ACCEPT, actor=stranger)


def test_an_unknown_tip_is_not_found(officer: User) -> None:
    with pytest.raises(TipNotFound):
        record_step(tip_id=10**9, action=Action.ACCEPT, actor=officer, at=noon(TODAY))


def test_the_city_may_act_on_a_districts_tip(city: City, city_officer: User) -> None:
    tip = TipFactory(district=YANTA)

    step(tip=tip, action=Action.ACCEPT, actor=city_officer)

    assert Tip.objects.get(pk=tip.pk).status == TipStatus.ACCEPTED


def test_the_town_reads_but_does_not_decide(city: City, town_officer: User) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)

    with pytest.raises(NotAllowed):
        step(tip=tip, action=Action.ACCEPT, actor=town_officer)


# --- what is recorded -------------------------------------------------------------------------------------------


def test_acceptance_starts_the_sixty_days_and_names_the_handler(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)

    step(tip=tip, action=Action.ACCEPT, actor=officer, at=noon(date(2026, 3, 12)))

    tip = Tip.objects.get(pk=tip.pk)
    assert (tip.clock, tip.clock_started, tip.due_date) == (Clock.CLOSE, date(2026, 3, 12), date(2026, 5, 11))
    assert tip.handler == officer


def test_d1_sixty_days_from_acceptance(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA, today=date(2025, 3, 7))

    step(tip=tip, action=Action.ACCEPT, actor=officer, at=noon(date(2025, 3, 10)))

    assert Tip.objects.get(pk=tip.pk).due_date == date(2025, 5, 9)


def test_the_table_alone_says_which_period_a_move_starts(
    city: City, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = TipFactory(district=YANTA)
    silent = [replace(move, starts=Clock.NONE) for move in MOVES]
    monkeypatch.setattr(workflow, "MOVES", silent)

    step(tip=tip, action=Action.ACCEPT, actor=officer)

    stored = Tip.objects.get(pk=tip.pk)
    assert (stored.clock, stored.clock_started, stored.due_date) == (Clock.NONE, None, None)


@pytest.mark.parametrize("trait", ["declined", "replied", "closed", "archived"])
def test_no_period_runs_after_decision_or_answer(city: City, trait: str) -> None:
    tip = TipFactory(**{trait: True})

    assert (tip.clock, tip.clock_started, tip.due_date) == (Clock.NONE, None, None)


def test_a_step_keeps_actor_unit_and_minute(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)

    step(tip=tip, action=Action.DECLINE, actor=officer)

    done = tip.steps.get(action=Action.DECLINE)
    assert (done.actor, done.office, done.taken_at, done.taken_date) == (
        officer,
        city.yanta,
        noon(TODAY),
        TODAY,
    )
    assert (done.reason, done.target) == (DeclineReason.NOT_OURS, TipStatus.DECLINED)


def test_a_step_near_midnight_belongs_to_the_bureaus_day(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    late = noon(TODAY) + timedelta(hours=11, minutes=30)

    step(tip=tip, action=Action.ACCEPT, actor=officer, at=late)

    assert tip.steps.last().taken_date == TODAY


def test_each_step_is_logged_with_ids_only(city: City, officer: User) -> None:
    tip = TipFactory(replied=True, district=YANTA, officer=officer, leader=officer_of(city, Role.LEADER))

    logged = list(AuditRow.objects.filter(action__startswith="tip.").order_by("sequence"))

    done = list(tip.steps.exclude(action=Action.REGISTER))
    assert [row.action for row in logged] == [f"tip.{one.action}" for one in done]
    assert [row.data for row in logged] == [{"step": one.pk} for one in done]
    assert [row.actor_id for row in logged] == [one.actor_id for one in done]
    assert {row.subject for row in logged} == {tip.number}


def test_the_announcement_carries_an_id(
    city: City, officer: User, django_capture_on_commit_callbacks: object
) -> None:
    tip = TipFactory(district=YANTA)
    heard: list[int] = []

    def listen(*, step_id: int, **_rest: object) -> None:
        heard.append(step_id)

    events.step_recorded.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # the plugin's own fixture
        step(tip=tip, action=Action.ACCEPT, actor=officer)
    events.step_recorded.disconnect(listen)

    assert heard == [tip.steps.last().pk]


# --- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("item", REPLY_ITEMS)
def test_106_a_reply_without_one_of_its_four_items_is_refused(city: City, officer: User, item: str) -> None:
    tip = TipFactory(disposed=True, district=YANTA, officer=officer)

    with pytest.raises(DraftInvalid) as caught:
        step(tip=tip, action=Action.REPLY, actor=officer, texts={**REPLY, item: "  "})

    assert [(one.field, one.problem) for one in caught.value.problems] == [(item, Problem.NEEDS_TEXT)]
    assert Tip.objects.get(pk=tip.pk).status == TipStatus.DISPOSED


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"reason": ""}, [("reason", Problem.NEEDS_REASON)]),
        ({"reason": "because"}, [("reason", Problem.NEEDS_REASON)]),
        ({"texts": {}}, [("note", Problem.NEEDS_TEXT)]),
        ({"texts": {"note": "字" * 3001}}, [("note", Problem.TOO_LONG)]),
        ({"texts": {"note": "a\x00"}}, [("note", Problem.BAD_CHARACTERS)]),
        ({"texts": {"note": "请向〔部门〕反映"}}, [("note", Problem.OPEN_BLANK)]),
        ({"texts": {}, "reason": ""}, [("note", Problem.NEEDS_TEXT), ("reason", Problem.NEEDS_REASON)]),
    ],
)
def test_106_declining_needs_reason_and_words(
    city: City, officer: User, values: dict[str, object], found: list[tuple[str, Problem]]
) -> None:
    tip = TipFactory(district=YANTA)

    with pytest.raises(DraftInvalid) as caught:
        step(tip=tip, action=Action.DECLINE, actor=officer, **values)

    assert [(one.field, one.problem) for one in caught.value.problems] == found
    assert not Message.objects.exists()


def test_the_reply_reaches_the_reporter_whole(city: City) -> None:
    tip = TipFactory(replied=True)

    answer = progress_for_receipt(typed=tip.acknowledgement.receipt).replies

    assert [line.text for line in answer] == [reply_text(words=REPLY)]
    assert all(words in answer[0].text for words in REPLY.values())


def test_a_decline_tells_reason_and_words(city: City) -> None:
    tip = TipFactory(declined=True)

    (answer,) = progress_for_receipt(typed=tip.acknowledgement.receipt).replies

    reason, words = answer.text.split("\n\n")
    assert reason
    assert words == "请向住建部门反映"


def test_a_note_with_acceptance_is_told_an_empty_one_is_not(city: City, officer: User) -> None:
    one, two = TipFactory(district=YANTA), TipFactory(district=YANTA)

    step(tip=one, action=Action.ACCEPT, actor=officer, texts={"note": "明天到场"})
    step(tip=two, action=Action.ACCEPT, actor=officer, texts={"note": "  "})

    assert [line.text for line in progress_for_receipt(typed=one.acknowledgement.receipt).lines] == [
        "明天到场"
    ]
    assert not two.messages.exists()


def test_after_the_answer_the_key_ring_opens_none_of_the_officers_words(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)
    step(tip=tip, action=Action.ACCEPT, actor=officer, texts={"note": "明天到场"})
    write_to_reporter(tip_id=tip.pk, text="请补充一张照片", author=officer, at=noon(TODAY))
    before = [message.body for message in tip.messages.all()]

    for action in (Action.VERIFY, Action.CONCLUDE):
        step(tip=tip, action=action, actor=officer)
    step(tip=tip, action=Action.APPROVE_RESULT, actor=officer_of(city, Role.LEADER))
    dispose(tip=tip, officer=officer)
    step(tip=tip, action=Action.REPLY, actor=officer)
    step(tip=tip, action=Action.CLOSE, actor=officer, texts={"note": "感谢监督"})

    assert before == ["明天到场", "请补充一张照片"]
    assert {bytes(row.body_sealed) for row in Message.objects.filter(direction=Direction.TO_REPORTER)} == {
        b""
    }

    assert SealedMessage.objects.count() == 4
    shown = progress_for_receipt(typed=tip.acknowledgement.receipt)
    assert [line.text for line in shown.lines] == ["明天到场", "请补充一张照片", "感谢监督"]


def test_sealed_words_do_not_tell_their_length(city: City, officer: User) -> None:
    tip = TipFactory(district=YANTA)

    for text in ("好", "请补充一张照片，最好能看清铭牌"):
        write_to_reporter(tip_id=tip.pk, text=text, author=officer, at=noon(TODAY))

    assert len({len(bytes(row.sealed)) for row in SealedMessage.objects.all()}) == 1


# --- taking a tip -------------------------------------------------------------------------------------------------


def test_taking_names_the_handler_once(city: City, officer: User, leader: User) -> None:
    tip = TipFactory(district=YANTA)

    first, again = (take_tip(tip_id=tip.pk, actor=officer, at=noon(TODAY)) for _ in range(2))
    with pytest.raises(TakenByAnother) as caught:
        take_tip(tip_id=tip.pk, actor=leader, at=noon(TODAY))

    assert first.handler == again.handler == Tip.objects.get(pk=tip.pk).handler == officer
    assert officer.get_full_name() in str(caught.value.public_message)
    assert AuditRow.objects.filter(action="tip.take").count() == 1
    refusal = AuditRow.objects.get(action="tip.refused")
    assert refusal.data == {"act": "assign", "code": "taken_by_another"}


@pytest.mark.parametrize("state", ["registered", "accepted"])
def test_taking_a_tip_stands_in_its_history_with_the_name(city: City, officer: User, state: str) -> None:
    tip = TipFactory(district=YANTA, status=state)
    Tip.objects.filter(pk=tip.pk).update(handler=None)

    take_tip(tip_id=tip.pk, actor=officer, at=noon(TODAY))

    assert [step.handler for step in tip.steps.filter(action=Action.ASSIGN)] == [officer]


def test_accepting_from_above_makes_nobody_the_handler(city: City, city_officer: User, officer: User) -> None:
    theirs, own = TipFactory(district=YANTA), TipFactory(district=YANTA)

    steps = [
        record_step(tip_id=tip.pk, action=Action.ACCEPT, actor=actor, at=noon(TODAY))
        for tip, actor in ((theirs, city_officer), (own, officer))
    ]

    assert [Tip.objects.get(pk=tip.pk).handler for tip in (theirs, own)] == [None, officer]
    assert [step.handler for step in steps] == [None, officer]


def test_nobody_above_the_unit_takes_its_tip(city: City, city_officer: User) -> None:
    tip = TipFactory(district=YANTA)

    with pytest.raises(NotAllowed):
        take_tip(tip_id=tip.pk, actor=city_officer, at=noon(TODAY))

    assert Tip.objects.get(pk=tip.pk).handler is None


def test_taking_a_new_tip_begins_the_screening(city: City, officer: User) -> None:
    new, accepted = TipFactory(district=YANTA), TipFactory(district=YANTA, accepted=True, officer=officer)
    Tip.objects.filter(pk=accepted.pk).update(handler=None)

    taken = [take_tip(tip_id=tip.pk, actor=officer, at=noon(TODAY)) for tip in (new, accepted)]

    assert [tip.status for tip in taken] == [TipStatus.SCREENING, TipStatus.ACCEPTED]
    assert [tip.steps.filter(action=Action.SCREEN).count() for tip in taken] == [1, 0]


def test_an_auditor_takes_nothing(city: City, auditor: User) -> None:
    tip = TipFactory(district=YANTA)

    with pytest.raises(NotAllowed):
        take_tip(tip_id=tip.pk, actor=auditor, at=noon(TODAY))


def test_a_stranger_takes_nothing(city: City, foreign_officer: User) -> None:
    tip = TipFactory(district=YANTA)

    with pytest.raises(TipNotFound):
        take_tip(tip_id=tip.pk, actor=foreign_officer, at=noon(TODAY))


@pytest.mark.django_db(transaction=True)
def test_two_officers_accept_at_once_and_one_wins(city: City) -> None:
    tip = TipFactory(district=YANTA)
    rivals = [UserFactory(roles=[(Role.OFFICER, city.yanta)]) for _ in range(4)]

    results = at_once([lambda who=who: step(tip=tip, action=Action.ACCEPT, actor=who) for who in rivals])

    assert sorted(type(one).__name__ for one in results) == ["HandlingStep"] + ["IllegalMove"] * 3
    assert AuditRow.objects.filter(action="tip.refused").count() == 3
    assert tip.steps.filter(action=Action.ACCEPT).count() == 1
    assert Tip.objects.get(pk=tip.pk).handler == tip.steps.get(action=Action.ACCEPT).actor


@pytest.mark.django_db(transaction=True)
def test_two_leaders_sign_and_return_at_once_and_one_wins(city: City) -> None:
    tip = TipFactory(verifying=True, district=YANTA)
    step(tip=tip, action=Action.CONCLUDE, actor=officer_of(city))
    one, two = officer_of(city, Role.LEADER), officer_of(city, Role.LEADER)

    results = at_once([
        lambda: step(tip=tip, action=Action.APPROVE_RESULT, actor=one),
        lambda: step(tip=tip, action=Action.RETURN_RESULT, actor=two),
    ])  # fmt: skip

    assert sorted(type(result).__name__ for result in results) == ["Conclusion", "IllegalMove"]
    row = tip.conclusions.get()
    won = Action.APPROVE_RESULT if row.is_confirmed else Action.RETURN_RESULT
    assert list(tip.steps.order_by("pk").values_list("action", flat=True))[-1] == won
    assert row.decided_by == (one if row.is_confirmed else two)


@pytest.mark.django_db(transaction=True)
def test_accepting_and_declining_at_once_gives_one_decision(city: City) -> None:
    tip = TipFactory(district=YANTA)
    one, two = (UserFactory(roles=[(Role.OFFICER, city.yanta)]) for _ in range(2))

    at_once([
        lambda: step(tip=tip, action=Action.ACCEPT, actor=one),
        lambda: step(tip=tip, action=Action.DECLINE, actor=two),
    ])  # fmt: skip

    decided = tip.steps.exclude(action=Action.REGISTER).get()
    assert Tip.objects.get(pk=tip.pk).status == decided.target


def test_a_unit_without_people_still_has_its_tips(city: City) -> None:
    office = Office.objects.get(pk=city.zone.pk)
    tip = TipFactory(district=YANTA, town=city.zone_town_code)

    assert (tip.handling_unit, office.level) == (office, OfficeLevel.ZONE)

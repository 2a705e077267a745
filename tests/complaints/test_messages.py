"""Words between officers and reporter: sealed to the receipt, sent once, bounded, refused where they must be."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from pytest_django import Settings

from complaints import events
from complaints.crypto.envelope import public_key_of
from complaints.crypto.errors import DecryptionError
from complaints.enums import Action, Direction, Problem, TipStatus
from complaints.errors import DraftInvalid, IllegalMove, NotAllowed, ReceiptUnknown, TipNotFound
from complaints.models import AuditRow, Evidence, Message, SealedMessage, Tip, Vault
from complaints.services.evidence import Upload
from complaints.services.messages import (
    LONGEST,
    MESSAGES_PER_DAY,
    mark_read,
    open_for_reporter,
    write_to_officers,
    write_to_reporter,
)
from complaints.services.receipts import open_receipt
from complaints.services.reporter import progress_for_receipt, send_message, withdraw
from tests.factories import (
    TODAY,
    VAULT_FINGERPRINT,
    TipFactory,
    jpeg,
    move_to,
    noon,
    step,
    upload,
)
from tests.fixtures import YANTA, City
from tests.parallel import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def tip(city: City) -> Tip:
    return TipFactory(district=YANTA)


def send(
    tip: Tip, text: str = "又看到一次", *, uploads: list[Upload] | None = None, **values: object
) -> Message:
    return write_to_officers(
        access=open_receipt(typed=tip.acknowledgement.receipt),
        text=text,
        uploads=uploads or [],
        today=values.pop("today", TODAY),
        vault_fingerprint=settings.VAULT_FINGERPRINT,
        **values,
    )


def answer(tip: Tip, author: User, text: str = "请补充一张照片") -> Message:
    return write_to_reporter(tip_id=tip.pk, text=text, author=author, at=noon(TODAY))


# --- from the reporter -----------------------------------------------------------------------------------------


def test_words_arrive_encrypted_and_count_as_unread(tip: Tip) -> None:
    message = send(tip)

    stored = Message.objects.get(pk=message.pk)
    assert (stored.body, stored.sent_date, stored.sent_at, stored.author) == ("又看到一次", TODAY, None, None)
    assert "又看到一次".encode() not in bytes(stored.body_sealed)
    assert Tip.objects.get(pk=tip.pk).unread_count == 1


def test_photos_follow_those_of_the_tip(city: City) -> None:
    tip = TipFactory(photos=2)

    send(tip, "", uploads=[upload(), upload(jpeg(shade=1))])

    assert [photo.position for photo in tip.photos.all()] == [0, 1, 2, 3]
    assert Tip.objects.get(pk=tip.pk).photo_count == 4


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem.NEEDS_TEXT),
        (" \n ", Problem.NEEDS_TEXT),
        ("字" * (LONGEST + 1), Problem.TOO_LONG),
        ("a\x00b", Problem.BAD_CHARACTERS),
    ],
)
def test_unfit_words_are_refused(tip: Tip, text: str, problem: Problem) -> None:
    with pytest.raises(DraftInvalid) as caught:
        send(tip, text)

    assert [(one.field, one.problem) for one in caught.value.problems] == [("text", problem)]


def test_a_refused_photo_stores_nothing(tip: Tip, evidence_root: Path) -> None:
    with pytest.raises(DraftInvalid):
        send(tip, uploads=[upload(), upload(b"GIF89a")])

    assert (Message.objects.count(), Evidence.objects.count()) == (0, 0)
    assert [path for path in evidence_root.rglob("*") if path.is_file() and path.name != ".lock"] == []


def test_ten_photos_are_too_many(tip: Tip) -> None:
    with pytest.raises(DraftInvalid) as caught:
        send(tip, uploads=[upload()] * 10)

    assert caught.value.problems[0].problem == Problem.TOO_MANY_PHOTOS


def test_a_tip_takes_photos_up_to_its_limit_and_words_beyond(city: City, settings: Settings) -> None:
    settings.PHOTOS_PER_TIP = 3
    tip = TipFactory(photos=2)
    send(tip, uploads=[upload()])

    with pytest.raises(DraftInvalid) as caught:
        send(tip, uploads=[upload()])

    assert [(one.field, one.problem) for one in caught.value.problems] == [("photos", Problem.TIP_IS_FULL)]
    assert Evidence.objects.count() == 3
    assert send(tip, "只有文字").body == "只有文字"


def test_two_messages_at_once_do_not_pass_the_limit(city: City, settings: Settings) -> None:
    settings.PHOTOS_PER_TIP = 3
    tip = TipFactory(photos=2)
    Tip.objects.filter(pk=tip.pk).update(photo_count=3)  # another message came in after the receipt was read
    access = replace(open_receipt(typed=tip.acknowledgement.receipt), tip=tip)

    with pytest.raises(DraftInvalid):
        write_to_officers(
            access=access, text="", uploads=[upload()], today=TODAY, vault_fingerprint=VAULT_FINGERPRINT
        )

    assert Evidence.objects.count() == 2


def test_the_same_key_makes_one_message(tip: Tip) -> None:
    key = token_hex(16)

    first, second = send(tip, client_key=key), send(tip, client_key=key)

    assert first == second
    assert Tip.objects.get(pk=tip.pk).unread_count == 1


@pytest.mark.parametrize("key", ["x", "g" * 32, "0" * 33, "0" * 31 + "\x00"])
def test_a_malformed_key_is_refused(tip: Tip, key: str) -> None:
    with pytest.raises(DraftInvalid) as caught:
        send(tip, client_key=key)

    assert caught.value.problems[0].problem == Problem.BAD_KEY


def test_one_key_serves_two_tips(tip: Tip) -> None:
    key, other = token_hex(16), TipFactory()

    assert send(tip, client_key=key) != send(other, client_key=key)


def test_a_day_has_a_limit_and_the_next_day_begins_anew(tip: Tip) -> None:
    key = token_hex(16)
    for number in range(MESSAGES_PER_DAY):
        send(tip, client_key=key if not number else "")

    with pytest.raises(DraftInvalid) as caught:
        send(tip)

    assert caught.value.problems[0].problem == Problem.TOO_MANY_TODAY
    assert send(tip, client_key=key).body == "又看到一次"  # a retry of what was taken is no new message
    assert send(tip, today=TODAY + timedelta(days=1)).sent_date == TODAY + timedelta(days=1)


def test_a_closed_tip_takes_no_more_words(city: City) -> None:
    tip = TipFactory(closed=True)

    with pytest.raises(IllegalMove):
        send(tip)


def test_a_tip_closed_while_photos_were_decoded_takes_no_more_words(tip: Tip, officer: User) -> None:
    access = open_receipt(typed=tip.acknowledgement.receipt)
    step(tip=tip, action=Action.DECLINE, actor=officer)
    step(tip=tip, action=Action.CLOSE, actor=officer)

    with pytest.raises(IllegalMove):
        write_to_officers(
            access=access, text="晚了", uploads=[], today=TODAY, vault_fingerprint=settings.VAULT_FINGERPRINT
        )


def test_a_tip_purged_meanwhile_is_unknown(tip: Tip) -> None:
    access = open_receipt(typed=tip.acknowledgement.receipt)
    Tip.objects.all().delete()

    with pytest.raises(ReceiptUnknown):
        write_to_officers(
            access=access, text="在吗", uploads=[], today=TODAY, vault_fingerprint=settings.VAULT_FINGERPRINT
        )


def test_without_a_trusted_vault_words_go_on_and_originals_are_not_kept(tip: Tip) -> None:
    Vault.objects.update(public_key=public_key_of(bytes(32)))

    send(tip, uploads=[upload()])

    assert tip.photos.get().vault_version is None


def test_the_announcement_carries_an_id(tip: Tip, django_capture_on_commit_callbacks: object) -> None:
    heard: list[int] = []

    def listen(*, message_id: int, **_rest: object) -> None:
        heard.append(message_id)

    events.message_received.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # the plugin's own fixture
        message = send(tip)
    events.message_received.disconnect(listen)

    assert heard == [message.pk]


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_makes_one_message(city: City, evidence_root: Path) -> None:
    tip, key = TipFactory(), token_hex(16)

    results = at_once([lambda: send(tip, client_key=key, uploads=[upload()])] * 4)

    assert {getattr(one, "pk", one) for one in results} == {Message.objects.get().pk}
    assert (Evidence.objects.count(), Tip.objects.get(pk=tip.pk).photo_count) == (1, 1)
    assert len([path for path in evidence_root.rglob("*") if path.is_file() and path.name != ".lock"]) == 3


@pytest.mark.django_db(transaction=True)
def test_many_messages_at_once_all_count(city: City) -> None:
    tip = TipFactory()

    results = at_once([lambda: send(tip, uploads=[upload()])] * 5)

    assert [one for one in results if isinstance(one, Exception)] == []
    fresh = Tip.objects.get(pk=tip.pk)
    assert (fresh.unread_count, fresh.photo_count) == (5, 5)
    assert sorted(photo.position for photo in tip.photos.all()) == [0, 1, 2, 3, 4]


# --- from the officers --------------------------------------------------------------------------------------------


def test_officers_words_are_opened_by_the_receipt(tip: Tip, officer: User) -> None:
    message = answer(tip, officer)

    access = open_receipt(typed=tip.acknowledgement.receipt)

    assert open_for_reporter(access=access, messages=[message]) == {message.pk: "请补充一张照片"}


def test_another_receipt_opens_nothing(tip: Tip, officer: User) -> None:
    message = answer(tip, officer)
    other = open_receipt(typed=TipFactory().acknowledgement.receipt)

    assert open_for_reporter(access=other, messages=[message]) == {}


def test_a_copy_moved_to_another_message_does_not_open(tip: Tip, officer: User) -> None:
    one, two = answer(tip, officer), answer(tip, officer, "另一句")
    SealedMessage.objects.filter(message=two).delete()
    SealedMessage.objects.filter(message=one).update(message=two)

    with pytest.raises(DecryptionError):
        open_for_reporter(access=open_receipt(typed=tip.acknowledgement.receipt), messages=[two])


def test_a_working_copy_is_there_until_the_answer(tip: Tip, officer: User) -> None:
    answer(tip, officer)
    assert tip.messages.get().body == "请补充一张照片"

    move_to(tip=tip, status=TipStatus.REPLIED, officer=officer)

    assert {row.body for row in tip.messages.filter(direction=Direction.TO_REPORTER)} == {""}


@pytest.mark.parametrize("status", [TipStatus.TRANSFERRED_OUT, TipStatus.CLOSED])
def test_a_tip_that_ends_without_an_answer_keeps_no_working_copy_either(
    tip: Tip, officer: User, status: TipStatus
) -> None:
    answer(tip, officer)
    if status == TipStatus.CLOSED:
        withdraw(typed=tip.acknowledgement.receipt, today=TODAY)
        move_to(tip=tip, status=TipStatus.DISPOSED, officer=officer)
        step(tip=tip, action=Action.CLOSE, actor=officer)
    else:
        move_to(tip=tip, status=status, officer=officer)

    assert Tip.objects.get(pk=tip.pk).status == status
    assert {row.body for row in tip.messages.filter(direction=Direction.TO_REPORTER)} == {""}
    assert progress_for_receipt(typed=tip.acknowledgement.receipt).lines[0].text == "请补充一张照片"


def test_words_after_the_answer_leave_no_working_copy(city: City, officer: User) -> None:
    tip = TipFactory(replied=True, district=YANTA, officer=officer)

    message = answer(tip, officer)

    assert Message.objects.get(pk=message.pk).body == ""
    assert progress_for_receipt(typed=tip.acknowledgement.receipt).lines[-1].text == "请补充一张照片"


def test_writing_is_logged_without_words(tip: Tip, officer: User) -> None:
    message = answer(tip, officer)

    row = AuditRow.objects.get(action="tip.message")
    assert (row.subject, row.data, row.actor) == (tip.number, {"message": message.pk}, officer)


@pytest.mark.parametrize(("text", "problem"), [("", Problem.NEEDS_TEXT), ("x" * 2001, Problem.TOO_LONG)])
def test_unfit_words_of_officers_are_refused(tip: Tip, officer: User, text: str, problem: Problem) -> None:
    with pytest.raises(DraftInvalid) as caught:
        answer(tip, officer, text)

    assert caught.value.problems[0].problem == problem


def test_who_may_write(
    tip: Tip, auditor: User, foreign_officer: User, town_officer: User, leader: User
) -> None:
    for person, refusal in (
        (auditor, NotAllowed),
        (foreign_officer, TipNotFound),
        (town_officer, TipNotFound),
    ):
        with pytest.raises(refusal):
            answer(tip, person)

    assert answer(tip, leader).author == leader


def test_a_closed_tip_takes_no_words_of_officers_either(city: City, officer: User) -> None:
    tip = TipFactory(closed=True, district=YANTA, officer=officer)
    before = tip.messages.count()

    with pytest.raises(IllegalMove):
        answer(tip, officer)

    assert tip.messages.count() == before
    assert not AuditRow.objects.filter(action="tip.message").exists()


# --- reading -----------------------------------------------------------------------------------------------------


def test_a_handlers_look_marks_words_as_read_an_auditors_does_not(
    tip: Tip, officer: User, auditor: User
) -> None:
    send(tip)
    fresh = Tip.objects.get(pk=tip.pk)

    shown = tip.messages.get().pk

    mark_read(tip=fresh, reader=auditor, newest_shown=shown)
    assert Tip.objects.get(pk=tip.pk).unread_count == 1
    mark_read(tip=fresh, reader=officer, newest_shown=shown)

    assert Tip.objects.get(pk=tip.pk).unread_count == 0
    assert tip.messages.get().is_read


def test_words_that_came_after_those_shown_stay_unread(tip: Tip, officer: User) -> None:
    shown = send(tip)
    fresh = Tip.objects.get(pk=tip.pk)
    later = send(tip, "还有一句")

    mark_read(tip=fresh, reader=officer, newest_shown=shown.pk)

    assert list(tip.messages.filter(is_read=False)) == [later]
    assert Tip.objects.get(pk=tip.pk).unread_count == 1


def test_sending_returns_the_new_progress(tip: Tip) -> None:
    progress = send_message(
        typed=tip.acknowledgement.receipt.lower().replace("-", " "),
        text="又看到一次",
        uploads=[upload()],
        today=TODAY,
        vault_fingerprint=settings.VAULT_FINGERPRINT,
    )

    assert [(line.text, line.is_mine, line.photo_count) for line in progress.lines] == [
        ("又看到一次", True, 1)
    ]

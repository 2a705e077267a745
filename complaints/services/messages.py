"""Words between officers and reporter. What officers write is sealed to the receipt."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from complaints import events, policies
from complaints.crypto import envelope as cipher
from complaints.enums import Direction, Problem, TipStatus
from complaints.errors import (
    DraftInvalid,
    IllegalMove,
    NotAllowed,
    ReceiptUnknown,
    TipNotFound,
)
from complaints.models import Message, SealedMessage, Tip, TipReceipt, Vault
from complaints.rules.intake import is_key
from complaints.rules.moments import to_minute
from complaints.rules.texts import clean_text, text_problem
from complaints.selectors.merging import hearing_receipts, lead_of, reporters_of, words_heard_by
from complaints.selectors.vaults import trusted_vault

from . import audit, evidence, steps
from .receipts import Access
from .refusals import refusals_are_logged
from .storage_faults import storage_faults_as_refusals

LONGEST = 2000
MESSAGES_PER_DAY = 30
PAD_STEP = 512
# Nobody works on these any more: words would reach nobody.
SHUT_STATES = (TipStatus.CLOSED, TipStatus.ARCHIVED)
# Once the tip was answered no working copy is kept.
_ANSWERED = (
    TipStatus.REPLIED, TipStatus.DECLINED, TipStatus.TRANSFERRED_OUT, TipStatus.REVIEW, *SHUT_STATES,
)  # fmt: skip


def checked_words(text: str, *, photos: int = 0) -> str:
    """Return a reporter's or an officer's words cleaned; raises DraftInvalid for none, too many or unshowable ones."""
    cleaned = clean_text(text)
    problem = text_problem(cleaned, longest=LONGEST)
    if not cleaned and not photos:
        problem = Problem.NEEDS_TEXT
    if problem:
        steps.refuse("text", problem)
    return cleaned


def write_to_reporter(*, tip_id: int, text: str, author: User, at: datetime, to: str = "") -> Message:
    """Send an officer's words to the reporter, or to all whose tips were put together here.

    Args:
        to: public number of the one tip whose reporter alone is written to; empty: all of them.

    Raises:
        TipNotFound, NotAllowed: not in scope, or not a handler of the unit; `to` is none of these tips.
        IllegalMove: the tip is closed.
        DraftInvalid: empty, too long or unshowable text.
    """
    return _write(tip_id=tip_id, text=text, actor=author, at=at, to=to)


@refusals_are_logged("message")
@storage_faults_as_refusals()
@transaction.atomic
def _write(*, tip_id: int, text: str, actor: User, at: datetime, to: str) -> Message:
    tip = steps.locked_tip(tip_id=tip_id, actor=actor)
    if not policies.may_write(actor, tip):
        raise NotAllowed
    if tip.status in (*SHUT_STATES, TipStatus.MERGED):
        raise IllegalMove("closed, or worked on as another tip")
    only = _one_of(tip=tip, number=to)
    message = seal_to_reporter(tip=tip, text=checked_words(text), author=actor, at=at, only=only)
    audit.record(action="tip.message", at=at, actor=actor, subject=tip.number, data={"message": message.pk})
    return message


def _one_of(*, tip: Tip, number: str) -> Tip | None:
    if not number:
        return None
    one = next((row for row in reporters_of(tip=tip) if row.number == number), None)
    if one is None:
        raise TipNotFound
    return one


def seal_to_reporter(
    *, tip: Tip, text: str, author: User, at: datetime, is_reply: bool = False, only: Tip | None = None
) -> Message:
    """Store words for every receipt of the tip and of those merged into it, inside the caller's transaction.

    With `only` they go to the receipts of that one of them and stand in its conversation alone. Who withdrew is
    spared the answer. A working copy under the key ring is kept for the officers only while the tip is not answered.
    """
    message = Message(
        tip=only or tip,
        direction=Direction.TO_REPORTER,
        author=author,
        sent_date=timezone.localdate(at),
        sent_at=to_minute(at),
        is_reply=is_reply,
        is_inside=tip.is_internal,
    )
    if tip.status not in _ANSWERED:
        message.body = text
    message.save(force_insert=True)
    SealedMessage.objects.bulk_create(
        _copy(message=message, receipt=receipt, text=text)
        for receipt in (only.receipts.all() if only else hearing_receipts(tip=tip, is_reply=is_reply))
    )
    return message


def share_working_copies(*, tip: Tip, receipt: TipReceipt) -> None:
    """Seal what this reporter was told so far to one more receipt; words after the answer are beyond reach."""
    rows = words_heard_by(tip=tip).exclude(body_sealed=b"")
    SealedMessage.objects.bulk_create(_copy(message=row, receipt=receipt, text=row.body) for row in rows)


def _copy(*, message: Message, receipt: TipReceipt, text: str) -> SealedMessage:
    return SealedMessage(
        message=message, receipt=receipt, sealed=_seal(message=message, receipt=receipt, text=text)
    )


def _info(message: Message) -> bytes:
    return cipher.info_text(suite=cipher.SUITE, vault=0, binding=str(message.public_id), field="message")


def _seal(*, message: Message, receipt: TipReceipt, text: str) -> bytes:
    return cipher.seal(public_key=bytes(receipt.public_key), plaintext=_padded(text), info=_info(message))


def _padded(text: str) -> bytes:
    """Fill up to a multiple of PAD_STEP bytes: a ciphertext must not tell a short answer from a long one."""
    plain = text.encode()
    return plain + b"\0" * (-len(plain) % PAD_STEP)


def open_for_reporter(*, access: Access, messages: Sequence[Message]) -> dict[int, str]:
    """Return the clear text of the officers' messages by message key; only a receipt can do this."""
    sealed = SealedMessage.objects.filter(receipt=access.receipt, message__in=messages)
    by_id = {message.pk: message for message in messages}
    return {
        row.message_id: cipher.open_sealed(
            seed=access.seed, sealed=bytes(row.sealed), info=_info(by_id[row.message_id])
        )
        .rstrip(b"\0")
        .decode()
        for row in sealed
    }


def forget_working_copies(*, tip: Tip) -> None:
    """Erase what officers wrote, once the tip is answered: from then on only a receipt opens it."""
    rows = Message.objects.filter(Q(tip=tip) | Q(tip__merged_into=tip), direction=Direction.TO_REPORTER)
    rows.update(body_sealed=b"")


@storage_faults_as_refusals()
def write_to_officers(
    *,
    access: Access,
    text: str,
    uploads: Sequence[evidence.Upload],
    today: date,
    vault_fingerprint: str,
    client_key: str = "",
) -> Message:
    """Store the reporter's words and photos; the same `client_key` (32 hex digits) twice makes one message.

    Raises:
        DraftInvalid: text, key or a photo is refused, or the tip holds PHOTOS_PER_TIP already; nothing was stored.
        IllegalMove: the tip is closed.
        ReceiptUnknown: the tip was purged meanwhile.
        StorageFull, TooBusy: nothing was stored.
    """
    earlier = _sent_before(tip=access.tip, client_key=client_key)
    if earlier is not None:
        return earlier
    if lead_of(tip=access.tip).status in SHUT_STATES:
        raise IllegalMove("closed")
    cleaned = checked_words(text, photos=len(uploads))
    problems = evidence.check_uploads(uploads=uploads)
    if problems:
        raise DraftInvalid(problems)
    _check_room(tip=access.tip, photos=len(uploads))
    vault = trusted_vault(pinned=vault_fingerprint)
    photos = evidence.prepare_photos(uploads=uploads, vault=vault, binding=access.tip.number)
    try:
        with evidence.stored(photos=photos):
            return _store(
                access=access, text=cleaned, photos=photos, vault=vault, today=today, client_key=client_key
            )
    except IntegrityError:
        # A double tap: the other request was faster.
        twin = _sent_before(tip=access.tip, client_key=client_key)
        if twin is None:
            raise
        return twin


def _check_room(*, tip: Tip, photos: int) -> None:
    """Refuse photos beyond what one tip may hold; words are always welcome."""
    if photos and tip.photo_count + photos > settings.PHOTOS_PER_TIP:
        steps.refuse("photos", Problem.TIP_IS_FULL)


def _sent_before(*, tip: Tip, client_key: str) -> Message | None:
    if not client_key:
        return None
    if not is_key(client_key):
        steps.refuse("idempotency_key", Problem.BAD_KEY)
    return Message.objects.filter(tip=tip, client_key=client_key).first()


@transaction.atomic
def _store(
    *,
    access: Access,
    text: str,
    photos: Sequence[evidence.PreparedPhoto],
    vault: Vault | None,
    today: date,
    client_key: str,
) -> Message:
    tip, lead = locked_with_lead(tip_id=access.tip.pk)
    if lead.status in SHUT_STATES:
        raise IllegalMove("closed meanwhile")
    if tip.messages.filter(direction=Direction.FROM_REPORTER, sent_date=today).count() >= MESSAGES_PER_DAY:
        steps.refuse("text", Problem.TOO_MANY_TODAY)
    _check_room(tip=tip, photos=len(photos))
    message = Message(
        tip=tip,
        direction=Direction.FROM_REPORTER,
        sent_date=today,
        client_key=client_key,
        is_inside=tip.is_internal,
    )
    message.body = text
    message.save(force_insert=True)
    evidence.attach_photos(tip=tip, photos=photos, vault=vault, first=tip.photo_count, message=message)
    Tip.everywhere.filter(pk=tip.pk).update(photo_count=F("photo_count") + len(photos))
    # Officers work on the lead: what the reporter of a merged tip writes waits for them there.
    Tip.everywhere.filter(pk=lead.pk).update(unread_count=F("unread_count") + 1)
    if lead.is_internal:
        return message
    transaction.on_commit(partial(events.message_received.send_robust, sender=Message, message_id=message.pk))
    return message


def locked_with_lead(*, tip_id: int) -> tuple[Tip, Tip]:
    """Return a reporter's tip and the one worked on in its stead under row locks, the later one locked first.

    Raises:
        ReceiptUnknown: the tip was purged meanwhile.
    """
    tip = Tip.everywhere.select_for_update().filter(pk=tip_id).first()
    if tip is None:
        raise ReceiptUnknown
    if tip.merged_into_id is None:
        return tip, tip
    return tip, Tip.objects.select_for_update().get(pk=tip.merged_into_id)


@transaction.atomic
def mark_read(*, tip: Tip, reader: User, newest_shown: int) -> None:
    """Mark the reporter's messages up to the key `newest_shown` as read; an auditor's look changes nothing.

    What came in while the page was made was not shown: it stays unread and counted.
    """
    if not tip.unread_count or not policies.may_write(reader, tip):
        return
    locked = Tip.objects.select_for_update().filter(pk=tip.pk).first()
    if locked is None:
        return
    words = Message.objects.filter(Q(tip=locked) | Q(tip__merged_into=locked))
    unread = words.filter(direction=Direction.FROM_REPORTER, is_read=False)
    unread.filter(pk__lte=newest_shown).update(is_read=True)
    Tip.objects.filter(pk=tip.pk).update(unread_count=unread.count())

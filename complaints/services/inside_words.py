"""What a reporter writes to the company by the receipt while the tip is inside; turned, the bureau reads it."""

from collections.abc import Sequence
from datetime import date

from complaints.enums import InsideState
from complaints.errors import IllegalMove
from complaints.models import InternalTip
from complaints.rules.internal import reporter_may_write

from . import evidence, messages, receipts
from .inside_progress import InsideProgress, progress_of
from .kept_out import keep_from_named
from .refusals import reporter_refusals_are_logged


@reporter_refusals_are_logged("message")
def write_to_company(
    *,
    typed: str,
    text: str,
    uploads: Sequence[evidence.Upload],
    today: date,
    vault_fingerprint: str,
    client_key: str = "",
) -> InsideProgress:
    """Store a reporter's words and photos for the company, with the limits of words to officers.

    The words go to nobody's letterbox and into no log: the history of the tip has them, to the day.

    Raises:
        ReceiptUnknown, TooBusy: as for reading.
        IllegalMove: the company is done with it, or it is the bureau's by now.
        DraftInvalid, StorageFull: words or photos are refused; nothing of them was stored.
    """
    access = receipts.open_receipt(typed=typed, inside=True)
    row = InternalTip.objects.get(tip=access.tip)
    if not reporter_may_write(InsideState(row.state)):
        raise IllegalMove("nobody reads it any more")
    # Before the words are there to be read; where they are refused after this, they named somebody all the same.
    keep_from_named(row, texts=(text,))
    messages.write_to_officers(
        access=access,
        text=text,
        uploads=uploads,
        today=today,
        vault_fingerprint=vault_fingerprint,
        client_key=client_key,
    )
    return progress_of(access=receipts.refreshed(access=access), today=today)

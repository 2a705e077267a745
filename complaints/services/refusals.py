"""A refused act leaves one row in the audit log, although everything else it did is undone."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from complaints.enums import Action
from complaints.errors import ComplaintError, ReceiptUnknown, StorageFull, TooBusy
from complaints.models import Tip

from . import audit

P = ParamSpec("P")
R = TypeVar("R")


def refusals_are_logged(act: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a service on one tip (`tip_id`, `actor`, `at` by keyword); without `act` it is called with `action`.

    `act` is the value of an Action, or a short code of its own for what the workflow does not know.
    """
    return refusals_go_to(
        lambda error, values: _log(error, act=str(act or Action(str(values["action"]))), values=values)
    )


def refusals_go_to(
    log: Callable[[ComplaintError, Mapping[str, Any]], None],
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a service whose refusals `log` writes down; it is given the error and the service's keywords.

    A full disk or a crowded moment is no refusal: nobody asked for too much, and there may be no room for the row.
    Goes outermost, around the transaction: what is refused is rolled back first, then the row is written.
    """

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def inner(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return service(*args, **kwargs)
            except (StorageFull, TooBusy):
                raise
            except ComplaintError as error:
                log(error, kwargs)
                raise

        return inner

    return decorate


def reporter_refusals_are_logged(act: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate what a reporter does with a receipt (`today` by keyword): what is refused leaves one row.

    The row tells the act, the reason and the day. It names no tip: it stands between acts of staff, whose minutes are
    known, and with the number it would tell when this reporter was there (docs/adr/0022). A receipt that opens nothing
    is no act on a tip.
    """

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def inner(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return service(*args, **kwargs)
            except (StorageFull, TooBusy, ReceiptUnknown):
                raise
            except ComplaintError as error:
                at = timezone.make_aware(datetime.combine(cast("date", kwargs["today"]), datetime.min.time()))
                audit.record(action="tip.refused", at=at, data={"act": act, "code": error.code})
                raise

        return inner

    return decorate


@contextmanager
def refused_changes_are_logged(
    *, act: str, subject: str, data: dict[str, Any], at: datetime, actor: User | None
) -> Iterator[None]:
    """Log what an administrator was refused (`setting.refused`); goes around the transaction of the change.

    Within a transaction of the caller the row lasts only if that one does: catch the refusal inside it.
    """
    try:
        yield
    except ComplaintError as error:
        if actor is not None:
            refused = {**data, "act": act, "code": error.code}
            audit.record(action="setting.refused", at=at, actor=actor, subject=subject, data=refused)
        raise


@transaction.atomic
def _log(error: ComplaintError, *, act: str, values: Mapping[str, Any]) -> None:
    number = Tip.objects.filter(pk=values["tip_id"]).values_list("number", flat=True).first()
    audit.record(
        action="tip.refused",
        at=values["at"],
        actor=values["actor"],
        subject=number or "",
        data={"act": act, "code": error.code},
    )

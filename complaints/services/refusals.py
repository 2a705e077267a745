"""A refused act leaves one row in the audit log, although everything else it did is undone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Action
from complaints.errors import ComplaintError, StorageFull, TooBusy
from complaints.models import Tip

from . import audit

P = ParamSpec("P")
R = TypeVar("R")


def refusals_are_logged(act: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a service on one tip (`tip_id`, `actor`, `at` by keyword); without `act` it is called with `action`.

    `act` is the value of an Action, or a short code of its own for what the workflow does not know.

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
                _log(error, act=str(act or Action(str(kwargs["action"]))), values=kwargs)
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
def _log(error: ComplaintError, *, act: str, values: dict[str, Any]) -> None:
    number = Tip.objects.filter(pk=values["tip_id"]).values_list("number", flat=True).first()
    audit.record(
        action="tip.refused",
        at=values["at"],
        actor=values["actor"],
        subject=number or "",
        data={"act": act, "code": error.code},
    )

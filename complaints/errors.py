"""Refusals. `public_message` is all a visitor ever sees of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from .enums import MergeFault, Problem, UnsealFault


@dataclass(frozen=True, kw_only=True)
class FieldProblem:
    """One thing wrong with one field; `index` counts photos from 0, `detail` is the piece of text it is about."""

    field: str
    problem: Problem
    index: int | None = None
    detail: str = ""


class ComplaintError(Exception):
    """Base of every refusal of this app."""

    code = "refused"
    status = 400
    public_message: str | Promise = _("This could not be done.")


class DraftInvalid(ComplaintError):
    """A submission breaks the rules; carries every problem found."""

    code = "invalid"
    status = 422
    public_message = _("Not sent yet. Some entries need a change.")

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(", ".join(f"{p.field}:{p.problem.value}" for p in problems))
        self.problems = tuple(problems)


class ReceiptUnknown(ComplaintError):
    """No tip belongs to this receipt; says nothing about why."""

    code = "receipt_unknown"
    status = 404
    public_message = _("No tip was found for this receipt. Please compare it with what you saved.")


class TipNotFound(ComplaintError):
    """The tip does not exist or lies outside the person's scope: the two must look alike."""

    code = "not_found"
    status = 404
    public_message = _("There is no such tip.")


class IllegalMove(ComplaintError):
    """The workflow has no such move from the present state."""

    code = "illegal_move"
    status = 409
    public_message = _("This step is not possible now. Somebody may have handled the tip in the meantime.")


class AccountHasActed(ComplaintError):
    """The account is named in records and can only be switched off."""

    code = "account_has_acted"
    status = 409
    public_message = _(
        "Nothing was deleted: this person has acted, and the records name them. Switch it off."
    )


class NotAllowed(ComplaintError):
    """The person lacks the role for this act."""

    code = "not_allowed"
    status = 403
    public_message = _("Your role does not include this step.")


class NoUnitToCall(ComplaintError):
    """A whistle would reach nobody: no active unit stands above the town."""

    code = "no_unit_to_call"
    status = 409
    public_message = _("No unit above yours can be called. Please ask the city to check the list of units.")


class ObjectionLate(ComplaintError):
    """The days for an objection are over; `until` was the last one."""

    code = "objection_late"
    status = 409

    def __init__(self, until: date) -> None:
        super().__init__(until.isoformat())
        self.public_message = _now(
            "The days for an objection are over: %(day)s was the last one. Nothing was changed. "
            "If you have something new, send a new tip."
        ) % {"day": date_format(until)}


class ObjectionPending(ComplaintError):
    """An objection to this answer was raised before; the review of it counts for everybody."""

    code = "objection_pending"
    status = 409
    public_message = _(
        "This answer is being looked at again already, or was. You read here what comes of it."
    )


class CannotMerge(ComplaintError):
    """Two tips are not put together; says why."""

    code = "cannot_merge"
    status = 409

    def __init__(self, fault: MergeFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.public_message = fault.label


class RequestNotFound(ComplaintError):
    """There is no such request, or it is none of this person's business: the two must look alike."""

    code = "not_found"
    status = 404
    public_message = _("There is no such request.")


class UnsealRefused(ComplaintError):
    """An act on a request for opening is refused; says why and shows nothing."""

    status = 409

    def __init__(self, fault: UnsealFault) -> None:
        super().__init__(fault.value)
        self.code = fault.value
        self.fault = fault
        self.public_message = fault.label


class VaultUnavailable(ComplaintError):
    """The vault key in the database is not the one pinned in settings."""

    code = "vault_unavailable"
    status = 503
    public_message = Problem.VAULT_CLOSED.label


class VaultTaken(ComplaintError):
    """The vault version is in use for another key, or a newer one is."""

    code = "vault_taken"
    status = 409
    public_message = _("This vault version is in use for another key, or a newer one exists.")


class DemoRefused(ComplaintError):
    """Demo data belong only where the demo vault is pinned."""

    code = "demo_refused"
    status = 409
    public_message = _("Demo data are refused here: settings pin a real vault.")


class StorageFull(ComplaintError):
    """Nothing was stored: the disk is full."""

    code = "storage_full"
    status = 503
    public_message = _("The system cannot store anything just now. Nothing was sent. Please call 12350.")


class TooManyOrphans(ComplaintError):
    """So many evidence files have no row that the database is probably another one."""

    code = "too_many_orphans"
    status = 409
    public_message = _("Most evidence files belong to no tip of this database. Nothing was deleted.")


class NotReady(ComplaintError):
    """The installation cannot take tips; the operator has to look, not the sender."""

    code = "not_ready"
    status = 503
    public_message = _("Tips cannot be taken just now. Nothing was sent. Please call 12350.")


class TooManyRequests(ComplaintError):
    """One network sends more than a person would."""

    code = "too_many_requests"
    status = 429
    public_message = _(
        "Very much is being sent from your network just now. Your entries are kept, try again in ten minutes."
    )


class TooBusy(ComplaintError):
    """The bounded pool for costly work stayed full."""

    code = "too_busy"
    status = 503
    public_message = _("Very many people are sending just now. Your entries are kept, try again in a minute.")

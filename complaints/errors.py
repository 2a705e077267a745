"""Refusals. `public_message` is all a visitor ever sees of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from .enums import HINDRANCES, Fact, KeyFault, MergeFault, Problem, ReviewFault, RewardFault, UnsealFault


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
    public_message: str | Promise = _(
        "This step is not possible now. Somebody may have handled the tip in the meantime."
    )


class ActHindered(IllegalMove):
    """A fact stands in the way; says which one and what to do about it."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(fact.value)
        self.code = fact.value
        self.public_message = HINDRANCES[fact]


class TakenByAnother(IllegalMove):
    """Somebody else took the tip on first; `name` is what colleagues call that person."""

    code = "taken_by_another"

    def __init__(self, name: str) -> None:
        super().__init__("somebody else handles the tip")
        self.public_message = _now("Nothing was changed: %(who)s took this tip on a moment ago.") % {
            "who": name
        }


class Overtaken(IllegalMove):
    """State or unit in charge changed after the page was shown; `step_id` is the first act that did it."""

    code = "overtaken"

    def __init__(self, step_id: int) -> None:
        super().__init__("the page is stale")
        self.step_id = step_id


class AccountHasActed(ComplaintError):
    """The account is named in records and can only be switched off."""

    code = "account_has_acted"
    status = 409
    public_message = _(
        "Nothing was deleted: this person has acted, and the records name them. Switch it off."
    )


class LogAtFault(ComplaintError):
    """The audit log does not verify; carries what was found. Nothing is signed over it."""

    code = "log_at_fault"
    status = 409
    public_message = _("The audit log does not verify. Nothing was signed. Run audit_verify.")

    def __init__(self, finding: Any) -> None:
        super().__init__("the audit log does not verify")
        self.finding = finding


class RolesApart(ComplaintError):
    """One person may not hold both roles in units of one line."""

    code = "roles_apart"
    status = 409

    def __init__(self, *, role: str, held: str, office: str) -> None:
        super().__init__("these two roles are kept apart")
        self.public_message = _now(
            "Nothing was given: this person is “%(held)s” in %(office)s, and “%(role)s” is kept apart from that. "
            "Take the other role back first, or name somebody else."
        ) % {"role": role, "held": held, "office": office}


class NotAllowed(ComplaintError):
    """The person lacks the role for this act."""

    code = "not_allowed"
    status = 403
    public_message = _("Your role does not include this step.")


class OwnProposal(NotAllowed):
    """Nobody decides on what they proposed themselves."""

    code = "own_proposal"
    public_message = _(
        "Nobody approves what they proposed themselves. Another person in charge has to do it."
    )


class OwnWork(NotAllowed):
    """Nobody judges a case, or an answer, in which they had a hand."""

    code = "own_work"
    public_message = _(
        "You handled or inspected this yourself, so you do not decide on it. Another person in charge has to do it."
    )


class NotToOneself(NotAllowed):
    """Nobody gives or takes an own role, closes the own account or resets the own second factor."""

    code = "not_to_oneself"
    status = 403
    public_message = _("Nobody changes this for himself or herself. Ask another administrator.")


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


class PeriodNotOver(ComplaintError):
    """A report was to be closed while its period still runs."""

    code = "period_not_over"
    status = 409
    public_message = _("Nothing was closed: this period is not over yet.")


class PeriodClosed(ComplaintError):
    """A report was to be closed that is closed already, without a reason for a correction."""

    code = "period_closed"
    status = 409
    public_message = _("This period is closed already. A correction needs a reason.")


class UnsealRefused(ComplaintError):
    """An act on a request for opening is refused; says why and shows nothing."""

    status = 409

    def __init__(self, fault: UnsealFault) -> None:
        super().__init__(fault.value)
        self.code = fault.value
        self.fault = fault
        self.public_message = fault.label


class RewardRefused(ComplaintError):
    """An act on a reward, a reward rule or a budget is refused; says why."""

    status = 409

    def __init__(self, fault: RewardFault) -> None:
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
    """The key is registered under another vault version, or the version is not the next one."""

    code = "vault_taken"
    status = 409
    public_message = _(
        "Nothing was registered: the key is known under another version, or this is not the next version."
    )


class KeyRefused(ComplaintError):
    """An act on the vault's keys is refused; says why."""

    status = 409

    def __init__(self, fault: KeyFault) -> None:
        super().__init__(fault.value)
        self.code = fault.value
        self.fault = fault
        self.public_message = fault.label


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


class PhotoUnreadable(ComplaintError):
    """Stored photos are missing or damaged; `names` says which, as officers know them."""

    code = "photo_unreadable"
    status = 409

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"{len(names)} photos")
        self.names = tuple(names)
        self.public_message = _now(
            "Nothing was made: the stored file is missing or damaged of %(photos)s. "
            "Please tell the people who run the machine: it comes back from the backup."
        ) % {"photos": pgettext("list", ", ").join(names)}


class TooManyOrphans(ComplaintError):
    """So many evidence files have no row that the database is probably another one."""

    code = "too_many_orphans"
    status = 409
    public_message = _("Most evidence files belong to no tip of this database. Nothing was deleted.")


class BackupRefused(ComplaintError):
    """A backup was not made or not put back; `fault` says why, for the operator's command to put into words."""

    code = "backup_refused"
    status = 409

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class OldKeyRing(ComplaintError):
    """This process was started before the key ring changed: signing on with the older key would break the log."""

    code = "old_key_ring"
    status = 503
    public_message = _(
        "This server still runs with earlier keys. Nothing was done; please tell the system administrator."
    )


class ReviewNotFound(ComplaintError):
    """The sample or file under review does not exist, or is none of the person's business: the two look alike."""

    code = "not_found"
    status = 404


class ReviewRefused(ComplaintError):
    """An act on the review of a file is refused; says why."""

    status = 409

    def __init__(self, fault: ReviewFault) -> None:
        super().__init__(fault.value)
        self.code = fault.value
        self.public_message = fault.label


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

"""Refusals around enterprises: their register, visits and internal tips."""

from collections.abc import Sequence

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from .enums import FileFault, InviteFault
from .errors import ComplaintError

MOST_NAMED = 10


class RegisterFileRefused(ComplaintError):
    """A file for the register of enterprises is refused as a whole; nothing of it is stored."""

    code = "register_file"
    status = 422

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.public_message = str(fault.label)


class RegisterRowsRefused(ComplaintError):
    """Some rows of a file are wrong, and nobody said that they are to be left out."""

    code = "register_rows"
    status = 409
    public_message = _("Nothing was stored: some rows are wrong. Put them right, or have them left out.")


class RegisterRowsTaken(ComplaintError):
    """While a file was being stored, somebody else added enterprises of it; nothing of the file is stored.

    `rows` are line numbers of the file with the credit code that stands there.
    """

    code = "register_taken"
    status = 409

    def __init__(self, rows: Sequence[tuple[int, str]]) -> None:
        super().__init__(self.code)
        self.rows = list(rows)
        named = pgettext("list", ", ").join(
            _now("row %(line)d (%(code)s)") % {"line": line, "code": code}
            for line, code in self.rows[:MOST_NAMED]
        )
        self.public_message = _now(
            "Nothing was stored: somebody else has just added %(rows)s. Check the file once more."
        ) % {"rows": named}


class CeilingReached(ComplaintError):
    """One more inspection would pass the ceiling of the year, and nobody said why it has to be."""

    code = "ceiling"
    status = 409
    public_message = _("This visit passes the ceiling of the year. Write why it is needed.")


class InsideTip(ComplaintError):
    """The receipt belongs to a tip inside a company: acts of the bureau's way are not possible there."""

    code = "inside_tip"
    status = 409
    public_message = _("This tip is with the company. Open it on the progress page.")


class ManagerApart(ComplaintError):
    """Safety managers of enterprises hold no role in a unit of the bureau."""

    code = "manager_apart"
    status = 409
    public_message = _(
        "This account belongs to the safety manager of an enterprise and takes no role in a unit."
    )


class InviteRefused(ComplaintError):
    """A code of an invitation opens nothing, or nothing any more."""

    code = "invite"

    def __init__(self, fault: InviteFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
        # What is over is gone for good; a code nobody knows may be a slip of the finger.
        self.status = 422 if fault == InviteFault.UNKNOWN else 410
        self.public_message = str(fault.label)


class PasswordRefused(ComplaintError):
    """A password chosen by an invitation may not be one; `messages` say why."""

    code = "password"
    status = 422

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__(self.code)
        self.messages = list(messages)
        self.public_message = " ".join(self.messages)


class TooFewReports(ComplaintError):
    """So few reports that figures on a page would tell colleagues who reported."""

    code = "too_few"
    status = 409
    public_message = _(
        "Fewer than 5 reports to the end of last month: figures would tell who reported. No draft was made."
    )


class EnterpriseNotFound(ComplaintError):
    """The enterprise does not exist or lies outside the person's scope: the two must look alike."""

    code = "not_found"
    status = 404
    public_message = _("There is no such enterprise.")

"""Refusals around enterprises: their register, visits and internal tips."""

from django.utils.translation import gettext_lazy as _

from .enums import FileFault
from .errors import ComplaintError


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


class TooFewReports(ComplaintError):
    """So few reports that figures on a page would tell colleagues who reported."""

    code = "too_few"
    status = 409
    public_message = _("Fewer than 5 reports this year: figures would tell who reported. No draft was made.")


class EnterpriseNotFound(ComplaintError):
    """The enterprise does not exist or lies outside the person's scope: the two must look alike."""

    code = "not_found"
    status = 404
    public_message = _("There is no such enterprise.")

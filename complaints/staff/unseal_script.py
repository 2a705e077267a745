"""The sentences that the scripts of the opening show; a script holds no words of its own."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import OpeningFault, UnsealFault


def script_words() -> dict[str, str]:
    """Return the sentences by the names the script knows them by."""
    faults = [*OpeningFault.choices, *UnsealFault.choices]
    return {
        **{value: str(label) for value, label in faults},
        **_breaks(),
        "other_reader_key": _(
            "The asker's page has another key than the one you compared. Its groups stand above now: compare them "
            "with the asker on the telephone, then enter the passphrase again. If the asker's page shows other groups, "
            "open nothing and tell the system administrator and the auditor."
        ),
        "insecure-context": _(
            "This browser cannot open envelopes: it needs HTTPS and a version of the last years."
        ),
        "unlocking": _("Unlocking the key file; this takes some seconds…"),
        "fetching": _("Fetching the envelope…"),
        "sent": _("Sealed to the asker's browser. The asker was told."),
        "sealedAway": _("Sealed away. Nothing of it is left on this page."),
        "hidden": _("The time is over; nothing of it is left on this page."),
        "saved": _(
            "Opened and saved on this computer. Hand the file over on a read-only medium, with the sheet."
        ),
        "shown": _("Shown on this page only, hidden in %(n)s seconds"),
        **_fields(),
        "ready": _(
            "This page is ready for the note. Keep it open: closed, it cannot read the note any more."
        ),
        **_tabs(),
        "lost": _(
            "This page cannot read the note: it was sealed to a page that is closed by now. Nobody can open it; it is "
            "deleted by itself. If you still need it, ask again."
        ),
        "readFailed": _(
            "The note does not open on this page. It is deleted; if you still need it, ask again."
        ),
        "sealedHash": _("SHA-256 of the sealed file: as stored"),
        "openedHash": _("SHA-256 of the opened file"),
    }


def _breaks() -> dict[str, str]:
    """Return what is said where the server does not answer, or wants to know again who is there."""
    return {
        "nothingShown": _("Nothing was shown."),
        "offline": _("The server could not be reached. Nothing was shown; try again."),
        "no-answer": _("The server did not answer as it should. Nothing was shown; try again in a minute."),
        "gone": _("This is not possible any more. Load the page again."),
        "reauth": _("Please give your password and code once more, then press the button again."),
        "signed-out": _("You have been signed out. Sign in again, then press the button again."),
        "giveIt": _("Give them in a new tab"),
    }


def _tabs() -> dict[str, str]:
    return {
        "otherTab": _(
            "This request is open in another tab, and the note is read there. To read it here, close the other tab "
            "and load this page again."
        ),
        "takenOver": _(
            "The server names another key than that of this page. If you opened the request on another computer, read "
            "the note there; otherwise load this page again, and tell the custodian on the telephone."
        ),
    }


def _fields() -> dict[str, str]:
    return {
        "name": pgettext("of a person", "Name"),
        "phone": _("Telephone"),
        "is_employee": _("Works there"),
        "yes": pgettext("of a ticked box", "yes"),
        "id_number": _("Identity number"),
        "account": _("Account"),
        "bank": _("Bank"),
    }

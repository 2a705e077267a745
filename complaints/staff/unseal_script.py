"""The sentences that the scripts of the opening show; a script holds no words of its own."""

from django.utils.translation import gettext as _

from complaints.enums import OpeningFault, UnsealFault


def script_words() -> dict[str, str]:
    """Return the sentences by the names the script knows them by."""
    faults = [*OpeningFault.choices, *UnsealFault.choices]
    return {
        **{value: str(label) for value, label in faults},
        "nothingShown": _("Nothing was shown."),
        "cannotReach": _("The server could not be reached. Nothing was shown; try again."),
        "reauth": _("Please give your password once more (a new tab opens), then press the button again."),
        "noCrypto": _("This browser cannot open envelopes: it needs HTTPS and a version of the last years."),
        "needFile": _("Choose the key file first."),
        "needPassphrase": _("Enter the passphrase first."),
        "unlocking": _("Unlocking the key file; this takes some seconds…"),
        "fetching": _("Fetching the envelope…"),
        "sent": _("Sealed to the asker's browser. The asker was told."),
        "sealedAway": _("Sealed away. Nothing of it is left on this page."),
        "hidden": _("The time is over; nothing of it is left on this page."),
        "saved": _(
            "Opened and saved on this computer. Hand the file over on a read-only medium, with the sheet."
        ),
        "shown": _("Shown on this page only, hidden in %(n)s seconds"),
        "name": _("Name"),
        "phone": _("Telephone"),
        "is_employee": _("Works there"),
        "id_number": _("Identity number"),
        "account": _("Account"),
        "bank": _("Bank"),
        "ready": _(
            "This page is ready for the note. Keep it open: closed, it cannot read the note any more."
        ),
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

"""Sentences that scripts show, sent along with the page, so that there is one catalogue."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def for_scripts() -> dict[str, str]:
    """Return the sentences by their short names; {braces} are filled in by the script."""
    return {
        **_photo_words(),
        **_place_words(),
        **_sending_words(),
        **_identity_words(),
        **_draft_words(),
        **_body_words(),
    }


def _photo_words() -> dict[str, str]:
    return {
        "photo": _("Photo {n}"),
        "remove": _("Remove photo {n}"),
        "replace": pgettext("photo", "Choose another"),
        "leaveOut": _("Leave this one out"),
        "clean": _("Its place will be removed"),
        "shrunk": _("Made smaller: {mb} MB"),
        "shrinking": _("Making it smaller"),
        "ready": _("Nothing wrong with this one. It will be sent again with the rest."),
        "tooLarge": _("This one has {mb} MB, at most 20 MB are taken. Choose another, or crop it first."),
        "notPhoto": _("This is not a photo. Choose a JPEG, PNG, WebP or HEIC picture."),
        "empty": _("This file is empty. Please choose another one."),
        "tooMany": _(
            "At most 9 photos at once. The other {n} were not taken; send them later with the receipt."
        ),
        "tooHeavy": _(
            "Together the photos have {mb} MB, at most 60 MB are taken. Leave one out and send it later."
        ),
        "photosNow": _("{n} photos chosen."),
    }


def _place_words() -> dict[str, str]:
    return {
        "locating": _("Looking for the place"),
        "located": _("Found by the phone"),
        "outside": _("The phone says a place outside the city. Choose the district, or write the address."),
        "locationDenied": _(
            "The phone did not give its place. Choose the district, or write the name of the factory."
        ),
    }


def _sending_words() -> dict[str, str]:
    return {
        "checking": _("Checking on your phone that no machine is at work"),
        "sending": _("Sending {percent} %, {done} of {total} MB. Please keep this page open."),
        "storing": _("All has arrived. It is being stored, a moment please."),
        "again": _("Send once more"),
        "notSent": _("Not sent yet"),
        "allHere": _("Everything you wrote and the photos are still here."),
        "offline": _(
            "No signal: nothing has got through yet. Everything is still here. "
            "Send once more when there is a signal; it stays one tip."
        ),
        "broken": _(
            "The server did not answer as it should. Everything is still here. "
            "Please send once more; it stays one tip."
        ),
        "proofFailed": _("Your phone could not do the check. Please answer the question above the button."),
    }


def _identity_words() -> dict[str, str]:
    return {
        "sealing": _("Sealing your name on this phone"),
        "needName": _("A real-name tip needs your name."),
        "needPhone": _("A real-name tip needs a mobile number where you can be reached."),
        "badPhone": _("This mobile number is not complete. It has 11 digits."),
        "otherKey": _(
            "The key of the vault is not the one made public. To protect you, your name was not sent. "
            "Report anonymously, or call 12350."
        ),
        "cannotSeal": _(
            "This browser cannot seal your name, so it was not sent. "
            "Report anonymously, or use another browser."
        ),
        "noVault": _(
            "The vault could not be reached, so nothing was sent. Send once more, or report anonymously."
        ),
    }


def _draft_words() -> dict[str, str]:
    return {
        "draftKept": _("Kept on this phone."),
        "draftGone": _("Deleted from this phone."),
        "draftBack": _("Here is what you had kept on this phone. Name and telephone are not kept."),
        "draftFailed": _("This browser cannot keep anything. Please do not close the page."),
    }


def _body_words() -> dict[str, str]:
    return {
        "bodyNamed": _(
            "{body} answers for this. You may send it here all the same: we pass it on and tell you."
        ),
        "bodyCall": _("Or call {tel}"),
    }


def for_receipt() -> dict[str, str]:
    """Return the sentences of the receipt page."""
    return {
        "title": _("Anshao tip receipt"),
        "copied": _("Copied. Paste it where only you can see it."),
        "notCopied": _("Could not copy. Press and hold the receipt above, or write it down."),
        "saved": _("The picture is on this phone. Mind that some albums go to the cloud by themselves."),
        "why": _("Opens progress and messages. If it is lost, nobody can replace it."),
    }


def for_status() -> dict[str, str]:
    """Return the sentences of the progress page."""
    photos = _photo_words()
    return {
        **{name: photos[name] for name in ("photo", "tooLarge", "tooHeavy")},
        "sending": _("Sending {percent} %, {done} of {total} MB. Please keep this page open."),
        "storing": _("All has arrived. It is being stored, a moment please."),
        "offline": _(
            "No signal: nothing has got through yet. What you wrote is still here, please send it once more."
        ),
        "broken": _(
            "The server did not answer as it should. What you wrote is still here, please send it once more."
        ),
        "chosen": _("{n} photos chosen."),
        **_claim_words(),
    }


def _claim_words() -> dict[str, str]:
    return {
        "claim_name": _("The name of the account's owner is missing."),
        "claim_id_number": _("The number of the identity card is not complete."),
        "claim_bank": _("The bank is missing."),
        "claim_account": _("The account number is not complete: digits alone."),
        "claim_consent": _("Please tick that these data may be used to pay you."),
        "otherKey": _(
            "The key of the vault is not the one made public. To protect you, nothing was sent. "
            "Collect the reward in person, or call 12350."
        ),
        "cannotSeal": _(
            "This browser cannot seal your details, so they were not sent. "
            "Use another browser, or collect the reward in person."
        ),
        "noVault": _("The vault could not be reached, so nothing was sent. Try once more later."),
    }

"""Codes of opening what is sealed: what, why, how far it got, and why it was refused."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnsealTarget(TextChoices):
    """What somebody asks to have opened."""

    IDENTITY = "identity", _("Identity of the reporter")
    CLAIM = "claim", _("Data of a reward claim")
    ORIGINAL = "original", _("Original photo")


class UnsealPurpose(TextChoices):
    """What it is needed for."""

    MEETING = "meeting", _("The verification needs a talk with the reporter")
    REWARD = "reward", _("A reward needs the identity to be checked")
    WITNESS = "witness", _("A criminal referral names the witness")
    EVIDENCE = "evidence", _("An original photo serves as evidence")
    PROTECTION = "protection", _("The reporter must be protected against retaliation")
    AUTHORITY = "authority", _("A court, procurator or supervisor asks for it by law")


class UnsealStatus(TextChoices):
    """How far a request has got. `opened` says that a custodian holds the envelope, `nothing` that there was none."""

    ASKED = "asked", _("Waits for approval")
    APPROVED = "approved", _("May be opened")
    REFUSED = "refused", _("Returned")
    NOTHING = "nothing", _("Nothing to open")
    OPENED = "opened", _("Opened")
    READ = "read", _("Used and sealed again")
    EXPIRED = "expired", _("Run out")
    WITHDRAWN = "withdrawn", _("Taken back")


class UnsealAct(TextChoices):
    """What is done about a request; each is a step of its history and a row of the audit log."""

    LOOK = "look", _("Look at the request")
    ASK = "ask", _("Ask for the opening")
    APPROVE = "approve", _("Approve the opening")
    REFUSE = "refuse", _("Return the request")
    REVOKE = "revoke", _("Take the approval back")
    WITHDRAW = "withdraw", _("Withdraw the request")
    FIND_NOTHING = "find_nothing", _("Find nothing to open")
    GIVE_KEY = "give_key", _("Make the browser ready for the note")
    HAND_OUT = "hand_out", _("Fetch the sealed envelope")
    REPORT_FAULT = "report_fault", _("Report that it did not open")
    DELIVER = "deliver", _("Seal the note to the asker")
    READ = "read", _("Read the note, once")
    HAND_OVER = "hand_over", _("Record the opened original")
    TAKE_OVER = "take_over", _("Confirm the hand-over of the original")
    EXPIRE = "expire", _("Run out")


class UnsealFault(TextChoices):
    """Why an act on a request is refused; the label is the sentence shown."""

    NOT_NOW = (
        "not_now",
        _("This is not possible now. Somebody may have been faster; the page shows where it stands."),
    )
    BOTH_ENDS = (
        "both_ends",
        _("One person never stands at both ends: asker, approver and custodian are three people."),
    )
    TOO_LATE = (
        "too_late",
        _("The time of this approval is over. Nothing was shown. Whoever still needs it asks again."),
    )
    TAKEN = "taken", _("Another custodian has taken this request a moment ago. Nothing was shown to you.")
    NO_READER = (
        "no_reader",
        _("The asker's browser is not ready yet. The asker has to open the page of the request."),
    )
    OTHER_READER = (
        "other_reader",
        _("The asker has opened a new page meanwhile. Seal the note again, to the new key."),
    )
    ASKER_GONE = "asker_gone", _("The asker does not handle this tip any more. Nothing was handed out.")
    APPROVER_GONE = (
        "approver_gone",
        _("Whoever approved this does not lead the unit any more. Nothing was handed out; ask again."),
    )
    UNPROVEN = (
        "unproven",
        _(
            "The audit log does not confirm what this request says. Nothing was handed out. "
            "Please tell the system administrator at once."
        ),
    )
    MISPLACED = (
        "misplaced",
        _(
            "What is sealed here does not belong to this tip as it was received. Nothing was handed out. "
            "Please tell the system administrator at once."
        ),
    )
    WAITING = "waiting", _("You have asked for this already. That request is still open.")
    TOO_NEW = (
        "too_new",
        _(
            "The waiting period is not over: a new role, or a password or second step that somebody else set, "
            "takes part in openings only after some days."
        ),
    )
    FILE_GONE = (
        "file_gone",
        _(
            "The original is missing: its file is not stored. The request is free again. Tell the administrator."
        ),
    )
    OTHER_HASH = (
        "other_hash",
        _("This is not the SHA-256 of the opened file. Compare the file with the sheet."),
    )


class OpeningFault(TextChoices):
    """What a custodian's browser says when something does not open; never content."""

    BAD_KEY_FILE = "bad_key_file", _("The file is no key file")
    WRONG_PASSPHRASE = "wrong_passphrase", _("The passphrase does not open the key file")
    OTHER_VAULT = "other_vault", _("The key file belongs to another vault")
    NOT_OPENED = "not_opened", _("The envelope does not open: altered, or sealed for another tip")
    BAD_CONTENT = "bad_content", _("The envelope opens, but holds no name")
    OTHER_SEALED_HASH = "other_sealed_hash", _("The sealed file is not the one that was stored")
    MISSING_FILE = "missing_file", _("The sealed file is missing in the storage")
    BAD_READER_KEY = "bad_reader_key", _("The asker's key is unusable")
    OTHER_READER_KEY = (
        "other_reader_key",
        _("The asker's key changed while the page of the custodian was open"),
    )

"""Codes of the vault's keys: how a custodian came by one, how a version stands, how far a re-seal has got."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class KeyOrigin(TextChoices):
    """How a custodian came by a key file."""

    MADE = "made", _("made the key")
    HANDED = "handed", _("was handed a key file")
    RECOVERED = "recovered", _("recovered it from two sheets")


class KeyState(TextChoices):
    """How a version of the vault stands."""

    IN_USE = "in_use", _("in use")
    PENDING = "pending", _("waits for the settings")
    EARLIER = "earlier", _("earlier, opens what is old")
    ALTERED = "altered", _("not the registered key")


class ResealState(TextChoices):
    """How far moving what is sealed to another version has got."""

    WAITING = "waiting", _("waits for approval")
    READY = "ready", _("approved, under way")
    REFUSED = "refused", _("refused")
    EXPIRED = "expired", _("run out")
    DONE = "done", _("done")


class SealedKind(TextChoices):
    """What lies sealed to the vault."""

    IDENTITY = "identity", _("Identity")
    CLAIM = "claim", _("Data of a reward claim")
    ORIGINAL = "original", _("Original photo")


class KeyFault(TextChoices):
    """Why an act on the vault's keys is refused; the label is the sentence shown."""

    BAD_KEY = "bad_key", _("This is not a public key. Nothing was registered.")
    OTHER_FINGERPRINT = (
        "other_fingerprint",
        _("The fingerprint is not that of the registered key. Nothing was recorded."),
    )
    NO_VAULT = "no_vault", _("There is no such version of the vault.")
    NO_CUSTODIAN = (
        "no_custodian",
        _("A key file is handed to another custodian with an account that is open."),
    )
    NOTHING_TO_MOVE = "nothing_to_move", _("Nothing is sealed to that version, or it is the one in use.")
    ALREADY_ASKED = "already_asked", _("This has been asked for already. That request is still open.")
    BOTH_ENDS = "both_ends", _("Whoever asks does not approve: these are two people.")
    NOT_READY = (
        "not_ready",
        _("This is not possible now: not approved, over, refused, or the key in use has changed."),
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
    ORIGINAL_GONE = (
        "original_gone",
        _(
            "The original is missing: its sealed file is not stored. The others go on. Tell the administrator."
        ),
    )
    NOT_PROVEN = (
        "not_proven",
        _(
            "It was not shown that the key is held here, or that took too long. Nothing was recorded; try again."
        ),
    )
    NOT_ON_ITS_WAY = "not_on_its_way", _("No key file of this version is on its way to you.")
    MISFIT = "misfit", _("What came back was not sealed for the version in use. Nothing was replaced.")


class KeyWork(TextChoices):
    """On which page of the vault's keys something did not fit."""

    NEW = "new", _("Make a key")
    HAND_OVER = "hand_over", _("Hand over a key file")
    RECEIVE = "receive", _("Receive a key file")
    RECOVER = "recover", _("Recover from two sheets")
    RESEAL = "reseal", _("Move what is sealed")


class KeyMisfit(TextChoices):
    """What did not fit in a custodian's browser; never content. The names are those of the bundle."""

    BAD_KEY_FILE = "bad_key_file", _("The file is no key file")
    WRONG_PASSPHRASE = "wrong_passphrase", _("The passphrase does not open the key file")
    OTHER_VAULT = "other_vault", _("The key file belongs to another vault")
    OTHER_KEY = "other_key", _("Another key than the registered one")
    OTHER_FILE = "other_file", _("Not the key file that was saved")
    WRONG_WORDS = "wrong_words", _("Words typed back are not those on the sheets")
    UNKNOWN_WORD = "unknown_word", _("A word is on no sheet")
    BAD_SHEET = "bad_sheet", _("The words of a sheet do not fit together")
    TOO_FEW_SHEETS = "too_few_sheets", _("One sheet alone")
    TOO_MANY_SHEETS = "too_many_sheets", _("More sheets than are needed")
    SAME_SHEET = "same_sheet", _("The same sheet twice")
    SHEETS_DIFFER = "sheets_differ", _("Sheets of two sets")
    NOT_OPENED = "does_not_open", _("Something sealed does not open")
    BAD_ENVELOPE = "bad_envelope", _("An envelope is malformed")
    BAD_FILE = "bad_file", _("A sealed file is malformed")

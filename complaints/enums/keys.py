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
    MISFIT = "misfit", _("What came back was not sealed for the version in use. Nothing was replaced.")

"""Codes of what must not stand in a published text: what was found, and why it has to go."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NamePolicy(TextChoices):
    """How a case may call an enterprise. A natural person is never called by the full name."""

    DEIDENTIFIED = "deidentified", _("Without names")
    NAMED = "named", _("Enterprises by name")


class PrivateKind(TextChoices):
    """What a published text must not hold."""

    ID_NUMBER = "id_number", _("Number of an identity card")
    CREDIT_CODE = "credit_code", _("Unified social credit code")
    BANK_CARD = "bank_card", _("Bank card or account")
    PHONE = "phone", _("Mobile number")
    LANDLINE = "landline", _("Landline number")
    EMAIL = "email", _("E-mail address")
    WECHAT = "wechat", _("WeChat account")
    QQ = "qq", _("QQ number")
    PLATE = "plate", _("Number plate")
    COORDINATES = "coordinates", _("Coordinates")
    DATE_PLACE_ROLE = "date_place_role", _("Day, place and role together")
    ADDRESS = "address", _("Address with a house number")
    COMPANY = "company", _("Full name of an enterprise")
    PERSON = "person", _("Name of a person")


class PrivateReason(TextChoices):
    """Why it has to go; the values are those of PrivateKind and the label is the sentence shown beside the find."""

    ID_NUMBER = "id_number", _("An identity number leads to one person and is never published.")
    CREDIT_CODE = "credit_code", _("The code names the enterprise, whatever it is called in the text.")
    BANK_CARD = "bank_card", _("A bank card or account is never published.")
    PHONE = "phone", _("A mobile number leads to one person and is never published.")
    LANDLINE = "landline", _("A telephone number leads to a person or an enterprise.")
    EMAIL = "email", _("An e-mail address leads to a person.")
    WECHAT = "wechat", _("A WeChat account leads to a person.")
    QQ = "qq", _("A QQ number leads to a person.")
    PLATE = "plate", _("A number plate leads to the owner of the vehicle.")
    COORDINATES = "coordinates", _("Coordinates show the exact place, however the enterprise is called.")
    DATE_PLACE_ROLE = (
        "date_place_role",
        _("Day, place and role together show colleagues who it was, or who reported it."),
    )
    ADDRESS = "address", _("A house number shows who is meant. Street or town are enough.")
    COMPANY = "company", _("A case without names says city and trade only.")
    PERSON = "person", _("A natural person is always called by the surname and 某.")

"""An alarm to every administrator, once a day, while no key in the database is the one the settings pin."""

import logging
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.models import VaultAlarm
from complaints.selectors.keys import administrators
from complaints.selectors.vaults import is_pinned

logger = logging.getLogger(__name__)


def raise_if_swapped(*, today: date, pinned: str) -> int:
    """Write to every administrator with an address, once a day; return how many letters went out.

    Called at every look of the timer, with the daily task and with the waiting letters: a key that is changed at noon
    is not left until the next morning. A round that reached nobody counts as none.

    The desk of every administrator shows the alarm as well, whether letters can be sent or not.
    """
    if is_pinned(pinned=pinned):
        return 0
    logger.critical("identity vault: no key in the database is the one pinned in VAULT_FINGERPRINT")
    if not _claimed(today):
        return 0
    sent = _send([one.email for one in administrators() if one.email])
    row = VaultAlarm.objects.filter(day=today)
    if sent:
        row.update(letters=sent)
    else:  # nobody was reached: the next look tries again
        row.delete()
    return sent


def _claimed(today: date) -> bool:
    """Take the day; of several processes one succeeds."""
    try:
        with transaction.atomic():
            VaultAlarm.objects.create(day=today)
    except IntegrityError:
        return False
    return True


def _send(addresses: list[str]) -> int:
    """Send one letter to each, so that nobody reads who else runs the machine; no log line names a person."""
    sent = 0
    try:
        with get_connection() as connection:
            for address in addresses:
                sent += connection.send_messages([_letter(address)]) or 0
    except (OSError, ValueError) as error:
        logger.error("vault alarm: letters not sent: %s", type(error).__name__)
    return sent


def _letter(address: str) -> EmailMessage:
    url = f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse('wagtailadmin_home')}"
    with override("zh-hans"):
        subject = _("The key of the identity vault is not the one in the settings")
        words = _(
            "The portal found no vault key with the fingerprint named in VAULT_FINGERPRINT.\n\n"
            "It takes anonymous tips only until this is settled. Either the setting is wrong, or somebody has changed "
            "the key in the database. Do not change the setting before a custodian has compared the fingerprint with "
            "the record of the key ceremony.\n\n%(url)s"
        )
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, words % {"url": url}, to=[address], headers=headers)

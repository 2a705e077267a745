"""Since when somebody takes part in openings, in words for the custodian."""

from collections.abc import Collection
from datetime import date

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import Role
from complaints.selectors.waiting import Since

from .story import minute_text, name_of


def since_words(person: User, since: Since, *, roles: Collection[Role], today: date) -> str:
    """Return the name, since when the roles that count here are held, and when somebody else reset the sign-in."""
    parts = [name_of(person)]
    for role, moment in since.given.items():
        if role in roles:
            when = minute_text(moment, today=today) if moment else _("before the records begin")
            parts.append(_("%(role)s since: %(when)s") % {"role": role.label, "when": when})
    if since.reset_at is not None:
        when = minute_text(since.reset_at, today=today)
        parts.append(_("password or second step set by somebody else: %(when)s") % {"when": when})
    return pgettext("list of facts", " · ").join(parts)

"""The script that says in time that a desk left alone will close, with its words in the language of the page."""

import json

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WARN_SECONDS = 120


def script() -> SafeString:
    """Return the element that loads it; what it needs to know stands in its attributes."""
    words = {
        "soon": _("You have not done anything for a while. This desk closes in two minutes."),
        "stay": _("Go on working"),
        "title": _("This desk has closed"),
        "closed": _("Nobody used it for a while. What you typed is still here: sign in again, then go on."),
        "login": _("Sign in in a new window"),
        "back": _("I have signed in, go on"),
        "still": _("Not signed in yet, or somebody else is. Sign in as yourself first."),
    }
    return format_html(
        '<script src="{}" data-url="{}" data-login="{}" data-idle="{}" data-warn="{}" data-words="{}"></script>',
        static("desk/idle.js"),
        reverse("still_here"),
        reverse("account_login"),
        settings.IDLE_MINUTES * 60,
        WARN_SECONDS,
        json.dumps(words, ensure_ascii=False),
    )

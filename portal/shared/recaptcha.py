"""The other check against machines: Google's, where a city chose it (`CAPTCHA_BACKEND=recaptcha`, docs/adr/0044).

It shows the visitor's address to somebody else, so nothing of it is loaded before the visitor asks for it, the plain
question stands beside it always, and the address is never sent along by us.
"""

import hashlib
import logging
import re
from dataclasses import dataclass
from threading import BoundedSemaphore

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django_recaptcha.fields import ReCaptchaField

from .bilingual import is_english

__all__ = ["RESPONSE_FIELD", "MachineField", "Widget", "allow_widget", "is_chosen", "verified", "widget"]

RESPONSE_FIELD = "g-recaptcha-response"
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,8192}")
# A slow answer from abroad holds a thread: few wait at once, and whoever finds no place answers the question.
AT_ONCE = 2
# The widget's scripts come from here as well, whichever of its two domains was asked.
FILES = ("https://www.gstatic.cn/recaptcha/", "https://www.gstatic.com/recaptcha/")
# What was verified once holds for a second try of the same tip; Google answers each token once.
REMEMBERED_SECONDS = 600
# After a failure nobody is made to wait for the same failure again for a while.
PAUSE_SECONDS = 30
AWAY = "recaptcha-away"

_log = logging.getLogger(__name__)
_asking = BoundedSemaphore(AT_ONCE)


class MachineField(ReCaptchaField):
    """Asks whether a token is good; a host that cannot be reached is an error of the field, never of the page."""

    # The library's own widget is an inline script without a nonce, which the policy of every page refuses.
    def get_remote_ip(self) -> str:
        """Return nothing: the address of a reporter is nobody's business."""
        return ""

    def validate(self, value: str) -> None:
        """Raise ValidationError where the token is refused or nobody can say."""
        try:
            super().validate(value)
        except ValidationError:
            raise
        except Exception as error:  # noqa: BLE001  not reached, late, cut off, no JSON: all of it is "nobody can say"
            cache.set(AWAY, 1, PAUSE_SECONDS)
            _log.warning("The check against machines could not be asked: %s", type(error).__name__)
            raise ValidationError(self.error_messages["captcha_error"], code="captcha_error") from None


def is_chosen() -> bool:
    """Whether this city offers the widget."""
    return bool(settings.CAPTCHA_BACKEND == "recaptcha")


@dataclass(frozen=True, kw_only=True)
class Widget:
    """What the page needs to load the widget: the address of its script, the host it is on, the public key."""

    script: str
    host: str
    key: str


def widget() -> Widget | None:
    """Return the widget in the language of the page; None where the city did not choose it."""
    if not is_chosen():
        return None
    host, language = settings.RECAPTCHA_DOMAIN, "en" if is_english() else "zh-CN"
    script = f"https://{host}/recaptcha/api.js?onload=anshaoWidget&render=explicit&hl={language}"
    return Widget(script=script, host=host, key=settings.RECAPTCHA_PUBLIC_KEY)


def verified(token: str) -> bool:
    """Return whether Google calls this token good; False as well where nobody can say."""
    if not TOKEN.fullmatch(token):
        return False
    name = "recaptcha-verified:" + hashlib.sha256(token.encode()).hexdigest()
    if cache.get(name):
        return True
    if cache.get(AWAY) or not _asking.acquire(blocking=False):
        return False
    try:
        MachineField(
            public_key=settings.RECAPTCHA_PUBLIC_KEY, private_key=settings.RECAPTCHA_PRIVATE_KEY
        ).clean(token)
    except ValidationError:
        return False
    finally:
        _asking.release()
    cache.set(name, 1, REMEMBERED_SECONDS)
    return True


def allow_widget(response: HttpResponse) -> HttpResponse:
    """Widen the content policy of a form page by the widget's own addresses, where the city chose it."""
    if is_chosen():
        own = f"https://{settings.RECAPTCHA_DOMAIN}/recaptcha/"
        response._csp_update = {  # type: ignore[attr-defined]  # the library's name
            "script-src": [own, *FILES],
            "frame-src": [own],
            "connect-src": [own],
        }
    return response

"""A city's servers: every key comes from the environment, and demo keys are refused."""

import re

from django.core.exceptions import ImproperlyConfigured

from portal.devkeys import DEMO_VAULT_FINGERPRINT

from .base import *  # noqa: F403  settings modules extend each other by star
from .base import DATABASES, URL_PREFIX, env
from .refusals import faults
from .security import *  # noqa: F403  settings modules extend each other by star

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
KEY_RING = env("KEY_RING")
CHECKPOINT_KEY = env("CHECKPOINT_KEY")
VAULT_FINGERPRINT = env("VAULT_FINGERPRINT")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATABASE_URL = env("DATABASE_URL")

if VAULT_FINGERPRINT == DEMO_VAULT_FINGERPRINT:
    raise ImproperlyConfigured("VAULT_FINGERPRINT is the demo vault: its private key is public knowledge.")
if not VAULT_FINGERPRINT.strip():
    raise ImproperlyConfigured("VAULT_FINGERPRINT is empty: names would be sealed to whoever answers.")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the portal's own hosts.")
if not KEY_RING.strip():
    raise ImproperlyConfigured("KEY_RING is empty.")
_names = ("DEBUG", "ALLOW_SQLITE", "STORAGE_URL", "METRICS_TOKEN")
_given = {name: env(name, default="") for name in _names}
_given |= {"CAPTCHA_BACKEND": CAPTCHA_BACKEND, "RECAPTCHA_DOMAIN": RECAPTCHA_DOMAIN}
_given |= {"RECAPTCHA_PUBLIC_KEY": RECAPTCHA_PUBLIC_KEY, "RECAPTCHA_PRIVATE_KEY": RECAPTCHA_PRIVATE_KEY}
_given |= {"SECRET_KEY": SECRET_KEY, "KEY_RING": KEY_RING, "CHECKPOINT_KEY": CHECKPOINT_KEY}
if _faults := faults(values=_given, engine=DATABASES["default"]["ENGINE"]):
    raise ImproperlyConfigured(" ".join(_faults))

# Links in messages to staff: the environment may say another one, never the address of a developer's machine.
WAGTAILADMIN_BASE_URL = env("WAGTAILADMIN_BASE_URL", default=f"https://{ALLOWED_HOSTS[0].lstrip('.')}")

SECURE_SSL_REDIRECT = True
# The supervisor asks inside the house, where there is no TLS; the answers say nothing about tips. Programs are refused
# instead of sent on (portal/shared/api_errors.py).
SECURE_REDIRECT_EXEMPT = [
    rf"^{re.escape(URL_PREFIX)}(healthz|readyz|metrics)$",
    rf"^{re.escape(URL_PREFIX)}api/",
]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63072000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
# Of this host alone: no neighbour below the same domain can set or read them.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True

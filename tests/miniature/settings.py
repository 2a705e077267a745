"""Production as it is, but for what a test on one machine needs: the demonstration vault, no check against machines."""

import os

from portal.devkeys import DEMO_VAULT_FINGERPRINT
from portal.settings.production import *  # noqa: F403  settings modules extend each other by star
from portal.settings.production import INSTALLED_APPS

VAULT_FINGERPRINT = DEMO_VAULT_FINGERPRINT
CAPTCHA_BACKEND = "none"
if os.environ.get("MINIATURE_UPGRADED"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.miniature.later"]

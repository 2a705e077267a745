"""The settings of `make run`, without collected static files and without the check against machines."""

from portal.settings.dev import *  # noqa: F403  settings modules extend each other by star
from portal.settings.dev import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CAPTCHA_BACKEND = "none"

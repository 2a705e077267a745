"""App configuration of the shared layer."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    """Templates, template tags and middleware; no tables."""

    name = "portal.shared"
    label = "portal_shared"

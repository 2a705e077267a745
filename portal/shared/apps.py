"""App configuration of the shared layer."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    """Templates, template tags and middleware; no tables."""

    name = "portal.shared"
    label = "portal_shared"

    def ready(self) -> None:
        """Listen to sessions that end; let no chooser need an inline script."""
        from django.contrib.auth.signals import user_logged_out

        from . import choosers
        from .middleware import note_ended

        choosers.install()

        user_logged_out.connect(note_ended, dispatch_uid="portal.shared.note_ended")

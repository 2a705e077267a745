"""The app of the next version."""

from django.apps import AppConfig


class LaterConfig(AppConfig):
    """Comes with the upgrade."""

    name = "tests.miniature.later"
    label = "miniature_later"
    default_auto_field = "django.db.models.BigAutoField"

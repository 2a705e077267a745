"""App configuration of the public pages: every database gets its pages, parked pictures are cleaned."""

from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_delete, post_migrate, pre_migrate, pre_save
from django.utils.translation import gettext_lazy as _

from portal.shared import law_links
from portal.shared.logs import quiet


class HomeConfig(AppConfig):
    """Home page, protection page, content pages, site settings."""

    name = "home"
    verbose_name = _("Public pages")

    def ready(self) -> None:
        """Connect what must happen whoever migrates and whoever uploads."""
        from wagtail.models import UploadedFile

        from complaints import events

        from .models import SiteVideo
        from .models.pictures import clean_waiting_upload
        from .models.videos import video_deleted
        from .rule_links import rule_addresses
        from .services.bulletins import bulletin_asked
        from .services.practice import practice_wanted

        post_migrate.connect(make_site, sender=self)
        law_links.register(rule_addresses)
        _keep_pages()
        pre_save.connect(clean_waiting_upload, sender=UploadedFile)
        post_delete.connect(video_deleted, sender=SiteVideo)
        events.practice_wanted.connect(practice_wanted)
        events.bulletin_asked.connect(bulletin_asked)


def _keep_pages() -> None:
    """Watch every connection for what changes public pages."""
    from .page_cache import mark

    connection_created.connect(mark.watch, dispatch_uid="page_cache")
    pre_migrate.connect(mark.migration_begins, dispatch_uid="page_cache")
    post_migrate.connect(mark.migration_ends, dispatch_uid="page_cache")


def make_site(*, plan: Any = None, **_kwargs: Any) -> None:
    """Make the first pages after `migrate`, once the schema is whole; a flush of the database makes none."""
    from .services.site import ensure_site

    if plan is not None and _schema_is_whole():
        with quiet():
            ensure_site()


def _schema_is_whole() -> bool:
    loader = MigrationLoader(connection)
    return all(key in loader.applied_migrations for key in loader.graph.leaf_nodes())

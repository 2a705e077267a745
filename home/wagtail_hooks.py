"""Registration with Wagtail and nothing else."""

from typing import Any

from django.http import HttpRequest
from django.urls import path
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from home.covering import CoverView
from home.desk.bulletins import (
    BulletinsView,
    BulletinViewSet,
    DraftBulletinView,
    add_bulletins,
    bulletin_viewset,
)
from home.desk.menu import OutreachGroup
from home.desk.visit_check import VisitFindsView

register_snippet(OutreachGroup)


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [
        path("pictures/<int:picture_id>/cover/", CoverView.as_view(), name="cover_picture"),
        path("visits/<int:visit_id>/finds/", VisitFindsView.as_view(), name="visit_finds"),
        path("bulletins/", BulletinsView.as_view(), name="bulletins"),
        path("bulletins/draft/", DraftBulletinView.as_view(), name="bulletin_draft"),
    ]


@hooks.register("register_admin_viewset")
def register_viewsets() -> BulletinViewSet:
    return bulletin_viewset


# After the desk, which clears the panels of people who edit no page.
@hooks.register("construct_homepage_panels", order=10)
def bulletins_panel(request: HttpRequest, panels: list[Component]) -> None:
    add_bulletins(request, panels)

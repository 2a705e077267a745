"""Registration with Wagtail and nothing else."""

from typing import Any

from django.urls import path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from home.covering import CoverView
from home.desk.menu import OutreachGroup

register_snippet(OutreachGroup)


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [path("pictures/<int:picture_id>/cover/", CoverView.as_view(), name="cover_picture")]

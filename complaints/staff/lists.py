"""How the lists of the system administrator are kept: only the routes that are named exist, every change is logged."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import ngettext
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.snippets.views import snippets

from complaints.services.administration import Act, note_change

LISTS = frozenset({"index", "index_results", "list", "list_results"})
CHANGES = frozenset({"add", "edit", "delete"})


class OnlyTheseRoutes:
    """Cuts the routes Wagtail adds by itself: what is not named is not there, and nothing links to it."""

    routes: frozenset[str]

    def get_urlpatterns(self) -> list[URLPattern]:
        every: list[URLPattern] = super().get_urlpatterns()  # type: ignore[misc]  # a mixin
        return [one for one in every if one.name in LISTS | self.routes]

    def get_url_name(self, view_name: str) -> str | None:
        if view_name not in LISTS | self.routes:
            return None
        name: str = super().get_url_name(view_name)  # type: ignore[misc]  # a mixin
        return name

    def register_admin_url_finder(self) -> None:
        if "edit" in self.routes:
            super().register_admin_url_finder()  # type: ignore[misc]  # a mixin


class Logged:
    """Logs what a view saves, in the same transaction."""

    act: Act
    request: HttpRequest
    form: BaseForm

    def save_instance(self) -> Any:
        row = super().save_instance()  # type: ignore[misc]  # a mixin
        note_change(
            row=row,
            act=self.act,
            fields=self.form.changed_data,
            at=timezone.now(),
            actor=_actor(self.request),
        )
        return row


class LoggedDelete:
    """Logs what a view deletes, in the same transaction."""

    request: HttpRequest
    object: Any

    def delete_action(self) -> None:
        with transaction.atomic():
            note_change(
                row=self.object, act="deleted", fields=(), at=timezone.now(), actor=_actor(self.request)
            )
            super().delete_action()  # type: ignore[misc]  # a mixin


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


class ListPaginator(WagtailPaginator):
    """Says how many rows there are, whatever they are called."""

    @cached_property
    def items_count_label(self) -> str:
        return ngettext("%(n)d entry in all", "%(n)d entries in all", self.count) % {"n": self.count}


class ListView(snippets.IndexView):
    """A list without boxes to tick: many rows at once are neither changed nor deleted."""

    paginator_class = ListPaginator

    @cached_property
    def columns(self) -> list[Column]:
        return [one for one in super().columns if not isinstance(one, BulkActionsCheckboxColumn)]


class AddView(Logged, snippets.CreateView):
    """Add a row and log it."""

    act = "added"


class EditView(Logged, snippets.EditView):
    """Change a row and log it."""

    act = "changed"


class DeleteView(LoggedDelete, snippets.DeleteView):
    """Delete a row and log it."""


class ListViewSet(OnlyTheseRoutes, snippets.SnippetViewSet):
    """One list: looked at, and changed by the routes it names."""

    routes = CHANGES
    add_to_settings_menu = True
    copy_view_enabled = False
    index_view_class = ListView
    add_view_class = AddView
    edit_view_class = EditView
    delete_view_class = DeleteView

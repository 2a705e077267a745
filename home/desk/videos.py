"""Videos in the back office: whoever stores one is told in words when the server has no room for it."""

from django.forms import BaseForm
from django.http import HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from complaints.errors import StorageFull
from home.models import SiteVideo
from portal.shared.picture_chooser import PictureChooser


class _ToldWhenFull:
    """A form that comes back with what was typed where the disk is full; nothing of it is stored."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            done: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # a mixin
        except StorageFull:
            form.add_error(
                None,
                _(
                    "Nothing was stored: the server has no room left for files. Tell the system administrator. Your "
                    "words are still here; choose the files once more when there is room."
                ),
            )
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]  # a mixin
            refused: HttpResponse = self.form_invalid(form)  # type: ignore[attr-defined]  # a mixin
            refused.status_code = StorageFull.status
            return refused
        return done


class VideoAddView(_ToldWhenFull, CreateView):
    """A new video."""


class VideoEditView(_ToldWhenFull, EditView):
    """A video that gets other words or files."""


class VideoViewSet(SnippetViewSet):
    """Videos by file."""

    model = SiteVideo
    icon = "media"
    copy_view_enabled = False
    add_view_class = VideoAddView
    edit_view_class = VideoEditView
    list_display = ["title", "length"]
    search_fields = ["title"]
    panels = [
        FieldPanel("title"),
        FieldPanel("title_en"),
        FieldPanel("file"),
        FieldPanel("seconds"),
        FieldPanel("poster", widget=PictureChooser),
        FieldPanel("captions"),
        FieldPanel("transcript"),
    ]

"""The list of matters without a fine, for those who keep it: rows by hand, or a whole file at once."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages as notices
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views import snippets

from home.models import NoPenaltyMatter
from home.services.no_penalty import COLUMNS, NEEDED, import_matters

MAY_IMPORT = "home.change_nopenaltymatter"


class ImportForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=gettext_lazy("UTF-8, or as a Chinese spreadsheet saves it. At most 1 MB."),
    )


class ImportView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]  # generic only in the stubs
    """Takes a file whole, or says line by line what is wrong with it and takes nothing."""

    form_class = ImportForm
    template_name = "home/desk/import_matters.html"
    page_title = gettext_lazy("Take a list from a file")
    header_icon = "upload"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(MAY_IMPORT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listed = {"url": self.get_success_url(), "label": capfirst(NoPenaltyMatter._meta.verbose_name_plural)}
        return [*self.breadcrumbs_items, listed, {"url": "", "label": self.page_title}]

    def get_success_url(self) -> str:
        return reverse(MatterViewSet.LIST)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [(name, name in NEEDED) for name in COLUMNS]
        return {**super().get_context_data(**kwargs), "columns": columns, "list_url": self.get_success_url()}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        done = import_matters(data=form.cleaned_data["file"].read())
        if done.problems:
            return self.render_to_response(
                self.get_context_data(form=form, problems=done.problems), status=422
            )
        words = _("Taken: %(added)d new, %(changed)d changed, %(same)d as before.")
        notices.success(
            self.request, words % {"added": done.added, "changed": done.changed, "same": done.same}
        )
        return super().form_valid(form)


class MatterListView(snippets.IndexView):
    """The list, with the way to take a file."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons: list[HeaderButton] = super().header_buttons
        if not self.request.user.has_perm(MAY_IMPORT):
            return buttons
        url = reverse(MatterViewSet.IMPORT)
        return [*buttons, HeaderButton(_("Take a list from a file"), url=url, icon_name="upload")]


class MatterViewSet(snippets.SnippetViewSet):
    """Matters without a fine."""

    LIST = "wagtailsnippets_home_nopenaltymatter:list"
    IMPORT = "wagtailsnippets_home_nopenaltymatter:import"

    model = NoPenaltyMatter
    icon = "list-ul"
    copy_view_enabled = False
    index_view_class = MatterListView
    list_display = [
        "code",
        "matter",
        "field",
        BooleanColumn("is_checked", label=gettext_lazy("Legal basis checked")),
        BooleanColumn("is_shown", label=gettext_lazy("Shown to the public")),
    ]
    list_filter = ["field", "is_checked", "is_shown"]
    search_fields = ["code", "matter", "condition"]
    panels = [
        MultiFieldPanel(
            [FieldPanel("code"), FieldPanel("field"), FieldPanel("matter")],
            heading=gettext_lazy("What it is about"),
        ),
        FieldPanel("condition"),
        FieldPanel("instead"),
        MultiFieldPanel([FieldPanel("basis"), FieldPanel("is_checked")], heading=gettext_lazy("Legal basis")),
        MultiFieldPanel(
            [FieldPanel("is_shown"), FieldPanel("applied_count")], heading=gettext_lazy("For the public")
        ),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("import/", ImportView.as_view(), name="import")]

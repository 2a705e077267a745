"""The page of public figures: closed periods, one at a time, as page and as table."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from complaints.disclosure import PublicReport, public_periods_closed, public_report
from home.figures import page_facts
from home.models.bulletin import BulletinIndexPage, missing_is_404, shown_bulletins
from home.open_data import dictionary_text, table_text, workbook
from portal.shared.bilingual import in_language
from portal.shared.bilingual_pages import TwoLanguagePage, english_panel
from portal.shared.workbooks import XLSX_TYPE


class FiguresPage(TwoLanguagePage):
    """Everything on it comes from closed reports; editors write what stands above the notes.

    A period that is not closed, or is none, is answered with 404 and the periods there are.
    """

    kept_parameters = ("period",)

    notes = models.TextField(_("further notes on how to read the figures"), blank=True)
    notes_en = models.TextField(_("further notes in English"), blank=True)

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.BulletinIndexPage"]
    template = "home/figures_page.html"

    content_panels = [*Page.content_panels, FieldPanel("notes"), english_panel("notes_en")]

    class Meta:
        verbose_name = _("page of figures")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the closed periods and the one asked for, the latest one unless told."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        periods = public_periods_closed()
        code = request.GET.get("period") or (periods[0].code if periods else "")
        context["periods"] = periods
        context["bulletins"] = BulletinIndexPage.objects.child_of(self).live().first()
        report = public_report(code=code)
        if report is None:
            return {**context, "is_missing": bool(code)}
        bulletin = shown_bulletins().filter(period=code).first()
        return {**context, **page_facts(report), "bulletin": bulletin}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the page, with the table of a period (`?format=csv` or `xlsx`), or with what its codes mean."""
        kind = request.GET.get("format", "")
        if kind == "dictionary":
            return _file(dictionary_text(), kind="csv", name="figures-dictionary")
        if kind in _FILES:
            report = public_report(code=request.GET.get("period", ""))
            if report is not None:
                return _file(_FILES[kind](report), kind=kind, name=f"figures-{report.period.number}")
            if not request.GET.get("period"):
                raise Http404
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return missing_is_404(answer)

    @property
    def shown_notes(self) -> str:
        """The further notes in the language of the page."""
        return in_language(chinese=self.notes, english=self.notes_en)


_FILES: Mapping[str, Callable[[PublicReport], str | bytes]] = {"csv": table_text, "xlsx": workbook}
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX_TYPE}


def _file(content: str | bytes, *, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response

"""The pages of the review: overview with the drawing, one sample, one file, the file itself, results of units."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages as notices
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.enums import ReviewAct, ReviewState
from complaints.errors import ComplaintError, ReviewNotFound
from complaints.models import FileSample, SampledFile
from complaints.policies import may_read_tips, units_below
from complaints.rules.spans import span_of
from complaints.selectors import file_review as selectors
from complaints.selectors.offices import names_of_offices
from complaints.services import file_review as services
from complaints.staff.casefile import case_file_to_review
from complaints.staff.statistics.views import ForReaders
from complaints.stats.names import span_name

from . import shown
from .forms import DrawForm, answers_sent, findings_sent

MOST_LISTED = 50


class ReviewPage(ForReaders, WagtailAdminTemplateMixin, TemplateView):
    """A page of the review: nobody keeps a copy of it; what is not the person's business is not there."""

    page_title: Any = gettext_lazy("Review of case files")
    header_icon = "doc-full"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except ReviewNotFound as error:
            raise Http404 from error
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        first = {"url": reverse("reviews"), "label": _("Review of case files")}
        return [*self.breadcrumbs_items, first, *self.deeper]

    @property
    def deeper(self) -> list[dict[str, Any]]:
        """What stands behind the overview in the path."""
        return [{"url": "", "label": str(self.get_page_title())}]


class ReviewsView(ReviewPage):
    """Files I review, files my unit answers for, samples I organise; a leader draws here."""

    template_name = "complaints/staff/figures/reviews.html"
    http_method_names = ["get", "head", "post"]
    form: DrawForm | None = None

    @property
    def deeper(self) -> list[dict[str, Any]]:
        return []

    @cached_property
    def drawing_units(self) -> list[int]:
        return selectors.units_drawn_by(self.person)

    def _form(self, data: Any = None) -> DrawForm | None:
        if not self.drawing_units:
            return None
        names = names_of_offices(office_ids=selectors.units_to_draw_from(self.person))
        own = {pk: names[pk] for pk in self.drawing_units}
        return DrawForm(data, today=self.today, offices=own, units=names)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.form = self._form(request.POST)
        if self.form is None:
            raise Http404
        if self.form.is_valid():
            typed = self.form.cleaned_data
            try:
                sample = services.draw_sample(
                    span=span_of(typed["period"]),
                    office_id=typed["office"],
                    units=typed["units"],
                    size=self.form.size,
                    actor=self.person,
                    at=timezone.now(),
                )
            except ComplaintError as error:
                self.form.add_error(None, str(error.public_message))
            else:
                return redirect("review_sample", public_id=sample.public_id)
        return self.render_to_response(self.get_context_data(), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        files = selectors.files_visible_to(self.person).order_by("-pk")
        mine = files.filter(reviewer=self.person).exclude(state=ReviewState.DONE)
        owed = selectors.files_owed_by(self.person)
        return {
            **super().get_context_data(**kwargs),
            "mine": shown.file_rows(mine[:MOST_LISTED], user=self.person),
            "owed": shown.file_rows(owed[:MOST_LISTED], user=self.person),
            "samples": [
                shown.sample_row(one) for one in selectors.samples_visible_to(self.person)[:MOST_LISTED]
            ],
            "form": self.form or self._form(),
        }


class SampleView(ReviewPage):
    """One sample with its seed and its files; drawing again shows that it is the same."""

    template_name = "complaints/staff/figures/sample.html"

    @cached_property
    def sample(self) -> FileSample:
        return selectors.sample_for(user=self.person, public_id=self.kwargs["public_id"])

    def get_page_title(self) -> str:
        return _("Sample of %(period)s") % {"period": span_name(span_of(self.sample.span_code))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.sample.files.select_related("unit", "reviewer", "tip", "sample").order_by("place")
        return {
            **super().get_context_data(**kwargs),
            "sample": shown.sample_row(self.sample),
            "units": list(names_of_offices(office_ids=self.sample.units).values()),
            "files": shown.file_rows(rows, user=self.person),
            "results": selectors.results_of(SampledFile.objects.filter(sample=self.sample)),
            "items": shown.item_rows(
                services.items_of(self.sample), SampledFile.objects.filter(sample=self.sample)
            ),
            "redrawn": services.redraw(sample=self.sample) if "check" in self.request.GET else None,
        }


class FileView(ReviewPage):
    """One drawn file: who reviews it, what was found, what the unit did; POST takes an act."""

    template_name = "complaints/staff/figures/review_file.html"
    http_method_names = ["get", "head", "post"]
    refusal = ""

    @cached_property
    def row(self) -> SampledFile:
        return selectors.file_for(user=self.person, public_id=self.kwargs["public_id"])

    def get_page_title(self) -> str:
        return _("File %(n)d of the sample") % {"n": self.row.place}

    @property
    def deeper(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.get_page_title()}]

    def post(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        row = self.row  # a foreign file is not there, whatever is sent
        act = request.POST.get("act", "")
        if act not in ReviewAct.values:
            return self.render_to_response(self.get_context_data(), status=422)
        try:
            self._acts()[ReviewAct(act)]()
        except ReviewNotFound:
            raise
        except ComplaintError as error:
            self.refusal = str(error.public_message)
            return self.render_to_response(self.get_context_data(), status=error.status)
        notices.success(request, ReviewAct(act).label)
        return redirect("review_file", public_id=row.public_id)

    def _acts(self) -> dict[ReviewAct, Callable[[], object]]:
        sent, row = self.request.POST, self.row
        usual: dict[str, Any] = {"public_id": row.public_id, "actor": self.person, "at": timezone.now()}
        chosen = sent.get("reviewer", "")
        reviewer = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0
        items = services.items_of(row.sample)
        keys = list(row.findings.values_list("pk", flat=True))
        return {
            ReviewAct.ASSIGN: lambda: services.assign(reviewer_id=reviewer, **usual),
            ReviewAct.SCORE: lambda: services.score(found=findings_sent(sent, items=items), **usual),
            ReviewAct.ANSWER: lambda: services.answer(said=answers_sent(sent, findings=keys), **usual),
            ReviewAct.RETURN: lambda: services.return_answer(**usual),
            ReviewAct.CLOSE: lambda: services.close(**usual),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row
        assigns = selectors.may_assign(user=self.person, row=row) and row.tip_id is not None
        can = {ReviewState.DRAWN, ReviewState.ASSIGNED}
        return {
            **super().get_context_data(**kwargs),
            "file": shown.file_row(row, user=self.person),
            "refusal": self.refusal,
            "reviewers": self._choices() if assigns and row.state in can else [],
            "sheet": shown.sheet_rows(row, typed=self.request.POST),
            "scores": selectors.is_reviewer(user=self.person, row=row) and row.state == ReviewState.ASSIGNED,
            "answers": selectors.may_answer(user=self.person, row=row)
            and row.state == ReviewState.CORRECTION,
            "decides": selectors.is_reviewer(user=self.person, row=row) and row.state == ReviewState.ANSWERED,
        }

    def _choices(self) -> list[tuple[int, str]]:
        """Return who may be asked to review this file."""
        people = selectors.reviewers_for(row=self.row, below=units_below(self.row.unit_id))
        return shown.reviewer_choices(people)


class ReadFileView(ReviewPage):
    """The case file for its reviewer, by the grant; every look is logged."""

    template_name = "complaints/staff/print/file.html"
    http_method_names = ["get"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        tip = services.open_file(public_id=self.kwargs["public_id"], reader=self.person, at=now)
        return {"file": case_file_to_review(tip=tip, user=self.person, now=now)}


class ResultsView(ReviewPage):
    """What reviews of a year found of each unit within reach."""

    template_name = "complaints/staff/figures/review_results.html"
    page_title = gettext_lazy("Results by unit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = self.request.GET.get("year", "") or str(self.today.year)
        if not (year.isascii() and year.isdecimal() and len(year) == 4):
            raise Http404
        rows = selectors.files_to_count(self.person).filter(sample__span_code__startswith=year)
        return {
            **super().get_context_data(**kwargs),
            "year": year,
            "years": [str(self.today.year - back) for back in range(3)],
            "results": selectors.results_of(rows),
        }


class ReviewsItem(MenuItem):
    """The way to the pages, for people who read tips."""

    def __init__(self) -> None:
        label = gettext_lazy("Review of case files")
        super().__init__(label, reverse_lazy("reviews"), name="reviews", icon_name="doc-full", order=59)

    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_tips(request.user)

"""Pages of the duty to report cases: the overview, submitting, one submission with its checklist."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages as notices
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cases_public.duty.contents import contents_of
from cases_public.duty.definitions import FIGURES
from cases_public.duty.periods import period_at
from cases_public.enums import DutyContent, DutyRhythm, ReferenceValue
from cases_public.models import Duty, Submission
from cases_public.services.duty_overview import (
    newest_score,
    overview,
    rows_of_figures,
    submissions_for,
)
from cases_public.services.duty_rights import DutyRefused, DutyRights, had_a_hand, may_see_duties, rights_of
from cases_public.services.scoring import score_submission
from cases_public.services.submissions import submit_case, take_back
from complaints.disclosure import may_begin_cases

from . import duty_shown as shown


class ForDuty:
    """What every page of the duty has: kept by no cache, and there only for those whom it concerns."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_duties(self.user):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin
        response.headers["Cache-Control"] = "no-store, private"
        return response

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def rights(self) -> DutyRights:
        return rights_of(self.user)


class DutyPage(ForDuty, WagtailAdminTemplateMixin, TemplateView):
    """A page with the way back to the overview."""

    header_icon = "upload"

    def refused(self, error: DutyRefused) -> HttpResponse:
        """Show the page again with the reason above it; the log holds that it was refused."""
        notices.error(self.request, error.words)
        answer: HttpResponse = self.render_to_response(self.get_context_data(), status=409)
        return answer

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        every = {"url": reverse("case_duty:index"), "label": _("Reporting of cases")}
        return [*self.breadcrumbs_items, every, {"url": "", "label": str(self.get_page_title())}]


class IndexView(DutyPage):
    """What is owed, by whom, and how far it is."""

    template_name = "cases_public/staff/duty/index.html"
    page_title = gettext_lazy("Reporting of cases")
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": str(self.page_title)}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.rights.reads:
            return HttpResponseRedirect(reverse("case_duty:quotas"))
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        span = shown.chosen_span(value=self.request.GET.get("period", ""), today=self.today)
        found = overview(rights=self.rights, start=span.start, end=span.end, today=self.today)
        return {
            **super().get_context_data(**kwargs),
            "span": span,
            "spans": shown.spans(today=self.today),
            "figures": FIGURES,
            "units": shown.unit_rows(found, today=self.today),
            "total": [text for _code, text in rows_of_figures(found.total)],
            "rates": shown.rates_of(found.total),
            "rows": shown.submission_rows(found.submissions, names=found.names, today=self.today),
            "own": shown.own_duties(user=self.user, names=found.names, today=self.today),
            "may_begin": may_begin_cases(self.user),
            "reads_all": self.rights.reads_all,
            "quarter": span.value
            if "Q" in span.value
            else period_at(day=self.today, rhythm=DutyRhythm.QUARTER).code,
        }


class SubmitView(IndexView):
    """POST submits one case for one duty and goes back to the overview; refused, it says why above the overview."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            submit_case(
                duty_id=_number(request.POST.get("duty")),
                page_id=_number(request.POST.get("case")),
                user=self.user,
                at=timezone.now(),
            )
        except Duty.DoesNotExist as error:
            raise Http404 from error
        except DutyRefused as error:
            return self.refused(error)
        notices.success(request, _("Submitted. The city scores it."))
        return HttpResponseRedirect(reverse("case_duty:index"))


class SubmissionView(DutyPage):
    """One submission: its contents in the order of 92号, its scores, and the checklist for whoever scores."""

    template_name = "cases_public/staff/duty/submission.html"
    page_title = gettext_lazy("Submitted case")
    http_method_names = ["get", "head", "post"]
    _show_breadcrumbs = True

    @cached_property
    def row(self) -> Submission:
        found = submissions_for(rights=self.rights).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at = timezone.now()
        try:
            if request.POST.get("act") == "take_back":
                take_back(submission_id=self.row.pk, user=self.user, at=at)
                notices.success(request, _("Taken back. It does not count any more."))
            else:
                self._score(at=at)
                notices.success(request, _("Stored. The unit sees the score."))
        except Submission.DoesNotExist as error:
            raise Http404 from error
        except DutyRefused as error:
            context = self.get_context_data(fault=error.words)
            refused: HttpResponse = self.render_to_response(context, status=409)
            return refused
        return HttpResponseRedirect(request.path)

    def _score(self, *, at: Any) -> None:
        post = self.request.POST
        values = self.row.page.values if self.row.page else []
        score_submission(
            submission_id=self.row.pk,
            contents=post.getlist("content"),
            points={code: _number(post.get(f"points_{code}")) for code in values},
            note=post.get("note", ""),
            user=self.user,
            at=at,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, post = self.row, self.request.POST
        page = row.page
        texts = contents_of(page=page) if page and page.live else {}
        chip = shown.state_of(row, today=self.today)
        is_open = row.file_id is None and chip.tone != "stop"
        newest = newest_score(row)
        ticked = post.getlist("content") if post else (newest.contents if newest else [])
        given = newest.points if newest else {}
        return {
            **super().get_context_data(**kwargs),
            "row": row,
            "title": page.title if page and page.live else "",
            "unit": self.rights.units[row.duty.office_id].name,
            "period": shown.period_name(row.duty.period),
            "chip": chip,
            "pass_points": row.duty.rule.pass_points,
            "contents": [
                {"content": one, "text": texts.get(one, ""), "is_ticked": one.value in ticked}
                for one in DutyContent
            ],
            "values": [
                {
                    "code": code,
                    "label": ReferenceValue(code).label,
                    "points": post.get(f"points_{code}", given.get(code, "")),
                }
                for code in (page.values if page else [])
            ],
            "note": post.get("note", ""),
            "scores": [_score_row(one) for one in reversed(row.scores.all())],
            "may_score": is_open and self.rights.scores and not had_a_hand(user=self.user, submission=row),
            "may_take_back": is_open and not row.scores.all() and row.duty.office_id in self.rights.submits,
            "page_url": page.url if page and page.live else "",
        }


def _score_row(score: Any) -> dict[str, Any]:
    names = dict(ReferenceValue.choices)
    return {
        "is_qualified": score.is_qualified,
        "at": score.scored_at,
        "points": [(names.get(code, code), points) for code, points in score.points.items()],
        "missing": [one.label for one in DutyContent if one.value not in score.contents],
        "note": score.note,
    }


def _number(text: str | None) -> int:
    """Return a whole number a form sent; -1 for anything else, which no key and no points are."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else -1

"""`GET /api/v1/cases`: the list of cases for programs, with the filters of the page, strictly read."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from cases_public.enums import CaseOrder
from cases_public.selectors.asked import Asked, asked, is_code, page_number
from cases_public.selectors.catalogue import FACETS
from cases_public.selectors.listing import CaseList, Hit, case_list
from complaints.enums import Problem
from portal.shared.api_errors import ErrorOut, error_response, plain_error

router = Router(tags=["cases"])
SINGLE = ("q", "sort", "page")
TEXTS = {
    "q": _("Words of two characters or more, up to 50 characters; all of them must stand in the case."),
    "sort": _("newest, oldest or amount."),
    "page": _("From 1."),
}


class CaseOut(Schema):
    """A published case; sums in yuan, the decision with its month only."""

    title: str
    url: str
    lead: str
    kind: str
    industry: str
    operations: list[str]
    values: list[str]
    district: str
    disclosure: str
    is_major_hazard: bool
    unit_penalty_amount: Decimal | None
    person_penalty_amount: Decimal | None
    decided_month: str
    published_date: date


class CountOut(Schema):
    """How many cases there would be with this code, given the filters of the other facets."""

    code: str
    label: str
    count: int


class CasesOut(Schema):
    """One page of the list."""

    count: int
    page: int
    pages: int
    cases: list[CaseOut]
    facets: dict[str, list[CountOut]]


def _parameters() -> list[dict[str, Any]]:
    text, codes = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    single = [
        {"in": "query", "name": name, "schema": text, "description": str(TEXTS[name])} for name in SINGLE
    ]
    return single + [{"in": "query", "name": name, "schema": codes, "explode": True} for name in FACETS]


@router.get(
    "/cases",
    response={200: CasesOut, 404: ErrorOut, 422: ErrorOut},
    operation_id="list_cases",
    openapi_extra={"parameters": _parameters()},
)
def list_cases(request: HttpRequest) -> HttpResponse | CasesOut:
    """Return one page of the cases; 422 names what is wrong with the address, 404 is a page past the end."""
    wanted = asked(request.GET)
    problems = dict(_problems(request, wanted=wanted))
    if problems:
        return error_response(
            status=422, code="invalid", message=_("The list cannot be asked like this."), fields=problems
        )
    found = case_list(asked=wanted, today=timezone.localdate())
    if found.asked.page < wanted.page:
        return plain_error(status=404)
    return _shown(found, request=request)


def _problems(request: HttpRequest, *, wanted: Asked) -> Iterable[tuple[str, list[Mapping[str, object]]]]:
    for name in request.GET:
        values = request.GET.getlist(name)
        if name not in (*SINGLE, *FACETS):
            yield name[:40], _problem(Problem.UNKNOWN_FIELD)
        elif name in FACETS and not all(is_code(facet=name, code=value) for value in values):
            yield name, _problem(Problem.UNKNOWN_CODE)
        elif name in SINGLE and len(values) > 1:
            yield name, _problem(Problem.WRONG_TYPE)
    if wanted.trouble:
        yield "q", [{"code": "search", "message": wanted.trouble}]
    if request.GET.get("sort", CaseOrder.NEWEST) not in CaseOrder.values:
        yield "sort", _problem(Problem.UNKNOWN_CODE)
    page = request.GET.get("page", "1")
    if str(page_number(page)) != page:
        yield "page", _problem(Problem.BAD_NUMBER)


def _problem(problem: Problem) -> list[Mapping[str, object]]:
    return [{"code": problem.value, "message": str(problem.label)}]


def _shown(found: CaseList, *, request: HttpRequest) -> CasesOut:
    return CasesOut(
        count=found.total,
        page=found.asked.page,
        pages=found.pages,
        cases=[_case(hit, request=request) for hit in found.hits],
        facets={
            facet.name: [
                CountOut(code=option.code, label=option.label, count=option.count) for option in facet.options
            ]
            for facet in found.facets
        },
    )


def _case(hit: Hit, *, request: HttpRequest) -> CaseOut:
    entry = hit.entry
    same = (
        "kind", "industry", "district", "disclosure", "is_major_hazard", "unit_penalty_amount",
        "person_penalty_amount", "decided_month", "published_date",
    )  # fmt: skip
    return CaseOut(
        title=entry.shown_title,
        lead=entry.shown_lead,
        url=request.build_absolute_uri(entry.page.get_url(request)),
        operations=entry.operations.split(),
        values=entry.values.split(),
        **{name: getattr(entry, name) for name in same},
    )

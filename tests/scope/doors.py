"""Every address the portal has, from the resolver, filled with real objects: the own side and a foreign one."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

OWN, FOREIGN, ALONE = "own", "foreign", "-"
# What lies behind these is an object of one unit, enterprise or person: a neighbour's is asked for as well.
OWNED = (
    "admin/tips/<slug:number>/", "admin/tips/photo/", "admin/custody/requests/<uuid:public_id>/",
    "admin/rewards/tip/", "admin/rewards/<str:number>/", "admin/cases_duty/<int:pk>/",
    "admin/payments/batch/", "admin/payments/ledger/", "admin/payments/<str:number>/",
    "admin/reviews/sample/", "admin/reviews/file/",
    "admin/enterprises/<int:pk>/", "admin/enterprises/visit/<slug:code>/",
    "workplace/practice/", "workplace/scale/", "workplace/second/", "workplace/photo/", "workplace/<slug:number>/",
)  # fmt: skip
# Addresses written as regular expressions, with what is asked for.
PATTERNS = {
    r"admin/statistics/where-to-look/proposal\.(?P<kind>csv|xlsx)$": "admin/statistics/where-to-look/proposal.csv",
    r"admin/statistics/figures\.(?P<kind>csv|xlsx)$": "admin/statistics/figures.csv",
    r"admin/pages/(?P<pk>\d+)/revisions/compare/(?P<revision_id_a>live|earliest|\d+)\.\.\."
    r"(?P<revision_id_b>live|latest|\d+)/$": "admin/pages/{page_id}/revisions/compare/earliest...latest/",
    r"admin/.*/$": "admin/no-such-door/",
    r"documents/(\d+)/(.*)$": "documents/{document_id}/list.txt",
    r"^((?:[\w\-]+/)*)$": "protection/",  # the cheapest page of the site
}
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
Value = Callable[[str, str], object]  # what an argument stands for, by address and side


@dataclass(frozen=True, kw_only=True)
class Door:
    """One address as it is registered, on one side, and the path asked for."""

    route: str
    side: str
    path: str


def routes() -> list[str]:
    """Return every registered address once, as the resolver names it, in its order."""
    return list(dict.fromkeys(_walk(get_resolver(), "")))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        # Django drops the circumflex of a part that follows another one.
        route = prefix + (str(entry.pattern).removeprefix("^") if prefix else str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from _walk(entry, route)


def doors(*, values: Mapping[str, Value]) -> list[Door]:
    """Return each address for each side it has; `values` holds what each argument stands for."""
    return [
        Door(route=route, side=side, path="/" + _filled(route, side, values))
        for route in routes()
        for side in ((OWN, FOREIGN) if route.startswith(OWNED) else (ALONE,))
    ]


def _filled(route: str, side: str, values: Mapping[str, Value]) -> str:
    if route in PATTERNS:
        return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]](route, side)), PATTERNS[route])
    return ARGUMENT.sub(lambda found: str(values[found[1]](route, side)), route)

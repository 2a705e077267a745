"""Every address the portal has, from the resolver, filled with real objects: the own side and a foreign one."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# What lies behind these is an object of one unit, or of one person: a neighbour's is asked for as well.
OWNED = (
    "admin/tips/<slug:number>/", "admin/tips/photo/", "admin/custody/requests/<uuid:public_id>/",
    "admin/rewards/tip/", "admin/rewards/<str:number>/", "admin/cases_duty/<int:pk>/",
    "admin/snippets/home/helpvisit/edit/", "admin/snippets/home/helpvisit/history",
)  # fmt: skip
OWN, FOREIGN, ALONE = "own", "foreign", "-"
# Addresses written as regular expressions, with what is asked for.
PATTERNS = {
    r"admin/^statistics/figures\.(?P<kind>csv|xlsx)$": "admin/statistics/figures.csv",
    r"admin/pages/^(?P<pk>\d+)/revisions/compare/(?P<revision_id_a>live|earliest|\d+)\.\.\."
    r"(?P<revision_id_b>live|latest|\d+)/$": "admin/pages/{page_id}/revisions/compare/earliest...latest/",
    r"admin/^.*/$": "admin/no-such-door/",
    r"documents/^(\d+)/(.*)$": "documents/{document_id}/list.txt",
    r"^((?:[\w\-]+/)*)$": "cases/",
}
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, kw_only=True)
class Door:
    """One address as it is registered, on one side, and the path asked for."""

    route: str
    side: str
    path: str

    @property
    def key(self) -> tuple[str, str]:
        """How the matrix names it."""
        return self.route, self.side


def routes() -> list[str]:
    """Return every registered address once, in the order of the resolver."""
    return list(dict.fromkeys(_walk(get_resolver(), "")))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern)
        else:
            yield from _walk(entry, prefix + str(entry.pattern))


def doors(*, values: Mapping[str, Callable[[str, str], object]]) -> list[Door]:
    """Return each address for each side it has; `values` gives what an argument stands for by address and side."""
    return [
        Door(route=route, side=side, path="/" + _filled(route, side, values))
        for route in routes()
        for side in ((OWN, FOREIGN) if route.startswith(OWNED) else (ALONE,))
    ]


def _filled(route: str, side: str, values: Mapping[str, Callable[[str, str], object]]) -> str:
    if route in PATTERNS:
        return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]](route, side)), PATTERNS[route])
    path = ARGUMENT.sub(lambda found: str(values[found[1]](route, side)), route)
    return path.replace("^", "")

"""A tab of the inbox as a map of the city: outlines and points drawn on the server, no map service learns of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from complaints.models import Tip
from complaints.rules.deadlines import DayOverlay
from complaints.rules.places import LngLat, SketchPath, outline_paths
from complaints.selectors.deadlines import day_overlay
from complaints.selectors.inbox import MAP_BOUND, OnMap, tips_on_map
from complaints.selectors.offices import district_names, district_outlines

from .clockface import ClockFace, clock_face
from .inbox import InboxView, inbox_tabs, map_url, tab_url
from .labels import title_of
from .map import point_of
from .rows import tip_url

WIDTH, HEIGHT, MARGIN = 760, 560, 40
# Colour alone must not tell how late a tip is: each tone has a shape of its own, drawn round its point.
SHAPES = {
    "none": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "paused": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "green": "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",
    "amber": "M0-7.5L7.5 0L0 7.5L-7.5 0z",
    "red": "M-6-6H6V6H-6z",
    "overdue": "M0-9L9 7H-9z",
}
_SEVERITY = tuple(SHAPES)


@dataclass(frozen=True, kw_only=True)
class Pin:
    """One tip on the map and in the list beside it; `spot` is None when it lies off the drawing."""

    number: str
    url: str
    title: str
    place: str
    tone: str
    clock: str
    shape: str
    spot: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True)
class Area:
    """One district: its path, and its name where its middle lies on the drawing."""

    d: str
    name: str
    middle: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Legend:
    """One tone with its shape, its words and how many there are."""

    tone: str
    shape: str
    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class CityMap:
    """Everything the template needs; `pins` in the order of the list, `drawn` with the latest on top."""

    width: int
    height: int
    areas: tuple[Area, ...]
    pins: tuple[Pin, ...]
    drawn: tuple[Pin, ...]
    legend: tuple[Legend, ...]
    note: str


def city_map(*, found: OnMap, today: date, overlay: DayOverlay) -> CityMap:
    """Return the map of these tips, fitted to the districts they lie in; the list has what is due first first."""
    tips = sorted(found.tips, key=lambda tip: (tip.order_date, tip.pk))
    sketch = outline_paths(
        outlines=district_outlines(),
        width=WIDTH,
        height=HEIGHT,
        margin=MARGIN,
        points=[_point(tip) for tip in tips],
        focus={tip.district_id for tip in tips if tip.district_id},
    )
    faces = _faces(tips, today=today, overlay=overlay)
    pins = tuple(
        _pin(tip, spot=spot, face=face) for tip, spot, face in zip(tips, sketch.spots, faces, strict=True)
    )
    return CityMap(
        width=WIDTH,
        height=HEIGHT,
        areas=tuple(_areas(sketch.paths)),
        pins=pins,
        drawn=tuple(sorted((pin for pin in pins if pin.spot), key=lambda pin: _SEVERITY.index(pin.tone))),
        legend=tuple(_legend(pins)),
        note=_note(count=len(pins), is_bounded=found.is_bounded),
    )


def _areas(paths: Sequence[SketchPath]) -> list[Area]:
    names = district_names()
    return [
        Area(d=path.d, name=names.get(path.code, "") if _is_on(path.middle) else "", middle=path.middle)
        for path in paths
    ]


def _is_on(spot: tuple[float, float]) -> bool:
    return MARGIN <= spot[0] <= WIDTH - MARGIN and MARGIN <= spot[1] <= HEIGHT - MARGIN


def _point(tip: Tip) -> LngLat:
    point = point_of(tip)
    assert point is not None, "tips_on_map returns tips with a point"
    return point


def _pin(tip: Tip, *, spot: tuple[float, float] | None, face: ClockFace | None) -> Pin:
    tone = face.tone if face else "none"
    return Pin(
        number=tip.number,
        url=tip_url(number=tip.number),
        title=title_of(tip),
        place=" ".join(one.name for one in (tip.district, tip.town) if one),
        tone=tone,
        clock=face.headline if face else _("no period running"),
        shape=SHAPES[tone],
        spot=spot,
    )


def _faces(tips: Sequence[Tip], *, today: date, overlay: DayOverlay) -> list[ClockFace | None]:
    """Return the clock of each tip; those that run over the same days are worked out once."""
    known: dict[tuple[Any, ...], ClockFace | None] = {}
    faces = []
    for tip in tips:
        days = (tip.clock, tip.clock_started, tip.received_date, tip.due_date, tip.is_paused)
        if days not in known:
            known[days] = clock_face(tip=tip, today=today, overlay=overlay)
        faces.append(known[days])
    return faces


def _legend(pins: Sequence[Pin]) -> list[Legend]:
    words = {
        "overdue": _("Overdue"),
        "red": _("Red light"),
        "amber": _("Amber light"),
        "green": _("Green light"),
        "paused": _("Period paused"),
        "none": _("No period running"),
    }
    counts = {tone: sum(pin.tone == tone for pin in pins) for tone in words}
    return [
        Legend(tone=tone, shape=SHAPES[tone], label=label, count=counts[tone])
        for tone, label in words.items()
        if counts[tone]
    ]


def _note(*, count: int, is_bounded: bool) -> str:
    """Return how many there are and what is not on the map."""
    if is_bounded:
        return _("The newest %(n)d tips with a point. Filters in the inbox reach older ones.") % {
            "n": MAP_BOUND
        }
    words = ngettext("%(n)d tip with a point.", "%(n)d tips with a point.", count) % {"n": count}
    return f"{words} {_('Tips without one are not on the map.')}"


class MapView(InboxView):
    """One tab of the inbox as a map, with the filters and the search of the address."""

    http_method_names = ["get", "head"]
    template_name = "complaints/staff/city_map.html"
    paginate_by = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # What Wagtail's listing would count and page is not read at all.
        self.object_list = ()
        response: HttpResponse = self.render_to_response(self.get_context_data())
        return response

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        here = {"data-controller": "as-here", "data-action": "as-here#follow"}
        return [HeaderButton(_("As a list"), url=tab_url(self.tab), icon_name="list-ul", attrs=here)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = WagtailAdminTemplateMixin.get_context_data(self, **kwargs)
        found = tips_on_map(tips=self.get_queryset(), user=self.request.user)
        tabs = inbox_tabs(current=self.tab, counts=self.counts, url_of=map_url)
        return {
            **context,
            "tabs": tabs,
            "map": city_map(found=found, today=self.today, overlay=day_overlay()),
            "is_narrowed": self.is_filtering or self.is_searching,
            "search_note": self.search_note,
        }

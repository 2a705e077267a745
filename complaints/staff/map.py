"""A sketch of where a tip points to: outlines drawn on the server, so that no map service learns of it."""

from dataclasses import dataclass

from complaints.models import Tip
from complaints.rules.places import LngLat, SketchPath, outline_paths
from complaints.selectors.offices import district_outlines

WIDTH, HEIGHT, MARGIN = 400, 250, 26


@dataclass(frozen=True, kw_only=True)
class TipMap:
    """Paths in pixels, the tip's own district apart; `point` is where the reporter pointed."""

    width: int
    height: int
    others: tuple[SketchPath, ...]
    own: tuple[SketchPath, ...]
    point: tuple[float, float] | None


def tip_map(tip: Tip) -> TipMap | None:
    """Return the sketch round the tip's district; None while there are no outlines or nothing to show on them."""
    outlines, point = district_outlines(), point_of(tip)
    if not outlines or (point is None and not tip.district_id):
        return None
    focus = {tip.district_id} if tip.district_id else set()
    sketch = outline_paths(
        outlines=outlines, width=WIDTH, height=HEIGHT, margin=MARGIN, point=point, focus=focus
    )
    return TipMap(
        width=WIDTH,
        height=HEIGHT,
        others=tuple(path for path in sketch.paths if path.code not in focus),
        own=tuple(path for path in sketch.paths if path.code in focus),
        point=sketch.point,
    )


def point_of(tip: Tip) -> LngLat | None:
    """Return the point of a tip in GCJ-02; it is stored as latitude and longitude."""
    if not tip.point:
        return None
    lat, lng = (float(part) for part in tip.point.split(","))
    return LngLat(lng, lat)

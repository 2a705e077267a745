"""What the form offers: tiles, lists and cards, with what the sender chose already marked."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.enums import IdentityMode, Industry, Operation, TipKind, Violation
from complaints.selectors.offices import DivisionChoice
from complaints.selectors.routing import Body


@dataclass(frozen=True, kw_only=True)
class Option:
    """One entry of a list, one tick or one card."""

    value: str
    label: str
    is_chosen: bool
    hint: str = ""
    body: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Options under one heading."""

    label: str
    options: tuple[Option, ...]
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One of the eight pictured choices."""

    name: str
    value: str
    icon: str
    label: str
    is_chosen: bool


# Field, code and drawing of each tile; the codes are those of the full lists.
TILES = (
    ("operations", Operation.HOT_WORK, "flame", pgettext_lazy("tile", "Hot work")),
    ("operations", Operation.CONFINED_SPACE, "pit", pgettext_lazy("tile", "Confined space")),
    ("operations", Operation.DUST, "dust", pgettext_lazy("tile", "Dust")),
    ("operations", Operation.AMMONIA, "tank", pgettext_lazy("tile", "Ammonia")),
    ("operations", Operation.HEIGHT, "height", pgettext_lazy("tile", "Heights")),
    ("operations", Operation.TEMPORARY_POWER, "bolt", pgettext_lazy("tile", "Temporary power")),
    ("industry", Industry.HAZARDOUS_CHEMICALS, "flask", pgettext_lazy("tile", "Hazardous chemicals")),
    ("kind", TipKind.CONCEALED_ACCIDENT, "hush", pgettext_lazy("tile", "Hidden accident")),
)
TILED = {(name, code.value) for name, code, _icon, _label in TILES}

MODES = (
    (
        IdentityMode.ANONYMOUS_WITH_CODE,
        _("You leave no name now. If the tip proves true and you want the reward, leave it then; only those who pay "
          "will see it."),
    ),
    (IdentityMode.ANONYMOUS, _("Nobody knows who you are, and neither do we. So no reward can be paid.")),
    (
        IdentityMode.REAL_NAME,
        _("Your name is sealed on your phone and opens only when two people agree. Employees who give their name may "
          "receive more."),
    ),
)  # fmt: skip


def tiles(*, chosen: Mapping[str, Collection[str]]) -> list[Tile]:
    """Return the eight tiles."""
    return [
        Tile(
            name=name,
            value=code.value,
            icon=icon,
            label=str(label),
            is_chosen=code.value in chosen.get(name, ()),
        )
        for name, code, icon, label in TILES
    ]


def operations(*, chosen: Collection[str]) -> list[Option]:
    """Return the dangerous operations that have no tile."""
    return _options(Operation, name="operations", chosen=chosen)


def kinds(*, chosen: str) -> list[Option]:
    """Return all kinds of tips; one that a tile already marks is not marked twice."""
    return _list_of(TipKind, name="kind", chosen=chosen)


def violations(*, chosen: str) -> list[Option]:
    """Return the sub-types of a breach."""
    return _list_of(Violation, name="violation", chosen=chosen)


def industries(bodies: Mapping[str, Body], *, chosen: str) -> list[Group]:
    """Return the industries of the remit, then those of other bodies with the body's name and telephone beside each."""
    mine = [code for code in Industry if code.value not in bodies]
    ours = [_option(code, name="industry", chosen=chosen) for code in mine]
    others = [_foreign(code, bodies[code.value], chosen=chosen) for code in Industry if code.value in bodies]
    return [
        Group(label=gettext("This bureau answers for"), options=tuple(ours)),
        Group(label=gettext("Others answer for; we pass it on and tell you"), options=tuple(others)),
    ]


def _foreign(code: Industry, body: Body, *, chosen: str) -> Option:
    name = body.name_in(language=get_language() or "")
    label = gettext("%(industry)s (%(body)s)") % {
        "industry": code.label,
        "body": f"{name} {body.phone}".strip(),
    }
    return Option(value=code.value, label=label, is_chosen=code.value == chosen, body=name, phone=body.phone)


def modes(*, chosen: str) -> list[Option]:
    """Return the three ways of being known, the middle one chosen unless told otherwise."""
    known = chosen if chosen in IdentityMode.values else IdentityMode.ANONYMOUS_WITH_CODE.value
    return [
        Option(value=mode.value, label=str(mode.label), hint=str(hint), is_chosen=mode.value == known)
        for mode, hint in MODES
    ]


def districts(divisions: Iterable[DivisionChoice], *, chosen: str) -> list[Option]:
    """Return the districts of the city."""
    return [Option(value=row.code, label=row.name, is_chosen=row.code == chosen) for row in divisions]


def towns(divisions: Iterable[DivisionChoice], *, chosen: str) -> list[Group]:
    """Return the towns under their districts."""
    return [
        Group(
            label=row.name,
            value=row.code,
            options=tuple(
                Option(value=code, label=name, is_chosen=code == chosen) for code, name in row.towns
            ),
        )
        for row in divisions
    ]


def _options(codes: Iterable[Operation], *, name: str, chosen: Collection[str]) -> list[Option]:
    free = [code for code in codes if (name, code.value) not in TILED]
    return [Option(value=code.value, label=str(code.label), is_chosen=code.value in chosen) for code in free]


def _list_of(codes: "type[TipKind] | type[Violation]", *, name: str, chosen: str) -> list[Option]:
    return [_option(code, name=name, chosen=chosen) for code in codes]


def _option(code: "TipKind | Violation | Industry", *, name: str, chosen: str) -> Option:
    marked = code.value == chosen and (name, code.value) not in TILED
    return Option(value=code.value, label=str(code.label), is_chosen=marked)

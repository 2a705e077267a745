"""The form as its template shows it: blank, or once more with everything typed and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_hex

from django.conf import settings

from complaints.errors import FieldProblem
from complaints.selectors.offices import DivisionChoice
from complaints.selectors.routing import competent_bodies
from portal.shared import captcha

from . import choices, problems, texts
from .typed import KEY, Typed


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """Plain values for the template."""

    key: str
    typed: Mapping[str, str]
    photo_count: int
    tiles: list[choices.Tile]
    operations: list[choices.Option]
    kinds: list[choices.Option]
    violations: list[choices.Option]
    industries: list[choices.Group]
    districts: list[choices.Option]
    towns: list[choices.Group]
    modes: list[choices.Option]
    errors: problems.Shown
    notice: str
    question: captcha.Question | None
    is_answered: bool
    is_folded_open: bool
    is_place_open: bool
    today: str
    pin: str
    words: Mapping[str, str]
    most_photos: int
    photo_max_bytes: int
    photos_max_bytes: int


def form_page(
    *,
    divisions: Sequence[DivisionChoice],
    today: date,
    typed: Typed | None = None,
    found: Sequence[FieldProblem] = (),
    notice: str = "",
) -> FormPage:
    """Return the page. A key is kept as long as it is good, so that a second try is the same tip."""
    typed = typed or Typed()
    errors = problems.shown(found)
    chosen = {
        "operations": typed.operations,
        "industry": (typed.get("industry"),),
        "kind": (typed.get("kind"),),
    }
    return FormPage(
        key=_key(typed=typed, found=found),
        typed=typed.values,
        photo_count=typed.photo_count,
        tiles=choices.tiles(chosen=chosen),
        operations=choices.operations(chosen=typed.operations),
        kinds=choices.kinds(chosen=typed.get("kind")),
        violations=choices.violations(chosen=typed.get("violation")),
        industries=choices.industries(competent_bodies(), chosen=typed.get("industry")),
        districts=choices.districts(divisions, chosen=typed.get("district")),
        towns=choices.towns(divisions, chosen=typed.get("town")),
        modes=choices.modes(chosen=typed.get("identity_mode")),
        errors=errors,
        notice=notice,
        question=_question(typed=typed, errors=errors),
        is_answered=_is_answered(typed=typed, errors=errors),
        is_folded_open=errors.is_folded or _is_folded_matter_typed(typed),
        is_place_open=bool(typed.get("district") or typed.get("town")) or _is_place_wrong(errors),
        today=today.isoformat(),
        pin=settings.VAULT_FINGERPRINT,
        words=texts.for_scripts(),
        most_photos=settings.PHOTO_MAX_COUNT,
        photo_max_bytes=settings.PHOTO_MAX_BYTES,
        photos_max_bytes=settings.PHOTOS_MAX_BYTES,
    )


def _key(*, typed: Typed, found: Sequence[FieldProblem]) -> str:
    is_spent = any(problem.field == KEY for problem in found)
    return token_hex(16) if is_spent or not typed.get(KEY) else typed.get(KEY)


def _is_answered(*, typed: Typed, errors: problems.Shown) -> bool:
    """Whether the question was answered and the answer may still hold: it is not asked a second time."""
    return captcha.is_on() and bool(typed.get(captcha.ANSWER_FIELD)) and "captcha" not in errors.by_field


def _question(*, typed: Typed, errors: problems.Shown) -> captcha.Question | None:
    if not captcha.is_on() or _is_answered(typed=typed, errors=errors):
        return None
    return captcha.new_question()


def _is_folded_matter_typed(typed: Typed) -> bool:
    untiled = {("operations", code) for code in typed.operations} | {
        (name, typed.get(name)) for name in ("kind", "industry") if typed.get(name)
    }
    words = any(typed.get(name) for name in ("violation", "entity_name", "entity_code", "occurred_on"))
    return words or bool(untiled - choices.TILED)


def _is_place_wrong(errors: problems.Shown) -> bool:
    return bool({"place", "district", "town", "address"} & errors.by_field.keys())

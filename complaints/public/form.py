"""The form as its template shows it: blank, or once more with everything typed and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_hex

from django.conf import settings

from complaints.enums import Problem
from complaints.errors import FieldProblem
from complaints.rules.intake import is_key
from complaints.selectors.offices import DivisionChoice
from complaints.selectors.routing import competent_bodies
from portal.shared import captcha, recaptcha

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
    captcha_pass: str
    widget: recaptcha.Widget | None
    is_folded_open: bool
    is_place_open: bool
    today: str
    pin: str
    words: Mapping[str, str]
    most_photos: int
    photo_max_bytes: int
    photos_max_bytes: int


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A form that was sent: what was typed, its key, and by what the check against machines was passed."""

    typed: Typed
    key: str
    way: captcha.Way | None

    @property
    def is_passed(self) -> bool:
        """Whether the check was passed, by whatever."""
        return self.way is not None


def form_page(
    *,
    divisions: Sequence[DivisionChoice],
    today: date,
    attempt: Attempt | None = None,
    found: Sequence[FieldProblem] = (),
    notice: str = "",
) -> FormPage:
    """Return the page. A key is kept as long as it is good, so that a second try is the same tip."""
    typed = attempt.typed if attempt else Typed()
    key, is_passed = _key(attempt=attempt, found=found)
    errors = problems.shown(found)
    chosen = {"operations": typed.operations, **{name: (typed.get(name),) for name in ("industry", "kind")}}
    return FormPage(
        key=key,
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
        question=captcha.new_question() if captcha.is_on() and not is_passed else None,
        captcha_pass=captcha.new_pass(once_for=key) if captcha.is_on() and is_passed else "",
        widget=recaptcha.widget(),
        is_folded_open=errors.is_folded or _is_folded_matter_typed(typed),
        is_place_open=bool(typed.get("district") or typed.get("town")) or _is_place_wrong(errors),
        today=today.isoformat(),
        pin=settings.VAULT_FINGERPRINT,
        words=texts.for_scripts(),
        most_photos=settings.PHOTO_MAX_COUNT,
        photo_max_bytes=settings.PHOTO_MAX_BYTES,
        photos_max_bytes=settings.PHOTOS_MAX_BYTES,
    )


def _key(*, attempt: Attempt | None, found: Sequence[FieldProblem]) -> tuple[str, bool]:
    """Return the key of the page and whether its sender carries a pass: one that is used up takes its pass along."""
    if attempt is None or any(problem.problem == Problem.KEY_USED for problem in found):
        return token_hex(16), False
    return attempt.key, attempt.is_passed


def key_of(*, typed: Typed) -> str:
    """Return the key the form was sent with, or a fresh one for a form that lost it."""
    key = typed.get(KEY)
    return key if is_key(key) else token_hex(16)


def _is_folded_matter_typed(typed: Typed) -> bool:
    untiled = {("operations", code) for code in typed.operations} | {
        (name, typed.get(name)) for name in ("kind", "industry") if typed.get(name)
    }
    words = any(typed.get(name) for name in ("violation", "entity_name", "entity_code", "occurred_on"))
    return words or bool(untiled - choices.TILED)


def _is_place_wrong(errors: problems.Shown) -> bool:
    return bool({"place", "district", "town", "address"} & errors.by_field.keys())

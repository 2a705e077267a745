"""The form of a poster as its template shows it: blank, or once more with everything typed and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_hex

from django.conf import settings
from django.urls import reverse

from complaints.enums import Addressee, HazardGrade, HazardHead, Problem, TipKind
from complaints.errors import FieldProblem
from complaints.models import Enterprise
from complaints.rules.internal_draft import LONGEST
from complaints.rules.texts import showable
from complaints.selectors.enterprises import code_in_use
from complaints.selectors.inside_figures import InsideFigures, figures_shown
from complaints.selectors.internal import circulars_of, scale_of
from portal.shared import captcha, recaptcha

from . import choices, problems, texts
from .typed import Typed

ICONS = {
    HazardHead.PEOPLE: "user",
    HazardHead.EQUIPMENT: "factory",
    HazardHead.ENVIRONMENT: "warning",
    HazardHead.MANAGEMENT: "book",
}
# Fewer than so many tips of a year, and a figure would tell colleagues who reported. Counted to the end of the last
# month: an account that appears with the fifth tip would tell on which day that one came.
FEWEST_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class ShownFigures:
    """A company's account of closed months as everybody with its code reads it; what few made is left out."""

    figures: InsideFigures
    has_fixed: bool
    has_paid: bool

    @property
    def year(self) -> str:
        """The year in digits, never grouped."""
        return str(self.figures.until.year)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A form that was sent: as it came, what may be shown again, its key, and by what the check was passed."""

    raw: Mapping[str, Sequence[str]]
    typed: Typed
    key: str
    way: captcha.Way | None

    @property
    def is_passed(self) -> bool:
        """Whether the check was passed, by whatever."""
        return self.way is not None


@dataclass(frozen=True, kw_only=True)
class EnterprisePage:
    """Plain values for the template; `typed` holds the texts, chosen codes and ticks."""

    code: str
    enterprise: Enterprise
    is_read: bool
    key: str
    typed: Mapping[str, str]
    photo_count: int
    heads: list[choices.Tile]
    kinds: list[choices.Option]
    modes: list[choices.Option]
    scale: list[tuple[str, str, str]]
    figures: ShownFigures | None
    results_url: str
    errors: problems.Shown
    notice: str
    question: captcha.Question | None
    captcha_pass: str
    widget: recaptcha.Widget | None
    is_folded_open: bool
    pin: str
    words: Mapping[str, str]
    most_photos: int
    photo_max_bytes: int
    photos_max_bytes: int


def enterprise_page(
    *,
    code: str,
    enterprise: Enterprise,
    is_read: bool,
    today: date,
    attempt: Attempt | None = None,
    found: Sequence[FieldProblem] = (),
    notice: str = "",
) -> EnterprisePage:
    """Return the page. A key is kept as long as it is good, so that a second try is the same tip."""
    typed = attempt.typed if attempt else Typed()
    key, is_passed = _key(attempt, found)
    errors = problems.shown(found)
    values = {**typed.values, **_inside_values(attempt)}
    return EnterprisePage(
        code=code,
        enterprise=enterprise,
        is_read=is_read,
        key=key,
        typed=values,
        photo_count=typed.photo_count,
        heads=_heads(chosen=values.get("head", "")),
        kinds=_kinds(chosen=typed.get("kind")),
        modes=choices.modes(chosen=typed.get("identity_mode")),
        scale=_scale(enterprise),
        figures=_figures(enterprise, today=today) if is_read else None,
        results_url=_results_url(enterprise),
        errors=errors,
        notice=notice,
        question=captcha.new_question() if captcha.is_on() and not is_passed else None,
        captcha_pass=captcha.new_pass(once_for=key) if captcha.is_on() and is_passed else "",
        widget=recaptcha.widget(),
        is_folded_open=bool(attempt) and _is_folded_matter(values, errors),
        pin=settings.VAULT_FINGERPRINT,
        words=texts.for_scripts(),
        most_photos=settings.PHOTO_MAX_COUNT,
        photo_max_bytes=settings.PHOTO_MAX_BYTES,
        photos_max_bytes=settings.PHOTOS_MAX_BYTES,
    )


def _key(attempt: Attempt | None, found: Sequence[FieldProblem]) -> tuple[str, bool]:
    if attempt is None or any(problem.problem == Problem.KEY_USED for problem in found):
        return token_hex(16), False
    return attempt.key, attempt.is_passed


def _inside_values(attempt: Attempt | None) -> dict[str, str]:
    raw = attempt.raw if attempt else {}
    longest = {**LONGEST, "to": 10, "head": 12, "on_duty": 4}
    values = {name: showable((raw.get(name) or [""])[0], longest=most) for name, most in longest.items()}
    return {**values, "to": values["to"] or Addressee.UNIT.value}


def _kinds(*, chosen: str) -> list[choices.Option]:
    return [one for one in choices.kinds(chosen=chosen) if one.value != TipKind.CONCEALED_ACCIDENT]


def _heads(*, chosen: str) -> list[choices.Tile]:
    return [
        choices.Tile(
            name="head", value=one.value, label=str(one.label), icon=ICONS[one], is_chosen=one.value == chosen
        )
        for one in HazardHead
    ]


def _scale(enterprise: Enterprise) -> list[tuple[str, str, str]]:
    found = scale_of(enterprise)
    rows = [(one, found[one.value]) for one in HazardGrade if one.value in found]
    return [(str(one.label), f"{row.inside_yuan:,}", f"{row.outside_yuan:,}") for one, row in rows]


def _figures(enterprise: Enterprise, *, today: date) -> ShownFigures | None:
    found = figures_shown(enterprise, today=today)
    if found.received < FEWEST_SHOWN:
        return None
    return ShownFigures(
        figures=found,
        has_fixed=found.tells_fixed(least=FEWEST_SHOWN),
        has_paid=found.tells_paid(least=FEWEST_SHOWN),
    )


def _results_url(enterprise: Enterprise) -> str:
    """Return where the staff reads what became of reports; empty while there is nothing to read."""
    code = code_in_use(enterprise=enterprise) if circulars_of(enterprise).exists() else None
    return reverse("enterprise_results", args=[code.code]) if code else ""


def _is_folded_matter(values: Mapping[str, str], errors: problems.Shown) -> bool:
    named = any(values.get(name) for name in ("workshop", "post", "suggestion", "kind"))
    return (
        named
        or values.get("identity_mode") == "real_name"
        or bool({"name", "phone"} & errors.by_field.keys())
    )

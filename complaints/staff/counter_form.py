"""The form of the counter as its template shows it: blank, or once more with everything typed and what is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.enums import IdentityMode, Industry, Operation, Problem, TipKind, Violation
from complaints.errors import FieldProblem
from complaints.rules.intake import LONGEST, is_key
from complaints.rules.places import Datum
from complaints.rules.private_details import OF_CALLER, private_details
from complaints.rules.texts import showable
from complaints.selectors.offices import DivisionChoice
from complaints.services.counter import COUNTER_CHANNELS, WORDS_STAND
from portal.shared.bilingual import in_a_row

from .steps import StepField, StepOption

KEY = "idempotency_key"
ENVELOPE = "identity_envelope"
ENVELOPE_MAX_CHARS = 4000
CODE_MAX_CHARS = 40
KEY_PROBLEMS = frozenset({Problem.BAD_KEY, Problem.KEY_USED})
# A sealed name is good for nothing any more: it was made for another key, vault or form.
ENVELOPE_PROBLEMS = KEY_PROBLEMS | {Problem.BAD_ENVELOPE, Problem.OTHER_VAULT, Problem.NAME_NOT_WANTED}
_ANCHORS = {"lng": "lat", "datum": "lat", "identity_mode": "identity", ENVELOPE: "name"}
Raw = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One line of the summary, with the field it leads to."""

    anchor: str
    text: str


@dataclass(frozen=True, kw_only=True)
class CounterForm:
    """Plain values for the template; `envelope` is a name sealed before, sent along again unopened."""

    key: str
    envelope: str
    channel: StepField
    matter: tuple[StepField, ...]
    place: tuple[StepField, ...]
    more: tuple[StepField, ...]
    photos: StepField
    in_danger: bool
    words_stand: bool
    modes: tuple[StepOption, ...]
    mode_hints: Mapping[str, str]
    name: StepField
    phone: StepField
    is_employee: bool
    identity_error: str
    heading: str
    faults: tuple[Fault, ...]
    lost_photos: bool


class _Typed:
    """What was typed, as far as it is shown again, and what was wrong with it."""

    def __init__(self, raw: Raw, problems: Sequence[FieldProblem]) -> None:
        self.raw, self.problems = raw, problems

    def first(self, name: str, *, longest: int = CODE_MAX_CHARS) -> str:
        value = next((one for one in self.raw.get(name, ()) if one.strip()), "")
        return showable(value, longest=longest)

    def error(self, *names: str) -> str:
        return in_a_row(dict.fromkeys(_sentence(one) for one in self.problems if one.field in names))

    def text(self, name: str, label: str, *, hint: str = "", rows: int = 0, kind: str = "line") -> StepField:
        longest = LONGEST.get(name, CODE_MAX_CHARS)
        return StepField(
            name=name,
            label=label,
            hint=hint,
            is_required=False,
            kind="words" if rows else kind,
            value=self.first(name, longest=longest),
            error=self.error(name),
            longest=longest,
            rows=rows,
        )

    def choice(
        self,
        name: str,
        label: str,
        options: Iterable[tuple[str, object]],
        *,
        kind: str = "pick",
        hint: str = "",
    ) -> StepField:
        chosen = {showable(one, longest=CODE_MAX_CHARS) for one in self.raw.get(name, ())}
        return StepField(
            name=name,
            label=label,
            hint=hint,
            is_required=False,
            kind=kind,
            error=self.error(name),
            options=tuple(
                StepOption(value=str(value), label=str(words), is_chosen=str(value) in chosen)
                for value, words in options
            ),
        )


def caller_words(raw: Raw) -> list[str]:
    """Return what in the description gives the caller away: a telephone or identity number, or a name told as one.

    The description is kept where officers read it; name and telephone have a field that is sealed.
    """
    told = "\n".join(raw.get("description", ()))[: LONGEST["description"]]
    return list(dict.fromkeys(found.text for found in private_details(told, kinds=OF_CALLER)))


def counter_form(
    *, divisions: Sequence[DivisionChoice], raw: Raw | None = None, problems: Sequence[FieldProblem] = ()
) -> CounterForm:
    """Return the form. A key is kept as long as it is good, so that a second try is the same tip."""
    typed = _Typed(raw or {}, problems)
    found = {one.problem for one in problems}
    key = typed.first(KEY)
    return CounterForm(
        key=token_hex(16) if found & KEY_PROBLEMS or not is_key(key) else key,
        envelope="" if found & ENVELOPE_PROBLEMS else typed.first(ENVELOPE, longest=ENVELOPE_MAX_CHARS),
        channel=_channel(typed),
        matter=_matter(typed),
        place=_place(typed, divisions=divisions),
        more=_more(typed),
        photos=_photos(typed),
        in_danger=bool(typed.first("in_danger")),
        words_stand=bool(typed.first(WORDS_STAND)),
        modes=_modes(typed),
        mode_hints=_mode_hints(),
        name=_blank(typed, "name", _("Name")),
        phone=_blank(typed, "phone", _("Mobile number")),
        is_employee=bool(typed.first("is_employee")),
        identity_error=typed.error("identity_mode"),
        heading=_heading(len(problems)),
        faults=tuple(_fault(one) for one in problems),
        lost_photos=raw is not None,
    )


def _channel(typed: _Typed) -> StepField:
    options = [(one.value, one.label) for one in COUNTER_CHANNELS]
    return typed.choice("channel", _("How it came"), options, kind="one")


def _matter(typed: _Typed) -> tuple[StepField, ...]:
    return (
        typed.text(
            "description",
            _("What is wrong there"),
            rows=5,
            hint=_("As it was told or written. Leave out who reports: no name, no telephone, no job."),
        ),
        typed.choice("operations", _("Dangerous work"), Operation.choices, kind="some"),
    )


def _place(typed: _Typed, *, divisions: Sequence[DivisionChoice]) -> tuple[StepField, ...]:
    districts = [(one.code, one.name) for one in divisions]
    towns = [(code, f"{one.name} · {name}") for one in divisions for code, name in one.towns]
    return (
        typed.text("entity_name", _("Name of the enterprise")),
        typed.text("address", _("Address")),
        typed.choice("district", _("District"), districts),
        typed.choice("town", _("Town"), towns),
    )


def _more(typed: _Typed) -> tuple[StepField, ...]:
    datums = [(Datum.GCJ02, _("Amap or Tencent map")), (Datum.WGS84, _("GPS"))]
    return (
        typed.choice("kind", _("Kind of problem"), TipKind.choices),
        typed.choice("violation", _("Which law is broken"), Violation.choices),
        typed.choice("industry", _("Industry"), Industry.choices),
        typed.text("occurred_on", _("Day it was seen"), kind="day"),
        typed.text("entity_code", _("Unified social credit code")),
        typed.text("lat", _("Latitude"), kind="number"),
        typed.text("lng", _("Longitude"), kind="number"),
        typed.choice("datum", _("Read off"), datums),
    )


def _photos(typed: _Typed) -> StepField:
    return StepField(
        name="photos",
        label=_("Photos and scans"),
        hint=_("At most 9 pictures, 20 MB each. Scan a letter without its sender."),
        is_required=False,
        kind="photos",
        error=typed.error("photos"),
    )


def _modes(typed: _Typed) -> tuple[StepOption, ...]:
    chosen = typed.first("identity_mode") or IdentityMode.ANONYMOUS_WITH_CODE.value
    return tuple(
        StepOption(value=value, label=str(label), is_chosen=value == chosen)
        for value, label in IdentityMode.choices
    )


def _mode_hints() -> dict[str, str]:
    return {
        IdentityMode.ANONYMOUS.value: _("No name, and no reward."),
        IdentityMode.ANONYMOUS_WITH_CODE.value: _("No name now; with the receipt a reward may be claimed."),
        IdentityMode.REAL_NAME.value: _("Name and telephone are sealed; you cannot read them again either."),
    }


def _blank(typed: _Typed, name: str, label: str) -> StepField:
    """Return a field whose value never comes back: names and telephone numbers stay on this screen or are sealed."""
    return StepField(
        name=name,
        label=label,
        hint="",
        is_required=False,
        kind="line",
        error=typed.error(name),
        longest=LONGEST[name],
    )


def _heading(count: int) -> str:
    if not count:
        return ""
    words = ngettext(
        "Not entered yet: %(n)d thing to change", "Not entered yet: %(n)d things to change", count
    )
    return words % {"n": count}


def _fault(problem: FieldProblem) -> Fault:
    return Fault(anchor=_ANCHORS.get(problem.field, problem.field), text=_sentence(problem))


def _sentence(problem: FieldProblem) -> str:
    text = str(problem.problem.label)
    if problem.index is None:
        return text
    return _("Photo %(n)d: %(problem)s") % {"n": problem.index + 1, "problem": text}

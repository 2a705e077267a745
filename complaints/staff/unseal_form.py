"""The forms of a request for opening: asking on the page of a tip, deciding as a leader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from complaints.enums import UnsealPurpose, UnsealTarget
from complaints.models import Evidence
from complaints.services.custody import Wish

from .acts.forms import Kind, Typed
from .steps import StepField, StepOption

ASK, DECIDE = "unseal", "decide"
_ORIGINAL = f"{UnsealTarget.ORIGINAL.value}:"


@dataclass(frozen=True, kw_only=True)
class AskForm:
    """What a handler fills in; the same for a named and an anonymous tip."""

    fields: tuple[StepField, ...]
    fault: str
    is_open: bool


def ask_form(*, originals: Sequence[Evidence], typed: Typed | None, opened: str, fault: str = "") -> AskForm:
    """Return the form; `originals` are the photos whose original was kept."""
    mine = typed if typed and typed.action == ASK else Typed(action="")
    return AskForm(
        fields=(_target(originals, mine), _purpose(mine), _reason(mine)),
        fault=fault,
        is_open=ASK in (opened, mine.action),
    )


def _target(originals: Sequence[Evidence], typed: Typed) -> StepField:
    named = [
        (UnsealTarget.IDENTITY.value, _("Name and telephone, if they were left")),
        *(
            (f"{_ORIGINAL}{photo.public_id}", _("Original of photo %(n)d, as evidence") % {"n": number})
            for number, photo in enumerate(originals, start=1)
        ),
    ]
    chosen = typed.values.get("target", UnsealTarget.IDENTITY.value)
    return StepField(
        name="target",
        label=_("What is to be opened"),
        hint="",
        is_required=True,
        kind=Kind.PICK.value,
        error=typed.error("target"),
        options=_options(named, chosen=chosen),
    )


def _purpose(typed: Typed) -> StepField:
    named = [(str(value), str(label)) for value, label in UnsealPurpose.choices]
    return StepField(
        name="purpose",
        label=_("Purpose"),
        hint="",
        is_required=True,
        kind=Kind.PICK.value,
        error=typed.error("purpose"),
        options=_options(named, chosen=typed.values.get("purpose", "")),
    )


def _options(named: Sequence[tuple[str, str]], *, chosen: str) -> tuple[StepOption, ...]:
    return tuple(StepOption(value=value, label=label, is_chosen=value == chosen) for value, label in named)


def _reason(typed: Typed) -> StepField:
    return StepField(
        name="reason",
        label=_("Reason"),
        hint=_(
            "Why messages and calls through the receipt do not do. Do not write down who you think it is."
        ),
        is_required=True,
        value=typed.values.get("reason", ""),
        error=typed.error("reason"),
    )


def read_wish(posted: Mapping[str, str]) -> Wish:
    """Return what was typed as a wish; a photo is chosen as `original:` and its public id."""
    target = posted.get("target", "")
    photo = target.removeprefix(_ORIGINAL) if target.startswith(_ORIGINAL) else ""
    return Wish(
        target=UnsealTarget.ORIGINAL.value if photo else target,
        purpose=posted.get("purpose", ""),
        reason=posted.get("reason", ""),
        photo=photo,
    )


def confirmations() -> list[tuple[str, str]]:
    """Return what a leader confirms before approving."""
    return [
        ("no_other_way", _("Messages and calls through the receipt do not do")),
        ("not_my_own", _("I neither asked for this nor work on this tip myself")),
    ]


def answer_field(typed: Typed) -> StepField:
    """Return the field for the leader's written reason."""
    return StepField(
        name="answer",
        label=_("Reason for approving or returning"),
        hint=_("The asker and the custodian read it."),
        is_required=True,
        value=typed.values.get("answer", ""),
        error=typed.error("answer"),
    )

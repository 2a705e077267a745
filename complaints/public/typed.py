"""What a sender typed, as far as it may be shown again: cleaned, cut, and never a name or a telephone number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from complaints.rules.intake import LONGEST
from complaints.rules.texts import showable

TEXTS = ("description", "entity_name", "entity_code", "address")
CODES = (
    "kind",
    "violation",
    "industry",
    "district",
    "town",
    "lat",
    "lng",
    "occurred_on",
    "in_danger",
    "identity_mode",
)
KEY = "idempotency_key"
CODE_MAX_CHARS = 40


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Values by field name; `operations` holds the ticked codes."""

    values: Mapping[str, str] = field(default_factory=dict)
    operations: tuple[str, ...] = ()
    photo_count: int = 0

    def get(self, name: str) -> str:
        """Return one value, empty when nothing was typed."""
        return self.values.get(name, "")


def echo(raw: Mapping[str, Sequence[str]], *, photo_count: int) -> Typed:
    """Return what may go back into the form. Characters that cannot be shown are dropped, not the text around."""
    longest = {name: LONGEST[name] for name in TEXTS}
    longest |= dict.fromkeys((*CODES, KEY), CODE_MAX_CHARS)
    values = {name: showable(_first(raw, name), longest=most) for name, most in longest.items()}
    ticked = tuple(showable(value, longest=CODE_MAX_CHARS) for value in raw.get("operations", ()))
    return Typed(values=values, operations=ticked, photo_count=photo_count)


def _first(raw: Mapping[str, Sequence[str]], name: str) -> str:
    return next((value for value in raw.get(name, ()) if value.strip()), "")

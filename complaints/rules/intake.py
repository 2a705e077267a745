"""What makes a tip: reading raw fields into a checked draft, the same for form and API."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as StdnumError

from complaints.crypto.envelope import Envelope, EnvelopeError
from complaints.enums import Channel, IdentityMode, Industry, Operation, Problem, TipKind, Violation
from complaints.errors import DraftInvalid, FieldProblem

from .places import Datum
from .texts import clean_text, showable, text_problem

LONGEST = {
    "description": 5000,
    "entity_name": 100,
    "entity_code": 40,  # eighteen characters, with spaces as people copy them
    "address": 200,
    "name": 50,
    "phone": 20,
}
OLDEST_YEARS = 30
LONGEST_FIELD_NAME = 40
FIELDS = frozenset(
    {
        "kind",
        "violation",
        "industry",
        "operations",
        "description",
        "entity_name",
        "entity_code",
        "district",
        "town",
        "address",
        "lat",
        "lng",
        "datum",
        "occurred_on",
        "in_danger",
        "photos",
        "identity_mode",
        "identity_envelope",
        "name",
        "phone",
        "is_employee",
        "idempotency_key",
    }
)
_KEY = re.compile(r"[0-9a-f]{32}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_TRUE = frozenset({"1", "true", "on", "yes"})


@dataclass(frozen=True, kw_only=True)
class Codes:
    """The divisions a tip may name: district codes, and the district of each town code."""

    districts: frozenset[str]
    district_of_town: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class TipDraft:
    """A checked submission. Names and phones are here in clear only when the server has to seal them."""

    kind: str = ""
    violation: str = ""
    industry: str = ""
    operations: tuple[str, ...] = ()
    description: str = ""
    entity_name: str = ""
    entity_code: str = ""
    district: str = ""
    town: str = ""
    address: str = ""
    lat: float | None = None
    lng: float | None = None
    datum: Datum = Datum.WGS84
    occurred_on: date | None = None
    in_danger: bool = False
    channel: Channel = Channel.PORTAL
    identity_mode: IdentityMode = IdentityMode.ANONYMOUS_WITH_CODE
    envelope: Envelope | None = None
    identity: Mapping[str, str] = field(default_factory=dict, repr=False)
    idempotency_key: str = ""


def is_key(text: str) -> bool:
    """Return whether `text` may be an idempotency key: 128 random bits as 32 lower-case hex digits."""
    return _KEY.fullmatch(text) is not None


class _Reader:
    """Takes one field after the other out of the raw values and gathers what is wrong."""

    def __init__(self, raw: Mapping[str, Sequence[str]]) -> None:
        self.raw = raw
        self.problems: list[FieldProblem] = []

    def refuse(self, name: str, problem: Problem) -> None:
        self.problems.append(FieldProblem(field=name, problem=problem))

    def first(self, name: str) -> str:
        return next((value.strip() for value in self.raw.get(name, ()) if value.strip()), "")

    def text(self, name: str) -> str:
        value = clean_text(self.first(name))
        problem = text_problem(value, longest=LONGEST[name])
        if problem:
            self.refuse(name, problem)
            return ""
        return value

    def choice(self, name: str, known: Sequence[str]) -> str:
        value = self.first(name)
        if value and value not in known:
            self.refuse(name, Problem.UNKNOWN_CODE)
            return ""
        return value

    def choices(self, name: str, known: Sequence[str]) -> tuple[str, ...]:
        values = tuple(dict.fromkeys(v.strip() for v in self.raw.get(name, ()) if v.strip()))
        if any(value not in known for value in values):
            self.refuse(name, Problem.UNKNOWN_CODE)
            return ()
        return values

    def number(self, name: str, *, limit: float) -> float | None:
        value = self.first(name)
        if not value:
            return None
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not abs(number) <= limit:
            self.refuse(name, Problem.BAD_NUMBER)
            return None
        return number

    def flag(self, name: str) -> bool:
        return self.first(name).lower() in _TRUE


def read_draft(
    raw: Mapping[str, Sequence[str]],
    *,
    codes: Codes,
    today: date,
    photo_count: int,
    channel: Channel = Channel.PORTAL,
    extra_fields: frozenset[str] = frozenset(),
) -> TipDraft:
    """Return the draft in these raw values (field name → values as typed).

    A tip needs a photo or a sentence, and a place; everything else is optional. `extra_fields` names form controls
    that are not part of a tip.

    Raises:
        DraftInvalid: with every problem found, in the order of the form.
    """
    reader = _Reader(raw)
    for name in sorted(set(raw) - FIELDS - extra_fields):
        reader.refuse(showable(name, longest=LONGEST_FIELD_NAME), Problem.UNKNOWN_FIELD)
    matter = _matter(reader, photo_count=photo_count)
    place = _place(reader, codes=codes)
    detail = _detail(reader, today=today)
    person = _person(reader)
    if reader.problems:
        raise DraftInvalid(reader.problems)
    return TipDraft(channel=channel, **matter, **place, **detail, **person)  # type: ignore[arg-type]  # four readers


def _matter(reader: _Reader, *, photo_count: int) -> dict[str, object]:
    before = len(reader.problems)
    description = reader.text("description")
    if not description and not photo_count and len(reader.problems) == before:
        reader.refuse("photos", Problem.NEEDS_MATTER)
    return {
        "description": description,
        "kind": reader.choice("kind", TipKind.values),
        "violation": reader.choice("violation", Violation.values),
        "industry": reader.choice("industry", Industry.values),
        "operations": reader.choices("operations", Operation.values),
        "in_danger": reader.flag("in_danger"),
    }


def _place(reader: _Reader, *, codes: Codes) -> dict[str, object]:
    before = len(reader.problems)
    lat, lng = reader.number("lat", limit=90), reader.number("lng", limit=180)
    if (lat is None) != (lng is None) and len(reader.problems) == before:
        reader.refuse("lat", Problem.BAD_NUMBER)
    values: dict[str, object] = {
        "lat": lat,
        "lng": lng,
        "datum": _datum(reader),
        "address": reader.text("address"),
        "entity_name": reader.text("entity_name"),
        **_divisions(reader, codes=codes),
    }
    named = any(values[name] for name in ("address", "entity_name", "district", "town"))
    if lat is None and not named and len(reader.problems) == before:
        reader.refuse("address", Problem.NEEDS_PLACE)
    return values


def _datum(reader: _Reader) -> Datum:
    value = reader.first("datum") or Datum.WGS84.value
    if value not in {datum.value for datum in Datum}:
        reader.refuse("datum", Problem.UNKNOWN_CODE)
        return Datum.WGS84
    return Datum(value)


def _divisions(reader: _Reader, *, codes: Codes) -> dict[str, str]:
    district, town = reader.first("district"), reader.first("town")
    if district and district not in codes.districts:
        reader.refuse("district", Problem.UNKNOWN_CODE)
    elif town and town not in codes.district_of_town:
        reader.refuse("town", Problem.UNKNOWN_CODE)
    elif town and district and codes.district_of_town[town] != district:
        reader.refuse("town", Problem.DIVISION_MISMATCH)
    else:
        return {"district": district or codes.district_of_town.get(town, ""), "town": town}
    return {"district": "", "town": ""}


def _detail(reader: _Reader, *, today: date) -> dict[str, object]:
    code = re.sub(r"[\s-]", "", reader.text("entity_code")).upper()
    if code and not _credit_code_holds(code):
        reader.refuse("entity_code", Problem.BAD_CREDIT_CODE)
    key = reader.first("idempotency_key")
    if not is_key(key):
        reader.refuse("idempotency_key", Problem.BAD_KEY)
    return {"entity_code": code, "occurred_on": _day(reader, today=today), "idempotency_key": key}


def _credit_code_holds(code: str) -> bool:
    try:
        uscc.validate(code)
    except StdnumError:
        return False
    return True


def _day(reader: _Reader, *, today: date) -> date | None:
    value = reader.first("occurred_on")
    if not value:
        return None
    day = _read_day(value)
    if day is None:
        reader.refuse("occurred_on", Problem.BAD_DATE)
        return None
    if day > today:
        reader.refuse("occurred_on", Problem.FUTURE_DATE)
    elif day.year < today.year - OLDEST_YEARS:
        reader.refuse("occurred_on", Problem.LONG_AGO)
    return day


def _read_day(value: str) -> date | None:
    """One way to write a day: the library alone would take ISO weeks and days without hyphens as well."""
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        return None


def _person(reader: _Reader) -> dict[str, object]:
    mode = reader.choice("identity_mode", IdentityMode.values) or IdentityMode.ANONYMOUS_WITH_CODE.value
    sealed = reader.first("identity_envelope")
    typed = {name: reader.text(name) for name in ("name", "phone")}
    if mode != IdentityMode.REAL_NAME:
        if sealed or any(typed.values()):
            reader.refuse("identity_mode", Problem.NAME_NOT_WANTED)
        return {"identity_mode": IdentityMode(mode)}
    if sealed:
        return {"identity_mode": IdentityMode(mode), "envelope": _envelope(reader, text=sealed)}
    return {"identity_mode": IdentityMode(mode), "identity": _typed_person(reader, **typed)}


def _envelope(reader: _Reader, *, text: str) -> Envelope | None:
    try:
        return Envelope.parse(text)
    except EnvelopeError:
        reader.refuse("name", Problem.BAD_ENVELOPE)
        return None


def _typed_person(reader: _Reader, *, name: str, phone: str) -> dict[str, str]:
    digits = re.sub(r"[\s-]", "", phone).removeprefix("+86")
    if not name:
        reader.refuse("name", Problem.NEEDS_NAME)
    if not digits:
        reader.refuse("phone", Problem.NEEDS_PHONE)
    elif not _PHONE.fullmatch(digits):
        reader.refuse("phone", Problem.BAD_PHONE)
    return {"name": name, "phone": digits, "is_employee": "1" if reader.flag("is_employee") else ""}

"""The register of enterprises: a row read and checked, the ceiling of inspections, priority (要点 cl.8)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from secrets import choice

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as StdnumError

from complaints.enums import EXEMPT_PURPOSES, Industry, RiskClass, RowFault, VisitPurpose

from .texts import clean_text, text_problem

NAME_MAX, ADDRESS_MAX = 100, 200
CODE_LENGTH = 10
# Crockford's base 32: no I, L, O and U, which are misread from a wall.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
_CODE = re.compile(f"[{_ALPHABET}]{{{CODE_LENGTH}}}")
_Refuse = Callable[[str, RowFault], None]
COLUMNS = ("name", "credit_code", "industry", "district", "town", "address", "risk_class")
# How much one upheld matter weighs against a class of risk.
_WEIGHT = {RiskClass.MAJOR: 3, RiskClass.LARGER: 2, RiskClass.GENERAL: 1, RiskClass.LOW: 0}


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """A checked row: codes of industry, district, town (may be empty) and risk class."""

    name: str
    credit_code: str
    industry: str
    district: str
    town: str
    address: str
    risk_class: str


@dataclass(frozen=True, kw_only=True)
class LineFault:
    """What is wrong in one line of a file, which column, and what stands there (cut)."""

    line: int
    column: str
    fault: RowFault
    found: str = ""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Districts by code and name, and the towns of each district by code and name."""

    districts: Mapping[str, str]
    towns: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What a file may say: industries and risk classes by code and by their names, and the places of the city."""

    industries: Mapping[str, str]
    risks: Mapping[str, str]
    places: Places


def vocabulary(*, places: Places, names: Mapping[str, str], risks: Mapping[str, str]) -> Vocabulary:
    """Return the vocabulary from names as people write them (name → code); the codes themselves are understood too."""
    return Vocabulary(
        industries={**{code: code for code in Industry.values}, **names},
        risks={**{code: code for code in RiskClass.values}, **risks},
        places=places,
    )


def plain_credit_code(text: str) -> str:
    """Return a unified social credit code without spaces and hyphens, in capitals."""
    return re.sub(r"[\s-]", "", text).upper()


def credit_code_holds(code: str) -> bool:
    """Whether a plain credit code has the right length, letters and check digit (GB 32100-2015)."""
    try:
        uscc.validate(code)
    except StdnumError:
        return False
    return True


def read_row(raw: Mapping[str, str], *, line: int, words: Vocabulary) -> RegisterRow | list[LineFault]:
    """Return the row in these cells, or everything that is wrong with it; `raw` is keyed by COLUMNS.

    Of a cell with a formula that alone is named: what it would show is never worked out.
    """
    faults: list[LineFault] = []
    cells = _cells(raw)
    formulas = frozenset(column for column, text in cells.items() if text.startswith("="))

    def refuse(column: str, fault: RowFault) -> None:
        if column not in formulas or fault == RowFault.FORMULA:
            faults.append(LineFault(line=line, column=column, fault=fault, found=raw.get(column, "")[:40]))

    for column in COLUMNS:
        if column in formulas:
            refuse(column, RowFault.FORMULA)
    _check_texts(cells, refuse)
    _check_code(cells, refuse)
    district, town = place_of(raw, words=words)
    industry, risk = words.industries.get(cells["industry"], ""), words.risks.get(cells["risk_class"], "")
    found = ((industry, "industry", RowFault.INDUSTRY), (district, "district", RowFault.DISTRICT))
    for value, column, fault in (*found, (risk, "risk_class", RowFault.RISK)):
        if not value:
            refuse(column, fault)
    if cells["town"] and not town and (district or not _is_town(cells["town"], words.places)):
        refuse("town", RowFault.TOWN)
    return faults or RegisterRow(
        name=cells["name"],
        credit_code=plain_credit_code(cells["credit_code"]),
        industry=industry,
        district=district,
        town=town,
        address=cells["address"],
        risk_class=risk,
    )


def _cells(raw: Mapping[str, str]) -> dict[str, str]:
    return {column: clean_text(raw.get(column, "")) for column in COLUMNS}


def place_of(raw: Mapping[str, str], *, words: Vocabulary) -> tuple[str, str]:
    """Return the codes of district and town in these cells; empty for what is not there or not in the city."""
    district = words.places.districts.get(clean_text(raw.get("district", "")), "")
    return district, words.places.towns.get(district, {}).get(clean_text(raw.get("town", "")), "")


def _is_town(text: str, places: Places) -> bool:
    """Whether any district has this town: while the district is wrong, that is all that can be said of it."""
    return any(text in towns for towns in places.towns.values())


def _check_texts(cells: Mapping[str, str], refuse: _Refuse) -> None:
    if not cells["name"]:
        refuse("name", RowFault.NO_NAME)
    for column, longest in (("name", NAME_MAX), ("address", ADDRESS_MAX)):
        if text_problem(cells[column], longest=longest) or "\n" in cells[column]:
            refuse(column, RowFault.TEXT)


def _check_code(cells: Mapping[str, str], refuse: _Refuse) -> None:
    code = plain_credit_code(cells["credit_code"])
    if not code:
        refuse("credit_code", RowFault.NO_CODE)
    elif not credit_code_holds(code):
        refuse("credit_code", RowFault.BAD_CODE)


def new_code() -> str:
    """Return a code for a poster: ten random characters, 50 bits."""
    return "".join(choice(_ALPHABET) for _ in range(CODE_LENGTH))


def read_code(text: str) -> str:
    """Return a code as it is stored, whatever was typed from a wall; empty when it can be none."""
    code = text.strip().upper().translate(_MISREAD)
    return code if _CODE.fullmatch(code) else ""


def counts_against_ceiling(purpose: VisitPurpose) -> bool:
    """Whether a visit is one of the plan; what answers a tip, an accident or an order is none (要点 cl.8)."""
    return purpose not in EXEMPT_PURPOSES


def passes_ceiling(*, done: int, ceiling: int | None) -> bool:
    """Whether one more visit that counts would pass the ceiling; without one set nothing passes it."""
    return ceiling is not None and done >= ceiling


def priority(*, risk_class: str, upheld: int) -> int:
    """Return where an enterprise stands, higher first: its class, and each upheld matter of the last year."""
    return _WEIGHT.get(RiskClass(risk_class), 0) + 2 * upheld


def year_before(day: date) -> date:
    """Return the day a year earlier; 29 February leads to the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)

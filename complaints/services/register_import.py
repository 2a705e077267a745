"""Bringing a file into the register: checked row by row first, then stored in one transaction or not at all."""

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby, islice
from secrets import token_hex

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints.enterprise_errors import RegisterFileRefused, RegisterRowsRefused, RegisterRowsTaken
from complaints.enums import FileFault, RowFault
from complaints.models import Enterprise, EnterpriseCode
from complaints.rules.register import (
    COLUMNS,
    LineFault,
    RegisterRow,
    new_code,
    place_of,
    plain_credit_code,
    read_row,
)
from complaints.rules.register_file import Line, open_file
from complaints.selectors.enterprises import reach_of, register_vocabulary
from complaints.selectors.offices import coverages

from . import audit
from .register import BATCH, FIELDS, is_within, office_finder, values_of

# What was checked waits this long to be stored, in the shared cache; it holds nothing about people.
WAIT_SECONDS = 3600
PROGRESS_EVERY = 1000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a dry run found. `token` names the checked rows while they wait; `rows` counts those that hold anything.

    Of a workbook `sheet` was read and `other_sheets` were not; no row is left out without a word.
    """

    token: str
    sha256: str
    rows: int
    new: int
    changed: int
    same: int
    faults: tuple[LineFault, ...] = ()
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()

    @property
    def fault_count(self) -> int:
        """How many errors there are in them; a row may have several."""
        return len(self.faults)

    @property
    def bad_rows(self) -> int:
        """How many rows have something wrong with them."""
        return len({fault.line for fault in self.faults})


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What a run stored, in rows; `left_out` were wrong."""

    new: int
    changed: int
    same: int
    left_out: int


@dataclass(kw_only=True)
class _Sorted:
    """Good rows of a file with the unit in charge of each, and what is wrong with the others."""

    good: list[tuple[RegisterRow, int]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)
    count: int = 0


def nobody(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def check_file(*, data: bytes, actor: User, progress: Progress = nobody) -> Checked:
    """Read and check a whole file and store nothing of it; the good rows wait for `store_checked`.

    Args:
        progress: called with the rows done and the rows there are (0 while that is not known).

    Raises:
        RegisterFileRefused: the file as a whole cannot be read.
    """
    digest = sha256(data).hexdigest()
    file = open_file(data=data)
    found = _sort(file.lines, actor=actor, progress=progress)
    new, changed, same = _against_register(found.good)
    checked = Checked(
        token=token_hex(16),
        sha256=digest,
        rows=found.count,
        new=len(new),
        changed=len(changed),
        same=same,
        faults=tuple(found.faults),
        sheet=file.sheet,
        other_sheets=file.other_sheets,
    )
    _keep(checked, found=found, actor=actor)
    return checked


def _sort(lines: Iterable[Line], *, actor: User, progress: Progress) -> _Sorted:
    words, reach = register_vocabulary(), reach_of(actor)
    find = office_finder(coverages())
    found, first_seen = _Sorted(), dict[str, tuple[int, int]]()
    contradicted: dict[int, str] = {}
    foreign = _foreign_codes(reach)
    for line in lines:
        found.count += 1
        row = read_row(line.cells, line=line.number, words=words)
        faults = list(row) if isinstance(row, list) else []
        code = plain_credit_code(line.cells.get("credit_code", ""))
        if code and code in first_seen:
            faults.append(_fault(line, "credit_code", RowFault.TWICE))
            number, words_then = first_seen[code]
            if words_then != _mark(line):
                contradicted[number] = code
        first_seen.setdefault(code, (line.number, _mark(line)))
        district, town = place_of(line.cells, words=words)
        office = find(district, town) if district else None
        # Whatever else is wrong with the row: somebody who mends it by what was named must not be refused anew.
        if code in foreign or (district and not is_within(office=office, town=town, reach=reach)):
            faults.append(_fault(line, "district", RowFault.FOREIGN))
        if faults:
            found.faults.extend(sorted(faults, key=lambda one: COLUMNS.index(one.column)))
        elif isinstance(row, RegisterRow) and office is not None:
            found.good.append((row, office))
            found.lines.append(line.number)
        if found.count % PROGRESS_EVERY == 0:
            progress(found.count, 0)
    _take_back(contradicted, found=found)
    return found


def _mark(line: Line) -> int:
    return hash(tuple(sorted(line.cells.items())))


def _take_back(contradicted: Mapping[int, str], *, found: _Sorted) -> None:
    """Name the first of two rows with one code as well where they differ: which of them is right nobody can say."""
    if not contradicted:
        return
    kept = [place for place, number in enumerate(found.lines) if number not in contradicted]
    found.good = [found.good[place] for place in kept]
    found.lines = [found.lines[place] for place in kept]
    found.faults += [
        LineFault(line=number, column="credit_code", fault=RowFault.DISPUTED, found=code[:40])
        for number, code in contradicted.items()
    ]
    found.faults.sort(key=lambda one: (one.line, COLUMNS.index(one.column)))


def _fault(line: Line, column: str, fault: RowFault) -> LineFault:
    return LineFault(line=line.number, column=column, fault=fault, found=line.cells.get(column, "")[:40])


def _foreign_codes(reach: tuple[frozenset[int], frozenset[str]]) -> set[str]:
    """Return the credit codes that other units supervise: a file does not take an enterprise away from them."""
    rows = Enterprise.objects.values_list("credit_code", "office_id", "town_id")
    return {
        code
        for code, office, town in rows.iterator()
        if not is_within(office=office, town=town or "", reach=reach)
    }


def _against_register(
    good: Iterable[tuple[RegisterRow, int]],
) -> tuple[list[Enterprise], list[Enterprise], int]:
    """Return the entries to add, those to change with their new values, and how many stay the same."""
    known = {entry.credit_code: entry for entry in Enterprise.objects.all().iterator()}
    new: list[Enterprise] = []
    changed: list[Enterprise] = []
    same = 0
    for row, office in good:
        wanted, entry = values_of(row, office=office), known.get(row.credit_code)
        if entry is None:
            new.append(Enterprise(credit_code=row.credit_code, **wanted))
        elif all(getattr(entry, name) == value for name, value in wanted.items()):
            same += 1
        else:
            for name, value in wanted.items():
                setattr(entry, name, value)
            changed.append(entry)
    return new, changed, same


def _keep(checked: Checked, *, found: _Sorted, actor: User) -> None:
    kept = {
        "sha256": checked.sha256,
        "bad": checked.bad_rows,
        "rows": [list(asdict(row).values()) for row, _office in found.good],
        "lines": found.lines,
    }
    packed = zlib.compress(json.dumps(kept, ensure_ascii=False).encode(), level=1)
    cache.set(_key(checked.token, actor=actor), packed, timeout=WAIT_SECONDS)
    # Apart: storing has no use for them.
    faults = [[one.line, one.column, one.fault.value, one.found] for one in checked.faults]
    told = zlib.compress(json.dumps(faults, ensure_ascii=False).encode(), level=1)
    cache.set(_faults_key(checked.token, actor=actor), told, timeout=WAIT_SECONDS)


def _key(token: str, *, actor: User) -> str:
    return f"register:{actor.pk}:{token}"


def _faults_key(token: str, *, actor: User) -> str:
    return f"register-faults:{actor.pk}:{token}"


def faults_of_checked(*, token: str, actor: User) -> list[LineFault]:
    """Return everything that is wrong with a file the same person checked within the hour, in the order of its rows.

    Raises:
        RegisterFileRefused: what was checked is no longer kept, or was checked by somebody else.
    """
    packed = cache.get(_faults_key(token, actor=actor))
    if packed is None:
        raise RegisterFileRefused(FileFault.GONE)
    return [
        LineFault(line=line, column=column, fault=RowFault(fault), found=found)
        for line, column, fault, found in json.loads(zlib.decompress(packed))
    ]


def store_checked(
    *, token: str, leave_out: bool, actor: User, at: datetime, progress: Progress = nobody
) -> Imported:
    """Store the rows of a file that was checked by the same person: all of them, or none when anything breaks off.

    Args:
        leave_out: the person saw the wrong rows and wants the others stored without them.

    Raises:
        RegisterFileRefused: what was checked is no longer kept, or was stored already.
        RegisterRowsRefused: some rows were wrong, and `leave_out` is not set.
        RegisterRowsTaken: somebody else added one of the enterprises in the same moment.
    """
    packed = cache.get(_key(token, actor=actor))
    if packed is None:
        raise RegisterFileRefused(FileFault.GONE)
    kept = json.loads(zlib.decompress(packed))
    if kept["bad"] and not leave_out:
        raise RegisterRowsRefused
    names = list(RegisterRow.__dataclass_fields__)
    rows = [RegisterRow(**dict(zip(names, values, strict=True))) for values in kept["rows"]]
    try:
        done = _store(rows, kept=kept, actor=actor, at=at, progress=progress)
    except _AddedMeanwhile as error:
        raise RegisterRowsTaken(_taken(error.codes, rows=rows, lines=kept["lines"])) from None
    cache.delete(_key(token, actor=actor))
    return done


class _AddedMeanwhile(Exception):
    """One of these new credit codes is in the register by now."""

    def __init__(self, codes: frozenset[str]) -> None:
        super().__init__()
        self.codes = codes


def _taken(codes: frozenset[str], *, rows: list[RegisterRow], lines: list[int]) -> list[tuple[int, str]]:
    """Return line and credit code of what the file wanted to add and somebody else has added."""
    known = set(Enterprise.objects.values_list("credit_code", flat=True).iterator()) & codes
    return [
        (line, row.credit_code) for line, row in zip(lines, rows, strict=True) if row.credit_code in known
    ]


@transaction.atomic
def _store(
    rows: list[RegisterRow], *, kept: dict[str, object], actor: User, at: datetime, progress: Progress
) -> Imported:
    """Look at roles, units and register anew: an hour may have passed since the file was checked."""
    _lock(rows)
    find, reach = office_finder(coverages()), reach_of(actor)
    foreign = _foreign_codes(reach)
    placed = [(row, find(row.district, row.town)) for row in rows]
    good = [
        (row, office)
        for row, office in placed
        if office is not None
        and row.credit_code not in foreign
        and is_within(office=office, town=row.town, reach=reach)
    ]
    if len(good) != len(rows):
        raise RegisterFileRefused(FileFault.GONE)
    new, changed, same = _against_register(good)
    new.sort(key=lambda entry: entry.credit_code)
    total, day = len(new) + len(changed), timezone.localdate(at)
    try:
        for start in range(0, len(new), BATCH):
            _add(new[start : start + BATCH], day=day)
            progress(min(start + BATCH, len(new)), total)
    except IntegrityError:
        raise _AddedMeanwhile(frozenset(entry.credit_code for entry in new)) from None
    for start in range(0, len(changed), BATCH):
        Enterprise.objects.bulk_update(changed[start : start + BATCH], FIELDS)
        progress(len(new) + min(start + BATCH, len(changed)), total)
    done = Imported(new=len(new), changed=len(changed), same=same, left_out=int(str(kept["bad"])))
    data = {**asdict(done), "sha256": kept["sha256"]}
    audit.record(action="enterprise.imported", at=at, actor=actor, data=data)
    return done


def _lock(rows: list[RegisterRow]) -> None:
    """Lock the entries this file names, in the order every file takes: two files wait, and none waits for ever.

    Visits and tips that point at an entry do not wait.
    """
    codes = sorted(row.credit_code for row in rows)
    for start in range(0, len(codes), BATCH):
        entries = Enterprise.objects.select_for_update(no_key=True).order_by("credit_code")
        list(entries.filter(credit_code__in=codes[start : start + BATCH]).values_list("pk"))


def _add(entries: list[Enterprise], *, day: date) -> None:
    made = Enterprise.objects.bulk_create(entries)
    codes = [EnterpriseCode(enterprise=entry, code=new_code(), issued_date=day) for entry in made]
    EnterpriseCode.objects.bulk_create(codes)


def rows_at_fault(faults: Iterable[LineFault], *, most: int) -> list[tuple[int, list[LineFault]]]:
    """Return the first so many wrong rows by their number, each with everything that is wrong with it."""
    rows = groupby(faults, key=lambda one: one.line)
    return [(line, list(found)) for line, found in islice(rows, most)]

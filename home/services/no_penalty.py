"""Importing the list of matters without a fine from a CSV file: all rows or none, and every fault with its line."""

import csv
import io
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from home.models import NoPenaltyMatter

FILE_MAX_BYTES = 1_000_000
MOST_ROWS = 2000
# Column → field. The names are Chinese because the file is made and read in the bureau's spreadsheets.
COLUMNS = {
    "编号": "code",
    "领域": "field",
    "事项": "matter",
    "不罚条件": "condition",
    "应当怎样做": "instead",
    "法律依据": "basis",
    "依据已核": "is_checked",
    "公开": "is_shown",
    "今年适用": "applied_count",
}
NEEDED = ("编号", "领域", "事项", "不罚条件", "应当怎样做", "法律依据")
_YES, _NO = {"是", "1", "true", "yes"}, {"否", "0", "false", "no", ""}


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How many rows were new and how many were changed; with problems nothing was written."""

    added: int = 0
    changed: int = 0
    same: int = 0
    problems: tuple[str, ...] = ()


def import_matters(*, data: bytes) -> Imported:
    """Take the rows of a CSV file (UTF-8 or GB 18030), finding known ones by their number; rows not in it stay."""
    try:
        lines = _lines(data)
    except ValidationError as refused:
        return Imported(problems=tuple(refused.messages))
    problems: list[str] = []
    rows: dict[str, NoPenaltyMatter] = {}
    known = {row.code: row for row in NoPenaltyMatter.objects.all()}
    for number, line in lines:
        try:
            row = _row(line, known=known)
            if row.code in rows:
                raise ValidationError(_("the number %(code)s stands there twice.") % {"code": row.code})
            rows[row.code] = row
        except ValidationError as refused:
            problems += [
                _("Line %(number)d: %(problem)s") % {"number": number, "problem": text}
                for text in _texts(refused)
            ]
    return Imported(problems=tuple(problems)) if problems else _write(rows)


@transaction.atomic
def _write(rows: Mapping[str, NoPenaltyMatter]) -> Imported:
    stored = {row.code: row for row in NoPenaltyMatter.objects.select_for_update().filter(code__in=rows)}
    fresh = [row for code, row in rows.items() if code not in stored]
    other = [row for code, row in rows.items() if code in stored and _facts(row) != _facts(stored[code])]
    for row in other:
        row.pk = stored[row.code].pk
    for row in fresh:
        row.pk = None
    NoPenaltyMatter.objects.bulk_create(fresh)
    NoPenaltyMatter.objects.bulk_update(other, [*COLUMNS.values()])
    return Imported(added=len(fresh), changed=len(other), same=len(rows) - len(fresh) - len(other))


def _facts(row: NoPenaltyMatter) -> list[object]:
    return [getattr(row, name) for name in COLUMNS.values()]


def _lines(data: bytes) -> list[tuple[int, dict[str, str]]]:
    """Return the rows with the numbers of their lines; raises ValidationError when it is no such file."""
    if len(data) > FILE_MAX_BYTES:
        raise ValidationError(_("The file is larger than 1 MB."))
    reader = csv.DictReader(io.StringIO(_text(data), newline=""))
    names = [(name or "").strip() for name in reader.fieldnames or ()]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise ValidationError(_("Columns are missing: %(names)s.") % {"names": "、".join(missing)})
    reader.fieldnames = names
    try:
        lines = [(reader.line_num, row) for row in reader if any(_cell(cell) for cell in row.values())]
    except csv.Error as error:
        raise ValidationError(_("This is no CSV file that can be read.")) from error
    if not lines:
        raise ValidationError(_("There is no row in this file."))
    if len(lines) > MOST_ROWS:
        raise ValidationError(_("At most %(n)d rows.") % {"n": MOST_ROWS})
    return lines


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("This is no CSV file that can be read."))


def _cell(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _row(line: Mapping[str, str], *, known: Mapping[str, NoPenaltyMatter]) -> NoPenaltyMatter:
    """Return an unsaved row that is valid; raises ValidationError with one message for each fault."""
    before = known.get(_cell(line.get("编号")))
    row = copy(before) if before else NoPenaltyMatter()
    for column, name in COLUMNS.items():
        if column in line:
            setattr(row, name, _value(column, name, _cell(line[column])))
    row.full_clean()
    return row


def _value(column: str, name: str, text: str) -> object:
    if name in {"is_checked", "is_shown"}:
        if text.lower() not in _YES | _NO:
            raise ValidationError(_("%(column)s: 是 or 否 is wanted.") % {"column": column})
        return text.lower() in _YES
    if name == "applied_count":
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 7):
            raise ValidationError(_("%(column)s: a whole number is wanted.") % {"column": column})
        return int(text)
    return text


def _texts(refused: ValidationError) -> list[str]:
    """Return the messages, those of a field with the name of its column before them."""
    if not hasattr(refused, "error_dict"):
        return [str(text) for text in refused.messages]
    names = {name: column for column, name in COLUMNS.items()}
    return [
        f"{names.get(name, name)}: {text}" for name, texts in refused.message_dict.items() for text in texts
    ]

"""Enterprises, files for the register and their rows, as tests need them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from stdnum.cn import uscc

from complaints.models import Enterprise, EnterpriseCode, Office
from complaints.rules.register import new_code
from tests.factories import TODAY
from tests.fixtures import YANTA, City

HEADS = ("名称", "统一社会信用代码", "行业", "区县", "镇街", "地址", "风险等级")


def credit_code(number: int) -> str:
    """Return a valid credit code, another one for each number."""
    body = f"91610113MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def wrong_code(number: int) -> str:
    """Return a credit code with a wrong check digit."""
    code = credit_code(number)
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def row(number: int, **values: str) -> list[str]:
    """Return the cells of a good row; `values` by column code replace some."""
    usual = {
        "name": f"西安第{number}机械制造有限公司",
        "credit_code": credit_code(number),
        "industry": "机械",
        "district": "雁塔区",
        "town": "",
        "address": f"科技路{number}号",
        "risk_class": "一般",
    }
    return list((usual | values).values())


def csv_file(rows: Iterable[Sequence[str]], *, encoding: str = "utf-8-sig", heads: Sequence[str] = HEADS) -> bytes:
    """Return a CSV file of these rows."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heads, *rows])
    return text.getvalue().encode(encoding)


def xlsx_file(rows: Iterable[Sequence[Any]], *, merged: str = "", heads: Sequence[str] = HEADS) -> bytes:
    """Return a workbook of these rows; `merged` is a range such as A2:B2."""
    book = Workbook()
    sheet = book.active
    for cells in [heads, *rows]:
        sheet.append(list(cells))
    if merged:
        sheet.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def enterprise(city: City, *, number: int = 1, office: Office | None = None, **values: Any) -> Enterprise:
    """Return a stored enterprise of the first district with a code in use."""
    usual: dict[str, Any] = {
        "name": f"西安第{number}机械制造有限公司",
        "credit_code": credit_code(number),
        "industry": "machinery",
        "district_id": YANTA,
        "risk_class": "general",
        "office": office or city.yanta,
    }
    made = Enterprise.objects.create(**(usual | values))
    EnterpriseCode.objects.create(enterprise=made, code=new_code(), issued_date=TODAY)
    return made


def code_of(entry: Enterprise) -> str:
    """Return the code in use of an enterprise."""
    return entry.codes.get(retired_date=None).code


def first_of_year(day: date) -> date:
    """Return the first day of the year of a day."""
    return day.replace(month=1, day=1)

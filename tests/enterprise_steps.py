"""Enterprises, files for the register and their rows, as tests need them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from openpyxl import Workbook
from stdnum.cn import uscc

from complaints.enums import InsideAct
from complaints.models import Enterprise, EnterpriseCode, EnterpriseManager, InternalTip, Office
from complaints.rules.inside_account import closed_days
from complaints.rules.internal_draft import InsideDraft
from complaints.rules.register import new_code
from complaints.services.inside_progress import InsideProgress
from complaints.services.inside_words import write_to_company
from complaints.services.intake import Acknowledgement, submit_tip
from complaints.services.internal import ActForm, act_inside
from tests.factories import TODAY, VAULT_FINGERPRINT, UserFactory, draft, noon, upload
from tests.fixtures import YANTA, City

LATE = TODAY + timedelta(days=60)
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


def csv_file(
    rows: Iterable[Sequence[str]], *, encoding: str = "utf-8-sig", heads: Sequence[str] = HEADS
) -> bytes:
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


@pytest.fixture
def entry(city: City) -> Enterprise:
    """An enterprise of the first district."""
    return enterprise(city)


@pytest.fixture
def boss(entry: Enterprise) -> User:
    """Its safety manager."""
    return manager(entry)


@pytest.fixture
def other(entry: Enterprise) -> User:
    """Another one."""
    return manager(entry, username="second")


@pytest.fixture
def named(entry: Enterprise) -> User:
    """A second one, whom a tip may name."""
    user = manager(entry, username="helong")
    user.first_name = "何龙"
    user.save()
    return user


def closed_day() -> date:
    """Return the last day that counts in figures today: the end of last month."""
    return closed_days(today=timezone.localdate()).last


def inside(number: str) -> InternalTip:
    """Return the inside of a tip as it is stored."""
    return InternalTip.objects.select_related("tip").get(tip__number=number)


def code_of(entry: Enterprise) -> str:
    """Return the code in use of an enterprise."""
    return entry.codes.get(retired_date=None).code


def first_of_year(day: date) -> date:
    """Return the first day of the year of a day."""
    return day.replace(month=1, day=1)


def manager(entry: Enterprise, *more: Enterprise, username: str = "manager", by: User | None = None) -> User:
    """Return a safety manager of these enterprises, invited a while ago."""
    user: User = UserFactory(username=username, first_name="秦安全")
    for one in (entry, *more):
        EnterpriseManager.objects.create(
            user=user, enterprise=one, invited_by=by or user, invited_at=noon(TODAY)
        )
    return user


def tell_inside(entry: Enterprise, *, photos: int = 0, today: date = TODAY, **values: Any) -> Acknowledgement:
    """Send an internal tip as the form of the poster does; `values` go to the inside or to the tip."""
    names = InsideDraft.__dataclass_fields__
    inside = InsideDraft(
        enterprise_id=entry.pk, **{name: value for name, value in values.items() if name in names}
    )
    rest = {name: value for name, value in values.items() if name not in names}
    about = {"entity_name": entry.name, "entity_code": entry.credit_code, "district": entry.district_id}
    return submit_tip(
        draft=draft(**{**about, "description": "行车下面站人", "lat": None, "lng": None, **rest}),
        uploads=[upload() for _ in range(photos)],
        today=today,
        vault_fingerprint=VAULT_FINGERPRINT,
        inside=inside,
    )


def act(
    number: str, act: str, actor: User, *, day: date = TODAY, photos: int = 0, **values: Any
) -> InternalTip:
    """Take one act inside with what it usually needs."""
    usual: dict[str, dict[str, Any]] = {
        "verify": {"grade": "general"},
        "refute": {"memo": "现场查了，护栏完好。"},
        "plan": {
            "person": "机修班长", "measures": "加装护栏", "emergency": "停机撤人", "funds_yuan": 3000,
            "deadline": day + timedelta(days=10),
        },
        "fix": {"memo": "护栏已装好。"},
        "send_back": {"memo": "还差一段。"},
        "pay": {"memo": "到安全科报编号领取。", "reward_yuan": 100, "paid_date": day},
        "circulate": {"memo": "护栏已装好，行车下禁止站人。", "audience": "全体员工", "told_date": day},
        "reply": {"memo": "收到，谢谢。"},
    }  # fmt: skip
    return act_inside(
        number=number,
        act=InsideAct(act),
        form=ActForm(**{**usual.get(act, {}), **values}),
        uploads=[upload() for _ in range(photos)],
        actor=actor,
        at=noon(day),
        vault_fingerprint=VAULT_FINGERPRINT,
    )


def lead_to(number: str, state: str, actor: User, *, other: User | None = None, day: date = TODAY) -> None:
    """Take an internal tip on the straight way to a state; `other` accepts."""
    way = {
        "acknowledged": "acknowledge",
        "verified": "verify",
        "fixed": "fix",
        "accepted": "accept",
        "paid": "pay",
    }
    for reached, name in way.items():
        act(number, name, (other or actor) if name == "accept" else actor, day=day)
        if reached == state:
            return


def write_inside(receipt: str, text: str = "今天又看到有人站在下面。", **values: Any) -> InsideProgress:
    """Write to the company by the receipt, as the progress page does."""
    usual: dict[str, Any] = {
        "uploads": (), "today": TODAY, "vault_fingerprint": VAULT_FINGERPRINT, "client_key": "",
    }  # fmt: skip
    return write_to_company(typed=receipt, text=text, **(usual | values))

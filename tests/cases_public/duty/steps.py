"""Units that owe cases, public cases of theirs, and the acts of each person, as many tests need them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cases_public.enums import DutyContent
from cases_public.models import CaseIndexPage, CasePage, Duty, Submission, SubmissionScore
from cases_public.services.duties import begin_periods
from cases_public.services.scoring import score_submission
from cases_public.services.submissions import submit_case
from complaints.enums import OfficeLevel, Role
from complaints.models import Office
from tests.cases_public.factories import add_case
from tests.factories import OfficeFactory
from tests.signin import staff

_numbers = count(1)
WHOLE = {
    "facts": [("paragraph", "<p>检查发现动火作业未办理审批。</p>")],
    "violations": [("violation", {"text": "未审批动火。", "law": "安全生产法", "article": "第四十三条"})],
    "unit_penalty_text": "责令改正。",
    "unit_penalty_basis": "《安全生产法》第一百零一条",
    "person_penalty_text": "主要负责人李某某受到罚款。",
    "lesson": "动火先审批。",
    "warnings": [("point", "没有审批就不动火。")],
    "values": ["warning", "evidence"],
}
ALL = [one.value for one in DutyContent if one != DutyContent.HAZARD]


@dataclass(frozen=True, kw_only=True)
class Bureau:
    """A city, two districts, and one person for each part."""

    city: Office
    east: Office
    west: Office
    officer: User
    other: User
    editor: User
    legal: User
    leader: User
    publisher: User
    machine: User
    auditor: User


def bureau() -> Bureau:
    """Return a city with its people; the rules of 92号 are there since migrating."""
    city = OfficeFactory(city=True, name="市应急管理局", parent=None)
    east = OfficeFactory(name="东区应急管理局", level=OfficeLevel.DISTRICT, parent=city)
    west = OfficeFactory(name="西区应急管理局", level=OfficeLevel.DISTRICT, parent=city)
    return Bureau(
        city=city,
        east=east,
        west=west,
        officer=staff(Role.OFFICER, office=east, username="east"),
        other=staff(Role.OFFICER, office=west, username="west"),
        editor=staff(Role.EDITOR, office=city, username="city-editor"),
        legal=staff(Role.LEGAL_REVIEWER, office=city, username="legal"),
        leader=staff(Role.LEADER, office=city, username="city-leader"),
        publisher=staff(Role.PUBLISHER, office=city, username="publisher"),
        machine=staff(Role.SYSTEM_ADMINISTRATOR, office=city, username="machine"),
        auditor=staff(Role.AUDITOR, office=city, username="auditor"),
    )


def moment(day: date, at: time = time(12)) -> datetime:
    """Return a moment of a day where the bureau is."""
    return timezone.make_aware(datetime.combine(day, at))


def public_case(unit: Office, **values: Any) -> CasePage:
    """Return a whole public case of a unit."""
    number = next(_numbers)
    facts = {"title": f"某公司违规动火案 {number}", "slug": f"duty-{number}", "handling_unit": unit.name}
    return add_case(CaseIndexPage.objects.get(), **(WHOLE | facts | values))


def begun(today: date) -> int:
    """Let the daily task begin the periods of a day."""
    return begin_periods(today, moment(today))


def duty_of(unit: Office, period: str) -> Duty:
    """Return what a unit owes in a period."""
    return Duty.objects.select_related("rule").get(office=unit, period=period)


def submitted(
    who: User, unit: Office, period: str, day: date, page: CasePage | None = None, at: time = time(12)
) -> Submission:
    """Submit a case of a unit, a new one unless told which."""
    case = page or public_case(unit)
    return submit_case(duty_id=duty_of(unit, period).pk, page_id=case.pk, user=who, at=moment(day, at))


def scored(who: User, row: Submission, day: date, **values: Any) -> SubmissionScore:
    """Score a submission, well unless told otherwise."""
    given: dict[str, Any] = {"contents": ALL, "points": {"warning": 80, "evidence": 40}, "note": ""}
    return score_submission(submission_id=row.pk, user=who, at=moment(day), **(given | values))

"""The quarter's file: order of 92号, no formula, same bytes, public things alone, sent by a third person."""

import io
import zipfile
from datetime import date, timedelta
from hashlib import sha256

import pytest
from openpyxl import load_workbook
from wagtail.models import Collection, CollectionViewRestriction

from cases_public.duty.periods import period_of_code
from cases_public.enums import DutyContent
from cases_public.models import CasePage, DutyFile, Submission
from cases_public.models.duty import NeverChanged
from cases_public.services.duty_file import (
    TABLE,
    DutyBundle,
    bundle,
    cases_of_file,
    cases_of_quarter,
    send_file,
)
from cases_public.services.duty_overview import overview
from cases_public.services.duty_rights import DutyRefused, rights_of
from complaints.models import AuditRow
from tests.cases_public.duty.steps import Bureau, begun, bureau, moment, public_case, scored, submitted
from tests.cases_public.factories import picture

pytestmark = pytest.mark.django_db
NOV = date(2026, 11, 29)
Q4 = period_of_code("2026-Q4")


@pytest.fixture
def who(db: None) -> Bureau:
    people = bureau()
    begun(NOV)
    return people


def qualified(who: Bureau, **values: object) -> Submission:
    row = submitted(who.officer, who.east, "2026-B6", NOV, public_case(who.east, **values))
    scored(who.legal, row, NOV)
    return row


def made(who: Bureau, today: date = NOV) -> DutyBundle:
    seen = overview(rights=rights_of(who.leader), start=Q4.start_date, end=Q4.end_date, today=today)
    return bundle(quarter=Q4, submissions=cases_of_quarter(quarter=Q4, today=today), seen=seen)


def files_of(found: DutyBundle) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(found.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_92_the_order_of_the_table(who: Bureau) -> None:
    row = qualified(who)

    sheet = load_workbook(io.BytesIO(made(who).table)).worksheets[0]

    head, first = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert head[2:11] == [
        "标题（单位+行为+案）", "基本案情", "违法事实", "违反条款", "处罚依据", "处理结果（单位、个人分列）",
        "重大隐患判定条款", "典型意义", "警示要点",
    ]  # fmt: skip
    assert [one.value for one in DutyContent] == [
        "title", "facts", "acts", "articles", "basis", "outcome", "hazard", "meaning", "warnings",
    ]  # fmt: skip
    assert first[1:3] == ["东区应急管理局", CasePage.objects.get(pk=row.page_id).title]
    assert first[5] == "《安全生产法》第四十三条"
    assert first[7].splitlines()[0].startswith("单位")
    assert first[7].splitlines()[1].startswith("个人")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t="])
def test_no_cell_is_a_formula(who: Bureau, start: str) -> None:
    qualified(who, title=f'{start}HYPERLINK("http://x")案', lesson=f"{start}1+1\x07")

    book = load_workbook(io.BytesIO(made(who).table))

    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text.lstrip().startswith(("=", "+", "-", "@"))]
    assert [text for text in texts if "HYPERLINK" in text]


def test_same_cases_same_bytes_with_a_list_of_hashes(who: Bureau) -> None:
    qualified(who, picture=picture(), picture_alt="图")
    qualified(who)

    one, other = made(who), made(who)

    assert one.sha256 == other.sha256 == sha256(one.data).hexdigest()
    files = files_of(one)
    sums = files.pop("SHA256SUMS.txt").decode().splitlines()
    assert sums == [f"{sha256(data).hexdigest()}  {name}" for name, data in files.items()]
    assert files[TABLE] == one.table
    assert len([name for name in files if name.endswith("案例.txt")]) == 2
    assert len([name for name in files if "图片" in name]) == 1


def test_pictures_of_closed_collections_stay(who: Bureau) -> None:
    shown = picture()
    closed = Collection.get_first_root_node().add_child(name="内部")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    shown.collection = closed
    shown.save()
    qualified(who, picture=shown, picture_alt="图")

    assert not [name for name in files_of(made(who)) if "图片" in name]


def test_a_missing_picture_stops_the_file(who: Bureau) -> None:
    shown = picture()
    qualified(who, picture=shown, picture_alt="图")
    shown.file.storage.delete(shown.file.name)

    with pytest.raises(DutyRefused, match="图片"):
        made(who)


def test_what_does_not_qualify_or_is_not_public_stays_out(who: Bureau) -> None:
    submitted(who.officer, who.east, "2026-B6", NOV)
    scored(who.legal, submitted(who.other, who.west, "2026-B6", NOV), NOV, contents=[], note="不全")
    gone = qualified(who)
    CasePage.objects.get(pk=gone.page_id).unpublish()
    kept = qualified(who)

    assert cases_of_quarter(quarter=Q4, today=NOV) == [kept]


def test_sent_once_and_what_comes_later_goes_up_in_a_further_file(who: Bureau) -> None:
    first = qualified(who)
    assert made(who).count == 1

    sent = send_file(quarter=Q4, user=who.publisher, at=moment(NOV))

    assert (sent.number, cases_of_file(file=sent, today=NOV)) == (1, [first])
    assert sent.figures["cases_qualified"] == "1"
    with pytest.raises(DutyRefused, match="没有"):
        send_file(quarter=Q4, user=who.publisher, at=moment(NOV))
    second = qualified(who)
    again = send_file(quarter=Q4, user=who.publisher, at=moment(NOV))
    assert (again.number, cases_of_file(file=again, today=NOV)) == (2, [second])
    acts = AuditRow.objects.filter(action="dutyfile.sent", actor=who.publisher)
    assert acts.count() == DutyFile.objects.count() == 2
    with pytest.raises(NeverChanged):
        sent.save()


def test_a_late_case_goes_up_in_the_quarter_in_which_it_came(who: Bureau) -> None:
    day = date(2027, 1, 5)
    row = submitted(who.officer, who.east, "2026-B6", day)
    scored(who.legal, row, day)

    assert cases_of_quarter(quarter=Q4, today=day) == []
    assert cases_of_quarter(quarter=period_of_code("2027-Q1"), today=day) == [row]


@pytest.mark.parametrize("person", ["officer", "editor", "legal", "leader", "machine", "auditor"])
def test_only_a_publisher_of_the_city_sends(who: Bureau, person: str) -> None:
    qualified(who)

    with pytest.raises(DutyRefused):
        send_file(quarter=Q4, user=getattr(who, person), at=moment(NOV))
    assert not DutyFile.objects.exists()


def test_a_withdrawn_case_leaves_a_file_that_was_sent(who: Bureau) -> None:
    row = qualified(who)
    sent = send_file(quarter=Q4, user=who.publisher, at=moment(NOV))

    CasePage.objects.get(pk=row.page_id).unpublish()

    assert cases_of_file(file=sent, today=NOV + timedelta(days=400)) == []

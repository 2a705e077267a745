"""The desk of the register: lists, entries, files, visits and posters, each for the people whose business it is."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from complaints.enums import Role
from complaints.models import AuditRow, Enterprise, EnterpriseCode, InspectionCeiling, SiteVisit
from complaints.services.register import reissue_code
from tests.enterprise_steps import code_of, credit_code, csv_file, enterprise, row, wrong_code, xlsx_file
from tests.fixtures import LIANHU, YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def officer(city: City) -> User:
    return staff(Role.OFFICER, office=city.yanta, username="yanta-officer")


@pytest.fixture
def foreign_officer(city: City) -> User:
    return staff(Role.OFFICER, office=city.lianhu, username="lianhu-officer")


@pytest.fixture
def auditor(city: City) -> User:
    return staff(Role.AUDITOR, office=city.city, username="auditor")


@pytest.fixture
def administrator(city: City) -> User:
    return staff(Role.SYSTEM_ADMINISTRATOR, office=city.city, username="sysadmin")


def entry(**values: str) -> dict[str, str]:
    usual = {
        "name": "西安甲机械有限公司", "credit_code": credit_code(1), "industry": "machinery", "district": YANTA,
        "town": "", "address": "", "risk_class": "general", "is_active": "on",
    }  # fmt: skip
    return usual | values


# --- the list ---------------------------------------------------------------------------------------------------


def test_the_list_shows_the_own_enterprises_and_counts_them(
    city: City, officer: User, signed_in: SignIn
) -> None:
    enterprise(city, number=1)
    enterprise(city, number=2, office=city.lianhu, district_id=LIANHU)

    page = signed_in(officer).get(reverse("enterprises:index")).content.decode()

    assert "西安第1机械制造有限公司" in page
    assert "西安第2机械制造有限公司" not in page
    assert "共 1 家企业" in page


@pytest.mark.parametrize(("query", "found"), [("第2机", [2]), (credit_code(3)[:17], [3]), ("没有", [])])
def test_the_list_finds_by_name_and_code(
    city: City, officer: User, signed_in: SignIn, query: str, found: list[int]
) -> None:
    for number in (1, 2, 3):
        enterprise(city, number=number)

    page = signed_in(officer).get(reverse("enterprises:index_results"), {"q": query}).content.decode()

    assert [number for number in (1, 2, 3) if f"西安第{number}机械" in page] == found


def test_the_list_filters_and_puts_priority_first(city: City, officer: User, signed_in: SignIn) -> None:
    enterprise(city, number=1, risk_class="low")
    enterprise(city, number=2, risk_class="major")
    enterprise(city, number=3, risk_class="low", upheld_count=2)

    client = signed_in(officer)
    every = client.get(reverse("enterprises:index")).content.decode()
    low = client.get(reverse("enterprises:index_results"), {"risk_class": "low"}).content.decode()

    assert every.index("第3机械") < every.index("第2机械") < every.index("第1机械")
    assert "第2机械" not in low


def test_queries_of_the_list_do_not_grow(
    city: City, officer: User, signed_in: SignIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = signed_in(officer)
    for number in range(30):
        enterprise(city, number=number)
    client.get(reverse("enterprises:index"))

    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]  # a context manager
        client.get(reverse("enterprises:index"))


def test_the_list_to_take_along_holds_no_formula(city: City, officer: User, signed_in: SignIn) -> None:
    enterprise(city, name="=HYPERLINK(1)")

    answer = signed_in(officer).get(reverse("enterprises:index"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # streamed

    assert "'=HYPERLINK(1)" in text


@pytest.mark.parametrize("name", ["index", "index_results", "add", "import", "progress", "template", "visit"])
def test_the_register_is_not_there_for_people_without_tips(
    city: City, administrator: User, signed_in: SignIn, name: str
) -> None:
    assert signed_in(administrator).get(reverse(f"enterprises:{name}")).status_code == 404


@pytest.mark.parametrize("name", ["add", "import", "progress", "template", "visit"])
def test_an_auditor_reads_and_changes_nothing(
    city: City, auditor: User, signed_in: SignIn, name: str
) -> None:
    made = enterprise(city)
    client = signed_in(auditor)

    assert client.get(reverse(f"enterprises:{name}")).status_code == 404
    assert client.get(reverse("enterprises:edit", args=[made.pk])).status_code == 404
    assert client.post(reverse("enterprises:inspect", args=[made.pk])).status_code == 404
    assert client.get(reverse("enterprises:inspect", args=[made.pk])).status_code == 200
    assert made.codes.count() == 1


@pytest.mark.parametrize("name", ["inspect", "edit", "poster"])
def test_a_foreign_enterprise_is_not_there(
    city: City, foreign_officer: User, signed_in: SignIn, name: str
) -> None:
    made = enterprise(city)

    assert signed_in(foreign_officer).get(reverse(f"enterprises:{name}", args=[made.pk])).status_code == 404


# --- an entry ---------------------------------------------------------------------------------------------------


def test_an_entry_is_added_and_changed(city: City, officer: User, signed_in: SignIn) -> None:
    client = signed_in(officer)

    added = client.post(reverse("enterprises:add"), entry())
    made = Enterprise.objects.get()
    changed = client.post(reverse("enterprises:edit", args=[made.pk]), entry(risk_class="major"))

    assert (added.status_code, changed.status_code) == (302, 302)
    made.refresh_from_db()
    assert (made.office, made.risk_class) == (city.yanta, "major")
    assert len(code_of(made)) == 10


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"credit_code": wrong_code(1)}, "校验位"),
        ({"credit_code": credit_code(9)}, "登记库里另有企业用这个信用代码"),
        ({"name": ""}, "必填"),
        ({"district": LIANHU}, "不能"),
        ({"industry": "magic"}, "magic"),
    ],
)
def test_a_wrong_entry_is_refused_with_everything_typed_kept(
    city: City, officer: User, signed_in: SignIn, values: dict[str, str], words: str
) -> None:
    enterprise(city, number=9)

    answer = signed_in(officer).post(reverse("enterprises:add"), entry(address="科技路 7 号", **values))

    assert answer.status_code in (403, 422)
    assert "科技路 7 号" in answer.content.decode()
    assert Enterprise.objects.count() == 1


# --- files ------------------------------------------------------------------------------------------------------


def send(client: Client, data: bytes, name: str = "a.csv") -> str:
    answer = client.post(reverse("enterprises:import"), {"file": SimpleUploadedFile(name, data)})
    return str(answer.content.decode())


def test_a_file_is_checked_then_stored(city: City, officer: User, signed_in: SignIn) -> None:
    client = signed_in(officer)

    page = send(client, xlsx_file([row(1), row(2, credit_code=wrong_code(2))]), "a.xlsx")
    assert not Enterprise.objects.exists()
    token = page.split('name="token" value="')[1].split('"')[0]
    refused = client.post(reverse("enterprises:import"), {"token": token})
    stored = client.post(reverse("enterprises:import"), {"token": token, "leave_out": "1"})

    assert "1 行有错" in page
    assert wrong_code(2) in page
    assert (refused.status_code, stored.status_code) == (409, 302)
    assert Enterprise.objects.count() == 1
    assert AuditRow.objects.get(action="enterprise.imported").actor == officer


def test_errors_stand_row_by_row_and_all_of_them_can_be_taken_along(
    city: City, officer: User, signed_in: SignIn
) -> None:
    client = signed_in(officer)
    rows = [row(number, name="", address="=A1", risk_class="随便") for number in range(1, 61)]

    page = send(client, csv_file([row(0), *rows]))
    token = page.split('name="token" value="')[1].split('"')[0]
    answer = client.post(reverse("enterprises:import"), {"token": token, "faults": "1"})
    gone = client.post(reverse("enterprises:import"), {"token": "x", "faults": "1"})

    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert "60 行有错" in page
    assert page.count("第 3 行") == 1
    assert page.count("没有名称。") == 50
    assert "还有 10 行有错" in page
    assert "下载全部 180 个错误" in page
    assert table[0] == ["行号", "列", "文件里写的", "问题"]
    assert len(table) == 181
    assert [line[:3] for line in table[1:4]] == [
        ["3", "名称", "—"],
        ["3", "地址", "'=A1"],
        ["3", "风险等级", "随便"],
    ]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="enterprises-errors.csv"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert (gone.status_code, Enterprise.objects.count()) == (422, 0)


def test_the_other_sheets_of_a_workbook_are_named(city: City, officer: User, signed_in: SignIn) -> None:
    book = load_workbook(io.BytesIO(xlsx_file([row(1)])))
    book.create_sheet("二季度<b>").append(row(2))
    out = io.BytesIO()
    book.save(out)

    page = send(signed_in(officer), out.getvalue(), "a.xlsx")
    alone = send(signed_in(officer), xlsx_file([row(1)]), "a.xlsx")

    assert "二季度&lt;b&gt;" in page
    assert "只读取了第一个工作表" in page
    assert "读取的工作表" in alone
    assert "只读取了第一个工作表" not in alone


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "表头"),
        (csv_file([]), "没有"),
        ("名称,行业\n".encode("utf-16"), "UTF-8"),
        (xlsx_file([row(1), row(2)], merged="A2:A3"), "合并"),
        (b"PK\x03\x04 no", "损坏"),
    ],
)
def test_a_bad_file_is_refused_in_words(
    city: City, officer: User, signed_in: SignIn, data: bytes, words: str
) -> None:
    page = send(signed_in(officer), data)

    assert words in page
    assert not Enterprise.objects.exists()


def test_no_file_and_a_made_up_token_are_refused(city: City, officer: User, signed_in: SignIn) -> None:
    client = signed_in(officer)

    assert client.post(reverse("enterprises:import")).status_code == 422
    assert client.post(reverse("enterprises:import"), {"token": "x" * 500}).status_code == 422


def test_the_template_is_a_file_the_import_takes(city: City, officer: User, signed_in: SignIn) -> None:
    client = signed_in(officer)
    data = client.get(reverse("enterprises:template")).content

    page = send(client, data)

    # The example names a town that this small city may lack; its columns and its code are right.
    assert "第 1 列" not in page
    assert "信用代码不对" not in page


def test_progress_is_told_while_it_runs(city: City, officer: User, signed_in: SignIn) -> None:
    assert signed_in(officer).get(reverse("enterprises:progress")).json() == {"done": 0, "total": 0}


# --- visits -----------------------------------------------------------------------------------------------------


def test_a_visit_from_the_scanned_code_with_the_warning(city: City, officer: User, signed_in: SignIn) -> None:
    made = enterprise(city)
    day = timezone.localdate() - timedelta(days=3)
    InspectionCeiling.objects.create(risk_class="general", per_year=0, effective_from=day, source="试行")
    client, address = signed_in(officer), reverse("enterprises:visit_at", args=[code_of(made)])

    page = client.get(address).content.decode()
    refused = client.post(address, {"purpose": "planned", "note": ""})
    exempt = client.post(address, {"purpose": "tip", "note": ""})
    stored = client.post(address, {"purpose": "planned", "note": "专项部署"})

    assert "超过全年上限" in page
    assert (refused.status_code, exempt.status_code, stored.status_code) == (409, 302, 302)
    assert sorted(SiteVisit.objects.values_list("counts", "passed_ceiling")) == [(False, False), (True, True)]


def test_a_typed_code_leads_to_the_visit_and_a_foreign_one_nowhere(
    city: City, officer: User, foreign_officer: User, signed_in: SignIn
) -> None:
    made = enterprise(city)
    code, address = code_of(made), reverse("enterprises:visit")

    own = signed_in(officer).get(address, {"code": f" {code.lower()} "})
    foreign = signed_in(foreign_officer).get(address, {"code": code})
    unknown = signed_in(officer).get(address, {"code": "0000000000"})

    assert own.headers["Location"] == reverse("enterprises:visit_at", args=[code])
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert signed_in(foreign_officer).get(own.headers["Location"]).status_code == 404


def test_a_retired_code_says_so_to_the_officer(city: City, officer: User, signed_in: SignIn) -> None:
    made = enterprise(city)
    old = code_of(made)
    reissue_code(pk=made.pk, actor=officer, at=timezone.now())

    page = signed_in(officer).get(reverse("enterprises:visit_at", args=[old])).content.decode()

    assert "旧码" in page


# --- the poster -------------------------------------------------------------------------------------------------


def test_the_code_on_the_printed_poster_opens_the_page(city: City, officer: User, signed_in: SignIn) -> None:
    made = enterprise(city)

    pdf = signed_in(officer).get(reverse("enterprises:poster", args=[made.pk])).content
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=3).to_pil()
    found = zxingcpp.read_barcodes(picture)
    words = document[0].get_textpage().get_text_bounded()

    assert len(document) == 1
    assert [one.format.name for one in found] in (["QRCode"], ["QRCodeModel2"])
    assert found[0].text == f"http://testserver/e/{code_of(made)}/"
    assert "西安第1机械制造有限公司" in words
    assert "12350" in words
    answer = Client().get(found[0].text.removeprefix("http://testserver"))
    assert answer.status_code == 200
    assert "西安第1机械制造有限公司" in answer.content.decode()


def test_a_town_that_only_keeps_the_entry_is_offered_no_new_code(
    city: City, officer: User, signed_in: SignIn
) -> None:
    made = enterprise(city, town_id=city.town_code)
    town, address = (
        signed_in(staff(Role.OFFICER, office=city.town)),
        reverse("enterprises:inspect", args=[made.pk]),
    )

    assert "换发新码" not in town.get(address).content.decode()
    assert town.post(address).status_code == 404
    assert "换发新码" in signed_in(officer).get(address).content.decode()
    assert made.codes.count() == 1


def test_a_new_code_makes_another_poster_and_the_old_code_says_so(
    city: City, officer: User, signed_in: SignIn
) -> None:
    made = enterprise(city)
    old = code_of(made)
    client = signed_in(officer)

    client.post(reverse("enterprises:inspect", args=[made.pk]))
    answer = Client().get(reverse("enterprise", args=[old]))

    assert answer.status_code == 410
    assert "这张海报上的码已经换了" in answer.content.decode()
    assert EnterpriseCode.objects.filter(enterprise=made).count() == 2

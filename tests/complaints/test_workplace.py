"""The workspace over HTTP: own enterprises alone, refusals that say nothing, photos, ledger, scale."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from complaints.enums import Role
from complaints.models import (
    AuditRow,
    Enterprise,
    EnterpriseManager,
    Evidence,
    GivenPassword,
    Inspection,
    InternalTip,
    Message,
)
from complaints.services.intake import submit_tip
from complaints.services.register import reissue_code
from complaints.services.turning import turn_outside
from tests.enterprise_steps import act, code_of, enterprise, lead_to, manager, tell_inside
from tests.factories import TODAY, VAULT_FINGERPRINT, UserFactory, draft, jpeg, upload
from tests.fixtures import YANTA, City
from tests.sheets import Cell, read_sheet
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(boss: User) -> Client:
    return enter(Client(), boss)


def today_tip(entry: Enterprise, **values: Any) -> str:
    return tell_inside(entry, today=timezone.localdate(), **values).number


@pytest.mark.parametrize(("kind", "is_said"), [("major_hazard", True), ("general_hazard", False)])
def test_the_page_says_that_the_reporters_mark_counts(
    desk: Client, entry: Enterprise, boss: User, kind: str, is_said: bool
) -> None:
    number = today_tip(entry, kind=kind)
    act(number, "acknowledge", boss, day=timezone.localdate())
    act(number, "verify", boss, day=timezone.localdate(), grade="general")

    page = desk.get(reverse("workplace:tip", args=[number])).content.decode()

    assert ("企业定级较低" in page) is is_said


# --- who gets in ------------------------------------------------------------------------------------------------


def addresses(number: str, photo: str, entry: Enterprise) -> list[str]:
    return [
        reverse("workplace:inbox"),
        reverse("workplace:tip", args=[number]),
        reverse("workplace:photo", args=[photo, "thumb"]),
        reverse("workplace:photo", args=[photo, "shown"]),
        reverse("workplace:ledger") + f"?e={entry.pk}",
        reverse("workplace:scale", args=[entry.pk]),
    ]


@pytest.fixture
def everything(entry: Enterprise) -> list[str]:
    """Return every address of the workspace about one tip with a photo."""
    number = today_tip(entry, photos=1)
    photo = Evidence.objects.get()
    return addresses(number, str(photo.public_id), entry)


def test_the_own_manager_sees_everything(desk: Client, everything: list[str]) -> None:
    assert [desk.get(one).status_code for one in everything] == [200] * len(everything)


def test_nobody_signed_in_is_sent_to_the_entrance(everything: list[str]) -> None:
    for one in everything:
        answer = Client().get(one)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_without_a_second_factor_nothing_opens(boss: User, everything: list[str]) -> None:
    half = enter(Client(), boss, with_code=False)

    assert {half.get(one).status_code for one in everything} == {302}


def test_a_given_password_opens_nothing(boss: User, everything: list[str]) -> None:
    GivenPassword.objects.create(user=boss, given_at=timezone.now())
    client = enter(Client(), boss)

    assert {client.get(one).status_code for one in everything} == {302}


@pytest.mark.parametrize("role", list(Role))
def test_people_of_the_bureau_find_no_workspace(city: City, everything: list[str], role: Role) -> None:
    client = enter(Client(), staff(role, office=city.city, username="bureau"))

    assert {client.get(one).status_code for one in everything} == {404}


def test_a_manager_of_another_enterprise_gets_404_without_a_hint(
    city: City, entry: Enterprise, everything: list[str]
) -> None:
    other = enterprise(city, number=2)
    client = enter(Client(), manager(other, username="other"))

    foreign, unknown = client.get(everything[1]), client.get(reverse("workplace:tip", args=["J2025-222222"]))

    assert [client.get(one).status_code for one in everything[1:]] == [404] * 5
    assert {row.actor.username for row in AuditRow.objects.filter(action="desk.refused")} == {"other"}
    # The pages differ by the address that was asked for and by nothing else.
    number = everything[1].rstrip("/").rpartition("/")[2]
    assert foreign.content.replace(number.encode(), b"") == unknown.content.replace(b"J2025-222222", b"")
    inbox = client.get(everything[0]).content.decode()
    assert entry.name not in inbox
    assert InternalTip.objects.get().tip.number not in inbox


def test_a_manager_gets_no_tip_of_the_bureau_about_the_own_company(entry: Enterprise, desk: Client) -> None:
    outside = submit_tip(
        draft=draft(entity_name=entry.name, district=YANTA),
        uploads=[upload()],
        today=TODAY,
        vault_fingerprint=VAULT_FINGERPRINT,
    )
    photo = str(Evidence.objects.get().public_id)

    assert desk.get(reverse("workplace:tip", args=[outside.number])).status_code == 404
    assert desk.get(reverse("workplace:photo", args=[photo, "thumb"])).status_code == 404
    assert outside.number not in desk.get(reverse("workplace:inbox")).content.decode()
    for address in ("/admin/", reverse("tips:index"), reverse("tips:inspect", args=[outside.number])):
        assert desk.get(address).status_code == (302 if address == "/admin/" else 404)


def test_an_original_is_for_nobody_here(desk: Client, everything: list[str]) -> None:
    photo = Evidence.objects.get()

    assert desk.get(reverse("workplace:photo", args=[photo.public_id, "original"])).status_code == 404


def test_an_ended_manager_is_outside_at_once(boss: User, desk: Client, everything: list[str]) -> None:
    EnterpriseManager.objects.update(ended_at=timezone.now())

    assert {desk.get(one).status_code for one in everything} == {404}


# --- inbox and page ---------------------------------------------------------------------------------------------


def test_the_inbox_puts_the_nearest_day_first_and_names_the_late(entry: Enterprise, desk: Client) -> None:
    fresh, late = today_tip(entry), tell_inside(entry, today=timezone.localdate() - timedelta(days=30)).number

    page = desk.get(reverse("workplace:inbox")).content.decode()

    assert page.index(late) < page.index(fresh)
    assert "已超期" in page


def test_the_inbox_names_everybody_who_reads(city: City, entry: Enterprise, desk: Client) -> None:
    manager(entry, username="a-stranger")
    manager(enterprise(city, number=2), username="of-another")

    page = desk.get(reverse("workplace:inbox")).content.decode()

    assert "a-stranger" in page
    assert "of-another" not in page


def test_the_page_shows_words_and_photos_and_never_a_name(entry: Enterprise, desk: Client) -> None:
    number = today_tip(
        entry,
        photos=1,
        workshop="三车间",
        identity_mode="real_name",
        identity={"name": "密某某", "phone": "13900001111", "is_employee": "1"},
    )

    page = desk.get(reverse("workplace:tip", args=[number])).content.decode()

    assert "行车下面站人" in page
    assert "三车间" in page
    assert "密某某" not in page
    assert "13900001111" not in page
    assert "实名" not in page


def post(client: Client, number: str, name: str, **values: Any) -> Any:
    return client.post(reverse("workplace:tip", args=[number]), {"act": name, **values})


def test_a_manager_takes_verifies_and_fixes(entry: Enterprise, desk: Client, boss: User, other: User) -> None:
    number = today_tip(entry)

    answers = [
        post(desk, number, "acknowledge"),
        post(desk, number, "verify", grade="larger", memo="属实"),
        post(desk, number, "fix", memo="已改", photos=SimpleUploadedFile("a.jpg", jpeg())),
    ]

    assert [one.status_code for one in answers] == [302] * 3
    assert InternalTip.objects.get().state == "fixed"
    page = desk.get(reverse("workplace:tip", args=[number])).content.decode()
    assert "要由另一位管理员验收" in page
    assert 'value="accept"' not in page
    assert AuditRow.objects.filter(actor=boss, subject=number, action="inside.fix").exists()


@pytest.mark.parametrize(
    ("state", "name", "values", "words"),
    [
        ("acknowledged", "verify", {"memo": "我写的话"}, "不能少"),
        ("verified", "plan", {"person": "我写的话", "funds_yuan": "很多", "deadline": ""}, "不是数字"),
        ("verified", "plan", {"person": "我写的话", "funds_yuan": "10", "deadline": "明天"}, "2026-03-10"),
        (
            "accepted",
            "pay",
            {"memo": "我写的话", "reward_yuan": "1e5", "paid_date": "2025-03-10"},
            "不是数字",
        ),
    ],
)
def test_a_slip_keeps_what_was_typed(
    entry: Enterprise, desk: Client, boss: User, state: str, name: str, values: dict[str, str], words: str
) -> None:
    number = today_tip(entry)
    lead_to(number, state, boss, other=manager(entry, username="second"), day=timezone.localdate())

    answer = post(desk, number, name, **values)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page
    assert "我写的话" in page
    assert InternalTip.objects.get().state == state


@pytest.mark.parametrize("name", ["confirm", "turn", "nonsense", ""])
def test_acts_that_are_none_are_refused(entry: Enterprise, desk: Client, name: str) -> None:
    number = today_tip(entry)

    assert post(desk, number, name).status_code in (404, 409)
    assert InternalTip.objects.get().state == "received"


def test_an_act_on_a_foreign_tip_is_not_there(city: City, desk: Client) -> None:
    number = today_tip(enterprise(city, number=2))

    assert post(desk, number, "acknowledge").status_code == 404
    assert InternalTip.objects.get().state == "received"


# --- words, special rewards, results ----------------------------------------------------------------------------


def test_a_special_reward_is_recorded_over_http(entry: Enterprise, desk: Client, boss: User) -> None:
    today = timezone.localdate()
    number = today_tip(entry)
    lead_to(number, "accepted", boss, other=manager(entry, username="second"), day=today)
    address = reverse("workplace:tip", args=[number])
    pay = {
        "act": "pay",
        "reward_yuan": "600",
        "special_yuan": "2,000",
        "paid_date": today.isoformat(),
        "memo": "到传达室领",
    }

    refused = desk.post(address, pay)
    done = desk.post(address, {**pay, "special_reason": "避免了一起坠落伤亡"})
    page = desk.get(address).content.decode()

    assert (refused.status_code, done.status_code) == (422, 302)
    assert "特别奖励要写明理由" in refused.content.decode()
    assert "2,600 元" in page
    assert "2,000 元：避免了一起坠落伤亡" in page
    assert dict(zip(*ledger_of(desk, entry), strict=True))["奖励金额（元）"] == 2600


@pytest.mark.parametrize(
    "values", [{"reward_yuan": "一百"}, {"paid_date": "2026/3/4"}, {"special_yuan": "-5"}]
)
def test_what_cannot_be_read_is_refused_with_all_slips_and_leaves_a_row(
    entry: Enterprise, desk: Client, boss: User, values: dict[str, str]
) -> None:
    today = timezone.localdate()
    number = today_tip(entry)
    lead_to(number, "accepted", boss, other=manager(entry, username="second"), day=today)
    pay = {"act": "pay", "reward_yuan": "600", "paid_date": today.isoformat(), "memo": ""}

    answer = desk.post(reverse("workplace:tip", args=[number]), {**pay, **values})

    row = AuditRow.objects.get(action="inside.refused")
    assert answer.status_code == 422
    assert answer.content.decode().count('class="msg"') == 2
    assert (row.subject, row.actor, row.data) == (number, boss, {"act": "pay", "code": "invalid"})


def test_what_the_staff_was_told_stands_behind_the_code(entry: Enterprise, desk: Client, boss: User) -> None:
    today = timezone.localdate()
    number = today_tip(entry, description="三车间行车下面站人", workshop="三车间", post="行车工")
    lead_to(number, "accepted", boss, other=manager(entry, username="second"), day=today)
    form, results = (reverse(name, args=[code_of(entry)]) for name in ("enterprise", "enterprise_results"))

    empty = Client().get(results).content.decode()
    assert results not in Client().get(form).content.decode()
    sent = {
        "act": "circulate",
        "memo": "行车下已加装\n护栏。",
        "audience": "全体员工",
        "told_date": today.isoformat(),
    }
    assert desk.post(reverse("workplace:tip", args=[number]), sent).status_code == 302
    page = Client().get(results)
    shown = page.content.decode()

    assert "还没有通报" in empty
    assert results in Client().get(form).content.decode()
    assert "行车下已加装<br>护栏。" in shown
    assert "全体员工" in shown
    assert [
        one for one in (number, "站人", "行车工", boss.get_full_name(), boss.username) if one in shown
    ] == []
    assert "no-store" in page.headers["Cache-Control"]
    assert not page.cookies
    assert "行车下已加装" in desk.get(reverse("workplace:tip", args=[number])).content.decode()


def test_results_are_behind_the_own_code_alone(city: City, entry: Enterprise, boss: User) -> None:
    other, old = enterprise(city, number=2), code_of(entry)
    number = today_tip(entry)
    lead_to(number, "accepted", boss, other=manager(entry, username="second"), day=timezone.localdate())
    act(number, "circulate", boss, day=timezone.localdate())
    reissue_code(pk=entry.pk, actor=staff(Role.OFFICER, office=city.yanta), at=timezone.now())

    def answer(code: str) -> int:
        return Client().get(f"/e/{code}/results/").status_code

    assert [answer(code) for code in (code_of(entry), old, "0000000000")] == [200, 410, 404]
    assert "护栏" not in Client().get(f"/e/{code_of(other)}/results/").content.decode()
    Enterprise.objects.filter(pk=entry.pk).update(is_active=False)
    assert answer(code_of(entry)) == 404


def test_reporter_and_manager_write_to_each_other(entry: Enterprise, desk: Client) -> None:
    done = tell_inside(entry, today=timezone.localdate())
    sent = {
        "receipt": done.receipt,
        "action": "message",
        "text": "今天又看到了。",
        "photos": [SimpleUploadedFile("a.jpg", jpeg())],
    }

    answer = Client().post("/status/", sent)
    inbox = desk.get(reverse("workplace:inbox")).content.decode()
    page = desk.get(reverse("workplace:tip", args=[done.number])).content.decode()
    desk.post(reverse("workplace:tip", args=[done.number]), {"act": "reply", "memo": "马上处理。"})
    later = Client().post("/status/", {"receipt": done.receipt}).content.decode()

    assert answer.status_code == 200
    assert "已发送，企业安全管理员会看到" in answer.content.decode()
    assert "报告人有留言，还没有回复" in inbox
    assert page.split('id="talk"')[1].count("<img") == 1
    assert "今天又看到了。" in page
    assert later.index("今天又看到了。") < later.index("马上处理。")
    assert "还没有回复" not in desk.get(reverse("workplace:inbox")).content.decode()


def test_a_refused_message_comes_back_to_its_field(entry: Enterprise, desk: Client) -> None:
    done = tell_inside(entry, today=timezone.localdate())

    answer = Client().post("/status/", {"receipt": done.receipt, "action": "message", "text": "长" * 2001})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "长" * 2000 in page
    assert 'aria-describedby="text-e"' in page
    assert not Message.objects.exists()


# --- ledger and scale -------------------------------------------------------------------------------------------


def ledger_of(client: Client, entry: Enterprise) -> list[tuple[Any, ...]]:
    answer = client.get(reverse("workplace:ledger"), {"e": entry.pk})
    return list(load_workbook(io.BytesIO(answer.content)).active.values)


LEDGER = (
    "编号", "报告时间", "部门", "地点", "类别", "描述", "整改前照片（张）", "等级", "岗位职责内", "核查结论", "责任人",
    "措施", "资金（元）", "整改期限", "应急预案", "整改完成日期", "验收日期", "整改后照片（张）", "奖励金额（元）",
    "发放日", "通报日期", "是否避免事故", "是否外部升级",
)  # fmt: skip


def test_the_ledger_has_the_columns_of_the_rule_and_no_formula(
    entry: Enterprise, desk: Client, boss: User
) -> None:
    other = manager(entry, username="second")
    number = today_tip(entry, description="=HYPERLINK(1)", workshop="+三车间", on_duty=True, photos=1)
    lead_to(number, "paid", boss, other=other, day=timezone.localdate())
    act(number, "circulate", boss, day=timezone.localdate())

    heads, row = ledger_of(desk, entry)

    assert heads == LEDGER
    found = dict(zip(heads, row, strict=True))
    assert (found["编号"], found["描述"], found["部门"]) == (number, "'=HYPERLINK(1)", "'+三车间")
    assert (found["等级"], found["岗位职责内"], found["奖励金额（元）"]) == ("一般", "是", 100)
    assert found["是否外部升级"] == "否"


def test_in_another_program_days_are_days_and_numbers_numbers(
    entry: Enterprise, desk: Client, boss: User
) -> None:
    today, other = timezone.localdate(), manager(entry, username="second")
    number = today_tip(entry, description="=1+1", photos=2)
    lead_to(number, "verified", boss, day=today)
    act(number, "plan", boss, day=today, funds_yuan=36_000)
    act(number, "fix", boss, day=today, photos=3)
    act(number, "accept", other, day=today, photos=1)
    act(number, "pay", boss, day=today, reward_yuan=600, special_yuan=2000, special_reason="避免了伤亡")
    act(number, "circulate", boss, day=today)
    bare = today_tip(entry)

    data = desk.get(reverse("workplace:ledger"), {"e": entry.pk}).content
    heads, *rows = read_sheet(data)

    letters = {str(cell.value): letter for letter, cell in heads.items()}
    found, empty = rows
    assert tuple(letters) == LEDGER
    numbers = {"整改前照片（张）": 2, "整改后照片（张）": 4, "资金（元）": 36_000, "奖励金额（元）": 2600}
    assert {name: found[letters[name]] for name in numbers} == {
        name: Cell(kind="number", value=value) for name, value in numbers.items()
    }
    days = ("报告时间", "整改完成日期", "验收日期", "发放日", "通报日期")
    assert [found[letters[name]] for name in days] == [Cell(kind="day", value=today)] * 5
    assert found[letters["整改期限"]] == Cell(kind="day", value=today + timedelta(days=10))
    assert found[letters["描述"]] == Cell(kind="text", value="'=1+1")
    assert {cell.kind for line in rows for cell in line.values()} == {"text", "number", "day"}
    # What is not there yet is an empty cell, no word and no zero; no photo is a number all the same.
    assert {"整改完成日期", "验收日期", "发放日", "奖励金额（元）"} & {
        name for name, letter in letters.items() if letter in empty
    } == set()
    assert empty[letters["编号"]] == Cell(kind="text", value=bare)
    assert empty[letters["整改后照片（张）"]] == Cell(kind="number", value=0)


def test_the_ledger_leads_to_the_photos_behind_the_door(entry: Enterprise, desk: Client, boss: User) -> None:
    today = timezone.localdate()
    number, bare = today_tip(entry, photos=1), today_tip(entry)
    turned = tell_inside(entry, photos=1, today=TODAY)
    turn_outside(typed=turned.receipt, today=today)
    lead_to(number, "verified", boss, day=today)
    act(number, "fix", boss, day=today, photos=2)

    data = desk.get(reverse("workplace:ledger"), {"e": entry.pk}).content
    sheet = load_workbook(io.BytesIO(data)).active
    found = {
        (line[0].value, str(sheet.cell(1, cell.column).value)): cell.hyperlink.target
        for line in sheet.iter_rows(min_row=2)
        for cell in line
        if cell.hyperlink
    }

    pages = {one: f"http://testserver{reverse('workplace:tip', args=[one])}" for one in (number, bare)}
    assert found == {
        (number, "编号"): pages[number],
        (number, "整改前照片（张）"): pages[number],
        (number, "整改后照片（张）"): pages[number],
        (bare, "编号"): pages[bare],
    }


def test_a_turned_tip_stays_in_the_ledger_without_its_words(entry: Enterprise, desk: Client) -> None:
    done = tell_inside(entry, today=TODAY)
    turn_outside(typed=done.receipt, today=timezone.localdate())

    heads, row = ledger_of(desk, entry)

    found = dict(zip(heads, row, strict=True))
    assert (found["描述"], found["是否外部升级"]) == (None, "是")


def test_the_ledger_tells_nothing_of_the_bureaus_inspections(
    city: City, entry: Enterprise, desk: Client
) -> None:
    done = tell_inside(entry, today=TODAY, photos=1)
    turn_outside(typed=done.receipt, today=timezone.localdate())
    own = Evidence.objects.get()
    visit = Inspection.objects.create(
        tip=own.tip, office=city.yanta, visited_date=timezone.localdate(), recorded_at=timezone.now()
    )
    Evidence.objects.create(
        tip=own.tip, inspection=visit, shown_width=1, shown_height=1, thumb_width=1, thumb_height=1
    )

    heads, row = ledger_of(desk, entry)

    assert dict(zip(heads, row, strict=True))["整改前照片（张）"] == 1


def test_the_ledger_of_two_workplaces_has_to_be_chosen(city: City, entry: Enterprise) -> None:
    second = enterprise(city, number=2)
    client = enter(Client(), manager(entry, second, username="both"))

    assert client.get(reverse("workplace:ledger")).status_code == 404
    assert client.get(reverse("workplace:ledger"), {"e": second.pk}).status_code == 200


def test_the_scale_is_set_and_shown_behind_the_poster(entry: Enterprise, desk: Client) -> None:
    amounts = {"general": (50, 100), "larger": (300, 600), "major": (2000, 5000)}
    values = {f"inside-{grade}": pair[0] for grade, pair in amounts.items()}
    values |= {f"outside-{grade}": pair[1] for grade, pair in amounts.items()}
    address = reverse("workplace:scale", args=[entry.pk])

    refused = desk.post(address, {**values, "outside-major": "1"})
    stored = desk.post(address, values)

    assert (refused.status_code, stored.status_code) == (422, 302)
    assert "不低于岗位内" in refused.content.decode()
    page = Client().get(reverse("enterprise", args=[entry.codes.get().code])).content.decode()
    assert "5,000 元" in page


def test_the_forms_of_the_workspace_keep_their_origin(desk: Client) -> None:
    """Under "no-referrer" a browser sends "Origin: null", which the check against forgery refuses."""
    answer = desk.get(reverse("workplace:inbox"))

    assert 'name="referrer" content="same-origin"' in answer.content.decode()
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_sign_in_of_a_manager_leads_to_the_workspace(entry: Enterprise, boss: User) -> None:
    client = enter(Client(), boss)

    assert client.get("/admin/").headers.get("Location") == "/workplace/"


def test_a_door_of_the_desk_and_one_that_is_none_look_alike_to_a_manager(desk: Client) -> None:
    door, none = desk.get("/admin/tips/"), desk.get("/admin/none/")

    assert (door.status_code, none.status_code) == (404, 404)
    assert door.content.replace(b"/admin/tips/", b"") == none.content.replace(b"/admin/none/", b"")
    assert AuditRow.objects.filter(action="desk.refused").count() == 2


def test_a_free_account_without_role_is_told_so(city: City) -> None:
    client = enter(Client(), UserFactory(username="free"))

    assert client.get("/admin/").status_code == 403
    assert client.get(reverse("workplace:inbox")).status_code == 404

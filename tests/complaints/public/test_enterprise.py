"""The page behind a poster: to the company or past it, honest about each; unknown, retired and foreign codes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.enums import TipKind
from complaints.models import AuditRow, Enterprise, Evidence, InternalTip, Tip, TipReceipt
from complaints.selectors.inside_figures import InsideFigures
from complaints.services.evidence import evidence_storage
from complaints.services.register import reissue_code
from tests.enterprise_steps import act, closed_day, code_of, enterprise, lead_to, manager, tell_inside
from tests.factories import TODAY, jpeg
from tests.fixtures import City

pytestmark = pytest.mark.django_db
ACCOUNT = "年的账"


def address(entry: Enterprise) -> str:
    return reverse("enterprise", args=[code_of(entry)])


def send(entry: Enterprise, **values: Any) -> HttpResponse:
    """Send the form as a phone without scripts does."""
    usual = {"description": "行车下面站人", "to": "unit", "idempotency_key": "c" * 32}
    answer: HttpResponse = Client().post(address(entry), usual | values)
    return answer


def receipt_of(answer: HttpResponse) -> str:
    return answer.content.decode().split('data-code="')[1].split('"')[0]


def test_the_page_names_the_enterprise_and_both_ways(entry: Enterprise) -> None:
    manager(entry)

    answer = Client().get(address(entry))
    page = answer.content.decode()

    assert answer.status_code == 200
    assert entry.name in page
    assert "几天内要答复" in page
    assert "厂里看不到" in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies
    assert not AuditRow.objects.exists()


def test_whoever_scans_as_an_officer_need_not_type_the_code(entry: Enterprise, officer: Any) -> None:
    old = code_of(entry)
    reissue_code(pk=entry.pk, actor=officer, at=timezone.now())

    pages = {code: Client().get(f"/e/{code}/").content.decode() for code in (old, code_of(entry))}

    for code, page in pages.items():
        assert f'href="{reverse("enterprises:visit_at", args=[code])}"' in page


def test_without_a_manager_only_the_bureau_is_offered(entry: Enterprise) -> None:
    page = Client().get(address(entry)).content.decode()

    assert 'value="unit"' not in page
    assert "还没有人负责看报告" in page


@pytest.mark.parametrize("code", ["0000000000", "short", "ABCDEFGHJK0", "no-code"])
def test_an_unknown_code_is_not_there(city: City, code: str) -> None:
    for method in ("get", "post"):
        assert getattr(Client(), method)(f"/e/{code}/").status_code == 404


def test_an_enterprise_out_of_business_is_not_there(city: City) -> None:
    closed = enterprise(city, is_active=False)

    assert Client().get(address(closed)).status_code == 404


def test_a_retired_code_says_so_and_takes_nothing(entry: Enterprise, officer: Any) -> None:
    old = address(entry)
    manager(entry)
    reissue_code(pk=entry.pk, actor=officer, at=timezone.now())

    answer = Client().post(old, {"description": "甲", "to": "unit", "idempotency_key": "c" * 32})

    assert answer.status_code == 410
    assert "已经换了" in answer.content.decode()
    assert not Tip.everywhere.exists()


def test_a_tip_to_the_company_stays_inside(entry: Enterprise) -> None:
    manager(entry)
    answer = send(
        entry,
        head="equipment",
        address="三车间",
        workshop="三车间",
        post="行车工",
        suggestion="装护栏",
        on_duty="1",
        photos=SimpleUploadedFile("a.jpg", jpeg()),
    )

    row = InternalTip.objects.select_related("tip").get()
    assert answer.status_code == 200
    assert (row.enterprise, row.head, row.on_duty, row.post) == (entry, "equipment", True, "行车工")
    assert row.tip.is_internal
    assert not Tip.objects.exists()
    assert "单位接手" in answer.content.decode()
    seen = Client().post(reverse("status"), {"receipt": receipt_of(answer)})
    assert "已收到" in seen.content.decode()


def test_a_tip_past_the_company_is_the_bureaus_at_once(city: City, entry: Enterprise) -> None:
    manager(entry)
    answer = send(entry, to="bureau", workshop="三车间", suggestion="查厂长")

    tip = Tip.objects.get()
    assert (tip.handling_unit, tip.entity_name, tip.entity_code) == (
        city.yanta,
        entry.name,
        entry.credit_code,
    )
    assert "三车间" in tip.description
    assert not InternalTip.objects.exists()
    assert "单位接手" not in answer.content.decode()


def test_retaliation_goes_past_the_company_whatever_was_chosen(entry: Enterprise) -> None:
    manager(entry)
    answer = send(entry, to="unit", kind=TipKind.RETALIATION.value)

    assert Tip.objects.get().kind == TipKind.RETALIATION
    assert not InternalTip.objects.exists()
    assert "因为您选的问题类型" in answer.content.decode()
    assert "没有交给单位" in answer.content.decode()


def test_words_about_retaliation_alone_stay_with_the_company_and_the_form_says_so(entry: Enterprise) -> None:
    manager(entry)
    page = Client().get(reverse("enterprise", args=[code_of(entry)])).content.decode()
    answer = send(entry, to="unit", description="班长打击报复我")

    assert InternalTip.objects.count() == 1
    assert "只写在文字里系统认不出来" in page
    assert "直接交给了应急管理局" not in answer.content.decode()


def test_without_a_manager_it_goes_to_the_bureau(entry: Enterprise) -> None:
    page = send(entry, to="unit").content.decode()

    assert "目前没有人查看报告" in page
    assert "问题类型，这件" not in page
    assert Tip.objects.count() == 1
    assert not InternalTip.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"description": ""}, "一句话"),
        ({"to": "boss"}, "没有这个选项"),
        ({"head": "magic"}, "没有这个选项"),
        ({"workshop": "甲" * 61}, "太长"),
        ({"suggestion": "甲\u202e"}, "字符"),
        ({"entity_name": "别家公司"}, "没有这一项"),
        ({"district": "610104"}, "没有这一项"),
        ({"enterprise_id": "2"}, "没有这一项"),
        ({"idempotency_key": "x"}, "过期"),
        ({"photos": SimpleUploadedFile("a.jpg", b"no photo")}, "照片"),
        ({"identity_mode": "real_name", "name": "", "phone": ""}, "姓名"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_stored(
    entry: Enterprise, values: dict[str, Any], words: str
) -> None:
    manager(entry)
    answer = send(entry, **{"address": "二号行车", **values})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page
    assert "二号行车" in page
    assert not Tip.everywhere.exists()


def test_a_double_tap_makes_one_tip(entry: Enterprise) -> None:
    manager(entry)
    first, second = send(entry), send(entry)

    assert first.status_code == second.status_code == 200
    assert InternalTip.objects.count() == 1
    assert TipReceipt.objects.count() == 2


def test_figures_and_scale_show_once_they_tell_nobody(entry: Enterprise) -> None:
    manager(entry)
    for _ in range(4):
        tell_inside(entry, today=closed_day())
    assert ACCOUNT not in Client().get(address(entry)).content.decode()

    tell_inside(entry, today=closed_day())

    assert ACCOUNT in Client().get(address(entry)).content.decode()


def test_what_one_person_brought_about_is_no_figure(entry: Enterprise) -> None:
    boss, other = manager(entry), manager(entry, username="second")
    numbers = [tell_inside(entry, today=closed_day()).number for _ in range(6)]
    lead_to(numbers[0], "paid", boss, other=other, day=closed_day())

    text = Client().get(address(entry)).content.decode()
    account = text[text.index(ACCOUNT) :].partition("</dl>")[0]

    assert "<dd>6</dd>" in account
    assert "已整改" not in account
    assert "元" not in account


@pytest.mark.parametrize(
    ("received", "fixed", "paid", "expected"),
    [
        (10, 5, 5, (True, True)),
        (10, 4, 4, (False, False)),
        (10, 6, 5, (False, True)),
        (7, 7, 7, (True, True)),
    ],
)
def test_neither_part_nor_rest_may_be_few(
    received: int, fixed: int, paid: int, expected: tuple[bool, bool]
) -> None:
    plain = dict.fromkeys(("untrue", "untrue_major", "turned", "overdue", "unpaid", "paid_yuan"), 0)
    found = InsideFigures(until=TODAY, received=received, fixed=fixed, paid_count=paid, **plain)

    assert (found.tells_fixed(least=5), found.tells_paid(least=5)) == expected


# --- the progress page ------------------------------------------------------------------------------------------


def status(receipt: str, **values: str) -> str:
    return str(Client().post(reverse("status"), {"receipt": receipt, **values}).content.decode())


def test_the_reporter_confirms_the_reward(entry: Enterprise) -> None:
    boss, other = manager(entry), manager(entry, username="second")
    done = tell_inside(entry, today=timezone.localdate())
    lead_to(done.number, "paid", boss, other=other, day=timezone.localdate())

    asked = status(done.receipt)
    confirmed = status(done.receipt, action="confirm")

    assert "单位说已发奖金 100 元" in asked
    assert "办结了" in confirmed
    assert InternalTip.objects.get().state == "closed"
    assert "这一步现在不能做" in status(done.receipt, action="confirm") or "不能" in status(
        done.receipt, action="confirm"
    )


def test_the_reporter_turns_an_overdue_tip_in_one_step(entry: Enterprise) -> None:
    manager(entry)
    done = tell_inside(entry, today=TODAY)

    offered = status(done.receipt)
    turned = status(done.receipt, action="turn")
    after = status(done.receipt)

    assert "转给应急管理局" in offered
    assert "单位已经超期" in offered
    assert "已转交" in turned
    assert Tip.objects.get().number == done.number
    assert "转给应急管理局" not in after


def test_turning_too_early_is_refused(entry: Enterprise) -> None:
    manager(entry)
    done = tell_inside(entry, today=timezone.localdate())

    page = status(done.receipt, action="turn")

    assert not Tip.objects.exists()
    assert 'value="turn"' not in page


def test_whoever_is_punished_for_a_report_is_told_the_way_past_the_company(entry: Enterprise) -> None:
    manager(entry)
    done = tell_inside(entry, today=timezone.localdate())

    page = status(done.receipt)

    assert "单位看不到" in page
    assert "打击报复" in page
    assert f'<a href="{reverse("report")}">' in page
    assert 'href="tel:12350"' in page


def test_the_reporter_sees_how_it_looks_now(entry: Enterprise) -> None:
    today = timezone.localdate()
    boss, other = manager(entry), manager(entry, username="second")
    done, foreign = tell_inside(entry, photos=2, today=today), tell_inside(entry, today=today)
    for one in (done, foreign):
        lead_to(one.number, "verified", boss, day=today)
    act(done.number, "fix", boss, day=today, photos=1)
    act(done.number, "send_back", other, day=today, photos=1)
    act(done.number, "fix", boss, day=today, photos=2, memo="换了新护栏，两端加了警示带。")

    own, others = status(done.receipt), status(foreign.receipt)

    assert own.count('src="data:image/jpeg;base64,') == 4
    assert "换了新护栏，两端加了警示带。" in own
    assert "data:image" not in others


def test_a_photo_that_cannot_be_read_keeps_the_progress_from_nobody(entry: Enterprise) -> None:
    today = timezone.localdate()
    boss = manager(entry)
    done = tell_inside(entry, today=today)
    lead_to(done.number, "verified", boss, day=today)
    act(done.number, "fix", boss, day=today, photos=2)
    first = Evidence.objects.filter(internal_step__isnull=False).first()
    assert first is not None
    evidence_storage().delete(first.path_of("thumb"))

    page = status(done.receipt)

    assert page.count('src="data:image/jpeg;base64,') == 1


@pytest.mark.parametrize("action", ["message", "objection", "withdraw", "rating"])
def test_acts_of_the_bureaus_way_lead_to_the_company_page(entry: Enterprise, action: str) -> None:
    manager(entry)
    done = tell_inside(entry, today=timezone.localdate())

    page = status(done.receipt, action=action, text="甲", score="5", sure="1")

    assert entry.name in page
    assert not Tip.objects.exists()


def test_queries_of_the_page_are_few(
    entry: Enterprise, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    manager(entry)
    Client().get(address(entry))

    with django_assert_max_num_queries(14):
        Client().get(address(entry))


def test_past_the_company_nothing_of_the_inside_is_cut_off(entry: Enterprise) -> None:
    send(entry, to="bureau", description="甲" * 5000, workshop="三车间", suggestion="装护栏")

    tip = Tip.objects.get()
    assert "三车间" in tip.description
    assert tip.description.endswith("装护栏")

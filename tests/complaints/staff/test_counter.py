"""The counter: calls, letters and visits become tips like all others; the caller gets the receipt."""

import re
from datetime import date
from secrets import token_hex

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.crypto.envelope import public_key_of, seal_fields
from complaints.enums import Channel, IdentityMode, SealedBy
from complaints.models import AuditRow, DeadlinePolicy, HandlingStep, SealedIdentity, SpecialDay, Tip
from complaints.rules.deadlines import LEAST_ANNOUNCED_DAYS, add_working_days
from complaints.services.receipts import open_receipt
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import VAULT_SEED, jpeg
from tests.fixtures import IN_YANTA, LIANHU, YANTA, City

pytestmark = pytest.mark.django_db
NEW = "/admin/tips/new/"


def fields(**values: object) -> dict[str, object]:
    plain = {
        "channel": "hotline_12350",
        "description": "液氨罐旁动火，没有监护",
        "address": "科技路 18 号",
        "district": YANTA,
        "identity_mode": "anonymous",
        "idempotency_key": token_hex(16),
    }
    return {**plain, **values}


def photo(*, shade: int = 90) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", jpeg(shade=shade), content_type="image/jpeg")


def enter(client: Client, **values: object) -> HttpResponse:
    return client.post(NEW, fields(**values))


def receipt_in(answer: HttpResponse) -> str:
    slip = re.search(r'as-slip__code">(.*?)</p>', answer.content.decode(), re.DOTALL)
    assert slip is not None
    return re.sub(r"<[^>]+>|\s", "", slip[1])


@pytest.mark.parametrize("who", ["officer", "leader", "city_officer", "town_officer"])
def test_people_who_handle_tips_enter_them(people: People, city: City, who: str) -> None:
    client = at_desk(getattr(people, who))

    page, answer = client.get(NEW), enter(client)

    assert (page.status_code, answer.status_code) == (200, 200)
    tip = Tip.objects.get()
    assert (tip.channel, tip.handling_unit, tip.identity_mode) == ("hotline_12350", city.yanta, "anonymous")
    assert tip.description == "液氨罐旁动火，没有监护"
    assert open_receipt(typed=receipt_in(answer)).tip == tip


@pytest.mark.parametrize("who", ["auditor", "administrator", "editor"])
@pytest.mark.parametrize("way", ["get", "post"])
def test_nobody_else_finds_the_counter(people: People, who: str, way: str) -> None:
    answer = getattr(at_desk(getattr(people, who)), way)(NEW, fields())

    assert answer.status_code in (302, 404)
    assert not Tip.objects.exists()


def test_log_names_the_officer_once_and_the_history_nobody(people: People, city: City) -> None:
    enter(at_desk(people.officer))

    tip = Tip.objects.get()
    (row,) = AuditRow.objects.filter(action="tip.enter")
    assert (row.actor, row.subject, row.data) == (people.officer, tip.number, {})
    assert list(HandlingStep.objects.values_list("actor", "taken_at")) == [(None, None)]


def test_slip_holds_everything_once_and_is_kept_nowhere(people: People, city: City) -> None:
    client = at_desk(people.officer)

    answer = enter(client)

    text, tip = answer.content.decode(), Tip.objects.get()
    receipt = receipt_in(answer)
    assert answer.headers["Cache-Control"] == "no-store, private"
    for words in (tip.number, "雁塔区应急管理局", "/status/", "12350", f'href="/admin/tips/{tip.number}/"'):
        assert words in text
    assert receipt not in client.get(f"/admin/tips/{tip.number}/").content.decode()
    assert receipt not in client.get(NEW).content.decode()


def test_slip_says_that_its_day_may_still_move(people: People, city: City) -> None:
    desk, long = at_desk(people.officer), 600
    DeadlinePolicy.objects.create(effective_from=date(2020, 1, 1), decide_working_days=long)
    year = add_working_days(start=timezone.localdate(), days=long).year
    before = enter(desk).content.decode()

    for day in range(LEAST_ANNOUNCED_DAYS):
        for each in (year, year + 1):
            SpecialDay.objects.create(day=date(each, 2, 1 + day), is_working=False)

    warning = "年放假安排尚未公布，日期可能变动。"
    assert (f"{year}{warning}" in before, warning in enter(desk).content.decode()) == (True, False)


def test_tip_of_another_unit_goes_there_without_a_link(people: People, city: City) -> None:
    answer = enter(at_desk(people.officer), district=LIANHU)

    text, tip = answer.content.decode(), Tip.objects.get()
    assert tip.handling_unit == city.lianhu
    assert f"/admin/tips/{tip.number}/" not in text
    assert "已转莲湖区应急管理局办理" in text
    assert open_receipt(typed=receipt_in(answer)).tip == tip


def test_photos_come_along(people: People, city: City) -> None:
    enter(at_desk(people.officer), photos=[photo(), photo(shade=120)], description="")

    assert Tip.objects.get().photos.count() == 2


def test_name_is_sealed_in_memory_and_read_by_nobody(people: People, city: City) -> None:
    answer = enter(
        at_desk(people.officer),
        identity_mode="real_name",
        name="张三丰",
        phone="138 0000 1234",
        channel="visit",
    )

    sealed = SealedIdentity.objects.get()
    assert sealed.sealed_by == SealedBy.SERVER
    assert "张三丰" not in answer.content.decode()
    assert "张三丰" not in sealed.envelope


def envelope(*, key: str) -> str:
    return seal_fields(
        public_key=public_key_of(VAULT_SEED),
        vault=1,
        binding=key,
        field="identity",
        fields={"name": "张三丰", "phone": "13800001234", "is_employee": ""},
    ).to_json()


def test_name_sealed_in_the_browser_stays_sealed(people: People, city: City) -> None:
    key = token_hex(16)

    enter(
        at_desk(people.officer),
        identity_mode="real_name",
        identity_envelope=envelope(key=key),
        idempotency_key=key,
    )

    assert SealedIdentity.objects.get().sealed_by == SealedBy.BROWSER


def test_sealed_name_comes_back_sealed_after_a_refusal(people: People, city: City) -> None:
    key = token_hex(16)
    sealed = envelope(key=key)
    client = at_desk(people.officer)

    answer = enter(
        client,
        identity_mode="real_name",
        identity_envelope=sealed,
        idempotency_key=key,
        entity_code="123",
    )

    form = answer.context["form"]
    assert (answer.status_code, form.envelope, form.key) == (422, sealed, key)


def test_refusal_keeps_what_was_typed_and_leaves_one_row(people: People, city: City) -> None:
    client = at_desk(people.officer)
    typed = fields(
        description="除尘停用 <b>很久</b>",
        entity_code="123",
        operations=["dust", "hot_work"],
        kind="major_hazard",
        identity_mode="real_name",
        name="张三丰",
        phone="1",
        in_danger="1",
    )

    answer = client.post(NEW, typed)

    text, form = answer.content.decode(), answer.context["form"]
    assert answer.status_code == 422
    assert not Tip.objects.exists()
    assert form.key == typed["idempotency_key"]
    assert "除尘停用 &lt;b&gt;很久&lt;/b&gt;" in text
    assert text.count(" checked") == 5  # channel, two operations, danger, real name
    assert '<option value="major_hazard" selected>' in text
    assert "张三丰" not in text
    assert [fault.anchor for fault in form.faults] == ["entity_code", "phone"]
    (row,) = AuditRow.objects.filter(action="tip.refused")
    assert (row.actor, row.subject, row.data) == (people.officer, "", {"act": "enter", "code": "invalid"})


@pytest.mark.parametrize(
    ("values", "anchor"),
    [
        ({"channel": ""}, "channel"),
        ({"channel": "portal"}, "channel"),
        ({"channel": "nonsense"}, "channel"),
        ({"description": ""}, "photos"),
        ({"address": "", "district": ""}, "address"),
        ({"district": "999999"}, "district"),
        ({"lat": "x", "lng": "1"}, "lat"),
        ({"occurred_on": "2999-01-01"}, "occurred_on"),
        ({"identity_mode": "real_name"}, "name"),
        ({"identity_mode": "anonymous", "name": "张三丰"}, "identity"),
        ({"idempotency_key": "short"}, "idempotency_key"),
        ({"surprise": "1"}, "surprise"),
    ],
)
def test_bad_input_is_named_at_its_field(
    people: People, city: City, values: dict[str, object], anchor: str
) -> None:
    answer = enter(at_desk(people.officer), **values)

    assert answer.status_code == 422
    assert anchor in [fault.anchor for fault in answer.context["form"].faults]
    assert not Tip.objects.exists()
    assert AuditRow.objects.filter(action="tip.refused").count() == 1


def test_file_that_is_no_photo_is_refused_in_words(people: People, city: City) -> None:
    fake = SimpleUploadedFile("a.jpg", b"%PDF-1.4", content_type="image/jpeg")

    answer = enter(at_desk(people.officer), photos=[photo(), fake])

    assert answer.status_code == 422
    assert "照片 2：" in answer.content.decode()
    assert not Tip.objects.exists()


def test_pressing_twice_makes_one_tip_and_two_rows(people: People, city: City) -> None:
    client, typed = at_desk(people.officer), fields()

    receipts = [receipt_in(client.post(NEW, typed)) for _ in range(2)]

    tip = Tip.objects.get()
    assert {open_receipt(typed=one).tip for one in receipts} == {tip}
    assert receipts[0] != receipts[1]
    assert AuditRow.objects.filter(action="tip.enter", subject=tip.number).count() == 2


def test_key_used_for_something_else_is_exchanged(people: People, city: City) -> None:
    client, typed = at_desk(people.officer), fields()
    client.post(NEW, typed)

    answer = client.post(NEW, {**typed, "description": "别的事"})

    assert answer.status_code == 422
    assert answer.context["form"].key != typed["idempotency_key"]
    assert Tip.objects.count() == 1


@pytest.mark.parametrize(
    "channel", ["hotline_12350", "hotline_12345", "letter", "visit", "transfer", "inspection"]
)
def test_each_channel_of_the_counter_is_stored(people: People, city: City, channel: str) -> None:
    enter(at_desk(people.officer), channel=channel)

    assert Tip.objects.get().channel == Channel(channel)


def test_tip_of_the_counter_keeps_no_more_than_the_day(people: People, city: City) -> None:
    enter(at_desk(people.officer), lat=IN_YANTA[0], lng=IN_YANTA[1], datum="GCJ02")

    names = {field.name for field in Tip._meta.get_fields() if getattr(field, "concrete", False)}
    tip = Tip.objects.get()
    assert not any(name.endswith("_at") for name in names)
    assert tip.handler is None
    assert tip.point.startswith("34.2183")
    assert tip.identity_mode == IdentityMode.ANONYMOUS


@pytest.mark.parametrize("channel", ["hotline_12345", "visit"])
def test_holder_of_the_receipt_reads_nothing_of_the_way_it_came(
    people: People, city: City, channel: str
) -> None:
    receipt = receipt_in(enter(at_desk(people.officer), channel=channel))

    web = Client().post("/status/", {"receipt": receipt}).content.decode()
    api = Client().post("/api/v1/tips/status", {"receipt": receipt}, content_type="application/json")

    assert Tip.objects.get().number in web
    assert api.status_code == 200
    for words in (str(Channel(channel).label), channel, "zhaomin", "赵敏"):
        assert words not in api.content.decode()
        assert words not in web


@pytest.mark.parametrize(
    "told", ["我叫张三丰，液氨罐旁动火", "动火没人管，打 13800001234 问我", "我身份证 11010519491231002X"]
)
def test_words_that_name_the_caller_are_asked_about_once(people: People, city: City, told: str) -> None:
    client = at_desk(people.officer)

    asked = enter(client, description=told)
    stored, rows = Tip.objects.count(), AuditRow.objects.filter(action="tip.refused").count()
    kept = enter(client, description=told, words_stand="1")

    text = asked.content.decode()
    assert asked.status_code == 200
    assert "还没有登记：这里好像写着是谁来反映的" in text
    assert told in text
    assert 'type="checkbox" name="words_stand"' in text
    assert (stored, rows) == (0, 0)
    assert "as-slip__code" in kept.content.decode()
    assert Tip.objects.get().description == told


def test_answered_question_is_not_asked_again_after_a_refusal(people: People, city: City) -> None:
    client = at_desk(people.officer)

    text = enter(client, description="我叫张三丰", words_stand="1", entity_code="123").content.decode()

    assert 'type="hidden" name="words_stand" value="1"' in text
    assert "好像写着是谁" not in text


@pytest.mark.parametrize("told", ["车牌陕A12345 的罐车没有押运员", "我叫了三次没人来", "热线 12350 打不通"])
def test_words_about_the_danger_are_not_asked_about(people: People, city: City, told: str) -> None:
    enter(at_desk(people.officer), description=told)

    assert Tip.objects.get().description == told


def test_price_of_the_form(people: People, city: City) -> None:
    client = at_desk(people.officer)
    client.get(NEW)

    with CaptureQueriesContext(connection) as captured:
        client.get(NEW)

    assert len(captured) <= 13

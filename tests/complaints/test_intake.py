"""Taking a tip: what is stored, where it goes, that one key makes one tip, and what is refused as a whole."""

import json
from datetime import date, timedelta
from secrets import token_hex

import pytest
from django.core.cache import cache
from pytest_django import Settings

from complaints import events
from complaints.crypto.envelope import Envelope, open_fields, public_key_of, seal_fields
from complaints.enums import Action, Clock, IdentityMode, OfficeLevel, Problem, SealedBy, TipStatus
from complaints.errors import ComplaintError, DraftInvalid
from complaints.models import (
    AuditRow,
    DeadlinePolicy,
    Division,
    Evidence,
    HandlingStep,
    Office,
    SealedIdentity,
    SpecialDay,
    Tip,
    TipReceipt,
    Vault,
)
from complaints.rules.places import Datum
from complaints.services.evidence import Upload, evidence_storage
from complaints.services.intake import locate
from complaints.services.receipts import RECEIPTS_PER_TIP, open_receipt
from complaints.services.reporter import progress_for_receipt
from tests.factories import TODAY, VAULT_SEED, TipFactory, VaultFactory, draft, jpeg, step, submit, upload
from tests.fixtures import IN_YANTA, LIANHU, OUTSIDE, YANTA, City

pytestmark = pytest.mark.django_db
NAMED = {"identity_mode": IdentityMode.REAL_NAME}


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Tip, TipReceipt, HandlingStep, Evidence, AuditRow))


def refusal(**values: object) -> list[tuple[str, Problem]]:
    before = rows()
    with pytest.raises(DraftInvalid) as caught:
        submit(**values)
    assert rows() == before
    return [(found.field, found.problem) for found in caught.value.problems]


def test_a_tip_is_stored_as_sent(city: City) -> None:
    done = submit(
        description="粉尘堆积", entity_name="某木业", address="工业二路", kind="major_hazard",
        industry="light_industry", operations=("dust", "hot_work"), in_danger=True,
        occurred_on=date(2026, 3, 9), district=LIANHU, photos=2,
    )  # fmt: skip

    tip = Tip.objects.get(number=done.number)
    assert (tip.description, tip.entity_name, tip.address) == ("粉尘堆积", "某木业", "工业二路")
    assert (tip.kind, tip.industry, tip.operations) == (
        "major_hazard",
        "light_industry",
        ["dust", "hot_work"],
    )
    assert (tip.in_danger, tip.occurred_on, tip.photo_count) == (True, date(2026, 3, 9), 2)
    assert (tip.status, tip.handling_unit, tip.handler) == (TipStatus.REGISTERED, city.lianhu, None)
    assert [photo.position for photo in tip.photos.all()] == [0, 1]


def test_the_reporter_is_told_unit_number_and_days(city: City) -> None:
    done = submit(district=YANTA, photos=1)

    assert (done.office_name, done.photo_count, done.received_date) == (city.yanta.name, 1, TODAY)
    assert done.accept_by == date(2026, 3, 19)  # 7 working days after Tuesday 10 March
    assert done.close_by == date(2026, 5, 18)  # 60 days later
    assert done.reply_by == date(2026, 5, 28)


def test_the_reporter_is_told_when_a_tip_for_others_is_passed_on(city: City) -> None:
    ours, theirs = submit(industry="chemical"), submit(industry="fire_safety")

    assert (ours.competent_body, ours.pass_on_by) == (None, None)
    assert theirs.competent_body is not None
    assert theirs.pass_on_by == date(2026, 3, 13)  # 3 working days after Tuesday 10 March


def test_periods_follow_the_rule_in_force_and_special_days(city: City) -> None:
    DeadlinePolicy.objects.create(effective_from=date(2026, 1, 1), decide_working_days=3)
    DeadlinePolicy.objects.create(effective_from=TODAY + timedelta(days=1), decide_working_days=1)
    SpecialDay.objects.create(day=date(2026, 3, 11), is_working=False)

    done = submit()

    assert done.accept_by == date(2026, 3, 16)


def test_a_clock_starts_at_once(city: City) -> None:
    tip = TipFactory()

    assert (tip.clock, tip.clock_started, tip.due_date) == (Clock.DECIDE, TODAY, date(2026, 3, 19))


def test_history_knows_the_day_and_no_moment(city: City) -> None:
    tip = TipFactory()

    first = tip.steps.get()
    assert (first.action, first.taken_date, first.taken_at, first.actor) == (
        Action.REGISTER,
        TODAY,
        None,
        None,
    )


def test_the_announcement_comes_after_commit_and_carries_an_id(
    city: City, django_capture_on_commit_callbacks: object
) -> None:
    heard: list[dict[str, object]] = []

    def listen(**message: object) -> None:
        heard.append({name: message[name] for name in message if name not in {"signal", "sender"}})

    events.tip_submitted.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # the plugin's own fixture
        done = submit()
        assert heard == []
    events.tip_submitted.disconnect(listen)

    assert heard == [{"tip_id": Tip.objects.get(number=done.number).pk}]


# --- place ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "unit"),
    [
        ({"district": YANTA}, "yanta"),
        ({"lat": IN_YANTA[0], "lng": IN_YANTA[1]}, "yanta"),
        ({"lat": IN_YANTA[0], "lng": IN_YANTA[1], "district": LIANHU}, "lianhu"),
        ({"address": "不知道在哪"}, "city"),
    ],
)
def test_place_leads_to_the_unit(city: City, place: dict[str, object], unit: str) -> None:
    tip = TipFactory(**place)

    assert tip.handling_unit == getattr(city, unit)


def test_a_town_of_a_zone_goes_to_the_zone(city: City) -> None:
    tip = TipFactory(district=YANTA, town=city.zone_town_code)

    assert (tip.handling_unit, tip.town_id) == (city.zone, city.zone_town_code)


def test_an_inactive_unit_gets_nothing(city: City) -> None:
    Office.objects.filter(pk=city.yanta.pk).update(is_active=False)

    assert TipFactory(district=YANTA).handling_unit == city.city


def test_a_point_outside_is_refused_unless_a_district_is_chosen(city: City) -> None:
    assert refusal(lat=OUTSIDE[0], lng=OUTSIDE[1]) == [("address", Problem.OUTSIDE_CITY)]
    assert TipFactory(lat=OUTSIDE[0], lng=OUTSIDE[1], district=YANTA).handling_unit == city.yanta


def test_a_point_outside_is_dropped_beside_a_chosen_district_and_the_sender_told(city: City) -> None:
    values = {"lat": OUTSIDE[0], "lng": OUTSIDE[1], "district": YANTA, "idempotency_key": token_hex(16)}

    done, again = submit(**values), submit(**values)

    assert Tip.objects.get().point == ""
    assert (done.is_point_dropped, again.is_point_dropped) == (True, True)
    assert not submit(lat=IN_YANTA[0], lng=IN_YANTA[1], district=YANTA).is_point_dropped
    assert not submit(district=YANTA).is_point_dropped


def test_where_no_outlines_are_known_a_point_beside_a_district_is_kept(city: City) -> None:
    Division.objects.update(outline=None)
    cache.clear()

    done = submit(lat=IN_YANTA[0], lng=IN_YANTA[1], district=YANTA)

    assert Tip.objects.get().point
    assert not done.is_point_dropped


def test_the_point_is_kept_in_gcj02_and_sealed(city: City) -> None:
    tip = TipFactory(lat=IN_YANTA[0], lng=IN_YANTA[1])
    same = TipFactory(lat=IN_YANTA[0], lng=IN_YANTA[1], datum=Datum.GCJ02)

    lat, lng = map(float, tip.point.split(","))
    assert lat == pytest.approx(IN_YANTA[0] - 0.0015, abs=0.001)
    assert lng == pytest.approx(IN_YANTA[1] + 0.0047, abs=0.001)
    assert same.point == f"{IN_YANTA[0]},{IN_YANTA[1]}"
    assert b"34.2" not in bytes(tip.point_sealed)


def test_without_a_point_nothing_is_located(city: City) -> None:
    assert locate(draft=draft(district=YANTA)).point is None


def test_without_any_unit_the_refusal_is_not_the_senders_fault(city: City) -> None:
    Office.objects.update(is_default=False)

    with pytest.raises(ComplaintError) as caught:
        submit()

    assert (caught.value.status, rows()) == (503, (0, 0, 0, 0, 0))


def test_units_of_towns_never_lead(city: City) -> None:
    tip = TipFactory(district=YANTA, town=city.town_code)

    assert tip.handling_unit.level == OfficeLevel.DISTRICT


# --- one key, one tip ------------------------------------------------------------------------------------------


def test_the_same_form_twice_is_one_tip_with_two_receipts(city: City) -> None:
    values = {"idempotency_key": token_hex(16), "photos": 1}

    one, two = submit(**values), submit(**values)

    assert one.number == two.number
    assert one.receipt != two.receipt
    assert (Tip.objects.count(), Evidence.objects.count(), HandlingStep.objects.count()) == (1, 1, 1)
    assert progress_for_receipt(typed=one.receipt) == progress_for_receipt(typed=two.receipt)


def test_a_retry_the_next_day_still_counts_the_day_after_not(city: City) -> None:
    key = token_hex(16)
    first = submit(idempotency_key=key)

    again = submit(idempotency_key=key, today=TODAY + timedelta(days=1))

    assert (again.number, again.received_date) == (first.number, TODAY)
    assert refusal(idempotency_key=key, today=TODAY + timedelta(days=2)) == [
        ("idempotency_key", Problem.KEY_USED)
    ]


@pytest.mark.parametrize(
    "other", [{"description": "另一件事"}, {"photos": 1}, {"district": YANTA}, {"in_danger": True}]
)
def test_the_same_key_with_other_content_is_refused(city: City, other: dict[str, object]) -> None:
    key = token_hex(16)
    submit(idempotency_key=key)

    assert refusal(idempotency_key=key, **other) == [("idempotency_key", Problem.KEY_USED)]


def test_retries_do_not_make_receipts_without_end(city: City) -> None:
    key = token_hex(16)
    for _ in range(RECEIPTS_PER_TIP):
        submit(idempotency_key=key)

    assert refusal(idempotency_key=key) == [("idempotency_key", Problem.KEY_USED)]


def test_a_later_receipt_reads_what_officers_wrote_before(city: City) -> None:
    key = token_hex(16)
    tip = TipFactory(idempotency_key=key, description="冲床没有防护罩")
    officer_words = {"texts": {"note": "我们明天到现场"}}
    step(tip=tip, action=Action.ACCEPT, actor=_officer_of(tip), **officer_words)

    late = submit(idempotency_key=key, description="冲床没有防护罩")

    assert [line.text for line in progress_for_receipt(typed=late.receipt).lines] == ["我们明天到现场"]


def _officer_of(tip: Tip) -> object:
    from tests.factories import MembershipFactory

    return MembershipFactory(office=tip.handling_unit).user


# --- photos ---------------------------------------------------------------------------------------------------


def test_refused_photos_are_named_and_nothing_is_stored(city: City) -> None:
    found = refusal(photos=[jpeg(), b"", b"<html>", jpeg()[:500]])

    assert found == [
        ("photos", Problem.PHOTO_EMPTY), ("photos", Problem.PHOTO_NOT_IMAGE), ("photos", Problem.PHOTO_DAMAGED),
    ]  # fmt: skip


def test_limits_are_checked_before_any_photo_is_decoded(city: City, settings: Settings) -> None:
    settings.PHOTO_MAX_BYTES, settings.PHOTOS_MAX_BYTES = 1000, 2500

    assert refusal(photos=[b"x"] * 10) == [("photos", Problem.TOO_MANY_PHOTOS)]
    assert refusal(photos=[b"x" * 1001]) == [("photos", Problem.PHOTO_TOO_LARGE)]
    assert refusal(photos=[b"x" * 1000] * 3) == [("photos", Problem.PHOTOS_TOO_LARGE)]


def test_a_photo_cut_off_on_the_way_is_too_large(city: City) -> None:
    from complaints.services.evidence import check_uploads

    found = check_uploads(uploads=[upload(), Upload(data=None, size=25_000_000)])

    assert [(one.problem, one.index) for one in found] == [(Problem.PHOTO_TOO_LARGE, 1)]


# --- identity --------------------------------------------------------------------------------------------------


def test_a_typed_name_is_sealed_in_memory_and_opens_with_the_vaults_key(city: City) -> None:
    tip = TipFactory(real_name=True)

    sealed = tip.sealed_identity
    envelope = Envelope.parse(sealed.envelope)
    opened = open_fields(seed=VAULT_SEED, envelope=envelope, binding=tip.idempotency_key, field="identity")
    assert (opened["name"], opened["phone"], sealed.sealed_by) == ("张三丰", "13800001234", SealedBy.SERVER)


def test_an_envelope_from_the_browser_is_kept_as_it_came(city: City) -> None:
    key = token_hex(16)
    envelope = _envelope(key=key)

    tip = TipFactory(**NAMED, envelope=envelope, idempotency_key=key)

    assert (tip.sealed_identity.envelope, tip.sealed_identity.sealed_by) == (
        envelope.to_json(),
        SealedBy.BROWSER,
    )


def test_an_envelope_for_another_vault_is_refused(city: City) -> None:
    key = token_hex(16)

    found = refusal(**NAMED, envelope=_envelope(key=key, vault=2), idempotency_key=key)

    assert found == [("name", Problem.OTHER_VAULT)]


def test_anonymous_tips_have_no_identity_row(city: City) -> None:
    TipFactory()

    assert not SealedIdentity.objects.exists()


def test_a_swapped_vault_stops_real_names_and_keeps_no_original(city: City, settings: Settings) -> None:
    Vault.objects.update(public_key=public_key_of(bytes(32)))

    assert refusal(**NAMED, identity={"name": "张", "phone": "1"}) == [
        ("identity_mode", Problem.VAULT_CLOSED)
    ]
    photo = TipFactory(photos=1).photos.get()
    assert (photo.vault_version, photo.sealed_sha256) == (None, "")
    assert not evidence_storage().exists(photo.path_of("original"))


def test_a_newer_vault_that_is_not_pinned_waits(city: City) -> None:
    VaultFactory(version=2, seed=bytes(32))

    assert TipFactory(photos=1).photos.get().vault_version == 1


def _envelope(*, key: str, vault: int = 1) -> Envelope:
    return seal_fields(
        public_key=public_key_of(VAULT_SEED),
        vault=vault,
        binding=key,
        field="identity",
        fields={"name": "王"},
    )


def test_the_receipt_opens_the_tip_it_was_given_for(city: City) -> None:
    one, two = TipFactory(), TipFactory()

    assert open_receipt(typed=two.acknowledgement.receipt).tip == two
    assert open_receipt(typed=one.acknowledgement.receipt).tip == one


def test_operations_are_stored_as_plain_json(city: City) -> None:
    tip = TipFactory(operations=("dust",))

    assert json.dumps(tip.operations) == '["dust"]'

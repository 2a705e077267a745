"""Inspections: who may record one, photos clean and apart from the reporter's, refusals that store nothing."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from complaints.crypto import filecipher
from complaints.enums import Action, Measure, Problem, Role, TipStatus, UnitPart
from complaints.errors import DraftInvalid, IllegalMove, NotAllowed, StorageFull, TipNotFound
from complaints.models import AuditRow, Disposal, Evidence, Inspection, Tip, TipUnit
from complaints.selectors.rectifications import open_order, overdue_rectifications, waits_for_recheck
from complaints.selectors.tips import evidence_of, own_photos, photo_for, photos_of
from complaints.services.evidence import Upload, read_photo
from complaints.services.inspections import InspectionDraft, record_inspection
from complaints.services.reporter import progress_for_receipt, send_message
from tests import database_bytes
from tests.factories import (
    TODAY,
    VAULT_FINGERPRINT,
    VAULT_SEED,
    OfficeFactory,
    TipFactory,
    UserFactory,
    jpeg,
    noon,
    step,
    upload,
)
from tests.fixtures import YANTA, City
from tests.portal import photo_hostile as hostile
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)
FOUND = "铝粉堆积厚度约三毫米标记"
VISIT = InspectionDraft(visited_date=TODAY, inspectors="张某、李某", findings=FOUND, orders="立即停产清理")
RECHECK = replace(VISIT, is_recheck=True, is_removed=True)
MAKER = "MARKER-CAMERA-7731"


@pytest.fixture
def tip(city: City) -> Tip:
    """An accepted tip with two photos of its reporter."""
    return TipFactory(accepted=True, district=YANTA, town=city.town_code, photos=2)


def record(
    tip: Tip, actor: User, *, draft: InspectionDraft = VISIT, uploads: list[Upload] | None = None
) -> Inspection:
    return record_inspection(
        tip_id=tip.pk,
        actor=actor,
        at=NOON,
        draft=draft,
        uploads=uploads or [],
        vault_fingerprint=VAULT_FINGERPRINT,
    )


def files(root: Path) -> set[Path]:
    return {path for path in root.rglob("*") if path.is_file() and path.name != ".lock"}


# --- what is recorded -------------------------------------------------------------------------------------------


def test_the_first_visit_begins_the_verification(city: City, tip: Tip, officer: User) -> None:
    row = record(tip, officer)

    assert Tip.objects.get(pk=tip.pk).status == TipStatus.VERIFYING
    assert (row.office, row.recorded_by, row.recorded_at) == (city.yanta, officer, NOON)
    assert list(tip.steps.values_list("action", flat=True))[-1] == Action.INSPECT


def test_a_second_visit_may_follow(tip: Tip, officer: User) -> None:
    record(tip, officer)
    record(tip, officer)

    assert tip.inspections.count() == 2


def test_words_are_kept_encrypted(tip: Tip, officer: User) -> None:
    row = record(tip, officer)

    kept = Inspection.objects.get(pk=row.pk)
    assert (kept.inspectors, kept.findings, kept.orders) == ("张某、李某", FOUND, "立即停产清理")
    assert FOUND.encode() not in database_bytes.dumped()


def test_the_town_on_the_spot_inspects_for_itself(city: City, tip: Tip, town_officer: User) -> None:
    assert record(tip, town_officer).office == city.town


def test_a_co_unit_inspects_for_itself(city: City, tip: Tip) -> None:
    helper = OfficeFactory(name="消防救援站", parent=city.city)
    TipUnit.objects.create(tip=tip, office=helper, part=UnitPart.CO_UNIT, since_date=TODAY)
    person = UserFactory(roles=[(Role.OFFICER, helper), (Role.OFFICER, city.lianhu)])

    assert record(tip, person).office == helper


def test_whoever_stands_above_acts_for_the_unit_in_charge(city: City, tip: Tip, city_officer: User) -> None:
    assert record(tip, city_officer).office == city.yanta


def test_strangers_and_readers_record_nothing(tip: Tip, foreign_officer: User, auditor: User) -> None:
    with pytest.raises(TipNotFound):
        record(tip, foreign_officer)
    with pytest.raises(NotAllowed):
        record(tip, auditor)
    assert Inspection.objects.count() == 0


@pytest.mark.parametrize("state", ["verified", "disposed", "replied", "closed", "declined"])
def test_no_first_visit_after_the_result(city: City, officer: User, state: str) -> None:
    tip = TipFactory(district=YANTA, **{state: True})

    with pytest.raises(IllegalMove):
        record(tip, officer)


def test_106_during_a_review_a_visit_is_recorded_and_the_review_goes_on(
    city: City, officer: User, city_officer: User
) -> None:
    tip = TipFactory(district=YANTA, review=True)
    before = Tip.objects.values("status", "clock", "due_date", "result").get(pk=tip.pk)

    rows = [record(tip, officer), record(tip, city_officer)]

    assert Tip.objects.values("status", "clock", "due_date", "result").get(pk=tip.pk) == before
    assert [row.is_recheck for row in rows] == [False, False]
    assert list(tip.steps.filter(action=Action.INSPECT).values_list("target", flat=True)) == ["review"] * 2


# --- photos -----------------------------------------------------------------------------------------------------


def test_photos_are_clean_encrypted_and_sealed(tip: Tip, officer: User, evidence_root: Path) -> None:
    original = jpeg(maker=MAKER)
    before = files(evidence_root)

    row = record(tip, officer, uploads=[upload(original)])

    photo = row.photos.get()
    new = files(evidence_root) - before
    assert {path.suffix for path in new} == {".shown", ".thumb", ".original"}
    assert not [path for path in new if MAKER.encode() in path.read_bytes()]
    assert MAKER.encode() not in read_photo(evidence=photo, part="shown")
    sealed = (evidence_root / photo.path_of("original")).read_bytes()
    assert photo.sealed_sha256 == hashlib.sha256(sealed).hexdigest()
    assert filecipher.open_file(seed=VAULT_SEED, sealed=sealed, binding=tip.number) == original


def test_without_a_trusted_vault_no_original_is_kept(
    tip: Tip, officer: User, evidence_root: Path, settings: Settings
) -> None:
    row = record_inspection(
        tip_id=tip.pk, actor=officer, at=NOON, draft=VISIT, uploads=[upload()], vault_fingerprint="other"
    )

    photo = row.photos.get()
    assert (photo.vault_version, photo.sealed_sha256) == (None, "")
    assert not (evidence_root / photo.path_of("original")).exists()


def test_officers_photos_never_stand_among_the_reporters(tip: Tip, officer: User) -> None:
    own = list(photos_of(tip=tip))
    receipt = tip.acknowledgement.receipt

    row = record(tip, officer, uploads=[upload(jpeg(shade=shade)) for shade in (11, 12, 13)])

    again = Tip.objects.get(pk=tip.pk)
    assert [photo.position for photo in row.photos.all()] == [0, 1, 2]
    assert list(photos_of(tip=again)) == own
    assert list(evidence_of(tip=again, user=officer)) == [*own, *row.photos.all()]
    assert own_photos(tips=[again]) == {tip.pk: own}
    assert (again.photo_count, again.unread_count) == (2, 0)
    assert progress_for_receipt(typed=receipt).lines == ()


def test_a_tip_without_photos_has_no_first_photo_after_a_visit(city: City, officer: User) -> None:
    tip = TipFactory(accepted=True, district=YANTA)

    record(tip, officer, uploads=[upload()])

    assert own_photos(tips=[tip]) == {}
    assert list(photos_of(tip=tip)) == []


def test_the_reporters_next_photo_keeps_its_place(tip: Tip, officer: User) -> None:
    record(tip, officer, uploads=[upload()])

    send_message(
        typed=tip.acknowledgement.receipt,
        text="补充一张",
        uploads=[upload(jpeg(shade=77))],
        today=TODAY,
        vault_fingerprint=VAULT_FINGERPRINT,
    )

    assert [photo.position for photo in photos_of(tip=tip)] == [0, 1, 2]


def test_photos_open_within_the_scope_alone(city: City, tip: Tip) -> None:
    person, stranger = (staff(Role.OFFICER, office=office) for office in (city.yanta, city.lianhu))
    photo = record(tip, person, uploads=[upload()]).photos.get()
    url = reverse("tips:photo", args=[photo.public_id, "shown"])

    answers = [enter(Client(), user).get(url).status_code for user in (person, stranger)]

    assert answers == [200, 404]
    assert photo_for(user=person, public_id=photo.public_id) == photo
    with pytest.raises(TipNotFound):
        photo_for(user=stranger, public_id=photo.public_id)


# --- refusals ---------------------------------------------------------------------------------------------------


HOSTILE = {
    "html": hostile.html(),
    "svg": hostile.svg(),
    "pdf": hostile.pdf(),
    "zip": hostile.zip_file(),
    "huge": hostile.huge_png(),
    "nothing": b"",
    "cut": jpeg()[:200],
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_file_that_is_not_what_it_says_stores_nothing(
    tip: Tip, officer: User, evidence_root: Path, name: str
) -> None:
    uploads = [upload(), upload(HOSTILE[name])]

    with assert_refused(tip, officer, evidence_root) as refused:
        record(tip, officer, uploads=uploads)

    assert [(p.field, p.index) for p in refused.problems] == [("photos", 1)]


class assert_refused:  # noqa: N801  reads as a statement
    """Expect DraftInvalid, and that nothing was stored but one row of the audit log."""

    def __init__(self, tip: Tip, actor: User, root: Path, *, act: Action = Action.INSPECT) -> None:
        self.tip, self.root, self.act = tip, root, act
        self.problems: tuple = ()

    def __enter__(self) -> "assert_refused":
        self.before = (
            files(self.root),
            AuditRow.objects.count(),
            self.tip.steps.count(),
            Tip.objects.get(pk=self.tip.pk).status,
        )
        return self

    def __exit__(self, kind: object, error: object, _trace: object) -> bool:
        assert isinstance(error, DraftInvalid)
        self.problems = error.problems
        rows = list(AuditRow.objects.order_by("sequence"))[self.before[1] :]
        assert files(self.root) == self.before[0]
        assert [row.data for row in rows] == [{"act": self.act.value, "code": "invalid"}]
        assert self.tip.steps.count() == self.before[2]
        assert Tip.objects.get(pk=self.tip.pk).status == self.before[3]
        assert Inspection.objects.filter(tip=self.tip, recorded_at=NOON, is_recheck=False).count() == 0
        return True


def test_two_hundred_files_are_refused_before_any_is_opened(
    tip: Tip, officer: User, evidence_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaints.services.evidence.sanitise_photo", None)

    with assert_refused(tip, officer, evidence_root) as refused:
        record(tip, officer, uploads=[upload()] * 200)

    assert [p.problem for p in refused.problems] == [Problem.TOO_MANY_RECORD_PHOTOS]


def test_two_hundred_files_through_the_door_are_refused_in_words(
    city: City, tip: Tip, evidence_root: Path
) -> None:
    person, before = staff(Role.OFFICER, office=city.yanta), files(evidence_root)
    values = {"visited_date": TODAY.isoformat(), "inspectors": "张某、李某", "findings": FOUND}
    photos = [SimpleUploadedFile(f"{number}.jpg", jpeg()) for number in range(200)]
    refusals = AuditRow.objects.filter(action="tip.refused").count()

    answer = enter(Client(), person).post(
        reverse("tips:step", args=[tip.number, "inspect"]), {**values, "photos": photos}
    )

    assert answer.status_code == 422
    assert "每份记录最多 9 张照片" in answer.content.decode()
    assert FOUND in answer.content.decode(), "what was typed is kept"
    assert files(evidence_root) == before
    assert Inspection.objects.count() == 0
    assert AuditRow.objects.filter(action="tip.refused").count() == refusals + 1


def test_photos_too_large_together_are_refused(tip: Tip, officer: User, evidence_root: Path) -> None:
    mebibyte = 1024 * 1024
    uploads = [Upload(data=None, size=size * mebibyte) for size in (20, 20, 20, 1)]

    with assert_refused(tip, officer, evidence_root) as refused:
        record(tip, officer, uploads=uploads)

    assert [p.problem for p in refused.problems] == [Problem.RECORD_PHOTOS_TOO_LARGE]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"inspectors": " "}, ("inspectors", Problem.NEEDS_TEXT)),
        ({"inspectors": "张某"}, ("inspectors", Problem.NEEDS_TWO_INSPECTORS)),
        ({"findings": ""}, ("findings", Problem.NEEDS_TEXT)),
        ({"orders": "\u202e"}, ("orders", Problem.BAD_CHARACTERS)),
        ({"findings": "长" * 3001}, ("findings", Problem.TOO_LONG)),
        ({"visited_date": TODAY + timedelta(days=1)}, ("visited_date", Problem.VISIT_AHEAD)),
        ({"visited_date": TODAY - timedelta(days=1)}, ("visited_date", Problem.BEFORE_TIP)),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    tip: Tip, officer: User, evidence_root: Path, change: dict[str, object], expected: tuple[str, Problem]
) -> None:
    with assert_refused(tip, officer, evidence_root) as refused:
        record(tip, officer, draft=replace(VISIT, **change), uploads=[upload()])

    assert [(p.field, p.problem) for p in refused.problems] == [expected]


def test_everything_wrong_is_named_at_once(tip: Tip, officer: User, evidence_root: Path) -> None:
    draft = InspectionDraft(visited_date=date(2030, 1, 1), inspectors="", findings="")

    with assert_refused(tip, officer, evidence_root) as refused:
        record(tip, officer, draft=draft, uploads=[upload()] * 10)

    assert [p.field for p in refused.problems] == ["inspectors", "findings", "visited_date", "photos"]


def test_a_stranger_makes_no_photo_decoded(
    tip: Tip, foreign_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaints.services.evidence.sanitise_photo", None)

    with pytest.raises(TipNotFound):
        record(tip, foreign_officer, uploads=[upload()])


def test_files_go_when_somebody_was_faster(
    tip: Tip, officer: User, evidence_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result was proposed while the photos were being decoded."""
    from complaints.services import evidence

    prepare, before = evidence.prepare_photos, files(evidence_root)

    def slow(**values: object) -> list[evidence.PreparedPhoto]:
        Tip.objects.filter(pk=tip.pk).update(status=TipStatus.VERIFIED)
        return prepare(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(evidence, "prepare_photos", slow)

    with pytest.raises(IllegalMove):
        record(tip, officer, uploads=[upload()])
    assert files(evidence_root) == before
    assert Inspection.objects.count() == Evidence.objects.exclude(inspection=None).count() == 0


def test_a_full_disk_stores_nothing(
    tip: Tip, officer: User, evidence_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rows = files(evidence_root), AuditRow.objects.count()

    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)

    with pytest.raises(StorageFull):
        record(tip, officer, uploads=[upload()])
    assert files(evidence_root) == before
    assert Inspection.objects.count() == 0
    assert AuditRow.objects.count() == rows, "no refusal: nobody asked for too much"


# --- re-checks --------------------------------------------------------------------------------------------------


@pytest.fixture
def ordered(city: City) -> Tip:
    """A tip with two orders to rectify until tomorrow, one of them given later than the visit, and a penalty."""
    tip = TipFactory(disposed=True, district=YANTA)
    first = tip.disposals.get()
    Disposal.objects.filter(pk=first.pk).update(rectify_by=TODAY + timedelta(days=1))
    for measure, decided in ((Measure.RECTIFY, TODAY + timedelta(days=3)), (Measure.PENALTY, TODAY)):
        row = Disposal(tip=tip, measure=measure, decided_date=decided, recorded_at=NOON)
        row.decided_at, row.is_confirmed = NOON, True
        row.rectify_by = decided + timedelta(days=1) if measure == Measure.RECTIFY else None
        row.words = "加装防护罩"
        row.save()
    return tip


def test_a_recheck_that_finds_the_danger_gone_ends_the_orders(ordered: Tip, officer: User) -> None:
    row = record(ordered, officer, draft=RECHECK, uploads=[upload()])

    assert (row.is_recheck, row.is_removed, row.photos.count()) == (True, True, 1)
    found = ordered.disposals.values_list("measure", "rectified_date").order_by("pk")
    assert list(found) == [(Measure.RECTIFY, TODAY), (Measure.RECTIFY, None), (Measure.PENALTY, None)]
    assert Tip.objects.get(pk=ordered.pk).status == TipStatus.DISPOSED


def test_a_recheck_that_finds_it_still_there_ends_nothing(ordered: Tip, officer: User) -> None:
    record(ordered, officer, draft=replace(RECHECK, is_removed=False))

    assert not ordered.disposals.exclude(rectified_date=None).exists()


def test_a_recheck_says_whether_the_danger_is_gone(ordered: Tip, officer: User, evidence_root: Path) -> None:
    with assert_refused(ordered, officer, evidence_root, act=Action.RECHECK) as refused:
        record(ordered, officer, draft=replace(RECHECK, is_removed=None))

    assert [(p.field, p.problem) for p in refused.problems] == [("is_removed", Problem.MISSING)]


def test_no_recheck_before_measures(tip: Tip, officer: User) -> None:
    with pytest.raises(IllegalMove):
        record(tip, officer, draft=RECHECK)


@pytest.mark.parametrize("state", ["replied", "closed"])
def test_a_recheck_may_follow_the_answer(city: City, officer: User, state: str) -> None:
    tip = TipFactory(district=YANTA, **{state: True})

    record(tip, officer, draft=RECHECK)

    assert tip.disposals.get().rectified_date == TODAY
    assert Tip.objects.get(pk=tip.pk).status == state


def test_an_order_is_looked_at_again_during_a_review_and_the_review_goes_on(
    city: City, officer: User
) -> None:
    tip = TipFactory(replied=True, district=YANTA)
    step(tip=tip, action=Action.OBJECT)

    step(tip=tip, action=Action.RECHECK, actor=officer)

    assert Tip.objects.get(pk=tip.pk).status == TipStatus.REVIEW


def test_overdue_rectifications_are_found_within_the_scope(
    ordered: Tip, officer: User, foreign_officer: User
) -> None:
    def overdue(user: User, today: date) -> list[tuple[str, int]]:
        return [(row.tip_number, row.days_over) for row in overdue_rectifications(user=user, today=today)]

    assert overdue(officer, TODAY + timedelta(days=1)) == []
    assert overdue(officer, TODAY + timedelta(days=6)) == [(ordered.number, 5), (ordered.number, 2)]
    assert overdue(foreign_officer, TODAY + timedelta(days=6)) == []
    record(ordered, officer, draft=RECHECK)
    assert overdue(officer, TODAY + timedelta(days=6)) == [(ordered.number, 2)]


def test_a_penalty_with_a_day_to_rectify_is_an_order_like_any_other(city: City, officer: User) -> None:
    tip, day = TipFactory(closed=True, district=YANTA, officer=officer), TODAY + timedelta(days=2)
    tip.disposals.update(measure=Measure.PENALTY, rectify_by=day)
    late = {"user": officer, "today": day + timedelta(days=1)}
    before = ([row.days_over for row in overdue_rectifications(**late)], waits_for_recheck(tip=tip))
    shown = open_order(tip=tip, disposals=tip.disposals.all())

    record(tip, officer, draft=RECHECK)

    assert before == ([1], True)
    assert shown == tip.disposals.get()
    assert tip.disposals.get().rectified_date == TODAY
    assert (overdue_rectifications(**late), waits_for_recheck(tip=tip)) == ([], False)
    assert open_order(tip=tip, disposals=tip.disposals.all()) is None


def test_the_rows_and_the_property_mean_the_same_orders(ordered: Tip) -> None:
    ordered.disposals.filter(decided_date=TODAY, measure=Measure.RECTIFY).update(rectified_date=TODAY)

    found = list(ordered.disposals.unfulfilled())

    assert found == [row for row in ordered.disposals.all() if row.is_unfulfilled]
    assert [row.decided_date for row in found] == [TODAY + timedelta(days=3)]

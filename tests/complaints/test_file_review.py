"""Review of case files: drawn by a seed, by another unit, read by a grant alone, findings put right, no identity."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from complaints.enums import Action, ReviewAct, ReviewFault, ReviewState, Role
from complaints.errors import NotAllowed, ReviewNotFound, ReviewRefused, TipNotFound
from complaints.models import AuditRow, FileFinding, FileSample, Membership, ReviewSheet, SampledFile, Tip
from complaints.rules.sampling import Size
from complaints.rules.spans import span_of
from complaints.selectors import file_review as selectors
from complaints.selectors.tips import tip_for
from complaints.services import file_review as services
from complaints.services.file_review import Finding
from complaints.services.retention import _forget_findings
from complaints.staff.casefile import case_file_to_review
from tests.complaints.stats.rows import conclude, tips
from tests.factories import MembershipFactory, TipFactory, noon
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
Q1 = span_of("2026Q1")
NOW = noon(date(2026, 5, 6))
GRAVE = {"evidence": Finding(minus=8, words="照片与笔录不一致", wants_correction=True)}


@pytest.fixture
def boss(city: City) -> User:
    """Return who leads the city."""
    return MembershipFactory(office=city.city, role=Role.LEADER).user


@pytest.fixture
def reviewer(city: City) -> User:
    """Return an officer of the other district."""
    return MembershipFactory(office=city.lianhu).user


def work(city: City, *, yanta: int = 20, lianhu: int = 5) -> None:
    for many, unit in ((yanta, city.yanta), (lianhu, city.lianhu)):
        conclude(tips(many, unit=unit, day=date(2026, 2, 2)), started=date(2026, 2, 2), days=20)


def draw(city: City, boss: User, **values: Any) -> FileSample:
    usual: dict[str, Any] = {
        "span": Q1, "office_id": city.city.pk, "units": [city.yanta.pk, city.lianhu.pk], "size": Size(per_unit=3),
        "actor": boss, "at": NOW,
    }  # fmt: skip
    return services.draw_sample(**{**usual, **values})


def drawn_file(city: City, boss: User, *, reviewer: User | None = None) -> SampledFile:
    """Return one drawn file of the first district, assigned when a reviewer is given."""
    work(city, yanta=1, lianhu=0)
    row = draw(city, boss, units=[city.yanta.pk]).files.get()
    if reviewer:
        services.assign(public_id=row.public_id, reviewer_id=reviewer.pk, actor=boss, at=NOW)
    return row


def refused(fault: ReviewFault) -> Any:
    return pytest.raises(ReviewRefused, match=fault.value)


# --- drawing ----------------------------------------------------------------------------------------------------


def test_a_sample_keeps_everything_needed_to_draw_it_again(city: City, boss: User) -> None:
    work(city)

    sample = draw(city, boss)
    again = draw(city, boss, seed=sample.seed)

    assert len(sample.seed) == 32
    assert (sample.stock, sample.files.count()) == (25, 6)
    assert [item["code"] for item in sample.sheet][:2] == ["intake", "inspectors"]
    kept = [list(one.files.values_list("place", "unit", "tip")) for one in (sample, again)]
    assert kept[0] == kept[1]
    assert services.redraw(sample=sample) == services.Redrawn(same_stock=True, same_files=True)


def test_another_seed_draws_other_files_and_both_stay(city: City, boss: User) -> None:
    work(city)

    first, second = draw(city, boss), draw(city, boss)

    assert first.seed != second.seed
    assert FileSample.objects.count() == 2
    assert set(first.files.values_list("tip", flat=True)) != set(second.files.values_list("tip", flat=True))


def test_drawing_again_tells_a_changed_sample_from_a_changed_stock(city: City, boss: User) -> None:
    work(city)
    sample = draw(city, boss)
    row = sample.files.first()
    assert row is not None
    other = Tip.objects.filter(handling_unit=row.unit).exclude(reviews__sample=sample).first()

    SampledFile.objects.filter(pk=row.pk).update(tip=other)
    assert services.redraw(sample=sample) == services.Redrawn(same_stock=True, same_files=False)

    SampledFile.objects.filter(pk=row.pk).update(tip=row.tip)
    conclude(tips(1, unit=city.yanta, day=date(2026, 2, 2)), started=date(2026, 2, 2), days=20)
    assert services.redraw(sample=sample).same_stock is False


@pytest.mark.parametrize(
    ("size", "many"), [(Size(percent=10), 3), (Size(percent=100), 25), (Size(per_unit=1), 2)]
)
def test_number_or_share_of_each_unit(city: City, boss: User, size: Size, many: int) -> None:
    work(city)

    assert draw(city, boss, size=size).files.count() == many


def test_only_what_was_concluded_in_the_period_is_drawn(city: City, boss: User) -> None:
    work(city, yanta=2, lianhu=0)
    tips(5, unit=city.yanta, day=date(2026, 2, 2))
    conclude(tips(3, unit=city.yanta, day=date(2026, 2, 2)), started=date(2026, 2, 2), days=70)

    assert draw(city, boss, size=Size(percent=100)).stock == 2


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"span": span_of("2026Q2")}, ReviewFault.RUNNING),
        ({"span": span_of("2025Q1")}, ReviewFault.EMPTY),
        ({"size": Size()}, ReviewFault.SIZE),
        ({"size": Size(per_unit=1, percent=1)}, ReviewFault.SIZE),
    ],
)
def test_what_cannot_be_drawn(city: City, boss: User, values: dict[str, Any], fault: ReviewFault) -> None:
    work(city)

    with refused(fault):
        draw(city, boss, **values)

    assert not FileSample.objects.exists()
    assert AuditRow.objects.get(action="setting.refused").data["code"] == fault.value


def test_only_leaders_draw_and_only_below_themselves(
    city: City, boss: User, leader: User, officer: User, auditor: User
) -> None:
    work(city)

    for actor, office, units in [
        (officer, city.yanta, [city.yanta.pk]),
        (auditor, city.city, [city.yanta.pk]),
        (leader, city.city, [city.yanta.pk]),
        (leader, city.yanta, [city.lianhu.pk]),
        (leader, city.yanta, [city.yanta.pk, city.lianhu.pk]),
        (boss, city.yanta, [city.yanta.pk]),
        (boss, city.city, []),
    ]:
        with pytest.raises(NotAllowed):
            draw(city, actor, office_id=office.pk, units=units)
    assert draw(city, leader, office_id=city.yanta.pk, units=[city.yanta.pk]).files.count() == 3


def test_a_sample_keeps_the_sheet_it_was_drawn_with(city: City, boss: User) -> None:
    work(city)
    old = draw(city, boss)
    ReviewSheet.objects.create(effective_from=date(2026, 1, 1), items="only | 40 | 全卷 | 市局", source="x")

    assert [item.code for item in services.items_of(draw(city, boss))] == ["only"]
    assert len(services.items_of(old)) == 8


# --- who reviews ------------------------------------------------------------------------------------------------


def test_nobody_of_the_unit_or_below_it_and_nobody_who_took_part_reviews(
    city: City, boss: User, officer: User, town_officer: User, reviewer: User
) -> None:
    row = drawn_file(city, boss)
    both = MembershipFactory(office=city.lianhu).user
    Membership.objects.create(user=both, office=city.yanta, role=Role.EDITOR)
    took = MembershipFactory(office=city.lianhu).user
    assert row.tip is not None
    row.tip.steps.create(action=Action.ACCEPT, target="accepted", actor=took, taken_date=date(2026, 2, 2))

    for person, fault in [
        (officer, ReviewFault.SAME_UNIT), (town_officer, ReviewFault.SAME_UNIT), (both, ReviewFault.SAME_UNIT),
        (took, ReviewFault.TOOK_PART),
    ]:  # fmt: skip
        with refused(fault):
            services.assign(public_id=row.public_id, reviewer_id=person.pk, actor=boss, at=NOW)
    offered = selectors.reviewers_for(row=row, below=[city.town.pk])
    assert reviewer in offered
    assert not {officer, town_officer, both, took} & set(offered)


def test_who_handles_no_tips_is_not_asked(city: City, boss: User, administrator: User, auditor: User) -> None:
    row = drawn_file(city, boss)
    away = MembershipFactory(office=city.lianhu).user
    User.objects.filter(pk=away.pk).update(is_active=False)

    for person in (administrator, auditor, away):
        with pytest.raises((NotAllowed, ReviewRefused)):
            services.assign(public_id=row.public_id, reviewer_id=person.pk, actor=boss, at=NOW)


def test_only_who_organises_the_sample_assigns(city: City, boss: User, leader: User, reviewer: User) -> None:
    row = drawn_file(city, boss)

    with pytest.raises(NotAllowed):
        services.assign(public_id=row.public_id, reviewer_id=reviewer.pk, actor=leader, at=NOW)
    with pytest.raises(ReviewNotFound):
        services.assign(public_id=row.public_id, reviewer_id=reviewer.pk, actor=reviewer, at=NOW)


# --- reading by grant -------------------------------------------------------------------------------------------


def test_the_grant_opens_this_file_alone_to_this_person_alone(city: City, boss: User, reviewer: User) -> None:
    row = drawn_file(city, boss, reviewer=reviewer)
    colleague = MembershipFactory(office=city.lianhu).user

    tip = services.open_file(public_id=row.public_id, reader=reviewer, at=NOW)

    assert tip.pk == row.tip_id
    for person in (colleague, boss):
        with pytest.raises(ReviewNotFound):
            services.open_file(public_id=row.public_id, reader=person, at=NOW)
    with pytest.raises(TipNotFound):
        tip_for(user=reviewer, number=tip.number)


def test_grant_and_looks_leave_rows(city: City, boss: User, reviewer: User) -> None:
    row = drawn_file(city, boss, reviewer=reviewer)
    for _look in range(2):
        services.open_file(public_id=row.public_id, reader=reviewer, at=NOW)

    number = row.tip.number if row.tip else ""
    given = AuditRow.objects.get(action="review.assign")
    assert (given.actor, given.subject, given.data["handler"]) == (boss, number, reviewer.pk)
    assert AuditRow.objects.filter(action="review.file", actor=reviewer, subject=number).count() == 1


def test_the_grant_ends_with_the_review_and_with_another_reviewer(
    city: City, boss: User, reviewer: User
) -> None:
    row = drawn_file(city, boss, reviewer=reviewer)
    second = MembershipFactory(office=city.zone).user
    services.assign(public_id=row.public_id, reviewer_id=second.pk, actor=boss, at=NOW)
    with pytest.raises(ReviewNotFound):
        services.open_file(public_id=row.public_id, reader=reviewer, at=NOW)

    services.score(public_id=row.public_id, found={}, actor=second, at=NOW)
    with pytest.raises(ReviewNotFound):
        services.open_file(public_id=row.public_id, reader=second, at=NOW)


def test_the_grant_ends_for_who_comes_to_be_of_the_unit(city: City, boss: User, reviewer: User) -> None:
    row = drawn_file(city, boss, reviewer=reviewer)
    Membership.objects.create(user=reviewer, office=city.yanta, role=Role.OFFICER)

    with pytest.raises(ReviewNotFound):
        services.open_file(public_id=row.public_id, reader=reviewer, at=NOW)
    with pytest.raises(NotAllowed):
        services.score(public_id=row.public_id, found={}, actor=reviewer, at=NOW)


def test_the_file_holds_nothing_of_who_reported(city: City, boss: User, reviewer: User) -> None:
    tip = TipFactory(
        review=True, real_name=True, photos=2, district=YANTA, description="MATTER", today=date(2026, 3, 10)
    )
    file = case_file_to_review(tip=tip, user=boss, now=NOW)

    assert (file.description, file.talk, file.sheets) == ("MATTER", (), ())
    assert not any("异议" in paper.title for paper in file.papers)
    shown = repr(file)
    assert not [word for word in ("张三丰", "13800001234", tip.acknowledgement.receipt) if word in shown]
    told = {entry.title: entry.note for entry in file.timeline}
    assert tip.objections.get().words not in told.values()
    assert len(file.findings) >= 2
    assert case_file_to_review(tip=tip, user=reviewer, now=NOW).talk == ()


# --- scoring and putting right ----------------------------------------------------------------------------------


def test_a_file_without_faults_is_done_at_once(city: City, boss: User, reviewer: User) -> None:
    row = drawn_file(city, boss, reviewer=reviewer)

    services.score(public_id=row.public_id, found={"intake": Finding()}, actor=reviewer, at=NOW)

    row.refresh_from_db()
    assert (row.state, row.points, row.closed_at, row.findings.count()) == (ReviewState.DONE, 100, NOW, 0)


def test_findings_are_sealed_answered_and_closed(
    city: City, boss: User, reviewer: User, officer: User
) -> None:
    row = drawn_file(city, boss, reviewer=reviewer)
    usual: dict[str, Any] = {"public_id": row.public_id, "at": NOW}

    services.score(found={**GRAVE, "reply": Finding(minus=1, words="少一项")}, actor=reviewer, **usual)
    finding = FileFinding.objects.get(item="evidence")
    assert "照片".encode() not in bytes(finding.words_sealed)
    assert selectors.file_for(user=officer, public_id=row.public_id).points == 91

    services.answer(said={finding.pk: "已补正笔录"}, actor=officer, **usual)
    services.return_answer(actor=reviewer, **usual)
    services.answer(said={finding.pk: "已补正，附复印件"}, actor=officer, **usual)
    services.close(actor=reviewer, **usual)

    row.refresh_from_db()
    finding.refresh_from_db()
    assert (row.state, row.wants_correction) == (ReviewState.DONE, True)
    assert (finding.words, finding.answer, finding.answered_by) == (
        "照片与笔录不一致",
        "已补正，附复印件",
        officer,
    )
    acts = (
        AuditRow.objects.filter(action__startswith="review.")
        .order_by("sequence")
        .values_list("action", flat=True)
    )
    ways = ("drawn", "assign", "score", "answer", "return", "answer", "close")
    assert list(acts) == [f"review.{act}" for act in ways]
    assert not AuditRow.objects.filter(data__icontains="照片").exists()


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ({"evidence": Finding(minus=21, words="x")}, ReviewFault.POINTS),
        ({"evidence": Finding(minus=-1, words="x")}, ReviewFault.POINTS),
        ({"nothing": Finding(minus=1, words="x")}, ReviewFault.POINTS),
        ({"evidence": Finding(minus=1)}, ReviewFault.WORDS),
        ({"evidence": Finding(wants_correction=True, words=" ")}, ReviewFault.WORDS),
        ({"evidence": Finding(minus=1, words="字" * 1001)}, ReviewFault.WORDS),
    ],
)
def test_scores_that_cannot_be(
    city: City, boss: User, reviewer: User, found: dict[str, Finding], fault: ReviewFault
) -> None:
    row = drawn_file(city, boss, reviewer=reviewer)

    with refused(fault):
        services.score(public_id=row.public_id, found=found, actor=reviewer, at=NOW)

    row.refresh_from_db()
    assert (row.state, row.points, FileFinding.objects.count()) == (ReviewState.ASSIGNED, None, 0)


def test_each_act_is_for_one_side_and_one_moment(
    city: City, boss: User, reviewer: User, officer: User, leader: User
) -> None:
    row = drawn_file(city, boss, reviewer=reviewer)
    usual: dict[str, Any] = {"public_id": row.public_id, "at": NOW}
    for actor in (boss, officer):
        with pytest.raises(NotAllowed):
            services.score(found={}, actor=actor, **usual)
    with refused(ReviewFault.NOT_NOW):
        services.close(actor=reviewer, **usual)
    services.score(found=GRAVE, actor=reviewer, **usual)
    finding = FileFinding.objects.get()

    with refused(ReviewFault.NOT_NOW):
        services.score(found={}, actor=reviewer, **usual)
    with refused(ReviewFault.NOT_NOW):
        services.assign(reviewer_id=reviewer.pk, actor=boss, **usual)
    for actor in (reviewer, boss):
        with pytest.raises(NotAllowed):
            services.answer(said={finding.pk: "x"}, actor=actor, **usual)
    with refused(ReviewFault.WORDS):
        services.answer(said={}, actor=officer, **usual)
    services.answer(said={finding.pk: "x"}, actor=leader, **usual)
    for actor in (officer, boss):
        with pytest.raises(NotAllowed):
            services.close(actor=actor, **usual)


# --- what is seen -----------------------------------------------------------------------------------------------


def test_who_sees_which_file(
    city: City, boss: User, reviewer: User, officer: User, auditor: User, administrator: User
) -> None:
    row = drawn_file(city, boss, reviewer=reviewer)
    colleague = MembershipFactory(office=city.lianhu).user

    seen = [
        person for person in (boss, reviewer, officer, auditor) if row in selectors.files_visible_to(person)
    ]
    assert seen == [boss, reviewer, officer, auditor]
    for person in (colleague, administrator):
        with pytest.raises(ReviewNotFound):
            selectors.file_for(user=person, public_id=row.public_id)
    for person in (reviewer, officer):
        with pytest.raises(ReviewNotFound):
            selectors.sample_for(user=person, public_id=row.sample.public_id)
    assert selectors.sample_for(user=auditor, public_id=row.sample.public_id) == row.sample


def test_results_by_unit_and_by_item(city: City, boss: User, reviewer: User) -> None:
    work(city, yanta=3, lianhu=1)
    sample = draw(city, boss)
    first, second, *_rest = sample.files.filter(unit=city.yanta)
    for row, found in ((first, GRAVE), (second, {"evidence": Finding(minus=3, words="少一页")})):
        services.assign(public_id=row.public_id, reviewer_id=reviewer.pk, actor=boss, at=NOW)
        services.score(public_id=row.public_id, found=found, actor=reviewer, at=NOW)

    rows = SampledFile.objects.filter(sample=sample)
    yanta, lianhu = selectors.results_of(rows)
    assert (yanta.files, yanta.scored, yanta.points, yanta.mean) == (3, 2, 189, 94.5)
    assert (yanta.corrections, yanta.corrections_done) == (1, 0)
    assert (lianhu.files, lianhu.scored, lianhu.mean) == (1, 0, None)
    assert selectors.findings_by_item(rows) == {"evidence": (2, 11)}


def test_a_destroyed_tip_leaves_place_and_points(city: City, boss: User, reviewer: User) -> None:
    row = drawn_file(city, boss, reviewer=reviewer)
    services.score(public_id=row.public_id, found=GRAVE, actor=reviewer, at=NOW)
    tip = Tip.objects.get(pk=row.tip_id)

    _forget_findings([tip])
    tip.delete()

    row.refresh_from_db()
    finding = row.findings.get()
    assert (row.tip, row.points, row.place) == (None, 92, 1)
    assert (finding.minus, finding.words, finding.answer) == (8, "", "")
    with pytest.raises(ReviewNotFound):
        services.open_file(public_id=row.public_id, reader=reviewer, at=NOW)


@pytest.mark.parametrize("act", [act for act in ReviewAct if act != ReviewAct.ASSIGN])
def test_a_refused_act_is_logged_once(city: City, boss: User, officer: User, act: ReviewAct) -> None:
    row = drawn_file(city, boss)
    calls: dict[ReviewAct, Any] = {
        ReviewAct.SCORE: lambda **given: services.score(found={}, **given),
        ReviewAct.ANSWER: lambda **given: services.answer(said={}, **given),
        ReviewAct.RETURN: services.return_answer,
        ReviewAct.CLOSE: services.close,
    }

    with pytest.raises((NotAllowed, ReviewRefused)):
        calls[act](public_id=row.public_id, actor=officer, at=NOW + timedelta(minutes=1))

    assert AuditRow.objects.get(action="setting.refused").data["act"] == f"review.{act.value}"

"""Letters about files under review: to whoever goes on, without content, never about one's own act."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks

from complaints.enums import ReviewAct, Role
from complaints.errors import ReviewRefused
from complaints.models import Notice, SampledFile
from complaints.rules.sampling import Size
from complaints.rules.spans import span_of
from complaints.services import file_review as services
from complaints.services.file_review import Finding
from complaints.services.notices import letter
from tests.complaints.stats.rows import conclude, tips
from tests.factories import UserFactory, noon
from tests.fixtures import City

pytestmark = pytest.mark.django_db
NOW = noon(date(2026, 5, 6))
GRAVE = {"evidence": Finding(minus=8, words="照片与笔录不一致", wants_correction=True)}
Step = Callable[[Callable[[], object]], list[str]]


@pytest.fixture
def step(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Step:
    """Return a function that takes a step and says who got a letter for it; all look in afterwards."""

    def run(act: Callable[[], object]) -> list[str]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        Notice.objects.all().delete()
        return sorted(one.to[0].partition("@")[0] for one in mail.outbox)

    return run


def person(name: str, role: Role, unit: object) -> User:
    user: User = UserFactory(username=name, email=f"{name}@bureau.example", roles=[(role, unit)])
    return user


@pytest.fixture
def boss(city: City) -> User:
    return person("boss", Role.LEADER, city.city)


@pytest.fixture
def reviewer(city: City) -> User:
    return person("reviewer", Role.OFFICER, city.lianhu)


@pytest.fixture
def owner(city: City) -> User:
    """Return an officer of the unit whose file is drawn; its leader has a mailbox as well."""
    person("their-leader", Role.LEADER, city.yanta)
    return person("owner", Role.OFFICER, city.yanta)


@pytest.fixture
def file(city: City, boss: User, owner: User) -> SampledFile:
    conclude(tips(1, unit=city.yanta, day=date(2026, 2, 2)), started=date(2026, 2, 2), days=20)
    sample = services.draw_sample(
        span=span_of("2026Q1"), office_id=city.city.pk, units=[city.yanta.pk], size=Size(per_unit=1),
        actor=boss, at=NOW,
    )  # fmt: skip
    return sample.files.get()


def test_each_is_told_when_it_is_the_own_turn(
    file: SampledFile, boss: User, reviewer: User, owner: User, step: Step
) -> None:
    key = file.public_id

    def answer() -> None:
        said = {one.pk: "已补录" for one in file.findings.all()}
        services.answer(public_id=key, said=said, actor=owner, at=NOW)

    course = [
        step(lambda: services.assign(public_id=key, reviewer_id=reviewer.pk, actor=boss, at=NOW)),
        step(lambda: services.score(public_id=key, found=GRAVE, actor=reviewer, at=NOW)),
        step(answer),
        step(lambda: services.return_answer(public_id=key, actor=reviewer, at=NOW)),
        step(answer),
        step(lambda: services.close(public_id=key, actor=reviewer, at=NOW)),
    ]

    assert course == [["reviewer"], ["owner"], ["reviewer"], ["owner"], ["reviewer"], []]


def test_a_file_without_findings_is_no_work_for_its_unit(
    file: SampledFile, boss: User, reviewer: User, owner: User, step: Step
) -> None:
    services.assign(public_id=file.public_id, reviewer_id=reviewer.pk, actor=boss, at=NOW)

    assert step(lambda: services.score(public_id=file.public_id, found={}, actor=reviewer, at=NOW)) == []


def test_a_unit_without_officers_tells_its_leader(
    file: SampledFile, boss: User, reviewer: User, owner: User, step: Step
) -> None:
    owner.memberships.all().delete()
    services.assign(public_id=file.public_id, reviewer_id=reviewer.pk, actor=boss, at=NOW)

    told = step(lambda: services.score(public_id=file.public_id, found=GRAVE, actor=reviewer, at=NOW))

    assert told == ["their-leader"]


def test_what_is_refused_tells_nobody(
    file: SampledFile, boss: User, reviewer: User, owner: User, step: Step
) -> None:
    def same_unit() -> None:
        with pytest.raises(ReviewRefused):
            services.assign(public_id=file.public_id, reviewer_id=owner.pk, actor=boss, at=NOW)

    assert step(same_unit) == []


def test_nobody_is_told_twice_before_looking_in(
    file: SampledFile,
    boss: User,
    reviewer: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for _turn in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            services.assign(public_id=file.public_id, reviewer_id=reviewer.pk, actor=boss, at=NOW)

    assert len(mail.outbox) == 1


def test_the_letter_is_the_one_of_all_work(
    file: SampledFile, boss: User, reviewer: User, owner: User, step: Step
) -> None:
    """Nothing in it says that it is about a review, which one, or whose."""
    step(lambda: services.assign(public_id=file.public_id, reviewer_id=reviewer.pk, actor=boss, at=NOW))

    usual = letter(address="reviewer@bureau.example")
    assert (mail.outbox[0].subject, mail.outbox[0].body) == (usual.subject, usual.body)
    assert file.tip is not None
    for word in (file.tip.number, str(file.public_id), "评查", owner.username):
        assert word not in f"{mail.outbox[0].subject}{mail.outbox[0].body}"


@pytest.mark.parametrize("act", ReviewAct)
def test_a_closed_account_gets_none(
    act: ReviewAct, file: SampledFile, boss: User, reviewer: User, step: Step
) -> None:
    from complaints.services.notices import on_review

    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    SampledFile.objects.filter(pk=file.pk).update(reviewer=reviewer, state="assigned")

    assert step(lambda: on_review(file_id=file.pk, act=act, actor_id=boss.pk, at=NOW)) == []

"""The waiting period: one administrator and a custodian who suspects nothing are not enough to open a name."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from complaints.enums import OfficeLevel, Role
from complaints.errors import ComplaintError
from complaints.models import AuditRow, Membership, Notice, Office, Tip
from complaints.policies import leads_top
from complaints.services import custody
from complaints.services.accounts import note_changed
from complaints.services.roles import assign_role, forget_second_factor, remove_role
from tests.complaints.staff.conftest import at_desk
from tests.custody_steps import BOTH, NOW, Three, approved, asked, handed_out, ready, three, wish
from tests.factories import TipFactory, UserFactory
from tests.fixtures import YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
WEEK, MINUTE = timedelta(days=7), timedelta(minutes=1)


@pytest.fixture
def people(city: City) -> Three:
    return three(city)


@pytest.fixture
def tip(city: City) -> Tip:
    row: Tip = TipFactory(district=YANTA, real_name=True)
    return row


@pytest.fixture
def root(city: City) -> User:
    row: User = UserFactory(username="root", roles=[(Role.SYSTEM_ADMINISTRATOR, city.city)])
    return row


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(ComplaintError) as caught:
        act()
    return caught.value.code


def renew(user: User, *, role: Role, office: Office, root: User) -> None:
    """Take a role back and give it anew, now."""
    held = Membership.objects.get(user=user, office=office, role=role)
    remove_role(membership=held, at=NOW, actor=root)
    assign_role(user=user, office=office, role=role, at=NOW, actor=root)


def test_a_new_leader_approves_after_a_week(city: City, tip: Tip, people: Three, root: User) -> None:
    renew(people.approver, role=Role.LEADER, office=city.yanta, root=root)
    row = asked(tip, people)
    values = {"request_id": row.public_id, "answer": "同意", "confirmed": BOTH, "actor": people.approver}

    code = code_of(lambda: custody.approve(**values, at=NOW + WEEK - MINUTE))

    assert code == "too_new"
    assert AuditRow.objects.get(action="unseal.refused").data["code"] == "too_new"
    assert custody.approve(**values, at=NOW + WEEK).approver == people.approver


def test_an_older_role_in_the_line_counts(city: City, tip: Tip, people: Three, root: User) -> None:
    assign_role(user=people.approver, office=city.city, role=Role.LEADER, at=NOW, actor=root)

    assert approved(asked(tip, people), people).approver == people.approver


def test_a_new_custodian_opens_nothing(city: City, tip: Tip, people: Three, root: User) -> None:
    row = approved(asked(tip, people), people)
    ready(row, people)
    renew(people.custodian, role=Role.CUSTODIAN, office=city.city, root=root)

    code = code_of(lambda: handed_out(row, people))

    assert code == "too_new"


def reset_password(user: User, root: User) -> None:
    note_changed(user=user, fields=["password"], at=NOW, actor=root)


def reset_code(user: User, root: User) -> None:
    forget_second_factor(user=user, at=NOW, actor=root)


@pytest.mark.parametrize("reset", [reset_password, reset_code])
def test_whoever_was_reset_by_another_neither_asks_nor_approves(
    tip: Tip, people: Three, root: User, reset: Callable[[User, User], None]
) -> None:
    row = asked(tip, people)
    for person in (people.asker, people.approver):
        reset(person, root)

    codes = [
        code_of(lambda: custody.ask(tip_id=tip.pk, wish=wish(target="identity"), actor=people.asker, at=NOW)),
        code_of(
            lambda: custody.approve(
                request_id=row.public_id, answer="同意", confirmed=BOTH, actor=people.approver, at=NOW
            )
        ),
    ]

    assert codes == ["too_new", "too_new"]
    assert custody.refuse(request_id=row.public_id, answer="不必", actor=people.approver, at=NOW)


def test_an_own_new_password_is_no_reset(tip: Tip, people: Three) -> None:
    note_changed(user=people.asker, fields=["password"], at=NOW, actor=people.asker)

    assert asked(tip, people).asker == people.asker


def test_a_bureau_may_set_the_days(
    city: City, tip: Tip, people: Three, root: User, settings: Settings
) -> None:
    settings.OPENING_WAIT_DAYS = 0
    reset_password(people.asker, root)

    assert asked(tip, people).asker == people.asker


def test_the_custodian_reads_since_when(city: City, tip: Tip, people: Three, root: User) -> None:
    keeper = staff(Role.CUSTODIAN, office=city.city, username="keeper")
    fresh = staff(Role.LEADER, office=city.yanta, username="fresh", first_name="周新")
    row = custody.approve(
        request_id=asked(tip, people, at=NOW + WEEK).public_id,
        answer="同意",
        confirmed=BOTH,
        actor=fresh,
        at=NOW + WEEK,
    )
    row.valid_until += timedelta(days=3650)  # type: ignore[operator]  # it was just approved
    row.save(update_fields=["valid_until"])

    page = at_desk(keeper).get(f"/admin/custody/requests/{row.public_id}/open/").content.decode()

    assert f"周新 · {Role.LEADER.label}任职起始：" in page
    assert "早于现有记录" in page


@pytest.mark.parametrize(
    ("role", "told"), [(Role.CUSTODIAN, True), (Role.LEADER, True), (Role.EDITOR, False)]
)
def test_leaders_and_auditors_are_told_of_a_new_role(
    city: City,
    people: Three,
    root: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    role: Role,
    told: bool,
) -> None:
    auditor = UserFactory(roles=[(Role.AUDITOR, city.lianhu)])
    elsewhere = UserFactory(roles=[(Role.LEADER, city.lianhu)])
    new = UserFactory()

    with django_capture_on_commit_callbacks(execute=True):
        assign_role(user=new, office=city.yanta, role=role, at=NOW, actor=root)

    noticed = set(Notice.objects.values_list("user", flat=True))
    assert noticed == ({auditor.pk, people.approver.pk} if told else set())
    assert elsewhere.pk not in noticed


def test_a_town_whose_parent_was_cleared_does_not_decide_for_the_city(city: City) -> None:
    chief = UserFactory(roles=[(Role.LEADER, city.town)])
    Office.objects.filter(pk=city.town.pk).update(parent=None)
    head = UserFactory(roles=[(Role.LEADER, city.city)])

    assert city.town.level == OfficeLevel.TOWN
    assert (leads_top(chief), leads_top(head)) == (False, True)

"""Notices: who is told after which act, once until the next visit, without content, and never the minute of a tip."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from complaints import events
from complaints.enums import Action, Role, TipStatus
from complaints.models import HandlingStep, Notice, Office, Tip
from complaints.services.daily import run_daily
from complaints.services.notices import AUDIENCES, Audience, clear_notice, letter, send_waiting
from complaints.services.reporter import send_message
from complaints.services.whistles import answer_whistle, return_whistle, whistle
from tests.factories import (
    TODAY,
    VAULT_FINGERPRINT,
    TipFactory,
    UserFactory,
    noon,
    step,
    submit,
)
from tests.fixtures import YANTA, City
from tests.parallel import at_once
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db
NOON = noon(TODAY)
Commit = Callable[[], object]


@pytest.fixture
def after_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[[Commit], None]:
    """Return a function that runs an act and what follows its commit."""

    def run(act: Commit) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            act()

    return run


@pytest.fixture
def people(city: City) -> SimpleNamespace:
    """One officer and one leader in town, district, zone and city, each with an address."""

    def person(role: Role, office: Office, name: str) -> User:
        return UserFactory(username=name, email=f"{name}@bureau.example", roles=[(role, office)])

    units = {"town": city.town, "district": city.yanta, "other": city.lianhu, "city": city.city}
    return SimpleNamespace(
        **{name: person(Role.OFFICER, office, name) for name, office in units.items()},
        **{f"{name}_leader": person(Role.LEADER, office, f"{name}_leader") for name, office in units.items()},
    )


def told() -> set[str]:
    return set(Notice.objects.values_list("user__username", flat=True))


def recipients() -> list[str]:
    return sorted(one.to[0].split("@")[0] for one in mail.outbox)


# --- what reporters do --------------------------------------------------------------------------------------------


def test_a_new_tip_is_told_to_the_units_officers(
    people: SimpleNamespace, after_commit: Callable[[Commit], None]
) -> None:
    after_commit(lambda: submit(district=YANTA))

    assert told() == {"district"}


def test_a_unit_without_officers_tells_its_leaders(
    people: SimpleNamespace, city: City, after_commit: Callable[[Commit], None]
) -> None:
    people.district.memberships.all().delete()

    after_commit(lambda: submit(district=YANTA))

    assert told() == {"district_leader"}


def test_closed_accounts_and_readers_are_not_told(
    people: SimpleNamespace, city: City, after_commit: Callable[[Commit], None]
) -> None:
    User.objects.filter(pk=people.district.pk).update(is_active=False)
    UserFactory(username="reader", roles=[(Role.AUDITOR, city.yanta), (Role.EDITOR, city.yanta)])

    after_commit(lambda: submit(district=YANTA))

    assert told() == {"district_leader"}


def test_no_letter_leaves_at_the_minute_of_a_submission(
    people: SimpleNamespace, after_commit: Callable[[Commit], None]
) -> None:
    after_commit(lambda: submit(district=YANTA))

    assert mail.outbox == []
    notice = Notice.objects.get()
    assert (notice.raised_date, notice.sent_date) == (TODAY, None)
    call_command("notices", stdout=open("/dev/null", "w", encoding="ascii"))  # noqa: PTH123, SIM115
    assert recipients() == ["district"]


def test_the_daily_task_sends_what_waits(
    people: SimpleNamespace, after_commit: Callable[[Commit], None]
) -> None:
    after_commit(lambda: submit(district=YANTA))

    counts = [run_daily(today=TODAY, now=NOON).counts["send_notices"] for _ in range(2)]

    assert (counts, recipients()) == ([1, 0], ["district"])


def test_a_message_is_told_to_the_handler_and_without_one_to_the_unit(
    people: SimpleNamespace, city: City, after_commit: Callable[[Commit], None]
) -> None:
    tip = TipFactory(accepted=True, district=YANTA, officer=people.district)

    after_commit(lambda: write(tip))
    assert told() == {"district"}

    Notice.objects.all().delete()
    colleague = UserFactory(username="colleague", roles=[(Role.OFFICER, city.yanta)])
    User.objects.filter(pk=people.district.pk).update(is_active=False)
    after_commit(lambda: write(tip))
    assert told() == {colleague.username}
    assert mail.outbox == []


def write(tip: Tip) -> None:
    send_message(
        typed=tip.acknowledgement.receipt,
        text="请尽快来人",
        uploads=[],
        today=TODAY,
        vault_fingerprint=VAULT_FINGERPRINT,
    )


def test_a_submission_costs_the_same_for_one_officer_and_for_many(
    people: SimpleNamespace, city: City, after_commit: Callable[[Commit], None]
) -> None:
    def queries() -> int:
        Notice.objects.all().delete()
        tip = TipFactory(district=YANTA)
        with CaptureQueriesContext(connection) as counted:
            events.tip_submitted.send_robust(sender=Tip, tip_id=tip.pk)
        return len([one for one in counted if "notice" in one["sql"] or "membership" in one["sql"]])

    few = queries()
    for _ in range(40):
        UserFactory(roles=[(Role.OFFICER, city.yanta)])
    many = queries()

    assert Notice.objects.count() == 41
    assert many == few <= 2


# --- what colleagues do -------------------------------------------------------------------------------------------


def test_a_whistle_is_told_at_once_and_so_is_its_answer(
    people: SimpleNamespace, city: City, after_commit: Callable[[Commit], None]
) -> None:
    tip = TipFactory(accepted=True, district=YANTA, town=city.town_code, officer=people.city)

    after_commit(lambda: whistle(tip_id=tip.pk, actor=people.town, at=NOON, memo="请到场"))
    assert (told(), recipients()) == ({"district"}, ["district"])

    after_commit(lambda: answer_whistle(tip_id=tip.pk, actor=people.district, at=NOON))
    assert (told(), recipients()) == ({"district", "town"}, ["district", "town"])


def test_a_returned_whistle_is_told_to_who_whistled(
    people: SimpleNamespace, city: City, after_commit: Callable[[Commit], None]
) -> None:
    tip = TipFactory(accepted=True, district=YANTA, town=city.town_code)
    whistle(tip_id=tip.pk, actor=people.town, at=NOON, memo="请到场")

    after_commit(lambda: return_whistle(tip_id=tip.pk, actor=people.district, at=NOON, memo="退回"))

    assert recipients() == ["town"]


EXPECTED = {
    Audience.HANDLER: {"district"},
    Audience.UNIT: {"district"},
    Audience.NAMED_UNIT: {"other"},
    Audience.LEADERS: {"district_leader"},
    Audience.LEADERS_ABOVE: {"city_leader"},
}
PLAIN = [action for action, audience in AUDIENCES.items() if audience in EXPECTED]


@pytest.mark.parametrize("action", PLAIN)
def test_each_act_is_told_to_whom_it_gives_work(people: SimpleNamespace, city: City, action: Action) -> None:
    tip = TipFactory(accepted=True, district=YANTA, officer=people.district)

    announce(tip, action, actor=people.town, towards=city.lianhu)

    names = EXPECTED[AUDIENCES[action]]
    assert told() == names
    assert set(recipients()) == names


def announce(tip: Tip, action: Action, *, actor: User | None, towards: Office | None = None) -> None:
    row = HandlingStep.objects.create(
        tip=tip,
        action=action,
        target=TipStatus.ACCEPTED,
        actor=actor,
        towards=towards,
        taken_date=TODAY,
        taken_at=NOON if actor else None,
    )
    events.step_recorded.send_robust(sender=HandlingStep, step_id=row.pk)


@pytest.mark.parametrize("action", [action for action in Action if action not in AUDIENCES])
def test_other_acts_are_told_to_nobody(people: SimpleNamespace, city: City, action: Action) -> None:
    tip = TipFactory(accepted=True, district=YANTA, officer=people.district)

    announce(tip, action, actor=people.town, towards=city.lianhu)

    assert told() == set()


def test_nobody_is_told_of_an_own_act(people: SimpleNamespace, city: City) -> None:
    tip = TipFactory(accepted=True, district=YANTA, officer=people.district)

    announce(tip, Action.ASSIGN, actor=people.district)

    assert (told(), mail.outbox) == (set(), [])


@pytest.mark.parametrize("action", [Action.OBJECT, Action.SUPERVISE])
def test_acts_without_a_person_only_raise(people: SimpleNamespace, city: City, action: Action) -> None:
    """An objection has a moment of its own to hide; the daily task sends once, at its end."""
    tip = TipFactory(accepted=True, district=YANTA, officer=people.district)

    announce(tip, action, actor=None)

    assert len(told()) == 1
    assert mail.outbox == []


def test_above_the_top_there_are_its_own_leaders(people: SimpleNamespace, city: City) -> None:
    tip = TipFactory(accepted=True, district=YANTA)
    Tip.objects.filter(pk=tip.pk).update(handling_unit=city.city)

    announce(tip, Action.ASK_EXTENSION, actor=people.city)

    assert told() == {"city_leader"}


def test_a_refused_act_tells_nobody(
    people: SimpleNamespace, city: City, after_commit: Callable[[Commit], None]
) -> None:
    tip = TipFactory(district=YANTA)

    with pytest.raises(Exception, match="reply"):
        after_commit(lambda: step(tip=tip, action=Action.REPLY, actor=people.district))

    assert told() == set()


# --- one until the next visit -------------------------------------------------------------------------------------


def test_many_events_make_one_letter_until_the_next_visit(people: SimpleNamespace, city: City) -> None:
    tip = TipFactory(accepted=True, district=YANTA, officer=people.district)

    for _ in range(3):
        announce(tip, Action.ASSIGN, actor=people.city)
        send_waiting(today=TODAY)
    assert recipients() == ["district"]

    clear_notice(user=people.district)
    announce(tip, Action.ASSIGN, actor=people.city)
    assert recipients() == ["district", "district"]


@pytest.mark.parametrize("path", ["/admin/", "/admin/tips/", "/admin/tips/view/mine/"])
def test_opening_the_back_office_clears_it(city: City, path: str) -> None:
    person, colleague = (staff(Role.OFFICER, office=city.yanta) for _ in range(2))
    Notice.objects.bulk_create(Notice(user=one, raised_date=TODAY) for one in (person, colleague))

    answer = enter(Client(), person).get(path)

    assert answer.status_code == 200
    assert list(Notice.objects.values_list("user", flat=True)) == [colleague.pk]


def test_signing_in_with_one_factor_is_no_visit(city: City) -> None:
    person = staff(Role.OFFICER, office=city.yanta)
    Notice.objects.create(user=person, raised_date=TODAY)
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])

    client.get("/admin/")
    Client().get("/admin/")

    assert Notice.objects.count() == 1


def test_a_visit_without_a_notice_asks_once_and_writes_nothing(city: City) -> None:
    person = staff(Role.OFFICER, office=city.yanta)
    client = enter(Client(), person)

    with CaptureQueriesContext(connection) as counted:
        client.get("/admin/tips/")

    asked = [one["sql"] for one in counted if "complaints_notice" in one["sql"]]
    assert [sql.split()[0] for sql in asked] == ["SELECT"]


# --- the letter ---------------------------------------------------------------------------------------------------


def test_the_letter_says_that_there_is_work_and_nothing_else(
    people: SimpleNamespace, city: City, after_commit: Callable[[Commit], None], settings: Settings
) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://desk.example/"
    tip = TipFactory(
        accepted=True,
        district=YANTA,
        town=city.town_code,
        entity_name="标记某某铝制品厂",
        description="铝粉堆积标记词九七三一",
    )

    after_commit(lambda: whistle(tip_id=tip.pk, actor=people.town, at=NOON, memo="标记吹哨词"))

    text = mail.outbox[0].message().as_string()
    body = f"{mail.outbox[0].subject}\n{mail.outbox[0].body}"
    secrets = [
        tip.number,
        tip.number[-6:],
        "标记",
        "铝粉",
        "吹哨",
        "雁塔",
        city.town.name,
        people.town.first_name,
    ]
    assert [word for word in secrets if word in text or word in body] == []
    assert "https://desk.example/admin/" in body
    assert mail.outbox[0].to == ["district@bureau.example"]
    assert (mail.outbox[0].cc, mail.outbox[0].bcc, mail.outbox[0].attachments) == ([], [], [])


def test_all_letters_are_alike() -> None:
    first, second = letter(address="a@bureau.example"), letter(address="b@bureau.example")

    assert (first.subject, first.body) == (second.subject, second.body)
    assert "后台" in first.body


def test_people_without_an_address_get_none(people: SimpleNamespace, city: City) -> None:
    User.objects.update(email="")
    tip = TipFactory(accepted=True, district=YANTA, officer=people.district)

    announce(tip, Action.ASSIGN, actor=people.city)

    assert (told(), mail.outbox) == ({"district"}, [])
    assert Notice.objects.get().sent_date is None


# --- a mail server that fails -------------------------------------------------------------------------------------


class FailingBackend(EmailBackend):
    """Refuses addresses or breaks off, as told."""

    refused: tuple[str, ...] = ()
    breaks_at = ""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        address = messages[0].to[0]
        if address in self.refused:
            raise SMTPRecipientsRefused({address: (550, b"unknown")})
        if address == self.breaks_at:
            raise SMTPServerDisconnected("gone")
        return super().send_messages(messages)


@pytest.fixture
def backend(settings: Settings, city: City) -> Iterator[type[FailingBackend]]:
    """Three people with a notice each, and a backend that can be told to fail."""
    settings.EMAIL_BACKEND = f"{__name__}.FailingBackend"
    for name in ("a", "b", "c"):
        person = UserFactory(username=name, email=f"{name}@bureau.example")
        Notice.objects.create(user=person, raised_date=TODAY)
    yield FailingBackend
    FailingBackend.refused, FailingBackend.breaks_at = (), ""


def test_a_refused_address_does_not_stop_the_others(
    backend: type[FailingBackend], caplog: pytest.LogCaptureFixture
) -> None:
    backend.refused = ("b@bureau.example",)

    with caplog.at_level(logging.ERROR):
        send_waiting(today=TODAY)

    assert recipients() == ["a", "c"]
    assert send_waiting(today=TODAY) == 0, "a refused address is not tried again"
    assert "bureau" not in caplog.text


def test_a_server_that_breaks_off_is_tried_again_for_the_rest(
    backend: type[FailingBackend], caplog: pytest.LogCaptureFixture
) -> None:
    backend.breaks_at = "b@bureau.example"

    with caplog.at_level(logging.ERROR):
        assert send_waiting(today=TODAY) == 1
    backend.breaks_at = ""
    assert send_waiting(today=TODAY + timedelta(days=1)) == 2

    assert recipients() == ["a", "b", "c"]
    assert "bureau" not in caplog.text


def test_an_address_that_is_none_stops_nobody(backend: type[FailingBackend]) -> None:
    User.objects.filter(username="b").update(email="b@bureau.example\nBcc: x@y.example")

    send_waiting(today=TODAY)

    assert recipients() == ["a", "c"]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_one_letter_each(backend: type[FailingBackend]) -> None:
    counts = at_once([lambda: send_waiting(today=TODAY)] * 4)

    assert sum(counts) == 3
    assert recipients() == ["a", "b", "c"]


@pytest.mark.django_db(transaction=True)
def test_tips_at_the_same_moment_make_one_notice(people: SimpleNamespace) -> None:
    results = at_once([lambda: submit(district=YANTA)] * 4)

    assert [one for one in results if isinstance(one, Exception)] == []
    assert told() == {"district"}


def test_a_mail_server_that_fails_does_not_undo_the_act(
    backend: type[FailingBackend],
    people: SimpleNamespace,
    city: City,
    after_commit: Callable[[Commit], None],
) -> None:
    tip = TipFactory(accepted=True, district=YANTA, town=city.town_code)
    backend.breaks_at = "district@bureau.example"

    after_commit(lambda: whistle(tip_id=tip.pk, actor=people.town, at=NOON, memo="请到场"))

    assert Tip.objects.get(pk=tip.pk).called_unit == city.yanta
    assert Notice.objects.get(user=people.district).sent_date is None

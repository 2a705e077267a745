"""The pages of the duty: whom they exist for, what each person may do, refusals, files, quotas, the first page."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases_public.demo import load_sample_cases
from cases_public.demo_duty import load_sample_duty
from cases_public.duty.periods import period_at
from cases_public.enums import DutyRhythm
from cases_public.models import DutyFile, DutyRule, Submission, SubmissionScore
from complaints.enums import Role
from complaints.models import AuditRow
from complaints.services.demo.offices import load_city
from complaints.services.demo.people import load_people
from tests.cases_public.duty.steps import (
    ALL,
    Bureau,
    begun,
    bureau,
    duty_of,
    moment,
    public_case,
    scored,
    submitted,
)
from tests.signin import enter, give_app, staff

pytestmark = pytest.mark.django_db
ROOT = "/admin/cases_duty/"


class Desk:
    """A bureau today: one submission of each district, the one of the east qualified."""

    def __init__(self) -> None:
        self.who: Bureau = bureau()
        self.today = timezone.localdate()
        begun(self.today)
        self.period = period_at(day=self.today, rhythm=DutyRhythm.TWO_MONTHS).code
        self.quarter = period_at(day=self.today, rhythm=DutyRhythm.QUARTER).code
        self.east = submitted(self.who.officer, self.who.east, self.period, self.today)
        self.west = submitted(self.who.other, self.who.west, self.period, self.today)
        scored(self.who.legal, self.east, self.today)


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def browser(user: User) -> Client:
    give_app(user)
    return enter(Client(), user)


def paths(desk: Desk) -> dict[str, str]:
    return {
        "index": ROOT,
        "east": f"{ROOT}{desk.east.pk}/",
        "west": f"{ROOT}{desk.west.pk}/",
        "quarter": f"{ROOT}quarter/{desk.quarter}/",
        "zip": f"{ROOT}quarter/{desk.quarter}/zip/",
        "xlsx": f"{ROOT}quarter/{desk.quarter}/xlsx/",
        "quotas": f"{ROOT}quotas/",
    }


ALL_PATHS = ("index", "east", "west", "quarter", "zip", "xlsx", "quotas")
OWN = ("index", "east")
MATRIX: dict[str, tuple[str, ...]] = {
    "officer": OWN,
    "other": ("index", "west"),
    "editor": ALL_PATHS,
    "legal": ALL_PATHS,
    "leader": ALL_PATHS,
    "publisher": ALL_PATHS,
    "auditor": ALL_PATHS,
    "machine": ("quotas",),
}


@pytest.mark.parametrize("person", MATRIX)
def test_each_person_finds_what_is_theirs_and_nothing_else(desk: Desk, person: str) -> None:
    client = browser(getattr(desk.who, person))

    found = {name: client.get(path).status_code for name, path in paths(desk).items()}

    expected = {name: 200 if name in MATRIX[person] else 404 for name in paths(desk)}
    if person == "machine":
        expected["index"] = 302
    assert found == expected


@pytest.mark.parametrize("role", [Role.CUSTODIAN, Role.PAYER, Role.SECRECY_REVIEWER, Role.REWARD_PROPOSER])
def test_the_duty_does_not_exist_for_others(desk: Desk, role: Role) -> None:
    client = browser(staff(role, office=desk.who.city))

    assert {client.get(path).status_code for path in paths(desk).values()} == {404}


def test_being_a_superuser_gives_nothing(desk: Desk) -> None:
    client = browser(User.objects.create_superuser("root", password="x"))

    assert {client.get(path).status_code for path in paths(desk).values()} == {404}


@pytest.mark.parametrize("person", ["officer", "other"])
def test_of_other_units_neither_row_nor_title_is_shown(desk: Desk, person: str) -> None:
    mine, foreign = (desk.east, desk.west) if person == "officer" else (desk.west, desk.east)

    html = browser(getattr(desk.who, person)).get(ROOT).content.decode()

    assert mine.page is not None
    assert foreign.page is not None
    assert mine.page.title in html
    assert foreign.page.title not in html


@pytest.mark.parametrize(
    "path",
    ["quarter/2026-Q9/", "quarter/2099-Q1/", "quarter/2026-B1/", "quarter/x/", "file/999/zip/", "999/"],
)
def test_nothing_else_is_there(desk: Desk, path: str) -> None:
    assert browser(desk.who.leader).get(f"{ROOT}{path}").status_code == 404


def test_an_unknown_kind_of_file_is_not_there(desk: Desk) -> None:
    assert browser(desk.who.leader).get(f"{ROOT}quarter/{desk.quarter}/exe/").status_code == 404


@pytest.mark.parametrize("asked", ["", "x", "2026-Q9", "1900", "' OR 1=1"])
def test_an_unknown_period_shows_the_running_quarter(desk: Desk, asked: str) -> None:
    answer = browser(desk.who.leader).get(ROOT, {"period": asked})

    assert (answer.status_code, answer.context["span"].value) == (200, desk.quarter)


# --- acts -----------------------------------------------------------------------------------------------------------


def test_an_officer_submits_by_the_form(desk: Desk) -> None:
    page = public_case(desk.who.east)
    sent = {"duty": duty_of(desk.who.east, desk.period).pk, "case": page.pk}

    answer = browser(desk.who.officer).post(f"{ROOT}submit/", sent, follow=True)

    assert "已报送，由市局评分" in answer.content.decode()
    assert Submission.objects.filter(page=page).count() == 1


@pytest.mark.parametrize("person", ["other", "leader", "publisher", "machine", "auditor"])
def test_nobody_submits_for_another_unit(desk: Desk, person: str) -> None:
    sent = {"duty": duty_of(desk.who.east, desk.period).pk, "case": public_case(desk.who.east).pk}

    assert browser(getattr(desk.who, person)).post(f"{ROOT}submit/", sent).status_code == 404
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("sent", [{}, {"duty": "x", "case": "1"}, {"duty": "9" * 30, "case": "-1"}])
def test_nonsense_submits_nothing(desk: Desk, sent: dict[str, str]) -> None:
    assert browser(desk.who.officer).post(f"{ROOT}submit/", sent).status_code == 404


def score(client: Client, row: Submission, **values: Any) -> Any:
    sent = {"act": "score", "content": ALL, "points_warning": "80", "points_evidence": "10", "note": ""}
    return client.post(f"{ROOT}{row.pk}/", sent | values)


def test_the_city_scores_by_the_form(desk: Desk) -> None:
    answer = score(browser(desk.who.legal), desk.west)

    assert answer.status_code == 302
    assert SubmissionScore.objects.get(submission=desk.west).points == {"warning": 80, "evidence": 10}


@pytest.mark.parametrize("points", ["", "-1", "101", "x", "１０", "1e2"])
def test_a_refused_score_keeps_what_was_typed(desk: Desk, points: str) -> None:
    answer = score(browser(desk.who.legal), desk.west, points_warning=points, note="缺第三项内容")

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "分数是 0 到 100 的整数" in html
    assert "缺第三项内容" in html
    assert not SubmissionScore.objects.filter(submission=desk.west).exists()


@pytest.mark.parametrize("person", ["other", "editor", "publisher", "auditor"])
def test_others_score_nothing_and_are_offered_nothing(desk: Desk, person: str) -> None:
    client = browser(getattr(desk.who, person))

    assert 'name="content"' not in client.get(f"{ROOT}{desk.west.pk}/").content.decode()
    assert score(client, desk.west).status_code == 409
    assert not SubmissionScore.objects.filter(submission=desk.west).exists()


def test_taken_back_by_the_unit_alone(desk: Desk) -> None:
    path = f"{ROOT}{desk.west.pk}/"

    assert browser(desk.who.officer).post(path, {"act": "take_back"}).status_code == 404
    assert browser(desk.who.leader).post(path, {"act": "take_back"}).status_code == 404
    assert browser(desk.who.other).post(path, {"act": "take_back"}).status_code == 302
    desk.west.refresh_from_db()
    assert desk.west.ended_date == desk.today


def test_the_file_is_taken_along_and_noted_as_sent_once(desk: Desk) -> None:
    client, path = browser(desk.who.publisher), paths(desk)["quarter"]
    before = client.get(f"{path}zip/")

    client.post(path)
    client.post(path)

    file = DutyFile.objects.get()
    after = client.get(f"{ROOT}file/{file.pk}/zip/")
    with zipfile.ZipFile(io.BytesIO(after.content)) as archive:
        assert archive.testzip() is None
    assert before.content == after.content
    assert before.headers["Cache-Control"] == "no-store, private"
    assert file.sha256 in client.get(path).content.decode()


@pytest.mark.parametrize("person", ["legal", "leader", "editor", "auditor"])
def test_who_reads_all_sends_nothing(desk: Desk, person: str) -> None:
    client, path = browser(getattr(desk.who, person)), paths(desk)["quarter"]

    assert "记为已上报" not in client.get(path).content.decode()
    client.post(path)

    assert not DutyFile.objects.exists()


def test_quotas_are_added_and_ended_by_the_system_administrator(desk: Desk) -> None:
    client, tomorrow = browser(desk.who.machine), desk.today + timedelta(days=1)
    sent = {
        "target": f"unit:{desk.who.east.pk}", "rhythm": "two_months", "quota": "3", "pass_points": "70",
        "remind_days": "5", "effective_from": tomorrow.isoformat(), "source": "市局〔2026〕1号",
    }  # fmt: skip

    assert client.post(f"{ROOT}quotas/", sent).status_code == 302
    again = client.post(f"{ROOT}quotas/", sent)
    assert (again.status_code, "另一项报送任务" in again.content.decode()) == (409, True)
    row = DutyRule.objects.get(office=desk.who.east)
    client.post(f"{ROOT}quotas/", {"end": row.pk, "last_day": tomorrow.isoformat()})
    row.refresh_from_db()

    assert (row.quota, row.level, row.effective_to) == (3, "", tomorrow)
    acts = AuditRow.objects.filter(actor=desk.who.machine, action__startswith="dutyrule.")
    assert list(acts.order_by("sequence").values_list("action", flat=True)) == [
        "dutyrule.added",
        "dutyrule.changed",
    ]


@pytest.mark.parametrize("person", ["officer", "editor", "legal", "leader", "publisher", "auditor"])
def test_others_keep_no_quotas(desk: Desk, person: str) -> None:
    row = DutyRule.objects.get(level="district")
    sent = {"end": row.pk, "last_day": desk.today.isoformat()}

    assert browser(getattr(desk.who, person)).post(f"{ROOT}quotas/", sent).status_code == 404
    row.refresh_from_db()
    assert row.effective_to is None


@pytest.mark.parametrize(
    "sent", [{"end": "x"}, {"end": "99999", "last_day": "2099-01-01"}, {"end": "1", "last_day": "x"}]
)
def test_nonsense_ends_no_quota(desk: Desk, sent: dict[str, str]) -> None:
    assert browser(desk.who.machine).post(f"{ROOT}quotas/", sent).status_code == 302
    assert not DutyRule.objects.exclude(effective_to=None).exists()


# --- looks, the first page, the demonstration -------------------------------------------------------------------------


def test_a_look_leaves_a_row(desk: Desk) -> None:
    browser(desk.who.leader).get(ROOT)

    assert AuditRow.objects.filter(actor=desk.who.leader, action="read.case_duty").count() == 1


def test_the_first_page_says_what_is_owed_and_what_waits(desk: Desk) -> None:
    editor = browser(desk.who.editor).get("/admin/").content.decode()
    scorer = browser(desk.who.legal).get("/admin/").content.decode()
    done = browser(desk.who.officer).get("/admin/").content.decode()

    assert 'id="desk-duty"' in editor
    assert "1 件已报送的案例待评分" in scorer
    assert 'id="desk-duty"' not in done


def test_queries_do_not_grow_with_submissions(desk: Desk) -> None:
    client = browser(desk.who.leader)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(ROOT)
        return len(seen)

    asked()
    few = asked()
    for _number in range(8):
        submitted(desk.who.officer, desk.who.east, desk.period, desk.today)

    assert asked() <= few


def test_the_demonstration_shows_every_state() -> None:
    today = timezone.localdate()
    load_people(offices=load_city(), at=moment(today))
    load_sample_cases(today=today)

    assert [load_sample_duty(today=today) for _ in range(2)] == [4, 0]

    rows = list(Submission.objects.select_related("duty"))
    scores = SubmissionScore.objects.filter(submission__in=rows)
    assert sum(row.is_late for row in rows) == 1
    assert [score.is_qualified for score in scores].count(False) == 1
    assert DutyFile.objects.count() == 1


def test_without_its_people_the_demonstration_submits_nothing() -> None:
    assert load_sample_duty(today=timezone.localdate()) == 0


# --- what is refused leaves one row -----------------------------------------------------------------------------------


def refused(user: User) -> list[AuditRow]:
    """Return what the log holds of refusals to a person."""
    return list(AuditRow.objects.filter(actor=user, action="desk.refused"))


def test_a_case_submitted_twice_is_refused_above_the_overview_with_one_row(desk: Desk) -> None:
    client, east = browser(desk.who.officer), desk.east.page
    assert east is not None
    begun(desk.today)
    sent = {"duty": duty_of(desk.who.east, desk.period).pk, "case": public_case(desk.who.west).pk}

    answer = client.post(f"{ROOT}submit/", sent)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "只能报送本单位已经公开的案例" in html
    assert 'id="duty-own"' in html or 'id="duty-units"' in html
    assert [row.data["page"] for row in refused(desk.who.officer)] == ["case_duty:submit"]


def test_a_refused_score_leaves_one_row_and_a_given_one_none(desk: Desk) -> None:
    client = browser(desk.who.legal)

    score(client, desk.west, points_warning="101")
    assert [row.data["page"] for row in refused(desk.who.legal)] == ["case_duty:submission"]
    score(client, desk.west)

    assert len(refused(desk.who.legal)) == 1
    assert AuditRow.objects.filter(
        action="submission.qualified", subject=f"submission:{desk.west.pk}"
    ).exists()


def test_taking_back_what_was_scored_is_refused_with_one_row(desk: Desk) -> None:
    answer = browser(desk.who.officer).post(f"{ROOT}{desk.east.pk}/", {"act": "take_back"})

    assert answer.status_code == 409
    assert len(refused(desk.who.officer)) == 1
    assert not AuditRow.objects.filter(action="submission.taken_back").exists()


@pytest.mark.parametrize("person", ["legal", "leader", "auditor"])
def test_sending_without_the_right_is_refused_with_one_row(desk: Desk, person: str) -> None:
    user = getattr(desk.who, person)

    answer = browser(user).post(paths(desk)["quarter"])

    assert answer.status_code == 409
    assert len(refused(user)) == 1
    assert not AuditRow.objects.filter(action="dutyfile.sent").exists()


def test_a_quota_that_ended_is_not_ended_again(desk: Desk) -> None:
    row, client = DutyRule.objects.get(level="district"), browser(desk.who.machine)
    sent = {"end": row.pk, "last_day": (desk.today + timedelta(days=3)).isoformat()}
    client.post(f"{ROOT}quotas/", sent)

    answer = client.post(f"{ROOT}quotas/", {**sent, "last_day": (desk.today - timedelta(days=3)).isoformat()})

    assert answer.status_code == 409
    assert len(refused(desk.who.machine)) == 1


# --- the two rates, above the table ---------------------------------------------------------------------------------


def test_the_unit_reads_its_own_rates_above_the_table(desk: Desk) -> None:
    own = browser(desk.who.officer).get(ROOT, {"period": str(desk.today.year)})
    other = browser(desk.who.other).get(ROOT, {"period": str(desk.today.year)})

    assert [text for _name, text in own.context["rates"]][1] == "100.0 %"
    assert [text for _name, text in other.context["rates"]] == ["0.0 %", "0.0 %"]
    assert '<dl class="as-rates">' in own.content.decode()


def card(desk: Desk, answer: Any) -> dict[str, Any]:
    """Return the card of the running period on a page."""
    return next(one for one in answer.context["own"] if one["duty"].period == desk.period)


def test_92_card_and_rate_count_the_same(desk: Desk) -> None:
    """报送率 is what is submitted and qualified of what is due: a card that counted what was sent said otherwise."""
    shown = browser(desk.who.other).get(ROOT)
    east, west = card(desk, browser(desk.who.officer).get(ROOT)), card(desk, shown)

    assert (east["counted"].fulfilled, east["chip"].tone) == (1, "done")
    assert (west["counted"].submitted, west["counted"].fulfilled) == (1, 0)
    assert west["chip"].word == "待评分"
    assert "合格 0 件 / 应报 1 件 · 已报送 1 件" in shown.content.decode()
    assert next(text for _name, text in shown.context["rates"]) == "0.0 %"


def test_92_what_does_not_qualify_is_owed_again(desk: Desk) -> None:
    scored(desk.who.legal, desk.west, desk.today, points={"warning": 1, "evidence": 0}, note="缺典型意义")
    client = browser(desk.who.other)

    west = card(desk, client.get(ROOT))

    assert west["counted"].missing == 1
    assert west["chip"].word not in {"已完成", "待评分"}
    assert 'id="desk-duty"' in client.get("/admin/").content.decode()


def test_without_duties_there_is_no_rate(desk: Desk) -> None:
    answer = browser(desk.who.officer).get(ROOT, {"period": str(desk.today.year - 2)})

    assert [text for _name, text in answer.context["rates"]] == ["—", "—"]
    assert "as-rates" not in answer.content.decode()

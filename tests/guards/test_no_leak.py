"""Guard: a planted reporter is found nowhere, whatever was called, by whomever, and whatever failed."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from complaints.api import tips as api_tips
from complaints.enums import Action, Role, TipStatus
from complaints.models import Tip
from complaints.public import report as public_report
from complaints.public import status as public_status
from portal.shared import throttle
from tests import database_bytes
from tests.factories import jpeg, move_to, noon, step
from tests.fixtures import YANTA, City
from tests.guards import leaks
from tests.guards.leaks import Traces
from tests.signin import enter, staff

NAME, PHONE, ADDRESS = "马可波罗甲乙丙", "13877665544", "203.0.113.77"
AGENT, MAKER, WORDS = "Marker-Agent/7.7 (leak)", "MARKER-CAMERA-7731", "铝粉堆积标记词九七三一"
ENTITY, PLACE, ANSWER = "标记某某铝制品厂", "标记科技路九百九十九号", "标记答复现场已经停产"
PERSON = {"name": NAME, "phone": PHONE, "address": ADDRESS, "agent": AGENT, "camera": MAKER}
CONTENT = {"words": WORDS, "entity": ENTITY, "place": PLACE, "answer": ANSWER}
HOME = "/admin/tips/"
DESK = ["", "results/", "view/unit/", f"?q={WORDS}", f"?q={NAME}", "?export=csv", "?export=xlsx", "history/"]
OFFICE = [
    f"/admin/{path}"
    for path in (
        "",
        "reports/",
        "reports/site-history/",
        "users/",
        "pages/",
        "images/",
        "snippets/",
        "account/",
    )
]
FORM_FAULTS: list[dict[str, Any]] = [
    {"kind": NAME},
    {"photos": [SimpleUploadedFile("x.jpg", NAME.encode())]},
    {PHONE: NAME},
    {"idempotency_key": ""},
    {"district": "x"},
    {"occurred_on": "2999-01-01"},
    {"phone": f"{PHONE}9"},
    {"identity_mode": "anonymous"},
]
API_FAULTS: list[dict[str, Any]] = [
    {"kind": "x"},
    {"lat": "x"},
    {"identity_envelope": "{}"},
    {"phone": f"{PHONE}9"},
]
MALFORMED = [
    ("{" + NAME, "application/json"),
    (NAME, "text/plain"),
    (b"--x\r\n" + NAME.encode(), "multipart/form-data; boundary=x"),
]
BREAKABLE = [
    (public_report, "submit_tip"),
    (api_tips, "submit_tip"),
    (public_status, "progress_for_receipt"),
    (api_tips, "progress_for_receipt"),
]


class Day:
    """One day of the portal: a planted reporter at every door, everybody's looks, and every failure."""

    def __init__(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        self.city, self.monkeypatch, self.traces = city, monkeypatch, Traces()
        headers = {
            "HTTP_USER_AGENT": AGENT,
            "HTTP_X_FORWARDED_FOR": ADDRESS,
            "HTTP_REFERER": f"https://x/{PHONE}",
        }
        self.reporter = Client(REMOTE_ADDR=ADDRESS, raise_request_exception=False, **headers)
        self.receipts: list[str] = []

    # --- what the reporter does ---------------------------------------------------------------------------------

    def fields(self, **values: Any) -> dict[str, Any]:
        return {
            "description": WORDS, "entity_name": ENTITY, "address": PLACE, "district": YANTA,
            "identity_mode": "real_name", "name": NAME, "phone": PHONE, "idempotency_key": token_hex(16), **values,
        }  # fmt: skip

    def photo(self) -> SimpleUploadedFile:
        return SimpleUploadedFile(f"{NAME}.jpg", jpeg(maker=MAKER), "image/jpeg")

    def post(
        self, door: str, path: str, data: Any, *, shows: set[str] | None = None, **options: Any
    ) -> HttpResponse:
        response = self.reporter.post(path, data, **options)
        return self.traces.add(door, response, may_show=shows or set())

    def send_form(self, **values: Any) -> HttpResponse:
        # The form gives back what was typed, but never who typed it.
        return self.post("form", "/report/", self.fields(**values), shows={"words", "entity", "place"})

    def send_api(self, key: str = "", **values: Any) -> HttpResponse:
        tip = self.fields(**values)
        del tip["idempotency_key"]
        parts = {"tip": json.dumps(tip), "photos": [self.photo()]}
        return self.post("api tips", "/api/v1/tips", parts, headers={"Idempotency-Key": key or token_hex(16)})

    def submit(self) -> Tip:
        """Send one tip by each door and keep the receipts, which only the answers themselves may show."""
        self.reporter.get("/report/")
        before = len(self.traces.answers)
        self.send_form(photos=[self.photo(), self.photo()])
        page = self.traces.answers[before].content.decode()
        self.receipts.append(page.split('data-code="')[1].split('"')[0])
        self.receipts.append(self.send_api().json()["receipt"])
        for number, answer in enumerate(self.traces.answers[before:]):
            shown = answer.may_show | {f"receipt {number}"}
            self.traces.answers[before + number] = leaks.Answer(**{**vars(answer), "may_show": shown})
        return Tip.objects.order_by("pk")[0]

    def look(self) -> None:
        """Read and write with a receipt, by both doors; with wrong ones as well."""
        for number, receipt in enumerate(self.receipts):
            own = {f"receipt {number}", "words", "answer"}
            self.post("status", "/status/", {"receipt": receipt}, shows=own)
            self.post("api status", "/api/v1/tips/status", json.dumps({"receipt": receipt}), shows=own,
                      content_type="application/json")  # fmt: skip
            write = {"receipt": receipt, "text": WORDS}
            self.post(
                "message", "/status/", {**write, "action": "message", "photos": [self.photo()]}, shows=own
            )
            self.post("api message", "/api/v1/tips/messages", {**write, "photos": [self.photo()]}, shows=own)
            self.act(receipt, own=own)
            # One character less: what was typed may stand in the field again, the real one is not in it.
            self.post("wrong", "/status/", {"receipt": receipt[:-1]})
            self.post("api wrong", "/api/v1/tips/status", json.dumps({"receipt": receipt[:-1]}),
                      content_type="application/json")  # fmt: skip

    def act(self, receipt: str, *, own: set[str]) -> None:
        """Object, rate and withdraw by both doors: too early or too late for most, told in words either way."""
        for action, values in (("objection", {"text": WORDS}), ("rating", {"score": "3"}), ("withdraw", {})):
            self.post(action, "/status/", {"receipt": receipt, "action": action, **values}, shows=own)
        for path, body in (
            ("objection", {"text": WORDS}),
            ("rating", {"score": 3}),
            ("withdrawal", {"sure": False}),
        ):
            text = json.dumps({"receipt": receipt, **body})
            self.post(f"api {path}", f"/api/v1/tips/{path}", text, shows=own, content_type="application/json")

    def go_wrong(self, settings: Settings) -> None:
        """Every refusal of every door."""
        for values in FORM_FAULTS:
            self.send_form(**values)
        for values in API_FAULTS:
            self.send_api(**values)
        self.post("forged", "/report/", self.fields(), headers={"Sec-Fetch-Site": "cross-site"})
        careful = Client(enforce_csrf_checks=True, REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT)
        self.traces.add("csrf", careful.post("/accounts/login/", {"login": NAME, "password": PHONE}))
        for body, kind in MALFORMED:
            self.post("malformed", "/api/v1/tips", body, content_type=kind)
        self.lose_the_way()
        self.send_too_much(settings)

    def lose_the_way(self) -> None:
        """Secrets typed into the address line: their own page may repeat them to whoever typed them, nothing else."""
        for name, secret in {**PERSON, "receipt 0": self.receipts[0]}.items():
            for path in (f"/{secret}/", f"/status/{secret}/", f"/report/?q={secret}", f"/api/v1/{secret}"):
                self.traces.add("lost", self.reporter.get(path), may_show={name})

    def send_too_much(self, settings: Settings) -> None:
        settings.PHOTO_MAX_BYTES = 1000
        self.send_form(photos=[self.photo()])
        settings.PHOTO_MAX_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20, 3000
        much = json.dumps({"receipt": NAME * 5000})
        self.post("malformed", "/report/", NAME.encode(), content_type="multipart/form-data")
        self.post("oversize", "/report/", self.fields(description=NAME * 5000))
        self.post("oversize", "/api/v1/tips/status", much, content_type="application/json")
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.CAPTCHA_BACKEND = 3 * 2**20, "altcha"
        self.send_form(captcha=PHONE, captcha_token=NAME, captcha_answer=PHONE)
        settings.CAPTCHA_BACKEND = "none"

    def break_down(self) -> None:
        """Views that break with everything they know in the exception, and a throttle that is used up."""
        told = f"{NAME} {PHONE} {ADDRESS} {AGENT} {WORDS} {' '.join(self.receipts)}"
        receipt = {"receipt": self.receipts[0]}
        with self.monkeypatch.context() as broken:
            for module, name in BREAKABLE:
                broken.setattr(module, name, _breaking(told))
            assert self.send_form().status_code == 500
            assert self.send_api().status_code == 500
            assert self.post("broken", "/status/", receipt).status_code == 500
            self.post("broken", "/api/v1/tips/status", json.dumps(receipt), content_type="application/json")
        with self.monkeypatch.context() as used_up:
            used_up.setattr(throttle, "allow", lambda **_values: False)
            self.send_form()
            self.send_api()
            self.post("throttled", "/status/", receipt, shows={"receipt 0"})
            self.post(
                "throttled", "/status/", {**receipt, "action": "message", "text": WORDS}, shows={"receipt 0"}
            )

    # --- what staff does ----------------------------------------------------------------------------------------

    def handle(self, tip: Tip, officer: User) -> None:
        """Accept, write, answer; the photos and words are the officer's to see, the person is not."""
        desk, sees = enter(Client(), officer), set(CONTENT)
        photo = tip.photos.all()[0].public_id
        paths = ["", f"{tip.number}/", f"photo/{photo}/shown/", f"photo/{photo}/thumb/", f"?q={tip.number}",
                 f"?q={WORDS}", "results/", "view/unit/", f"{tip.number}/reply/"]  # fmt: skip
        move_to(tip=tip, status=TipStatus.DISPOSED, officer=officer, at=noon(tip.received_date))
        desk.post(f"{HOME}{tip.number}/message/", {"text": ANSWER})
        for path in paths:
            self.traces.add(f"officer {path}", desk.get(HOME + path), may_show=sees)
        self.traces.add("officer home", desk.get("/admin/"), may_show=sees)
        self.traces.add("officer search", _search(desk, WORDS), may_show=sees)
        drafted = desk.post(f"{HOME}{tip.number}/reply/draft/", {"findings": ANSWER})
        self.traces.add("officer draft", drafted)
        answer = dict.fromkeys(("conclusion", "findings", "decision", "reward"), ANSWER)
        step(tip=tip, action=Action.REPLY, actor=officer, at=noon(tip.received_date), texts=answer)

    def pry(self, tip: Tip, people: dict[str, User]) -> None:
        """Everybody else at every address of the desk, by number, key, photo, search and export."""
        photo = tip.photos.all()[0].public_id
        own = [f"{tip.number}/", f"{tip.pk}/", f"photo/{photo}/shown/", f"photo/{photo}/original/"]
        paths = [f"{HOME}{path}" for path in [*own, *DESK, f"{tip.number}/reply/"]]
        for role, person in people.items():
            client = enter(Client(raise_request_exception=False), person)
            for path in [*paths, *OFFICE, f"/admin/search/?q={tip.number}"]:
                shows = set(CONTENT) if role == "auditor" else {"words"} if f"q={WORDS}" in path else set()
                shows |= {"name"} if f"q={NAME}" in path else set()
                self.traces.add(f"{role} {path}", client.get(path), may_show=shows)
            shows = set(CONTENT) if role == "auditor" else {"words"}
            self.traces.add(f"{role} search", _search(client, WORDS), may_show=shows)
            self.traces.add(f"{role} search by name", _search(client, NAME), may_show={"name"})


def _search(client: Client, typed: str) -> HttpResponse:
    """Search as the field does without scripts: post the words, then follow."""
    return client.post(f"{HOME}find/", {"q": typed}, follow=True)


def _breaking(told: str) -> Callable[..., None]:
    def call(*_args: object, **_values: object) -> None:
        raise RuntimeError(told) from ValueError(told)

    return call


@pytest.fixture
def day(
    city: City, settings: Settings, monkeypatch: pytest.MonkeyPatch, evidence_root: Path,
    capfd: pytest.CaptureFixture[str],
) -> Day:  # fmt: skip
    """Live through the day and gather all it leaves behind."""
    day, out = Day(city, monkeypatch), io.StringIO()
    officer = staff(Role.OFFICER, office=city.yanta, username="zhaomin")
    others = {
        "foreign": staff(Role.OFFICER, office=city.lianhu), "auditor": staff(Role.AUDITOR, office=city.city),
        "editor": staff(Role.EDITOR, office=city.city), "leader elsewhere": staff(Role.LEADER, office=city.zone),
        "administrator": staff(Role.SYSTEM_ADMINISTRATOR, office=city.city),
    }  # fmt: skip
    User.objects.filter(pk=others["administrator"].pk).update(is_superuser=True)
    capfd.readouterr()
    with leaks.everything_logged() as log, leaks.task_arguments() as tasks:
        tip = day.submit()
        day.look()
        day.handle(tip, officer)
        day.look()
        day.pry(tip, others)
        day.go_wrong(settings)
        day.break_down()
        call_command("sweep_orphans", stdout=out, stderr=out)
    printed = capfd.readouterr()
    day.traces.places |= {
        "log": log.getvalue().encode(), "tasks": repr(tasks).encode(), "commands": out.getvalue().encode(),
        "stdout": printed.out.encode(), "stderr": printed.err.encode(), "e-mail": leaks.letters(),
        "sessions": leaks.sessions(), "cache": leaks.cached(), "rows": database_bytes.dumped(),
        "database files": database_bytes.files(), "evidence": database_bytes.folder(evidence_root),
    }  # fmt: skip
    return day


@pytest.mark.django_db(transaction=True)
def test_the_planted_reporter_is_found_nowhere(day: Day) -> None:
    receipts = {f"receipt {number}": receipt for number, receipt in enumerate(day.receipts)}

    secrets = {**PERSON, **CONTENT, **receipts}
    found = leaks.leaks(day.traces, secrets)

    assert found == {}, leaks.excerpts(day.traces, secrets)
    assert len(day.traces.answers) > 120
    assert {answer.status for answer in day.traces.answers} >= {
        200,
        201,
        302,
        400,
        403,
        404,
        413,
        415,
        422,
        429,
        500,
    }
    assert (
        min(len(day.traces.places[place]) for place in ("log", "rows", "evidence", "sessions", "cache")) > 200
    )


# --- the guard itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "planted",
    [
        NAME.encode(), NAME.encode("gb18030"), json.dumps(NAME).encode(), NAME.encode("utf-16-le"),
        b"%E9%A9%AC%E5%8F%AF%E6%B3%A2%E7%BD%97%E7%94%B2%E4%B9%99%E4%B8%99", b"6ams5Y+v5rOi572X55Sy5LmZ5LiZ",
    ],
)  # fmt: skip
def test_guard_finds_a_name_in_every_spelling(planted: bytes) -> None:
    assert leaks.found_in(b"\x00before" + planted + b"after\xff", PERSON) == {"name"}


@pytest.mark.parametrize(
    "typed", ["7K4M-Q2XN-9TCH-3W8R-0ZVA", "7k4mq2xn9tch3w8r0zva", "7K4M Q2XN 9TCH 3W8R 0ZVA"]
)
def test_guard_finds_a_receipt_in_every_spelling(typed: str) -> None:
    assert leaks.found_in(typed.encode(), {"receipt": "7K4M-Q2XN-9TCH-3W8R-0ZVA"}) == {"receipt"}


def test_guard_looks_at_headers_cookies_and_places() -> None:
    traces = Traces(places={"rows": PHONE.encode(), "log": b"clean"})
    response = HttpResponse("clean", headers={"X-Test": AGENT})
    response.set_cookie("c", PHONE)

    traces.add("door", response)

    assert leaks.leaks(traces, PERSON) == {"door (200)": {"agent", "phone"}, "rows": {"phone"}}


def test_guard_shows_what_stands_around_a_secret() -> None:
    traces = Traces(places={"rows": b"who wrote " + PHONE.encode() + b" here", "log": b"clean"})

    assert leaks.excerpts(traces, PERSON) == (
        f"rows, 26 bytes: who wrote {PHONE} here… at 10: …who wrote {PHONE} here…"
    )


def test_guard_lets_an_asker_see_what_is_theirs() -> None:
    traces = Traces()

    traces.add("door", HttpResponse(WORDS + PHONE), may_show={"words"})

    assert leaks.leaks(traces, {**PERSON, **CONTENT}) == {"door (200)": {"phone"}}

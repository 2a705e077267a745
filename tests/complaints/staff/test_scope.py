"""Scope by every door: each address of the desk, and each of Wagtail's own, for each person."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import URLPattern
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import ReferenceIndex
from wagtail.permissions import policy_registry

from complaints.enums import Action, TipStatus
from complaints.models import AuditRow, Message, Tip
from complaints.selectors.inbox import Tab
from complaints.staff.acts.table import ACTS
from complaints.staff.permissions import TipPermissionPolicy
from complaints.staff.viewset import tip_viewset
from tests.complaints.staff.conftest import People, at_desk, searched
from tests.factories import TipFactory
from tests.fixtures import City

pytestmark = pytest.mark.django_db
ROOT = "/admin/tips/"
READERS = ["officer", "colleague", "leader", "city_officer", "town_officer", "auditor"]
STRANGERS = ["foreign", "administrator", "editor"]
NOT_READING = ["administrator", "editor"]
BODY = {"note": "x", "reason": "other", "text": "x", "confirmed": "1"}


def addresses(tip: Tip) -> Iterator[tuple[str, str]]:
    """Yield name and address of every route of the desk, filled in for this tip."""
    photo = tip.photos.first()
    fill = {
        "number": [tip.number],
        "tab": [tab.value for tab in Tab],
        "action": [*ACTS],
        "public_id": [str(photo.public_id if photo else uuid4())],
        "part": ["shown", "thumb"],
        "other": [tip.number],
        "hint_id": ["1"],
    }
    for pattern in tip_viewset.get_urlpatterns():
        yield from ((str(pattern.name), ROOT + path) for path in _filled(pattern, fill))


def _filled(pattern: URLPattern, fill: dict[str, list[str]]) -> list[str]:
    paths = [str(pattern.pattern)]
    for name, converter in pattern.pattern.converters.items():
        kind = {"SlugConverter": "slug", "UUIDConverter": "uuid", "IntConverter": "int"}[
            type(converter).__name__
        ]
        paths = [path.replace(f"<{kind}:{name}>", value) for path in paths for value in fill[name]]
    return paths


def of_one_tip(tip: Tip) -> list[str]:
    lists = {"index", "index_results", "view", "view_results", "map", "view_map", "new", "find"}
    return [path for name, path in addresses(tip) if name not in lists]


def lists(tip: Tip) -> list[str]:
    of_one = of_one_tip(tip)
    return [path for name, path in addresses(tip) if path not in of_one and name not in ("new", "find")]


def person(people: People, name: str) -> User:
    return getattr(people, name)


def state(tip: Tip) -> tuple[object, ...]:
    tip = Tip.objects.get(pk=tip.pk)
    return tip.status, tip.handler_id, tip.steps.count(), tip.messages.count(), tip.unread_count


def test_crawl_knows_every_route(tip: Tip) -> None:
    names = {name for name, _path in addresses(tip)}

    assert names == {
        "index", "index_results", "view", "view_results", "photo", "inspect", "step", "message", "take", "reply",
        "reply_draft", "reply_copy", "note", "compare", "dismiss", "file", "letter", "bundle", "map", "view_map", "new",
        "find", "unseal", "draft_case",
    }  # fmt: skip
    assert not any("<" in path for _name, path in addresses(tip))


def acts() -> int:
    """Return how many acts are in the log, the refusals of this crawl left out: those are to be there."""
    return AuditRow.objects.exclude(action="desk.refused").count()


@pytest.mark.parametrize("who", STRANGERS)
def test_tip_of_another_unit_is_not_there(people: People, tip: Tip, who: str) -> None:
    client, before, rows = at_desk(person(people, who)), state(tip), acts()
    ways = {"GET": client.get, "HEAD": client.head, "POST": client.post}

    answers = {
        (way, path): ask(path, BODY).status_code for way, ask in ways.items() for path in of_one_tip(tip)
    }

    assert {path: code for path, code in answers.items() if code not in (404, 405)} == {}
    assert state(tip) == before
    assert acts() == rows


def without(page: HttpResponse, *, number: str) -> str:
    """Return a page without what differs by nature: the number asked for, and a token masked anew for each answer."""
    return re.sub(r'(CSRF_TOKEN": |csrfmiddlewaretoken" value=)"\w+"', "", page.content.decode()).replace(
        number, ""
    )


@pytest.mark.parametrize("who", STRANGERS)
def test_tip_of_another_unit_looks_like_no_tip(people: People, tip: Tip, who: str) -> None:
    client = at_desk(person(people, who))

    foreign = client.get(f"{ROOT}{tip.number}/")
    unknown = client.get(f"{ROOT}AS-2026-000000/")

    assert without(foreign, number=tip.number) == without(unknown, number="AS-2026-000000")


def test_lists_and_counters_of_another_unit_know_nothing(people: People, tip: Tip) -> None:
    client = at_desk(people.foreign)

    sought = [searched(people.foreign, tip.number), searched(people.foreign, tip.number[-6:], "results/")]
    for path in [*lists(tip), *sought]:
        page = client.get(path)

        assert page.status_code == 200
        assert tip.number not in page.content.decode().replace(f'value="{tip.number}"', "")
        assert {tab["count"].number for tab in page.context.get("tabs") or []} <= {0}


@pytest.mark.parametrize("who", NOT_READING)
def test_inbox_does_not_exist_for_people_without_tips(people: People, tip: Tip, who: str) -> None:
    client = at_desk(person(people, who))

    assert {client.get(path).status_code for path in lists(tip)} == {404}
    assert ROOT not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("who", READERS)
def test_readers_read(people: People, tip: Tip, who: str) -> None:
    client = at_desk(person(people, who))

    page = client.get(f"{ROOT}{tip.number}/")

    assert page.status_code == 200
    assert "液氨储罐旁动火" in page.content.decode()
    assert {client.get(path).status_code for path in lists(tip)} == {200}


@pytest.mark.parametrize("who", ["auditor", "town_officer"])
def test_who_only_reads_changes_nothing(people: People, tip: Tip, who: str) -> None:
    client, before = at_desk(person(people, who)), state(tip)
    paths = [path for path in of_one_tip(tip) if "whistle" not in path]

    answers = {path: client.post(path, BODY).status_code for path in paths}

    assert {code for path, code in answers.items() if "step" in path or "reply" in path} <= {
        403,
        404,
        409,
        422,
    }
    assert answers[f"{ROOT}{tip.number}/message/"] == 403
    assert answers[f"{ROOT}{tip.number}/take/"] == 403
    assert state(tip) == before


def test_town_on_the_spot_whistles_and_leaves_notes_and_that_is_all(people: People, tip: Tip) -> None:
    page = at_desk(people.town_officer).get(f"{ROOT}{tip.number}/")

    assert [step.action for step in page.context["page"].steps] == [Action.WHISTLE]
    assert (page.context["page"].may_note, page.context["page"].may_write) == (True, False)


def test_who_only_reads_is_offered_nothing(people: People, tip: Tip) -> None:
    page = at_desk(people.auditor).get(f"{ROOT}{tip.number}/").content.decode()

    assert "/step/" not in page
    assert "/message/" not in page
    assert "/take/" not in page
    assert "/note/" not in page


@pytest.mark.parametrize("who", ["officer", "city_officer", "leader"])
def test_auditors_look_leaves_words_unread_and_handlers_look_reads_them(
    people: People, tip: Tip, who: str
) -> None:
    message = Message(tip=tip, direction="from_reporter", sent_date=tip.received_date)
    message.body = "补充一句"
    message.save()
    Tip.objects.filter(pk=tip.pk).update(unread_count=1)

    at_desk(people.auditor).get(f"{ROOT}{tip.number}/")
    after_audit = Tip.objects.get(pk=tip.pk).unread_count
    at_desk(person(people, who)).get(f"{ROOT}{tip.number}/")

    assert after_audit == 1
    assert Tip.objects.get(pk=tip.pk).unread_count == 0


def test_neighbours_stay_within_scope(people: People, tip: Tip, city: City) -> None:
    mine = TipFactory(district="610104", town=city.other_town_code)

    page = at_desk(people.foreign).get(f"{ROOT}{mine.number}/").content.decode()

    assert tip.number not in page


def test_one_who_leaves_the_unit_loses_the_tips_at_once(people: People, tip: Tip) -> None:
    client = at_desk(people.officer)
    before = client.get(f"{ROOT}{tip.number}/").status_code
    people.officer.memberships.all().delete()

    after = client.get(f"{ROOT}{tip.number}/").status_code

    assert (before, after) == (200, 404)


# --- the doors Wagtail would open of itself ----------------------------------------------------------------

WAGTAILS_DOORS = [
    "tips/edit/{pk}/",
    "tips/delete/{pk}/",
    "tips/copy/{pk}/",
    "tips/history/{pk}/",
    "tips/history-results/{pk}/",
    "tips/usage/{pk}/",
    "tips/inspect/{pk}/",
    "tips/{pk}/",
    "bulk/complaints/tip/delete/?id={pk}",
    "bulk/complaints/tip/delete/?id=all",
    "bulk/complaints/evidence/delete/?id={pk}",
    "bulk/complaints/message/delete/?id={pk}",
    "snippets/complaints/tip/",
    "snippets/complaints/tip/edit/{pk}/",
    "snippets/complaints/message/",
    "snippets/choose/complaints/tip/",
    "reports/site-history/?q={number}",
    "reports/aging-pages/",
    "api/main/tips/",
    "api/main/pages/?search={number}",
    "pages/search/?q={number}",
    "images/?q={number}",
    "tag-autocomplete/complaints/tip/?term=a",
    "users/?q={number}",
]


@pytest.mark.parametrize("who", ["officer", "foreign", "auditor", "administrator", "editor"])
def test_no_door_of_wagtail_shows_or_changes_a_tip(people: People, tip: Tip, who: str) -> None:
    client, before = at_desk(person(people, who)), state(tip)

    for door in WAGTAILS_DOORS:
        path = "/admin/" + door.format(pk=tip.pk, number=tip.number)
        for answer in (client.get(path), client.post(path, {"confirm": "1"})):
            shown = answer.content.decode()
            assert answer.status_code in (200, 302, 403, 404, 405), path
            assert "液氨储罐" not in shown, path
            assert "某化工有限公司" not in shown, path

    assert state(tip) == before


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("wanted", ["{pk}", "all"])
def test_assigning_several_names_no_foreign_tip(people: People, tip: Tip, who: str, wanted: str) -> None:
    client, before = at_desk(person(people, who)), state(tip)
    path = f"/admin/bulk/complaints/tip/assign/?id={wanted.format(pk=tip.pk)}"

    for answer in (client.get(path), client.post(path, {"handler": str(people.foreign.pk)})):
        assert tip.number not in answer.content.decode()
        assert "液氨储罐" not in answer.content.decode()

    assert state(tip) == before


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_of_the_inbox_does_not_exist(people: People, tip: Tip, kind: str) -> None:
    client = at_desk(people.officer)

    assert {client.get(f"{ROOT}{part}?export={kind}").status_code for part in ("", "results/")} == {404}


def test_wagtail_keeps_no_trace_of_a_tip(people: People, tip: Tip) -> None:
    at_desk(people.officer).post(f"{ROOT}{tip.number}/step/accept/", {"note": ""})

    assert isinstance(policy_registry.get_by_type(Tip), TipPermissionPolicy)
    assert not ReferenceIndex.model_is_indexable(Tip)
    assert bulk_action_registry.get_bulk_action_class("complaints", "tip", "delete") is None
    assert Tip.objects.get(pk=tip.pk).status == TipStatus.ACCEPTED


REPORTS = ["site-history/", "site-history/results/", "site-history/?export=csv"]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
    ("who", "open_to"),
    [
        ("officer", False),
        ("leader", False),
        ("auditor", False),
        ("town_officer", False),
        ("editor", True),
        ("administrator", True),
    ],
)
def test_history_of_the_site_is_for_people_who_work_on_it(
    people: People, report: str, who: str, open_to: bool
) -> None:
    answer = at_desk(person(people, who)).get(f"/admin/reports/{report}")

    assert answer.status_code == (200 if open_to else 404)


OF_OTHERS = [
    "pages/", "images/", "documents/", "users/", "groups/", "sites/", "collections/", "roles/", "periods/",
    "reports/locked/", "reports/aging-pages/", "reports/page-types-usage/", "reports/workflow/",
    "reports/workflow_tasks/", "workflows/list/", "settings/home/bureausettings/", "redirects/", "snippets/",
    "snippets/complaints/office/", "snippets/complaints/division/", "snippets/complaints/specialday/",
]  # fmt: skip


@pytest.mark.parametrize("path", OF_OTHERS)
def test_officers_see_only_what_is_theirs(people: People, path: str) -> None:
    assert at_desk(people.officer).get(f"/admin/{path}").status_code in {302, 403, 404}

"""Lists of the administrator, crawled as a superuser: which routes exist, and that no change escapes the audit log."""

from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth.models import Group
from django.db.models import Model
from django.forms.models import model_to_dict
from django.test import Client
from django.utils import timezone

from complaints.enums import Role
from complaints.models import (
    AuditRow,
    CompetentBody,
    DeadlinePolicy,
    Division,
    Membership,
    Office,
    ReplyTemplate,
    RoutingRule,
    SpecialDay,
)
from complaints.staff import reference, routing
from tests.complaints.staff.conftest import People, at_desk
from tests.fixtures import City

pytestmark = pytest.mark.django_db
LOOKED_AT = {"index", "index_results", "list", "list_results"}
ROUTES: dict[type[Model], set[str]] = {
    Office: {"add", "edit"},
    SpecialDay: {"add", "edit", "delete"},
    ReplyTemplate: {"add", "edit", "delete"},
    Division: {"inspect"},
    Membership: {"add", "delete"},
    DeadlinePolicy: {"add", "edit", "delete"},
    RoutingRule: {"add", "edit", "delete", "try"},
    CompetentBody: {"add", "edit", "delete"},
}
WITHOUT_KEY = {"add", "try"}
SNIPPETS = "/admin/snippets/complaints"
BASES: dict[type[Model], str] = {
    Office: f"{SNIPPETS}/office",
    SpecialDay: f"{SNIPPETS}/specialday",
    ReplyTemplate: f"{SNIPPETS}/replytemplate",
    Division: f"{SNIPPETS}/division",
    Membership: "/admin/roles",
    DeadlinePolicy: "/admin/periods",
    RoutingRule: f"{SNIPPETS}/routingrule",
    CompetentBody: f"{SNIPPETS}/competentbody",
}
WAGTAILS_OWN = (
    "new", "add", "edit", "delete", "copy", "usage", "history", "history-results", "inspect", "reorder", "preview",
    "unpublish", "lock", "unlock", "workflow_history",
)  # fmt: skip
TICKED = ("delete", "assign_role", "set_active_state")


@pytest.fixture
def above_all(people: People) -> Client:
    """Return the session of a superuser: Wagtail itself refuses this person nothing."""
    return at_desk(people.administrator)


@pytest.fixture
def rows(people: People, city: City) -> dict[type[Model], Model]:
    """Return one row of each list, none of them the superuser's own."""
    later = timezone.localdate() + timedelta(days=30)
    return {
        Office: city.zone,
        SpecialDay: SpecialDay.objects.create(day=later, is_working=False),
        ReplyTemplate: ReplyTemplate.objects.create(title="属实"),
        Division: Division.objects.get(code="610113"),
        Membership: people.officer.memberships.get(),
        DeadlinePolicy: DeadlinePolicy.objects.create(effective_from=later),
        RoutingRule: RoutingRule.objects.create(name="烟花", industries=["fireworks"], office=city.city),
        CompetentBody: CompetentBody.objects.create(industry="power", name="能源监管机构", phone="12398"),
    }


def body(row: Model, people: People) -> dict[str, object]:
    """Return a form that each list would take; where a person is named it is the superuser."""
    later = timezone.localdate() + timedelta(days=40)
    terms = model_to_dict(row) if isinstance(row, DeadlinePolicy) else {}
    return {
        **terms,
        "user": people.administrator.pk, "role": Role.OFFICER.value, "office": getattr(row, "office_id", ""),
        "name": "新名", "code": "610199", "level": getattr(row, "level", "zone"),
        "parent": getattr(row, "parent_id", "") or "", "phone": "", "is_active": "on",
        "day": later.isoformat(), "is_working": "on", "note": "x", "title": "新的", "conclusion": "新的",
        "effective_from": later.isoformat(), "decide_working_days": 5, "close_days": 45, "reply_days": 8,
        "unseal_hours": 12, "source": "地方规定", "position": 5, "industries": ["coal_mine"], "industry": "railway",
    }  # fmt: skip


def everything() -> dict[str, list[dict[str, object]]]:
    """Return all rows of all lists as they are stored."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in ROUTES}


def logged() -> int:
    return AuditRow.objects.count()


def test_crawl_knows_every_list_and_every_route() -> None:
    viewsets = [one() for one in (*reference.snippets, *routing.snippets)] + list(reference.viewsets)

    found = {one.model: {str(pattern.name) for pattern in one.get_urlpatterns()} for one in viewsets}

    assert {model: names - LOOKED_AT for model, names in found.items()} == ROUTES


@pytest.mark.parametrize("model", list(ROUTES), ids=lambda model: model.__name__)
def test_every_change_by_a_superuser_is_logged_or_not_there(
    above_all: Client, people: People, rows: dict[type[Model], Model], model: type[Model]
) -> None:
    for act, with_key in product(WAGTAILS_OWN, (True, False)):
        row = rows[model]
        path = f"{BASES[model]}/{act}/" + (f"{row.pk}/" if with_key else "")
        before, seen = everything(), logged()

        answer = above_all.post(path, body(row, people))

        name = "add" if act == "new" else act
        if name not in ROUTES[model] or with_key == (name == "add"):
            assert answer.status_code == 404, path
        assert (everything() == before) or logged() > seen, path
        assert not Membership.objects.filter(user=people.administrator, role=Role.OFFICER).exists()


@pytest.mark.parametrize("action", TICKED)
@pytest.mark.parametrize("model", list(ROUTES), ids=lambda model: model.__name__)
def test_nothing_is_changed_by_ticking_boxes(
    above_all: Client, rows: dict[type[Model], Model], model: type[Model], action: str
) -> None:
    before = everything()

    above_all.post(f"/admin/bulk/complaints/{model._meta.model_name}/{action}/?id={rows[model].pk}")
    above_all.post(f"/admin/bulk/complaints/{model._meta.model_name}/{action}/?id=all")

    assert everything() == before


def test_superuser_takes_no_group_through_the_accounts(above_all: Client, people: People) -> None:
    officers = Group.objects.get(name="role:officer")
    own = people.administrator

    above_all.post(f"/admin/bulk/auth/user/assign_role/?id={own.pk}", {"role": officers.pk})
    above_all.post(
        f"/admin/users/edit/{own.pk}/",
        {"username": own.username, "first_name": "x", "email": "", "groups": [officers.pk]},
    )

    assert not own.groups.filter(pk=officers.pk).exists()
    assert at_desk(own).get("/admin/tips/").status_code == 404


@pytest.mark.parametrize("model", list(ROUTES), ids=lambda model: model.__name__)
def test_pages_that_are_left_link_to_nothing_that_was_cut(
    above_all: Client, rows: dict[type[Model], Model], model: type[Model]
) -> None:
    keyed = [f"{act}/{rows[model].pk}/" for act in ROUTES[model] - WITHOUT_KEY]
    added = ["new/" if BASES[model].count("/") == 2 else "add/"] if "add" in ROUTES[model] else []

    for path in ["", *keyed, *added]:
        page = above_all.get(f"{BASES[model]}/{path}")
        text = page.content.decode()

        assert page.status_code == 200, path
        for cut in set(WAGTAILS_OWN) - ROUTES[model] - {"new", "add"}:
            assert f"{BASES[model]}/{cut}/" not in text, (path, cut)
        assert "data-bulk-action-checkbox" not in text


def test_the_log_names_the_fields_and_never_their_values(
    above_all: Client, people: People, rows: dict[type[Model], Model]
) -> None:
    row = rows[DeadlinePolicy]

    above_all.post(f"/admin/periods/edit/{row.pk}/", body(row, people))
    above_all.post(f"/admin/periods/delete/{row.pk}/")

    changed, deleted = AuditRow.objects.filter(subject=f"deadlinepolicy:{row.pk}").order_by("sequence")
    assert (changed.action, deleted.action) == ("deadlinepolicy.changed", "deadlinepolicy.deleted")
    assert {changed.actor, deleted.actor} == {people.administrator}
    assert "close_days" in changed.data["fields"]
    assert "地方规定" not in str(changed.data)
    assert not DeadlinePolicy.objects.filter(pk=row.pk).exists()

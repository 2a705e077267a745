"""Guard: every address of the desk that reads or changes a tip, role or setting leaves its row, refused or not."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from wagtail.models import Site

from complaints.enums import Role
from complaints.models import AuditRow, Membership, Tip
from complaints.selectors.search_address import sealed_search
from complaints.staff.audit_words import act_title, known_acts
from complaints.staff.trail import LOOKS
from tests.factories import TipFactory
from tests.fixtures import YANTA, City
from tests.guards.sources import ROOT
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db

# Pages about one tip, with its number in their own rows.
OWN = {
    *("tips:inspect", "tips:step", "tips:reply", "tips:compare", "tips:file", "tips:letter", "tips:bundle"),
    *("tips:photo", "tips:reply_copy", "review_read"),
}
# They only take what is sent, and their services log it.
ONLY_CHANGES = {
    *("tips:draft_case", "tips:message", "tips:take", "tips:note", "tips:dismiss"),
    "tips:unseal",
}
# What shows and changes nothing of a tip, an identity, a reward, a role or a setting, and why.
NOTHING = {
    "tips:find": "seals the words searched for; what they find is looked at elsewhere",
    "tips:reply_draft": "the own words of a person, before they are an act",
    "tips:new": "an empty form; entering a tip is logged by its service",
    "<admin/login/>": "leads to the entrance",
    "<admin/password_reset/>": "is not there",
    "<admin/^.*/$>": "what is left over: not there",
    "<admin/test404/>": "is not there",
    "<admin/failwhale/>": "is not there",
    "<admin/documents/multiple/create_from_uploaded_document/<int:uploaded_file_id>/>": "is not there",
    "open_finds": "words and files of an open page; who answers a find leaves a row by its service",
    "statistics_close": "says what closing a period makes public; closing is logged by its service",
    "custody_home": "leads to the requests or the keys, which log the look",
    "own_account": "how the own desk looks",
    "still_here": "tells how long the session lasts",
    "wagtailadmin_account": "how the own desk looks",
    "wagtailadmin_logout": "leads to the entrance",
    "wagtailadmin_login": "leads to the entrance",
    "wagtailadmin_password_reset": "is not there",
    "wagtailadmin_password_reset_done": "is not there",
    "wagtailadmin_password_reset_confirm": "is not there",
    "wagtailadmin_password_reset_complete": "is not there",
    "wagtailadmin_sprite": "icons",
    "wagtailadmin_javascript_catalog": "words",
    "wagtailadmin_error_test": "breaks on purpose",
    "wagtailadmin_dismissibles": "hints a person has read",
    "wagtailadmin_block_preview": "pages",
    "wagtailadmin_tag_autocomplete": "pages",
    "wagtailadmin_tag_model_autocomplete": "pages",
    "wagtailadmin_explore": "pages",
    "wagtailadmin_explore_root": "pages",
    "wagtailadmin_explore_results": "pages",
    "wagtail_bulk_action": "refused for lists and accounts; assigning tips is logged by its service",
}
# Pages, pictures and documents keep Wagtail's own history, and what reviewers answer has rows of its own; choosers show
# names for a form of the same section.
NOTHING_PREFIXES = (
    *("wagtailadmin_choose_page", "wagtailadmin_api", "wagtailadmin_pages", "wagtailadmin_collections"),
    *(
        "wagtailadmin_workflows",
        "wagtailadmin_reports",
        "wagtailadmin_editing_sessions",
        "wagtailsnippetchoosers_",
        "case_",
        "bulletin",
        "cover_picture",
        "visit_finds",
    ),
    *("wagtaildocs", "wagtailimages", "wagtailsnippets:index", "wagtailusers_groups"),
    # Legal outreach: what is kept there is published, or says how many of which post took part.
    *("wagtailsnippets_home_", "plan_numbers"),
)


def admin_views(
    resolver: URLResolver | None = None, namespaces: tuple[str, ...] = (), path: str = ""
) -> Iterator[str]:
    """Yield the full name of every view below /admin/."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from admin_views(pattern, inner, here)
        elif here.startswith("admin/"):
            yield ":".join([*namespaces, pattern.name or f"<{here}>"])


def is_known(name: str) -> bool:
    """Whether somebody has thought about what an address leaves in the log."""
    namespace = name.rpartition(":")[0]
    return (
        name in LOOKS
        or namespace in LOOKS
        or name in OWN | ONLY_CHANGES | set(NOTHING)
        or name.startswith(NOTHING_PREFIXES)
    )


def test_every_address_is_in_a_table() -> None:
    assert sorted({name for name in admin_views() if not is_known(name)}) == []


def test_the_walk_sees_the_desk() -> None:
    names = set(admin_views())

    assert {
        "tips:inspect",
        "roles:add",
        "wagtailusers_users:edit",
        "wagtailsettings:edit",
        "audit_log",
    } <= names
    assert not is_known("ledgers:index")


# --- what a walk leaves behind ------------------------------------------------------------------------------------


class Desk:
    """People for every section, one tip with a photo and a hint, and a row of each list."""

    def __init__(self, city: City) -> None:
        self.tip: Tip = TipFactory(district=YANTA, photos=1, description="甲方夜里还在动火")
        self.other: Tip = TipFactory(district=YANTA)
        self.person = staff(Role.OFFICER, office=city.lianhu, username="someone")
        self.handler = staff(Role.LEADER, office=city.yanta, username="leader")
        self.auditor = staff(Role.AUDITOR, office=city.city, username="auditor")
        self.machine = staff(Role.SYSTEM_ADMINISTRATOR, office=city.city, username="machine")
        self.custodian = staff(Role.CUSTODIAN, office=city.city, username="custodian")
        self.proposer = staff(Role.REWARD_PROPOSER, office=city.yanta, username="proposer")
        self.stranger = staff(Role.EDITOR, office=city.lianhu, username="stranger")
        self.machine.is_superuser = True
        self.machine.save()


def ask(who: User, address: str, method: str = "get", values: dict[str, Any] | None = None) -> HttpResponse:
    cache.clear()
    answer: HttpResponse = getattr(enter(Client(), who), method)(address, values or {})
    return answer


def left_by(user: User) -> set[str]:
    return set(AuditRow.objects.filter(actor=user).values_list("action", flat=True))


@pytest.fixture
def desk(city: City) -> Desk:
    return Desk(city)


LISTS = {
    "wagtailadmin_home": ("handler", "read.desk"),
    "tips:index": ("handler", "read.tips"),
    "tips:index_results": ("handler", "read.tips"),
    "tips:map": ("handler", "read.tips"),
    "audit_log": ("auditor", "read.log"),
    "audit_log_results": ("auditor", "read.log"),
    "handovers": ("handler", "read.handovers"),
    "wagtailusers_users:index": ("machine", "read.accounts"),
    "roles:index": ("machine", "read.roles"),
    "roles:index_results": ("machine", "read.roles"),
    "periods:index": ("machine", "read.periods"),
    "wagtailsnippets_complaints_office:list": ("machine", "read.units"),
    "wagtailsnippets_complaints_specialday:list": ("machine", "read.days"),
    "wagtailsnippets_complaints_replytemplate:list": ("machine", "read.templates"),
    "wagtailsnippets_complaints_division:list": ("machine", "read.divisions"),
    "wagtailsnippets_complaints_routingrule:list": ("machine", "read.routing"),
    "wagtailsnippets_complaints_competentbody:list": ("machine", "read.bodies"),
    "wagtailsites:index": ("machine", "read.sites"),
    "keeping:index": ("machine", "read.keeping"),
    "reward_rules:index": ("machine", "read.reward_rules"),
    "custody_keys:index": ("custodian", "read.keys"),
    "unseal:index": ("custodian", "read.openings"),
    "rewards:index": ("proposer", "read.rewards"),
    "rewards:all": ("proposer", "read.rewards"),
    "payments:index": ("auditor", "read.payments"),
    "payments:reconcile": ("auditor", "read.payments"),
    "wagtailadmin_reports:site_history": ("machine", "read.pages"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_look_at_a_list_leaves_one_row_a_day(desk: Desk, name: str) -> None:
    who, action = LISTS[name]
    user = getattr(desk, who)

    answers = [ask(user, reverse(name)).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert AuditRow.objects.filter(actor=user, action=action).count() == 1


def of_one_thing(desk: Desk) -> dict[str, tuple[User, str, str, str]]:
    """Return pages about one thing: who asks, the address, the act and the subject it leaves."""
    number, photo = desk.tip.number, str(desk.tip.photos.get().public_id)
    site = Site.objects.get()
    return {
        "page": (desk.handler, reverse("tips:inspect", args=[number]), "tip.view", number),
        "step": (desk.handler, reverse("tips:step", args=[number, "accept"]), "tip.view", number),
        "compare": (
            desk.handler,
            reverse("tips:compare", args=[number, desk.other.number]),
            "tip.view",
            number,
        ),
        "file": (desk.handler, reverse("tips:file", args=[number]), "tip.file", number),
        "photo": (desk.handler, reverse("tips:photo", args=[photo, "shown"]), "photo.view", photo),
        "account": (
            desk.machine,
            reverse("wagtailusers_users:edit", args=[desk.person.pk]),
            "read.accounts",
            f"user:{desk.person.pk}",
        ),
        "bureau": (
            desk.machine,
            reverse("wagtailsettings:edit", args=["home", "bureausettings", site.pk]),
            "read.bureau",
            f"wagtailsettings:{site.pk}",
        ),
        "site": (
            desk.machine,
            reverse("wagtailsites:edit", args=[site.pk]),
            "read.sites",
            f"wagtailsites:{site.pk}",
        ),
    }


@pytest.mark.parametrize("thing", ["page", "step", "compare", "file", "photo", "account", "bureau", "site"])
def test_a_look_at_one_thing_names_it(desk: Desk, thing: str) -> None:
    user, address, action, subject = of_one_thing(desk)[thing]

    answer = ask(user, address)

    assert answer.status_code == 200
    assert AuditRow.objects.filter(actor=user, action=action, subject=subject).count() == 1


@pytest.mark.parametrize(
    ("name", "query", "who", "action"),
    [
        ("tips:index", {"s": "液氨"}, "handler", "search.tips"),
        ("tips:index_results", {"s": "液氨"}, "handler", "search.tips"),
        ("wagtailusers_users:index", {"q": "李"}, "machine", "search.accounts"),
        ("audit_log", {"export": "csv"}, "auditor", "export.log"),
        ("audit_log", {"export": "xlsx"}, "auditor", "export.log"),
    ],
)
def test_searches_and_exports_leave_a_row_without_what_was_searched(
    desk: Desk, name: str, query: dict[str, str], who: str, action: str
) -> None:
    user = getattr(desk, who)
    sealed = {
        key: sealed_search(user=user, typed=text) if key == "s" else text for key, text in query.items()
    }

    ask(user, reverse(name), values=sealed)

    [row] = AuditRow.objects.filter(actor=user, action=action)
    assert (row.subject, row.data) == ("", {})


# --- refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_refused_page_leaves_a_row(desk: Desk, method: str) -> None:
    addresses = [address for _user, address, _act, _subject in of_one_thing(desk).values()]
    addresses += [reverse(name) for name in LISTS if name != "wagtailadmin_home"]

    silent = []
    for address in addresses:
        before = AuditRow.objects.filter(actor=desk.stranger, action__endswith=".refused").count()
        answer = ask(desk.stranger, address, method)
        after = AuditRow.objects.filter(actor=desk.stranger, action__endswith=".refused").count()
        if answer.status_code == 405 or name_is_open(answer):
            continue
        if after != before + 1:
            silent.append((address, answer.status_code))

    assert silent == []
    assert left_by(desk.stranger) >= {"desk.refused"}


def name_is_open(answer: HttpResponse) -> bool:
    """The history of pages is open to editors: they do not look at roles or settings there."""
    return answer.status_code == 200


def test_a_foreign_tip_is_named_with_the_page_and_nothing_else(desk: Desk) -> None:
    ask(desk.person, reverse("tips:inspect", args=[desk.tip.number]))

    row = AuditRow.objects.get(actor=desk.person, action="desk.refused")
    assert (row.subject, row.data) == (desk.tip.number, {"page": "tips:inspect", "method": "GET"})


@pytest.mark.parametrize("name", ["message", "take", "note"])
def test_a_change_of_a_foreign_tip_is_refused_with_a_row(desk: Desk, name: str) -> None:
    answer = ask(desk.person, reverse(f"tips:{name}", args=[desk.tip.number]), "post", {"text": "甲"})

    assert answer.status_code in (403, 404)
    assert left_by(desk.person) & {"desk.refused", "tip.refused"}


# --- changes of settings ----------------------------------------------------------------------------------------


def bureau_as_shown(desk: Desk) -> dict[str, Any]:
    """Return what the form of the bureau holds, as a browser would send it back."""
    page = ask(desk.machine, of_one_thing(desk)["bureau"][1])
    form = page.context["form"]  # type: ignore[attr-defined]  # the test client adds it
    return {bound.html_name: bound.value() or "" for bound in form}


def changes(desk: Desk, unit: int) -> dict[str, tuple[str, dict[str, Any], str]]:
    """Return one change of each kind: address, what is sent, the act it leaves."""
    site = Site.objects.get()
    held = Membership.objects.get(user=desk.person)
    account = {"username": "someone", "first_name": "某人", "email": "", "password1": "", "password2": ""}
    return {
        "bureau": (
            reverse("wagtailsettings:edit", args=["home", "bureausettings", site.pk]),
            bureau_as_shown(desk) | {"bureau_name": "市应急管理局"},
            "bureausettings.changed",
        ),
        "site": (
            reverse("wagtailsites:edit", args=[site.pk]),
            {"hostname": "localhost", "port": "80", "site_name": "安哨", "root_page": site.root_page_id,
             "is_default_site": "on"},
            "site.changed",
        ),
        "role": (reverse("roles:add"), {"user": desk.person.pk, "office": unit, "role": "editor"}, "role.given"),
        "role taken": (reverse("roles:delete", args=[held.pk]), {}, "role.taken"),
        "account": (
            reverse("wagtailusers_users:edit", args=[desk.person.pk]), account | {"is_active": "on"}, "user.change",
        ),
        "special day": (
            reverse("wagtailsnippets_complaints_specialday:add"), {"day": "2027-02-06", "note": "春节前"},
            "specialday.added",
        ),
        "template": (
            reverse("wagtailsnippets_complaints_replytemplate:add"), {"title": "属实", "conclusion": "属实。"},
            "replytemplate.added",
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["bureau", "site", "role", "role taken", "account", "special day", "template"]
)
def test_every_change_of_a_setting_leaves_a_row(desk: Desk, city: City, kind: str) -> None:
    address, values, action = changes(desk, city.lianhu.pk)[kind]

    answer = ask(desk.machine, address, "post", values)

    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert AuditRow.objects.filter(actor=desk.machine, action=action).count() == 1


# --- words --------------------------------------------------------------------------------------------------------


def recorded_acts() -> set[str]:
    """Return the acts that stand as plain text in the code of services and views."""
    found: set[str] = set()
    for path in [
        *(ROOT / "complaints" / "services").rglob("*.py"),
        *(ROOT / "complaints" / "staff").rglob("*.py"),
    ]:
        found |= set(re.findall(r'action="([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8")))
    return found


def test_every_act_has_words() -> None:
    looks = {f"read.{section}" for section in LOOKS.values()}

    assert len(recorded_acts()) > 20
    assert sorted(act for act in recorded_acts() | looks if act_title(act) == act) == []
    assert len(dict(known_acts())) == len(known_acts())

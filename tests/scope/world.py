"""One of everything an address can name, on the demonstration: of the own district and of a neighbour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db.models import Model
from wagtail.documents.models import Document
from wagtail.images import get_image_model
from wagtail.models import Collection, Site, Task, TaskState, UploadedFile, Workflow

from cases_public.models import CasePage, DutyFile, Submission
from complaints.enums import TipStatus
from complaints.models import (
    DeadlinePolicy,
    DuplicateHint,
    Membership,
    Reseal,
    RetentionRule,
    RewardAssessment,
    RewardPolicy,
    SpecialDay,
    Tip,
    UnsealRequest,
    Vault,
)
from complaints.rules.reward_case import Case
from complaints.services.demo.load import load_demo
from complaints.services.rewards import RewardDraft, propose_reward
from home.models import EnforcementPlanPage, HelpVisit, HomePage, QuizPage
from portal.devkeys import DEMO_VAULT_FINGERPRINT

from .doors import FOREIGN, Value

# Who looks, by the letter of the matrix. The own district is Weiyang, the neighbour Yanta.
PEOPLE = {
    "T": "wujun",  # officer of a town of the own district
    "D": "zhaomin",  # officer of the own district
    "L": "mengtao",  # leader of the own district
    "X": "liuxin",  # officer of the neighbour
    "Y": "hanxue",  # leader of the neighbour
    "C": "chenlan",  # officer of the city
    "B": "zhouwen",  # leader of the city
    "A": "xiaoyan",  # auditor
    "K": "sunjing",  # custodian
    "H": "hemei",  # puts rewards forward, in the city
    "R": "luping",  # approves rewards, in the city
    "P": "menglan",  # pays in the own district
    "Q": "qiaoyu",  # pays at the neighbour's
    "E": "dingning",  # editor
    "J": "fanghua",  # legal reviewer
    "S": "jinxin",  # secrecy reviewer
    "W": "liangbo",  # publisher
    "M": "maqiang",  # system administrator
    "U": "superuser",  # a superuser without any role
    "N": "",  # nobody: not signed in
}


@dataclass(frozen=True, kw_only=True)
class World:
    """The people by letter, and what each argument of an address stands for."""

    people: Mapping[str, User | None]
    values: Mapping[str, Value]


def build(*, folder: Path, today: date, now: datetime) -> World:
    """Load the demonstration with its pages and cases, and add what it has none of."""
    pinned = {"pinned": DEMO_VAULT_FINGERPRINT, "demo_fingerprint": DEMO_VAULT_FINGERPRINT}
    load_demo(today=today, now=now, folder=folder, **pinned)
    for name in ("demo_pages", "demo_cases"):
        call_command(name, verbosity=0)
    User.objects.create_user("superuser", is_superuser=True, is_staff=True, first_name="无角色")
    people = {letter: User.objects.filter(username=name).first() for letter, name in PEOPLE.items()}
    _add_what_is_missing(people, today=today, now=now)
    return World(people=people, values=_values())


def _add_what_is_missing(people: Mapping[str, User | None], *, today: date, now: datetime) -> None:
    """Rewards of both districts, a rotation that was asked for, files, a case in review."""
    proposer, custodian, editor = people["H"], people["K"], people["E"]
    assert proposer
    assert custodian
    assert editor
    for tip in (_rewarded("未央"), _rewarded("雁塔")):
        draft = RewardDraft(case=Case(kind=tip.kind))
        propose_reward(tip_id=tip.pk, actor=proposer, at=now, draft=draft, texts={})
    old = Vault.objects.get()
    new = Vault.objects.create(
        version=old.version + 1, suite=old.suite, public_key=old.public_key, since_date=today
    )
    Reseal.objects.create(source=old, target=new, asked_by=custodian, asked_at=now)
    SpecialDay.objects.create(day=today, is_working=True)
    HelpVisit.objects.update(entered_by=editor)
    for model in (Document, UploadedFile):
        model.objects.create(file=ContentFile(b"1", name="list.txt"), **_of_editor(model, editor))
    for tip in (_tip("未央", TipStatus.ACCEPTED), _tip("雁塔", TipStatus.VERIFYING)):
        earlier = Tip.objects.filter(handling_unit=tip.handling_unit_id).exclude(pk=tip.pk).earliest("pk")
        DuplicateHint.objects.create(tip=tip, earlier=earlier, found_date=today)
    case = CasePage.objects.latest("pk")
    case.get_workflow().start(case, editor)


def _of_editor(model: type[Model], editor: User) -> dict[str, object]:
    if model is Document:
        return {"title": "名单"}
    return {"for_content_type": ContentType.objects.get_for_model(Document), "uploaded_by_user": editor}


def _rewarded(district: str) -> Tip:
    found: Tip = Tip.objects.get(
        handling_unit__name__startswith=district, status__in=(TipStatus.DISPOSED, TipStatus.REPLIED)
    )
    return found


def _tip(district: str, status: TipStatus) -> Tip:
    found: Tip = Tip.objects.filter(handling_unit__name__startswith=district, status=status).latest("pk")
    return found


def _values() -> dict[str, Value]:
    """Return what the arguments stand for; `pk` depends on the address, some on the side."""
    case, home = CasePage.objects.latest("pk"), HomePage.objects.get()
    quiz = QuizPage.objects.earliest("pk")
    review = TaskState.objects.latest("pk")
    document, picture = Document.objects.get(), get_image_model().objects.latest("pk")
    upload = UploadedFile.objects.get()
    same = {
        "name": picture.get_rendition("width-200").file.name.rpartition("/")[2], "stem": "no-film", "rest": "nowhere",
        "parent_id": home.pk, "parent_page_id": case.get_parent().pk, "page_to_move_id": case.pk,
        "destination_id": home.pk, "page_pk": case.pk, "task_state_id": review.pk, "task_id": review.task_id,
        "workflow_state_id": review.workflow_state_id, "workflow_pk": Workflow.objects.latest("pk").pk,
        "action_name": "approve", "revision_id": case.latest_revision_id, "collection_id": Collection.objects.get().pk,
        "page_view_restriction_id": 1, "restriction_id": 1, "session_id": 1, "object_id": case.pk,
        "document_id": document.pk, "doc_id": document.pk, "uploaded_file_id": upload.pk, "image_id": picture.pk,
        "picture_id": picture.pk, "filter_spec": "original", "tab": "all", "part": "shown", "action": "accept",
        "job_id": Reseal.objects.get().public_id, "uidb64": "MQ",
        "token": "x-y", "content_type_app_name": "cases_public", "content_type_model_name": "casepage",
    }  # fmt: skip
    own, foreign = _tip("未央", TipStatus.ACCEPTED), _tip("雁塔", TipStatus.VERIFYING)
    sides: dict[str, Value] = {
        "hint_id": lambda _route, side: (foreign if side == FOREIGN else own).duplicate_hints.get().pk,
        "number": lambda route, side: _number(route, foreign if side == FOREIGN else own),
        "other": lambda _route, side: (foreign if side == FOREIGN else own).duplicate_hints.get().earlier.number,
        "public_id": lambda route, side: _public_id(route, foreign if side == FOREIGN else own),
        "page_id": lambda route, _side: quiz.pk if route.startswith("self-test/") else case.pk,
        "pk": _key, "kind": _kind, "code": lambda *_: "2026-Q3", "app_label": _app, "app_name": _app,
        "model_name": _model,
    }  # fmt: skip
    return {**{name: _always(thing) for name, thing in same.items()}, **sides}


def _always(thing: object) -> Value:
    return lambda _route, _side: thing


def _number(route: str, tip: Tip) -> str:
    if not route.startswith("admin/rewards/"):
        return tip.number
    rewarded = _rewarded(tip.handling_unit.name[:2])
    return rewarded.number if "tip/" in route else RewardAssessment.objects.get(tip=rewarded).number


def _public_id(route: str, tip: Tip) -> object:
    if "requests" in route:
        return UnsealRequest.objects.filter(tip__handling_unit=tip.handling_unit_id).latest("pk").public_id
    return tip.photos.latest("pk").public_id


# What a key in an address belongs to, by how the address begins.
KEYS: dict[str, type[Model]] = {
    "admin/settings/": apps.get_model("home", "BureauSettings"),
    "admin/collections/": Collection,
    "admin/workflows/tasks/": Task,
    "admin/workflows/": Workflow,
    "admin/cases_duty/file/": DutyFile,
    "admin/plan_numbers/": EnforcementPlanPage,
    "admin/roles/": Membership,
    "admin/periods/": DeadlinePolicy,
    "admin/keeping/": RetentionRule,
    "admin/reward_rules/": RewardPolicy,
    "admin/sites/": Site,
    "admin/users/": User,
    "admin/documents/": Document,
    "admin/images/": get_image_model(),
    "admin/api/main/pages/": CasePage,
    "admin/api/main/documents/": Document,
    "admin/api/main/images/": get_image_model(),
}


def _key(route: str, side: str) -> object:
    if route.startswith("admin/cases_duty/<"):
        district = "雁塔" if side == FOREIGN else "未央"
        return Submission.objects.filter(duty__office__name__startswith=district).latest("pk").pk
    if route.startswith("admin/snippets/"):
        return apps.get_model(*_snippet(route)).objects.latest("pk").pk
    return next(model for start, model in KEYS.items() if route.startswith(start)).objects.latest("pk").pk


def _snippet(route: str) -> tuple[str, str]:
    label, model = route.removeprefix("admin/snippets/").removeprefix("choose/").split("/")[:2]
    return label, model


def _kind(route: str, _side: str) -> str:
    return "xlsx" if "cases_duty" in route else "csv"


def _app(route: str, _side: str) -> str:
    if "settings" in route:
        return "home"
    return "cases_public" if "pages" in route or "ping" in route else "complaints"


def _model(route: str, side: str) -> str:
    return {"home": "bureausettings", "cases_public": "casepage"}.get(_app(route, side), "tip")

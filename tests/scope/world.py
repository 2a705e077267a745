"""One of everything an address can name, on the demonstration: of the own district or enterprise and of a neighbour."""

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
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images import get_image_model
from wagtail.models import Collection, Site, Task, TaskState, UploadedFile, Workflow

from cases_public.models import CasePage, DutyFile, Submission
from complaints.enums import HazardGrade, Industry, InsideAct, InsideState, TipStatus
from complaints.models import (
    AlarmThresholds,
    AttentionWeights,
    ChannelDuty,
    DeadlinePolicy,
    DuplicateHint,
    Enterprise,
    EnterpriseManager,
    EvaluationWeights,
    Evidence,
    FileSample,
    InsidePolicy,
    InspectionCeiling,
    InternalTip,
    Membership,
    Reseal,
    RetentionRule,
    ReviewSheet,
    RewardAssessment,
    RewardPolicy,
    SampledFile,
    SpecialDay,
    Tip,
    UnsealRequest,
    Vault,
)
from complaints.services.demo.acts import drawn_uploads
from complaints.services.demo.load import load_demo
from complaints.services.internal import ActForm, act_inside
from complaints.services.practice import offer_practice
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
    "G": "helong",  # safety manager of an enterprise of the own district
    "F": "wuxia",  # safety manager of an enterprise of the neighbour's
    "N": "",  # nobody: not signed in
}
# The enterprises of the two managers, by the district the register names.
DISTRICTS = {"未央": "610112", "雁塔": "610113"}
MANAGERS = {"未央": "helong", "雁塔": "wuxia"}


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
    """A rotation that was asked for, files, hints, a case in review; what enterprises offer and photograph."""
    custodian, editor = people["K"], people["E"]
    assert custodian
    assert editor
    old = Vault.objects.get()
    new = Vault.objects.create(
        version=old.version + 1, suite=old.suite, public_key=old.public_key, since_date=today
    )
    Reseal.objects.create(source=old, target=new, asked_by=custodian, asked_at=now)
    SpecialDay.objects.create(day=today, is_working=True)
    ChannelDuty.objects.create(industry=Industry.MACHINERY, due_date=today, source="x")
    InsidePolicy.objects.create(effective_from=today, source="x")
    for terms in (AttentionWeights, EvaluationWeights, AlarmThresholds):
        terms.objects.create(effective_from=today, source="x")
    ReviewSheet.objects.create(effective_from=today, source="x", items="all | 100 | x | x")
    HelpVisit.objects.update(entered_by=editor)
    for model in (Document, UploadedFile):
        model.objects.create(file=ContentFile(b"1", name="list.txt"), **_of_editor(model, editor))
    for tip in (_tip("未央", TipStatus.ACCEPTED), _tip("雁塔", TipStatus.VERIFYING)):
        earlier = Tip.objects.filter(handling_unit=tip.handling_unit_id).exclude(pk=tip.pk).earliest("pk")
        DuplicateHint.objects.create(tip=tip, earlier=earlier, found_date=today)
    _draw_a_file(_tip("未央", TipStatus.ACCEPTED), leader=people["L"], reviewer=people["C"], at=now)
    _draw_a_file(_tip("雁塔", TipStatus.VERIFYING), leader=people["Y"], reviewer=people["C"], at=now)
    for district in MANAGERS:
        _offer_and_photograph(_manager(district), at=now)
    case = CasePage.objects.latest("pk")
    case.get_workflow().start(case, editor)


def _draw_a_file(tip: Tip, *, leader: User | None, reviewer: User | None, at: datetime) -> None:
    """Have the file of a tip drawn by the leader of its unit and reviewed by somebody of the city."""
    sample = FileSample.objects.create(
        span_code="2026Q1", office=tip.handling_unit, units=[tip.handling_unit_id], seed="x", per_unit=1, stock=1,
        stock_digest="x", sheet=[{"code": "all", "points": 100, "title": "x", "basis": "x"}], drawn_by=leader,
        drawn_at=at,
    )  # fmt: skip
    SampledFile.objects.create(
        sample=sample, place=1, tip=tip, unit=tip.handling_unit, state="assigned", reviewer=reviewer, granted_by=leader,
        granted_at=at,
    )  # fmt: skip


def _offer_and_photograph(manager: EnterpriseManager, *, at: datetime) -> None:
    """Write down good practice, and find the newest tip true with a photo."""
    offer_practice(enterprise_id=manager.enterprise_id, text="每周一查", actor=manager.user, at=at)
    for act, uploads in ((InsideAct.ACKNOWLEDGE, []), (InsideAct.VERIFY, drawn_uploads(["press:7"]))):
        inside = _inside(manager.enterprise)
        if act == InsideAct.ACKNOWLEDGE and inside.state != InsideState.RECEIVED:
            continue
        act_inside(
            number=inside.tip.number, act=act, form=ActForm(grade=HazardGrade.GENERAL), uploads=uploads,
            actor=manager.user, at=at, vault_fingerprint=DEMO_VAULT_FINGERPRINT,
        )  # fmt: skip


def _manager(district: str) -> EnterpriseManager:
    found: EnterpriseManager = EnterpriseManager.objects.get(
        user__username=MANAGERS[district], enterprise__district=DISTRICTS[district]
    )
    return found


def _inside(enterprise: Enterprise) -> InternalTip:
    """Return the tip inside an enterprise that was told last."""
    found: InternalTip = enterprise.internal_tips.select_related("tip").latest("received_date", "pk")
    return found


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
        "year": timezone.localdate().year, "token": "x-y", "visit_id": HelpVisit.objects.latest("pk").pk,
        "content_type_app_name": "cases_public", "content_type_model_name": "casepage",
    }  # fmt: skip
    own, foreign = _tip("未央", TipStatus.ACCEPTED), _tip("雁塔", TipStatus.VERIFYING)
    sides: dict[str, Value] = {
        "hint_id": lambda _route, side: (foreign if side == FOREIGN else own).duplicate_hints.get().pk,
        "number": lambda route, side: _number(route, side, foreign if side == FOREIGN else own),
        "other": lambda _route, side: (foreign if side == FOREIGN else own).duplicate_hints.get().earlier.number,
        "public_id": lambda route, side: _public_id(route, side, foreign if side == FOREIGN else own),
        "page_id": lambda route, _side: quiz.pk if route.startswith(("self-test/", "admin/finds/")) else case.pk,
        "pk": _key, "kind": _kind, "code": _code, "app_label": _app, "app_name": _app, "model_name": _model,
        "office": lambda _route, side: (foreign if side == FOREIGN else own).handling_unit_id,
        "manager": lambda _route, side: _manager(_district(side)).pk,
        "offer": lambda _route, side: _enterprise(side).practices.get().pk,
    }  # fmt: skip
    return {**{name: _always(thing) for name, thing in same.items()}, **sides}


def _always(thing: object) -> Value:
    return lambda _route, _side: thing


def _district(side: str) -> str:
    return "雁塔" if side == FOREIGN else "未央"


def _enterprise(side: str) -> Enterprise:
    return _manager(_district(side)).enterprise


def _number(route: str, side: str, tip: Tip) -> str:
    if route.startswith("workplace/"):
        return _inside(_enterprise(side)).tip.number
    if not route.startswith(("admin/rewards/", "admin/payments/")):
        return tip.number
    rewarded = _rewarded(_district(side))
    return rewarded.number if "tip/" in route else RewardAssessment.objects.get(tip=rewarded).number


def _public_id(route: str, side: str, tip: Tip) -> object:
    if route.startswith("workplace/"):
        photos = Evidence.objects.filter(tip=_inside(_enterprise(side)).tip_id)
        return photos.latest("pk").public_id
    if "reviews" in route:
        row = SampledFile.objects.get(unit=tip.handling_unit_id)
        return row.sample.public_id if "sample" in route else row.public_id
    if "requests" in route:
        return UnsealRequest.objects.filter(tip__handling_unit=tip.handling_unit_id).latest("pk").public_id
    return tip.photos.latest("pk").public_id


def _code(route: str, side: str) -> str:
    return "2026-Q3" if "cases_duty" in route else _enterprise(side).codes.latest("pk").code


# What a key in an address belongs to, by how the address begins.
KEYS: dict[str, type[Model]] = {
    "admin/settings/": Site,  # settings are edited by the key of their site
    "admin/collections/": Collection,
    "admin/workflows/tasks/": Task,
    "admin/workflows/": Workflow,
    "admin/cases_duty/file/": DutyFile,
    "admin/plan_numbers/": EnforcementPlanPage,
    "admin/roles/": Membership,
    "admin/periods/": DeadlinePolicy,
    "admin/keeping/": RetentionRule,
    "admin/reward_rules/": RewardPolicy,
    "admin/ceilings/": InspectionCeiling,
    "admin/channel_duties/": ChannelDuty,
    "admin/inside_periods/": InsidePolicy,
    "admin/attention_weights/": AttentionWeights,
    "admin/evaluation_weights/": EvaluationWeights,
    "admin/review_sheets/": ReviewSheet,
    "admin/alarm_thresholds/": AlarmThresholds,
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
        submissions = Submission.objects.filter(duty__office__name__startswith=_district(side))
        return submissions.latest("pk").pk
    if route.startswith(("admin/enterprises/", "workplace/")):
        return _enterprise(side).pk
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

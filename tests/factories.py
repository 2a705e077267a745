"""Factories of the suite: divisions, units, people and tips, made through the real services."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from secrets import token_hex
from typing import Any

import factory
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from PIL import Image

from complaints.crypto.envelope import SUITE, fingerprint, public_key_of
from complaints.enums import (
    Action,
    DeclineReason,
    DivisionLevel,
    IdentityMode,
    Measure,
    OfficeLevel,
    Result,
    Role,
    TipStatus,
)
from complaints.models import Division, Membership, Office, Tip, Vault
from complaints.rules.intake import TipDraft
from complaints.services.assignment import (
    assign,
    dispatch,
    escalate,
    hand_back,
    join_unit,
    release_unit,
    transfer_out,
)
from complaints.services.evidence import Upload
from complaints.services.extensions import (
    ask_extension,
    grant_extension,
    pause_period,
    refuse_extension,
    resume_period,
)
from complaints.services.handling import record_step
from complaints.services.inspections import InspectionDraft, record_inspection
from complaints.services.intake import Acknowledgement, submit_tip
from complaints.services.measures import MeasureDraft, confirm_measure, propose_measure, return_measure
from complaints.services.merging import merge
from complaints.services.objections import object_to_answer, reopen, uphold
from complaints.services.reporter import rate, withdraw
from complaints.services.results import UNFOUNDED, confirm_result, propose_result, return_result
from complaints.services.supervision import answer_supervision, lift_supervision, supervise
from complaints.services.whistles import answer_whistle, arrive, return_whistle, whistle, withdraw_whistle

PASSWORD = "test-only-passphrase-7193"
TODAY = date(2026, 3, 10)  # a plain Tuesday: no holiday near
# The private key of the test vault; VAULT_FINGERPRINT belongs to it.
VAULT_SEED = bytes(range(32))
VAULT_FINGERPRINT = fingerprint(public_key_of(VAULT_SEED))
REPLY = {
    "conclusion": "举报属实",
    "findings": "现场核查发现冲床缺少防护装置",
    "decision": "责令限期整改并立案查处",
    "reward": "符合奖励条件",
}


def noon(day: date) -> datetime:
    """Return midday in the bureau's time zone."""
    return timezone.make_aware(datetime.combine(day, time(12)))


class DivisionFactory(factory.django.DjangoModelFactory):
    """A district unless told otherwise."""

    class Meta:
        model = Division
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"61{n:04d}")
    name = factory.LazyAttribute(lambda row: f"区划{row.code}")
    level = DivisionLevel.DISTRICT


class OfficeFactory(factory.django.DjangoModelFactory):
    """A district unit; `divisions` is a list of Division rows it answers for."""

    class Meta:
        model = Office
        skip_postgeneration_save = True

    class Params:
        city = factory.Trait(level=OfficeLevel.CITY, is_default=True)
        town = factory.Trait(level=OfficeLevel.TOWN)
        zone = factory.Trait(level=OfficeLevel.ZONE)

    name = factory.Sequence(lambda n: f"第{n}应急管理局")
    level = OfficeLevel.DISTRICT
    phone = "029-12350"

    @factory.post_generation
    def divisions(self, create: bool, extracted: Any, **_kwargs: Any) -> None:
        if create and extracted:
            self.divisions.set(extracted)


class UserFactory(factory.django.DjangoModelFactory):
    """A person of staff; `roles` is a list of (Role, Office)."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"staff{n}")
    first_name = factory.Sequence(lambda n: f"经办{n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **{"password": PASSWORD, **kwargs})

    @factory.post_generation
    def roles(self, create: bool, extracted: Any, **_kwargs: Any) -> None:
        for role, office in extracted or ():
            MembershipFactory(user=self, role=role, office=office)


class MembershipFactory(factory.django.DjangoModelFactory):
    """One role of one person in one unit: an officer unless told otherwise."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    role = Role.OFFICER


class VaultFactory(factory.django.DjangoModelFactory):
    """A vault whose private key is `seed`; the `vault` fixture pins the default one in settings."""

    class Meta:
        model = Vault
        django_get_or_create = ("version",)

    class Params:
        seed = VAULT_SEED

    version = 1
    suite = SUITE
    public_key = factory.LazyAttribute(lambda row: public_key_of(row.seed))
    fingerprint = factory.LazyAttribute(lambda row: fingerprint(row.public_key))
    since_date = TODAY


@lru_cache(maxsize=32)
def jpeg(
    *,
    width: int = 640,
    height: int = 480,
    shade: int = 90,
    maker: str = "",
    quality: int = 85,
    grain: int = 0,
) -> bytes:
    """Return a JPEG with a gradient and, as a real camera gives, `grain`; with EXIF when `maker` is given."""
    ramp = Image.linear_gradient("L").resize((width, height))
    noise = Image.effect_noise((width, height), grain) if grain else Image.new("L", (width, height), shade)
    image = Image.merge("RGB", (ramp, noise, ramp.rotate(180)))
    exif = Image.Exif()
    if maker:
        exif[0x010F], exif[0x9286] = maker, maker
        exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif if maker else b"", comment=maker.encode())
    return out.getvalue()


def upload(data: bytes | None = None) -> Upload:
    """Return an upload as the upload handler leaves it: whole, in memory."""
    content = jpeg() if data is None else data
    return Upload(data=content, size=len(content))


def draft(**values: Any) -> TipDraft:
    """Return a checked draft with a sentence, an address and a fresh key."""
    plain = {"description": "冲床没有防护罩", "address": "科技路 18 号", "idempotency_key": token_hex(16)}
    return TipDraft(**{**plain, **values})


def submit(*, photos: int | list[bytes] = 0, today: date = TODAY, **values: Any) -> Acknowledgement:
    """Submit a tip through the service and return what the sender is told."""
    files = [jpeg(shade=40 + number) for number in range(photos)] if isinstance(photos, int) else photos
    return submit_tip(
        draft=draft(**values),
        uploads=[upload(data) for data in files],
        today=today,
        vault_fingerprint=settings.VAULT_FINGERPRINT,
    )


class TipFactory(factory.Factory):
    """A tip sent in through `submit_tip` and moved on through the real services; needs the `city` fixture.

    `photos` is a number or a list of files, `officer` who moves it and `leader` who confirms the result (fresh people
    of its unit otherwise), `result` what the verification found, `today` the day of everything. The row carries
    `acknowledgement` with number and receipt. Further values are those of TipDraft.
    """

    class Meta:
        model = Tip

    class Params:
        screening = factory.Trait(status=TipStatus.SCREENING)
        accepted = factory.Trait(status=TipStatus.ACCEPTED)
        declined = factory.Trait(status=TipStatus.DECLINED)
        transferred_out = factory.Trait(status=TipStatus.TRANSFERRED_OUT)
        merged = factory.Trait(status=TipStatus.MERGED)
        verifying = factory.Trait(status=TipStatus.VERIFYING)
        verified = factory.Trait(status=TipStatus.VERIFIED)
        disposed = factory.Trait(status=TipStatus.DISPOSED)
        replied = factory.Trait(status=TipStatus.REPLIED)
        review = factory.Trait(status=TipStatus.REVIEW)
        closed = factory.Trait(status=TipStatus.CLOSED)
        archived = factory.Trait(status=TipStatus.ARCHIVED)
        unfounded = factory.Trait(result=Result.FALSE)
        real_name = factory.Trait(
            identity_mode=IdentityMode.REAL_NAME, identity={"name": "张三丰", "phone": "13800001234"}
        )

    status = TipStatus.REGISTERED
    result = Result.TRUE
    description = factory.Sequence(lambda n: f"{n} 号冲床没有防护罩")
    address = "科技路 18 号"
    idempotency_key = factory.LazyFunction(lambda: token_hex(16))
    today = TODAY
    officer = None
    leader = None

    @classmethod
    def _create(cls, model_class: type[Tip], *_args: Any, **values: Any) -> Tip:
        status, result = values.pop("status"), values.pop("result")
        officer, leader, today = values.pop("officer"), values.pop("leader"), values["today"]
        acknowledgement = submit(**values)
        tip = model_class.objects.select_related("handling_unit").get(number=acknowledgement.number)
        tip.acknowledgement = acknowledgement
        if status != TipStatus.REGISTERED:
            move_to(tip=tip, status=status, officer=officer, leader=leader, at=noon(today), result=result)
            tip = model_class.objects.select_related("handling_unit").get(pk=tip.pk)
        tip.acknowledgement = acknowledgement
        return tip


_VERIFIED = (Action.ACCEPT, Action.VERIFY, Action.CONCLUDE, Action.APPROVE_RESULT)
_DISPOSED = (*_VERIFIED, Action.PROPOSE_MEASURE, Action.DISPOSE)
_REPLIED = (*_DISPOSED, Action.REPLY)
WAYS = {
    TipStatus.SCREENING: (Action.SCREEN,),
    TipStatus.ACCEPTED: (Action.ACCEPT,),
    TipStatus.DECLINED: (Action.DECLINE,),
    TipStatus.TRANSFERRED_OUT: (Action.TRANSFER_OUT,),
    TipStatus.MERGED: (Action.MERGE,),
    TipStatus.VERIFYING: (Action.ACCEPT, Action.VERIFY),
    TipStatus.VERIFIED: _VERIFIED,
    TipStatus.DISPOSED: _DISPOSED,
    TipStatus.REPLIED: _REPLIED,
    TipStatus.REVIEW: (*_REPLIED, Action.OBJECT),
    TipStatus.CLOSED: (*_REPLIED, Action.CLOSE),
    TipStatus.ARCHIVED: (*_REPLIED, Action.CLOSE, Action.RECHECK, Action.ARCHIVE),
}
_OF_MEASURES = (Action.PROPOSE_MEASURE, Action.DISPOSE, Action.RECHECK)
# What a leader signs that an officer proposed.
SIGNED = (Action.APPROVE_RESULT, Action.APPROVE_UNFOUNDED, Action.DISPOSE)
# After an answer the reporter may object for ten days; nothing is archived before.
OBJECTION_OVER = timedelta(days=30)


def move_to(
    *,
    tip: Tip,
    status: TipStatus,
    officer: User | None = None,
    leader: User | None = None,
    at: datetime | None = None,
    result: Result = Result.TRUE,
) -> None:
    """Move a registered tip through the real workflow to `status`: an officer acts, a leader signs."""
    actor, boss = officer or MembershipFactory(office=tip.handling_unit).user, leader
    for action in WAYS[status]:
        if action in _OF_MEASURES and result in UNFOUNDED:
            continue
        if action in SIGNED:
            boss = boss or MembershipFactory(office=tip.handling_unit, role=Role.LEADER).user
            step(tip=tip, action=action, actor=boss, at=at)
        elif action == Action.CONCLUDE:
            step(tip=tip, action=action, actor=actor, at=at, result=result)
        else:
            late = OBJECTION_OVER if action == Action.ARCHIVE else timedelta(0)
            step(tip=tip, action=action, actor=actor, at=(at or noon(TODAY)) + late)


def dispose(
    *, tip: Tip, officer: User, leader: User | None = None, at: datetime | None = None, **values: Any
) -> Any:
    """Have a measure proposed by an officer and signed by a leader, a fresh one of the unit unless one is given."""
    boss = leader or MembershipFactory(office=tip.handling_unit, role=Role.LEADER).user
    step(tip=tip, action=Action.PROPOSE_MEASURE, actor=officer, at=at, **values)
    return step(tip=tip, action=Action.DISPOSE, actor=boss, at=at)


def measure(**values: Any) -> MeasureDraft:
    """Return a measure that is in order: an order to rectify within a week."""
    plain = {
        "measure": Measure.RECTIFY,
        "decided_date": TODAY,
        "words": "责令限期整改",
        "rectify_by": TODAY + timedelta(days=7),
    }
    return MeasureDraft(**{**plain, **values})


def penalty(**values: Any) -> MeasureDraft:
    """Return a penalty that is in order: 20,000 yuan with its number."""
    plain = {
        "measure": Measure.PENALTY,
        "words": "罚款二万元",
        "decision_number": "（西雁）应急罚〔2026〕12 号",
        "fine_amount": Decimal(20000),
        "rectify_by": None,
    }
    return measure(**{**plain, **values})


def step(
    *, tip: Tip, action: Action, actor: User | None = None, at: datetime | None = None, **values: Any
) -> Any:
    """Take one act through its own service, with words that satisfy it; `values` replace them.

    Acts of the reporter take the receipt from a tip of `TipFactory`, or `typed`.
    """
    moment = at or noon(TODAY)
    day = timezone.localdate(moment)
    if action in REPORTER_ACTS:
        said, words = REPORTER_ACTS[action]
        return said(**{"typed": tip.acknowledgement.receipt, "today": day, **words, **values})
    service, usual = ACTS[action]
    plain = usual(day) if callable(usual) else usual
    return service(tip_id=tip.pk, actor=actor, at=moment, **{**plain, **values})


FOUND = {"findings": "现场核查发现冲床缺少防护装置", "measures": "责令限期整改，立案查处"}
# How a result comes about where nobody recorded a visit.
UNVISITED = {**FOUND, "basis": "调取设备台账和监控录像，电话询问车间主任"}
MEMO = {"memo": "情况见附件"}
NOTE = {"note": "依法办理，请留意进度"}
Service = Callable[..., Any]
Usual = dict[str, Any] | Callable[[date], dict[str, Any]]


def _merge(*, tip_id: int, into_number: str = "", **values: Any) -> Any:
    """Merge into the tip named, or into an earlier one of the same unit made for it."""
    return merge(tip_id=tip_id, into_number=into_number or _earlier_twin(tip_id=tip_id).number, **values)


def _earlier_twin(*, tip_id: int) -> Tip:
    tip = Tip.objects.get(pk=tip_id)
    return TipFactory(
        district=tip.district_id or "", town=tip.town_id or "", today=tip.received_date - timedelta(days=1)
    )


def _words(action: Action, **usual: Any) -> tuple[Service, Usual]:
    return partial(record_step, action=action), usual


def _visit(day: date) -> dict[str, Any]:
    draft = InspectionDraft(visited_date=day, inspectors="张某、李某", findings=FOUND["findings"])
    return {"draft": draft, "uploads": [], "vault_fingerprint": VAULT_FINGERPRINT}


def _recheck(day: date) -> dict[str, Any]:
    values = _visit(day)
    return {**values, "draft": replace(values["draft"], is_recheck=True, is_removed=True)}


# Each act with its service and the values that satisfy it; a function of the day where they depend on it.
ACTS: dict[Action, tuple[Service, Usual]] = {
    Action.SCREEN: _words(Action.SCREEN),
    Action.ACCEPT: _words(Action.ACCEPT),
    Action.DECLINE: _words(Action.DECLINE, texts={"note": "请向住建部门反映"}, reason=DeclineReason.NOT_OURS),
    Action.TRANSFER_OUT: (transfer_out, {"body": "市住房和城乡建设局", **NOTE}),
    Action.MERGE: (_merge, {}),
    Action.ASSIGN: (assign, {}),
    Action.DISPATCH: (dispatch, MEMO),
    Action.HAND_BACK: (hand_back, MEMO),
    Action.ESCALATE: (escalate, MEMO),
    Action.JOIN: (join_unit, MEMO),
    Action.LEAVE: (release_unit, {}),
    Action.WHISTLE: (whistle, MEMO),
    Action.ANSWER_WHISTLE: (answer_whistle, {}),
    Action.ARRIVE: (arrive, MEMO),
    Action.RETURN_WHISTLE: (return_whistle, MEMO),
    Action.WITHDRAW_WHISTLE: (withdraw_whistle, MEMO),
    Action.VERIFY: _words(Action.VERIFY),
    Action.INSPECT: (record_inspection, _visit),
    Action.CONCLUDE: (propose_result, {"result": Result.TRUE, "texts": UNVISITED}),
    Action.CONCLUDE_UNFOUNDED: (propose_result, {"result": Result.FALSE, "texts": UNVISITED}),
    Action.APPROVE_RESULT: (confirm_result, {}),
    Action.APPROVE_UNFOUNDED: (confirm_result, {}),
    Action.RETURN_RESULT: (return_result, MEMO),
    Action.PROPOSE_MEASURE: (
        propose_measure,
        lambda day: {"draft": measure(decided_date=day, rectify_by=day + timedelta(days=7))},
    ),
    Action.DISPOSE: (confirm_measure, {}),
    Action.RETURN_MEASURE: (return_measure, MEMO),
    Action.RECHECK: (record_inspection, _recheck),
    Action.ASK_EXTENSION: (ask_extension, {"days": 30, **MEMO}),
    Action.GRANT_EXTENSION: (grant_extension, NOTE),
    Action.REFUSE_EXTENSION: (refuse_extension, MEMO),
    Action.PAUSE: (pause_period, {**MEMO, **NOTE}),
    Action.RESUME: (resume_period, MEMO),
    Action.SUPERVISE: (supervise, MEMO),
    Action.ANSWER_SUPERVISION: (answer_supervision, MEMO),
    Action.LIFT_SUPERVISION: (lift_supervision, MEMO),
    Action.REPLY: _words(Action.REPLY, texts=REPLY),
    Action.UPHOLD: (uphold, NOTE),
    Action.REOPEN: (reopen, NOTE),
    Action.CLOSE: _words(Action.CLOSE),
    Action.ARCHIVE: _words(Action.ARCHIVE),
}
# Acts of the reporter, who shows the receipt.
REPORTER_ACTS: dict[Action, tuple[Service, dict[str, Any]]] = {
    Action.OBJECT: (object_to_answer, {"text": "没有到现场看过"}),
    Action.WITHDRAW: (withdraw, {}),
    Action.RATE: (rate, {"score": 4}),
}


def tip_of(handler: User, **values: Any) -> Tip:
    """Return a tip in the hands of this person, however it came there."""
    tip: Tip = TipFactory(**values)
    Tip.objects.filter(pk=tip.pk).update(handler=handler)
    return tip

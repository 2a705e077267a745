"""Shapes of the API: what may be sent, strictly, and what is answered."""

from datetime import date

from ninja import Schema
from pydantic import BaseModel, ConfigDict, JsonValue


class Strict(BaseModel):
    """A request body: no unknown fields, no guessing of types, nothing of the input in an error."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True)


class TipIn(Strict):
    """The part `tip` of a submission: the form's names. Every field may be left out or null."""

    kind: str | None = None
    violation: str | None = None
    industry: str | None = None
    operations: list[str] | None = None
    description: str | None = None
    entity_name: str | None = None
    entity_code: str | None = None
    district: str | None = None
    town: str | None = None
    address: str | None = None
    lat: float | None = None
    lng: float | None = None
    datum: str | None = None
    occurred_on: str | None = None
    in_danger: bool | None = None
    identity_mode: str | None = None
    identity_envelope: str | dict[str, JsonValue] | None = None
    name: str | None = None
    phone: str | None = None
    is_employee: bool | None = None
    idempotency_key: str | None = None
    captcha: str | None = None
    captcha_token: str | None = None
    captcha_answer: str | None = None


class ReceiptIn(Strict):
    """A receipt as typed; spaces, hyphens and small letters are forgiven."""

    receipt: str


class MessageIn(Strict):
    """Words of the reporter; photos may come along in a multipart request."""

    receipt: str
    text: str = ""


class ObjectionIn(Strict):
    """What the reporter finds wrong with the answer."""

    receipt: str
    text: str


class WithdrawalIn(Strict):
    """A withdrawal; `sure` must be true, as the page asks once more."""

    receipt: str
    sure: bool


class ClaimCodeIn(Strict):
    """A receipt, and the number of the reward where a tip has two; the newest one to be collected without it."""

    receipt: str
    reward: str = ""


class ClaimIn(Strict):
    """A claim: details sealed for field `claim`, bound to the public number of the tip.

    The fields inside are `name`, `id_number`, `bank` and `account`. `claim_code` is needed unless the tip has a real
    name.
    """

    receipt: str
    identity_envelope: str
    claim_code: str = ""
    reward: str = ""


class RewardOut(Schema):
    """The notice of one reward; `amount` in yuan with two decimals.

    `collect_by` is the last day, null once it cannot be collected. `is_online`: `POST tips/claim` takes it; otherwise
    it is collected in person at `place`, with receipt and claim code.
    """

    number: str
    amount: str
    state: str
    state_label: str
    collect_by: date | None
    reason: str
    is_online: bool
    needs_code: bool
    code_shown: date | None
    paid_on: date | None
    place: str
    phone: str


class RatingIn(Strict):
    """How satisfied the reporter is with the answer, 1 (not at all) to 5 (very)."""

    receipt: str
    score: int


class PlaceIn(Strict):
    """A point in degrees; `datum` is WGS84 (GPS, the default) or GCJ02."""

    lat: float
    lng: float
    datum: str = "WGS84"


class AcknowledgedOut(Schema):
    """A stored tip: its public number, its only key, and the last day for a decision on it.

    `accept_by_is_provisional`: the days off of that year are not announced yet, and the day may still move. `notice` is
    there only when something that was sent was not kept.
    """

    number: str
    receipt: str
    accept_by: date
    accept_by_is_provisional: bool
    notice: str | None = None


class MilestoneOut(Schema):
    """One step of the way: `day` when it was done (null: before this tip came in), or `due` while it is ahead."""

    action: str
    label: str
    is_done: bool
    is_now: bool
    day: date | None
    due: date | None


class LineOut(Schema):
    """One line of the conversation; days only, no names of officers. `is_company`: words of a company's managers."""

    is_mine: bool
    is_company: bool
    day: date
    text: str
    photo_count: int


class ClaimCodeOut(Schema):
    """The claim code of a reward, shown this once."""

    reward: str
    claim_code: str


class ProgressOut(Schema):
    """What the holder of a receipt sees.

    `objection_until` is the last day for `POST tips/objection`, null when there is nothing to object to;
    `paused_since` the day since which the period stands still; `transferred_to` the authority that has the tip now,
    `passed_on_to` the one it waits to be passed on to, at the latest on `passed_on_by`. `calendar_is_official` is false
    while one of the days ahead lies where the days off are not announced yet: it may still move.
    """

    number: str
    status: str
    status_label: str
    office: str
    received_date: date
    milestones: list[MilestoneOut]
    messages: list[LineOut]
    replies: list[LineOut]
    can_write: bool
    calendar_is_official: bool
    is_merged: bool
    is_withdrawn: bool
    is_extended: bool
    paused_since: date | None
    transferred_to: str
    transferred_phone: str
    passed_on_to: str
    passed_on_phone: str
    passed_on_by: date | None
    objection_until: date | None
    can_withdraw: bool
    can_rate: bool
    rewards: list[RewardOut]


class VaultOut(Schema):
    """The public key names are sealed to; the public key is base64."""

    version: int
    suite: str
    public_key: str
    fingerprint: str


class PlaceOut(Schema):
    """The district a point lies in."""

    district: str
    name: str


class CodeOut(Schema):
    """One code and its name in the language asked for."""

    code: str
    label: str


class IndustryOut(CodeOut):
    """An industry; outside the remit of the bureau the competent body is named, with its telephone."""

    competent_body: str | None
    competent_phone: str | None


class TownOut(Schema):
    """A town or subdistrict."""

    code: str
    name: str


class DistrictOut(TownOut):
    """A district with its towns."""

    towns: list[TownOut]


class CodesOut(Schema):
    """Everything a form needs to offer choices."""

    types: list[CodeOut]
    violations: list[CodeOut]
    industries: list[IndustryOut]
    operations: list[CodeOut]
    identity_modes: list[CodeOut]
    divisions: list[DistrictOut]


class RewardLineOut(Schema):
    """One step of an amount: `amount` in yuan is what stands after it, exact; `how` says it in words."""

    step: str
    label: str
    how: str
    amount: str
    source: str


class RewardRuleOut(Schema):
    """The rule an amount was worked out by."""

    code: str
    name: str
    region: str
    sector: str
    effective_from: date
    effective_to: date | None
    source: str


class EstimateOut(Schema):
    """What a tip like this would be worth if it is true: yuan with two decimals, as text.

    `shares` are those of joint signatories, the first to sign first; `reason` is there when nothing is paid.
    """

    amount: str
    currency: str
    shares: list[str]
    reason: str | None
    reason_text: str | None
    day: date
    policy: RewardRuleOut
    lines: list[RewardLineOut]
    notice: str

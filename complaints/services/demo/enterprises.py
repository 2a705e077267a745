"""Enterprises of the demonstration: register, codes, ceilings, safety managers and internal tips on their way."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.utils import timezone

from complaints.enums import InsideAct
from complaints.models import (
    Enterprise,
    EnterpriseManager,
    InspectionCeiling,
    Office,
    RewardScale,
    Tip,
)
from complaints.rules.intake import TipDraft
from complaints.rules.internal_draft import InsideDraft
from complaints.selectors.accounts import DEMO_DOMAIN
from complaints.selectors.deadlines import day_overlay
from complaints.services.intake import Acknowledgement, submit_tip
from complaints.services.internal import ActForm, act_inside
from complaints.services.register import issue_first, recount_upheld
from complaints.services.second_manager import ask_for_second
from complaints.services.turning import confirm_reward

from . import ages
from .acts import drawn_uploads
from .offices import Facts, read_facts
from .people import PASSWORD, Account, totp_secret
from .stories import idempotency_key

EFFECTIVE = date(2024, 1, 1)
SOURCE = "要点 第八条；次数为演示值，启用前请核对本地规定"
DUTY = "企业安全管理员"
CONFIRMED_AFTER = 30  # days; the acts before take a working day each, holidays between them
COLUMNS = ("name", "industry", "address", "risk_class")
# What each act of the demonstration says.
WORDS: Mapping[str, dict[str, Any]] = {
    "verify": {"memo": "查了，属实，正在安排整改。"},
    "refute": {"memo": "到现场看过，报警器在工作，没有发现问题。"},
    "plan": {
        "person": "设备科长",
        "measures": "更换除尘罩和管道，停用打磨工位",
        "funds_yuan": 36_000,
        "emergency": "整改前停止打磨，清扫用防爆吸尘器",
    },
    "fix": {"memo": "护栏已经补上，加了反光条。"},
    "accept": {"memo": "验收合格，谢谢您。"},
    "pay": {"memo": "奖金放在传达室信封里，报举报编号领取，不问姓名。", "reward_yuan": 100},
}


def load_enterprises(*, offices: Mapping[str, Office], today: date) -> dict[str, Enterprise]:
    """Make register, codes, scales and ceilings where they are missing; return the enterprises by their key."""
    facts = read_facts("enterprises")
    for one in facts["ceilings"]:
        defaults = {"per_year": one["per_year"], "source": SOURCE}
        InspectionCeiling.objects.get_or_create(
            risk_class=one["risk_class"], effective_from=EFFECTIVE, defaults=defaults
        )
    found = {one["key"]: _enterprise(one, offices=offices, today=today) for one in facts["enterprises"]}
    recount_upheld(today=today)
    return found


def _enterprise(facts: Facts, *, offices: Mapping[str, Office], today: date) -> Enterprise:
    values = {name: facts.get(name, "") for name in COLUMNS}
    values |= {
        "district_id": facts["district"],
        "town_id": facts.get("town"),
        "office": offices[facts["office"]],
    }
    entry, is_new = Enterprise.objects.get_or_create(credit_code=facts["credit_code"], defaults=values)
    if is_new:
        issue_first(entry, day=today)
        RewardScale.objects.bulk_create(
            RewardScale(enterprise=entry, grade=grade, inside_yuan=inside, outside_yuan=outside)
            for grade, (inside, outside) in facts.get("scale", {}).items()
        )
    return entry


def load_managers(*, enterprises: Mapping[str, Enterprise], at: datetime) -> list[Account]:
    """Make the accounts of safety managers that are missing, and return all of them."""
    facts = read_facts("enterprises")["managers"]
    for person in facts:
        if not User.objects.filter(username=person["username"]).exists():
            _enrol(person, enterprises=enterprises, at=at)
    return [
        Account(
            username=person["username"],
            name=person["name"],
            roles=(),
            office="、".join(enterprises[key].name for key in person["enterprises"]),
            password=PASSWORD,
            totp_secret=totp_secret(username=person["username"]),
            duty=DUTY,
        )
        for person in facts
    ]


def _enrol(person: Facts, *, enterprises: Mapping[str, Enterprise], at: datetime) -> None:
    user = User.objects.create(
        username=person["username"],
        first_name=person["name"],
        email=f"{person['username']}@{DEMO_DOMAIN}",
        password=make_password(PASSWORD),
    )
    TOTP.activate(user, totp_secret(username=user.username))
    RecoveryCodes.activate(user)
    inviter = User.objects.get(username=person["invited_by"])
    for key in person["enterprises"]:
        EnterpriseManager.objects.create(
            user=user, enterprise=enterprises[key], invited_by=inviter, invited_at=at
        )


def load_requests(*, enterprises: Mapping[str, Enterprise], at: datetime) -> None:
    """Let lone managers ask for a second one where the story says so; a second loading changes nothing."""
    for one in read_facts("enterprises")["requests"]:
        actor = User.objects.get(username=one["by"])
        ask_for_second(enterprise_id=enterprises[one["enterprise"]].pk, actor=actor, at=at)


def load_internal_tips(
    *, enterprises: Mapping[str, Enterprise], now: datetime, pinned: str
) -> list[tuple[Facts, Acknowledgement]]:
    """Send the internal tips that are missing and lead each on its way; return the new ones with their receipts."""
    made = []
    for facts in read_facts("enterprises")["tips"]:
        if Tip.everywhere.filter(idempotency_key=idempotency_key(key=facts["key"])).exists():
            continue
        received = timezone.localdate(now) - timedelta(days=facts["ago"])
        done = _tell(facts, entry=enterprises[facts["enterprise"]], received=received, pinned=pinned)
        _lead(facts, number=done.number, received=received, now=now, pinned=pinned)
        if facts.get("confirmed"):
            confirm_reward(
                typed=done.receipt, is_received=True, today=received + timedelta(days=CONFIRMED_AFTER)
            )
        made.append((facts, done))
    return made


def _tell(facts: Facts, *, entry: Enterprise, received: date, pinned: str) -> Acknowledgement:
    return submit_tip(
        draft=TipDraft(
            description=facts["description"],
            address=facts["address"],
            kind=facts.get("kind", ""),
            entity_name=entry.name,
            entity_code=entry.credit_code,
            industry=entry.industry,
            district=entry.district_id,
            town=entry.town_id or "",
            idempotency_key=idempotency_key(key=facts["key"]),
        ),
        uploads=drawn_uploads(facts.get("photos", ())),
        today=received,
        vault_fingerprint=pinned,
        inside=InsideDraft(
            enterprise_id=entry.pk,
            head=facts.get("head", ""),
            on_duty=facts.get("on_duty", False),
            workshop=facts.get("workshop", ""),
            suggestion=facts.get("suggestion", ""),
        ),
    )


def _lead(facts: Facts, *, number: str, received: date, now: datetime, pinned: str) -> None:
    """Take the acts of a story, each on a day after the one before; what would lie ahead is left out."""
    day, overlay = received, day_overlay()
    for seed, (username, name, *grade) in enumerate(facts["way"], start=1):
        day += timedelta(days=1)
        if not facts.get("any_day"):
            day = ages.working_day_from(day=day, overlay=overlay)
        if day > timezone.localdate(now):
            return
        act_inside(
            number=number,
            act=InsideAct(name),
            form=_form(name, grade=grade, day=day, memo=facts.get("words", {}).get(name, "")),
            uploads=[],
            actor=User.objects.get(username=username),
            at=ages.office_moment(day=day, seed=seed * 37, now=now),
            vault_fingerprint=pinned,
        )


def _form(name: str, *, grade: list[str], day: date, memo: str) -> ActForm:
    values = dict(WORDS.get(name, {}))
    if memo:
        values["memo"] = memo
    if grade:
        values["grade"] = grade[0]
    if name == "plan":
        values["deadline"] = day + timedelta(days=20)
    if name == "pay":
        values["paid_date"] = day
    return ActForm(**values)

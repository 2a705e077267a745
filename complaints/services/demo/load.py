"""Loading the whole demonstration, all or nothing; a second loading changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction

from complaints.errors import DemoRefused
from complaints.models import Enterprise, Tip
from complaints.selectors.deadlines import day_overlay, policy_on
from complaints.selectors.enterprises import code_in_use
from complaints.selectors.offices import codes_of, division_choices

from .budgets import load_budgets
from .enterprises import load_enterprises, load_internal_tips, load_managers, load_requests
from .offices import load_city, read_facts
from .openings import opening_acts
from .people import Account, load_people
from .rewards import first_year, reward_acts
from .stories import Stage, Story, idempotency_key
from .vault import PASSPHRASE, load_vault

# The people of the demonstration were there long before its tips, so that nobody waits to take part in an opening.
IN_OFFICE = timedelta(days=400)
ASKED = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class ShownReceipt:
    """A receipt that is shown this once; it exists nowhere else."""

    number: str
    receipt: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """What the person who loads the data has to know."""

    accounts: tuple[Account, ...]
    key_file: Path
    passphrase: str
    new_tips: int
    receipts: tuple[ShownReceipt, ...]
    # Receipts of tips inside a company, and the codes of posters by the name of the enterprise.
    internal: tuple[ShownReceipt, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()


def load_demo(
    *, today: date, now: datetime, folder: Path, pinned: str, demo_fingerprint: str
) -> Demonstration:
    """Fill an installation with the demonstration city, its people and twenty tips.

    Args:
        folder: where the custodian's key file goes.
        pinned: fingerprint of the vault in settings.
        demo_fingerprint: fingerprint of the demo vault.

    Raises:
        DemoRefused: another vault is pinned, so that this is not a demonstration.
    """
    if pinned != demo_fingerprint:
        raise DemoRefused
    with transaction.atomic():
        offices = load_city()
        accounts = load_people(offices=offices, at=now - IN_OFFICE)
        key_file = load_vault(folder=folder, today=today, at=now)
        load_budgets(now=now, first_year=first_year(rewards=read_facts("rewards")["rewards"], today=today))
        stories = _load_tips(today=today, now=now, pinned=pinned)
        enterprises = load_enterprises(offices=offices, today=today)
        accounts += load_managers(enterprises=enterprises, at=now - IN_OFFICE)
        load_requests(enterprises=enterprises, at=now - ASKED)
        told = load_internal_tips(enterprises=enterprises, now=now, pinned=pinned)
    return Demonstration(
        accounts=tuple(accounts),
        key_file=key_file,
        passphrase=PASSPHRASE,
        new_tips=len(stories),
        receipts=_shown_receipts(stories),
        internal=tuple(
            ShownReceipt(number=done.number, receipt=done.receipt, status=facts["enterprise"])
            for facts, done in told
            if facts.get("show_receipt")
        ),
        codes=_codes_of_posters(enterprises),
    )


def _shown_receipts(stories: Iterable[Story]) -> tuple[ShownReceipt, ...]:
    return tuple(
        ShownReceipt(number=story.number, receipt=story.receipt, status=story.status)
        for story in stories
        if story.facts.get("show_receipt")
    )


def _codes_of_posters(enterprises: Mapping[str, Enterprise]) -> tuple[tuple[str, str], ...]:
    """Return the names of enterprises with the codes in use, in their order."""
    found = ((entry.name, code_in_use(enterprise=entry)) for entry in enterprises.values())
    return tuple((name, code.code) for name, code in found if code)


def _load_tips(*, today: date, now: datetime, pinned: str) -> list[Story]:
    facts = read_facts("tips")["tips"]
    keys = {tip["key"]: idempotency_key(key=tip["key"]) for tip in facts}
    known = set(
        Tip.objects.filter(idempotency_key__in=keys.values()).values_list("idempotency_key", flat=True)
    )
    stage = Stage(
        today=today,
        now=now,
        policy=policy_on(day=today),
        overlay=day_overlay(),
        people=_people(),
        codes=codes_of(choices=division_choices()),
        vault_fingerprint=pinned,
    )
    stories = [Story(tip, stage) for tip in facts if keys[tip["key"]] not in known]
    acts = [act for story in stories for act in story.acts()]
    fresh = {story.facts["key"]: story.facts for story in stories}
    acts += opening_acts(openings=read_facts("openings")["openings"], tips=fresh, stage=stage)
    acts += reward_acts(rewards=read_facts("rewards")["rewards"], stories=stories, stage=stage)
    for act in sorted(acts, key=lambda act: act.moment):
        act.perform()
    return stories


def _people() -> Mapping[str, User]:
    """Return fresh user objects: their scope is remembered on them, and roles were just given."""
    return {user.username: user for user in User.objects.all()}

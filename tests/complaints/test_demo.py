"""The demonstration: complete, deterministic where it can be, in the states it promises, and safe to load again."""

import base64
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoDbBlocker

from complaints import policies
from complaints.crypto import filecipher, keyfile
from complaints.crypto.envelope import Envelope, fingerprint, open_fields, public_key_of
from complaints.enums import (
    Action,
    ClaimAct,
    ClaimState,
    Clock,
    DivisionLevel,
    Fact,
    IdentityMode,
    OfficeLevel,
    Result,
    RewardState,
    Role,
    TipKind,
    TipStatus,
)
from complaints.errors import NotAllowed
from complaints.models import (
    AuditRow,
    DeadlinePolicy,
    Division,
    Evidence,
    HandlingStep,
    InternalTip,
    Membership,
    Message,
    Office,
    ReplyTemplate,
    RewardAssessment,
    RewardBudget,
    RewardClaim,
    SealedIdentity,
    Tip,
    TipReceipt,
    UnsealRequest,
    Vault,
)
from complaints.rules.deadlines import NO_OVERLAY, Light, is_working_day, light
from complaints.rules.places import division_at
from complaints.rules.workflow import REPLY_ITEMS
from complaints.selectors.accounts import DEMO_DOMAIN, demo_accounts
from complaints.selectors.claims import called_out
from complaints.selectors.history import history_of
from complaints.selectors.ledger import faulty_budgets
from complaints.selectors.lone_managers import asking_companies, lone_companies
from complaints.selectors.offices import district_outlines
from complaints.selectors.reconciliation import reconcile
from complaints.services.demo import ages
from complaints.services.demo.load import Demonstration, load_demo
from complaints.services.demo.offices import read_facts
from complaints.services.demo.people import PASSWORD, code_now, totp_secret
from complaints.services.demo.scenes import SCENES, TAKEN, draw_photo
from complaints.services.demo.stories import idempotency_key
from complaints.services.demo.vault import PASSPHRASE, demo_seed
from complaints.services.reporter import progress_for_receipt
from portal.devkeys import DEMO_VAULT_FINGERPRINT
from portal.shared.passwords import SHORTEST

NOW = datetime(2026, 3, 11, 15, 30, tzinfo=timezone.get_default_timezone())
TODAY = date(2026, 3, 11)
FACTS = read_facts("tips")["tips"]
TABLES = (
    User, Membership, Office, Division, DeadlinePolicy, ReplyTemplate, Vault, Tip, TipReceipt, Evidence,
    HandlingStep, Message, SealedIdentity, AuditRow, Authenticator, UnsealRequest,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """One loading and a second one, on a database that is put back afterwards."""

    first: Demonstration
    second: Demonstration
    rows: dict[str, int]
    rows_again: dict[str, int]
    folder: Path


def load(folder: Path, *, now: datetime = NOW) -> Demonstration:
    """Load the demonstration as the command does."""
    return load_demo(
        today=timezone.localdate(now),
        now=now,
        folder=folder,
        pinned=DEMO_VAULT_FINGERPRINT,
        demo_fingerprint=DEMO_VAULT_FINGERPRINT,
    )


def count_rows() -> dict[str, int]:
    """Return how many rows each table has."""
    return {model.__name__: model._default_manager.count() for model in TABLES}


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    """Load twice in one transaction for the whole module; every test sees the result."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("demo")
    evidence = {**settings.STORAGES["evidence"], "OPTIONS": {"location": str(folder / "evidence")}}
    storages = override_settings(STORAGES={**settings.STORAGES, "evidence": evidence})
    with django_db_blocker.unblock(), storages, transaction.atomic():
        first = load(folder)
        rows = count_rows()
        second = load(folder, now=NOW + timedelta(days=9))
        yield Loaded(first=first, second=second, rows=rows, rows_again=count_rows(), folder=folder)
        transaction.set_rollback(True)


@pytest.fixture
def tips(loaded: Loaded, db: None) -> dict[str, Tip]:
    """Return the demo tips by the name they have in the data."""
    rows = {tip.idempotency_key: tip for tip in Tip.objects.select_related("handling_unit", "handler")}
    return {facts["key"]: rows[idempotency_key(key=facts["key"])] for facts in FACTS}


# --- as a whole ----------------------------------------------------------------------------------------------


def test_twenty_tips_and_an_account_for_every_role(loaded: Loaded, db: None) -> None:
    assert loaded.first.new_tips == loaded.rows["Tip"] == len(FACTS) == 20
    assert {role for account in loaded.first.accounts for role in account.roles} == set(Role)


def test_second_loading_changes_nothing_and_tells_the_accounts_again(loaded: Loaded) -> None:
    assert loaded.rows_again == loaded.rows
    assert loaded.second.accounts == loaded.first.accounts
    assert (loaded.second.new_tips, loaded.second.receipts) == (0, ())
    assert loaded.second.key_file == loaded.first.key_file


# --- city ----------------------------------------------------------------------------------------------------


def test_divisions_and_outlines(loaded: Loaded, db: None) -> None:
    counts = Counter(Division.objects.values_list("level", flat=True))

    assert counts == {DivisionLevel.CITY: 1, DivisionLevel.DISTRICT: 13, DivisionLevel.TOWN: 172}
    assert len(district_outlines()) == 13


def test_units(loaded: Loaded, db: None) -> None:
    levels = Counter(Office.objects.values_list("level", flat=True))
    city = Office.objects.get(is_default=True)

    assert levels == {OfficeLevel.CITY: 2, OfficeLevel.DISTRICT: 3, OfficeLevel.TOWN: 6, OfficeLevel.ZONE: 1}
    assert city.divisions.count() == 13
    assert not Office.objects.filter(parent=None).exclude(pk=city.pk).exists()
    assert (
        not Office.objects.filter(level=OfficeLevel.TOWN).exclude(parent__level=OfficeLevel.DISTRICT).exists()
    )


def test_zone_covers_towns_of_a_district(loaded: Loaded, db: None) -> None:
    zone = Office.objects.get(level=OfficeLevel.ZONE)

    assert {town.parent_id for town in zone.divisions.all()} == {"610113"}


def test_periods_name_their_source(loaded: Loaded, db: None) -> None:
    policy = DeadlinePolicy.objects.get()

    assert (policy.decide_working_days, policy.close_days, policy.reply_days) == (7, 60, 10)
    assert "19号" in policy.source
    assert "核对" in policy.source


def test_templates_hold_four_items(loaded: Loaded, db: None) -> None:
    templates = list(ReplyTemplate.objects.all())

    assert len(templates) == 4
    assert all(all((row.conclusion, row.findings, row.decision, row.reward)) for row in templates)


# --- people --------------------------------------------------------------------------------------------------


def test_people_can_sign_in_with_both_factors(loaded: Loaded, db: None) -> None:
    for account in loaded.first.accounts:
        user = User.objects.get(username=account.username)
        secret = decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
        code, _seconds = code_now(username=account.username, at=timezone.now())

        assert user.check_password(account.password)
        assert secret == account.totp_secret
        assert validate_totp_code(secret, code)
        assert Authenticator.objects.filter(user=user, type="recovery_codes").exists()


def test_secrets_are_not_stored_in_the_clear(loaded: Loaded, db: None) -> None:
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert not [account for account in loaded.first.accounts if account.totp_secret in stored]


def test_password_is_long_enough_and_nobody_can_choose_it_for_a_real_account() -> None:
    assert len(PASSWORD) >= SHORTEST
    with pytest.raises(ValidationError):
        validate_password(PASSWORD)


def test_demo_accounts_are_marked(loaded: Loaded, db: None) -> None:
    usernames = {account.username for account in loaded.first.accounts}

    assert set(demo_accounts().values_list("username", flat=True)) == usernames
    assert not User.objects.exclude(email__endswith=DEMO_DOMAIN).exists()
    assert not User.objects.filter(is_superuser=True).exists()


def test_every_unit_that_leads_has_a_leader_and_two_officers(loaded: Loaded, db: None) -> None:
    people = Counter(Membership.objects.values_list("office__name", "role"))
    leading = Office.objects.filter(level__in=(OfficeLevel.DISTRICT, OfficeLevel.ZONE))
    top = Office.objects.get(is_default=True).name

    assert {people[office.name, Role.LEADER] for office in leading} == {1}
    assert {people[office.name, Role.OFFICER] for office in leading} == {2}
    # Nobody is above the city: there one leader signs and another reviews.
    assert (people[top, Role.LEADER], people[top, Role.OFFICER]) == (2, 2)


def test_units_with_a_payer_have_a_reward_budget(loaded: Loaded, db: None) -> None:
    paying = set(Membership.objects.filter(role=Role.PAYER).values_list("office__name", flat=True))
    budgets = RewardBudget.objects.select_related("office")

    assert {budget.office.name for budget in budgets} == paying
    assert len(paying) == 4
    assert {budget.appropriated_cents for budget in budgets} == {60000000}
    assert faulty_budgets() == []


def test_rewards_stand_in_every_state(loaded: Loaded, db: None) -> None:
    claims = RewardClaim.objects.prefetch_related("steps")
    acts = {step.act for claim in claims for step in claim.steps.all()}

    assert {claim.state for claim in claims} == {
        ClaimState.NOTICED, ClaimState.CLAIMED, ClaimState.PAID, ClaimState.FORFEITED,
    }  # fmt: skip
    assert {ClaimAct.EXTEND, ClaimAct.REMIND, ClaimAct.FORFEIT} <= acts
    assert called_out(today=TODAY)
    assert RewardAssessment.objects.filter(state=RewardState.PROPOSED).exists()
    assert reconcile().agrees


def test_secret_differs_for_every_account() -> None:
    secrets = {totp_secret(username=person["username"]) for person in read_facts("people")["people"]}

    assert len(secrets) == len(read_facts("people")["people"])
    assert all(len(base64.b32decode(secret)) == 20 for secret in secrets)


def test_code_of_a_stranger_is_refused(loaded: Loaded, db: None) -> None:
    User.objects.create_user("real", email="real@example.gov.cn")

    with pytest.raises(NotAllowed):
        code_now(username="real", at=NOW)


def test_code_is_refused_once_the_authenticator_is_another(loaded: Loaded, db: None) -> None:
    Authenticator.objects.filter(user__username="zhaomin", type="totp").delete()

    with pytest.raises(NotAllowed):
        code_now(username="zhaomin", at=NOW)


def test_code_tells_how_long_it_holds(loaded: Loaded, db: None) -> None:
    codes = {code_now(username="zhaomin", at=NOW + timedelta(seconds=offset)) for offset in (0, 10)}

    assert {seconds for _code, seconds in codes} == {30, 20}
    assert len({code for code, _seconds in codes}) == 1


# --- vault ---------------------------------------------------------------------------------------------------


def test_pinned_fingerprint_is_that_of_the_public_seed() -> None:
    assert fingerprint(public_key_of(demo_seed())) == DEMO_VAULT_FINGERPRINT


def test_key_file_opens_with_the_printed_passphrase(loaded: Loaded) -> None:
    opened = keyfile.unwrap(text=loaded.first.key_file.read_text(), passphrase=loaded.first.passphrase)

    assert (opened.seed, opened.vault) == (demo_seed(), 1)
    assert loaded.first.key_file.stat().st_mode & 0o777 == 0o600
    assert loaded.first.passphrase == PASSPHRASE


def test_sealed_names_open_with_the_demo_key(tips: dict[str, Tip]) -> None:
    for facts in FACTS:
        if "identity" in facts:
            row = SealedIdentity.objects.get(tip=tips[facts["key"]])

            fields = open_fields(
                seed=demo_seed(),
                envelope=Envelope.parse(row.envelope),
                binding=row.tip.idempotency_key,
                field="identity",
            )

            assert fields["name"] == facts["identity"]["name"]


# --- tips ----------------------------------------------------------------------------------------------------


def test_states_are_those_of_the_data(tips: dict[str, Tip]) -> None:
    found = {facts["key"]: tips[facts["key"]].status for facts in FACTS}

    assert found == {facts["key"]: facts.get("status", "registered") for facts in FACTS}


def test_every_state_and_every_light_is_shown(tips: dict[str, Tip]) -> None:
    running = [tip for tip in tips.values() if tip.clock != Clock.NONE]
    lights = {light(started=tip.clock_started, due=tip.due_date, today=TODAY) for tip in running}

    assert {TipStatus(tip.status) for tip in tips.values()} == set(TipStatus)
    assert lights == set(Light)


def test_what_waits_for_somebody_is_shown(tips: dict[str, Tip]) -> None:
    lasting = {Fact.FOUNDED, Fact.UNFOUNDED, Fact.OUT_OF_REMIT, Fact.WAS_DECLINED, Fact.WAS_CLOSED}
    found = {key: history_of(tip=tip, today=TODAY).facts - lasting for key, tip in tips.items()}

    assert {key: facts for key, facts in found.items() if facts} == {
        "cold-store-cutting": {Fact.SUPERVISED},
        "blocked-exit": {Fact.EXTENSION_ASKED},
        "ammonia-smell": {Fact.WHISTLED},
        "welder-no-certificate": {Fact.RATED},
        "press-guard": {Fact.HANDED_DOWN},
        "open-manhole": {Fact.RESULT_PROPOSED, Fact.TO_SIGN},
        "overstocked-tanks": {Fact.WITH_POLICE},
        "hidden-accident": {Fact.EXTENDED, Fact.PAUSED},
        "quarry-blasting": {Fact.OBJECTION_OPEN, Fact.OBJECTED},
        "fireworks-store": {Fact.WITHDRAWN},
        "no-facts": {Fact.OBJECTION_OPEN},
    }
    assert (tips["open-manhole"].result, tips["false-report"].result) == ("", Result.TRUE)
    assert tips["tanks-again"].merged_into == tips["overstocked-tanks"]
    assert tips["welder-no-certificate"].disposals.filter(fine_amount=40000).exists()


def test_requests_for_opening_stand_in_several_states(loaded: Loaded, db: None) -> None:
    rows = list(UnsealRequest.objects.select_related("asker", "approver", "custodian"))

    assert Counter(row.status for row in rows) == Counter(
        ["asked", "approved", "refused", "nothing", "expired", "read"]
    )
    for row in rows:
        people = [one for one in (row.asker, row.approver, row.custodian) if one is not None]
        assert len(set(people)) == len(people)
        assert row.reason
    open_now = next(row for row in rows if row.status == "approved")
    assert open_now.valid_until is not None
    assert open_now.valid_until > NOW


def test_the_original_handed_over_is_the_drawn_photo(loaded: Loaded, db: None) -> None:
    row = UnsealRequest.objects.get(status="read")
    name = next(tip for tip in FACTS if idempotency_key(key=tip["key"]) == row.tip.idempotency_key)["photos"][
        0
    ]
    scene, seed = name.split(":")

    assert row.opened_sha256 == sha256(draw_photo(scene=scene, seed=int(seed))).hexdigest()


def test_kinds_modes_and_photos_vary(tips: dict[str, Tip]) -> None:
    assert {tip.kind for tip in tips.values()} == set(TipKind.values)
    assert sum(tip.identity_mode == IdentityMode.REAL_NAME for tip in tips.values()) == 4
    assert {tip.photo_count for tip in tips.values()} >= {0, 1, 2, 3, 4}


def test_each_tip_went_to_the_right_unit(tips: dict[str, Tip]) -> None:
    expected = {
        "blocked-exit": "未央区应急管理局",
        "loose-cables": "雁塔区应急管理局",
        "press-guard": "电子城街道应急管理办公室",
        "tanks-again": "临潼区应急管理局",
        "pulp-tank": "西安高新区应急管理局",
        "fireworks-store": "西安市应急管理局",
        "false-report": "西安市应急管理局",
    }

    assert {key: tips[key].handling_unit.name for key in expected} == expected


def test_points_lie_in_their_district(loaded: Loaded, db: None) -> None:
    for facts in FACTS:
        if "point" in facts:
            lat, lng = facts["point"]

            assert division_at(lng=lng, lat=lat, outlines=district_outlines()) == facts["district"], facts[
                "key"
            ]


def test_officers_may_do_what_they_did(tips: dict[str, Tip]) -> None:
    for step in HandlingStep.objects.exclude(actor=None).select_related("tip"):
        actor = User.objects.get(pk=step.actor_id)

        assert policies.tips_visible_to(actor).filter(pk=step.tip_id).exists()


def test_officers_act_on_working_days_and_nobody_in_the_future(tips: dict[str, Tip]) -> None:
    # Acceptance alone may fall to the officer on duty at a weekend: the clock of the tip decides on its day.
    steps = HandlingStep.objects.exclude(taken_at=None).exclude(action=Action.ACCEPT)
    moments = [*steps.values_list("taken_at", flat=True)]
    moments += Message.objects.filter(sent_at__isnull=False, is_reply=False).values_list("sent_at", flat=True)

    assert len(moments) > 15
    assert all(moment <= NOW for moment in moments)
    assert [moment for moment in moments if not is_working_day(day=timezone.localdate(moment))] == []
    assert all(tip.received_date <= TODAY for tip in tips.values())


def test_history_of_each_tip_runs_forward(tips: dict[str, Tip]) -> None:
    for tip in tips.values():
        days = list(tip.steps.order_by("pk").values_list("taken_date", flat=True))

        assert days == sorted(days)
        assert days[0] == tip.received_date


def test_log_runs_forward_in_time(loaded: Loaded, db: None) -> None:
    acts = AuditRow.objects.filter(action__startswith="tip.").order_by("sequence")
    days = [timezone.localdate(moment) for moment in acts.values_list("taken_at", flat=True)]

    assert days == sorted(days)


def test_both_sides_speak_and_something_is_unread(tips: dict[str, Tip]) -> None:
    directions = Counter(Message.objects.filter(is_reply=False).values_list("direction", flat=True))

    assert all(count >= 4 for count in directions.values())
    assert len(directions) == 2
    assert sum(tip.unread_count for tip in tips.values()) >= 2
    assert tips["pulp-tank"].unread_count == 0
    assert not any(
        tip.unread_count for tip in tips.values() if tip.status in {TipStatus.REPLIED, TipStatus.CLOSED}
    )


def test_three_receipts_are_shown_once_and_open(loaded: Loaded, db: None) -> None:
    assert len(loaded.first.receipts) == 3
    for shown in loaded.first.receipts:
        progress = progress_for_receipt(typed=shown.receipt)

        assert (progress.number, progress.status) == (shown.number, shown.status)
        assert progress.lines or progress.replies


def test_inside_companies_every_turn_is_shown(loaded: Loaded, db: None) -> None:
    states = set(InternalTip.objects.values_list("state", flat=True))
    zhaomin = User.objects.get(username="zhaomin")
    lone = list(lone_companies(User.objects.get(username="chenlan")))

    assert states >= {"received", "acknowledged", "verified", "planned", "fixed", "paid", "closed", "doubted"}
    assert [(row.name, row.fix_count) for row in lone] == [
        ("西安某金属制品公司", 0),
        ("西安某食品冷冻公司", 1),
    ]
    assert [row.name for row in asking_companies(zhaomin, most=5)] == ["西安某金属制品公司"]
    assert [one.tip.kind for one in InternalTip.objects.filter(state="doubted")] == [TipKind.MAJOR_HAZARD]
    assert len(loaded.first.internal) == 4


def test_answered_tip_has_four_items(loaded: Loaded, db: None) -> None:
    answered = next(shown for shown in loaded.first.receipts if shown.status == TipStatus.REPLIED)

    reply = progress_for_receipt(typed=answered.receipt).replies[0].text

    facts = next(facts for facts in FACTS if facts["key"] == "welder-no-certificate")
    told = next(act for act in facts["acts"] if act["do"] == "reply")
    assert all(told[name] in reply for name in REPLY_ITEMS)


def test_entities_are_deidentified() -> None:
    named = [facts["entity_name"] for facts in FACTS if facts.get("entity_name")]

    assert len(named) >= 18
    assert [name for name in named if "某" not in name] == []


# --- ages ----------------------------------------------------------------------------------------------------

DAYS = [
    date(2026, 3, 11),
    date(2026, 2, 24),
    date(2026, 10, 6),
    date(2026, 1, 1),
    date(2026, 5, 3),
    date(2026, 11, 22),
]


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("left", sorted({facts["left"] for facts in FACTS if "left" in facts}))
def test_age_leaves_the_days_wanted(today: date, left: int) -> None:
    policy = DeadlinePolicy(effective_from=date(2018, 1, 1))
    due = {
        "decide": lambda day: ages.add_working_days(start=day, days=7, overlay=NO_OVERLAY),
        "close": lambda day: ages.add_calendar_days(start=day, days=60, overlay=NO_OVERLAY),
    }
    search = {"today": today, "left": left, "policy": policy, "overlay": NO_OVERLAY}
    started = {"close": ages.closing_started(**search)}
    if left <= 7:
        started["decide"] = ages.decision_started(**search)

    for clock, day in started.items():
        found = ages.working_days_left(today=today, due=due[clock](day), overlay=NO_OVERLAY)

        assert day <= today
        assert found == left


def test_impossible_age_is_refused() -> None:
    with pytest.raises(ValueError, match="no day leaves -999"):
        ages.decision_started(
            today=TODAY, left=-999, policy=DeadlinePolicy(effective_from=TODAY), overlay=NO_OVERLAY
        )


@pytest.mark.parametrize("seed", [0, 1, 479, 480, 10**9])
def test_officers_keep_office_hours(seed: int) -> None:
    moment = ages.office_moment(day=date(2026, 3, 10), seed=seed, now=NOW)

    assert 9 <= timezone.localtime(moment).hour < 17


def test_officers_never_act_later_than_now() -> None:
    assert ages.office_moment(day=TODAY, seed=479, now=NOW) == NOW


# --- pictures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", SCENES)
def test_scene_is_the_same_for_the_same_seed(scene: str) -> None:
    first, again, other = (draw_photo(scene=scene, seed=seed) for seed in (1, 1, 2))

    assert first == again != other
    assert Image.open(io.BytesIO(first)).size == TAKEN
    assert 4_000 < len(first) < 60_000


def test_every_photo_of_the_data_can_be_drawn_and_none_twice() -> None:
    wanted = [photo for facts in FACTS for photo in facts.get("photos", ())]
    lines = [line for facts in FACTS for part in ("messages", "acts") for line in facts.get(part, ())]
    wanted += [photo for line in lines for photo in line.get("photos", ())]

    assert {photo.split(":")[0] for photo in wanted} == set(SCENES)
    assert len(set(wanted)) >= len(wanted) - 1


def test_unknown_scene_is_refused() -> None:
    with pytest.raises(KeyError):
        draw_photo(scene="nowhere", seed=1)


def test_stored_photos_are_what_was_drawn(loaded: Loaded, tips: dict[str, Tip]) -> None:
    tip = tips["cold-store-cutting"]
    photo = tip.photos.order_by("position").first()
    sealed = (loaded.folder / "evidence" / photo.path_of("original")).read_bytes()

    opened = filecipher.open_file(seed=demo_seed(), sealed=sealed, binding=tip.idempotency_key)

    assert opened == draw_photo(scene="sparks", seed=1)

"""Taking a tip: from checked draft and photos to a stored tip and its receipt, all or nothing."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints import events
from complaints.enums import COMPETENT_BODIES, Action, Clock, IdentityMode, Problem, TipStatus
from complaints.errors import DraftInvalid, FieldProblem, NotReady
from complaints.models import DeadlinePolicy, HandlingStep, Period, PurgedNumber, Tip, Vault
from complaints.models.sealed import active_keyring
from complaints.rules.deadlines import DayOverlay, add_calendar_days, add_working_days, open_year
from complaints.rules.deaths import mentions_death
from complaints.rules.intake import TipDraft
from complaints.rules.internal_draft import InsideDraft
from complaints.rules.numbers import new_number
from complaints.rules.routing import Matter
from complaints.selectors.deadlines import day_overlay, open_years, policy_on
from complaints.selectors.offices import district_outlines, located
from complaints.selectors.routing import Body, competent_body, zone_at
from complaints.selectors.vaults import trusted_vault

from . import audit, clocks, duplicates, evidence, identity, internal_intake, messages, receipts, routing
from .steps import day_start
from .storage_faults import storage_faults_as_refusals

# A sender whose connection broke may send the same form again on the same or the next day.
RETRY_DAYS = 1


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """What the sender is told once the tip is on disk; `receipt` exists nowhere else."""

    number: str
    receipt: str
    received_date: date
    office_name: str
    photo_count: int
    accept_by: date
    close_by: date
    reply_by: date
    # The years whose days off are not announced and may still move the day of the decision, and any of the days.
    accept_open_year: int | None = None
    open_years: tuple[int, ...] = ()
    # Who answers for the industry, when it is not this bureau.
    competent_body: Body | None = None
    pass_on_by: date | None = None
    is_point_dropped: bool = False


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a tip belongs: division codes, the point in GCJ-02 (None when there is none to keep) and its zone."""

    district: str
    town: str
    point: tuple[float, float] | None
    zone: int | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Who entered a tip for somebody else at the counter, and when: an act of staff, kept to the minute."""

    actor: User
    at: datetime


@storage_faults_as_refusals()
def submit_tip(
    *,
    draft: TipDraft,
    uploads: Sequence[evidence.Upload],
    today: date,
    vault_fingerprint: str,
    entry: Entry | None = None,
    inside: InsideDraft | None = None,
) -> Acknowledgement:
    """Store a tip with its photos and sealed identity and return its receipt.

    The same idempotency key with the same content yields the same tip and one more receipt for it.

    Args:
        entry: the officer who entered it at the counter; logged with the tip, all or nothing.
        inside: the tip stays inside this company (docs/adr/0037); None: it is the bureau's.

    Raises:
        DraftInvalid: a photo, the place, the envelope or the key is refused; nothing was stored.
        StorageFull, TooBusy, NotReady: nothing was stored.
    """
    digests = _content_digests(draft=draft, uploads=uploads, inside=inside)
    if (earlier := _earlier(draft=draft, digests=digests, today=today)) is not None:
        return _acknowledge_again(tip=earlier, draft=draft, entry=entry)
    if problems := evidence.check_uploads(uploads=uploads):
        raise DraftInvalid(problems)
    place = locate(draft=draft)
    decision = routing.decide(matter=_matter(draft=draft, place=place))
    count = len(uploads)
    tip = _new_tip(
        draft=draft, place=place, decision=decision, digest=digests[0], today=today, photo_count=count
    )
    begin = _beginning(tip=tip, decision=decision, entry=entry, inside=inside)
    try:
        receipt = _store_with_photos(
            tip=tip, begin=begin, draft=draft, uploads=uploads, pinned=vault_fingerprint
        )
    except IntegrityError:
        return _lost_race(draft=draft, digests=digests, today=today, entry=entry)
    return _acknowledgement(tip=tip, receipt=receipt, draft=draft)


def _beginning(
    *, tip: Tip, decision: routing.Decision, entry: Entry | None, inside: InsideDraft | None
) -> Callable[[], None]:
    """Return what is done with the row once it is stored; a tip inside a company is marked so before."""
    if inside is None:
        return partial(begin_outside, tip=tip, decision=decision, entry=entry, periods=first_periods(tip=tip))
    internal_intake.keep_inside(tip=tip)
    return partial(internal_intake.begin, tip=tip, inside=inside)


def _store_with_photos(
    *,
    tip: Tip,
    begin: Callable[[], None],
    draft: TipDraft,
    uploads: Sequence[evidence.Upload],
    pinned: str,
) -> str:
    """Clean and seal outside the transaction, then store everything; return the receipt as it is shown."""
    vault = _vault_for(draft=draft, pinned=pinned)
    sealed = identity.envelope_for(draft=draft, vault=vault) if vault else None
    photos = evidence.prepare_photos(uploads=uploads, vault=vault, binding=draft.idempotency_key)
    receipt = receipts.new_receipt()
    with evidence.stored(photos=photos):
        _store(
            tip=tip,
            begin=begin,
            photos=photos,
            vault=vault,
            sealed=sealed,
            receipt=receipt,
        )
    return receipt.pretty


def locate(*, draft: TipDraft) -> Place:
    """Return division and point of a draft: a chosen division wins over the one the point lies in.

    A point outside the city beside a chosen division is not kept: it would lead officers astray, and may be the
    sender's home. Where no outlines are known nothing can be said of a point, so it stays.

    Raises:
        DraftInvalid: the point lies outside the city and no division was chosen.
    """
    if draft.lat is None or draft.lng is None:
        return Place(district=draft.district, town=draft.town, point=None)
    point, found = located(lat=draft.lat, lng=draft.lng, datum=draft.datum)
    if found is None and not draft.district:
        raise DraftInvalid([FieldProblem(field="address", problem=Problem.OUTSIDE_CITY)])
    is_kept = found is not None or not district_outlines()
    return Place(
        district=draft.district or found or "",
        town=draft.town,
        point=(round(point.lat, 6), round(point.lng, 6)) if is_kept else None,
        # Somebody who names another district is not where the danger is.
        zone=zone_at(point=point) if draft.district in ("", found) else None,
    )


def _matter(*, draft: TipDraft, place: Place) -> Matter:
    """Return what routing needs to know of a tip."""
    return Matter(
        industry=draft.industry,
        kind=draft.kind,
        district=place.district,
        town=place.town,
        zone=place.zone,
        in_danger=draft.in_danger,
        involves_death=mentions_death(text=draft.description),
        words=f"{draft.description}\n{draft.entity_name}",
    )


def _vault_for(*, draft: TipDraft, pinned: str) -> Vault | None:
    """Return the trusted vault; without one anonymous tips go on, real names are refused."""
    vault = trusted_vault(pinned=pinned)
    if vault is None and draft.identity_mode == IdentityMode.REAL_NAME:
        raise DraftInvalid([FieldProblem(field="identity_mode", problem=Problem.VAULT_CLOSED)])
    return vault


def _content_digests(
    *, draft: TipDraft, uploads: Sequence[evidence.Upload], inside: InsideDraft | None
) -> list[bytes]:
    """Return keyed digests of what was typed and photographed, that of the active key first.

    The sealed name differs each time and stays out. A retry may come after the active key has changed.
    """
    fields = {name: value for name, value in asdict(draft).items() if name not in ("envelope", "identity")}
    photos = [sha256(upload.data or b"").hexdigest() for upload in uploads]
    parts = [fields, photos, asdict(inside)] if inside else [fields, photos]
    text = json.dumps(parts, default=str, sort_keys=True, ensure_ascii=False)
    return active_keyring().digests(text.encode(), purpose="draft")


def _earlier(*, draft: TipDraft, digests: Sequence[bytes], today: date) -> Tip | None:
    """Return the tip this key already made; raises DraftInvalid when the key is used for anything else."""
    rows = Tip.everywhere.select_related("handling_unit")
    tip = rows.filter(idempotency_key=draft.idempotency_key).first()
    if tip is None:
        return None
    fresh = tip.received_date >= today - timedelta(days=RETRY_DAYS)
    if not fresh or bytes(tip.content_digest) not in digests:
        raise DraftInvalid([FieldProblem(field="idempotency_key", problem=Problem.KEY_USED)])
    return tip


def _lost_race(
    *, draft: TipDraft, digests: Sequence[bytes], today: date, entry: Entry | None
) -> Acknowledgement:
    tip = _earlier(draft=draft, digests=digests, today=today)
    if tip is None:
        raise NotReady("a unique number clashed twice")
    return _acknowledge_again(tip=tip, draft=draft, entry=entry)


def _log_entry(*, tip: Tip, entry: Entry | None) -> None:
    if entry is not None:
        audit.record(action="tip.enter", at=entry.at, actor=entry.actor, subject=tip.number)


def _acknowledge_again(*, tip: Tip, draft: TipDraft, entry: Entry | None) -> Acknowledgement:
    fresh = receipts.new_receipt()
    with transaction.atomic():
        locked = Tip.everywhere.select_for_update(of=("self",)).select_related("handling_unit").get(pk=tip.pk)
        if locked.receipts.count() >= receipts.RECEIPTS_PER_TIP:
            raise DraftInvalid([FieldProblem(field="idempotency_key", problem=Problem.KEY_USED)])
        fresh.row.tip = locked
        fresh.row.save(force_insert=True)
        messages.share_working_copies(tip=locked, receipt=fresh.row)
        _log_entry(tip=locked, entry=entry)
    return _acknowledgement(tip=locked, receipt=fresh.pretty, draft=draft)


@transaction.atomic
def _store(
    *,
    tip: Tip,
    begin: Callable[[], None],
    photos: Sequence[evidence.PreparedPhoto],
    vault: Vault | None,
    sealed: "identity.Sealed | None",
    receipt: receipts.NewReceipt,
) -> None:
    """Insert everything of one tip; what could be worked out before was, as all senders wait for each other here."""
    tip.save(force_insert=True)
    evidence.attach_photos(tip=tip, photos=photos, vault=vault, first=0)
    if sealed and vault:
        identity.store_identity(tip=tip, envelope=sealed[0], vault=vault, sealed_by=sealed[1])
    receipt.row.tip = tip
    receipt.row.save(force_insert=True)
    begin()


def begin_outside(
    *, tip: Tip, decision: routing.Decision, entry: Entry | None, periods: Sequence[Period]
) -> None:
    """Begin the legal way of a stored tip in the caller's transaction: routing, first periods and step, the event.

    Args:
        periods: those of `first_periods`, worked out before anybody waits for this transaction.
    """
    today = tip.received_date
    routing.store(tip=tip, decision=decision, at=day_start(today))
    for period in periods:
        period.tip = tip  # its key is known by now
    Period.objects.bulk_create(periods)
    HandlingStep.objects.create(
        tip=tip, action=Action.REGISTER, target=TipStatus.REGISTERED, taken_date=today
    )
    _log_entry(tip=tip, entry=entry)
    transaction.on_commit(partial(events.tip_submitted.send_robust, sender=Tip, tip_id=tip.pk))


def _new_tip(
    *,
    draft: TipDraft,
    place: Place,
    decision: routing.Decision,
    digest: bytes,
    today: date,
    photo_count: int,
) -> Tip:
    """Return the row of a tip, not stored yet."""
    tip = Tip(
        number=_free_number(year=today.year),
        idempotency_key=draft.idempotency_key,
        content_digest=digest,
        received_date=today,
        channel=draft.channel,
        kind=draft.kind,
        violation=draft.violation,
        industry=draft.industry,
        operations=list(draft.operations),
        in_danger=draft.in_danger,
        occurred_on=draft.occurred_on,
        district_id=place.district or None,
        town_id=place.town or None,
        handling_unit=decision.office,
        involves_death=decision.involves_death,
        identity_mode=draft.identity_mode,
        photo_count=photo_count,
    )
    tip.description, tip.entity_name = draft.description, draft.entity_name
    tip.entity_code, tip.address = draft.entity_code, draft.address
    tip.point = f"{place.point[0]},{place.point[1]}" if place.point else ""
    duplicates.set_blind_keys(tip=tip, regions=duplicates.region_names())
    return tip


def first_periods(*, tip: Tip) -> list[Period]:
    """Return the periods that run from the day of receipt: to decide, and to pass on what is another body's.

    Nothing is stored; the tip shows the one that runs out first, as lists do.
    """
    wanted = [Clock.DECIDE, *([Clock.PASS_ON] if tip.industry in COMPETENT_BODIES else [])]
    found = [clocks.new_period(tip=tip, clock=clock, start=tip.received_date) for clock in wanted]
    first = min(found, key=lambda period: period.due_date)
    tip.show_clock(clock=Clock(first.clock), started=first.started_date, due=first.due_date)
    return found


def _free_number(*, year: int) -> str:
    """Return a number no tip has or had; one query."""
    number = new_number(year=year)
    while _is_taken(number):
        number = new_number(year=year)
    return number


def _is_taken(number: str) -> bool:
    gone = PurgedNumber.objects.order_by().filter(number=number).values("number")
    return Tip.everywhere.order_by().filter(number=number).values("number").union(gone).exists()


def decide_by(*, received: date) -> date:
    """Return the last day for accepting or declining a tip received on `received`."""
    policy, overlay = policy_on(day=received), day_overlay()
    return add_working_days(start=received, days=policy.decide_working_days, overlay=overlay)


def latest_dates(*, decided_by: date, policy: DeadlinePolicy, overlay: DayOverlay) -> tuple[date, date]:
    """Return the last days for concluding and for answering, if acceptance takes until its own last day."""
    close_by = add_calendar_days(start=decided_by, days=policy.close_days, overlay=overlay)
    return close_by, add_calendar_days(start=close_by, days=policy.reply_days, overlay=overlay)


def _acknowledgement(*, tip: Tip, receipt: str, draft: TipDraft) -> Acknowledgement:
    policy, overlay = policy_on(day=tip.received_date), day_overlay()
    accept_by = add_working_days(start=tip.received_date, days=policy.decide_working_days, overlay=overlay)
    close_by, reply_by = latest_dates(decided_by=accept_by, policy=policy, overlay=overlay)
    body = competent_body(industry=tip.industry)
    days = policy.pass_on_working_days
    pass_on_by = add_working_days(start=tip.received_date, days=days, overlay=overlay) if body else None
    return Acknowledgement(
        number=tip.number,
        receipt=receipt,
        received_date=tip.received_date,
        office_name=tip.handling_unit.shown_name,
        photo_count=tip.photo_count,
        accept_by=accept_by,
        close_by=close_by,
        reply_by=reply_by,
        accept_open_year=open_year(due=accept_by, overlay=overlay),
        open_years=open_years(days=[accept_by, close_by, reply_by, pass_on_by], overlay=overlay),
        competent_body=body,
        pass_on_by=pass_on_by,
        is_point_dropped=draft.lat is not None and not tip.point,
    )

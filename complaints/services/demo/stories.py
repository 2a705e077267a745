"""What happens to each demo tip: acts planned first, then done in the order of their days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256

from django.contrib.auth.models import User

from complaints.enums import Action, Channel
from complaints.models import DeadlinePolicy, Tip
from complaints.rules.deadlines import DayOverlay
from complaints.rules.intake import Codes, read_draft
from complaints.rules.places import Datum
from complaints.services import handling, intake, messages, reporter
from complaints.services.evidence import Upload

from . import ages
from .offices import Facts
from .scenes import draw_photo

DECIDED_AFTER_DAYS = 3
REPLIED_AFTER_DAYS = 23
CLOSED_AFTER_DAYS = 30
SHELVED_AFTER_DAYS = 5


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What every story needs: the day, the calendar, the people, the divisions, the vault."""

    today: date
    now: datetime
    policy: DeadlinePolicy
    overlay: DayOverlay
    people: Mapping[str, User]
    codes: Codes
    vault_fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of one story; acts of one moment keep the order in which they were planned."""

    moment: datetime
    perform: Callable[[], None]


def idempotency_key(*, key: str) -> str:
    """Return the sender's key of a demo tip: fixed, so that a second loading finds it."""
    return sha256(f"anshao demo tip: {key}".encode()).hexdigest()[:32]


class Story:
    """One tip from its sending to where the demonstration leaves it."""

    def __init__(self, facts: Facts, stage: Stage) -> None:
        self.facts = facts
        self.stage = stage
        self.status = facts.get("status", "registered")
        self.receipt = ""
        self.number = ""
        self.tip_id = 0
        self.seed = int(idempotency_key(key=facts["key"])[:6], 16)
        self.decided, self.received = self._days()

    def _days(self) -> tuple[date, date]:
        """Return the day of the decision on acceptance and the day of receipt."""
        stage, wanted = self.stage, self.facts.get("left")
        if wanted is None:
            received = stage.today - timedelta(days=self.facts["ago"])
            return self._working(received + timedelta(days=DECIDED_AFTER_DAYS)), received
        search = {"today": stage.today, "left": wanted, "policy": stage.policy, "overlay": stage.overlay}
        if self.status == "accepted":
            decided = ages.closing_started(**search)
            return decided, decided - timedelta(days=DECIDED_AFTER_DAYS)
        received = ages.decision_started(**search)
        return received, received

    def acts(self) -> list[Act]:
        """Return everything that happens, in order."""
        plan = [Act(moment=intake.midnight(day=self.received), perform=self._submit)]
        plan += [self._message_act(message) for message in self.facts.get("messages", ())]
        if self.facts.get("take"):
            plan.append(self._officer_act(self._working(self.received + timedelta(days=1)), self._take))
        plan += [self._officer_act(day, partial(self._step, action)) for action, day in self._steps()]
        return sorted(plan, key=lambda act: act.moment)

    def _steps(self) -> list[tuple[Action, date]]:
        accept, decline = (Action.ACCEPT, self.decided), (Action.DECLINE, self.decided)
        reply = (Action.REPLY, self._working(self.received + timedelta(days=REPLIED_AFTER_DAYS)))
        close = (Action.CLOSE, self._working(self.received + timedelta(days=CLOSED_AFTER_DAYS)))
        shelve = (Action.CLOSE, self._working(self.decided + timedelta(days=SHELVED_AFTER_DAYS)))
        return {
            "registered": [],
            "accepted": [accept],
            "declined": [decline],
            "closed_declined": [decline, shelve],
            "replied": [accept, reply],
            "closed": [accept, reply, close],
        }[self.status]

    def _officer_act(self, day: date, perform: Callable[[datetime], None]) -> Act:
        moment = ages.office_moment(day=day, seed=self.seed, now=self.stage.now)
        return Act(moment=moment, perform=partial(perform, moment))

    def _message_act(self, facts: Facts) -> Act:
        day = self.stage.today - timedelta(days=facts["ago"])
        if facts["by"] == "officer":
            return self._officer_act(self._working(day), partial(self._write, facts))
        return Act(moment=intake.midnight(day=day), perform=partial(self._answer, facts, day))

    def _working(self, day: date) -> date:
        return ages.working_day_from(day=day, overlay=self.stage.overlay)

    @property
    def _officer(self) -> User:
        return self.stage.people[self.facts["officer"]]

    # --- acts ----------------------------------------------------------------------------------------------

    def _submit(self) -> None:
        uploads = _photos(self.facts.get("photos", ()))
        draft = read_draft(
            self._raw(),
            codes=self.stage.codes,
            today=self.received,
            photo_count=len(uploads),
            channel=Channel.SNAP if uploads else Channel.PORTAL,
        )
        told = intake.submit_tip(
            draft=draft, uploads=uploads, today=self.received, vault_fingerprint=self.stage.vault_fingerprint
        )
        self.receipt, self.number = told.receipt, told.number
        self.tip_id = Tip.objects.get(number=told.number).pk

    def _raw(self) -> dict[str, list[str]]:
        """Return the story's values as a form would send them."""
        facts = self.facts
        texts = ("kind", "violation", "industry", "description", "entity_name", "district", "town", "address")
        raw = {name: [str(facts[name])] for name in texts if facts.get(name)}
        raw["operations"] = list(facts.get("operations", ()))
        raw["idempotency_key"] = [idempotency_key(key=facts["key"])]
        raw["in_danger"] = ["1"] if facts.get("in_danger") else []
        if "point" in facts:
            raw["lat"], raw["lng"] = [str(facts["point"][0])], [str(facts["point"][1])]
            raw["datum"] = [Datum.GCJ02.value]
        if "occurred_before" in facts:
            raw["occurred_on"] = [(self.received - timedelta(days=facts["occurred_before"])).isoformat()]
        return raw | _identity(facts.get("identity"))

    def _take(self, at: datetime) -> None:
        handling.take_tip(tip_id=self.tip_id, actor=self._officer, at=at)

    def _step(self, action: Action, at: datetime) -> None:
        texts, reason = self._words(action)
        self._read()
        handling.record_step(
            tip_id=self.tip_id, action=action, actor=self._officer, at=at, texts=texts, reason=reason
        )

    def _words(self, action: Action) -> tuple[Mapping[str, str], str]:
        if action == Action.REPLY:
            return self.facts["reply"], ""
        if action == Action.DECLINE:
            return {"note": self.facts["decline"]["note"]}, self.facts["decline"]["reason"]
        note = self.facts.get("accept_note", "") if action == Action.ACCEPT else ""
        return {"note": note}, ""

    def _write(self, facts: Facts, at: datetime) -> None:
        self._read()
        messages.write_to_reporter(tip_id=self.tip_id, text=facts["text"], author=self._officer, at=at)

    def _read(self) -> None:
        """Whoever writes or decides has read what the reporter wrote."""
        tip = Tip.objects.get(pk=self.tip_id)
        newest = tip.messages.order_by("pk").values_list("pk", flat=True).last() or 0
        messages.mark_read(tip=tip, reader=self._officer, newest_shown=newest)

    def _answer(self, facts: Facts, day: date) -> None:
        reporter.send_message(
            typed=self.receipt,
            text=facts["text"],
            uploads=_photos(facts.get("photos", ())),
            today=day,
            vault_fingerprint=self.stage.vault_fingerprint,
        )


def _photos(wanted: list[str]) -> list[Upload]:
    files = [draw_photo(scene=name, seed=int(seed)) for name, seed in (item.split(":") for item in wanted)]
    return [Upload(data=data, size=len(data)) for data in files]


def _identity(facts: Facts | None) -> dict[str, list[str]]:
    if facts is None:
        return {}
    return {
        "identity_mode": ["real_name"],
        "name": [facts["name"]],
        "phone": [facts["phone"]],
        "is_employee": ["1"] if facts.get("is_employee") else [],
    }

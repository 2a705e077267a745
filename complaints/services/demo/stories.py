"""What happens to each demo tip: acts planned first, then done in the order of their days."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256

from django.contrib.auth.models import User

from complaints.enums import Channel
from complaints.models import DeadlinePolicy, Tip
from complaints.rules.deadlines import DayOverlay
from complaints.rules.intake import Codes, read_draft
from complaints.rules.places import Datum
from complaints.services import intake, messages, objections, reporter, steps

from . import ages
from .acts import DECISIONS, Doing, drawn_uploads, perform
from .offices import Facts

DECIDED_AFTER_DAYS = 3


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
    numbers: dict[str, str] = field(default_factory=dict)


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
        if any(act["do"] == "accept" for act in self.facts.get("acts", ())):
            decided = ages.closing_started(**search)
            return decided, decided - timedelta(days=DECIDED_AFTER_DAYS)
        received = ages.decision_started(**search)
        return received, received

    def acts(self) -> list[Act]:
        """Return everything that happens, in order."""
        dated = self._dated()
        plan = [Act(moment=steps.day_start(self.received), perform=self._submit)]
        plan += [self._message_act(message) for message in self.facts.get("messages", ())]
        answered = [day for facts, day in dated if facts["do"] == "reply"]
        plan += [self._reporter_act(facts, answered=answered) for facts in self.facts.get("later", ())]
        plan += [self._officer_act(day, partial(self._do, facts)) for facts, day in dated]
        return sorted(plan, key=lambda act: act.moment)

    def _dated(self) -> list[tuple[Facts, date]]:
        """Return the acts of staff with their days.

        What comes before the decision follows the receipt, what comes after it is spread evenly until the last act.
        """
        acts = self.facts.get("acts", ())
        decision = next((place for place, act in enumerate(acts) if act["do"] in DECISIONS), len(acts))
        rest = len(acts) - decision - 1
        last = max(self.decided, self.stage.today - timedelta(days=self.facts.get("last", 1)))
        days = [self.received + timedelta(days=1)] * decision + [self.decided]
        days += [self.decided + (last - self.decided) * place / rest for place in range(1, rest + 1)]
        return list(self._placed(zip(acts, days, strict=False)))

    def _placed(self, acts: Iterable[tuple[Facts, date]]) -> Iterator[tuple[Facts, date]]:
        """Yield the acts on working days, those with days of their own (`ago`, `after` the act before) on these."""
        before = self.received
        for act, day in acts:
            if "ago" in act:
                wanted = self.stage.today - timedelta(days=act["ago"])
            else:
                wanted = before + timedelta(days=act["after"]) if "after" in act else day
            before = self._working(max(before, wanted))
            yield act, before

    def _officer_act(self, day: date, perform: Callable[[datetime], None]) -> Act:
        moment = self._moment(day)
        return Act(moment=moment, perform=partial(perform, moment))

    def _message_act(self, facts: Facts) -> Act:
        day = self.stage.today - timedelta(days=facts["ago"])
        if facts["by"] == "officer":
            return self._officer_act(self._working(day), partial(self._write, facts))
        return Act(moment=steps.day_start(day), perform=partial(self._answer, facts, day))

    def _reporter_act(self, facts: Facts, *, answered: list[date]) -> Act:
        """Return what the reporter comes back for: after the answer, which a week of days off may have put off."""
        day = max([self.stage.today - timedelta(days=facts["ago"]), *answered[:1]])
        moment = steps.day_start(day)
        if day in answered:
            moment = self._moment(day) + timedelta(seconds=1)
        return Act(moment=moment, perform=partial(self._come_back, facts, day))

    def _moment(self, day: date) -> datetime:
        return ages.office_moment(day=day, seed=self.seed, now=self.stage.now)

    def _working(self, day: date) -> date:
        return ages.working_day_from(day=day, overlay=self.stage.overlay)

    @property
    def _officer(self) -> User:
        return self.stage.people[self.facts["officer"]]

    # --- acts ----------------------------------------------------------------------------------------------

    def _submit(self) -> None:
        uploads = drawn_uploads(self.facts.get("photos", ()))
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
        self.stage.numbers[self.facts["key"]] = told.number
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

    def _do(self, facts: Facts, at: datetime) -> None:
        self._read()
        actor = self.stage.people[facts["by"]] if "by" in facts else self._officer
        perform(
            Doing(
                tip_id=self.tip_id,
                actor=actor,
                at=at,
                facts=facts,
                vault_fingerprint=self.stage.vault_fingerprint,
                numbers=self.stage.numbers,
            )
        )

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
            uploads=drawn_uploads(facts.get("photos", ())),
            today=day,
            vault_fingerprint=self.stage.vault_fingerprint,
        )

    def _come_back(self, facts: Facts, day: date) -> None:
        """Do what the reporter does with the receipt after the answer, or instead of waiting for it."""
        if facts["do"] == "object":
            objections.object_to_answer(typed=self.receipt, text=facts["text"], today=day)
        elif facts["do"] == "rate":
            reporter.rate(typed=self.receipt, score=facts["score"], today=day)
        else:
            reporter.withdraw(typed=self.receipt, today=day)


def _identity(facts: Facts | None) -> dict[str, list[str]]:
    if facts is None:
        return {}
    return {
        "identity_mode": ["real_name"],
        "name": [facts["name"]],
        "phone": [facts["phone"]],
        "is_employee": ["1"] if facts.get("is_employee") else [],
    }

"""Rewards of the demonstration, from the proposal to where it leaves them; the calendar's part is played as well."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from complaints.enums import TipKind
from complaints.errors import ComplaintError
from complaints.models import Tip
from complaints.rules.reward_case import Case
from complaints.selectors.vaults import current_vault
from complaints.services import claims, identity, payments
from complaints.services.claim_terms import extend, forfeit, remind
from complaints.services.rewards import RewardDraft, approve_reward, propose_reward
from complaints.services.steps import day_start

from . import ages
from .offices import Facts
from .stories import Act, Stage, Story

DETAILS = ("name", "id_number", "bank", "account")


class StoryOfReward:
    """One reward of one demo tip."""

    def __init__(self, facts: Facts, *, story: Story, stage: Stage) -> None:
        self.facts, self.story, self.stage = facts, story, stage
        self.number, self.is_left = "", False

    def acts(self) -> list[Act]:
        """Return everything that happens, in order."""
        steps: Mapping[str, Callable[[datetime], None]] = {
            "propose": self._propose,
            "approve": self._approve,
            "extend": self._extend,
            "pay": self._pay,
        }
        plan = [
            self._staff_act(self.facts[name]["ago"], do, place=place)
            for place, (name, do) in enumerate(steps.items())
            if name in self.facts
        ]
        if "claim" in self.facts:
            day = self._day(self.facts["claim"]["ago"])
            plan.append(Act(moment=day_start(day), perform=partial(self._tried, partial(self._claim, day))))
        plan += [self._staff_act(ago, self._look, place=0) for ago in self.facts.get("calendar", ())]
        return plan

    def _day(self, ago: int) -> date:
        return self.stage.today - timedelta(days=ago)

    def _staff_act(self, ago: int, do: Callable[[datetime], None], *, place: int) -> Act:
        moment = ages.office_moment(day=self._day(ago), seed=self.story.seed, now=self.stage.now)
        # What one day brings follows each other, and nothing lies ahead.
        moment = min(moment + timedelta(minutes=place), self.stage.now) if ago else self.stage.now
        return Act(moment=moment, perform=partial(self._tried, partial(do, moment)))

    def _tried(self, do: Callable[[], None]) -> None:
        """Do it if the days of the tip allow it: holidays may have moved a penalty behind the day of its reward."""
        if self.is_left:
            return
        try:
            do()
        except ComplaintError:
            self.is_left = True

    def _propose(self, at: datetime) -> None:
        tip = Tip.objects.get(pk=self.story.tip_id)
        amount = self.facts.get("amount")
        draft = RewardDraft(
            case=Case(kind=TipKind(self.facts.get("kind", tip.kind))),
            amount=Decimal(amount) if amount else None,
            is_special=self.facts.get("special", False),
        )
        row = propose_reward(
            tip_id=tip.pk,
            actor=self.stage.people[self.facts["propose"]["by"]],
            at=at,
            draft=draft,
            texts={"deviation": self.facts.get("deviation", "")},
        )
        self.number = row.number

    def _approve(self, at: datetime) -> None:
        approve_reward(number=self.number, actor=self.stage.people[self.facts["approve"]["by"]], at=at)

    def _extend(self, at: datetime) -> None:
        said = self.facts["extend"]
        actor = self.stage.people[said["by"]]
        extend(number=self.number, days=said["days"], reason=said["reason"], actor=actor, at=at)

    def _claim(self, day: date) -> None:
        """Do what the reporter's browser does: the details are sealed before they are handed on."""
        pinned, tip = self.stage.vault_fingerprint, Tip.objects.get(pk=self.story.tip_id)
        code = claims.show_code(typed=self.story.receipt, number=self.number, today=day).code
        fields = {name: self.facts["claim"][name] for name in DETAILS}
        claims.claim_reward(
            typed=self.story.receipt,
            number=self.number,
            code=code,
            envelope=identity.seal_claim(
                fields=fields, vault=current_vault(pinned=pinned), number=tip.number
            ),
            today=day,
            vault_fingerprint=pinned,
        )

    def _pay(self, at: datetime) -> None:
        payments.pay(number=self.number, actor=self.stage.people[self.facts["pay"]["by"]], at=at)

    def _look(self, at: datetime) -> None:
        """Do what the daily task did that day."""
        remind(now=at)
        forfeit(now=at)


def reward_acts(*, rewards: list[Facts], stories: list[Story], stage: Stage) -> list[Act]:
    """Return the acts of the rewards of these stories; tips that were loaded before are left alone."""
    by_key = {story.facts["key"]: story for story in stories}
    known = [facts for facts in rewards if facts["tip"] in by_key]
    return [
        act for facts in known for act in StoryOfReward(facts, story=by_key[facts["tip"]], stage=stage).acts()
    ]


def first_year(*, rewards: list[Facts], today: date) -> int:
    """Return the earliest year in which one of these rewards is approved: it needs a budget."""
    agos = [facts["approve"]["ago"] for facts in rewards if "approve" in facts]
    return (today - timedelta(days=max(agos, default=0))).year

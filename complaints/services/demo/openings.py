"""Requests for opening in the demonstration: asked, approved, returned, run out, with nothing to open, handed over.

No name is opened: that takes a custodian's browser. The original that was handed over is a drawing whose hash is known.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from django.contrib.auth.models import User

from complaints.enums import UnsealTarget
from complaints.models import Tip, UnsealRequest
from complaints.services import custody, originals, unseal_expiry

from . import ages
from .acts import drawn_uploads
from .offices import Facts
from .stories import Act, Stage, idempotency_key

DECIDED_AFTER = timedelta(minutes=50)
OPENED_AFTER = timedelta(minutes=90)
HANDED_OVER_AFTER = timedelta(minutes=95)
RECEIVED_AFTER = timedelta(minutes=130)


class Opening:
    """One request from the asking to where the demonstration leaves it."""

    def __init__(self, facts: Facts, *, tip: Facts, stage: Stage) -> None:
        self.facts, self.tip, self.stage = facts, tip, stage
        self.asked_at = self._asked_at()

    def _asked_at(self) -> datetime:
        if self.facts["ago"] == 0:
            return self.stage.now - timedelta(hours=2)
        day = self.stage.today - timedelta(days=self.facts["ago"])
        seed = int(idempotency_key(key=self.tip["key"])[:6], 16)
        return ages.office_moment(day=day, seed=seed, now=self.stage.now)

    def acts(self) -> list[Act]:
        """Return everything that happens, in order."""
        plan = [(timedelta(0), self._ask)]
        if "approve" in self.facts:
            plan.append((DECIDED_AFTER, self._approve))
        if "refuse" in self.facts:
            plan.append((DECIDED_AFTER, self._refuse))
        if "open" in self.facts:
            plan += [
                (OPENED_AFTER, self._hand_out),
                (HANDED_OVER_AFTER, self._hand_over),
                (RECEIVED_AFTER, self._take_over),
            ]
        moments = [(min(self.asked_at + after, self.stage.now), perform) for after, perform in plan]
        acts = [Act(moment=moment, perform=partial(perform, moment)) for moment, perform in moments]
        if self.facts["ago"] and "approve" in self.facts and "open" not in self.facts:
            over = self.asked_at + DECIDED_AFTER + timedelta(days=1, minutes=1)
            acts.append(Act(moment=over, perform=partial(self._run_out, over)))
        return acts

    @property
    def _row(self) -> UnsealRequest:
        key = idempotency_key(key=self.tip["key"])
        return UnsealRequest.objects.filter(tip__idempotency_key=key).latest("pk")

    def _ask(self, at: datetime) -> None:
        tip = Tip.objects.get(idempotency_key=idempotency_key(key=self.tip["key"]))
        place = self.facts.get("photo")
        photo = str(tip.photos.order_by("position")[place - 1].public_id) if place else ""
        wish = custody.Wish(
            target=(UnsealTarget.ORIGINAL if place else UnsealTarget.IDENTITY).value,
            purpose=self.facts["purpose"],
            reason=self.facts["reason"],
            photo=photo,
        )
        custody.ask(tip_id=tip.pk, wish=wish, actor=self.stage.people[self.tip["officer"]], at=at)

    def _approve(self, at: datetime) -> None:
        said = self.facts["approve"]
        custody.approve(
            request_id=self._row.public_id,
            answer=said["answer"],
            confirmed=custody.CONFIRMATIONS,
            actor=self.stage.people[said["by"]],
            at=at,
        )

    def _refuse(self, at: datetime) -> None:
        said = self.facts["refuse"]
        actor = self.stage.people[said["by"]]
        custody.refuse(request_id=self._row.public_id, answer=said["answer"], actor=actor, at=at)

    def _hand_out(self, at: datetime) -> None:
        custody.hand_out(request_id=self._row.public_id, actor=self._custodian, at=at)

    def _hand_over(self, at: datetime) -> None:
        originals.hand_over(
            request_id=self._row.public_id, opened_sha256=self._digest, actor=self._custodian, at=at
        )

    def _take_over(self, at: datetime) -> None:
        row = self._row
        originals.take_over(request_id=row.public_id, received_sha256=self._digest, actor=row.asker, at=at)

    def _run_out(self, at: datetime) -> None:
        unseal_expiry.expire(at=at)

    @property
    def _custodian(self) -> User:
        return self.stage.people[self.facts["open"]["by"]]

    @property
    def _digest(self) -> str:
        drawn = drawn_uploads([self.tip["photos"][self.facts["photo"] - 1]])[0]
        return sha256(drawn.data or b"").hexdigest()


def opening_acts(*, openings: list[Facts], tips: Mapping[str, Facts], stage: Stage) -> list[Act]:
    """Return the acts of the requests on these tips, by their key; tips that were loaded before are left alone."""
    known = [facts for facts in openings if facts["tip"] in tips]
    return [act for facts in known for act in Opening(facts, tip=tips[facts["tip"]], stage=stage).acts()]

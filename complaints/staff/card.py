"""What a card of the right column is made of, and what cards are made from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from complaints.enums import Action
from complaints.errors import NotAllowed
from complaints.models import Tip, UnsealRequest
from complaints.rules.deadlines import DayOverlay
from complaints.selectors.casework import CaseRecord
from complaints.selectors.routing import Body

from .steps import StepForm
from .story import minute_text


@dataclass(frozen=True, kw_only=True)
class CardAct:
    """A button on a card: at once (`is_post`), through the dialog of a step, or to another page."""

    label: str
    url: str
    dialog: str = ""
    is_post: bool = False
    is_main: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card; `tone` is warn, bad, seal or empty, `number` a tip it speaks of, `small` is set apart below."""

    title: str
    icon: str
    tone: str = ""
    number: str = ""
    number_url: str = ""
    lines: tuple[str, ...] = ()
    small: str = ""
    acts: tuple[CardAct, ...] = ()
    comes_first: bool = False


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the cards are made from: the tip, its record, who looks at it when and which steps are open.

    `passes_on_to` is who answers for it where that is another body; `kept_from` are the acts that only the person's own
    part in the case keeps from them. `said` holds the newest words of colleagues by act.
    """

    tip: Tip
    user: User
    record: CaseRecord
    steps: Sequence[StepForm]
    now: datetime
    overlay: DayOverlay
    own_units: Collection[int]
    handles: bool
    requests: Sequence[UnsealRequest]
    passes_on_to: Body | None
    kept_from: Mapping[Action, type[NotAllowed]]
    said: Mapping[Action, str]

    def day(self, moment: datetime) -> str:
        """Return a moment to the minute."""
        return minute_text(moment, today=timezone.localdate(self.now))

    def why_not(self, *actions: Action) -> str:
        """Return why the own part in the case keeps the person from one of these steps, else nothing."""
        return next((str(self.kept_from[one].public_message) for one in actions if one in self.kept_from), "")

    def acts(self, *actions: Action, main: Action | None = None) -> tuple[CardAct, ...]:
        """Return buttons for those of these steps that are open now."""
        return tuple(
            CardAct(label=step.label, url=step.url, dialog=f"step-{step.action}", is_main=action == main)
            for action in actions
            for step in self.steps
            if step.action == action
        )

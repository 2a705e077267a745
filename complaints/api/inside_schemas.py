"""Bodies and answers about a tip inside a company."""

from datetime import date

from ninja import Schema

from .schemas import LineOut, Strict


class ConfirmationIn(Strict):
    """Whether the reward that a company says it paid has reached its reporter."""

    receipt: str
    is_received: bool


class AcceptanceIn(Strict):
    """Whether the reporter sees that what the company reported as put right is so."""

    receipt: str
    is_fixed: bool


class TurningIn(Strict):
    """Turning a report over to the bureau; `sure` must be true, as there is no way back."""

    receipt: str
    sure: bool


class InsideStepOut(Schema):
    """One act on a tip inside a company, to the day."""

    act: str
    label: str
    day: date


class InsideOut(Schema):
    """What the holder of a receipt sees of a tip inside a company.

    `due` is the last day of the period `clock` names, null when none runs. `can_turn`: `POST tips/inside/turn` takes
    it; `can_accept`: a fix that nobody else in the company could accept waits for `POST tips/inside/acceptance`;
    `can_confirm`: a reward waits for `POST tips/inside/confirmation`. Amounts in whole yuan, null before anything
    was paid; `special_yuan` came on top of `reward_yuan`, for `special_reason`.
    """

    number: str
    enterprise: str
    state: str
    state_label: str
    received_date: date
    clock: str
    clock_label: str
    due: date | None
    is_overdue: bool
    steps: list[InsideStepOut]
    messages: list[LineOut]
    can_write: bool
    can_turn: bool
    can_accept: bool
    can_confirm: bool
    reward_yuan: int | None
    special_yuan: int | None
    special_reason: str
    paid_on: date | None

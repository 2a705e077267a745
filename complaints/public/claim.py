"""The notice of a reward in the progress page: what its template shows, and the two acts of the reporter about it."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.enums import ClaimState, ClaimWay
from complaints.rules.texts import showable
from complaints.selectors.reward_words import yuan
from complaints.services.claims import ShownCode, claim_reward, show_code
from complaints.services.reporter import Progress
from complaints.services.reward_notices import RewardNotice

NUMBER_MAX_CHARS = 20
CODE_MAX_CHARS = 64


@dataclass(frozen=True, kw_only=True)
class RewardPanel:
    """One reward as the template shows it; `is_open` while it may be collected, `until` the last day for that."""

    number: str
    amount: str
    heading: str
    text: str
    until: date | None
    reason: str
    is_open: bool
    is_online: bool
    needs_code: bool
    has_code: bool
    place: str
    can_write: bool
    phone: str


def panels(*, notices: tuple[RewardNotice, ...], today: date, can_write: bool) -> tuple[RewardPanel, ...]:
    """Return the panels of a tip's rewards, those that can be collected first; `can_write` to the officers, below."""
    found = [_panel(one, today=today, can_write=can_write) for one in notices]
    return tuple(sorted(found, key=lambda one: not one.is_open))


def _panel(one: RewardNotice, *, today: date, can_write: bool) -> RewardPanel:
    is_open = one.is_open(today=today)
    heading, text = _words(one, is_open=is_open, can_write=can_write)
    return RewardPanel(
        number=one.number,
        amount=yuan(one.amount),
        heading=heading,
        text=text,
        until=max(one.due_date, one.last_day or one.due_date) if is_open else None,
        reason=one.reason,
        is_open=is_open,
        is_online=one.is_online,
        needs_code=one.needs_code,
        has_code=one.code_date is not None,
        place=one.place,
        can_write=can_write,
        phone=one.phone,
    )


def _words(one: RewardNotice, *, is_open: bool, can_write: bool) -> tuple[str, str]:
    if is_open:
        return _("A reward waits for you"), ""
    if one.state == ClaimState.CLAIMED:
        return _("Your reward is being paid"), _(
            "Your details have arrived, sealed. You read here when it is paid."
        )
    if one.state == ClaimState.PAID:
        text = (
            _("It was paid to you in person, against the code.")
            if one.way == ClaimWay.COUNTER
            else _("It was paid to the account you gave.")
        )
        return _("Your reward is paid"), text
    if one.state == ClaimState.RELEASED:
        return _("The reward was taken back"), ""
    if not can_write:
        return _("The reward has lapsed"), _("Nobody came for it in time.")
    return _("The reward has lapsed"), _(
        "Nobody came for it in time. If you had a good reason, write to the officers below."
    )


def show_claim_code(request: HttpRequest) -> ShownCode:
    """Make the claim code of a reward and show it in this answer alone."""
    return show_code(
        typed=request.POST.get("receipt", ""), number=reward_of(request), today=timezone.localdate()
    )


def claim(request: HttpRequest) -> Progress:
    """Take the details the browser sealed. Nothing clear is read here: the fields have no names."""
    return claim_reward(
        typed=request.POST.get("receipt", ""),
        number=reward_of(request),
        code=request.POST.get("claim_code", "")[:CODE_MAX_CHARS],
        envelope=request.POST.get("claim_envelope", ""),
        today=timezone.localdate(),
        vault_fingerprint=settings.VAULT_FINGERPRINT,
    )


def reward_of(request: HttpRequest) -> str:
    """Return the number of the reward a form is about; empty for the newest."""
    return showable(request.POST.get("reward", ""), longest=NUMBER_MAX_CHARS)

"""Progress as its template shows it: words for each state and milestone, no officer's name anywhere."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from complaints.enums import Action, DeclineReason, TipStatus
from complaints.services.handling import reply_headings
from complaints.services.reporter import Line, Milestone, Progress
from portal.shared.templatetags.face import day

from .claim import RewardPanel, panels

HEADLINES = {
    TipStatus.REGISTERED: _("Received. It is being decided whether we take it on."),
    TipStatus.SCREENING: _("Being read and checked. It is being decided whether we take it on."),
    TipStatus.ACCEPTED: _("Taken on. It is being looked into."),
    TipStatus.VERIFYING: _("The danger is being checked."),
    TipStatus.VERIFIED: _("The check is done and its result confirmed."),
    TipStatus.DISPOSED: _("Measures were taken."),
    TipStatus.DECLINED: _("Not taken on. The reason is below."),
    TipStatus.TRANSFERRED_OUT: _("Passed on to the authority that is responsible."),
    TipStatus.MERGED: _("Handled together with another tip."),
    TipStatus.REPLIED: _("Answered, not closed yet. The answer is below."),
    TipStatus.REVIEW: _("The answer is being looked at once more by the level above."),
    TipStatus.CLOSED: _("Closed. The answer is below."),
    TipStatus.ARCHIVED: _("Closed and filed. The answer is below."),
}
ENDED = (TipStatus.CLOSED, TipStatus.ARCHIVED)
DONE = {
    Action.REGISTER: _("Received"),
    Action.ACCEPT: _("Taken on"),
    Action.DECLINE: _("Not taken on"),
    Action.TRANSFER_OUT: _("Passed on to another authority"),
    Action.MERGE: _("Handled together with another tip"),
    Action.REOPEN: _("Reopened after the review"),
    Action.APPROVE_RESULT: _("Result confirmed"),
    Action.DISPOSE: _("Measures taken"),
    Action.REPLY: _("Answered"),
    Action.OBJECT: _("Answer under review"),
    Action.UPHOLD: _("Review over, the answer stands"),
    Action.WITHDRAW: _("Withdrawn by you"),
    Action.CLOSE: _("Closed and filed"),
}
AHEAD = {
    Action.ACCEPT: _("Decision whether we take it on"),
    Action.TRANSFER_OUT: _("Passing it on to the authority that is responsible"),
    Action.APPROVE_RESULT: _("Check and its result"),
    Action.DISPOSE: _("Measures against the danger"),
    Action.REPLY: _("Answer to you"),
    Action.UPHOLD: _("Decision of the review"),
    Action.CLOSE: _("Closing and filing"),
}
WAITING = {
    Action.TRANSFER_OUT: _("From then on they decide, by their own rules. You read here when it was done."),
    Action.ACCEPT: _("If it is not ours, you are told which authority has it."),
    Action.APPROVE_RESULT: _(
        "It is looked into, as a rule on the spot, and a leader signs the result. "
        "If more time is needed, you are told why."
    ),
    Action.DISPOSE: _("Whoever is responsible must put it right; a penalty may follow."),
    Action.REPLY: _("You are told what was found, what was decided and whether a reward is due."),
    Action.UPHOLD: _("Others than those who answered decide. You read the result here."),
}
TOLD = {
    Action.MERGE: _("It is about the same danger. Your receipt stays valid, and the answer comes here."),
    Action.REOPEN: _("The answer no longer counts. The danger is looked into anew."),
    Action.WITHDRAW: _("You get no answer. The danger is looked into all the same."),
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One milestone in words."""

    title: str
    text: str
    is_done: bool
    is_now: bool
    day: date | None
    due: date | None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One part of an answer; `heading` is empty for a text without parts."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer and its day.

    `is_review` where it is the result of a review that let the answer stand, `is_transfer` where it says which body has
    the tip now, `is_void` where a review took it back.
    """

    day: date
    is_review: bool
    is_transfer: bool
    is_void: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """Another body that answers for the tip, in a sentence, and its telephone or nothing.

    `additions` says where to tell what is new, once the body has the tip; empty before.
    """

    text: str
    phone: str
    additions: str = ""


@dataclass(frozen=True, kw_only=True)
class ProgressPage:
    """Plain values for the template; `objection_until` is None when there is nothing left to object to.

    `elsewhere` is there when another body has the tip or is going to have it.
    """

    number: str
    headline: str
    elsewhere: Elsewhere | None
    received_date: date
    steps: tuple[Step, ...]
    replies: tuple[Reply, ...]
    lines: tuple[Line, ...]
    can_write: bool
    open_years: tuple[int, ...]
    receipt_count: int
    notes: tuple[str, ...]
    objection_until: date | None
    can_withdraw: bool
    can_rate: bool
    rewards: tuple[RewardPanel, ...]


def progress_page(*, progress: Progress, today: date) -> ProgressPage:
    """Return the page of one tip."""
    until = progress.objection_until
    return ProgressPage(
        number=progress.number,
        headline=_headline(progress),
        elsewhere=_elsewhere(progress),
        received_date=progress.received_date,
        steps=tuple(_step(milestone, progress=progress) for milestone in progress.milestones),
        replies=_replies(progress),
        lines=progress.lines,
        can_write=progress.can_write,
        open_years=progress.open_years,
        receipt_count=progress.receipt_count,
        notes=_notes(progress),
        objection_until=until if until is not None and today <= until else None,
        can_withdraw=progress.can_withdraw,
        can_rate=progress.can_rate,
        rewards=panels(notices=progress.rewards, today=today, can_write=progress.can_write),
    )


def _replies(progress: Progress) -> tuple[Reply, ...]:
    """Return the answers; after an answer was upheld no other follows, so that the last is the review's.

    Once the case was reopened only an answer given since counts.
    """
    done = _done(progress)
    is_upheld = Action.UPHOLD in done
    counting = len(progress.replies) if Action.REPLY in done else len(progress.replies) + 1
    voided = range(1, counting) if Action.REOPEN in done else range(0)
    return tuple(
        Reply(
            day=line.day,
            items=split_reply(text=line.text),
            is_review=is_upheld and place == len(progress.replies),
            is_transfer=bool(progress.transferred_to) and place == len(progress.replies),
            is_void=place in voided,
        )
        for place, line in enumerate(progress.replies, start=1)
    )


def _done(progress: Progress) -> set[str]:
    return {milestone.action for milestone in progress.milestones if milestone.is_done}


def _headline(progress: Progress) -> str:
    """Return where the tip stands, in one sentence."""
    done = _done(progress)
    if progress.transferred_to:
        return gettext("Passed on to: %(body)s") % {"body": progress.transferred_to}
    if progress.passed_on_to and not progress.is_withdrawn:
        return gettext("Received. It will be passed on to: %(body)s") % {"body": progress.passed_on_to}
    if progress.status in ENDED and not progress.replies:
        return gettext("Closed.")
    if progress.is_withdrawn:
        return gettext("You withdrew this tip. The danger is looked into all the same.")
    if progress.status == TipStatus.REPLIED and Action.UPHOLD in done:
        return gettext("Looked at once more: the answer stands.")
    return str(HEADLINES[progress.status])


def _elsewhere(progress: Progress) -> Elsewhere | None:
    if progress.transferred_to:
        text = gettext("%(body)s has your tip now. What becomes of it they tell you, not we.")
        return Elsewhere(
            text=text % {"body": progress.transferred_to},
            phone=progress.transferred_phone,
            additions=_additions(progress) % {"body": progress.transferred_to},
        )
    if not progress.passed_on_to:
        return None
    text = gettext(
        "This industry is not ours: %(body)s answers for it. We pass your tip on and tell you here."
    )
    if by := progress.passed_on_by:
        text = gettext(
            "This industry is not ours: %(body)s answers for it. "
            "We pass your tip on by %(day)s at the latest and tell you here."
        )
        return Elsewhere(
            text=text % {"body": progress.passed_on_to, "day": day(by, progress.received_date)},
            phone=progress.passed_on_phone,
        )
    return Elsewhere(text=text % {"body": progress.passed_on_to}, phone=progress.passed_on_phone)


def _additions(progress: Progress) -> str:
    """Return where to tell what is new: what is written here is not passed on by itself."""
    if progress.can_write:
        return gettext(
            "%(body)s decides now: tell them what is new. What you write here only our officers read."
        )
    return gettext("Nothing can be added here any more. Tell %(body)s what is new.")


def _notes(progress: Progress) -> tuple[str, ...]:
    """Return what the days alone do not say: why they stand still or are later.

    Who was merged after the reason was told cannot read it and is told whom to ask.
    """
    notes = []
    if progress.paused_since is not None:
        values = {"day": day(progress.paused_since, progress.received_date)}
        notes.append(_pause_note(knows_why=Action.PAUSE in progress.reasons) % values)
    if progress.is_extended:
        notes.append(_extension_note(knows_why=Action.GRANT_EXTENSION in progress.reasons))
    return tuple(notes)


def _pause_note(*, knows_why: bool) -> str:
    if not knows_why:
        return gettext(
            "The period stands still since %(day)s, because another body decides first. "
            "If you want to know more, ask under “Talk with the officers”."
        )
    return gettext(
        "The period stands still since %(day)s. "
        "The reason stands under “Talk with the officers”; you read here when it goes on."
    )


def _extension_note(*, knows_why: bool) -> str:
    if not knows_why:
        return gettext(
            "More time was granted, once; the days above are the new ones. "
            "If you want to know the reason, ask under “Talk with the officers”."
        )
    return gettext(
        "More time was granted, once. The reason stands under “Talk with the officers”; "
        "the days above are the new ones."
    )


def _step(milestone: Milestone, *, progress: Progress) -> Step:
    action = Action(milestone.action)
    title = (DONE if milestone.is_done else AHEAD).get(action, action.label)
    return Step(
        title=str(title),
        text=_step_text(action, milestone=milestone, progress=progress),
        is_done=milestone.is_done,
        is_now=milestone.is_now,
        day=milestone.day,
        due=milestone.due,
    )


def _step_text(action: Action, *, milestone: Milestone, progress: Progress) -> str:
    if action == Action.REGISTER:
        return gettext("Handled by %(office)s.") % {"office": progress.office_name}
    if milestone.is_done:
        return str(TOLD.get(action, ""))
    return str(WAITING.get(action, "")) if milestone.is_now else ""


def split_reply(*, text: str) -> tuple[Item, ...]:
    """Return an answer in its parts: the four items of 106号, or the reason and the words of a refusal.

    What officers wrote stays as they wrote it; the headings are ours and come in the language of the page.
    """
    headings = _headings()
    lines = text.splitlines()
    reason = _reasons().get(lines[0]) if lines else None
    if reason:
        return (Item(heading=reason, text="\n".join(lines[1:]).strip()),)
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in lines:
        if line in headings:
            parts.append((headings[line], []))
        else:
            parts[-1][1].append(line)
    items = [Item(heading=heading, text="\n".join(lines).strip()) for heading, lines in parts]
    return tuple(item for item in items if item.heading or item.text)


def _headings() -> dict[str, str]:
    """Return the headings as they are sealed, in Chinese, with what they are called on this page."""
    with override("zh-hans"):
        sealed = reply_headings().values()
    return dict(zip(sealed, reply_headings().values(), strict=True))


def _reasons() -> dict[str, str]:
    """Return the reasons not to take a tip as they are sealed, in Chinese, with what they are called on this page."""
    with override("zh-hans"):
        sealed = [str(reason.label) for reason in DeclineReason]
    return dict(zip(sealed, (str(reason.label) for reason in DeclineReason), strict=True))

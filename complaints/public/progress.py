"""Progress as its template shows it: words for each state and milestone, no officer's name anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from complaints.enums import Action, TipStatus
from complaints.rules.deadlines import calendar_is_official
from complaints.services.reporter import Line, Milestone, Progress

HEADLINES = {
    TipStatus.REGISTERED: _("Received. It is being decided whether we take it on."),
    TipStatus.ACCEPTED: _("Taken on. It is being looked into."),
    TipStatus.DECLINED: _("Not taken on. The reason is below."),
    TipStatus.REPLIED: _("Answered, not closed yet. The answer is below."),
    TipStatus.CLOSED: _("Closed. The answer is below."),
}
DONE = {
    Action.REGISTER: _("Received"),
    Action.ACCEPT: _("Taken on"),
    Action.DECLINE: _("Not taken on"),
    Action.REPLY: _("Answered"),
    Action.CLOSE: _("Closed and filed"),
}
AHEAD = {
    Action.ACCEPT: _("Decision whether we take it on"),
    Action.REPLY: _("Answer to you"),
    Action.CLOSE: _("Closing and filing"),
}
WAITING = {
    Action.ACCEPT: _("If it is not ours, you are told which authority has it."),
    Action.REPLY: _("It is looked into and dealt with first. If more time is needed, you are told why."),
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
    """One answer and its day."""

    day: date
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class ProgressPage:
    """Plain values for the template."""

    number: str
    headline: str
    received_date: date
    steps: tuple[Step, ...]
    replies: tuple[Reply, ...]
    lines: tuple[Line, ...]
    can_write: bool
    open_years: tuple[int, ...]
    receipt_count: int


def progress_page(*, progress: Progress) -> ProgressPage:
    """Return the page of one tip."""
    return ProgressPage(
        number=progress.number,
        headline=headline_of(status=progress.status),
        received_date=progress.received_date,
        steps=tuple(_step(milestone, office=progress.office_name) for milestone in progress.milestones),
        replies=tuple(Reply(day=line.day, items=split_reply(text=line.text)) for line in progress.replies),
        lines=progress.lines,
        can_write=progress.can_write,
        open_years=_open_years(progress.milestones),
        receipt_count=progress.receipt_count,
    )


def headline_of(*, status: TipStatus) -> str:
    """Return the state in a sentence; a state that has none is called by its name."""
    return str(HEADLINES.get(status, status.label))


def _open_years(milestones: Sequence[Milestone]) -> tuple[int, ...]:
    """Return the years of days ahead whose public holidays are not announced yet."""
    years = sorted({milestone.due.year for milestone in milestones if milestone.due})
    return tuple(year for year in years if not calendar_is_official(year=year))


def _step(milestone: Milestone, *, office: str) -> Step:
    action = Action(milestone.action)
    title = (DONE if milestone.is_done else AHEAD).get(action, action.label)
    return Step(
        title=str(title),
        text=_step_text(action, milestone=milestone, office=office),
        is_done=milestone.is_done,
        is_now=milestone.is_now,
        day=milestone.day,
        due=milestone.due,
    )


def _step_text(action: Action, *, milestone: Milestone, office: str) -> str:
    if action == Action.REGISTER:
        return gettext("Handled by %(office)s.") % {"office": office}
    if milestone.is_now:
        return str(WAITING.get(action, ""))
    return ""


def split_reply(*, text: str) -> tuple[Item, ...]:
    """Return the parts of an answer under its official headings; any other text stays one part."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    known = _headings()
    for line in text.splitlines():
        if line in known:
            parts.append((line, []))
        else:
            parts[-1][1].append(line)
    items = [Item(heading=heading, text="\n".join(lines).strip()) for heading, lines in parts]
    return tuple(item for item in items if item.heading or item.text)


def _headings() -> Sequence[str]:
    """Return the headings as the official document has them: in Chinese, whatever the page speaks."""
    with override("zh-hans"):
        return (
            gettext("Conclusion of the verification"),
            gettext("What was found"),
            gettext("What was decided"),
            gettext("Whether a reward is due"),
        )

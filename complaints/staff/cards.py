"""The right column of a tip: what waits for whom, in cards that are there only when they say something."""

from collections.abc import Collection
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import Action, Clock, Ground, UnsealStatus
from complaints.models import DuplicateHint, Referral, Tip, Whistle
from complaints.selectors.rectifications import open_order
from complaints.selectors.referrals import awaited_day

from .card import Card, CardAct, Seen
from .clockface import day_text, provisional_words
from .rows import tip_url
from .signing_cards import extension_card, measure_card, result_card
from .story import name_of
from .timeline import duration_text, objector, score_text
from .unseal_words import chip_of, note_of, request_url

# Words of colleagues beyond this stand in the timeline.
WORDS_ON_CARD = 120
# Acts whose words a card repeats.
TOLD_ON_CARDS = frozenset({Action.SUPERVISE, Action.ANSWER_SUPERVISION})


def cards(seen: Seen) -> list[Card]:
    """Return the cards in the order of urgency; that on the sealed identity is always among them."""
    made = (
        _foreign_card(seen),
        _whistle_card(seen),
        result_card(seen),
        measure_card(seen),
        _objection_card(seen),
        _supervision_card(seen),
        extension_card(seen),
        _pause_card(seen),
        _referral_card(seen),
        _rectify_card(seen),
        *(_hint_card(hint, seen) for hint in seen.record.hints),
        _merged_card(seen),
        _transfer_card(seen),
        _identity_card(seen),
        _units_card(seen),
        _rating_card(seen),
    )
    return [card for card in made if card is not None]


def _foreign_card(seen: Seen) -> Card | None:
    body = seen.passes_on_to
    if body is None:
        return None
    return Card(
        title=_("Another body's industry"),
        icon="redirect",
        tone="bad",
        lines=tuple(
            filter(
                None,
                (
                    _("%(body)s answers for this industry.") % {"body": body.name},
                    _("Telephone: %(phone)s") % {"phone": body.phone} if body.phone else "",
                ),
            )
        ),
        small=_("Did the reporter tap the wrong industry? Then accept it; it stays here."),
        acts=seen.acts(Action.TRANSFER_OUT, main=Action.TRANSFER_OUT),
        comes_first=True,
    )


def _whistle_card(seen: Seen) -> Card | None:
    whistle = seen.record.whistle
    if whistle is None:
        return None
    ours = whistle.called_id in seen.own_units
    return _unanswered(whistle, seen, ours=ours) if whistle.answered_at is None else _coming(whistle, seen)


def _unanswered(whistle: Whistle, seen: Seen, *, ours: bool) -> Card:
    left = whistle.answer_by - seen.now
    late = left.total_seconds() < 0
    values = {"time": seen.day(whistle.answer_by), "left": duration_text(abs(left))}
    deadline = _("Answer by %(time)s, %(left)s late.") if late else _("Answer by %(time)s, %(left)s left.")
    at_once = next((step for step in seen.steps if step.action == Action.ANSWER_WHISTLE), None)
    # Nobody shows up for what is another body's unless somebody means to keep it.
    is_main = seen.passes_on_to is None
    acts = (CardAct(label=at_once.label, url=at_once.url, is_post=True, is_main=is_main),) if at_once else ()
    return Card(
        title=_("Whistle · waiting for you")
        if ours
        else _("Whistle · waiting for %(unit)s") % {"unit": whistle.called.name},
        icon="warning",
        tone="bad" if late else "warn",
        lines=(
            _("%(town)s whistled on %(time)s.")
            % {"town": whistle.town.name, "time": seen.day(whistle.raised_at)},
            *_with_warning(deadline % values, timezone.localdate(whistle.answer_by), seen),
        ),
        small=whistle.reason,
        acts=(*acts, *seen.acts(Action.RETURN_WHISTLE, Action.WITHDRAW_WHISTLE)),
        comes_first=True,
    )


def _coming(whistle: Whistle, seen: Seen) -> Card:
    day = whistle.arrive_by
    due = day_text(day, today=timezone.localdate(seen.now)) if day else ""
    late = day is not None and day < timezone.localdate(seen.now)
    return Card(
        title=_("%(unit)s is on its way") % {"unit": whistle.called.name},
        icon="pick",
        tone="bad" if late else "warn",
        lines=_with_warning(
            _("%(town)s waits; on site by %(day)s.") % {"town": whistle.town.name, "day": due}, day, seen
        ),
        small=whistle.reason,
        acts=seen.acts(Action.ARRIVE, Action.WITHDRAW_WHISTLE, main=Action.ARRIVE),
        comes_first=True,
    )


def _with_warning(line: str, day: date | None, seen: Seen) -> tuple[str, ...]:
    """Return a line with a last day, and that it may still move where the calendar of its year is not announced."""
    words = provisional_words(day=day, overlay=seen.overlay) if day else ""
    return (line, words) if words else (line,)


def _objection_card(seen: Seen) -> Card | None:
    rows = [row for row in seen.record.objections if row.reviewed_date is None]
    if not rows:
        return None
    # One review, whose period began with the first of them.
    first = rows[0]
    until = {"unit": first.office.name, "day": date_format(first.review_by, "DATE_FORMAT")}
    words = (
        [(objector(row, record=seen.record), row.words) for row in rows] if seen.record.reads_words else []
    )
    lines = (
        *_with_warning(_("%(unit)s reviews it by %(day)s.") % until, first.review_by, seen),
        *(line for said in words for line in said),
    )
    return Card(
        title=_("The reporter objects") if len(rows) == 1 else _("%(n)d reporters object") % {"n": len(rows)},
        icon="comment",
        tone="bad",
        lines=tuple(filter(None, lines)),
        acts=seen.acts(Action.REOPEN, Action.UPHOLD),
        comes_first=True,
    )


def _supervision_card(seen: Seen) -> Card | None:
    """What the level above wants to know, as long as nobody has answered it; then what was answered."""
    row = seen.record.supervision
    if row is None:
        return None
    day = date_format(row.answer_by, "DATE_FORMAT")
    values = {"asked": row.unit.name, "unit": row.office.name, "day": day}
    state = (
        _("%(asked)s answers %(unit)s by %(day)s.")
        if row.answered_date is None
        else _("Answered; %(unit)s decides whether it ends.")
    )
    told = Action.SUPERVISE if row.answered_date is None else Action.ANSWER_SUPERVISION
    acts = seen.acts(Action.ANSWER_SUPERVISION, Action.LIFT_SUPERVISION, main=Action.ANSWER_SUPERVISION)
    return Card(
        title=_("Under supervision"),
        icon="glasses",
        tone="bad",
        lines=(row.get_cause_display(), *_with_warning(state % values, row.answer_by, seen)),
        small=Truncator(seen.said.get(told, "")).chars(WORDS_ON_CARD, truncate="…"),
        acts=acts,
        comes_first=bool(acts),
    )


def _pause_card(seen: Seen) -> Card | None:
    period = seen.record.running(Clock.CLOSE)
    if period is None or period.paused_date is None:
        return None
    since = date_format(period.paused_date, "DATE_FORMAT")
    return Card(
        title=_("Period paused"),
        icon="time",
        tone="warn",
        lines=(_("Since %(day)s; another body decides first.") % {"day": since},),
        acts=seen.acts(Action.RESUME),
    )


def _referral_card(seen: Seen) -> Card | None:
    row = seen.record.referral
    if row is None or row.is_referred is False:
        return None
    names = pgettext("list", ", ").join(name_of(officer) for officer in row.officers.all())
    papers = CardAct(label=_("Papers and evidence (ZIP)"), url=reverse("tips:bundle", args=[seen.tip.number]))
    return Card(
        title=_("Criminal referral"),
        icon="site",
        tone="warn" if row.answered_date is None else "",
        lines=(*_with_warning(_referral_state(row, seen), awaited_day(row), seen), row.offence),
        small="\n".join(
            filter(None, [_("Officers: %(names)s") % {"names": names}, seen.why_not(Action.DECIDE_REFERRAL)])
        ),
        acts=(
            *seen.acts(
                Action.DECIDE_REFERRAL,
                Action.DROP_REFERRAL,
                Action.HAND_TO_POLICE,
                Action.POLICE_FILES,
                Action.POLICE_REFUSES,
                Action.RECONSIDER,
                main=Action.DECIDE_REFERRAL,
            ),
            *([papers] if seen.handles else []),
        ),
    )


def _referral_state(row: Referral, seen: Seen) -> str:
    """Return where a referral stands and what must happen by when."""
    if row.is_referred is None:
        return _("To be decided by %(day)s.") % {"day": date_format(row.decide_by, "DATE_FORMAT")}
    if row.transferred_at is None and row.transfer_by:
        return _("To be handed to the police by %(time)s.") % {"time": seen.day(row.transfer_by)}
    police = row.police_name
    if row.is_filed:
        return _("%(police)s opened a case.") % {"police": police}
    if row.answered_date is None and row.answer_by:
        day = date_format(row.answer_by, "DATE_FORMAT")
        return _("%(police)s answers by %(day)s.") % {"police": police, "day": day}
    if row.reconsidered_date is None and row.reconsider_by:
        day = date_format(row.reconsider_by, "DATE_FORMAT")
        return _("%(police)s opened no case; reconsideration until %(day)s.") % {"police": police, "day": day}
    return _("%(police)s opened no case.") % {"police": police}


def _rectify_card(seen: Seen) -> Card | None:
    row = open_order(tip=seen.tip, disposals=seen.record.disposals)
    if row is None or row.rectify_by is None:
        return None
    today = timezone.localdate(seen.now)
    values = {"day": day_text(row.rectify_by, today=today)}
    late = row.rectify_by < today
    return Card(
        title=_("Re-check overdue") if late else _("Ordered to rectify"),
        icon="view",
        tone="bad" if late else "",
        lines=_with_warning(
            _("To be rectified by %(day)s; nobody has found it rectified yet.") % values, row.rectify_by, seen
        ),
        small=_("The case can be filed once a re-check finds the danger removed."),
        acts=seen.acts(Action.RECHECK),
    )


def _hint_card(hint: DuplicateHint, seen: Seen) -> Card:
    number = seen.tip.number
    apart = (seen.tip.received_date - hint.earlier.received_date).days
    words = _("%(grounds)s, %(days)d days earlier.") if apart else _("%(grounds)s, received on the same day.")
    compare = CardAct(
        label=_("Compare, then merge"), url=reverse("tips:compare", args=[number, hint.earlier.number])
    )
    deny = CardAct(
        label=_("Not the same thing"), url=reverse("tips:dismiss", args=[number, hint.pk]), is_post=True
    )
    return Card(
        title=_("Possible duplicate"),
        icon="copy",
        number=hint.earlier.number,
        number_url=tip_url(number=hint.earlier.number),
        lines=(words % {"grounds": ground_words(hint.grounds), "days": apart},),
        acts=(compare, deny) if seen.handles else (compare,),
    )


def ground_words(grounds: Collection[str]) -> str:
    """Return why two tips may be the same thing."""
    labels = {value: str(label) for value, label in Ground.choices}
    return pgettext("list", ", ").join(labels.get(ground, ground) for ground in grounds)


def _merged_card(seen: Seen) -> Card | None:
    into, others = seen.record.lead, seen.record.merged
    if into is None and seen.tip.merged_into_id is not None:
        return Card(title=_("Merged"), icon="copy", lines=(_("Handled together with another tip."),))
    if into is not None:
        return Card(
            title=_("Merged"),
            icon="copy",
            number=into.number,
            number_url=tip_url(number=into.number),
            lines=(_("goes on for both; this receipt stays alive."),),
        )
    if not others:
        return None
    numbers = pgettext("list", ", ").join(map(_joined, others))
    return Card(
        title=_("Merged into this one"),
        icon="copy",
        lines=(_("%(numbers)s, in the order of acceptance.") % {"numbers": numbers},),
        small=_("Acts and answers reach all of these reporters. None of them knows of another."),
    )


def _joined(tip: Tip) -> str:
    return _("%(number)s (withdrawn)") % {"number": tip.number} if tip.withdrawn_date else tip.number


def _transfer_card(seen: Seen) -> Card | None:
    row = seen.record.transfer
    if row is None:
        return None
    letter = CardAct(label=_("Print the letter"), url=reverse("tips:letter", args=[seen.tip.number]))
    day = date_format(row.sent_date, "DATE_FORMAT")
    return Card(
        title=_("Transferred"),
        icon="redirect",
        lines=(_("To %(body)s on %(day)s.") % {"body": row.body, "day": day},),
        acts=(letter,),
    )


def _identity_card(seen: Seen) -> Card:
    """The same for every tip: whether a name was left is not told, and asking does not tell it (docs/adr/0027)."""
    today = timezone.localdate(seen.now)
    ask = CardAct(
        label=_("Ask for an opening"), url=reverse("tips:unseal", args=[seen.tip.number]), dialog="unseal-ask"
    )
    told = [
        CardAct(label=f"{row.number} · {chip_of(row).word}", url=request_url(row))
        for row in seen.requests[:3]
    ]
    # When a note was read stands on its own page: here a bare moment would say nothing.
    waiting = [note_of(row, today=today) for row in seen.requests[:1] if row.status != UnsealStatus.READ]
    return Card(
        title=_("Identity sealed or not left"),
        icon="lock",
        tone="seal",
        lines=(
            _("What a message can clear up needs no opening. This system cannot open anything by itself."),
            *filter(None, waiting),
        ),
        acts=(*([ask] if seen.handles else []), *told),
    )


def _units_card(seen: Seen) -> Card | None:
    tip = seen.tip
    joint = [row for row in tip.units.all() if row.ended_date is None]
    if not joint:
        return None
    lead = _("%(part)s: %(unit)s") % {"part": _("Lead unit"), "unit": tip.handling_unit.name}
    others = (
        _("%(part)s: %(unit)s") % {"part": row.get_part_display(), "unit": row.office.name} for row in joint
    )
    return Card(
        title=_("Units taking part"),
        icon="group",
        lines=(lead, *others),
        acts=seen.acts(Action.LEAVE),
    )


def _rating_card(seen: Seen) -> Card | None:
    row = seen.record.rating
    if row is None:
        return None
    return Card(title=_("Rating by the reporter"), icon="success", lines=(score_text(row.score),))

"""A tip from the poster of an enterprise: into the company, or past it as an ordinary tip about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from complaints.enums import Addressee, IdentityMode, InsideClock, InsideState
from complaints.models import Enterprise, InsidePolicy
from complaints.rules.intake import TipDraft
from complaints.rules.internal import PAST_THE_COMPANY, clock_after, goes_to
from complaints.rules.internal_draft import InsideDraft, words_for_bureau
from complaints.selectors.deadlines import day_overlay
from complaints.selectors.internal import has_managers_besides, managers_named

from .evidence import Upload
from .intake import Acknowledgement, submit_tip
from .leaving import DESCRIPTION_MAX, inside_labels


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the sender is told: whom it went to, whether otherwise than chosen, the first last day inside.

    `is_past_the_company`: the chosen kind never goes to a company. `names_manager`: the words name somebody who would
    have read it; inside, that person does not see it. Redirected without either, nobody there reads any more.
    """

    done: Acknowledgement
    to: Addressee
    was_redirected: bool
    is_past_the_company: bool
    names_manager: bool
    mode: IdentityMode
    first_due: date | None


def tell_from_poster(
    *,
    draft: TipDraft,
    inside: InsideDraft,
    enterprise: Enterprise,
    uploads: Sequence[Upload],
    today: date,
    vault_fingerprint: str,
) -> Told:
    """Store a tip where it goes; the company hears nothing of one that goes past it.

    Where its words name everybody who would read it, it goes past the company as well.

    Raises:
        DraftInvalid, StorageFull, TooBusy, NotReady: as `submit_tip`; nothing was stored.
    """
    named = managers_named(enterprise, texts=_texts(draft, inside=inside))
    is_there = has_managers_besides(enterprise, named=named)
    to = goes_to(chosen=inside.to, kind=draft.kind, has_managers=is_there)
    is_inside = to == Addressee.UNIT
    done = submit_tip(
        draft=draft if is_inside else _with_inside(draft, inside=inside),
        uploads=uploads,
        today=today,
        vault_fingerprint=vault_fingerprint,
        inside=inside if is_inside else None,
    )
    return Told(
        done=done,
        to=to,
        was_redirected=to != inside.to,
        is_past_the_company=draft.kind in PAST_THE_COMPANY,
        names_manager=bool(named),
        mode=draft.identity_mode,
        first_due=_first_due(today=today) if is_inside else None,
    )


def _texts(draft: TipDraft, *, inside: InsideDraft) -> tuple[str, ...]:
    return (draft.description, draft.address, inside.workshop, inside.post, inside.suggestion)


def _with_inside(draft: TipDraft, *, inside: InsideDraft) -> TipDraft:
    """Put workshop, post and suggestion behind the words: officers read one text."""
    words = "\n".join(filter(None, (draft.description, words_for_bureau(inside, labels=inside_labels()))))
    return replace(draft, description=words[:DESCRIPTION_MAX])


def _first_due(*, today: date) -> date | None:
    _clock, due = clock_after(
        state=InsideState.RECEIVED,
        day=today,
        running=(InsideClock.NONE, None),
        terms=InsidePolicy.terms_on(day=today),
        overlay=day_overlay(),
    )
    return due

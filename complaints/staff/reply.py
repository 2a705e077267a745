"""Writing the reply: four items, a look at what the reporter will see, and one more question before it goes out."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints import policies
from complaints.enums import Action, Clock
from complaints.errors import ComplaintError, DraftInvalid, TipNotFound
from complaints.models import ReplyDraft, ReplyTemplate
from complaints.rules import workflow
from complaints.selectors.deadlines import policy_on
from complaints.selectors.history import history_of
from complaints.selectors.replies import draft_of, reply_templates
from complaints.services import handling

from .acts.forms import Typed
from .clockface import ClockFace, period_face
from .first_words import first_words
from .private_words import private_chips
from .rows import tip_url
from .steps import StepField
from .story import minute_text
from .tip_views import TipView, words_kept

# The officer was shown what the check found, and lets it stand.
STANDS = "stands"


class ReplyView(TipView):
    """Ask for the four items, ask once more, then send; what was saved before comes back."""

    template_name = "complaints/staff/reply.html"
    http_method_names = ["get", "head", "post"]
    is_checked = False
    is_draft = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_reply():
            return HttpResponseRedirect(tip_url(number=self.tip.number))
        self.is_draft = self.draft is not None
        words = words_of(self.draft) if self.draft else self._first_words()
        self.typed = Typed(action=Action.REPLY, values=words)
        return self.page()

    def _first_words(self) -> dict[str, str]:
        return first_words(record=self.known.record, today=self.known.today)

    @cached_property
    def draft(self) -> ReplyDraft | None:
        """What this person saved; nobody else's is looked for."""
        return draft_of(tip=self.tip, author=self.user)

    @property
    def items_sent(self) -> dict[str, str]:
        """The four items as they came with the request."""
        return {name: self.request.POST.get(name, "") for name in workflow.REPLY_ITEMS}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        values = self.items_sent
        self.typed = Typed(action=Action.REPLY, values=values)
        try:
            with self.sent_from_page():
                if not self._was_asked(values):
                    handling.check_reply(tip_id=self.tip.pk, actor=self.user, at=self.now, texts=values)
                    self.is_checked = True
                    return self.page()
                handling.record_step(
                    tip_id=self.tip.pk, action=Action.REPLY, actor=self.user, at=self.now, texts=values
                )
        except TipNotFound:
            return words_kept(request)
        except DraftInvalid as error:
            self.typed = Typed(action=Action.REPLY, values=values, problems=error.problems)
            return self.refuse(error)
        except ComplaintError as error:
            return self.refuse(error)
        return self.back(_("The reply is out. Only the receipt opens it."))

    def _was_asked(self, values: Mapping[str, str]) -> bool:
        """Say whether the last question was answered: another one where the words seem to hold a person's number."""
        answer = self.request.POST.get("confirmed")
        return answer == STANDS or (answer == "1" and not private_chips(_joined(values), tip=self.tip))

    def may_reply(self) -> bool:
        history = history_of(tip=self.tip, today=timezone.localdate(self.now))
        moves = policies.moves_open_to(self.user, self.tip, history)
        return any(move.action == Action.REPLY for move in moves)

    def get_page_title(self) -> str:
        return pgettext("to the reporter", "Reply")

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        *start, tip = super().get_breadcrumbs_items()
        own = {"url": "", "label": pgettext("to the reporter", "Reply")}
        return [*start, {**tip, "url": tip_url(number=self.tip.number)}, own]

    header_buttons = []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        assert self.typed is not None
        templates, items = reply_templates(), reply_items(self.typed)
        return {
            **context,
            "items": items,
            # A long text above would hide what is wrong below it: the page opens at the first item refused.
            "opens_at": next((item.name for item in items if item.error), ""),
            "templates": templates,
            "template_texts": [_texts_of(row) for row in templates],
            "is_checked": self.is_checked,
            "findings": private_chips(_joined(self.typed.values), tip=self.tip),
            "deadline": self._deadline(),
            "hearers": self._hearers(),
            "draft_said": saved_words(self.draft, today=self.known.today) if self.draft else "",
            "is_draft": self.is_draft,
            "objection_days": policy_on(day=timezone.localdate(self.now)).objection_days,
        }

    def _hearers(self) -> list[str]:
        """Return whose reporters get the answer, where several reported the same; who withdrew is spared it."""
        record = self.known.record
        return [row.number for row in (self.tip, *record.merged) if record.merged and not row.withdrawn_date]

    def _deadline(self) -> ClockFace | None:
        """Return the period for the answer; it began when the result was signed."""
        period = self.known.record.running(Clock.REPLY)
        if period is None:
            return None
        today = timezone.localdate(self.now)
        return period_face(
            clock=Clock.REPLY,
            started=period.started_date,
            due=period.due_date,
            today=today,
            overlay=self.known.overlay,
        )


def _joined(values: Mapping[str, str]) -> str:
    return "\n".join(values.values())


def words_of(draft: ReplyDraft) -> dict[str, str]:
    """Return the four items of a saved draft."""
    return {name: getattr(draft, name) for name in workflow.REPLY_ITEMS}


def saved_words(draft: ReplyDraft | None, *, today: date) -> str:
    """Return when a draft was saved and who sees it, or that there was nothing to save."""
    if draft is None:
        return _("Nothing is written, so no draft is kept.")
    when = minute_text(draft.saved_at, today=today)
    return _("Draft saved %(when)s. Only you see it; it goes when the reply is out.") % {"when": when}


def _texts_of(row: ReplyTemplate) -> dict[str, str]:
    return {"id": str(row.pk), **{name: getattr(row, name) for name in workflow.REPLY_ITEMS}}


def reply_items(typed: Typed) -> list[StepField]:
    """Return the four items a reply must hold (106号), with what was typed."""
    labels = handling.reply_headings()
    hints = {
        "conclusion": _("True, partly true, not true or not verifiable, in one sentence."),
        "findings": _("When you were there, what you looked at, what you found."),
        "decision": _("Order to rectify, penalty case or referral, with the time limit."),
        "reward": _("If so how to collect it; if not, which condition is missing."),
    }
    return [
        StepField(
            name=name,
            label=labels[name],
            hint=hints[name],
            is_required=True,
            value=typed.values.get(name, ""),
            error=typed.error(name),
        )
        for name in workflow.REPLY_ITEMS
    ]

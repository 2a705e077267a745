"""The page of one tip and the acts on it; each act also works as a plain form."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages as notices
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from complaints import policies
from complaints.enums import Action
from complaints.errors import ComplaintError, DraftInvalid, IllegalMove, Overtaken, TipNotFound
from complaints.models import HandlingStep, Tip
from complaints.selectors import tips as selectors
from complaints.services import handling, merging, messages, notes, steps, viewing
from complaints.services.counter import WORDS_STAND
from complaints.services.evidence import read_uploads
from portal.shared.bilingual import in_a_row

from .acts.forms import Act, Kind, Typed
from .acts.sent import Sent, is_key
from .acts.table import ACTS
from .gathered import Gathered, gather
from .labels import Chip
from .private_words import private_chips
from .rows import tip_url
from .story import moment_text, taker_of
from .tip_page import TipPage, tip_page

# The key of the newest step on the page from which a form was sent.
SEEN = "seen"
_NO_WORDS = frozenset({"csrfmiddlewaretoken", "confirmed", "next", "to", SEEN, WORDS_STAND})


def words_kept(request: HttpRequest) -> HttpResponse:
    """Answer that there is no such tip (any more), with what was typed for it; raises Http404 when nothing was."""
    typed = [request.POST.get(name, "").strip() for name in request.POST if name not in _NO_WORDS]
    words = [text for text in typed if text]
    if not words:
        raise Http404
    return render(request, "complaints/staff/gone.html", {"words": words}, status=TipNotFound.status)


class TipView(WagtailAdminTemplateMixin, TemplateView):
    """Show one tip within scope; anything else is not there."""

    template_name = "complaints/staff/tip.html"
    http_method_names = ["get", "head"]
    request: HttpRequest
    tip: Tip
    typed: Typed | None = None
    opened = ""
    refusal = ""
    said: tuple[str, ...] = ()
    found: Sequence[Chip] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.tip = selectors.tip_for(user=request.user, number=kwargs["number"])
        except TipNotFound:
            return words_kept(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self.page()
        if not self.shows_nothing:
            newest = self.sheet.newest_message
            viewing.note_words_read(tip=self.tip, reader=self.user, newest_shown=newest)
        return response

    @property
    def shows_nothing(self) -> bool:
        return self.request.method == "HEAD"

    def page(self, *, status: int = 200) -> HttpResponse:
        """Return the page with whatever was typed and refused; whoever gets it has seen the tip, and that is logged."""
        if not self.shows_nothing:
            viewing.note_tip_viewed(tip=self.tip, viewer=self.user, at=self.now)
        response: HttpResponse = self.render_to_response(self.get_context_data(), status=status)
        return response.render() if hasattr(response, "render") else response

    @cached_property
    def known(self) -> Gathered:
        return gather(tip=self.tip, user=self.user, now=self.now)

    @cached_property
    def sheet(self) -> TipPage:
        return tip_page(known=self.known, typed=self.typed, opened=self.opened)

    def get_page_title(self) -> str:
        return self.tip.number

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        inbox = {"url": reverse("tips:index"), "label": _("Inbox")}
        return [*self.breadcrumbs_items, inbox, {"url": "", "label": self.tip.number}]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        named = [
            (_("Previous tip"), self.sheet.previous_url, "arrow-left", "k", 10),
            (_("Next tip"), self.sheet.next_url, "arrow-right", "j", 20),
        ]
        return [
            HeaderButton(
                label,
                url=url,
                icon_name=icon,
                icon_only=True,
                priority=priority,
                attrs={"data-controller": "w-kbd", "data-w-kbd-key-value": key},
            )
            for label, url, icon, key, priority in named
            if url
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "page": self.sheet,
            "refusal": self.refusal,
            "said": self.said,
            "message_typed": self._typed_in("message"),
            "say_error": self._error_of("message"),
            "say_found": self.found,
            "note_typed": self._typed_in("note"),
            "note_error": self._error_of("note"),
        }

    def _typed_in(self, form: str) -> str:
        return self.typed.values["text"] if self.typed and self.typed.action == form else ""

    def _error_of(self, form: str) -> str:
        return self.typed.error("text") if self.typed and self.typed.action == form else ""

    def refuse(self, error: ComplaintError) -> HttpResponse:
        """Return the page again, with what was typed, saying why nothing was recorded."""
        if not isinstance(error, DraftInvalid):
            self.refusal = self.why_not(error)
        return self.page(status=error.status)

    def why_not(self, error: ComplaintError) -> str:
        """Return the sentences of a refusal; where somebody was faster, who that was, as the timeline has it."""
        if not isinstance(error, IllegalMove):
            return str(error.public_message)
        self.tip = selectors.tip_by_id(user=self.user, tip_id=self.tip.pk)
        if isinstance(error, Overtaken):
            return self._taken_first(selectors.steps_of(tip=self.tip).get(pk=error.step_id))
        faster = self._faster_step()
        if type(error) is not IllegalMove:
            return in_a_row([faster, str(error.public_message)])
        state = {"state": self.tip.get_status_display()}
        return faster or _("Nothing was recorded: this step is not possible now (state: %(state)s).") % state

    def _faster_step(self) -> str:
        """Return who took a step after the page was made that the form was sent from, nothing when nobody did."""
        last = selectors.steps_of(tip=self.tip).last()
        if last is None or self.seen is None or last.pk <= self.seen:
            return ""
        return self._taken_first(last)

    @property
    def seen(self) -> int | None:
        """The newest step on the page the form was sent from; None where the form does not say."""
        typed = self.request.POST.get(SEEN, "")
        return int(typed) if is_key(typed) else None

    def sent_from_page(self) -> AbstractContextManager[None]:
        """Return what acts are taken within: what the page could not know by then is not acted upon."""
        return steps.sent_from(tip_id=self.tip.pk, newest_step=self.seen)

    def _taken_first(self, step: HandlingStep) -> str:
        return _("Nothing was recorded: %(who)s took the step “%(step)s” on %(when)s.") % {
            "who": taker_of(step),
            "step": step.get_action_display(),
            "when": moment_text(step, today=timezone.localdate(self.now)),
        }

    def back(self, told: str) -> HttpResponse:
        """Return to the tip's page with a word of confirmation."""
        notices.success(self.request, told)
        return HttpResponseRedirect(tip_url(number=self.tip.number))


class StepView(TipView):
    """Ask for one act, then take it: the form is data, the act names its one service."""

    http_method_names = ["get", "head", "post"]
    act: Act

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        slug = kwargs["action"]
        if slug not in ACTS or slug == Action.REPLY:
            raise Http404
        self.act, self.opened = ACTS[slug], slug
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.typed = _typed(request, act=self.act)
        try:
            with self.sent_from_page():
                self.act.take(self._sent())
        except ComplaintError as error:
            is_gone = isinstance(error, TipNotFound) and not self._is_within_reach()
            return words_kept(request) if is_gone else self._refused(error)
        return self.back(_("Recorded: %(step)s.") % {"step": self.act.label})

    def _sent(self) -> Sent:
        assert self.typed is not None
        return Sent(
            basics={"tip_id": self.tip.pk, "actor": self.user, "at": self.now},
            action=min(self.act.actions),
            typed=self.typed,
            today=timezone.localdate(self.now),
            uploads=read_uploads(self.request.FILES.getlist("photos")) if self.act.takes_photos else (),
            vault_fingerprint=settings.VAULT_FINGERPRINT,
        )

    def _refused(self, error: ComplaintError) -> HttpResponse:
        """Show the form again with what was typed; words for an act that is not open any more come back beside it."""
        assert self.typed is not None
        typed = self.typed
        problems = error.problems if isinstance(error, DraftInvalid) else ()
        self.typed = Typed(action=typed.action, values=typed.values, several=typed.several, problems=problems)
        self.said = tuple(typed.words)
        return self.refuse(error)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        is_open = any(step.is_open for step in self.sheet.steps)
        # An open dialog hides the page: what was wrong is told in it.
        told = {"refusal": "", "step_refusal": self.refusal} if is_open else {"refusal": self.refusal}
        return {**context, **told, "said": () if is_open else self.said}

    def _is_within_reach(self) -> bool:
        return selectors.is_visible(user=self.user, tip_id=self.tip.pk)

    def back(self, told: str) -> HttpResponse:
        """Return to the tip, or to the inbox when the act took it out of the person's reach."""
        if self._is_within_reach():
            return super().back(told)
        notices.success(self.request, told)
        return HttpResponseRedirect(reverse("tips:index"))


def _typed(request: HttpRequest, *, act: Act) -> Typed:
    """Return what was sent for the fields of this act, and nothing else."""
    single = [one.name for one in act.fields if one.kind not in (Kind.SOME, Kind.PHOTOS)]
    several = [one.name for one in act.fields if one.kind == Kind.SOME]
    return Typed(
        action=act.slug,
        values={name: request.POST.get(name, "") for name in single},
        several={name: request.POST.getlist(name) for name in several},
    )


class SayView(TipView):
    """Words for somebody, typed at the foot of the page; what is refused stands there again."""

    http_method_names = ["post"]
    form = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text, to = request.POST.get("text", ""), request.POST.get("to", "")
        self.found = self.doubts(text)
        if self.found:
            self.typed = Typed(action=self.form, values={"text": text, "to": to})
            return self.page()
        try:
            return self.say(text=text, to=to)
        except TipNotFound:
            return words_kept(request)
        except ComplaintError as error:
            problems = error.problems if isinstance(error, DraftInvalid) else ()
            self.typed = Typed(action=self.form, values={"text": text, "to": to}, problems=problems)
            self.said = (text,)
            return self.refuse(error)

    def doubts(self, text: str) -> list[Chip]:
        """Return what to ask about before these words are left."""
        return []

    @abstractmethod
    def say(self, *, text: str, to: str) -> HttpResponse:
        """Leave the words and return where to go on; raises ComplaintError."""


class TalkView(SayView):
    """Write to the reporter, or to all or one of those whose tips were put together.

    Words that seem to name a person are asked about once, as at the counter.
    """

    form = "message"

    def doubts(self, text: str) -> list[Chip]:
        """Return what seems to name a person, until the writer says that the words stand."""
        is_asked = not self.request.POST.get(WORDS_STAND) and policies.may_write(self.user, self.tip)
        return private_chips(text, tip=self.tip) if is_asked else []

    def say(self, *, text: str, to: str) -> HttpResponse:
        messages.write_to_reporter(tip_id=self.tip.pk, text=text, author=self.user, at=self.now, to=to)
        return self.back(_("Sent. Only the receipt opens your words."))


class NoteView(SayView):
    """Leave colleagues a note."""

    form = "note"

    def say(self, *, text: str, to: str) -> HttpResponse:
        notes.leave_note(tip_id=self.tip.pk, author=self.user, at=self.now, text=text)
        notices.success(self.request, _("Your note is with the tip. Reporters never see it."))
        return HttpResponseRedirect(tip_url(number=self.tip.number) + "#tab-notes")


class DismissView(TipView):
    """Say that another tip is not the same thing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            merging.dismiss_hint(hint_id=kwargs["hint_id"], actor=self.user, at=self.now)
        except TipNotFound:
            raise Http404 from None
        except ComplaintError as error:
            return self.refuse(error)
        return self.back(_("Recorded: not the same thing."))


class TakeView(TipView):
    """Take a tip on that nobody handles yet."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            handling.take_tip(tip_id=self.tip.pk, actor=self.user, at=self.now)
        except TipNotFound:
            return words_kept(request)
        except ComplaintError as error:
            return self.refuse(error)
        return self.back(_("This tip is yours now."))

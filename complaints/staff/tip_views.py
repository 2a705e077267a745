"""The page of one tip and the acts on it; each act also works as a plain form."""

from datetime import date
from functools import cached_property
from typing import Any

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

from complaints.enums import Action
from complaints.errors import ComplaintError, DraftInvalid, IllegalMove, TipNotFound
from complaints.models import Tip
from complaints.rules.workflow import REPLY_ITEMS
from complaints.selectors import tips as selectors
from complaints.services import handling, messages, viewing

from .rows import tip_url
from .steps import Typed
from .story import moment_text, name_of
from .tip_page import TipPage, tip_page

WORDS = ("note", "text", *REPLY_ITEMS)


def words_kept(request: HttpRequest) -> HttpResponse:
    """Answer that there is no such tip (any more), with what was typed for it; raises Http404 when nothing was."""
    words = [text for name in WORDS if (text := request.POST.get(name, "").strip())]
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
    said = ""

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
    def today(self) -> date:
        return timezone.localdate()

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
            viewing.note_tip_viewed(tip=self.tip, viewer=self.user, at=timezone.now())
        response: HttpResponse = self.render_to_response(self.get_context_data(), status=status)
        return response.render() if hasattr(response, "render") else response

    @cached_property
    def sheet(self) -> TipPage:
        return tip_page(tip=self.tip, user=self.user, today=self.today, typed=self.typed, opened=self.opened)

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
            "say_error": self.typed.error("text") if self.typed else "",
        }

    def refuse(self, error: ComplaintError) -> HttpResponse:
        """Return the page again, with what was typed, saying why nothing was recorded."""
        if not isinstance(error, DraftInvalid):
            self.refusal = (
                self._what_happened() if isinstance(error, IllegalMove) else str(error.public_message)
            )
        return self.page(status=error.status)

    def _what_happened(self) -> str:
        """Return who was faster, as the timeline has it."""
        self.tip.refresh_from_db()
        last = selectors.steps_of(tip=self.tip).last()
        if last is None:
            return str(IllegalMove.public_message)
        return _("Nothing was recorded: %(who)s took the step “%(step)s” on %(when)s.") % {
            "who": name_of(last.actor),
            "step": last.get_action_display(),
            "when": moment_text(last, today=self.today),
        }

    def back(self, told: str) -> HttpResponse:
        """Return to the tip's page with a word of confirmation."""
        notices.success(self.request, told)
        return HttpResponseRedirect(tip_url(number=self.tip.number))


class StepView(TipView):
    """Ask for one step, then take it."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["action"] not in (Action.ACCEPT, Action.DECLINE, Action.CLOSE):
            raise Http404
        self.opened = kwargs["action"]
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        values = {name: request.POST.get(name, "") for name in ("note", "reason")}
        try:
            step = handling.record_step(
                tip_id=self.tip.pk,
                action=Action(kwargs["action"]),
                actor=self.user,
                at=timezone.now(),
                texts=values,
                reason=values["reason"],
            )
        except TipNotFound:
            return words_kept(request)
        except ComplaintError as error:
            problems = error.problems if isinstance(error, DraftInvalid) else ()
            self.typed = Typed(action=kwargs["action"], values=values, problems=problems)
            self.said = "" if isinstance(error, DraftInvalid) else values["note"]
            return self.refuse(error)
        return self.back(_("Recorded: %(step)s.") % {"step": step.get_action_display()})


class TalkView(TipView):
    """Write to the reporter."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = request.POST.get("text", "")
        try:
            messages.write_to_reporter(tip_id=self.tip.pk, text=text, author=self.user, at=timezone.now())
        except TipNotFound:
            return words_kept(request)
        except ComplaintError as error:
            problems = error.problems if isinstance(error, DraftInvalid) else ()
            self.typed = Typed(action="message", values={"text": text}, problems=problems)
            self.said = text
            return self.refuse(error)
        return self.back(_("Sent. Only the receipt opens your words."))


class TakeView(TipView):
    """Take a tip on that nobody handles yet."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            tip = handling.take_tip(tip_id=self.tip.pk, actor=self.user, at=timezone.now())
        except TipNotFound:
            return words_kept(request)
        except ComplaintError as error:
            return self.refuse(error)
        if tip.handler_id != self.user.pk:
            self.tip.refresh_from_db()
            self.refusal = _("Nothing was changed: %(who)s took this tip on a moment ago.") % {
                "who": name_of(tip.handler)
            }
            return self.page(status=409)
        return self.back(_("This tip is yours now."))

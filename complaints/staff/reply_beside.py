"""Beside the reply: its draft, saved by button, key or by itself, and the copy a unit prints for its file."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.enums import Action
from complaints.errors import ComplaintError, DraftInvalid, TipNotFound
from complaints.services import handling, reply_drafts, viewing
from portal.shared.bilingual import in_a_row

from .acts.forms import Typed
from .casefile import reply_copy
from .reply import ReplyView, reply_items, saved_words
from .tip_views import words_kept


class DraftView(ReplyView):
    """Save what is written so far, or throw it away; a script gets one sentence back, a plain form the page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.typed = Typed(action=Action.REPLY, values=self.items_sent)
        try:
            said = self._dropped() if "drop" in request.POST else self._saved()
        except ComplaintError as error:
            return self._not_saved(error)
        if self._is_asked_by_script:
            return JsonResponse({"said": said})
        return HttpResponseRedirect(reverse("tips:reply", args=[self.tip.number]))

    def _saved(self) -> str:
        draft = reply_drafts.save_draft(
            tip_id=self.tip.pk, author=self.user, at=self.now, texts=self.items_sent
        )
        return saved_words(draft, today=self.known.today)

    def _dropped(self) -> str:
        reply_drafts.drop_draft(tip=self.tip, author=self.user)
        return ""

    @property
    def _is_asked_by_script(self) -> bool:
        return self.request.headers.get("Accept") == "application/json"

    def _not_saved(self, error: ComplaintError) -> HttpResponse:
        if isinstance(error, DraftInvalid):
            assert self.typed is not None
            self.typed = Typed(action=Action.REPLY, values=self.typed.values, problems=error.problems)
        if self._is_asked_by_script:
            words = _("Not saved: %(why)s") % {"why": self._why(error)}
            return JsonResponse({"said": words}, status=error.status)
        return words_kept(self.request) if isinstance(error, TipNotFound) else self.refuse(error)

    def _why(self, error: ComplaintError) -> str:
        if isinstance(error, DraftInvalid) and self.typed is not None:
            words = pgettext("what is wrong with a part", "%(part)s: %(problem)s")
            faults = [one for one in reply_items(self.typed) if one.error]
            return in_a_row(words % {"part": one.label, "problem": one.error} for one in faults)
        return self.why_not(error)


class ReplyCopyView(ReplyView):
    """The answer as it is written now, for the printer: once it is out, only the receipt opens it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.typed = Typed(action=Action.REPLY, values=self.items_sent)
        try:
            handling.check_reply_open(tip_id=self.tip.pk, actor=self.user, at=self.now)
        except TipNotFound:
            return words_kept(request)
        except ComplaintError as error:
            return self.refuse(error)
        viewing.note_paper(action="tip.reply_copy", tip=self.tip, viewer=self.user, at=self.now)
        values = {"copy": reply_copy(tip=self.tip, user=self.user, now=self.now, words=self.typed.values)}
        return render(request, "complaints/staff/print/reply.html", values)

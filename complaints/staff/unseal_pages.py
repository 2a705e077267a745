"""Pages of one request: where it stands and who is next, the decision, the opening, the sheet of the hand-over."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic import TemplateView
from wagtail.admin import messages as notices
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from complaints.enums import UnsealAct, UnsealPurpose, UnsealStatus, UnsealTarget
from complaints.errors import ComplaintError, DraftInvalid, RequestNotFound
from complaints.models import UnsealRequest
from complaints.rules.custody import ASKERS, LEADERS
from complaints.selectors import custody as selectors
from complaints.selectors.waiting import since_when
from complaints.services import custody, originals
from complaints.services.unseal_expiry import expire

from .acts.forms import Typed
from .rows import tip_url
from .story import minute_text, name_of
from .tip_facts import Fact
from .unseal_form import DECIDE, answer_field, confirmations
from .unseal_gate import entered, misplaced
from .unseal_script import script_words
from .unseal_sheet import sheet_of
from .unseal_since import since_words
from .unseal_words import chip_of, ends_of, history, note_of, request_url, unit_of, waits_for, what_of


class RequestView(WagtailAdminTemplateMixin, TemplateView):
    """One request for whoever's business it is; for anybody else it is not there."""

    template_name = "complaints/staff/unseal/request.html"
    http_method_names = ["get", "head"]
    header_icon = "key"
    request: HttpRequest
    row: UnsealRequest
    typed: Typed | None = None
    refusal = ""
    opened = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            expire(at=self.now)
        try:
            self.row = selectors.as_of(entered(user=self.user, public_id=kwargs["public_id"]), now=self.now)
        except RequestNotFound:
            raise Http404 from None
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @cached_property
    def open_acts(self) -> frozenset[UnsealAct]:
        return selectors.acts_open_to(user=self.user, row=self.row, now=self.now)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page()

    def page(self, *, status: int = 200) -> HttpResponse:
        """Return the page with whatever was typed and refused."""
        response: HttpResponse = self.render_to_response(self.get_context_data(), status=status)
        return response

    def get_page_title(self) -> str:
        return self.row.number

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        every = {"url": reverse("unseal:index"), "label": _("Requests for opening")}
        return [*self.breadcrumbs_items, every, {"url": "", "label": self.row.number}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "row": self.row,
            "title": _("%(what)s: tip %(number)s")
            % {"what": what_of(self.row), "number": self.row.tip.number},
            "chip": chip_of(self.row),
            "ends": ends_of(self.row),
            "note": note_of(self.row, today=self.today),
            "waits": waits_for(self.row),
            "facts": self._facts(),
            "tip_url": self._tip_url(),
            "entries": history(steps=selectors.steps_of(row=self.row), today=self.today),
            "refusal": self.refusal,
            "urls": {name: request_url(self.row, name) for name in _VIEWS},
            "words": script_words(),
            **self._ways(),
        }

    def _ways(self) -> dict[str, Any]:
        """Return which parts of the page this person gets: the decision, the opening, the note, the file."""
        row, typed = self.row, self.typed or Typed(action="")
        is_asker, is_file = row.asker_id == self.user.pk, row.target == UnsealTarget.ORIGINAL
        return {
            "may_decide": UnsealAct.APPROVE in self.open_acts,
            "is_deciding": self.opened == DECIDE,
            "answer": answer_field(typed),
            "confirmations": confirmations(),
            "confirm_error": typed.error("confirmed"),
            "ticked": typed.several.get("confirmed", ()),
            "may_open": UnsealAct.HAND_OUT in self.open_acts and row.delivered_at is None,
            "is_reader": is_asker and not is_file and UnsealAct.GIVE_KEY in self.open_acts,
            "has_note": bool(row.has_note),  # type: ignore[attr-defined]  # annotated by the selector
            "take_back": self._take_back(),
            "may_confirm": is_asker and is_file and row.status == UnsealStatus.OPENED and row.delivered_at,
            "sha256_error": typed.error("sha256"),
            "is_used": row.custodian_id is not None,
        }

    def _take_back(self) -> str:
        """Return the words of the button that ends the request before anything was delivered; empty without one."""
        act = self.own_end
        return str(act.label) if act in self.open_acts and self.row.delivered_at is None else ""

    @property
    def own_end(self) -> UnsealAct:
        """How this person ends a request: as its asker, or as a leader."""
        return UnsealAct.WITHDRAW if self.row.asker_id == self.user.pk else UnsealAct.REVOKE

    def _tip_url(self) -> str:
        seen = selectors.seen_tips(user=self.user, rows=[self.row])
        return tip_url(number=self.row.tip.number) if seen else ""

    def _facts(self) -> list[Fact]:
        row = self.row
        pairs = [
            (_("What"), what_of(row)),
            (_("Purpose"), str(UnsealPurpose(row.purpose).label)),
            (_("Asker"), " · ".join(filter(None, [name_of(row.asker), unit_of(row.asker)]))),
            (_("Asked"), minute_text(row.asked_at, today=self.today)),
            (_("Reason"), row.reason),
            (_("Answer"), row.answer),
        ]
        return [Fact(label=label, value=value, is_wide=True) for label, value in pairs if value]

    def refuse(self, error: ComplaintError) -> HttpResponse:
        """Return the page as things are now, saying why nothing was done."""
        if not isinstance(error, DraftInvalid):
            self.refusal = str(error.public_message)
        self.row = selectors.request_for(user=self.user, public_id=self.row.public_id)
        self.__dict__.pop("open_acts", None)
        return self.page(status=error.status)

    def back(self, told: str) -> HttpResponse:
        """Return to the request with a word of confirmation."""
        notices.success(self.request, told)
        return HttpResponseRedirect(request_url(self.row))


_VIEWS = (
    "request",
    "decide",
    "open",
    "take_back",
    "key",
    "envelope",
    "file",
    "note",
    "fault",
    "read",
    "confirm",
    "sheet",
    "password",
)


class DecideView(RequestView):
    """A leader's decision; the password first."""

    http_method_names = ["get", "head", "post"]
    opened = DECIDE

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.typed = Typed(
            action=DECIDE,
            values={"answer": request.POST.get("answer", "")},
            several={"confirmed": request.POST.getlist("confirmed")},
        )
        try:
            return self.back(self._decide(request.POST))
        except ComplaintError as error:
            problems = error.problems if isinstance(error, DraftInvalid) else ()
            self.typed = Typed(
                action=DECIDE, values=self.typed.values, several=self.typed.several, problems=problems
            )
            return self.refuse(error)

    def _decide(self, posted: Mapping[str, str]) -> str:
        """Approve or return, and say what follows; any other button does nothing."""
        assert self.typed is not None
        values: dict[str, Any] = {
            "request_id": self.row.public_id,
            "answer": self.typed.values["answer"],
            "actor": self.user,
            "at": self.now,
        }
        if posted.get("decision") == "refuse":
            custody.refuse(**values)
            return _("Returned. The asker reads your reason.")
        row = custody.approve(**values, confirmed=self.typed.several["confirmed"])
        if row.status == UnsealStatus.NOTHING:
            return _("Approved, but there is nothing to open. The request is over.")
        return _("Approved. A custodian opens it; you need do nothing more.")


class OpenView(RequestView):
    """The three steps of a custodian; the password first. Nothing is uploaded from here but what was sealed."""

    template_name = "complaints/staff/unseal/open.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if UnsealAct.HAND_OUT not in self.open_acts or self.row.delivered_at is not None:
            return HttpResponseRedirect(request_url(self.row))
        try:
            selectors.sealed_thing(row=self.row)
        except ComplaintError as error:
            misplaced(request, row=self.row, error=error, now=self.now)
            return HttpResponseRedirect(request_url(self.row))
        return self.page()

    def get_page_title(self) -> str:
        return pgettext("a sealed thing", "Open")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        thing = selectors.sealed_thing(row=self.row)
        version = thing.vault_version if thing else 0
        return {
            **super().get_context_data(**kwargs),
            "vault_version": version,
            "fingerprint": selectors.fingerprint_of_vault(version=version),
            "is_file": self.row.target == UnsealTarget.ORIGINAL,
            "has_reader": bool(self.row.asker_key),
            "reader_key": self.row.asker_key,
            "sealed_sha256": thing.sha256 if thing else "",
            "standings": self._standings(),
        }

    def _standings(self) -> list[Fact]:
        """Return since when asker and approver hold their role: a custodian who knows them knows whether that is so."""
        ends = [
            (_("Asker"), self.row.asker, ASKERS[UnsealTarget(self.row.target)]),
            (_("Approver"), self.row.approver, LEADERS),
        ]
        people = [person for _label, person, _roles in ends if person is not None]
        known = since_when(user_ids=[person.pk for person in people], office_id=self.row.tip.handling_unit_id)
        return [
            Fact(label=label, value=since_words(person, known[person.pk], roles=roles, today=self.today))
            for label, person, roles in ends
            if person is not None
        ]


class TakeBackView(RequestView):
    """The asker withdraws a request, a leader takes an approval back. No password: nothing is shown by it, and a
    mistake costs a new request, not a name."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        end = custody.withdraw if self.own_end == UnsealAct.WITHDRAW else custody.revoke
        try:
            end(request_id=self.row.public_id, actor=self.user, at=self.now)
        except ComplaintError as error:
            return self.refuse(error)
        return self.back(_("Taken back. Nothing is handed out for this request any more."))


class PasswordView(RequestView):
    """Where a script sends somebody who must give the password once more, in a tab of its own."""

    template_name = "complaints/staff/unseal/password.html"


class ConfirmView(RequestView):
    """The asker confirms the file that was handed over."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = request.POST.get("sha256", "")
        try:
            originals.take_over(
                request_id=self.row.public_id, received_sha256=typed, actor=self.user, at=self.now
            )
        except ComplaintError as error:
            problems = error.problems if isinstance(error, DraftInvalid) else ()
            self.typed = Typed(action="confirm", values={"sha256": typed}, problems=problems)
            return self.refuse(error)
        return self.back(_("Confirmed: the file is with you."))


class SheetView(RequestView):
    """The chain-of-custody sheet for the printer; there is none before an envelope was handed out."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.row.custodian is None:
            raise Http404
        values = {"sheet": sheet_of(row=self.row, user=self.user, now=self.now)}
        return render(request, "complaints/staff/unseal/sheet.html", values)

"""The back office of tips: which addresses exist. What Wagtail would add (edit, delete, copy, history) does not."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet

from complaints.models import Tip

from .case_draft import DraftCaseView
from .city_map import MapView
from .counter import CounterView
from .file_views import BundleView, CompareView, FileView, LetterView
from .find import FindView
from .inbox import InboxView
from .photos import photo
from .reauth import recently_authenticated
from .reply import ReplyView
from .reply_beside import DraftView, ReplyCopyView
from .tip_views import DismissView, NoteView, StepView, TakeView, TalkView, TipView
from .unseal_ask import AskView


class TipViewSet(ModelViewSet):
    """Inbox, page, steps, papers and photos of tips."""

    model = Tip
    name = "tips"
    icon = "mail"
    menu_label = _("Inbox")
    menu_order = 50
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = InboxView
    exclude_form_fields: list[str] = []

    def on_register(self) -> None:
        """Add the menu item and nothing else: no permissions in group forms, no reference index, no edit links."""
        self.register_menu_item()

    def get_urlpatterns(self) -> list[URLPattern]:
        inbox, rows = InboxView.as_view, {"results_only": True}
        names = {"index_url_name": "tips:index", "index_results_url_name": "tips:index_results"}
        return [
            path("", inbox(**names), name="index"),
            path("results/", inbox(**names, **rows), name="index_results"),
            path("view/<slug:tab>/", inbox(**names), name="view"),
            path("view/<slug:tab>/results/", inbox(**names, **rows), name="view_results"),
            path("map/", MapView.as_view(**names), name="map"),
            path("view/<slug:tab>/map/", MapView.as_view(**names), name="view_map"),
            path("find/", FindView.as_view(), name="find"),
            path("new/", CounterView.as_view(), name="new"),
            path("photo/<uuid:public_id>/<slug:part>/", photo, name="photo"),
            path("<slug:number>/", TipView.as_view(), name="inspect"),
            path("<slug:number>/step/<slug:action>/", StepView.as_view(), name="step"),
            path("<slug:number>/message/", TalkView.as_view(), name="message"),
            path("<slug:number>/take/", TakeView.as_view(), name="take"),
            path("<slug:number>/case/", DraftCaseView.as_view(), name="draft_case"),
            path("<slug:number>/reply/", ReplyView.as_view(), name="reply"),
            path("<slug:number>/reply/draft/", DraftView.as_view(), name="reply_draft"),
            path("<slug:number>/reply/copy/", ReplyCopyView.as_view(), name="reply_copy"),
            path("<slug:number>/note/", NoteView.as_view(), name="note"),
            path("<slug:number>/compare/<slug:other>/", CompareView.as_view(), name="compare"),
            path("<slug:number>/hint/<int:hint_id>/dismiss/", DismissView.as_view(), name="dismiss"),
            path("<slug:number>/unseal/", recently_authenticated(AskView.as_view()), name="unseal"),
            path("<slug:number>/file/", FileView.as_view(), name="file"),
            path("<slug:number>/letter/", LetterView.as_view(), name="letter"),
            path("<slug:number>/bundle/", BundleView.as_view(), name="bundle"),
        ]


tip_viewset = TipViewSet()

"""The section of legal outreach in the menu of the back office."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from home.models import SiteVideo
from portal.shared.picture_chooser import PictureChooser

from .liaison import PointViewSet, VisitViewSet
from .matters import MatterViewSet
from .plans import PlanViewSet


class VideoViewSet(SnippetViewSet):
    """Videos by file."""

    model = SiteVideo
    icon = "media"
    copy_view_enabled = False
    list_display = ["title", "length"]
    search_fields = ["title"]
    panels = [
        FieldPanel("title"),
        FieldPanel("title_en"),
        FieldPanel("file"),
        FieldPanel("seconds"),
        FieldPanel("poster", widget=PictureChooser),
        FieldPanel("captions"),
        FieldPanel("transcript"),
    ]


class OutreachGroup(SnippetViewSetGroup):
    """What editors and officers keep besides pages."""

    items = (VisitViewSet, PointViewSet, PlanViewSet, MatterViewSet, VideoViewSet)
    menu_label = _("Legal outreach")
    menu_icon = "openquote"
    menu_order = 210

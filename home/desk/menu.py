"""The section of legal outreach in the menu of the back office."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from .liaison import PointViewSet, VisitViewSet
from .matters import MatterViewSet
from .plans import PlanViewSet
from .videos import VideoViewSet


class OutreachGroup(SnippetViewSetGroup):
    """What editors and officers keep besides pages."""

    items = (VisitViewSet, PointViewSet, PlanViewSet, MatterViewSet, VideoViewSet)
    menu_label = _("Legal outreach")
    menu_icon = "openquote"
    menu_order = 210

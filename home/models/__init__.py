"""Pages, pictures and settings of the public site."""

from .outreach import ContentPage, OutreachIndexPage
from .pages import HomePage, ProtectionPage
from .pictures import SitePicture, SiteRendition
from .settings import BureauSettings

__all__ = [
    "BureauSettings",
    "ContentPage",
    "HomePage",
    "OutreachIndexPage",
    "ProtectionPage",
    "SitePicture",
    "SiteRendition",
]

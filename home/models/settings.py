"""Site settings of the bureau: names, hotlines, registrations; empty ones are hidden."""

from dataclasses import dataclass
from functools import partial
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from portal.shared.bilingual import in_language
from portal.shared.kept_parts import own_copy, part


@dataclass(frozen=True, kw_only=True)
class BureauWords:
    """The settings as a page shows them, in its language as far as there are words."""

    site_name: str
    bureau_name: str
    short_bureau_name: str
    hotline: str
    city_hotline: str
    hotline_hours: str
    visit_place: str
    icp: str
    police_registration: str
    site_code: str
    header_text: str
    footer_text: str


IN_BOTH = (
    "site_name",
    "bureau_name",
    "short_bureau_name",
    "hotline_hours",
    "visit_place",
    "header_text",
    "footer_text",
)
IN_ONE = ("hotline", "city_hotline", "icp", "police_registration", "site_code")


@register_setting(icon="cog")
class BureauSettings(BaseSiteSetting):
    """Who runs the site and how to reach them."""

    site_name = models.CharField(_("site name"), max_length=20, default="安哨")
    bureau_name = models.CharField(_("organiser (主办单位)"), max_length=60, default="应急管理局")
    short_bureau_name = models.CharField(
        _("short name of the organiser"), max_length=30, default="应急管理局"
    )
    hotline = models.CharField(_("work-safety hotline"), max_length=20, default="12350")
    city_hotline = models.CharField(_("city hotline"), max_length=20, default="12345")
    hotline_hours = models.CharField(_("hours of the hotline"), max_length=60, blank=True)
    visit_place = models.CharField(_("place for visitors"), max_length=120, blank=True)
    icp = models.CharField(_("ICP registration (ICP备案)"), max_length=40, blank=True)
    police_registration = models.CharField(_("police registration (公安备案)"), max_length=60, blank=True)
    site_code = models.CharField(_("site code (网站标识码)"), max_length=20, blank=True)
    header_text = models.CharField(_("header line"), max_length=120, blank=True)
    footer_text = models.TextField(_("footer text"), max_length=600, blank=True)

    site_name_en = models.CharField(_("site name in English"), max_length=30, blank=True, default="Anshao")
    bureau_name_en = models.CharField(
        _("organiser in English"), max_length=120, blank=True, default="Emergency Management Bureau"
    )
    short_bureau_name_en = models.CharField(
        _("short name of the organiser in English"),
        max_length=60,
        blank=True,
        default="Emergency Management Bureau",
    )
    hotline_hours_en = models.CharField(_("hours of the hotline in English"), max_length=120, blank=True)
    visit_place_en = models.CharField(_("place for visitors in English"), max_length=240, blank=True)
    header_text_en = models.CharField(_("header line in English"), max_length=240, blank=True)
    footer_text_en = models.TextField(_("footer text in English"), max_length=1200, blank=True)

    panels = [
        MultiFieldPanel(
            [FieldPanel("site_name"), FieldPanel("bureau_name"), FieldPanel("short_bureau_name")],
            heading=_("Names"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("hotline"),
                FieldPanel("city_hotline"),
                FieldPanel("hotline_hours"),
                FieldPanel("visit_place"),
            ],
            heading=_("Contact"),
        ),
        MultiFieldPanel(
            [FieldPanel("icp"), FieldPanel("police_registration"), FieldPanel("site_code")],
            heading=_("Registrations"),
        ),
        MultiFieldPanel(
            [FieldPanel("header_text"), FieldPanel("footer_text")], heading=_("Header and footer")
        ),
        MultiFieldPanel(
            [FieldPanel(f"{name}_en") for name in IN_BOTH],
            heading=_("English"),
            help_text=_("Shown on English pages; what is empty is shown in Chinese."),
        ),
    ]

    class Meta:
        verbose_name = _("bureau")

    @classmethod
    def for_site(cls, site: Site | None) -> Self:
        """Return the settings of a site; every page asks for them."""
        key = site.pk if site is not None else None
        found: Self = own_copy(part(partial(super().for_site, site), "bureau", key))
        return found

    @property
    def shown(self) -> BureauWords:
        """The settings in the language of the page."""
        words = {
            name: in_language(chinese=getattr(self, name), english=getattr(self, f"{name}_en"))
            for name in IN_BOTH
        }
        return BureauWords(**words, **{name: getattr(self, name) for name in IN_ONE})

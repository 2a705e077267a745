"""The pages without which the portal is not usable, made once and left alone afterwards."""

from django.db import transaction
from wagtail.models import Page, Site

from cases_public.models import CaseIndexPage
from cases_public.services.chain import ensure_publishing
from home.models import (
    BulletinIndexPage,
    FiguresPage,
    HomePage,
    OutreachIndexPage,
    ProtectionPage,
    RulesIndexPage,
)

# Titles in the language of the pages; what visitors read of the first two is in their templates, in two languages.
ROOT_TITLE = "全部页面"
HOME_TITLE = "安哨"
PROTECTION_TITLE = "我们怎样保护您"
OUTREACH_TITLE = "普法"
CASES_TITLE = "典型案例"
RULES_TITLE = "规则库"
FIGURES_TITLE = "公开数据"
BULLETINS_TITLE = "统计通报"
HOME_TITLE_EN = "Anshao"
PROTECTION_TITLE_EN = "How we protect you"
OUTREACH_TITLE_EN = "Legal outreach"
CASES_TITLE_EN = "Cases"
RULES_TITLE_EN = "Rules library"
FIGURES_TITLE_EN = "Figures"
BULLETINS_TITLE_EN = "Bulletins"
STOCK_SLUG, STOCK_ROOT_TITLE = "home", "Root"


@transaction.atomic
def ensure_site() -> HomePage | None:
    """Make the front pages and the default site where they are missing; return the home page.

    What editors changed stays. Returns None while the tree has no root: then the migrations have not run.
    """
    root = Page.get_first_root_node()
    if root is None:
        return None
    Page.objects.filter(pk=root.pk, title=STOCK_ROOT_TITLE).update(title=ROOT_TITLE, draft_title=ROOT_TITLE)
    home: HomePage | None = HomePage.objects.order_by("path").first()
    if home is None:
        home = root.add_child(
            instance=HomePage(title=HOME_TITLE, title_en=HOME_TITLE_EN, slug="portal", show_in_menus=False)
        )
    _ensure_below(home=home)
    ensure_publishing(page=home)
    _ensure_default_site(home=home)
    return home


def _ensure_below(*, home: HomePage) -> None:
    """The order is that of the menu; in an older tree the cases move to the front."""
    if not CaseIndexPage.objects.exists():
        cases = home.add_child(
            instance=CaseIndexPage(
                title=CASES_TITLE, title_en=CASES_TITLE_EN, slug="cases", show_in_menus=True
            )
        )
        first = home.get_children().first()
        if first is not None and first.pk != cases.pk:
            cases.move(first, pos="left")
    if not OutreachIndexPage.objects.exists():
        home.add_child(
            instance=OutreachIndexPage(
                title=OUTREACH_TITLE, title_en=OUTREACH_TITLE_EN, slug="outreach", show_in_menus=True
            )
        )
    if not RulesIndexPage.objects.exists():
        # Not in the menu: the outreach page and the footer lead there.
        home.add_child(instance=RulesIndexPage(title=RULES_TITLE, title_en=RULES_TITLE_EN, slug="rules"))
    if not FiguresPage.objects.exists():
        home.add_child(
            instance=FiguresPage(
                title=FIGURES_TITLE, title_en=FIGURES_TITLE_EN, slug="figures", show_in_menus=True
            )
        )
    _ensure_bulletins()
    if not ProtectionPage.objects.exists():
        home.add_child(
            instance=ProtectionPage(
                title=PROTECTION_TITLE, title_en=PROTECTION_TITLE_EN, slug="protection", show_in_menus=True
            )
        )


def _ensure_bulletins() -> None:
    """Below the figures, which lead there; not in the menu."""
    figures = FiguresPage.objects.first()
    if figures is not None and not BulletinIndexPage.objects.exists():
        figures.add_child(
            instance=BulletinIndexPage(title=BULLETINS_TITLE, title_en=BULLETINS_TITLE_EN, slug="bulletins")
        )


def _ensure_default_site(*, home: HomePage) -> None:
    """Point the default site to the home page, unless it already shows a page of ours, and drop Wagtail's welcome."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name=HOME_TITLE)
    elif not isinstance(site.root_page.specific, HomePage):
        site.root_page, site.site_name = home, HOME_TITLE
        site.save()
    _drop_welcome(home=home)


def _drop_welcome(*, home: HomePage) -> None:
    stock = Page.objects.filter(depth=home.depth, slug=STOCK_SLUG, numchild=0).exclude(pk=home.pk).first()
    if stock is not None and stock.specific_class is Page and not stock.sites_rooted_here.exists():
        stock.delete()

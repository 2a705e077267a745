"""Registration with Wagtail and nothing else."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet
from wagtail.snippets.models import register_snippet

from complaints.staff import (
    audit_log,
    bulk,
    figure_terms,
    handovers,
    home,
    idle,
    keeping,
    menu,
    reference,
    reward_rules,
    routing,
)
from complaints.staff.attention.views import AttentionItem
from complaints.staff.enterprises.ceilings import ceilings_viewset
from complaints.staff.enterprises.channels import duties_viewset
from complaints.staff.enterprises.inside_terms import inside_terms_viewset
from complaints.staff.enterprises.viewset import register_viewset
from complaints.staff.keys import alarm as vault_alarm
from complaints.staff.keys.viewset import keys_viewset
from complaints.staff.payments.viewset import payments_viewset
from complaints.staff.reviews.views import ReviewsItem
from complaints.staff.reward_desk import rewards_viewset
from complaints.staff.statistics.dashboard import DashboardItem
from complaints.staff.statistics.views import StatisticsItem
from complaints.staff.unseal_viewset import unseal_viewset
from complaints.staff.viewset import tip_viewset

for snippet in (*reference.snippets, *routing.snippets):
    register_snippet(snippet)

hooks.register("register_bulk_action", bulk.AssignTips)


@hooks.register("register_admin_viewset")
def register_viewsets() -> Sequence[ViewSet]:
    return [
        tip_viewset,
        unseal_viewset,
        keys_viewset,
        rewards_viewset,
        payments_viewset,
        register_viewset,
        ceilings_viewset,
        duties_viewset,
        inside_terms_viewset,
        *reference.viewsets,
        *keeping.viewsets,
        *figure_terms.viewsets,
        reward_rules.rules_viewset,
    ]


@hooks.register("insert_global_admin_css")
def desk_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))


@hooks.register("insert_global_admin_js")
def desk_scripts() -> SafeString:
    names = ("desk/styles.js", "desk/desk.js", "desk/uncut.js")
    return format_html_join("\n", '<script src="{}"></script>', ((static(name),) for name in names))


@hooks.register("construct_homepage_panels")
def desk_panel(request: HttpRequest, panels: list[Component]) -> None:
    home.put_desk_first(request, panels)


@hooks.register("construct_homepage_panels")
def routing_alarm(request: HttpRequest, panels: list[Component]) -> None:
    routing.warn_of_faults(request, panels)


@hooks.register("construct_homepage_panels")
def swapped_key_alarm(request: HttpRequest, panels: list[Component]) -> None:
    vault_alarm.warn_of_swapped_key(request, panels)


@hooks.register("construct_help_menu")
def help_without_other_hosts(request: HttpRequest, items: list[MenuItem]) -> None:
    menu.keep_inside(items)


@hooks.register("register_admin_menu_item")
def audit_log_item() -> MenuItem:
    return audit_log.LogMenuItem()


@hooks.register("register_admin_menu_item")
def hand_over_item() -> MenuItem:
    return handovers.HandOverItem()


@hooks.register("register_admin_menu_item")
def statistics_item() -> MenuItem:
    return StatisticsItem()


@hooks.register("register_admin_menu_item")
def dashboard_item() -> MenuItem:
    return DashboardItem()


@hooks.register("register_admin_menu_item")
def attention_item() -> MenuItem:
    return AttentionItem()


@hooks.register("register_admin_menu_item")
def reviews_item() -> MenuItem:
    return ReviewsItem()


@hooks.register("insert_global_admin_js")
def idle_script() -> SafeString:
    return idle.script()


@hooks.register("before_bulk_action")
def no_rights_past_roles(request: HttpRequest, action: str, objects: Sequence[Any], view: Any) -> None:
    menu.refuse_past_roles(model=view.model)

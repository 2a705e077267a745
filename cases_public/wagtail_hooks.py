"""Registration with Wagtail and nothing else."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from cases_public.staff import actions, buttons, duty_home, home
from cases_public.staff.check import CheckView
from cases_public.staff.duty_viewset import DutyViewSet, duty_viewset
from cases_public.staff.open_finds import OpenFindsView, stop_bulk_publishing, stop_publishing
from cases_public.staff.review import ReviewView
from cases_public.staff.viewset import case_viewset, plain_viewsets
from cases_public.staff.withdrawals import WithdrawView


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[PageViewSet | DutyViewSet]:
    return [case_viewset, *plain_viewsets(), duty_viewset]


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [
        path("cases/<int:page_id>/check/", CheckView.as_view(), name="case_check"),
        path("cases/<int:page_id>/review/", ReviewView.as_view(), name="case_review"),
        path("finds/<int:page_id>/", OpenFindsView.as_view(), name="open_finds"),
        path("cases/<int:page_id>/withdraw/", WithdrawView.as_view(), name="case_withdraw"),
    ]


# After the desk, which clears the panels of people who edit no page.
@hooks.register("construct_homepage_panels", order=10)
def reviews_panel(request: HttpRequest, panels: list[Component]) -> None:
    home.add_reviews(request, panels)
    duty_home.add_duties(request, panels)


@hooks.register("register_page_header_buttons")
def withdraw_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Any:
    return buttons.header_buttons(page=page, user=user)


@hooks.register("construct_page_action_menu")
def review_first(menu_items: Any, request: HttpRequest, context: Any) -> None:
    actions.put_review_first(menu_items, context)


@hooks.register("after_edit_page")
def back_to_what_waits(request: HttpRequest, page: Page) -> HttpResponse | None:
    return actions.after_a_step(request, page)


@hooks.register("before_publish_page")
def finds_first(request: HttpRequest, page: Page) -> HttpResponse | None:
    return stop_publishing(request, page)


@hooks.register("before_bulk_action")
def finds_first_of_all(
    request: HttpRequest, action: str, objects: Sequence[Any], view: Any
) -> HttpResponse | None:
    return stop_bulk_publishing(request, action=action, pages=objects)

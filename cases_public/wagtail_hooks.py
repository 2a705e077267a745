"""Registration with Wagtail and nothing else."""

from typing import Any

from django.http import HttpRequest
from django.urls import path
from wagtail import hooks
from wagtail.admin.ui.components import Component

from cases_public.staff import buttons, duty_home, home
from cases_public.staff.check import CheckView
from cases_public.staff.duty_viewset import DutyViewSet, duty_viewset
from cases_public.staff.review import ReviewView
from cases_public.staff.viewset import CaseViewSet, case_viewset
from cases_public.staff.withdrawals import WithdrawView


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[CaseViewSet | DutyViewSet]:
    return [case_viewset, duty_viewset]


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [
        path("cases/<int:page_id>/check/", CheckView.as_view(), name="case_check"),
        path("cases/<int:page_id>/review/", ReviewView.as_view(), name="case_review"),
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

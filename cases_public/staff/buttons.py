"""Entries behind the three dots of a case in the back office."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button

from cases_public.models import ReviewedPage
from cases_public.services.withdrawal import ASKING
from complaints.disclosure import roles_held


def header_buttons(*, page: Any, user: Any) -> Iterator[Button]:
    """Yield the way to take a published case back, for whoever has a part in cases."""
    if (
        page.live
        and issubclass(page.specific_class or type(None), ReviewedPage)
        and roles_held(user) & ASKING
    ):
        yield Button(_("Take back…"), reverse("case_withdraw", args=[page.pk]), icon_name="bin", priority=80)

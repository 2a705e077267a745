"""The alarm on the first page of every administrator while no vault key is the pinned one."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from complaints.selectors.vaults import is_pinned

from ..reports import KEEPS_ACCOUNTS


class VaultAlarmPanel(Component):
    """What is wrong, what the portal does meanwhile, and what not to do."""

    name = "vault-alarm"
    order = 1
    template_name = "complaints/staff/vault_alarm.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {}


def warn_of_swapped_key(request: HttpRequest, panels: list[Component]) -> None:
    """Put the alarm first for those who run the machine; one query, and none for anybody else."""
    if request.user.has_perm(KEEPS_ACCOUNTS) and not is_pinned(pinned=settings.VAULT_FINGERPRINT):
        panels.insert(0, VaultAlarmPanel())

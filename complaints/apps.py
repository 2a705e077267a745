"""App configuration: permission policy, checks and groups are registered here."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate, post_save, pre_migrate
from django.utils import timezone


class ComplaintsConfig(AppConfig):
    """Tips, from intake to reward."""

    name = "complaints"

    def ready(self) -> None:
        """Register what Wagtail and Django must know before the first request."""
        from allauth.account.signals import password_changed
        from django.contrib.auth.signals import user_logged_in
        from wagtail.models import ModelLogEntry
        from wagtail.permissions import register_permission_policy

        from . import checks, events, readiness, storage_checks  # noqa: F401  the checks register themselves
        from .models import CompetentBody, Enterprise, RoutingRule, Tip
        from .services import acts_above, administration, notices
        from .services.duplicates import after_submission
        from .staff import own_password, own_sessions
        from .staff.permissions import RegisterPermissionPolicy, RoutingPermissionPolicy, TipPermissionPolicy

        checks.refuse_without_keys()
        register_permission_policy(Tip, TipPermissionPolicy(Tip))
        register_permission_policy(Enterprise, RegisterPermissionPolicy(Enterprise))
        for model in (RoutingRule, CompetentBody):
            register_permission_policy(model, RoutingPermissionPolicy(model))
        people = apps.get_app_config("wagtailusers")
        setattr(people, "user_viewset", "complaints.staff.users.StaffUserViewSet")  # noqa: B010  Wagtail reads it there
        setattr(people, "group_viewset", "complaints.staff.users.RoleGroupViewSet")  # noqa: B010  the same
        pre_migrate.connect(_stop_watching_days, sender=self)
        post_migrate.connect(_make_groups, sender=self)
        post_migrate.connect(_load_reward_rules, sender=self)
        post_migrate.connect(_watch_days, sender=self)
        post_save.connect(administration.kept_by_wagtail, sender=ModelLogEntry)
        notices.listen()
        acts_above.listen()
        events.tip_submitted.connect(after_submission, dispatch_uid="suggest duplicates")
        user_logged_in.connect(own_password.note_sign_in)
        user_logged_in.connect(own_sessions.note_begun)
        password_changed.connect(own_password.note_change)


def _make_groups(**_kwargs: Any) -> None:
    from .services.roles import ensure_role_groups

    ensure_role_groups()


def _load_reward_rules(**_kwargs: Any) -> None:
    from .services.reward_policies import ensure_shipped_policies

    ensure_shipped_policies()


def _stop_watching_days(*, plan: Sequence[Any], using: str, **_kwargs: Any) -> None:
    """Take the triggers of daily sums away while tables may be rebuilt: SQLite renames none that a trigger names."""
    from .services.day_cells import stop_watching

    if plan and using == DEFAULT_DB_ALIAS:
        stop_watching()


def _watch_days(*, using: str, **_kwargs: Any) -> None:
    from .services.day_cells import watch

    if using == DEFAULT_DB_ALIAS:
        watch(at=timezone.now())

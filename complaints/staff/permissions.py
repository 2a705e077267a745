"""What Wagtail asks before it lists or shows something of ours, answered by the policies."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from wagtail.permission_policies.base import BasePermissionPolicy, ModelPermissionPolicy

from complaints.models import Tip
from complaints.policies import READING_ROLES, Person, may_read_tips, scope_of, tips_visible_to
from complaints.selectors.enterprises import may_see_register


class RoutingPermissionPolicy(ModelPermissionPolicy):
    """Routing rules and competent bodies: for those whose role says so, and for leaders of a city unit."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return bool(super().user_has_permission(user, action)) or scope_of(user).leads_city


class RegisterPermissionPolicy(ModelPermissionPolicy):
    """The register of enterprises: to look at for whoever reads tips; changes go through our own pages alone."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return action == "view" and may_see_register(user)

    def user_has_any_permission(self, user: Person, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class TipPermissionPolicy(BasePermissionPolicy):
    """Wagtail's questions, answered from memberships. Nobody adds, edits or deletes a tip through Wagtail."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return action == "view" and may_read_tips(user)

    def user_has_any_permission(self, user: Person, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Tip) -> bool:
        return action == "view" and tips_visible_to(user).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user: Person, actions: Iterable[str]) -> "QuerySet[Tip]":
        return tips_visible_to(user) if "view" in set(actions) else Tip.objects.none()

    def users_with_any_permission(self, actions: Iterable[str]) -> "QuerySet[AbstractBaseUser]":
        people = get_user_model()._default_manager.filter(is_active=True)
        if "view" not in set(actions):
            return people.none()
        return people.filter(memberships__role__in=READING_ROLES).distinct()

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Tip
    ) -> "QuerySet[AbstractBaseUser]":
        viewers = self.users_with_any_permission(actions)
        return viewers.filter(pk__in=[user.pk for user in viewers if scope_of(user).roles_for(instance)])

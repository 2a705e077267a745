"""What a page of the desk asks about the person who looks, where no view of ours stands behind it."""

from django import template
from django.contrib.auth.models import AnonymousUser, User

from complaints.policies import may_read_tips

register = template.Library()


@register.filter
def reads_tips(user: User | AnonymousUser) -> bool:
    """Say whether the inbox exists for this person."""
    return isinstance(user, User) and may_read_tips(user)

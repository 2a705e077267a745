"""What one sender may do within a while, at every public door alike."""

from django.http import HttpRequest

from complaints.errors import TooManyRequests
from portal.shared import throttle


def spend(*, request: HttpRequest, budget: throttle.Budget) -> None:
    """Count one act of this sender.

    Raises:
        TooManyRequests: the budget of this while is used up.
    """
    if not throttle.allow(request=request, budget=budget):
        raise TooManyRequests

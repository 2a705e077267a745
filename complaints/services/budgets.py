"""What one sender may do within a while, at every public door alike."""

from django.http import HttpRequest

from complaints.errors import TooManyRequests
from portal.shared import captcha, throttle

# Whoever comes with one of these has worked for it, and is not refused for what others of the same network send.
WORKED = (captcha.Way.WORK, captcha.Way.PASS, captcha.Way.WIDGET)


def spend(*, request: HttpRequest, budget: throttle.Budget) -> None:
    """Count one act of this sender.

    Raises:
        TooManyRequests: the budget of this while is used up.
    """
    if not throttle.allow(request=request, budget=budget):
        raise TooManyRequests


def spend_tip(*, request: HttpRequest, way: captcha.Way | None) -> None:
    """Count one tip of this sender, by what it passed the check with; raises TooManyRequests as `spend`."""
    spend(request=request, budget=throttle.PROVED if way in WORKED else throttle.SUBMIT)


def spend_or_prove(*, request: HttpRequest, budget: throttle.Budget) -> None:
    """Count one act of this sender; beyond the budget a proof of work or an answer in the form lets it through.

    Raises:
        TooManyRequests: the budget is used up, and nothing was proved.
    """
    if throttle.allow(request=request, budget=budget):
        return
    if not (captcha.is_on() and captcha.check(values=request.POST.dict())):
        raise TooManyRequests

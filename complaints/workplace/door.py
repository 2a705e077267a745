"""What every page of the workspace has: a signed-in safety manager, or it is not there; kept by no cache."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse

from complaints.models import Enterprise
from complaints.selectors.internal import workplaces_of

View = Callable[..., HttpResponse]


def manager_door(view: View) -> View:
    """Wrap a view; it is given the manager's `workplaces`. Whoever manages none finds nothing, bureau or not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        workplaces = workplaces_of(request.user)
        if not workplaces:
            raise Http404
        response = view(request, *args, workplaces=workplaces, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return login_required(guarded)


def person(request: HttpRequest) -> User:
    """Return who is signed in."""
    assert isinstance(request.user, User)
    return request.user


def one_of(workplaces: list[Enterprise], *, pk: int | str) -> Enterprise:
    """Return the workplace with this key; any other enterprise is not there."""
    found = next((one for one in workplaces if str(one.pk) == str(pk)), None)
    if found is None:
        raise Http404
    return found

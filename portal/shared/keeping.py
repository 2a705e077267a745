"""How a view says that its answer is the same for everybody and may be kept in memory until what it shows changes."""

from collections.abc import Collection

from django.http import HttpRequest

_WORD = "_anshao_may_be_kept"


def keep(request: HttpRequest, *, parameters: Collection[str] = ()) -> None:
    """Let the answer to this request be kept, unless its address asks for anything besides these parameters.

    What visitors type, such as words to search for, is never among them: it would tell the next one what was asked,
    and could push every other page out of memory.
    """
    setattr(request, _WORD, set(request.GET) <= set(parameters))


def may_be_kept(request: HttpRequest) -> bool:
    """Whether the view let its answer be kept."""
    return bool(getattr(request, _WORD, False))

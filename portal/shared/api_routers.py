"""Routes of the API from apps that lie above the one that owns it: they register them when the process starts."""

_registered: dict[str, None] = {}


def register(path: str) -> None:
    """Add a router by its dotted path; it is imported when the addresses of the API are made."""
    _registered[path] = None


def registered() -> tuple[str, ...]:
    """Return the paths in the order in which they were registered."""
    return tuple(_registered)

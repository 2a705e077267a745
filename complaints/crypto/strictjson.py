"""JSON objects from strangers: no key twice, no depth that exhausts the stack."""

import json


def loads(text: str) -> dict[str, object]:
    """Return the object; raises ValueError for any other JSON or text. Cap the length first."""
    try:
        value = json.loads(text, object_pairs_hook=_unique)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found

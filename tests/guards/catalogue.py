"""Finds the texts that code and templates show, as makemessages would, without needing gettext installed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

# Function → positions of context (or None), text and plural (or None).
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
TEMPLATE_CALL = re.compile(
    r"""\b(?P<name>n?p?gettext|_)\((?P<arguments>(?:\s*u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')\s*,?)+)""",
    re.DOTALL,
)
STRING = re.compile(r"""u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""", re.DOTALL)

Message = tuple[str | None, str, str | None]


def python_messages(path: Path) -> Iterator[Message]:
    """Yield context, text and plural of every translated text in a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {name: name for name in CALLS} | dict(_aliases(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in names:
            yield from _message(CALLS[names[called]], [_constant(argument) for argument in node.args])


def template_messages(path: Path) -> Iterator[Message]:
    """Yield context, text and plural of every translated text in a template."""
    for match in TEMPLATE_CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        arguments: list[str | None] = [ast.literal_eval(text) for text in STRING.findall(match["arguments"])]
        yield from _message(CALLS[match["name"]], arguments)


def _aliases(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the other names under which a module imports the translating functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            yield from ((name.asname, name.name) for name in node.names if name.asname and name.name in CALLS)


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _message(positions: tuple[int | None, int, int | None], arguments: list[str | None]) -> Iterator[Message]:
    context, text, plural = (
        None if at is None or at >= len(arguments) else arguments[at] for at in positions
    )
    if text:
        yield context, text, plural

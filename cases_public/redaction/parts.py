"""All words of a page, cut into the parts in which an editor meets them: fields, blocks, paragraphs, pictures.

Nothing here asks which page it is: whoever adds a field adds it to what is checked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote

from django.db import models
from wagtail.blocks import ChoiceBlock, ListBlock, MultipleChoiceBlock, StreamBlock, StructBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.rich_text import RichText

# Fields of every page that the public sees; the others are copies of these or no words.
OF_EVERY_PAGE = frozenset({"title", "slug", "seo_title", "search_description"})
_PARAGRAPH_END = re.compile(r"</(?:p|h[1-6]|li|div)>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_ADDRESS = re.compile(r"""\bhref=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_LINK = re.compile(r"<a\s[^>]*>", re.IGNORECASE)
_TO_DOCUMENT = re.compile(r"""\blinktype=["']document["']""", re.IGNORECASE)
_KEY = re.compile(r"""\bid=["'](\d{1,18})["']""", re.IGNORECASE)
# Known before the address of a link is read: what kind of address it is.
_SCHEME = re.compile(r"\A(?:tel|mailto|https?):(?://)?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some words of a page; `path` leads the editor there (`data-contentpath`, outermost first)."""

    path: tuple[str, ...]
    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PictureUse:
    """A picture of a page and where it stands."""

    path: tuple[str, ...]
    label: str
    picture: Any


@dataclass(frozen=True, kw_only=True)
class DocumentUse:
    """A document a page links to and where; `documents` reads what is inside the file."""

    path: tuple[str, ...]
    label: str
    document: Any


def parts_of(*, page: Any) -> list[Part]:
    """Return all words of a page that the public could see, in the order of its fields; empty ones are left out."""
    found = [part for field in _fields(page) for part in _of_field(field, page)]
    found += [
        Part(path=use.path, label=use.label, text=words)
        for use in pictures_of(page=page)
        for words in (use.picture.title, use.picture.description)
    ]
    found += [
        Part(path=use.path, label=use.label, text=words)
        for use in documents_of(page=page)
        for words in (use.document.title, use.document.filename)
    ]
    return [part for part in found if part.text.strip()]


def pictures_of(*, page: Any) -> list[PictureUse]:
    """Return the pictures of a page, each as often as it is used."""
    return [use for field in _fields(page) for use in _pictures(field, page)]


def documents_of(*, page: Any) -> list[DocumentUse]:
    """Return the documents a page links to, in its order, each once."""
    found = {use.document.pk: use for field in _fields(page) for use in _documents(field, page)}
    return list(found.values())


def paragraphs(*, html: str) -> list[str]:
    """Return the paragraphs of a rich text without markup, as the editor of it holds them."""
    plain = (unescape(_TAG.sub("", piece)) for piece in _PARAGRAPH_END.split(html))
    return [text.strip() for text in plain if text.strip()]


def addresses(*, html: str) -> list[str]:
    """Return where the links of a rich text lead outside the site, readable: a number or a name may stand there."""
    found = (unescape(one or other) for one, other in _ADDRESS.findall(html))
    plain = (_SCHEME.sub("", unquote(address)).strip() for address in found)
    return [address for address in plain if address]


def _fields(page: Any) -> list[Any]:
    own = [field for field in page._meta.concrete_fields if field.model is type(page)]
    shared = [field for field in page._meta.concrete_fields if field.name in OF_EVERY_PAGE]
    return [*shared, *own]


def _of_field(field: Any, page: Any) -> Iterator[Part]:
    label = str(field.verbose_name)
    if isinstance(field, StreamField):
        stream = getattr(page, field.name)
        yield from _of_value(stream, stream.stream_block, path=(field.name,), label=label)
    elif isinstance(field, models.CharField | models.TextField) and not field.choices:
        yield Part(path=(field.name,), label=label, text=str(getattr(page, field.name) or ""))


def _pictures(field: Any, page: Any) -> Iterator[PictureUse]:
    label = str(field.verbose_name)
    if isinstance(field, StreamField):
        stream = getattr(page, field.name)
        for path, inner, value in _walk(stream, stream.stream_block, path=(field.name,), label=label):
            if value is not None and isinstance(value, get_image_model()):
                yield PictureUse(path=path, label=inner, picture=value)
    elif isinstance(field, models.ForeignKey) and field.related_model is get_image_model():
        picture = getattr(page, field.name)
        if picture is not None:
            yield PictureUse(path=(field.name,), label=label, picture=picture)


def _documents(field: Any, page: Any) -> Iterator[DocumentUse]:
    if not isinstance(field, StreamField):
        return
    stream, model = getattr(page, field.name), get_document_model()
    for path, label, value in _walk(
        stream, stream.stream_block, path=(field.name,), label=str(field.verbose_name)
    ):
        keys = linked_documents(html=value.source) if isinstance(value, RichText) else []
        linked = [value] if isinstance(value, model) else model.objects.filter(pk__in=keys) if keys else []
        yield from (DocumentUse(path=path, label=label, document=one) for one in linked)


def linked_documents(*, html: str) -> list[int]:
    """Return the keys of the documents a rich text links to."""
    tags = (match[0] for match in _LINK.finditer(html) if _TO_DOCUMENT.search(match[0]))
    return [int(key[1]) for tag in tags if (key := _KEY.search(tag))]


def _of_value(value: Any, block: Any, *, path: tuple[str, ...], label: str) -> Iterator[Part]:
    for at, name, leaf in _walk(value, block, path=path, label=label):
        if isinstance(leaf, RichText):
            words = [*paragraphs(html=leaf.source), *addresses(html=leaf.source)]
            yield from (Part(path=at, label=name, text=text) for text in words)
        elif isinstance(leaf, str):
            yield Part(path=at, label=name, text=leaf)


def _walk(
    value: Any, block: Any, *, path: tuple[str, ...], label: str
) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Yield where each value without parts of its own stands, what it is called, and the value."""
    for step, name, inner, kind in _inside(value, block):
        yield from _walk(inner, kind, path=(*path, *step), label=f"{label} · {name}" if name else label)
    if not isinstance(block, StreamBlock | StructBlock | ListBlock | TypedTableBlock):
        yield path, label, value


def _inside(value: Any, block: Any) -> Iterator[tuple[tuple[str, ...], str, Any, Any]]:
    if isinstance(block, StreamBlock):
        yield from (((child.id or "",), str(child.block.label), child.value, child.block) for child in value)
    elif isinstance(block, StructBlock):
        yield from (
            ((name,), str(kind.label), value.get(name), kind)
            for name, kind in block.child_blocks.items()
            if _holds_words(kind)
        )
    elif isinstance(block, ListBlock):
        yield from (((child.id or "",), "", child.value, block.child_block) for child in value.bound_blocks)
    elif isinstance(block, TypedTableBlock):
        yield from (((), "", text, None) for text in _table_words(value))


def _holds_words(block: Any) -> bool:
    """Whether what somebody typed can stand in it; codes to choose from hold none."""
    return not isinstance(block, ChoiceBlock | MultipleChoiceBlock)


def _table_words(table: Any) -> Iterator[str]:
    yield str(table.caption or "")
    yield from (str(column["heading"] or "") for column in table.columns)
    for row in table.rows:
        yield from (str(cell.value) for cell in row)

"""Who wrote which version of a page: two versions are the same when they say the same, whatever their comments."""

import re
from itertools import pairwise
from typing import Any

from wagtail.models import Revision

# Kept beside the words by Wagtail; none of it is read by the public.
NO_WORDS = frozenset(
    {
        "pk", "wagtail_admin_comments", "latest_revision", "latest_revision_created_at", "live_revision", "live",
        "has_unpublished_changes", "last_published_at", "first_published_at", "owner", "locked", "locked_by",
        "locked_at", "expired", "go_live_at", "expire_at", "draft_title", "path", "depth", "numchild", "url_path",
        "content_type", "translation_key", "locale", "alias_of",
    }
)  # fmt: skip
# The rich-text editor numbers its paragraphs when it saves them.
_BLOCK_KEY = re.compile(r' data-block-key=(?:"|\\")[^"\\]*(?:"|\\")')


def authors_of(*, page: Any) -> set[int]:
    """Return the keys of all who changed words since the page was last published; a comment is no word."""
    rows = list(page.revisions.order_by("pk"))
    known = next((place for place, row in enumerate(rows) if row.pk == page.live_revision_id), None)
    fresh = rows if known is None else rows[known:]
    authors = {fresh[0].user_id} if known is None and fresh else set()
    authors |= {row.user_id for before, row in pairwise(fresh) if not same_words(before, row)}
    return authors - {None}


def same_words(one: Revision, other: Revision) -> bool:
    """Whether two versions say the same to the public."""
    return one.pk == other.pk or words_of(one.content) == words_of(other.content)


def words_of(content: Any) -> dict[str, Any]:
    """Return what a version says, without what Wagtail keeps beside it."""
    return {name: _plain(value) for name, value in content.items() if name not in NO_WORDS}


def _plain(value: Any) -> Any:
    return _BLOCK_KEY.sub("", value) if isinstance(value, str) else value

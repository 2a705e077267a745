"""What may be said of a public table in words: a sentence that hidden numbers could make false is left out."""

from collections.abc import Sequence

from django.utils.translation import pgettext

from complaints.disclosure import Hidden, PublicCell

MOST_NAMED = 3


def most_of(
    cells: Sequence[PublicCell], *, many: int = MOST_NAMED, whole: int | None = None
) -> list[PublicCell]:
    """Return the largest cells, at most so many, with all that tie with the last; only such as have at least 20.

    None where nothing may be compared, where a tie would name more than one cell too many, where everything that may be
    compared is named already (to name the only ones is no finding), or where a cell that is not listed may be as large.

    Args:
        whole: what all cells add up to, where they do and it is told: it bounds what is not listed.
    """
    ranked = sorted((cell for cell in cells if cell.is_ranked), key=lambda cell: -(cell.value or 0))
    if len(cells) < 2 or not ranked:
        return []
    least = ranked[:many][-1].value or 0
    most = [cell for cell in ranked if (cell.value or 0) >= least]
    is_finding = len(most) <= many + 1 and len(most) < len(cells)
    return most if is_finding and not _may_be_as_large(cells, least=least, whole=whole) else []


def _may_be_as_large(cells: Sequence[PublicCell], *, least: int, whole: int | None) -> bool:
    """Whether a hidden cell may hold as much; one marked as few never does."""
    if all(cell.value is not None or cell.hidden == Hidden.FEW for cell in cells):
        return False
    return whole is None or whole - sum(cell.value or 0 for cell in cells) >= least


def joined(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    if len(names) < 2:
        return "".join(names)
    head = pgettext("list", ", ").join(names[:-1])
    return pgettext("list", "%(head)s and %(last)s") % {"head": head, "last": names[-1]}

"""How much room words take on a drawing, estimated without a font: the reader's font is not known on the server."""

from unicodedata import east_asian_width

# Shares of the size of the font: a Chinese character fills a square, other letters take a little more than half of it.
# On the safe side for the fonts of the site; bold digits are among the widest of the narrow ones.
WIDE, NARROW = 1.0, 0.6


def width_of(text: str, *, size: float = 14) -> float:
    """Return the width of one line in the unit of `size`; at least what it takes in the fonts of the site."""
    return size * sum(WIDE if east_asian_width(one) in "WF" else NARROW for one in text)

"""Shares in percent, rounded half up: the one way every page, file and paper rounds them."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

TENTH, ONE = Decimal("0.1"), Decimal(1)
# A count of any city times a hundred, exact before it is rounded.
EXACT_DIGITS = 40


def percent(part: Decimal | int, whole: Decimal | int, *, step: Decimal = TENTH) -> Decimal | None:
    """Return a part as percent of a whole, rounded half up to `step`; None without anything to divide by."""
    if not whole:
        return None
    with localcontext() as context:
        context.prec = EXACT_DIGITS
        return (Decimal(part) * 100 / Decimal(whole)).quantize(step, ROUND_HALF_UP)


def whole_percent(part: int, whole: int) -> int | None:
    """Return a part in whole percent, rounded half up; None without anything to divide by."""
    found = percent(part, whole, step=ONE)
    return None if found is None else int(found)

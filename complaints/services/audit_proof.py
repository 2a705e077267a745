"""Finds the record of the log that proves a decision: the row of a table can be changed, a chained record cannot."""

from collections.abc import Iterable, Mapping

from complaints.models import AuditRow
from complaints.models.sealed import active_keyring

from . import audit


def newest_record(
    *, actions: Iterable[str], subject: str, about: Mapping[str, object], actor_id: int | None = None
) -> AuditRow | None:
    """Return the newest record of these acts about one thing; None where there is none, or where it is not true.

    A record is true when a whole key of the ring made its MAC: what is left of an older key may be in other hands. One
    that is not true hides none before it: whoever spoils the record that took an approval back gains nothing.

    Args:
        about: what has to stand in its data, such as the request it belongs to.
        actor_id: whose record; anybody's when left out.
    """
    stands = {f"data__{name}": value for name, value in about.items()}
    rows = AuditRow.objects.filter(action__in=list(actions), subject=subject, **stands).order_by("-sequence")
    row = (rows if actor_id is None else rows.filter(actor=actor_id)).first()
    return row if row is not None and audit.signer_of(row) in active_keyring().whole_ids else None


def says(row: AuditRow, about: Mapping[str, object]) -> bool:
    """Whether all of this stands in the data of a record."""
    return all(row.data.get(name) == value for name, value in about.items())

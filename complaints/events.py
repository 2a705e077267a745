"""Signals sent after commit. They carry ids, never text, names or photos."""

from dataclasses import dataclass

from django.dispatch import Signal

tip_submitted = Signal()
step_recorded = Signal()
message_received = Signal()
unseal_moved = Signal()
role_given = Signal()
# A file under review was assigned, scored, answered, sent back or closed: `file_id`, `act`, `actor_id`, `at`.
review_moved = Signal()
# Asks whoever publishes to begin a case: sent with `facts` (disclosure.CaseFacts) and `user`, never with the tip; a
# receiver answers with the address of the draft.
case_wanted = Signal()
# The same for a page on good practice: sent with `facts` (disclosure.PracticeFacts) and `user`.
practice_wanted = Signal()
# Asks whoever publishes how far the bulletin of a closed period is: sent with `period` (its code) and `user`;
# a receiver answers with a BulletinState.
bulletin_asked = Signal()
# From apps that lie above, inside their transactions: something was done that belongs into the audit log (`action`,
# `actor` or None, `at`, `subject`, `data` with ids and codes only) · people have work (`user_ids`, `today`).
act_taken = Signal()
work_waits = Signal()


@dataclass(frozen=True, kw_only=True)
class BulletinState:
    """How far the bulletin of a period is, in words; `url` leads to it, `draft_url` takes a POST with `period`.

    Both are empty where the person may not go there; `label` is what the button says.
    """

    words: str
    url: str = ""
    draft_url: str = ""
    label: str = ""

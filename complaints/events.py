"""Signals sent after commit. They carry ids, never text, names or photos."""

from django.dispatch import Signal

tip_submitted = Signal()
step_recorded = Signal()
message_received = Signal()
unseal_moved = Signal()
role_given = Signal()
# Asks whoever publishes to begin a case: sent with `facts` (disclosure.CaseFacts) and `user`, never with the tip; a
# receiver answers with the address of the draft.
case_wanted = Signal()
# The same for a page on good practice: sent with `facts` (disclosure.PracticeFacts) and `user`.
practice_wanted = Signal()
# From apps that lie above, inside their transactions: something was done that belongs into the audit log (`action`,
# `actor` or None, `at`, `subject`, `data` with ids and codes only) · people have work (`user_ids`, `today`).
act_taken = Signal()
work_waits = Signal()

"""What rows of the audit log about internal tips say; the reporter's own acts stand in none (docs/adr/0022)."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

INSIDE: Mapping[str, "str | Promise"] = {
    "inside.acknowledge": gettext_lazy("Took an internal tip on"),
    "inside.verify": gettext_lazy("Found an internal tip true"),
    "inside.refute": gettext_lazy("Found an internal tip not true"),
    "inside.confirm_untrue": gettext_lazy("Confirmed that an internal tip is not true"),
    "inside.plan": gettext_lazy("Made the plan of an internal tip"),
    "inside.fix": gettext_lazy("Reported an internal tip as put right"),
    "inside.send_back": gettext_lazy("Sent an internal tip back"),
    "inside.accept": gettext_lazy("Accepted an internal tip"),
    "inside.pay": gettext_lazy("Recorded the reward of an internal tip"),
    "inside.circulate": gettext_lazy("Told the staff of an internal tip"),
    "inside.reply": gettext_lazy("Wrote to the reporter of an internal tip"),
    "inside.confirm": gettext_lazy("The reporter received the reward of an internal tip"),
    "inside.deny": gettext_lazy("The reporter did not receive the reward of an internal tip"),
    "inside.turn": gettext_lazy("The reporter turned an internal tip to the bureau"),
    "inside.turn_by_itself": gettext_lazy("An overdue major hazard went from a company to the district"),
    "inside.turn_unconfirmed": gettext_lazy(
        "A major hazard that one person found untrue went from a company to the district"
    ),
    "inside.refused": gettext_lazy("An act on an internal tip was refused"),
    "inside.purged": gettext_lazy("An internal tip was destroyed after its period of keeping"),
}

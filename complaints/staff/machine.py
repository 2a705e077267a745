"""The first page of the system administrator: how the machine stands, and the lists this person keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from wagtail.admin.ui.components import Component

from complaints.models import Division, Office, SpecialDay
from complaints.selectors.deadlines import policy_on
from complaints.selectors.machine import Machine, machine
from complaints.services.checkpoint_state import CheckpointState, checkpoint_state
from portal.shared.bilingual import in_a_row

from .clockface import day_text
from .labels import Chip

# The daily task signs once a day: after two something is wrong with it, or nobody has worked.
OLD_CHECKPOINT = timedelta(days=2)
# Below these a photo may soon find no room.
LITTLE_BYTES, LITTLE_SHARE = 5 * 1024**3, 0.1
MOST_NAMES = 5


@dataclass(frozen=True, kw_only=True)
class State:
    """One line of how the machine stands: what, a chip, and what to know about it."""

    label: str
    chip: Chip
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Door:
    """A list the administrator keeps; `count` is empty where counting says nothing."""

    url: str
    label: str
    note: str
    count: str = ""


class MachinePanel(Component):
    """The machine in one panel; it takes the place of Wagtail's site summary and page search."""

    name = "machine"
    order = 20
    template_name = "complaints/staff/machine.html"
    replaces_summary = True

    class Media:
        css = {"all": ["desk/desk-pages.css"]}

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        found = machine(data_dir=settings.DATA_DIR, pinned=settings.VAULT_FINGERPRINT)
        return {"states": states(found, checkpoint=checkpoint_state()), "doors": doors(found)}


def states(found: Machine, *, checkpoint: CheckpointState) -> list[State]:
    """Return how the machine stands, what needs somebody first."""
    now = timezone.now()
    every = [
        *(_vault(found), _key_ring(found), _disk(found), *_people(found), *_separation(found)),
        *(_log(found), _checkpoint(checkpoint, now=now)),
    ]
    return sorted(every, key=lambda state: ("bad", "wait", "done", "info").index(state.chip.tone))


def _vault(found: Machine) -> State:
    label = _("Identity vault")
    if found.is_vault_pinned:
        note = _("Version %(n)d, the key is the one named in the settings.") % {"n": found.vault_version}
        if found.waiting_vaults:
            return State(label=label, chip=Chip(tone="wait", word=_("a new key waits")), note=_waiting(found))
        return State(label=label, chip=_good(), note=note)
    note = (
        _("The key in the database is not the one named in the settings. Real names are refused.")
        if found.vault_version
        else _("No vault yet. Real names are refused.")
    )
    return State(label=label, chip=_bad(), note=note)


def _waiting(found: Machine) -> str:
    return _(
        "Version %(old)d is in use. Version %(new)d is registered: compare its fingerprint with the custodian's "
        "record, then name it in VAULT_FINGERPRINT."
    ) % {"old": found.vault_version, "new": max(found.waiting_vaults)}


def _key_ring(found: Machine) -> State:
    label = _("Key ring")
    if found.opens_content is None:
        return State(label=label, chip=Chip(tone="info", word=_("nothing to try it on yet")))
    if found.opens_content:
        return State(label=label, chip=_good(), note=_("It opens the newest tip."))
    return State(label=label, chip=_bad(), note=_("It does not open the newest tip. Was KEY_RING changed?"))


def _disk(found: Machine) -> State:
    is_little = found.free_bytes < max(LITTLE_BYTES, found.all_bytes * LITTLE_SHARE)
    sizes = {"free": filesizeformat(found.free_bytes), "all": filesizeformat(found.all_bytes)}
    chip = Chip(tone="wait", word=_("getting full")) if is_little else _good()
    note = _("%(free)s of %(all)s free.") % sizes
    if not found.has_room_to_rebuild:
        chip = Chip(tone="wait", word=_("getting full"))
        more = _("Too little to build the database anew after a purge; what was deleted is overwritten.")
        note = in_a_row([note, more])
    return State(label=_("Disk"), chip=chip, note=note)


def _people(found: Machine) -> list[State]:
    lines = [
        (_("Accounts without a second step"), found.without_second_factor),
        (_("Units without an officer"), found.units_without_people),
    ]
    shown = [State(label=label, chip=_some(len(names)), note=_names(names)) for label, names in lines]
    given = State(
        label=_("Given passwords"),
        chip=_some(found.with_given_password),
        note=_("They are replaced at the next sign-in.") if found.with_given_password else "",
    )
    return [*shown, given]


def _separation(found: Machine) -> list[State]:
    lines = [
        (_("People at both ends of a two-person act"), found.at_both_ends),
        (_("Leaders, custodians and payers the log does not know"), found.with_unlogged_roles),
    ]
    return [State(label=label, chip=_some(len(names)), note=_names(names)) for label, names in lines]


def _checkpoint(found: CheckpointState, *, now: datetime) -> State:
    label = _("Checkpoint of the audit log")
    if not found.holds:
        return State(
            label=label,
            chip=_bad(),
            note=_("It does not verify. Run audit_verify: it says what is wrong."),
        )
    if found.signed_at is None:
        return State(label=label, chip=Chip(tone="wait", word=pgettext("of a list", "none")))
    local = timezone.localtime(found.signed_at)
    when = f"{day_text(local.date(), today=timezone.localdate(now))} {date_format(local, 'H:i')}"
    is_old = now - found.signed_at > OLD_CHECKPOINT
    chip = Chip(tone="wait", word=_("old")) if is_old else _good()
    return State(label=label, chip=chip, note=_("Verified; the newest is of %(when)s.") % {"when": when})


def _log(found: Machine) -> State:
    rows = ngettext("%(n)d row", "%(n)d rows", found.audit_rows) % {"n": found.audit_rows}
    note = ""
    if found.audit_newest:
        local = timezone.localtime(found.audit_newest)
        when = f"{day_text(local.date(), today=timezone.localdate())} {date_format(local, 'H:i')}"
        note = _("The newest is of %(when)s.") % {"when": when}
    return State(label=pgettext("of the machine", "Audit log"), chip=Chip(tone="info", word=rows), note=note)


def _names(names: tuple[str, ...]) -> str:
    more = pgettext("after a list of names", " and others") if len(names) > MOST_NAMES else ""
    return pgettext("list of names", ", ").join(names[:MOST_NAMES]) + more


def _good() -> Chip:
    return Chip(tone="done", word=pgettext("state of the machine", "in order"))


def _bad() -> Chip:
    return Chip(tone="bad", word=pgettext("state of the machine", "needs somebody"))


def _some(count: int) -> Chip:
    return (
        Chip(tone="wait", word=str(count)) if count else Chip(tone="done", word=pgettext("of a list", "none"))
    )


def doors(found: Machine) -> list[Door]:
    """Return the lists this person keeps."""
    terms = policy_on(day=timezone.localdate())
    periods = _("decide within %(decide)d working days, conclude within %(close)d days") % {
        "decide": terms.decide_working_days,
        "close": terms.close_days,
    }
    return [
        Door(url=reverse("wagtailusers_users:index"), label=_("Accounts"), note=_("who may sign in"),
             count=str(found.accounts)),
        Door(url=reverse("roles:index"), label=_("Roles"), note=_("who may do what, and where"),
             count=str(found.roles)),
        Door(url=_list_of(Office), label=_("Units"), note=_("who answers for which place"), count=str(found.units)),
        Door(url=reverse("periods:index"), label=_("Legal periods"), note=periods),
        Door(url=_list_of(SpecialDay), label=_("Special days"), note=_("days off announced late")),
        Door(url=_list_of(Division), label=_("Divisions"), note=_("districts and towns, to look at")),
        Door(url=reverse("wagtailsettings:edit", args=["home", "bureausettings"]), label=_("Bureau"),
             note=_("name, telephone, records")),
    ]  # fmt: skip


def _list_of(model: Any) -> str:
    return reverse(model.snippet_viewset.get_url_name("list"))

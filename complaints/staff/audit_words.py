"""Rows of the audit log in words: what was done, to what, and the codes beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from complaints.enums import (
    Action,
    InsideAct,
    KeyFault,
    KeyMisfit,
    KeyWork,
    OpeningFault,
    PrivateKind,
    ReviewAct,
    ReviewFault,
    RewardFault,
    Role,
    UnsealAct,
    UnsealFault,
    UnsealPurpose,
)
from complaints.models import AuditRow

from .audit_sections import SECTIONS
from .audit_words_inside import INSIDE
from .clockface import day_text
from .page_acts import PAGE_ACTS
from .story import minute_text, name_of
from .timeline import Entry
from .trail import LOOKS

OWN = {
    "tip.view": gettext_lazy("Opened the tip"),
    **{f"review.{one.value}": one.label for one in ReviewAct},
    "review.drawn": gettext_lazy("Drew a sample of case files"),
    "review.file": gettext_lazy("Opened a case file to review it"),
    "tip.enter": gettext_lazy("Entered at the counter"),
    "tip.take": gettext_lazy("Took the tip on"),
    "tip.handler": gettext_lazy("Named the officer"),
    "tip.accept": gettext_lazy("Accepted the tip"),
    "tip.decline": gettext_lazy("Declined the tip"),
    "tip.reply": gettext_lazy("Answered the reporter"),
    "tip.close": gettext_lazy("Closed the case"),
    "tip.message": gettext_lazy("Wrote to the reporter"),
    "tip.file": gettext_lazy("Opened the case file"),
    "tip.reply_copy": gettext_lazy("Printed the file copy of the answer"),
    "tip.letter": gettext_lazy("Opened the letter of transfer"),
    "tip.referral_bundle": gettext_lazy("Took out the papers of the referral"),
    "tip.note": gettext_lazy("Left colleagues a note"),
    "tip.case_drafted": gettext_lazy("Began a case for publication"),
    "tip.hint_dismissed": gettext_lazy("Denied a duplicate"),
    "tip.takes_in": gettext_lazy("Took another tip in"),
    "tip.purged": gettext_lazy("Destroyed after its period of keeping"),
    "tip.refused": gettext_lazy("An act was refused"),
    "photo.view": gettext_lazy("Opened a photo"),
    "photo.unreadable": gettext_lazy("Could not open a photo: its file is missing or damaged"),
    "desk.refused": gettext_lazy("A page was refused"),
    "setting.refused": gettext_lazy("A change of accounts or roles was refused"),
    "role.given": gettext_lazy("Gave a role"),
    "role.taken": gettext_lazy("Took a role back"),
    "user.create": gettext_lazy("Made an account"),
    "user.change": gettext_lazy("Changed an account"),
    "user.delete": gettext_lazy("Deleted an account"),
    "password.set": gettext_lazy("Gave a new password"),
    "password.changed": gettext_lazy("Chose an own password"),
    "second_factor.reset": gettext_lazy("Reset the second step of signing in"),
    "sessions.end": gettext_lazy("Ended own sessions elsewhere"),
    "reauth.given": gettext_lazy("Showed password and code again"),
    "reauth.refused": gettext_lazy("Password or code was wrong before a delicate act"),
    "routingrule.switched_off": gettext_lazy("A broken routing rule switched itself off"),
    "report.closed": gettext_lazy("Closed the report of a period"),
    "unseal.file": gettext_lazy("Fetched the sealed file of an original"),
    "machine.restored": gettext_lazy("Restored from a backup; everything open was closed"),
    "vault.registered": gettext_lazy("Registered a vault key"),
    "vault.refused": gettext_lazy("An act on vault keys was refused"),
    "vault.key_made": gettext_lazy("Made a vault key"),
    "vault.key_handed": gettext_lazy("Handed over a file of the vault key"),
    "vault.key_recovered": gettext_lazy("Recovered a vault key from two sheets"),
    "vault.key_received": gettext_lazy("Received a file of the vault key"),
    "vault.misfit": gettext_lazy("Something did not fit while working with vault keys"),
    "vault.reseal_started": gettext_lazy("Started moving what is sealed to a new key"),
    "vault.reseal_asked": gettext_lazy("Asked to move what is sealed to a new key"),
    "vault.reseal_approved": gettext_lazy("Approved moving what is sealed to a new key"),
    "vault.reseal_declined": gettext_lazy("Declined moving what is sealed to a new key"),
    "vault.reseal_handed_out": gettext_lazy("Took out sealed things to move them to a new key"),
    "vault.reseal_file": gettext_lazy("Fetched the sealed file of an original to move it to a new key"),
    "vault.reseal_moved": gettext_lazy("Moved sealed things to a new key"),
    "vault.reseal_misplaced": gettext_lazy("Found sealed things that do not belong to their tip"),
    "vault.reseal_done": gettext_lazy("Finished moving what is sealed to a new key"),
    "unseal.refused": gettext_lazy("An act was refused"),
    "reward.proposed": gettext_lazy("Put a reward forward"),
    "reward.approved": gettext_lazy("Approved a reward"),
    "reward.returned": gettext_lazy("Sent a reward back"),
    "reward.refused": gettext_lazy("An act on a reward was refused"),
    "reward.declined": gettext_lazy("Refused a reward"),
    "reward.propose": gettext_lazy("Put a reward forward"),
    "reward.approve": gettext_lazy("Approved a reward"),
    "reward.return": gettext_lazy("Sent a reward back"),
    "reward.decline": gettext_lazy("Refused a reward"),
    "reward.code_voided": gettext_lazy("Made a claim code void"),
    "reward.paid": gettext_lazy("Paid a reward"),
    "reward.unpaid": gettext_lazy("Undid the payment of a reward"),
    "reward.extended": gettext_lazy("Extended the time to collect a reward"),
    "reward.released": gettext_lazy("Took a reward back"),
    "reward.reminded": gettext_lazy("Reminded of a reward nobody came for"),
    "reward.forfeited": gettext_lazy("A reward lapsed"),
    "reward.batch": gettext_lazy("Took a payment batch"),
    "reward.pay": gettext_lazy("Paid a reward"),
    "reward.unpay": gettext_lazy("Undid the payment of a reward"),
    "reward.void_code": gettext_lazy("Made a claim code void"),
    "reward.extend": gettext_lazy("Extended the time to collect a reward"),
    "reward.release": gettext_lazy("Took a reward back"),
    "budget.appropriate": gettext_lazy("Added money to a reward budget"),
    "budget.take_back": gettext_lazy("Corrected a reward budget"),
    **PAGE_ACTS,
    "enterprise.added": gettext_lazy("Added an enterprise to the register"),
    "enterprise.changed": gettext_lazy("Changed an enterprise of the register"),
    "enterprise.imported": gettext_lazy("Brought a file into the register of enterprises"),
    "enterprise.code_issued": gettext_lazy("Issued a new code for the poster of an enterprise"),
    "practice.offered": gettext_lazy("Offered good practice to the bureau"),
    "practice.drafted": gettext_lazy("Began a page on good practice"),
    **INSIDE,
    "manager.invited": gettext_lazy("Invited a safety manager"),
    "manager.code_issued": gettext_lazy("Gave a safety manager a new code to join by"),
    "manager.joined": gettext_lazy("Joined as a safety manager by the code of the invitation"),
    "manager.join_refused": gettext_lazy("Tried a dead code of an invitation"),
    "manager.ended": gettext_lazy("Ended a safety manager's work"),
    "manager.second_asked": gettext_lazy("Asked the bureau for a second safety manager"),
    "manager.scale_set": gettext_lazy("Set the reward scale of an enterprise"),
    "read.workplace": gettext_lazy("Looked at the inbox of a workspace"),
    "read.internal_tip": gettext_lazy("Opened an internal tip in the workspace"),
    "export.workplace": gettext_lazy("Took the ledger of an enterprise along"),
    "enterprise.visited": gettext_lazy("Entered a visit to an enterprise"),
    "audit.anchor": gettext_lazy("Vouched for older rows under a new key"),
    "audit.checkpoints_begun": gettext_lazy("Began to sign the end of the log outside the database"),
}
LOOKED = {
    "read": gettext_lazy("Looked at: %(what)s"),
    "search": gettext_lazy("Searched: %(what)s"),
    "export": gettext_lazy("Exported: %(what)s"),
}
CHANGED = {
    "added": gettext_lazy("Added: %(what)s"),
    "changed": gettext_lazy("Changed: %(what)s"),
    "deleted": gettext_lazy("Deleted: %(what)s"),
}
# Rows of lists whose changes are logged as "<model>.<change>"; the last three belong to other apps.
KEPT = (
    *(
        f"complaints.{name}"
        for name in (
            *("office", "specialday", "replytemplate", "deadlinepolicy", "retentionrule"),
            *("rewardpolicy", "inspectionceiling", "channelduty", "insidepolicy"),
            *("attentionweights", "evaluationweights", "reviewsheet", "alarmthresholds"),
        )
    ),
    *("complaints.routingrule", "complaints.competentbody", "wagtailcore.site", "home.bureausettings"),
    "cases_public.dutyrule",
)
REASONS = {
    "illegal_move": gettext_lazy("not possible in that state"),
    "not_allowed": gettext_lazy("lacks the role"),
    "own_proposal": gettext_lazy("proposed it"),
    "own_work": gettext_lazy("had a hand in the case"),
    "overtaken": gettext_lazy("somebody else was faster"),
    "taken_by_another": gettext_lazy("somebody else was faster"),
    "cannot_merge": gettext_lazy("the two do not go together"),
    "objection_late": gettext_lazy("the days for an objection were over"),
    "objection_pending": gettext_lazy("an objection was raised before"),
    "death": gettext_lazy("a death is involved"),
    "whistled": gettext_lazy("a whistle waits"),
    "extension_asked": gettext_lazy("an extension was asked for"),
    "paused": gettext_lazy("the period is paused"),
    "supervised": gettext_lazy("under supervision"),
    "invalid": gettext_lazy("something was missing or wrong"),
    "not_found": gettext_lazy("outside the scope"),
    "rectification_open": gettext_lazy("an order to rectify waits for a re-check"),
    "objection_open": gettext_lazy("the reporter may still object"),
    "photo_unreadable": gettext_lazy("a stored photo is missing or damaged"),
    "not_to_oneself": gettext_lazy("nobody does that to oneself"),
    "roles_apart": gettext_lazy("the two roles are kept apart"),
    "account_has_acted": gettext_lazy("the records name this person"),
    "reauth": gettext_lazy("password not confirmed"),
    "old_key_ring": gettext_lazy("the server ran with earlier keys"),
    "too_many": gettext_lazy("more of them within an hour than are kept"),
    **dict(KeyFault.choices),
    **dict(KeyMisfit.choices),
    **dict(UnsealFault.choices),
    **dict(RewardFault.choices),
    **dict(ReviewFault.choices),
}


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names of people and units by key, read once for a page."""

    people: Mapping[int, str]
    units: Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """One row as an auditor reads it; `subject` is as stored, so that it can be filtered by."""

    number: int
    when: str
    who: str
    act: str
    about: str
    subject: str
    note: str
    is_refused: bool


# As many groups of a fingerprint as the asker reads to the custodian.
READ_OUT = 4
# Codes beside an act of an opening: what did not fit, what it is for.
DETAILS = {**dict(OpeningFault.choices), **dict(UnsealPurpose.choices), **dict(PrivateKind.choices)}
REFUSALS = frozenset({"tip.refused", "unseal.refused", "reward.refused", "inside.refused"})


def audit_entries(*, rows: Iterable[AuditRow], today: date) -> list[Entry]:
    """Return rows about one tip in words; what no person did is kept to the day."""
    return [
        Entry(
            when=_when(row, today=today),
            title=act_title(row.action),
            who=name_of(row.actor),
            note=_refused(row) if row.action in REFUSALS else "",
            tone="",
        )
        for row in rows
    ]


def log_line(row: AuditRow, *, names: Names, today: date) -> LogLine:
    """Return one row of the log in words."""
    is_refused = row.action.endswith(("refused", "misfit"))
    return LogLine(
        number=row.sequence,
        when=_when(row, today=today),
        who=names.people.get(row.actor_id, "") if row.actor_id else _("nobody: the machine or a reporter"),
        act=act_title(row.action),
        about=_about(row.subject, names=names),
        subject=row.subject,
        note=_refused(row) if is_refused else _note(row, names=names),
        is_refused=is_refused,
    )


def cut_line(*, most: int) -> LogLine:
    """Return the last line of a file that does not hold everything asked for."""
    said = _("This file ends here, after %(n)d rows. There are more: narrow the days and export again.")
    return LogLine(
        number=0, when="", who="", act=said % {"n": most}, about="", subject="", note="", is_refused=False
    )


def known_acts() -> list[tuple[str, str]]:
    """Return every act with its words, those of tips first."""
    steps = [f"tip.{value}" for value, _label in Action.choices]
    steps += [f"unseal.{value}" for value, _label in UnsealAct.choices]
    looks = [f"{how}.{what}" for how in LOOKED for what in SECTIONS]
    changes = [f"{name.partition('.')[2]}.{how}" for name in KEPT for how in CHANGED]
    return [(action, act_title(action)) for action in dict.fromkeys([*steps, *OWN, *looks, *changes])]


def act_title(action: str) -> str:
    """Return the words of an act: its own where there are some, else those of the workflow, a look or a change."""
    if action in OWN:
        return str(OWN[action])
    first, _dot, rest = action.partition(".")
    if first in LOOKED and rest in SECTIONS:
        return str(LOOKED[first]) % {"what": SECTIONS[rest]}
    if rest in CHANGED:
        return str(CHANGED[rest]) % {"what": _kept(first)}
    labels = {
        **{f"tip.{value}": str(label) for value, label in Action.choices},
        **{f"unseal.{value}": str(label) for value, label in UnsealAct.choices},
    }
    return labels.get(action, action)


def _kept(name: str) -> str:
    full = next((one for one in KEPT if one.endswith(f".{name}")), "")
    return str(apps.get_model(full)._meta.verbose_name) if full else name


def _when(row: AuditRow, *, today: date) -> str:
    if row.actor_id:
        return minute_text(row.taken_at, today=today)
    return day_text(timezone.localdate(row.taken_at), today=today)


def _about(subject: str, *, names: Names) -> str:
    """Return what an act was about: the name of a person or unit, else what is stored."""
    kind, _colon, key = subject.partition(":")
    known = {"user": names.people, "office": names.units}.get(kind, {})
    return known.get(int(key), subject) if key.isdecimal() else subject


def _note(row: AuditRow, *, names: Names) -> str:
    data = row.data
    role = str(dict(Role.choices).get(data.get("role", ""), ""))
    unit = names.units.get(data.get("office", 0), "")
    handler = names.people.get(data.get("handler", 0), "")
    fields = pgettext("list of names", ", ").join(str(name) for name in data.get("fields", ()))
    other = str(data.get("tip", ""))
    reader = " ".join(str(data.get("reader", "")).split("-")[:READ_OUT])
    detail = str(DETAILS.get(str(data.get("detail", "")), ""))
    return " · ".join(filter(None, [role, unit, handler, fields, other, reader, detail]))


def _page(name: str) -> str:
    """Return the section a page belongs to; a page of one tip needs no word, its number stands beside."""
    section = LOOKS.get(name) or LOOKS.get(name.rpartition(":")[0], "")
    return str(SECTIONS.get(section, ""))


def _refused(row: AuditRow) -> str:
    inside = dict(InsideAct.choices)
    labels = {
        **inside,
        **dict(Action.choices),
        **dict(UnsealAct.choices),
        **dict(KeyWork.choices),
        "note": _("Note for colleagues"),
        "message": _("Message"),
        "enter": _("Entered at the counter"),
        "reply_copy": _("Printed the file copy of the answer"),
        "referral_bundle": _("Papers of the referral"),
        "unseal": _("Ask for an opening"),
        "claim": _("Claim a reward"),
        "claim_code": _("Ask for a claim code"),
    }
    act, code = str(row.data.get("act", "")), str(row.data.get("code", ""))
    page = _page(str(row.data.get("page", "")))
    # Some acts of the inside are called like acts on a tip.
    labels |= inside if row.action == "inside.refused" else {}
    words = str(labels.get(act) or OWN.get(act, act))
    return " · ".join(filter(None, [words, str(REASONS.get(code, code)), page]))

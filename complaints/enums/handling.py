"""Codes of how a tip is worked on: states, acts, facts, periods."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TipStatus(TextChoices):
    """States of a tip (DOMAIN of the law: 登记 to 归档). Withdrawal is a fact about a tip, not a state of it."""

    REGISTERED = "registered", _("Registered")
    SCREENING = "screening", _("Being screened")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    TRANSFERRED_OUT = "transferred_out", _("Transferred to another body")
    MERGED = "merged", _("Merged")
    VERIFYING = "verifying", _("Being verified")
    VERIFIED = "verified", _("Result confirmed")
    DISPOSED = "disposed", _("Measures taken")
    REPLIED = "replied", _("Answered")
    REVIEW = "review", _("Under review")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")


class Phase(TextChoices):
    """Whether anybody still works on a tip; a column of its own, so that an index finds the open ones."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")


class Action(TextChoices):
    """Acts recorded as a step in the history of a tip."""

    REGISTER = "register", _("Register")
    SCREEN = "screen", _("Begin screening")
    ACCEPT = "accept", _("Accept")
    DECLINE = "decline", _("Decline")
    TRANSFER_OUT = "transfer_out", _("Transfer to the competent body")
    MERGE = "merge", _("Merge into another tip")
    DISPATCH = "dispatch", _("Dispatch to another unit")
    HAND_BACK = "hand_back", _("Hand back")
    ESCALATE = "escalate", _("Escalate: a death is involved")
    ASSIGN = "assign", _("Assign to an officer")
    JOIN = "join", _("Call in a co-unit")
    LEAVE = "leave", _("Release a co-unit")
    WHISTLE = "whistle", _("Whistle for the district")
    ANSWER_WHISTLE = "answer_whistle", _("Report for duty and take the lead")
    ARRIVE = "arrive", _("Arrive on site")
    RETURN_WHISTLE = "return_whistle", _("Return the whistle")
    WITHDRAW_WHISTLE = "withdraw_whistle", _("Take the whistle back")
    END_WHISTLE = "end_whistle", _("The whistle ends with the tip")
    VERIFY = "verify", _("Begin verification")
    INSPECT = "inspect", _("Record an inspection")
    CONCLUDE = "conclude", _("Propose the result")
    CONCLUDE_UNFOUNDED = "conclude_unfounded", _("Propose the result: not confirmed")
    APPROVE_RESULT = "approve_result", _("Confirm the result")
    APPROVE_UNFOUNDED = "approve_unfounded", _("Confirm the result: not confirmed")
    RETURN_RESULT = "return_result", _("Return the result")
    PROPOSE_MEASURE = "propose_measure", _("Propose a measure")
    DISPOSE = "dispose", _("Sign the measure")
    RETURN_MEASURE = "return_measure", _("Return the measure")
    RECHECK = "recheck", _("Record a re-check")
    VERIFY_AGAIN = "verify_again", _("To be verified anew at county level or above")
    REFER = "refer", _("Propose a criminal referral")
    DECIDE_REFERRAL = "decide_referral", _("Decide on the criminal referral")
    DROP_REFERRAL = "drop_referral", _("Do not refer")
    HAND_TO_POLICE = "hand_to_police", _("Hand over to the police")
    POLICE_FILES = "police_files", _("Police open a case")
    POLICE_REFUSES = "police_refuses", _("Police do not open a case")
    RECONSIDER = "reconsider", _("Ask the police to reconsider")
    ASK_EXTENSION = "ask_extension", _("Ask for an extension")
    GRANT_EXTENSION = "grant_extension", _("Grant the extension")
    REFUSE_EXTENSION = "refuse_extension", _("Refuse the extension")
    PAUSE = "pause", _("Pause the period")
    RESUME = "resume", _("Resume the period")
    SUPERVISE = "supervise", _("Supervise")
    ANSWER_SUPERVISION = "answer_supervision", _("Answer the supervision")
    LIFT_SUPERVISION = "lift_supervision", _("End the supervision")
    REMIND = "remind", _("Reminder by the system")
    REPLY = "reply", _("Answer the reporter")
    OBJECT = "object", _("Objection by the reporter")
    UPHOLD = "uphold", _("Uphold the answer")
    REOPEN = "reopen", _("Reopen the case")
    WITHDRAW = "withdraw", _("Withdrawal by the reporter")
    RATE = "rate", _("Rating by the reporter")
    CLOSE = "close", _("Close the case")
    ARCHIVE = "archive", _("Archive")
    HOLD = "hold", _("Hold back from destruction")
    LIFT_HOLD = "lift_hold", _("Let destruction take its course")


class Side(TextChoices):
    """Where a person stands towards a tip; a right needs a role on the right side."""

    LEAD = "lead", _("Unit in charge, or above it")
    ABOVE = "above", _("Level above the unit in charge")
    SITE = "site", _("Unit in charge, inspecting unit, co-unit or town on the spot")
    TOWN = "town", _("Town on the spot")
    ASKED = "asked", _("Unit that a supervision asks")
    OVERSEER = "overseer", _("Unit that supervises, or above it")
    CALLED = "called", _("Unit a whistle calls")
    CALLED_LEVEL = "called_level", _("Unit a whistle calls, or above it")
    REPORTER = "reporter", _("Reporter")
    SYSTEM = "system", _("System")


class Fact(TextChoices):
    """What is true of a tip beside its state; most follow from its history alone."""

    RESULT_PROPOSED = "result_proposed", _("A result waits for confirmation")
    UNFOUNDED_PROPOSED = "unfounded_proposed", _("A result “not confirmed” waits for confirmation")
    FOUNDED = "founded", _("Confirmed")
    TO_SIGN = "to_sign", _("A proposed result waits for the leader")
    UNFOUNDED = "unfounded", _("Not confirmed")
    MEASURE_PROPOSED = "measure_proposed", _("A measure waits for the leader's signature")
    EXTENSION_ASKED = "extension_asked", _("An extension was asked for")
    EXTENDED = "extended", _("Extended once in this period")
    PAUSED = "paused", _("The period is paused")
    WHISTLED = "whistled", _("A whistle waits for the district")
    EXPECTED = "expected", _("The district is on its way")
    SUPERVISED = "supervised", _("Under supervision")
    SUPERVISION_ANSWERED = "supervision_answered", _("The supervision was answered")
    REFERRAL_PROPOSED = "referral_proposed", _("A criminal referral waits for a decision")
    REFERRAL_DECIDED = "referral_decided", _("A criminal referral was decided on")
    WITH_POLICE = "with_police", _("Before the police")
    POLICE_REFUSED = "police_refused", _("The police opened no case")
    RECONSIDERED = "reconsidered", _("Reconsideration was asked for")
    WITHDRAWN = "withdrawn", _("Withdrawn by the reporter")
    OBJECTED = "objected", _("An objection was raised against the answer")
    RATED = "rated", _("Rated by the reporter")
    DEATH = "death", _("A death is involved")
    OBJECTION_OPEN = "objection_open", _("The reporter may still object")
    RECTIFICATION_OPEN = "rectification_open", _("An order to rectify waits for a re-check")
    WAS_DECLINED = "was_declined", _("Declined before")
    WAS_CLOSED = "was_closed", _("Closed before")
    OUT_OF_REMIT = "out_of_remit", _("Another body is competent")
    HELD = "held", _("Held back from destruction")
    HANDED_DOWN = "handed_down", _("Dispatched to this unit by another")


class Clock(TextChoices):
    """Which legal period runs on a tip."""

    NONE = "none", _("No period running")
    DECIDE = "decide", _("Decide on acceptance")
    PASS_ON = "pass_on", _("Pass on to the competent body")
    CLOSE = "close", _("Conclude the case")
    REPLY = "reply", _("Answer the reporter")
    REVIEW = "review", _("Review the objection")


class Result(TextChoices):
    """What a verification found."""

    TRUE = "true", _("True")
    PARTLY_TRUE = "partly_true", _("Partly true")
    FALSE = "false", _("Not true")
    UNVERIFIABLE = "unverifiable", _("Not verifiable")


class Measure(TextChoices):
    """What was done about a confirmed danger."""

    RECTIFY = "rectify", _("Ordered to rectify")
    PENALTY = "penalty", _("Penalty case")
    REFERRAL = "referral", _("Referred to the police")
    NOTICE = "notice", _("Notice to other bodies")


class UnitPart(TextChoices):
    """Which part a unit beside the one in charge plays."""

    INSPECTING = "inspecting", _("Inspects on the spot")
    CO_UNIT = "co_unit", _("Co-unit")


class SupervisionCause(TextChoices):
    """Why the level above looks in."""

    OVERDUE = "overdue", _("A period ran out")
    WHISTLE_LATE = "whistle_late", _("A whistle stayed unanswered")
    ARRIVAL_LATE = "arrival_late", _("The called unit did not arrive in time")
    REFERRAL_LATE = "referral_late", _("No decision on a criminal referral in time")
    TRANSFER_LATE = "transfer_late", _("A criminal case was not handed over in time")
    RECTIFY_LATE = "rectify_late", _("An order to rectify was not re-checked in time")
    DEATH = "death", _("A death is involved")
    ORDERED = "ordered", _("Ordered by the level above")


class Ground(TextChoices):
    """Why a tip may repeat an earlier one."""

    SAME_ENTITY = "same_entity", _("the same entity")
    ALIKE_ENTITY = "alike_entity", _("an entity with a similar name")
    NEAR_POINT = "near_point", _("a place less than 200 m away")
    SAME_ADDRESS = "same_address", _("the same address")
    SAME_OPERATION = "same_operation", _("the same dangerous operation")
    SAME_KIND = "same_kind", _("the same type")


class MergeFault(TextChoices):
    """Why two tips are not put together."""

    SAME_TIP = "same_tip", _("A tip cannot be merged into itself.")
    OTHER_UNIT = (
        "other_unit",
        _("These tips belong to two units. Dispatch one of them first, then merge."),
    )
    ALREADY_MERGED = "already_merged", _("That tip was itself merged into another. Merge into that one.")
    ANSWERED = "answered", _("That tip has been answered or closed. Handle this one on its own.")
    WITHDRAWN = "withdrawn", _("The reporter of that tip withdrew it. Handle this one on its own.")
    LATER = "later", _("Merge the later tip into the earlier one, so that nobody waits longer.")
    NOT_ACCEPTED = (
        "not_accepted",
        _("This tip is accepted, the earlier one is not yet. Accept that one first."),
    )

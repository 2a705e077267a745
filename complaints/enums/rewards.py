"""Codes of rewards: what a policy may say, how an amount comes about, why none is paid."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AccidentGrade(TextChoices):
    """Grade of an accident by the total number of deaths (生产安全事故报告和调查处理条例 3)."""

    ORDINARY = "ordinary", _("Ordinary accident: fewer than 3 deaths")
    LARGER = "larger", _("Larger accident: 3 to 9 deaths")
    MAJOR = "major", _("Major accident: 10 to 29 deaths")
    EXTREME = "extreme", _("Especially major accident: 30 deaths or more")


class RewardLevel(TextChoices):
    """Which of the two rates of a policy counts; most policies have the first alone."""

    FIRST = "first", _("First level")
    SECOND = "second", _("Second level")


class UpliftCapMode(TextChoices):
    """Whether the cap is applied before or after the uplift for employees."""

    CAP_THEN_UPLIFT = "cap_then_uplift", _("Cap first, then uplift")
    UPLIFT_THEN_CAP = "uplift_then_cap", _("Uplift first, then cap")


class FineMode(TextChoices):
    """Which fine counts when there are several."""

    SUM = "sum", _("All fines together")
    MAX = "max", _("The highest fine")


class GeneralHazardMode(TextChoices):
    """What an ordinary hazard is worth."""

    NONE = "none", _("No reward")
    FIXED = "fixed", _("A fixed amount")
    RANGE = "range", _("An amount within a range")


class JointSplit(TextChoices):
    """Who receives the reward of a tip that several people signed."""

    FIRST_SIGNATORY = "first_signatory", _("The first to sign")
    EQUAL = "equal", _("Equal shares")


class RewardStep(TextChoices):
    """One line of how an amount came about."""

    FINES = "fines", pgettext_lazy("step of a reward", "Fines")
    NO_PENALTY = "no_penalty", pgettext_lazy("step of a reward", "No fine")
    RATE = "rate", _("Rate")
    GRADE = "grade", _("Grade of the accident")
    DEATHS = "deaths", _("Concealed deaths")
    GENERAL = "general", _("Ordinary hazard")
    UPLIFT = "uplift", _("Uplift for employees")
    FLOOR = "floor", _("Floor")
    CAP = "cap", _("Cap")
    MONTHLY_CAP = "monthly_cap", _("Cap of the month")
    SPLIT = "split", _("Joint tip")
    NOT_REWARDED = "not_rewarded", _("Not rewarded")
    TOTAL = "total", _("Amount of the reward")


class NotRewarded(TextChoices):
    """Why nothing is paid although the tip is true (19号); the label is the sentence shown."""

    IS_HANDLER = "is_handler", _("The reporter takes part in handling this tip")
    DUTY_RELATED = (
        "duty_related",
        _(
            "The reporter has a duty of safety supervision, is a close relative of such a person, or was told to"
        ),
    )
    ALREADY_KNOWN = "already_known", _("The matter was already found and is lawfully handled")
    NOT_FIRST = "not_first", _("Somebody else reported this first")
    NO_IDENTITY = "no_identity", _("The rule pays no reward to a reporter who stays without a name")
    KIND_NOT_REWARDED = "kind_not_rewarded", _("The rule sets no reward for this type of tip")


class Sector(TextChoices):
    """A sector with reward rules of its own; every other industry goes by the rules without one."""

    MINING = "mining", _("Mines")


class RewardFault(TextChoices):
    """Why an act on a reward, a reward rule or a budget is refused; the label is the sentence shown."""

    RULE_FIXED = (
        "rule_fixed",
        _(
            "Nothing was changed: this reward rule is or was in force. Let it end, and add a new one that follows."
        ),
    )
    NOT_DUE = (
        "not_due",
        _("No reward can be proposed yet: a result “true” or “partly true” has to be confirmed first."),
    )
    OPEN_ALREADY = "open_already", _("A reward for this tip is proposed or approved already.")
    NOT_ELIGIBLE = "not_eligible", _("Nothing can be paid here: the rule excludes it.")
    NO_SPECIAL = "no_special", _("The rule of that day knows no special reward.")
    NOT_NOW = (
        "not_now",
        _("This is not possible now. Somebody may have been faster; the page shows where it stands."),
    )
    FACTS_CHANGED = (
        "facts_changed",
        _(
            "Result, order or fines have changed since this was proposed. Send it back and have it proposed anew."
        ),
    )
    NO_BUDGET = (
        "no_budget",
        _("The budget of this unit and year does not cover this amount. Nothing was changed."),
    )
    ENTERED = "entered", _("This was entered in the ledger before. Nothing was entered twice.")
    CLAIM_LATE = "claim_late", _("The time to collect this reward is over. Nothing was changed.")
    CLAIMED = "claimed", _("This reward was claimed already. Nothing was changed.")
    OTHER_FIRST = (
        "other_first",
        _(
            "Another reward of this tip is being paid by the details you gave. Claim this one when that is done; until "
            "then it does not lapse."
        ),
    )
    NO_CLAIM = "no_claim", _("There is no reward to collect with this receipt now.")
    WRONG_CODE = (
        "wrong_code",
        _(
            "This is not the claim code of this reward. Please compare it with what you kept. Nothing was changed."
        ),
    )
    HAS_CODE = (
        "has_code",
        _(
            "A claim code was shown before, and it is shown once. If it is lost, whoever pays can make it void; then "
            "ask for a new one here."
        ),
    )
    NO_CODE = "no_code", _("No claim code has been asked for yet, or it was made void.")
    IN_PERSON = (
        "in_person",
        _("A reward for an anonymous tip is collected in person, with receipt and claim code."),
    )
    OWN_PART = (
        "own_part",
        _("Whoever proposed or approved a reward does not pay it: these are three people."),
    )
    TOO_LONG = (
        "too_long",
        _(
            "The time to collect is extended to a later working day, in all by no more days than it had at first."
        ),
    )


class RewardState(TextChoices):
    """How far the decision about a reward has got."""

    PROPOSED = "proposed", _("Waits for approval")
    RETURNED = "returned", _("Sent back")
    APPROVED = "approved", pgettext_lazy("reward", "Approved")
    REFUSED = "refused", _("Refused")
    RELEASED = "released", pgettext_lazy("reward", "Taken back")


class ClaimState(TextChoices):
    """How far an approved reward has got on its way to the reporter."""

    NOTICED = "noticed", _("To be collected")
    CLAIMED = "claimed", _("To be paid")
    PAID = "paid", pgettext_lazy("reward", "Paid")
    FORFEITED = "forfeited", _("Lapsed")
    RELEASED = "released", pgettext_lazy("reward", "Taken back")


class ClaimWay(TextChoices):
    """How a reward was collected."""

    SEALED = "sealed", _("To an account, its details sealed")
    COUNTER = "counter", _("In person, paid against code")


class ClaimAct(TextChoices):
    """What is done about an approved reward; each is a step of its history."""

    NOTICE = "notice", _("Notice to the reporter")
    SHOW_CODE = "show_code", _("Claim code shown to the reporter")
    VOID_CODE = "void_code", _("Claim code made void")
    CLAIM = "claim", _("Claimed by the reporter")
    REMIND = "remind", _("Reminded and called out")
    EXTEND = "extend", _("Time to collect extended")
    PAY = "pay", _("Paid out")
    UNPAY = "unpay", _("Payment came back")
    FORFEIT = "forfeit", _("Not collected in time")
    RELEASE = "release", pgettext_lazy("act on a reward", "Taken back")


class ReconcileFault(TextChoices):
    """What does not agree when ledger, states and audit log are compared."""

    CLAIM = "claim", _("An approved amount has no claim, or a claim has no approved amount")
    STATE = "state", _("Decision and claim tell different ends")
    LEDGER = "ledger", _("The ledger says another amount or account than the state")
    LOG = "log", _("The audit log tells other acts or amounts than the state")
    BUDGET = "budget", _("Sums of the budget, ledger, states and log do not agree")


class LedgerAccount(TextChoices):
    """Where money of a budget stands. What stands as released or forfeited is free again."""

    APPROPRIATED = "appropriated", _("Appropriated")
    AVAILABLE = "available", _("Available")
    RESERVED = "reserved", _("Reserved")
    PAID = "paid", _("Paid")
    RELEASED = "released", _("Released")
    FORFEITED = "forfeited", _("Forfeited")


class LedgerAct(TextChoices):
    """What moves money of a budget from one account to another."""

    APPROPRIATE = "appropriate", _("Budget appropriated")
    RESERVE = "reserve", _("Reserved at the decision")
    PAY = "pay", _("Paid out")
    UNPAY = "unpay", _("Payment came back")
    RELEASE = "release", _("Reservation released")
    FORFEIT = "forfeit", _("Not collected in time")
    TAKE_BACK = "take_back", _("Appropriation corrected")

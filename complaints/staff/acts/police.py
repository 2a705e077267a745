"""行刑衔接: proposing a criminal referral, deciding, handing over, the answer of the police."""

from django.utils.translation import gettext_lazy as _

from complaints.enums import Action
from complaints.services import referrals

from .forms import Act, Field, Kind, Option, Situation, memo, today_of
from .sent import Sent, as_it_is, with_memo

PAPERS = ("offence", "facts", "goods", "appraisal", "other")


def _officers(situation: Situation) -> list[Option]:
    return [(str(row.pk), row.get_full_name() or row.get_username()) for row in situation.choices.colleagues]


def _refer(sent: Sent) -> object:
    officers = sent.keys("officers")
    sent.check()
    return referrals.propose_referral(**sent.basics, officer_ids=officers, texts=sent.texts(*PAPERS))


def _hand_over(sent: Sent) -> object:
    return referrals.hand_to_police(**sent.basics, **sent.texts("police_name", "police_receipt"))


def _filed(sent: Sent) -> object:
    day = sent.day("answered_date")
    sent.check()
    return referrals.police_files(**sent.basics, answered_date=day)


def _refused(sent: Sent) -> object:
    day = sent.day("answered_date")
    sent.check()
    return referrals.police_refuses(**sent.basics, answered_date=day, memo=sent.text("memo"))


_ANSWERED = Field(
    name="answered_date", label=_("Day of the answer"), kind=Kind.DAY, is_required=True, usual=today_of
)

ACTS = (
    Act(
        slug=Action.DECIDE_REFERRAL,
        actions=frozenset({Action.DECIDE_REFERRAL}),
        label=_("Approve the criminal referral"),
        icon="check",
        lede=_("It must then be handed to the police within %(transfer_hours)d hours."),
        submit=_("Approve the criminal referral"),
        take=as_it_is(referrals.decide_referral),
    ),
    Act(
        slug=Action.DROP_REFERRAL,
        actions=frozenset({Action.DROP_REFERRAL}),
        label=_("Do not refer"),
        icon="arrow-left",
        lede=_("The reason goes on file; the case goes on as an administrative one."),
        submit=_("Do not refer"),
        fields=(memo(_("Why it is not referred")),),
        take=with_memo(referrals.drop_referral),
    ),
    Act(
        slug=Action.HAND_TO_POLICE,
        actions=frozenset({Action.HAND_TO_POLICE}),
        label=_("Hand over to the police"),
        icon="redirect",
        lede=_(
            "The police must say within %(police_days)d days whether they open a case. "
            "The papers are in the bundle."
        ),
        lede_in_working_days=_(
            "The police must say within %(police_days)d working days whether they open a case. "
            "The papers are in the bundle."
        ),
        submit=_("Record the hand-over"),
        fields=(
            Field(name="police_name", label=_("Police unit"), kind=Kind.LINE, is_required=True, longest=100),
            Field(name="police_receipt", label=_("Number of their receipt"), kind=Kind.LINE, longest=60),
        ),
        take=_hand_over,
    ),
    Act(
        slug=Action.POLICE_FILES,
        actions=frozenset({Action.POLICE_FILES}),
        label=_("Police open a case"),
        icon="circle-check",
        lede=_("The answer goes on file."),
        submit=_("Record the answer"),
        fields=(_ANSWERED,),
        take=_filed,
    ),
    Act(
        slug=Action.POLICE_REFUSES,
        actions=frozenset({Action.POLICE_REFUSES}),
        label=_("Police do not open a case"),
        icon="circle-xmark",
        lede=_("Reconsideration may be asked for within %(police_days)d days."),
        lede_in_working_days=_("Reconsideration may be asked for within %(police_days)d working days."),
        submit=_("Record the answer"),
        fields=(_ANSWERED, memo(_("Reasons the police gave"))),
        take=_refused,
    ),
    Act(
        slug=Action.RECONSIDER,
        actions=frozenset({Action.RECONSIDER}),
        label=_("Ask the police to reconsider"),
        icon="resubmit",
        lede=_("This can be asked for once."),
        submit=_("Ask for reconsideration"),
        fields=(memo(_("Why they should open a case")),),
        take=with_memo(referrals.reconsider),
    ),
    Act(
        slug=Action.REFER,
        actions=frozenset({Action.REFER}),
        label=_("Propose a criminal referral"),
        icon="site",
        lede=_("A leader decides within %(referral_days)d days. Two officers or more look into it."),
        lede_in_working_days=_(
            "A leader decides within %(referral_days)d working days. Two officers or more look into it."
        ),
        submit=_("Propose the referral"),
        fields=(
            Field(
                name="officers",
                label=_("Officers, two or more"),
                kind=Kind.SOME,
                is_required=True,
                options=_officers,
            ),
            Field(
                name="offence",
                label=_("Suspected offence"),
                kind=Kind.LINE,
                is_required=True,
                longest=200,
                hint=_("With the article of the Criminal Law."),
            ),
            Field(name="facts", label=_("Facts and evidence"), is_required=True),
            Field(
                name="goods",
                label=_("Goods of the case"),
                hint=_("Things seized or sealed; “none” if there are none."),
                rows=2,
            ),
            Field(name="appraisal", label=_("Tests and appraisals"), rows=2),
            Field(name="other", label=_("Other papers"), rows=2),
        ),
        take=_refer,
        is_primary=False,
    ),
)

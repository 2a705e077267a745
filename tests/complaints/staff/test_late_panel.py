"""What is late without a clock of the tip: on the first page and as views, within the scope, at a fixed cost."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.enums import Action, Role, TipStatus
from complaints.models import Disposal, Referral, Tip
from complaints.services.referrals import decide_referral, hand_to_police, propose_referral
from tests.complaints.staff.conftest import People, at_desk
from tests.factories import TipFactory, noon, step
from tests.fixtures import YANTA, City
from tests.signin import staff

pytestmark = pytest.mark.django_db
HOME = "/admin/"
INBOX = "/admin/tips/"
TEXTS = {"offence": "危险作业罪", "facts": "未经许可储存甲苯 20 桶"}
ORDERS, REFERRALS = "整改到期未验收", "移送公安超时"


def ordered(people: People, *, days_over: int = 3, status: TipStatus = TipStatus.CLOSED) -> Tip:
    """Return a tip whose order to rectify ended so many days ago."""
    today = timezone.localdate() - timedelta(days=30)
    tip = TipFactory(district=YANTA, status=status, today=today, officer=people.officer)
    Disposal.objects.filter(tip=tip).update(rectify_by=timezone.localdate() - timedelta(days=days_over))
    return tip


def referred(people: People, city: City, *, stage: str) -> Tip:
    """Return a tip whose criminal referral is late: for its decision, the hand-over or the answer."""
    day = timezone.localdate() - timedelta(days=40)
    tip = TipFactory(verified=True, district=YANTA, today=day, officer=people.officer, leader=people.leader)
    second = staff(Role.OFFICER, office=city.yanta)
    propose_referral(
        tip_id=tip.pk,
        actor=people.officer,
        at=noon(day),
        officer_ids=[people.officer.pk, second.pk],
        texts=TEXTS,
    )
    if stage != "decision":
        decide_referral(tip_id=tip.pk, actor=people.leader, at=noon(day))
    if stage == "answer":
        hand_to_police(tip_id=tip.pk, actor=people.officer, at=noon(day), police_name="雁塔公安分局")
    return tip


def text(user: User, path: str = HOME) -> str:
    return at_desk(user).get(path).content.decode()


def listed(user: User, tab: str) -> list[str]:
    return [row.number for row in at_desk(user).get(f"{INBOX}view/{tab}/").context["table"].data]


# --- orders to rectify --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [TipStatus.DISPOSED, TipStatus.REPLIED, TipStatus.CLOSED])
def test_an_order_past_its_day_is_on_the_first_page_and_in_a_view(
    people: People, city: City, status: TipStatus
) -> None:
    tip = ordered(people, status=status)

    page = text(people.officer)

    assert ORDERS in page
    assert f'<a href="{INBOX}{tip.number}/">责令限期整改</a>' in page
    assert 'as-chip--bad">超 3 日' in page
    assert f'href="{INBOX}view/rectify/"' in page
    assert listed(people.officer, "rectify") == [tip.number]


def test_the_tip_says_what_is_owed_until_the_re_check(people: People, city: City) -> None:
    tip = ordered(people)
    before = text(people.officer, f"{INBOX}{tip.number}/")

    step(tip=tip, action=Action.RECHECK, actor=people.officer, at=timezone.now())

    after = text(people.officer, f"{INBOX}{tip.number}/")
    words = "验收记录隐患已消除后，才能归档。"
    assert (words in before, words in after) == (True, False)
    assert 'data-as-dialog-id-param="step-recheck"' in before
    assert (listed(people.officer, "rectify"), ORDERS in text(people.officer)) == ([], False)


def test_an_order_whose_day_has_not_come_is_not_late(people: People, city: City) -> None:
    ordered(people, days_over=0)

    assert ORDERS not in text(people.officer)
    assert listed(people.officer, "rectify") == []


def test_filing_is_refused_in_words_although_nobody_was_faster(people: People, city: City) -> None:
    tip = ordered(people)

    answer = at_desk(people.officer).post(f"{INBOX}{tip.number}/step/archive/")

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "没有归档：责令整改的事项还没有查实改好。" in page
    assert "没有记录" not in page
    assert Tip.objects.get(pk=tip.pk).status == TipStatus.CLOSED


# --- criminal referrals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("decision", "等领导决定是否移送"),
        ("hand_over", "已决定移送，等送交公安"),
        ("answer", "已送公安，等公安答复"),
    ],
)
def test_a_late_referral_says_what_it_waits_for(people: People, city: City, stage: str, words: str) -> None:
    tip = referred(people, city, stage=stage)

    page = text(people.leader)

    assert REFERRALS in page
    assert f'<a href="{INBOX}{tip.number}/">{words}</a>' in page
    assert f'href="{INBOX}view/referrals/"' in page
    assert listed(people.leader, "referrals") == [tip.number]


def test_a_referral_in_time_is_not_late(people: People, city: City) -> None:
    referred(people, city, stage="decision")
    Referral.objects.update(decide_by=timezone.localdate())

    assert REFERRALS not in text(people.leader)
    assert listed(people.leader, "referrals") == []


# --- whose it is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["foreign", "administrator", "editor"])
def test_nothing_of_other_scopes_is_there(people: People, city: City, who: str) -> None:
    late = [ordered(people), referred(people, city, stage="decision")]
    client = at_desk(getattr(people, who))

    page = client.get(HOME).content.decode()

    assert [tip.number for tip in late if tip.number in page] == []
    assert (ORDERS in page, REFERRALS in page) == (False, False)
    for tab in ("rectify", "referrals"):
        answer = client.get(f"{INBOX}view/{tab}/")
        shown = answer.content.decode() if answer.status_code == 200 else ""
        assert [tip.number for tip in late if tip.number in shown] == []
    assert [client.get(f"{INBOX}{tip.number}/").status_code for tip in late] == [404, 404] or who == "editor"


def test_an_auditor_reads_both(people: People, city: City) -> None:
    late = [ordered(people), referred(people, city, stage="decision")]

    assert [listed(people.auditor, tab) for tab in ("rectify", "referrals")] == [[tip.number] for tip in late]


@pytest.mark.parametrize("tab", ["rectify", "referrals"])
def test_a_view_of_its_own_is_shown_as_a_tab_while_one_is_there(people: People, city: City, tab: str) -> None:
    ordered(people)
    referred(people, city, stage="decision")

    here, elsewhere = text(people.officer, f"{INBOX}view/{tab}/"), text(people.officer, INBOX)

    assert (f"/view/{tab}/" in here, f"/view/{tab}/" in elsewhere) == (True, False)


def test_the_price_does_not_grow_with_what_is_late(people: People, city: City) -> None:
    client = at_desk(people.officer)
    prices: dict[str, list[int]] = {HOME: [], f"{INBOX}view/rectify/": [], f"{INBOX}view/referrals/": []}
    for count in (1, 3):
        for _ in range(count):
            ordered(people)
            referred(people, city, stage="decision")
        for path, found in prices.items():
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            found.append(len(captured))

    assert {path: found[0] == found[1] for path, found in prices.items()} == dict.fromkeys(prices, True)
    assert max(map(max, prices.values())) <= 37

"""The notice of a reward by plain posts: the code once, no account in clear, refusals at the form."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from complaints.enums import ClaimState, IdentityMode, TipStatus
from complaints.models import AuditRow, RewardClaim, RewardPolicy, SealedClaim
from tests.claim_steps import ACCOUNT, NAME, Approved, approved, sealed_details
from tests.database_bytes import dumped
from tests.fixtures import City
from tests.guards.leaks import found_in
from tests.reward_steps import Three, three

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(city: City) -> Three:
    RewardPolicy.objects.update(eligible_identity_modes=[mode.value for mode in IdentityMode])
    return three(city)


def post(given: Approved, **values: str) -> Any:
    return Client().post("/status/", {"receipt": given.receipt, **values})


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def test_the_notice_stands_first_and_its_fields_have_no_names(city: City, people: Three) -> None:
    given = approved(city, people)

    answer = post(given)

    page = soup(answer)
    assert "15,000.00" in page.select_one(".reward-notice").get_text()  # type: ignore[union-attr]
    fields = page.select("form[data-claim] [data-seal]")
    assert {field["data-seal"] for field in fields} == {"name", "id_number", "bank", "account"}
    assert not [field for field in fields if field.has_attr("name")]
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_the_code_is_shown_in_one_answer(city: City, people: Three) -> None:
    given = approved(city, people, mode=IdentityMode.ANONYMOUS)

    first = soup(post(given, action="claim_code", reward=given.row.number))
    code = first.select_one("[data-claim-code]").get_text()  # type: ignore[union-attr]
    again = post(given, action="claim_code", reward=given.row.number)

    assert len(code.replace("-", "")) == 20
    assert again.status_code == 409
    assert code not in again.content.decode()
    assert code not in post(given).content.decode()
    assert not first.select("form[data-claim]"), "who stays unknown gives no account"


def test_a_closed_tip_sends_nobody_to_a_form_that_is_not_there(city: City, people: Three) -> None:
    given = approved(city, people, mode=IdentityMode.ANONYMOUS)
    type(given.tip).objects.filter(pk=given.tip.pk).update(status=TipStatus.CLOSED)

    open_ = post(given).content.decode()
    RewardClaim.objects.update(state=ClaimState.FORFEITED)
    lapsed = post(given).content.decode()

    assert "还没有公布地点，请打电话询问。" in open_
    assert "期限内没有领取。" in lapsed
    for page in (open_, lapsed):
        assert 'name="text"' not in page
        assert "下面留言" not in page


def test_an_account_in_clear_is_not_taken_and_not_shown(city: City, people: Three) -> None:
    given = approved(city, people)

    answer = post(given, action="claim", reward=given.row.number, name=NAME, account=ACCOUNT)

    assert answer.status_code == 422
    assert soup(answer).select(".reward-notice [data-problems]")
    assert found_in(answer.content, {"name": NAME, "account": ACCOUNT}) == set()
    assert found_in(dumped(), {"name": NAME, "account": ACCOUNT}) == set()
    assert RewardClaim.objects.get().state == ClaimState.NOTICED


def test_a_sealed_claim_by_plain_post(city: City, people: Three) -> None:
    given = approved(city, people)
    values = {"action": "claim", "reward": given.row.number, "claim_envelope": sealed_details(given.tip)}

    done, again = post(given, **values), post(given, **values)

    assert (done.status_code, again.status_code) == (200, 409)
    assert soup(done).select(".reward-notice [data-sent]")
    assert SealedClaim.objects.count() == 1
    assert AuditRow.objects.filter(action="tip.refused", data__act="claim").count() == 1


def test_a_reward_of_somebody_else_is_refused_in_words(city: City, people: Three) -> None:
    given, other = approved(city, people), approved(city, people)

    answer = post(given, action="claim", reward=other.row.number, claim_envelope=sealed_details(given.tip))

    assert answer.status_code == 409
    assert soup(answer).select("[data-problems]")
    assert other.row.number not in answer.content.decode()
    assert {one.state for one in RewardClaim.objects.all()} == {ClaimState.NOTICED}

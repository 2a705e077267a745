"""Sending a tip by plain post: receipt in the answer, once, whatever is tapped twice."""

import io
from datetime import timedelta
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from PIL import Image
from pytest_django import Settings

from complaints.crypto import envelope
from complaints.enums import IdentityMode, SealedBy, TipStatus
from complaints.errors import StorageFull, TooBusy
from complaints.models import SealedIdentity, Tip, TipReceipt
from complaints.services.evidence import read_photo
from portal.shared import captcha, throttle
from tests.complaints.public.forms import WORDS, filled, one, photo, receipt_of, send, soup, summary
from tests.factories import VAULT_SEED, jpeg
from tests.fixtures import IN_YANTA, OUTSIDE, YANTA, City

NAME, PHONE = "欧阳小明", "13800001234"


def test_photo_and_place_are_enough(client: Client, city: City) -> None:
    response = send(
        client, description=None, address=None, lat=IN_YANTA[0], lng=IN_YANTA[1], photos=[photo(jpeg())]
    )

    tip = Tip.objects.get()
    assert receipt_of(response)
    assert tip.status == TipStatus.REGISTERED
    assert tip.district_id == YANTA
    assert tip.handling_unit == city.yanta


def test_sentence_and_address_are_enough(client: Client, city: City) -> None:
    receipt_of(send(client))

    assert Tip.objects.get().description == WORDS


def test_all_fields_arrive(client: Client, city: City) -> None:
    send(
        client,
        kind="violation",
        violation="no_licence",
        industry="chemical",
        operations=["hot_work", "lifting"],
        entity_name="某金属公司",
        entity_code="91110000600037341L",
        district=YANTA,
        town=city.town_code,
        occurred_on="2026-01-05",
        in_danger="1",
    )

    tip = Tip.objects.get()
    assert (tip.kind, tip.violation, tip.industry) == ("violation", "no_licence", "chemical")
    assert tip.operations == ["hot_work", "lifting"]
    assert (tip.entity_name, tip.entity_code) == ("某金属公司", "91110000600037341L")
    assert (tip.district_id, tip.town_id) == (YANTA, city.town_code)
    assert str(tip.occurred_on) == "2026-01-05"
    assert tip.in_danger


def test_tile_and_empty_list_of_the_same_field_agree(client: Client, city: City) -> None:
    send(client, kind=["concealed_accident", ""], industry=["hazardous_chemicals", ""])

    tip = Tip.objects.get()
    assert (tip.kind, tip.industry) == ("concealed_accident", "hazardous_chemicals")


def test_receipt_page_says_what_and_who_and_when(client: Client, city: City) -> None:
    page = soup(send(client, district=YANTA, photos=[photo(jpeg()), photo(jpeg(shade=20))]))

    tip = Tip.objects.get()
    text = page.get_text(" ", strip=True)
    assert one(page, "[data-number]").get_text() == tip.number
    assert "雁塔区应急管理局" in text
    assert "照片 2 张，已封存" in text
    assert [bool(step.select_one("time")) for step in page.select(".steps li")] == [
        True,
        True,
        True,
        True,
        False,
    ]


def test_receipt_of_an_anonymous_tip_promises_no_reward(client: Client, city: City) -> None:
    page = soup(send(client, identity_mode=IdentityMode.ANONYMOUS.value))

    assert len(page.select(".steps li")) == 4
    assert "领奖" not in one(page, ".steps").get_text().replace("能否领奖", "")


def test_receipt_page_tells_that_a_point_outside_was_not_kept(client: Client, city: City) -> None:
    outside = soup(send(client, lat=OUTSIDE[0], lng=OUTSIDE[1], district=YANTA))
    inside = soup(send(client, lat=IN_YANTA[0], lng=IN_YANTA[1], district=YANTA))

    assert "不在本市，没有保存" in one(outside, ".ticket + .note").get_text()
    assert not inside.select(".ticket + .note")


def test_receipt_page_leaves_nothing_behind(client: Client, city: City) -> None:
    response = send(client)

    assert response.headers["Cache-Control"] == "no-store, private"
    assert "Location" not in response.headers
    assert not response.cookies


def test_same_form_twice_is_one_tip(client: Client, city: City) -> None:
    fields = filled()

    first, second = client.post("/report/", fields), client.post("/report/", fields)

    assert Tip.objects.count() == 1
    assert receipt_of(first) != receipt_of(second)
    assert TipReceipt.objects.count() == 2


def test_same_key_with_other_words_asks_for_a_second_try(client: Client, city: City) -> None:
    fields = filled()
    client.post("/report/", fields)

    response = client.post("/report/", fields | {"description": "另一件事"})

    page = soup(response)
    assert response.status_code == 422
    assert one(page, "[name=idempotency_key]")["value"] != fields["idempotency_key"]
    assert one(page, "form[data-report]").has_attr("data-only-key")
    assert Tip.objects.count() == 1


def test_key_stays_when_something_else_is_wrong(client: Client, city: City) -> None:
    fields = filled(address=None)

    page = soup(client.post("/report/", fields))

    assert one(page, "[name=idempotency_key]")["value"] == fields["idempotency_key"]
    assert not one(page, "form[data-report]").has_attr("data-only-key")


def test_name_is_sealed_by_the_server_without_scripts(client: Client, city: City) -> None:
    fields = filled(identity_mode="real_name", name=NAME, phone=PHONE, is_employee="1")

    response = client.post("/report/", fields)

    sealed = SealedIdentity.objects.get()
    opened = envelope.open_fields(
        seed=VAULT_SEED,
        envelope=envelope.Envelope.parse(sealed.envelope),
        binding=fields["idempotency_key"],
        field="identity",
    )
    assert receipt_of(response)
    assert sealed.sealed_by == SealedBy.SERVER
    assert opened == {"name": NAME, "phone": PHONE, "is_employee": "1"}


def test_error_page_says_that_name_and_number_are_to_be_typed_again(client: Client, city: City) -> None:
    page = soup(send(client, identity_mode="real_name", name=NAME, phone="123"))

    assert one(page, "#name").get("value", "") == ""
    assert "请再填一次" in one(page, "[data-kept]").get_text()


def test_photo_that_officers_see_is_a_fresh_one(client: Client, city: City) -> None:
    send(client, photos=[photo(jpeg(maker="CAMERA-MARK"))])

    stored = Tip.objects.get().photos.get()
    shown = read_photo(evidence=stored, part="shown")
    assert b"CAMERA-MARK" not in shown
    assert Image.open(io.BytesIO(shown)).format == "JPEG"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/report/", "/status/"])
def test_post_from_another_site_is_refused(client: Client, city: City, path: str, site: str) -> None:
    response = client.post(path, filled(), headers={"Sec-Fetch-Site": site})

    assert response.status_code == 403
    assert not Tip.objects.exists()


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_post_of_our_own_page_is_taken(city: City, site: str) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/report/", filled(), headers={"Sec-Fetch-Site": site})

    assert receipt_of(response)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: Client, city: City, method: str) -> None:
    assert getattr(client, method)("/report/").status_code == 405


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [(StorageFull(), 503, "系统现在存不下东西"), (TooBusy(), 503, "现在提交的人太多")],
)
def test_trouble_inside_keeps_everything_typed(
    client: Client, city: City, error: Exception, status: int, words: str
) -> None:
    with mock.patch("complaints.public.report.submit_tip", side_effect=error):
        response = send(client, entity_name="某金属公司")

    page = soup(response)
    assert response.status_code == status
    assert words in one(page, ".errors:not([data-trouble])").get_text()
    assert one(page, "#description").get_text() == WORDS
    assert one(page, "#entity_name")["value"] == "某金属公司"


def test_flood_is_slowed_down_in_words(client: Client, city: City) -> None:
    budget = throttle.Budget(action="submit", most=1, window_seconds=600)

    with mock.patch.object(throttle, "SUBMIT", budget):
        send(client)
        response = send(client)

    page = soup(response)
    assert response.status_code == 429
    assert "请过十分钟再试" in page.get_text() or "十分钟" in page.get_text()
    assert one(page, "#description").get_text() == WORDS
    assert Tip.objects.count() == 1


class TestCheckAgainstMachines:
    """The question in plain words; the proof of work is tried in a browser."""

    @pytest.fixture(autouse=True)
    def switched_on(self, settings: Settings) -> None:
        """Switch the check on."""
        settings.CAPTCHA_BACKEND = "altcha"

    @pytest.fixture
    def question(self) -> captcha.Question:
        """Return a question whose answer is 7."""
        with mock.patch("portal.shared.captcha.secrets.randbelow", side_effect=[2, 3]):
            return captcha.new_question()

    def test_right_answer_opens(self, client: Client, city: City, question: captcha.Question) -> None:
        assert receipt_of(send(client, captcha_token=question.token, captcha_answer="7"))

    @pytest.mark.parametrize("answer", ["", "8", "seven"])
    def test_wrong_answer_keeps_what_was_typed(
        self, client: Client, city: City, question: captcha.Question, answer: str
    ) -> None:
        response = send(client, captcha_token=question.token, captcha_answer=answer)

        page = soup(response)
        assert response.status_code == 422
        assert summary(response) == ["没能确认不是机器在操作。请再答一次。"]
        assert one(page, "#description").get_text() == WORDS
        assert one(page, "[name=captcha_token]")["value"] != question.token
        assert page.select_one(".question[data-show]") is not None

    def test_slip_elsewhere_does_not_ask_twice(
        self, client: Client, city: City, question: captcha.Question
    ) -> None:
        fields = filled(address=None, captcha_token=question.token, captcha_answer="7")
        page = soup(client.post("/report/", fields))

        second = client.post("/report/", fields | {"address": "科技路", **proof_in(page)})

        assert not page.select("#captcha")
        assert receipt_of(second)

    @pytest.mark.parametrize("answer", ["", "8"])
    def test_wrong_answer_is_told_together_with_the_other_slips(
        self, client: Client, city: City, question: captcha.Question, answer: str
    ) -> None:
        page = soup(send(client, address=None, captcha_token=question.token, captcha_answer=answer))

        assert page.select_one("#address-e") is not None
        assert page.select_one("#captcha-e") is not None
        assert page.select_one(".question[data-show]") is not None

    def test_right_answer_is_not_sent_back_but_its_pass_is(
        self, client: Client, city: City, question: captcha.Question
    ) -> None:
        fields = filled(address=None, captcha_token=question.token, captcha_answer="7")

        carried = proof_in(soup(client.post("/report/", fields)))

        assert carried.keys() == {"captcha_token"}
        assert question.token not in carried.values()

    def test_pass_outlives_the_question_and_many_rounds(
        self, client: Client, city: City, question: captcha.Question
    ) -> None:
        fields = filled(address=None, captcha_token=question.token, captcha_answer="7")
        for _round in range(captcha.TRIES + 2):
            fields |= {"captcha_answer": "", **proof_in(soup(client.post("/report/", fields)))}

        with mock.patch.object(captcha, "LIFETIME", timedelta(seconds=-1)):
            response = client.post("/report/", fields | {"address": "科技路"})

        assert receipt_of(response)

    def test_pass_belongs_to_its_form(self, client: Client, city: City, question: captcha.Question) -> None:
        fields = filled(address=None, captcha_token=question.token, captcha_answer="7")
        carried = proof_in(soup(client.post("/report/", fields)))

        response = send(client, **carried)

        assert response.status_code == 422
        assert not Tip.objects.exists()

    def test_pass_makes_one_tip(self, client: Client, city: City, question: captcha.Question) -> None:
        fields = filled(address=None, captcha_token=question.token, captcha_answer="7")
        fields |= {"address": "科技路", **proof_in(soup(client.post("/report/", fields)))}
        client.post("/report/", fields)

        page = soup(client.post("/report/", fields | {"description": "另一件事"}))
        another = {"idempotency_key": str(one(page, "[name=idempotency_key]")["value"]), **proof_in(page)}
        response = client.post("/report/", fields | another | {"captcha_answer": ""})

        assert page.select_one("#captcha") is not None
        assert response.status_code == 422
        assert Tip.objects.count() == 1

    def test_answer_holds_when_the_form_had_lost_its_key(
        self, client: Client, city: City, question: captcha.Question
    ) -> None:
        fields = filled(idempotency_key="x", captcha_token=question.token, captcha_answer="7")
        page = soup(client.post("/report/", fields))
        fresh = {"idempotency_key": str(one(page, "[name=idempotency_key]")["value"]), **proof_in(page)}

        response = client.post("/report/", fields | {"captcha_answer": ""} | fresh)

        assert receipt_of(response)

    def test_answer_is_checked_although_too_much_is_being_sent(
        self, client: Client, city: City, question: captcha.Question
    ) -> None:
        with mock.patch.object(
            throttle, "SUBMIT", throttle.Budget(action="submit", most=0, window_seconds=9)
        ):
            page = soup(send(client, captcha_token=question.token, captcha_answer="7"))

        assert proof_in(page).keys() == {"captcha_token"}
        assert not page.select("#captcha")

    def test_double_tap_is_answered_twice(
        self, client: Client, city: City, question: captcha.Question
    ) -> None:
        fields = filled(captcha_token=question.token, captcha_answer="7")

        first, second = client.post("/report/", fields), client.post("/report/", fields)

        assert receipt_of(first)
        assert receipt_of(second)
        assert Tip.objects.count() == 1

    def test_answer_counts_for_one_tip(self, client: Client, city: City, question: captcha.Question) -> None:
        fields = {"captcha_token": question.token, "captcha_answer": "7"}
        send(client, **fields)

        response = send(client, **fields)

        assert response.status_code == 422
        assert Tip.objects.count() == 1


def proof_in(page: BeautifulSoup) -> dict[str, str]:
    """Return the fields that carry an answer given before."""
    return {
        str(field["name"]): str(field["value"]) for field in page.select("input[type=hidden][name^=captcha]")
    }

"""Self-tests: answered without JavaScript, a cookie, a session or a row; right answers lead to their article."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home.models import BureauSettings, OutreachIndexPage, QuizPage
from home.quizzes import result
from tests.home.outreach_parts import add_quiz, add_rule, question

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def quiz(outreach: OutreachIndexPage) -> QuizPage:
    """Return a self-test of two questions; the second names an article."""
    rule = add_rule(title="安全生产法", slug="law", text="第五十四条 有权拒绝。")
    return add_quiz(question(), question(text="能拒绝吗？", rule=rule, article=54, why="法律给了权利。"))


def answers(quiz: QuizPage) -> str:
    """Return the address answers are sent to."""
    return f"/self-test/{quiz.pk}/"


def post(client: Client, quiz: QuizPage, **values: str) -> str:
    """Return the page after answering."""
    response = client.post(answers(quiz), values)
    assert response.status_code == 200
    return response.content.decode()


# --- asked ------------------------------------------------------------------------------------------------------


def test_questions_are_asked_and_nothing_is_given_away(client: Client, quiz: QuizPage) -> None:
    html = client.get(quiz.url).content.decode()

    assert f'<form id="quiz" method="post" action="{answers(quiz)}">' in html
    assert html.count("<fieldset>") == 2
    assert '<input type="radio" name="q1" value="1">' in html
    assert "checked" not in html
    assert "先通风，再检测。" not in html
    assert "csrfmiddlewaretoken" not in html


# --- answered ---------------------------------------------------------------------------------------------------


def test_answers_are_judged_and_explained(client: Client, quiz: QuizPage) -> None:
    html = post(client, quiz, q0="1", q1="0")

    assert "2 题答对 1 题" in html
    assert "先通风，再检测。" in html
    assert "您选的，答对了" in html
    assert html.count("正确答案") == 1
    assert '<a href="/rules/law/#art-54">安全生产法 第五十四条</a>' in html


def test_left_out_answers_are_told(client: Client, quiz: QuizPage) -> None:
    html = post(client, quiz, q0="0")

    assert "1 题没有答" in html
    assert html.count("正确答案") >= 1


def test_whoever_answered_nothing_is_asked_again_and_told_nothing(client: Client, quiz: QuizPage) -> None:
    html = post(client, quiz)

    assert "还没有选" in html
    assert "正确答案" not in html
    assert "先通风，再检测。" not in html
    assert html.count("<fieldset>") == 2


@pytest.mark.parametrize("value", ["", "2", "-1", "x", "99999999999999", "１", "0.0", "<script>", "\x00"])
def test_senseless_answers_count_as_left_out(quiz: QuizPage, value: str) -> None:
    found = result(questions=[block.value for block in quiz.questions], values={"q0": value, "q1": "1"})

    assert (found.answers[0].chosen, found.right, found.missing, found.total) == (None, 1, 1, 2)


def test_nothing_is_kept(client: Client, quiz: QuizPage, bureau: BureauSettings) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = client.post(answers(quiz), {"q0": "1"})

    assert not response.cookies
    assert not Session.objects.exists()
    assert [one["sql"] for one in queries if one["sql"].startswith(WRITES)] == []
    assert response["Cache-Control"] == "no-store, private"


def test_answers_work_without_a_csrf_cookie(quiz: QuizPage) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(answers(quiz), {"q0": "1"}).status_code == 200


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 200), ("none", 200), ("cross-site", 403), ("same-site", 403)]
)
def test_posts_of_other_sites_are_refused(client: Client, quiz: QuizPage, site: str, status: int) -> None:
    response = client.post(answers(quiz), {"q0": "1"}, headers={"Sec-Fetch-Site": site})

    assert response.status_code == status


def test_address_of_answers_leads_back_to_the_questions(client: Client, quiz: QuizPage) -> None:
    response = client.get(answers(quiz))

    assert (response.status_code, response["Location"]) == (302, quiz.url)


def test_answers_may_be_shown_in_english(client: Client, quiz: QuizPage) -> None:
    response = client.post(answers(quiz), {"q0": "1", "language": "en"})

    html = response.content.decode()
    assert "1 of 2 right" in html
    assert list(response.cookies) == ["lang"]
    assert '<input type="hidden" name="q0" value="1">' in html


def test_withdrawn_self_test_takes_no_answers(client: Client, quiz: QuizPage) -> None:
    quiz.unpublish()

    assert client.post(answers(quiz), {"q0": "1"}).status_code == 404


def test_other_pages_take_no_answers(client: Client, outreach: OutreachIndexPage) -> None:
    assert client.post(f"/self-test/{outreach.pk}/").status_code == 404


def test_withdrawn_rule_is_named_and_not_linked(client: Client, quiz: QuizPage) -> None:
    rule = quiz.questions[1].value["rule"]
    rule.specific.unpublish()

    html = post(client, quiz, q0="1")

    assert "安全生产法 第五十四条" in html
    assert "/rules/law/" not in html


def test_queries_do_not_grow(client: Client, outreach: OutreachIndexPage) -> None:
    rules = [add_rule(text="第一条 甲") for _ in range(6)]
    small = add_quiz(question(rule=rules[0], article=1))
    large = add_quiz(*[question(rule=rule, article=1) for rule in rules])
    counts = []
    for quiz in (small, large):
        client.get(quiz.url)
        with CaptureQueriesContext(connection) as queries:
            post(client, quiz, q0="1")
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 14


def test_typed_markup_is_shown_not_obeyed(client: Client, outreach: OutreachIndexPage) -> None:
    attack = "<script>alert(1)</script>"
    given = [{"text": attack, "is_right": True}, {"text": "乙", "is_right": False}]
    quiz = add_quiz(question(text=attack, why=attack, answers=given), lead=attack)

    for html in (client.get(quiz.url).content.decode(), post(client, quiz, q0="0")):
        assert attack not in html


# --- what editors may store -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rights", "is_fine"), [((True, False), True), ((False, False), False), ((True, True), False)]
)
def test_exactly_one_answer_is_right(quiz: QuizPage, rights: tuple[bool, bool], is_fine: bool) -> None:
    block = QuizPage._meta.get_field("questions").stream_block.child_blocks["question"]
    given = [{"text": str(place), "is_right": right} for place, right in enumerate(rights)]
    value = block.to_python({**question()[1], "answers": given})

    if is_fine:
        assert block.clean(value).right == 0
        return
    with pytest.raises(ValidationError) as refused:
        block.clean(value)
    assert set(refused.value.block_errors) == {"answers"}


def test_article_needs_its_law(quiz: QuizPage) -> None:
    block = QuizPage._meta.get_field("questions").stream_block.child_blocks["question"]

    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python({**question()[1], "article": 54}))

    assert set(refused.value.block_errors) == {"rule"}


def test_law_without_article_leads_to_its_page(quiz: QuizPage) -> None:
    stored = json.loads(QuizPage._meta.get_field("questions").value_to_string(quiz))
    stored[1]["value"]["article"] = None
    quiz.questions = json.dumps(stored)
    quiz.save()

    [first, second] = [block.value for block in QuizPage.objects.get(pk=quiz.pk).questions]
    assert (first.law_title, first.law_url) == ("", "")
    assert (second.law_title, second.law_url) == ("安全生产法", "/rules/law/")

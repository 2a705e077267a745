"""Whatever is put into the editor comes back in words or in plain text, and nothing typed is lost."""

import re
from datetime import timedelta
from html import escape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.test.utils.form_data import rich_text

from cases_public.models import CasePage
from tests import bad_input
from tests.bad_input import (
    DAY_REFUSED,
    KEPT,
    LEFT_OF_WORD,
    OF_WORD,
    SCRIPT,
    SLUG_REFUSED,
    TITLE_OF_300,
    TITLE_TOO_LONG,
    WORD,
    assert_only_words,
    refused,
)
from tests.cases_public.chain_steps import case, desk, edit_form, newest, people, publish

pytestmark = pytest.mark.django_db


def sent(browser: Client, page: CasePage, *, action: str = "", **values: str) -> Any:
    """Send the editor's form with these values."""
    return bad_input.sent(browser, page, edit_form(browser, page), action=action, **values)


@pytest.mark.parametrize("action", ["", "action-submit"])
def test_title_of_300_characters(action: str) -> None:
    who = people()
    page = case(who.editor)
    answer = sent(desk(who.editor), page, action=action, title=TITLE_OF_300, lesson=KEPT)

    assert TITLE_TOO_LONG in refused(answer, TITLE_OF_300, KEPT)
    assert newest(page).title == page.title


def test_second_page_with_one_slug() -> None:
    who = people()
    first, page = case(who.editor), case(who.editor)

    html = refused(sent(desk(who.editor), page, slug=first.slug, lesson=KEPT), KEPT)

    assert first.slug in html
    assert newest(page).slug == page.slug


def test_last_day_in_the_past() -> None:
    who = people()
    page = case(who.editor)
    past = (timezone.localdate() - timedelta(days=1)).isoformat()

    refused(sent(desk(who.editor), page, publish_until=past, lesson=KEPT), past, KEPT)


def test_named_without_legal_basis() -> None:
    who = people()
    page = case(who.editor)

    refused(sent(desk(who.editor), page, name_policy="named", lesson=KEPT), KEPT)

    assert newest(page).name_policy == "deidentified"


def test_correction_of_tomorrow() -> None:
    who = people()
    page = case(who.editor)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    html = refused(sent(desk(who.editor), page, correction_note="更正", correction_date=tomorrow), tomorrow)

    assert "更正日期不能晚于今天" in html


def test_amount_that_is_none() -> None:
    who = people()
    page = case(who.editor)

    refused(sent(desk(who.editor), page, unit_penalty_amount="三万", lesson=KEPT), KEPT)


def test_pasted_word_leaves_words_alone(client: Client) -> None:
    who = people()
    page = case(who.editor)

    answer = sent(desk(who.editor), page, **{"facts-0-value": rich_text(WORD)})

    assert answer.status_code == 302
    page = publish(newest(page), who)
    html = client.get(page.url).content.decode()
    assert OF_WORD in html
    assert [sign for sign in LEFT_OF_WORD if sign in html] == []


def test_scripts_in_every_field_are_words(client: Client) -> None:
    who = people()
    page = case(who.editor)
    names = [
        "title", "title_en", "lead", "lead_en", "entity_name", "unit_penalty_text",
        "unit_penalty_basis",
        "person_penalty_text", "person_penalty_basis", "outcome", "major_hazard_text", "major_hazard_source", "lesson",
        "picture_caption", "picture_alt", "correction_note",
    ]  # fmt: skip
    values = dict.fromkeys(names, SCRIPT) | {
        "facts-0-value": rich_text(f"<p>{escape(SCRIPT)}</p>"),
        "warnings-count": "1",
    }
    values |= {
        "warnings-0-deleted": "",
        "warnings-0-order": "0",
        "warnings-0-type": "point",
        "warnings-0-id": "",
    }
    values["warnings-0-value"] = SCRIPT

    answer = sent(desk(who.editor), page, **values)

    assert answer.status_code == 302
    editor = desk(who.editor).get(f"/admin/pages/{page.pk}/edit/").content.decode()
    page = publish(newest(page), who)
    assert_only_words(client.get(page.url).content.decode(), client.get("/cases/").content.decode(), editor)


@pytest.mark.parametrize("typed", ["高陵区应急局", SCRIPT, "雁塔"])
def test_a_unit_nobody_knows(typed: str) -> None:
    who = people()
    page = case(who.editor)

    html = refused(sent(desk(who.editor), page, handling_unit=typed, lesson=KEPT), KEPT)

    assert "没有在用的机构叫这个名字" in html
    assert newest(page).handling_unit == ""


def test_a_unit_is_offered_and_taken() -> None:
    who = people()
    page, name = case(who.editor), who.editor.memberships.get().office.name
    browser = desk(who.editor)

    offered = browser.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    answer = sent(browser, page, handling_unit=f" {name} ")

    assert f'<option value="{name}"></option>' in offered
    assert answer.status_code == 302
    assert newest(page).handling_unit == name


def test_a_unit_that_was_closed_since_stays_in_the_text() -> None:
    who = people()
    page = case(who.editor, handling_unit="撤并前的分局")

    assert sent(desk(who.editor), page, lesson="补一段").status_code == 302
    assert newest(page).handling_unit == "撤并前的分局"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": TITLE_OF_300}, TITLE_TOO_LONG),
        ({"lead": "长" * 201}, "最多 200 个字，现在有 201 个。"),
        ({"slug": SCRIPT}, SLUG_REFUSED),
        ({"publish_until": "2020-01-01"}, "这一天已经过了，页面会马上下线。请选以后的日期。"),
        ({"publish_until": "明天"}, DAY_REFUSED),
        ({"name_policy": "named"}, "有法律依据才能写出单位名称"),
        ({"unit_penalty_amount": "三万"}, "输入一个数字"),
        ({"decided_month": "2026-13"}, "月份这样写"),
    ],
)
def test_what_is_wrong_is_said_in_chinese_beside_its_field(values: dict[str, str], words: str) -> None:
    who = people()
    answer = sent(desk(who.editor), case(who.editor), **values)

    errors = answer.context["form"].errors
    assert list(errors) == [next(iter({"name_policy": "legal_basis"}.get(name, name) for name in values))]
    said = " ".join(str(one) for one in errors[next(iter(errors))])
    assert words in said
    assert not re.search(r"[A-Za-z]{5}", said)


def test_slug_with_a_script_is_refused() -> None:
    who = people()
    page = case(who.editor)

    refused(sent(desk(who.editor), page, slug=SCRIPT, lesson=KEPT), KEPT)


def test_text_that_is_much_too_long() -> None:
    who = people()
    page = case(who.editor)

    html = refused(sent(desk(who.editor), page, lead="长" * 201, lesson=KEPT), KEPT, "长" * 201)

    assert "200" in html

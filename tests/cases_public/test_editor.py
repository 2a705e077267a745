"""What the editor refuses, each beside its field, and what it keeps."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.forms import MultipleChoiceField
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from cases_public.blocks import MONTH
from cases_public.enums import ReferenceValue
from cases_public.models import CaseIndexPage, CasePage
from cases_public.models.codes import CodesField, labels
from cases_public.models.panels import DistrictSelect
from complaints.disclosure import private_findings, public_districts
from complaints.enums import NamePolicy, Operation, PrivateKind
from tests.cases_public.factories import add_case, add_collection, picture

pytestmark = pytest.mark.django_db


def faults(page: CasePage) -> dict[str, list[str]]:
    """Return what the case is refused for, field by field."""
    try:
        page.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def changed(page: CasePage, **values: Any) -> CasePage:
    """Return the page with other values, unsaved."""
    for name, value in values.items():
        setattr(page, name, value)
    return page


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"title": "案" * 121}, "title", "标题最多 120 个字，现在有 121 个。"),
        ({"title": "案" * 300}, "title", "300"),
        ({"name_policy": "named"}, "legal_basis", "有法律依据才能写出单位名称"),
        ({"name_policy": "named", "legal_basis": "  "}, "legal_basis", "有法律依据才能写出单位名称"),
        ({"unit_penalty_amount": Decimal(-1)}, "unit_penalty_amount", "0"),
        ({"person_penalty_amount": Decimal("-0.01")}, "person_penalty_amount", "0"),
        ({"decided_month": "2026-03-05"}, "decided_month", "不公开具体日期"),
        ({"decided_month": "2026-13"}, "decided_month", "月份这样写"),
        ({"operations": ["flying"]}, "operations", "没有这个选项"),
        ({"values": ["nonsense"]}, "values", "没有这个选项"),
        ({"lead": ""}, "lead", ""),
        ({"industry": "nonsense"}, "industry", ""),
    ],
)
def test_what_must_not_be_published_is_refused_in_words(
    index: CaseIndexPage, values: dict[str, Any], field: str, words: str
) -> None:
    page = changed(add_case(index), **values)

    with translation.override("zh-hans"):
        found = faults(page)

    assert list(found) == [field]
    assert words in found[field][0]


@pytest.mark.parametrize(
    "values",
    [
        {"title": "案" * 120},
        {"name_policy": "named", "legal_basis": "《行政处罚法》第四十八条"},
        {"unit_penalty_amount": Decimal(0)},
        {"decided_month": "2026-12"},
        {"publish_until": None},
        {"operations": [], "values": []},
    ],
)
def test_what_may_be_published_is_taken(index: CaseIndexPage, values: dict[str, Any]) -> None:
    assert faults(changed(add_case(index), **values)) == {}


@pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, False), (1, False)])
def test_the_last_day_must_not_have_passed(index: CaseIndexPage, days: int, is_refused: bool) -> None:
    page = changed(add_case(index), publish_until=timezone.localdate() + timedelta(days=days))

    assert ("publish_until" in faults(page)) is is_refused


def test_a_picture_needs_words(index: CaseIndexPage) -> None:
    page = changed(add_case(index), picture=picture(), picture_alt=" ")

    assert list(faults(page)) == ["picture_alt"]


def test_everything_that_is_wrong_is_said_at_once(index: CaseIndexPage) -> None:
    page = changed(
        add_case(index),
        title="案" * 121,
        name_policy="named",
        publish_until=timezone.localdate() - timedelta(3),
    )

    assert set(faults(page)) == {"title", "legal_basis", "publish_until"}


def test_two_pages_cannot_have_one_address(index: CaseIndexPage) -> None:
    add_case(index, slug="one")
    page = changed(add_case(index), slug="one")

    with translation.override("zh-hans"):
        found = faults(page)

    assert "one" in found["slug"][0]


def test_codes_are_kept_once_and_in_their_order(index: CaseIndexPage) -> None:
    page = changed(add_case(index), operations=["dust", "hot_work", "dust"])

    page.full_clean()

    assert page.operations == ["hot_work", "dust"]
    assert page.operation_names == ["动火", "粉尘涉爆"]


def test_codes_are_checkboxes_and_plain_json_in_migrations() -> None:
    field = CodesField("x", codes=Operation, blank=True)
    field.set_attributes_from_name("operations")

    form_field = field.formfield()

    assert isinstance(form_field, MultipleChoiceField)
    assert not form_field.required
    assert [code for code, _label in form_field.choices] == Operation.values
    assert field.deconstruct()[1] == "django.db.models.JSONField"


def test_unknown_codes_have_no_words() -> None:
    assert labels(codes=["warning", "gone"], of=ReferenceValue) == [str(ReferenceValue.WARNING.label)]


@pytest.mark.parametrize(
    ("value", "is_month"), [("2026-03", True), ("2026-3", False), ("1999-12", False), ("2026-03\n", False)]
)
def test_a_month_is_a_year_and_a_month(value: str, is_month: bool) -> None:
    refused = False
    try:
        MONTH(value)
    except ValidationError:
        refused = True

    assert refused is not is_month


def test_a_collection_must_not_end_before_it_begins(index: CaseIndexPage) -> None:
    page = add_collection(index)
    page.first_month, page.last_month = "2026-05", "2026-04"

    with pytest.raises(ValidationError, match=r"period|截止"):
        page.full_clean()


def test_districts_are_those_of_the_city(districts: dict[str, str]) -> None:
    assert public_districts() == districts
    with translation.override("en"):
        assert public_districts()["610112"] == "Weiyang"
    assert list(DistrictSelect().choices) == [("", "—"), *districts.items()]


# --- the form --------------------------------------------------------------------------------------------------------


def form(**values: str) -> dict[str, str]:
    """Return what a browser sends for a case."""
    streams = ("facts", "violations", "timeline", "pictures", "warnings", "rules")
    return {
        "title": "西安某公司案", "slug": "typed", "lead": "案情", "kind": "enforcement", "disclosure": "published",
        "name_policy": "deidentified", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
        **{f"{name}-count": "0" for name in streams}, **values,
    }  # fmt: skip


def test_the_editor_opens_with_every_field(
    editor: Client, index: CaseIndexPage, districts: dict[str, str]
) -> None:
    answer = editor.get(reverse("wagtailadmin_pages:add", args=["cases_public", "casepage", index.pk]))

    html = answer.content.decode()
    assert answer.status_code == 200
    for name in ("lead", "operations", "values", "district", "decided_month", "legal_basis", "publish_until"):
        assert f'name="{name}"' in html
    assert "未央区" in html
    assert "动火" in html


def test_a_draft_is_kept_and_not_published_past_the_chain(editor: Client, index: CaseIndexPage) -> None:
    address = reverse("wagtailadmin_pages:add", args=["cases_public", "casepage", index.pk])
    typed = form(operations="dust", decided_month="2026-03", unit_penalty_amount="50000")

    draft = editor.post(address, typed)
    page = CasePage.objects.get(slug="typed")
    was_live = page.live
    editor.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), {**typed, "action-publish": "action-publish"}
    )
    page.refresh_from_db()

    assert draft.status_code == 302
    assert (was_live, page.live, page.operations) == (False, False, ["dust"])
    assert Client().get(page.url).status_code == 404


def test_refused_words_stay_in_the_form(editor: Client, index: CaseIndexPage) -> None:
    address = reverse("wagtailadmin_pages:add", args=["cases_public", "casepage", index.pk])

    answer = editor.post(address, form(title="长" * 130, lead="写了很久的案情", name_policy="named"))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "标题最多 120 个字，现在有 130 个。" in html
    assert "有法律依据才能写出单位名称" in html
    assert "写了很久的案情" in html
    assert not CasePage.objects.filter(slug="typed").exists()


def test_there_is_one_list_only(editor: Client, index: CaseIndexPage) -> None:
    parent = index.get_parent()

    answer = editor.get(reverse("wagtailadmin_pages:add_subpage", args=[parent.pk]))

    assert "caseindexpage" not in answer.content.decode()


# --- the checker through the door ---------------------------------------------------------------------------------


def test_private_things_are_found_through_the_door() -> None:
    text = "西安宏远金属制品有限公司法定代表人王建国，电话 13812345678。"

    with translation.override("zh-hans"):
        found = private_findings(text, NamePolicy.DEIDENTIFIED)

    assert [one.kind for one in found] == [PrivateKind.COMPANY, PrivateKind.PERSON, PrivateKind.PHONE]
    assert [text[one.start : one.end] for one in found] == [
        "西安宏远金属制品有限公司",
        "王建国",
        "13812345678",
    ]
    assert all(one.suggestion and one.reason for one in found)


def test_a_named_case_may_name_the_enterprise_and_nobody_else() -> None:
    text = "西安宏远金属制品有限公司法定代表人王建国"

    found = private_findings(text, NamePolicy.NAMED)

    assert [one.kind for one in found] == [PrivateKind.PERSON]


def test_findings_cannot_be_changed() -> None:
    (found,) = private_findings("电话 13812345678", NamePolicy.NAMED)

    with pytest.raises(AttributeError):
        found.start = 0  # type: ignore[misc]  # that it is frozen is the point


def test_a_revision_holds_what_was_typed(index: CaseIndexPage) -> None:
    page = add_case(index, warnings=[("point", "小心")])

    content = page.latest_revision.content

    assert json.loads(content["warnings"])[0]["value"] == "小心"

"""From tip to case: facts cross over, the tip does not; no key leads back."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client
from wagtail.images import get_image_model

from cases_public.models import CasePage
from complaints.disclosure import CaseFacts, case_facts, may_become_case, published_fine
from complaints.enums import Measure, Result, Role
from complaints.errors import TipNotFound
from complaints.models import AuditRow, Disposal, Evidence, Office, Tip
from complaints.services.roles import assign_role
from tests.cases_public.chain_steps import case, desk, edit_form, newest
from tests.factories import TODAY, TipFactory, noon
from tests.fixtures import City, city, clean_cache, evidence_root, vault
from tests.signin import staff

__all__ = ["city", "clean_cache", "evidence_root", "vault"]
pytestmark = pytest.mark.django_db

SECRET = "三号冲床没有防护罩，夜班也照开"
ADDRESS = "科技路 18 号院"


@pytest.fixture
def tip(city: City, vault: object) -> Tip:
    """Return a tip with photos, a signed result and a penalty."""
    made: Tip = TipFactory(
        disposed=True,
        photos=1,
        description=SECRET,
        address=ADDRESS,
        district="610113",
        entity_name="西安秦岳机械厂",
    )
    fined(made)
    return made


def fined(tip: Tip, amount: str = "35678.50") -> Disposal:
    """Give a tip a penalty with its number and day."""
    row, _made = Disposal.objects.get_or_create(
        tip=tip, measure=Measure.PENALTY, defaults={"decided_date": TODAY, "recorded_at": noon(TODAY)}
    )
    Disposal.objects.filter(pk=row.pk).update(
        fine_amount=Decimal(amount),
        decided_date=date(2026, 3, 9),
        decision_number="陕应急罚〔2026〕77号",
        decided_at=noon(TODAY),
        is_confirmed=True,
    )
    return row


def editor(unit: object) -> User:
    """Return an officer of a unit who is an editor as well."""
    return staff(Role.OFFICER, Role.EDITOR, office=unit)


def press(browser: Client, tip: Tip) -> object:
    """Press the button on the tip's page."""
    return browser.post(f"/admin/tips/{tip.number}/case/")


def test_facts_are_coarse_and_few(tip: Tip) -> None:
    facts = case_facts(number=tip.number, user=editor(tip.handling_unit))

    assert facts.decided_month == "2026-03"
    assert facts.fine_amount == Decimal(35_000)
    assert facts.measure == Measure.PENALTY
    assert facts.unit == tip.handling_unit.name
    told = " ".join(str(getattr(facts, field.name)) for field in fields(CaseFacts))
    assert [word for word in (tip.number, SECRET, ADDRESS, "秦岳", "77号", "03-09") if word in told] == []


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (None, None),
        ("0", None),
        ("99", None),
        ("4567.80", 4500),
        ("9999", 9900),
        ("10000", 10_000),
        ("1234567", 1_234_000),
    ],
)
def test_fine_is_rounded_down(amount: str | None, shown: int | None) -> None:
    assert published_fine(Decimal(amount) if amount else None) == (Decimal(shown) if shown else None)


def test_another_districts_tip_is_not_there(tip: Tip, city: City) -> None:
    other = city.lianhu if tip.handling_unit != city.lianhu else city.yanta

    with pytest.raises(TipNotFound):
        case_facts(number=tip.number, user=editor(other))
    assert press(desk(editor(other)), tip).status_code in {302, 404}
    assert not CasePage.objects.exists()


def test_without_penalty_or_result_there_is_no_case(tip: Tip) -> None:
    person = editor(tip.handling_unit)
    Tip.objects.filter(pk=tip.pk).update(result=Result.FALSE)
    assert not may_become_case(number=tip.number, user=person)

    Tip.objects.filter(pk=tip.pk).update(result=Result.TRUE)
    Disposal.objects.update(measure=Measure.RECTIFY)
    assert not may_become_case(number=tip.number, user=person)


def test_unsigned_penalty_makes_no_case(tip: Tip) -> None:
    person = editor(tip.handling_unit)
    Disposal.objects.filter(tip=tip).update(is_confirmed=None)

    assert not may_become_case(number=tip.number, user=person)


def test_unsigned_result_makes_no_case(tip: Tip) -> None:
    tip.conclusions.update(is_confirmed=None)

    assert not may_become_case(number=tip.number, user=editor(tip.handling_unit))


def test_only_an_editor_sees_and_uses_the_button(tip: Tip) -> None:
    officer = staff(Role.OFFICER, office=tip.handling_unit)
    both = editor(tip.handling_unit)

    assert "起草案例" not in desk(officer).get(f"/admin/tips/{tip.number}/").content.decode()
    assert "起草案例" in desk(both).get(f"/admin/tips/{tip.number}/").content.decode()
    assert press(desk(officer), tip).status_code in {302, 404}
    assert not CasePage.objects.exists()


def test_the_button_stands_beside_the_steps_and_goes_once_a_case_was_begun(tip: Tip) -> None:
    browser, address = desk(editor(tip.handling_unit)), f"/admin/tips/{tip.number}/"
    before = browser.get(address).content.decode()
    assert before.index("起草案例") < before.index("as-more__list")

    press(browser, tip)

    after = browser.get(address).content.decode()
    page = CasePage.objects.get()
    assert f"/admin/tips/{tip.number}/case/" not in after
    assert "起草过案例" in after
    assert page.slug not in after
    assert f"/pages/{page.pk}/" not in after


def test_an_officer_is_told_who_begins_a_case(tip: Tip) -> None:
    officer = staff(Role.OFFICER, office=tip.handling_unit)

    assert "可以写成典型案例" in desk(officer).get(f"/admin/tips/{tip.number}/").content.decode()
    tip.disposals.update(is_confirmed=None)
    assert "可以写成典型案例" not in desk(officer).get(f"/admin/tips/{tip.number}/").content.decode()


def test_button_makes_a_draft_of_the_editor(tip: Tip) -> None:
    person = editor(tip.handling_unit)

    answer = press(desk(person), tip)

    page = newest(CasePage.objects.get())
    assert answer.headers["Location"] == f"/admin/pages/{page.pk}/edit/"
    assert not page.live
    assert page.owner == person
    assert page.decided_month == "2026-03"
    assert page.unit_penalty_amount == Decimal(35_000)
    assert "2026年3月" in str(page.facts)


def test_no_table_of_pages_knows_the_tip(tip: Tip) -> None:
    press(desk(editor(tip.handling_unit)), tip)
    keys = [tip.number, tip.number.split("-")[-1], SECRET, ADDRESS, "秦岳", "77号", tip.idempotency_key]
    keys += [str(row.public_id) for row in (*tip.disposals.all(), *Evidence.objects.filter(tip=tip))]

    held = _rows_of_pages()

    assert [key for key in keys if key in held] == []


def test_guard_of_this_file_reads_the_pages(tip: Tip) -> None:
    press(desk(editor(tip.handling_unit)), tip)

    assert CasePage.objects.get().slug in _rows_of_pages()


def test_tip_side_says_that_and_when_by_the_day_and_no_more(tip: Tip) -> None:
    press(desk(editor(tip.handling_unit)), tip)
    page = CasePage.objects.get()

    row = AuditRow.objects.get(action="tip.case_drafted")

    assert row.subject == tip.number
    assert row.data == {}
    assert (row.taken_at.astimezone().hour, row.taken_at.minute) in {(0, 0), (16, 0)}
    assert not AuditRow.objects.filter(subject__contains=page.slug).exists()


def test_no_photo_of_a_tip_can_be_chosen(tip: Tip) -> None:
    browser = desk(editor(tip.handling_unit))
    press(browser, tip)

    chooser = browser.get("/admin/images/chooser/")

    assert get_image_model().objects.count() == 0
    assert chooser.status_code == 200
    page = newest(CasePage.objects.get())
    assert page.picture is None
    assert not page.pictures


def test_the_key_of_a_tips_photo_chooses_nothing(tip: Tip) -> None:
    person = editor(tip.handling_unit)
    browser, photo = desk(person), tip.photos.get()
    page = case(person)

    for key in (str(photo.pk), str(photo.public_id)):
        form = edit_form(browser, page)
        form["picture"], form["picture_alt"] = key, "图"
        browser.post(f"/admin/pages/{page.pk}/edit/", form)
        assert browser.get(f"/admin/images/chooser/{key}/").status_code in {302, 404}

    assert newest(page).picture is None


def test_no_relation_leads_from_pages_to_tips_or_back() -> None:
    """Units and accounts are no key to a tip: every tip of a unit has them."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and field.concrete else None
            if target is None or isinstance(target, str):
                continue
            sides = {_side(model), _side(target)}
            if sides == {"tips", "pages"} and target is not Office:
                found.add(f"{model.__name__}.{field.name}")

    assert found == set()
    assert {_side(CasePage), _side(Tip)} == {"pages", "tips"}


def _side(model: type[Model]) -> str:
    label = model._meta.app_label
    if label == "complaints":
        return "tips"
    return "pages" if label.startswith(("cases_public", "home", "wagtail")) else ""


def test_person_without_two_factors_or_by_get_makes_nothing(tip: Tip) -> None:
    person = editor(tip.handling_unit)

    assert desk(person).get(f"/admin/tips/{tip.number}/case/").status_code == 405
    assert Client().post(f"/admin/tips/{tip.number}/case/").status_code == 302
    assert not CasePage.objects.exists()


def _rows_of_pages() -> str:
    tables = [
        table
        for table in connection.introspection.table_names()
        if table.startswith(("wagtail", "cases_public", "home_", "taggit", "django_session"))
    ]
    parts = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own table names
            parts += [str(value) for row in cursor.fetchall() for value in row]
    held = "\n".join(parts)
    return held + held.encode().decode("unicode_escape", "ignore")


def test_roles_can_be_held_together(city: City) -> None:
    person = editor(city.yanta)

    assert assign_role(user=person, office=city.yanta, role=Role.EDITOR, at=noon(TODAY))

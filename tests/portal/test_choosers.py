"""Wagtail's choosers say in attributes how they start; none of them holds a script."""

import json

import pytest
from bs4 import BeautifulSoup
from wagtail.admin.widgets import AdminPageChooser
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.images.widgets import AdminImageChooser

pytestmark = pytest.mark.django_db
MADE = {
    AdminPageChooser: ("PageChooser", 1),
    AdminImageChooser: ("ImageChooser", 1),
    AdminDocumentChooser: ("DocumentChooser", 1),
    AdminTaskChooser: ("createTaskChooser", 0),
}


def started(chooser: type[BaseChooser], name: str = "x") -> tuple[str, list[object], str]:
    """Return class and arguments an element names, and the whole text."""
    html = str(chooser().render(name, None, {"id": f"id_{name}"}))
    element = BeautifulSoup(html, "html.parser").find(attrs={"data-controller": "as-make"})
    assert element is not None
    return str(element["data-as-make-of-value"]), json.loads(str(element["data-as-make-args-value"])), html


@pytest.mark.parametrize("chooser", MADE)
def test_a_chooser_needs_no_script(chooser: type[BaseChooser]) -> None:
    made_by, (first, *rest), html = started(chooser)

    assert "<script" not in html
    assert (made_by, len(rest), first) == (*MADE[chooser], "id_x")
    assert all("modalUrl" in str(one) for one in rest)


def test_a_name_from_outside_cannot_break_out_of_its_attribute() -> None:
    _made_by, arguments, html = started(AdminPageChooser, name='x"><script>alert(1)</script>')

    assert "<script" not in html
    assert arguments[0] == 'id_x"><script>alert(1)</script>'


def test_a_chooser_without_an_id_is_refused() -> None:
    with pytest.raises(KeyError):
        AdminPageChooser().render("x", None, {})

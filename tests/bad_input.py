"""What editors paste and mistype, the same for every form of the back office, and how a form has to answer."""

from html import escape
from typing import Any

from django.test import Client
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.test.utils.form_data import querydict_from_html

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
# A paragraph, a word in bold and a table as Word puts them on the clipboard.
WORD = (
    "<p class=MsoNormal style='mso-bidi-font-size:10.5pt'><!--[if !supportLists]-->一、<![endif]--><span lang=EN-US "
    "style='font-family:宋体'><o:p>通风</o:p></span><b style='mso-ansi-language:EN-US'>先检测</b></p>"
    "<table><tr><td>表格</td></tr></table>"
)
OF_WORD = "先检测"
LEFT_OF_WORD = ("mso-", "MsoNormal", "supportLists", "o:p")
KEPT = "写了很久的一段"
TITLE_OF_300 = "六步通风法" * 60
TITLE_TOO_LONG = "最多 255 个字，现在有 300 个。"
SLUG_REFUSED = "只能用字母、数字、下划线和连字符"
DAY_REFUSED = "输入一个有效的日期"


def untouched(browser: Client, page: Page) -> Any:
    """Return what the editor's form of a page sends when nothing is touched but that its texts are emptied."""
    answer = browser.get(f"/admin/pages/{page.pk}/edit/")
    assert answer.status_code == 200, answer.headers.get("Location")
    form = querydict_from_html(answer.content.decode(), form_id="page-edit-form")
    for field in page.specific_class._meta.concrete_fields:
        if isinstance(field, StreamField):
            form[f"{field.name}-count"] = "0"
    return form


def sent(browser: Client, page: Page, form: Any, *, action: str = "", **values: str) -> Any:
    """Send the editor's form of a page with these values."""
    for name, value in values.items():
        form[name] = value
    if action:
        form[action] = action
    return browser.post(f"/admin/pages/{page.pk}/edit/", form)


def refused(answer: Any, *kept: str) -> str:
    """Return the page of a refused form, which still holds what was typed."""
    html: str = answer.content.decode()
    assert answer.status_code == 200
    assert [words for words in kept if escape(words) not in html and words not in html] == []
    return html


def assert_only_words(*pages: str) -> None:
    """Check that a script that was typed is shown as words and never run."""
    for html in pages:
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def newest(page: Page) -> Any:
    """Return the latest draft of a page, read anew."""
    return Page.objects.get(pk=page.pk).get_latest_revision_as_object()

"""Bringing a file into the register: check it first, see each wrong row, then store it; with progress."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages as notices

from complaints.errors import ComplaintError
from complaints.rules.register import COLUMNS, LineFault
from complaints.rules.register_file import FILE_MAX_BYTES
from complaints.selectors.enterprises import may_keep_register
from complaints.services.register_import import (
    Checked,
    check_file,
    faults_of_checked,
    rows_at_fault,
    store_checked,
)
from portal.shared.bilingual import in_a_row
from portal.shared.plain_cells import plain_cell

from .pages import EnterprisePage

SHOWN_ROWS = 50
PROGRESS_SECONDS = 300
FAULT_HEADS = ("行号", "列", "文件里写的", "问题")
HEADS = ("名称", "统一社会信用代码", "行业", "区县", "镇街", "地址", "风险等级")
EXAMPLE = (
    "示例机械有限公司",
    "91610113MA00000016",
    "机械",
    "雁塔区",
    "小寨路街道",
    "科技路 1 号",
    "一般风险",
)
COLUMN_NAMES = dict(
    zip(
        COLUMNS,
        (
            gettext_lazy("Name"),
            gettext_lazy("Credit code"),
            gettext_lazy("Industry"),
            gettext_lazy("District"),
            gettext_lazy("Town"),
            gettext_lazy("Address"),
            gettext_lazy("Risk class"),
        ),
        strict=True,
    )
)


class ImportView(EnterprisePage):
    """GET the form; POST a file to check it, or the token of what was checked to store it."""

    template_name = "complaints/staff/enterprises/import.html"
    page_title = gettext_lazy("Bring a file into the register")
    http_method_names = ["get", "head", "post"]
    is_for_keepers = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(values={})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if "faults" in request.POST:
                return self._faults_file()
            return self._store() if "token" in request.POST else self._check()
        except ComplaintError as error:
            return self.page(values={"fault": str(error.public_message)}, status=error.status)

    def _check(self) -> HttpResponse:
        upload = self.request.FILES.get("file")
        if upload is None:
            return self.page(values={"fault": _("Choose a file first.")}, status=422)
        data = upload.read(FILE_MAX_BYTES + 1)
        checked = check_file(data=data, actor=self.user, progress=self._tell)
        return self.page(values=shown(checked, name=str(upload.name)))

    def _store(self) -> HttpResponse:
        done = store_checked(
            token=self.request.POST["token"][:64],
            leave_out="leave_out" in self.request.POST,
            actor=self.user,
            at=timezone.now(),
            progress=self._tell,
        )
        parts = (
            ngettext("%(n)d enterprise added.", "%(n)d enterprises added.", done.new) % {"n": done.new},
            ngettext("%(n)d changed.", "%(n)d changed.", done.changed) % {"n": done.changed},
            ngettext("%(n)d as before.", "%(n)d as before.", done.same) % {"n": done.same},
            ngettext("%(n)d row left out.", "%(n)d rows left out.", done.left_out) % {"n": done.left_out},
        )
        notices.success(self.request, in_a_row(parts))
        return HttpResponseRedirect(reverse("enterprises:index"))

    def _faults_file(self) -> HttpResponse:
        faults = faults_of_checked(token=self.request.POST.get("token", "")[:64], actor=self.user)
        return csv_file("enterprises-errors.csv", [FAULT_HEADS, *(_told(one) for one in faults)])

    def _tell(self, done: int, total: int) -> None:
        cache.set(_progress_key(self.user.pk), [done, total], timeout=PROGRESS_SECONDS)


def shown(checked: Checked, *, name: str) -> dict[str, Any]:
    """Return what the page shows of a dry run: counts of rows and of errors, and the first wrong rows by number."""
    rows = rows_at_fault(checked.faults, most=SHOWN_ROWS)
    return {
        "checked": checked,
        "file_name": name,
        "good": checked.new + checked.changed + checked.same,
        "rows_at_fault": [(line, [_told(one)[1:] for one in found]) for line, found in rows],
        "more_rows": max(0, checked.bad_rows - SHOWN_ROWS),
    }


def _told(one: LineFault) -> tuple[int, str, str, str]:
    """Return one error as a line of a table: row, column, what stands there, what is wrong."""
    return (one.line, str(COLUMN_NAMES[one.column]), one.found or "—", str(one.fault.label))


def csv_file(name: str, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return a table as CSV that Excel opens, without formulas."""
    text = StringIO()
    text.write("\ufeff")
    csv.writer(text).writerows([[plain_cell(cell) for cell in row] for row in rows])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _progress_key(user_id: int | None) -> str:
    return f"register-progress:{user_id}"


class ProgressView(View):
    """How far the own file is, in rows; a page asks it by itself."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if not may_keep_register(request.user):
            raise Http404
        done, total = cache.get(_progress_key(request.user.pk)) or (0, 0)
        return JsonResponse({"done": done, "total": total})


class TemplateFileView(View):
    """The empty table with its column heads and one example, as CSV that Excel opens."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if not may_keep_register(request.user):
            raise Http404
        return csv_file("enterprises-template.csv", (HEADS, EXAMPLE))

"""What page and files of a bulletin are made from, read once: parts, notices, tables, charts."""

from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.disclosure import PublicCorrection
from home.figures import page_facts
from portal.shared.bilingual import is_english
from portal.shared.workbooks import XLSX_TYPE

from .bound import Bound
from .files import table_text, workbook
from .paper import Paper, pdf_of_bulletin
from .parts import Shown, shown_parts, small_numbers_note

TYPES = {"pdf": "application/pdf", "xlsx": XLSX_TYPE, "csv": "text/csv; charset=utf-8"}


class Bulletin(Protocol):
    """What is read of a page; the page itself stands above."""

    period: str
    handling_unit: str
    body: Any
    sources: Any
    correction_note: str

    @property
    def shown_title(self) -> str: ...
    @property
    def other_numbers(self) -> list[str]: ...
    @property
    def corrections(self) -> list[PublicCorrection]: ...
    def read_bound(self) -> Bound | None: ...
    def get_kind_display(self) -> str: ...
    def get_url(self, request: HttpRequest) -> str | None: ...


def page_context(*, page: Bulletin) -> dict[str, Any]:
    """Return what the template shows; without parts where the report is gone.

    `correction` is the newest version of its period, when it is bound to an older one.
    """
    found = page.read_bound()
    if found is None:
        return {"report": None, "shown": Shown(parts=(), notes=(), is_short=False), "correction": None}
    return {
        "report": found.report,
        "shown": shown_parts(body=page.body, bound=found, others=page.other_numbers),
        "charts": page_facts(found.report),
        "correction": page.corrections[-1] if page.corrections else None,
        "small_numbers": small_numbers_note(),
    }


def answer_file(*, page: Bulletin, kind: str, request: HttpRequest) -> HttpResponse:
    """Return a bulletin as a file of this kind; the same content gives the same bytes.

    Raises:
        Http404: its report is gone.
    """
    found = page.read_bound()
    if found is None:
        raise Http404
    shown = shown_parts(body=page.body, bound=found, others=page.other_numbers)
    content = _MAKERS[kind](
        page=page, bound=found, shown=shown, address=request.build_absolute_uri(page.get_url(request))
    )
    response = HttpResponse(content, content_type=TYPES[kind])
    name = f"bulletin-{found.report.period.number}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pdf(*, page: Bulletin, bound: Bound, shown: Shown, address: str) -> bytes:
    report = bound.report
    paper = Paper(
        title=page.shown_title,
        lines=(_report_line(bound), address),
        notices=tuple(notices(page=page)),
        parts=shown.parts,
        notes=shown.notes,
        sources=tuple(source_lines(page=page)),
        closing=small_numbers_note(),
        header=pgettext("header of a paper", "%(unit)s · %(kind)s · %(period)s")
        % {"unit": page.handling_unit, "kind": page.get_kind_display(), "period": report.period.name},
        made=report.period.closed_on,
        lang="en" if is_english() else "zh-CN",
    )
    return pdf_of_bulletin(paper, facts=page_facts(report))


def _xlsx(*, page: Bulletin, bound: Bound, shown: Shown, address: str) -> bytes:
    period = bound.report.period
    return workbook(
        title=page.shown_title,
        number=period.number,
        tables=shown.tables(),
        notes=shown.notes,
        made=period.closed_on,
    )


def _csv(*, page: Bulletin, bound: Bound, shown: Shown, address: str) -> str:
    return table_text(number=bound.report.period.number, tables=shown.tables())


_MAKERS: dict[str, Any] = {"pdf": _pdf, "xlsx": _xlsx, "csv": _csv}


def notices(*, page: Bulletin) -> list[str]:
    """Return what stands above a bulletin that was corrected or is out of date."""
    found = [
        _("The figures were corrected: %(reason)s") % {"reason": one.reason} for one in page.corrections[-1:]
    ]
    if page.correction_note:
        found.append(_("Correction of this bulletin: %(note)s") % {"note": page.correction_note})
    return found


def source_lines(*, page: Bulletin) -> list[str]:
    """Return where numbers from elsewhere are from."""
    words = _("“%(number)s”: %(source)s")
    return [words % {"number": one.value["number"], "source": one.value["source"]} for one in page.sources]


def _report_line(bound: Bound) -> str:
    period = bound.report.period
    day = date_format(period.closed_on, pgettext("format of a day with its year", "j F Y"))
    words = _("From report no. %(number)s, closed on %(day)s.")
    return words % {"number": period.number, "day": day}

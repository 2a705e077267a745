"""The quarter's file that the city sends up: cases in the order of 92号 as XLSX, with texts and pictures as ZIP.

It is made of the public pages when it is asked for, and never stored. The same cases give the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from openpyxl import Workbook

from cases_public.duty.contents import contents_of
from cases_public.duty.definitions import FIGURES
from cases_public.duty.periods import DutyPeriod
from cases_public.enums import DutyContent, ReferenceValue
from cases_public.models import CasePage, DutyFile, Submission, SubmissionScore
from cases_public.models.codes import labels
from cases_public.redaction.parts import pictures_of
from complaints import events
from portal.shared.archives import with_sums, zipped
from portal.shared.plain_cells import plain_cell

from .duty_overview import Overview, newest_score, overview, rows_of_figures
from .duty_rights import DutyRefused, acted_on, rights_of

TABLE = "典型执法案例汇总表.xlsx"
TEXT = "案例.txt"
# Spreadsheets refuse them, and no text needs them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
LONGEST_CELL = 32_000


@dataclass(frozen=True, kw_only=True)
class DutyBundle:
    """A file of a quarter: ZIP and table, the hash of the ZIP, and how many cases it holds."""

    data: bytes
    table: bytes
    sha256: str
    count: int


def cases_of_quarter(*, quarter: DutyPeriod, today: date) -> list[Submission]:
    """Return what is to go up next: qualified, still public, submitted by the end of the quarter, not sent before."""
    rows = Submission.objects.counting(today=today).filter(
        file=None, submitted_date__lte=quarter.end_date, page__in=CasePage.objects.shown(today=today)
    )
    return [row for row in _whole(rows) if _is_qualified(row)]


def cases_of_file(*, file: DutyFile, today: date) -> list[Submission]:
    """Return the cases of a file that was sent, without those withdrawn since."""
    rows = Submission.objects.counting(today=today).filter(
        file=file, page__in=CasePage.objects.shown(today=today)
    )
    return list(_whole(rows))


def bundle(*, quarter: DutyPeriod, submissions: Sequence[Submission], seen: Overview) -> DutyBundle:
    """Return the file of these cases, in Chinese whatever the language of the page.

    Raises:
        DutyRefused: a picture of a case is missing in the store; a file with a gap is none.
    """
    with override("zh-hans"):
        table = _table(submissions, seen=seen, day=quarter.end_date)
        files = {TABLE: table}
        for place, row in enumerate(submissions, start=1):
            page = _page(row)
            files |= _of_case(page, folder=f"{place:02d}-{page.slug}")
    data = zipped(with_sums(files), day=quarter.end_date)
    return DutyBundle(data=data, table=table, sha256=sha256(data).hexdigest(), count=len(submissions))


@transaction.atomic
def send_file(*, quarter: DutyPeriod, user: User, at: datetime) -> DutyFile:
    """Note that the file of a quarter went up as it is now; what comes later goes up in a further one.

    Raises:
        DutyRefused: the person does not send, submitted or scored one of the cases, or there is none to send.
    """
    today = timezone.localdate(at)
    rights = rights_of(user)
    if not rights.sends:
        raise DutyRefused(_("Your role does not include this step."))
    # Two people at once send one file: the second finds nothing left.
    list(Submission.objects.select_for_update().filter(file=None))
    rows = cases_of_quarter(quarter=quarter, today=today)
    if not rows:
        raise DutyRefused(_("There is no qualified case to send up."))
    if acted_on(user=user, submissions=rows):
        raise DutyRefused(_("You submitted or scored one of these cases. Another person has to send them."))
    seen = overview(rights=rights, start=quarter.start_date, end=quarter.end_date, today=today)
    last = DutyFile.objects.filter(quarter=quarter.code).aggregate(last=Max("number"))["last"] or 0
    file = DutyFile.objects.create(
        quarter=quarter.code,
        number=last + 1,
        sent_at=at,
        sent_by=user,
        sha256=bundle(quarter=quarter, submissions=rows, seen=seen).sha256,
        figures=dict(rows_of_figures(seen.total)),
    )
    Submission.objects.filter(pk__in=[row.pk for row in rows]).update(file=file)
    events.act_taken.send(
        sender=DutyFile, action="dutyfile.sent", at=at, actor=user, subject=f"dutyfile:{file.pk}",
        data={"quarter": file.quarter, "sha256": file.sha256},
    )  # fmt: skip
    return file


def _whole(rows: Any) -> Any:
    found = rows.select_related("duty__rule", "page").prefetch_related("scores")
    return found.order_by("duty__office_id", "pk")


def _page(row: Submission) -> CasePage:
    """Return the page of a submission that counts: one without a page does not."""
    if row.page is None:
        raise ValueError(f"submission {row.pk} has lost its page")
    return row.page


def _is_qualified(row: Submission) -> bool:
    score = newest_score(row)
    return score is not None and score.is_qualified


def _of_case(page: CasePage, *, folder: str) -> dict[str, bytes]:
    """Return the text of a case and its pictures, each once; a picture in a closed collection is not public."""
    files = {f"{folder}/{TEXT}": _text(page).encode()}
    pictures = {use.picture.pk: use.picture for use in pictures_of(page=page)}
    shown = [one for one in pictures.values() if not one.collection.get_view_restrictions()]
    for place, picture in enumerate(shown, start=1):
        suffix = picture.file.name.rpartition(".")[2].lower()
        try:
            with picture.file.open("rb") as stored:
                files[f"{folder}/图片-{place}.{suffix}"] = stored.read()
        except OSError as error:
            raise DutyRefused(
                _("A picture is missing in the store: %(title)s") % {"title": page.title}
            ) from error
    return files


def _text(page: CasePage) -> str:
    parts = [f"【{content.label}】\n{text or '—'}" for content, text in contents_of(page=page).items()]
    return "\n\n".join(parts) + "\n"


def _table(submissions: Sequence[Submission], *, seen: Overview, day: date) -> bytes:
    book = Workbook(write_only=True)
    book.properties.created = datetime.combine(day, time.min)
    for title, rows in (
        ("典型执法案例", _case_rows(submissions, seen=seen)),
        ("报送情况", _unit_rows(seen)),
        ("指标说明", [(str(one.name), str(one.definition), one.basis) for one in FIGURES]),
    ):
        sheet = book.create_sheet(title=title)
        for row in rows:
            sheet.append([plain_cell(_cell(value)) for value in row])
    out = io.BytesIO()
    book.save(out)  # not the database: a workbook
    return _timeless(out.getvalue(), day=day)


def _case_rows(submissions: Sequence[Submission], *, seen: Overview) -> Iterable[Sequence[Any]]:
    yield [
        _("No."), _("Unit"), *(str(one.label) for one in DutyContent), _("Reference value"),
        pgettext("of a case", "Points"), _("How it is made known"), _("Day of submission"),
    ]  # fmt: skip
    for place, row in enumerate(submissions, start=1):
        page, score = row.page, newest_score(row)
        assert page is not None
        yield [
            place,
            seen.names.get(row.duty.office_id, ""),
            *contents_of(page=page).values(),
            "、".join(page.value_names),
            _points(score),
            str(page.get_disclosure_display()),
            row.submitted_date.isoformat(),
        ]


def _points(score: SubmissionScore | None) -> str:
    given = score.points if score else {}
    names = {code: labels(codes=[code], of=ReferenceValue) for code in given}
    return "；".join(f"{''.join(names[code])} {points}" for code, points in given.items())


def _unit_rows(seen: Overview) -> Iterable[Sequence[Any]]:
    yield [_("Unit"), *(str(one.name) for one in FIGURES)]
    for row in seen.units:
        yield [row.name, *(text for _code, text in rows_of_figures(row.rates))]
    yield [_("Together"), *(text for _code, text in rows_of_figures(seen.total))]


def _cell(value: Any) -> Any:
    return _CONTROL.sub("", value)[:LONGEST_CELL] if isinstance(value, str) else value


def _timeless(data: bytes, *, day: date) -> bytes:
    """Return a workbook without the moment at which it was written."""
    moment = rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode() + rb"\g<2>"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["docProps/core.xml"] = _MODIFIED.sub(moment, files["docProps/core.xml"])
    return zipped(files, day=day)

"""A review of case files for the demonstration: drawn from last month, one file scored, one with its reviewer."""

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.enums import Role
from complaints.models import FileSample, Membership, SampledFile
from complaints.policies import units_below
from complaints.rules.sampling import Size
from complaints.rules.spans import SpanKind, span_around
from complaints.selectors import file_review as selectors
from complaints.services.file_review import Finding, assign, draw_sample, items_of, score

PER_UNIT = 2
# What is found in the first file: points off the second item of its sheet, to be put right.
MINUS, WORDS = 3, "现场检查记录缺一名检查人员签名，请补签并说明原因。"
FIRST, SECOND = 0, 1


@transaction.atomic
def load_reviews(*, today: date, at: datetime) -> int:
    """Draw a sample of what was concluded last month and begin with it; return how many files were drawn.

    Nothing where a sample was drawn before, or nothing was concluded.
    """
    leader = Membership.objects.filter(role=Role.LEADER, office__parent=None).order_by("pk").first()
    if leader is None or FileSample.objects.exists():
        return 0
    span = span_around(day=today, kind=SpanKind.MONTH).before
    units = sorted(set(selectors.units_to_draw_from(leader.user)) - {leader.office_id})
    if not selectors.stock_of(span=span, units=units):
        return 0
    sample = draw_sample(
        span=span, office_id=leader.office_id, units=units, size=Size(per_unit=PER_UNIT), actor=leader.user, at=at
    )  # fmt: skip
    files = list(sample.files.select_related("tip").order_by("place"))
    _begin(files, leader=leader.user, at=at)
    return len(files)


def _begin(files: Sequence[SampledFile], *, leader: User, at: datetime) -> None:
    """Give the first two files to reviewers of other units; the first one is scored already."""
    for place, row in enumerate(files[: SECOND + 1]):
        people = selectors.reviewers_for(row=row, below=units_below(row.unit_id))
        if not people:
            continue
        reviewer = people[place % len(people)]
        assign(public_id=row.public_id, reviewer_id=reviewer.pk, actor=leader, at=at)
        if place == FIRST:
            item = items_of(row.sample)[1]
            found = {item.code: Finding(minus=min(MINUS, item.points), words=WORDS, wants_correction=True)}
            score(public_id=row.public_id, found=found, actor=reviewer, at=at)

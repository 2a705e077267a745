"""Sample submissions of cases: one in time, one late, one that fails, one that is missing, one that was sent up."""

from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from cases_public.duty.contents import contents_of
from cases_public.duty.periods import DutyPeriod, period_at
from cases_public.enums import DutyContent, DutyRhythm
from cases_public.models import CasePage, Duty, Submission
from cases_public.services.duties import begin_periods
from cases_public.services.duty_file import cases_of_quarter, send_file
from cases_public.services.scoring import score_submission
from cases_public.services.submissions import submit_case

# Who submits which case, how many days after the last day of the period, and how many points it gets.
IN_TIME, LATE = -6, 4
SAMPLES = (
    ("chenli", "lifting-machinery", DutyRhythm.TWO_MONTHS, IN_TIME, 82),
    ("zhaomin", "hot-work-cold-store", DutyRhythm.TWO_MONTHS, LATE, 76),
    ("liuxin", "paint-dormitory", DutyRhythm.TWO_MONTHS, IN_TIME, 45),
    ("dingning", "mine-roof", DutyRhythm.QUARTER, IN_TIME, 91),
)
SCORER, SENDER = "fanghua", "liangbo"
MISSING = "参考价值写得太简单：请补上证据怎样取得、裁量怎样考虑。"


def load_sample_duty(*, today: date) -> int:
    """Begin the last and the running periods, submit and score; return how many cases were submitted.

    Nothing happens where anything was submitted before, or where the people of the demonstration are missing.
    """
    people = {user.username: user for user in User.objects.filter(username__in=_names())}
    if Submission.objects.exists() or len(people) != len(_names()):
        return 0
    for day in sorted({*(_last(rhythm, today=today).start_date for rhythm in DutyRhythm), today}):
        begin_periods(day, _noon(day))
    done = [_submit(sample, people=people, today=today) for sample in SAMPLES]
    quarter = _last(DutyRhythm.QUARTER, today=today)
    if cases_of_quarter(quarter=quarter, today=today):
        send_file(
            quarter=quarter, user=people[SENDER], at=_noon(min(quarter.end_date + timedelta(days=3), today))
        )
    return sum(done)


def _submit(sample: tuple[str, str, DutyRhythm, int, int], *, people: dict[str, User], today: date) -> int:
    name, slug, rhythm, days, points = sample
    period = _last(rhythm, today=today)
    page = CasePage.objects.filter(slug=slug, live=True).first()
    duty = Duty.objects.filter(period=period.code, office__memberships__user=people[name]).first()
    if page is None or duty is None:
        return 0
    public = timezone.localdate(page.first_published_at) if page.first_published_at else today
    at = _noon(min(max(period.end_date + timedelta(days=days), public + timedelta(days=1)), today))
    row = submit_case(duty_id=duty.pk, page_id=page.pk, user=people[name], at=at)
    texts = contents_of(page=page)
    score_submission(
        submission_id=row.pk,
        contents=[one.value for one in DutyContent if texts[one]],
        points=dict.fromkeys(page.values, points),
        note=MISSING if points < row.duty.rule.pass_points else "",
        user=people[SCORER],
        at=at,
    )
    return 1


def _last(rhythm: DutyRhythm, *, today: date) -> DutyPeriod:
    """Return the period before the running one."""
    return period_at(day=period_at(day=today, rhythm=rhythm).start_date - timedelta(days=1), rhythm=rhythm)


def _names() -> set[str]:
    return {SCORER, SENDER, *(sample[0] for sample in SAMPLES)}


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))

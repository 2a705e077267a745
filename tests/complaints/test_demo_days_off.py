"""The demonstration loads on days off as well; apart from its other tests, which share one loading of a working day."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from complaints.models import InternalTip, Tip
from complaints.services.demo.load import load_demo
from complaints.services.demo.offices import read_facts
from complaints.services.demo.stories import idempotency_key
from portal.devkeys import DEMO_VAULT_FINGERPRINT

# A holiday, a Sunday, and the day after a long holiday: it puts the answers of officers off, past the day on which a
# reporter was to come back.
DAYS = [date(2026, 10, 6), date(2026, 11, 22), date(2026, 2, 25), date(2026, 10, 9)]


@pytest.mark.parametrize("today", DAYS)
def test_it_loads_on_days_off_as_well(db: None, tmp_path: Path, today: date) -> None:
    morning = datetime(today.year, today.month, today.day, 7, 5, tzinfo=timezone.get_default_timezone())

    made = load_demo(
        today=today,
        now=morning,
        folder=tmp_path,
        pinned=DEMO_VAULT_FINGERPRINT,
        demo_fingerprint=DEMO_VAULT_FINGERPRINT,
    )

    facts = read_facts("tips")["tips"]
    found = {tip.idempotency_key: tip.status for tip in Tip.objects.all()}
    assert made.new_tips == len(facts)
    assert [
        one["key"]
        for one in facts
        if found[idempotency_key(key=one["key"])] != one.get("status", "registered")
    ] == []
    # Its clock runs still: what is past its day would go to the district with the next daily task.
    assert InternalTip.objects.filter(state="doubted", due_date__gte=today).count() == 1

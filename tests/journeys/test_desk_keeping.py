"""A file past its period in a real browser: held by a leader, let go, destroyed; its receipt opens nothing then."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from complaints.enums import Action, Role
from complaints.models import Tip
from complaints.services.retention import purge
from tests.factories import noon
from tests.fixtures import City
from tests.journeys.desk_steps import desk_of, new_tip, open_tip, person, take

pytestmark = pytest.mark.journey
LATE = timedelta(days=366 * 10 + 30)


def test_a_file_is_held_back_let_go_and_destroyed(
    city: City, open_phone: Callable[..., BrowserContext]
) -> None:
    tip = new_tip(city, closed=True)
    leader = desk_of(open_phone, person(city.yanta, Role.LEADER, username="zhouwen", first_name="周文"))
    reporter = open_phone().new_page()
    late = timezone.localdate() + LATE

    open_tip(leader, tip.number)
    take(leader, Action.HOLD, memo="法院调取案卷")
    expect(leader.locator("body")).to_contain_text("已暂缓销毁")
    held = purge(as_of=late, at=noon(late))
    take(leader, Action.LIFT_HOLD, memo="案卷已退回")
    destroyed = purge(as_of=late, at=noon(late))
    reporter.goto("/status/")
    reporter.fill("[name=receipt]", tip.acknowledgement.receipt)
    reporter.press("[name=receipt]", "Enter")

    expect(reporter.locator("body")).to_contain_text("没有找到")
    assert (held.tips, held.kept, destroyed.tips) == (0, 1, 1)
    assert not Tip.objects.exists()

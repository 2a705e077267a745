"""Tips from before anybody looked whom they name: the daily task looks, once, and goes on where it was killed."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.crypto.errors import DecryptionError
from complaints.models import Enterprise, InternalTip, Tip
from complaints.selectors.internal import inside_for
from complaints.services import kept_out
from complaints.services.daily import run_daily
from complaints.services.kept_out import check_unchecked
from tests.enterprise_steps import inside, tell_inside, write_inside
from tests.factories import TODAY, noon

pytestmark = pytest.mark.django_db


def of_before(entry: Enterprise, *, said_later: str = "", **values: str) -> str:
    """Return the number of a tip as it was stored before: nobody looked whom it names."""
    done = tell_inside(entry, **values)
    if said_later:
        write_inside(done.receipt, said_later)
    row = inside(done.number)
    row.kept_from.clear()
    InternalTip.objects.filter(pk=row.pk).update(is_name_checked=False)
    return done.number


def test_the_daily_task_keeps_old_tips_from_whom_they_name(
    entry: Enterprise, boss: User, named: User
) -> None:
    about, plain = of_before(entry, description="何经理不让停机"), of_before(entry)
    later = of_before(entry, said_later="是何龙叫人拆的。")
    assert inside_for(named, number=about) is not None

    report = run_daily(today=TODAY, now=noon(TODAY))
    again = run_daily(today=TODAY, now=noon(TODAY))

    assert (report.counts["check_names"], again.counts["check_names"]) == (3, 0)
    assert [inside_for(named, number=number) is None for number in (about, plain, later)] == [
        True,
        False,
        True,
    ]
    assert all(inside_for(boss, number=number) for number in (about, plain, later))


@pytest.mark.parametrize("field", ["description", "address", "workshop", "post", "suggestion"])
def test_every_field_of_an_old_tip_is_looked_at(entry: Enterprise, named: User, field: str) -> None:
    number = of_before(entry, **{field: "问何龙"})

    check_unchecked()

    assert inside(number).kept_from.get() == named


def test_a_new_tip_has_nothing_left_to_look_at(entry: Enterprise, named: User) -> None:
    tell_inside(entry, description="何经理不让停机")

    assert check_unchecked() == 0
    assert InternalTip.objects.get().kept_from.get() == named


def test_killed_in_the_middle_the_next_run_goes_on(
    entry: Enterprise, named: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [of_before(entry, description="何经理不让停机") for _ in range(5)]
    whole, seen = kept_out.keep_from_named, []

    def killed(row: InternalTip, *, texts: list[str]) -> None:
        whole(row, texts=texts)
        seen.append(row.pk)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(kept_out, "keep_from_named", killed)
        with pytest.raises(KeyboardInterrupt):
            check_unchecked()
    half = InternalTip.objects.filter(is_name_checked=True).count()

    assert half == 2
    assert check_unchecked() == 3
    assert [inside(number).kept_from.count() for number in numbers] == [1] * 5


def test_what_cannot_be_opened_keeps_no_other_waiting_and_is_tried_again(
    entry: Enterprise, named: User
) -> None:
    broken = of_before(entry)
    sealed = Tip.everywhere.get(number=broken).description_sealed
    Tip.everywhere.filter(number=broken).update(description_sealed=b"no token")
    whole = of_before(entry, description="何经理不让停机")

    with pytest.raises(DecryptionError):
        check_unchecked()

    assert inside(whole).kept_from.count() == 1
    assert not inside(broken).is_name_checked
    Tip.everywhere.filter(number=broken).update(description_sealed=sealed)
    assert check_unchecked() == 1


def test_few_keys_are_in_memory_at_once(
    entry: Enterprise, named: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_out, "KEYS_AT_ONCE", 2)
    for _ in range(5):
        of_before(entry)

    with CaptureQueriesContext(connection) as told:
        assert check_unchecked() == 5

    reads = [one["sql"] for one in told if "is_name_checked" in one["sql"] and "LIMIT 2" in one["sql"]]
    assert len(reads) == 4

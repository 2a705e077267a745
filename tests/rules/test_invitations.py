"""Codes of invitations: hard to guess, easy to type, good once and for 72 hours (ASVS 5, 6.4.1)."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints.enums import InviteEnd, InviteFault
from complaints.rules.invitations import (
    GIVEN_HOURS,
    good_until,
    invite_digest,
    invite_fault,
    new_invite_code,
    plain_invite_code,
)

NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)


def test_codes_are_long_random_and_hold_nothing_that_is_mistaken() -> None:
    codes = {new_invite_code() for _ in range(50)}

    assert len(codes) == 50
    assert {len(plain_invite_code(code)) for code in codes} == {20}
    assert not set("".join(codes)) & set("01ilo")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("abcde-fghjk-mnpqr-stuvw", "abcdefghjkmnpqrstuvw"),
        ("  ABCDE fghjk　mnpqr–stuvw\n", "abcdefghjkmnpqrstuvw"),
        ("abcde-fghjk-mnpqr-stuv", ""),
        ("abcde-fghjk-mnpqr-stuvwx", ""),
        ("abcde-fghjk-mnpqr-stuv0", ""),
        ("", ""),
        ("企业安全管理员企业安全管理员企业安全管理员", ""),
    ],
)
def test_what_is_typed_is_read_with_or_without_groups(typed: str, plain: str) -> None:
    assert plain_invite_code(typed) == plain


def test_what_is_kept_of_a_code_is_not_the_code() -> None:
    plain = plain_invite_code(new_invite_code())

    assert len(invite_digest(plain)) == 64
    assert plain not in invite_digest(plain)
    assert invite_digest(plain) == invite_digest(plain) != invite_digest(plain[::-1])


def test_what_is_given_is_good_for_72_hours() -> None:
    assert good_until(NOW) - NOW == timedelta(hours=GIVEN_HOURS) == timedelta(days=3)


@pytest.mark.parametrize(
    ("end", "is_wanted", "late", "fault"),
    [
        ("", True, timedelta(seconds=-1), None),
        ("", True, timedelta(0), InviteFault.EXPIRED),
        ("", False, timedelta(seconds=-1), InviteFault.WITHDRAWN),
        ("", False, timedelta(days=9), InviteFault.WITHDRAWN),
        (InviteEnd.USED, True, timedelta(days=9), InviteFault.USED),
        (InviteEnd.REPLACED, True, timedelta(seconds=-1), InviteFault.REPLACED),
        (InviteEnd.WITHDRAWN, True, timedelta(seconds=-1), InviteFault.WITHDRAWN),
    ],
)
def test_each_end_of_a_code_has_its_own_word(
    end: str, is_wanted: bool, late: timedelta, fault: InviteFault | None
) -> None:
    at = good_until(NOW) + late

    assert invite_fault(end=end, expires_at=good_until(NOW), is_wanted=is_wanted, at=at) == fault

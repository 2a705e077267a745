"""Sign-in of staff: two factors by every door, codes that count once, nothing to learn from a refusal."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.models import Page

from complaints.crypto.keyring import KeyRing
from complaints.enums import Role
from portal.shared import secretbox
from portal.shared.idle import SEEN
from portal.shared.services import second_factor
from tests.factories import PASSWORD, UserFactory
from tests.signin import (
    PERIOD_SECONDS,
    SECRET,
    code_at,
    enter,
    give_app,
    recovery_codes,
    staff,
    wrong_code,
)

pytestmark = pytest.mark.django_db
ADMIN = "/admin/"
LOGIN = "/accounts/login/"
CODE = "/accounts/2fa/authenticate/"
SET_UP = "/accounts/2fa/totp/activate/"
NOW = 1_790_000_000.0


@pytest.fixture(autouse=True)
def no_earlier_attempts() -> None:
    cache.clear()


@pytest.fixture
def officer() -> User:
    return staff(Role.OFFICER, username="zhaomin")


@pytest.fixture
def with_app(officer: User) -> User:
    give_app(officer)
    return officer


def type_password(client: Client, username: str = "zhaomin", password: str = PASSWORD, **extra: str):
    return client.post(LOGIN, {"login": username, "password": password, **extra})


def type_code(client: Client, code: str):
    return client.post(CODE, {"code": code})


def may_enter(client: Client) -> bool:
    return client.get("/admin/account/").status_code == 200


# --- the way in ------------------------------------------------------------------------------------------


def test_password_and_code_open_the_desk(client: Client, with_app: User) -> None:
    first = type_password(client)
    second = type_code(client, code_at(now=time.time()))

    assert (first.status_code, first["Location"]) == (302, CODE)
    assert (second.status_code, second["Location"]) == (302, ADMIN)


def test_password_alone_is_not_signed_in(client: Client, with_app: User) -> None:
    type_password(client)

    assert client.get(ADMIN)["Location"].startswith(LOGIN)


def test_recovery_code_signs_in_once(client: Client, with_app: User) -> None:
    code = recovery_codes(with_app)[0]
    type_password(client)
    first = type_code(client, code)
    client.logout()
    type_password(client)

    second = type_code(client, code)

    assert first["Location"] == ADMIN
    assert second.status_code == 200
    assert len(recovery_codes(with_app)) == 9


def test_where_to_go_on_survives_both_steps(client: Client, with_app: User) -> None:
    type_password(client, next="/admin/account/")

    assert type_code(client, code_at(now=time.time()))["Location"] == "/admin/account/"


def test_first_sign_in_leads_to_setting_the_app_up(client: Client, officer: User) -> None:
    entered = type_password(client)
    led = client.get(entered["Location"])

    assert led["Location"] == "/accounts/second-factor/"
    assert client.get(led["Location"])["Location"] == SET_UP


# --- setting up ------------------------------------------------------------------------------------------


def set_up(client: Client) -> str:
    """Set the app up in the browser and return its secret."""
    type_password(client)
    secret: str = client.get(SET_UP).context["form"].secret
    done = client.post(SET_UP, {"code": code_at(now=time.time(), secret=secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def test_setting_up_shows_recovery_codes_and_asks_to_sign_in_again(client: Client, officer: User) -> None:
    set_up(client)

    shown = client.get("/accounts/2fa/recovery-codes/").content.decode()
    saved = client.get("/accounts/2fa/recovery-codes/download/")

    assert all(code in shown for code in recovery_codes(officer))
    assert all(code in saved.content.decode() for code in recovery_codes(officer))
    assert not may_enter(client)


def test_code_that_set_the_app_up_does_not_sign_in(client: Client, officer: User) -> None:
    secret = set_up(client)
    spent = code_at(now=time.time(), secret=secret)
    cache.clear()
    client.post("/accounts/logout/")
    type_password(client)

    answer = type_code(client, spent)

    assert answer.status_code == 200
    assert not may_enter(client)


def test_next_code_after_setting_up_signs_in(client: Client, officer: User) -> None:
    secret = set_up(client)
    client.post("/accounts/logout/")
    type_password(client)

    answer = type_code(client, code_at(now=time.time() + PERIOD_SECONDS, secret=secret))

    assert answer["Location"] == ADMIN


def test_picture_to_scan_fits_the_security_policy(client: Client, officer: User) -> None:
    type_password(client)

    answer = client.get(SET_UP)

    assert 'src="data:image/svg+xml;base64,' in answer.content.decode()
    assert "img-src 'self' data:" in answer["Content-Security-Policy"]
    assert "zhaomin" in unquote(answer.context["totp_url"])


def test_secret_is_kept_through_a_reload(client: Client, officer: User) -> None:
    type_password(client)

    first, second = (client.get(SET_UP).context["form"].secret for _ in range(2))

    assert first == second


def test_setting_up_a_second_app_is_refused(client: Client, with_app: User) -> None:
    enter(client, with_app)

    assert client.get(SET_UP)["Location"] == "/accounts/second-factor/"


def test_no_secret_lies_open_at_rest(client: Client, officer: User) -> None:
    type_password(client)
    secret = client.get(SET_UP).context["form"].secret
    half = [session.get_decoded() for session in Session.objects.all()]
    client.post(SET_UP, {"code": code_at(now=time.time(), secret=secret)})

    rows = list(Authenticator.objects.filter(user=officer))

    assert secret not in str(half)
    assert [row.type for row in rows] == ["totp", "recovery_codes"]
    assert secret not in str([row.data for row in rows])
    assert all(str(row.data.get("secret", row.data.get("seed"))).startswith("r1:") for row in rows)


# --- codes count once --------------------------------------------------------------------------------------


@pytest.mark.parametrize("later_seconds", [0, 20, 29, 35, 59])
def test_code_counts_once_within_the_whole_tolerance(with_app: User, later_seconds: int) -> None:
    code = code_at(now=NOW)
    second_factor.use_code(user=with_app, code=code, now=NOW)
    cache.clear()

    assert second_factor.use_code(user=with_app, code=code, now=NOW + later_seconds) is None


@pytest.mark.parametrize(
    ("offset", "counts"), [(-61, False), (-30, True), (0, True), (30, True), (61, False), (90, False)]
)
def test_code_counts_one_period_early_or_late(with_app: User, offset: int, counts: bool) -> None:
    start = NOW - NOW % PERIOD_SECONDS

    used = second_factor.use_code(user=with_app, code=code_at(now=start + offset), now=start)

    assert (used is not None) is counts


def test_older_code_does_not_count_after_a_newer_one(with_app: User) -> None:
    second_factor.use_code(user=with_app, code=code_at(now=NOW), now=NOW)

    assert second_factor.use_code(user=with_app, code=code_at(now=NOW - PERIOD_SECONDS), now=NOW) is None


def test_newer_code_counts_after_an_older_one(with_app: User) -> None:
    second_factor.use_code(user=with_app, code=code_at(now=NOW), now=NOW)

    newer = second_factor.use_code(user=with_app, code=code_at(now=NOW + PERIOD_SECONDS), now=NOW)

    assert newer is not None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_type_the_same_code_at_once_one_gets_in(with_app: User) -> None:
    start = Barrier(2)

    def try_code(_number: int) -> bool:
        start.wait()
        try:
            return second_factor.use_code(user=with_app, code=code_at(now=NOW), now=NOW) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(try_code, range(2)))

    assert sorted(results) == [False, True]


def test_code_of_another_person_does_not_count(with_app: User) -> None:
    other = staff(Role.OFFICER)
    give_app(other, secret=SECRET[::-1])

    assert second_factor.use_code(user=other, code=code_at(now=NOW), now=NOW) is None


@pytest.mark.parametrize("code", ["", " ", "000", "½½½½½½", "'; --", "1" * 5000])
def test_nonsense_is_no_code(with_app: User, code: str) -> None:
    assert second_factor.use_code(user=with_app, code=code, now=NOW) is None


def test_secret_under_a_lost_key_is_a_wrong_code(with_app: User) -> None:
    with override_settings(KEY_RING=KeyRing.generate(key_id="t9", suite="intl")):
        assert second_factor.use_code(user=with_app, code=code_at(now=NOW), now=NOW) is None


def test_a_changed_secret_key_locks_nobody_out(with_app: User) -> None:
    with override_settings(SECRET_KEY="another key, long enough to be one, 0123456789"):
        assert second_factor.use_code(user=with_app, code=code_at(now=NOW), now=NOW) is not None


def test_secret_under_a_former_key_still_opens() -> None:
    sealed = secretbox.seal("JBSWY3DP")

    with override_settings(
        SECRET_KEY="another key, long enough to be one", SECRET_KEY_FALLBACKS=[_present_key()]
    ):
        assert secretbox.read(sealed) == "JBSWY3DP"


def _present_key() -> str:
    from django.conf import settings

    return str(settings.SECRET_KEY)


@pytest.mark.parametrize("broken", ["", "JBSWY3DP", "s1:", "s1:!", "s1:AAAA"])
def test_changed_secret_does_not_open(broken: str) -> None:
    with pytest.raises(secretbox.SecretUnreadable):
        secretbox.read(broken)


def test_sealing_twice_gives_two_texts() -> None:
    assert secretbox.seal("x") != secretbox.seal("x")


# --- every door --------------------------------------------------------------------------------------------

GUARDED = [
    "/admin/",
    "/admin/account/",
    "/admin/pages/",
    "/admin/images/",
    "/admin/documents/",
    "/admin/users/",
    "/admin/reports/locked/",
    "/admin/api/main/pages/",
    "/admin/choose-page/",
    "/admin/jsi18n/no-such/",
    "/admin/bulk/complaints/tip/delete/",
    "/admin/tips/",
    "/admin/does-not-exist/",
    "/workplace/",
]


@pytest.mark.parametrize("path", GUARDED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_half_a_session_reaches_nothing(client: Client, with_app: User, path: str, method: str) -> None:
    enter(client, with_app, with_code=False)

    answer = getattr(client, method)(path)

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/second-factor/")


@pytest.mark.parametrize("path", [path for path in GUARDED if "no-such" not in path and "exist" not in path])
def test_nobody_reaches_the_desk_signed_out(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404 or answer["Location"].startswith(LOGIN)


def test_code_of_another_persons_session_does_not_carry_over(client: Client, with_app: User) -> None:
    enter(client, staff(Role.OFFICER))
    records = client.session["account_authentication_methods"]
    client.force_login(with_app)
    session = client.session
    session["account_authentication_methods"] = records
    session.save()

    assert not may_enter(client)


@pytest.mark.parametrize("path", ["/admin/", "/admin/tips/", "/admin/account/"])
def test_account_without_a_role_is_told_so_and_not_sent_in_circles(client: Client, path: str) -> None:
    enter(client, UserFactory())

    answer = client.get(path)

    assert answer.status_code == 403
    assert "还没有岗位" in answer.content.decode()
    assert client.post("/accounts/logout/").status_code == 302


def test_half_a_session_is_ended_where_an_app_exists(client: Client, with_app: User) -> None:
    enter(client, with_app, with_code=False)

    answer = client.get("/accounts/second-factor/")

    assert answer["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_whole_session_is_sent_to_the_desk(client: Client, with_app: User) -> None:
    enter(client, with_app)

    assert client.get("/accounts/second-factor/")["Location"] == ADMIN
    assert may_enter(client)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/download/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/password/change/",
    ],
)
def test_half_a_session_gets_no_codes_and_no_new_password(client: Client, with_app: User, path: str) -> None:
    enter(client, with_app, with_code=False)

    for method in (client.get, client.post):
        assert method(path)["Location"] == "/accounts/second-factor/"


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/",
        "/accounts/signup/",
        "/accounts/email/",
        "/accounts/inactive/",
        "/accounts/confirm-email/",
        "/accounts/confirm-email/abc/",
        "/accounts/password/set/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-set-password/",
        "/accounts/login/code/",
        "/accounts/login/code/confirm/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/trust/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/login/",
        "/accounts/social/connections/",
        "/accounts/3rdparty/",
        "/admin/password_reset/",
        "/admin/password_reset/confirm/MQ/set-password/",
        "/admin/password_reset/complete/",
        "/_util/login/",
    ],
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_what_is_not_needed_does_not_exist(
    client: Client, with_app: User, path: str, signed_in: bool
) -> None:
    if signed_in:
        enter(client, with_app)

    for method in (client.get, client.post):
        assert method(path).status_code == 404


def test_wagtails_own_sign_in_is_never_shown(client: Client, with_app: User) -> None:
    shown = client.get("/admin/login/?next=/admin/account/")
    tried = client.post("/admin/login/", {"username": "zhaomin", "password": PASSWORD})

    assert shown["Location"] == f"{LOGIN}?next=/admin/account/"
    assert tried["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_half_a_session_is_nobody_on_public_pages(client: Client, with_app: User) -> None:
    Page.get_first_root_node().get_children().first().specific.view_restrictions.create(
        restriction_type="login"
    )

    enter(client, with_app, with_code=False)
    half = client.get("/")
    enter(client, with_app)
    whole = client.get("/")

    assert (half.status_code, half["Location"].split("?")[0]) == (302, LOGIN)
    assert whole.status_code == 200


@override_settings(FORCE_SCRIPT_NAME="/anshao")
def test_prefix_of_the_server_opens_no_door(client: Client, with_app: User) -> None:
    enter(client, with_app, with_code=False)

    assert client.get("/admin/account/").status_code == 302


# --- attempts ----------------------------------------------------------------------------------------------


def test_wrong_passwords_pause_signing_in(client: Client, with_app: User) -> None:
    for _ in range(5):
        type_password(client, password="wrong")

    answer = type_password(client)

    assert answer.status_code == 200
    assert "Location" not in answer
    assert answer.context["form"].errors


def test_wrong_codes_pause_the_second_step(client: Client, with_app: User) -> None:
    type_password(client)
    for _ in range(5):
        type_code(client, wrong_code(now=time.time()))

    answer = type_code(client, code_at(now=time.time()))

    assert answer.status_code == 200
    assert not may_enter(client)


def test_spent_code_does_not_clear_the_count_of_wrong_ones(client: Client, with_app: User) -> None:
    code = code_at(now=time.time())
    second_factor.use_code(user=with_app, code=code, now=time.time())
    type_password(client)
    for _ in range(3):
        type_code(client, wrong_code(now=time.time()))
        type_code(client, code)

    answer = type_code(client, code_at(now=time.time() + PERIOD_SECONDS))

    assert "Location" not in answer


def test_unknown_wrong_and_closed_accounts_answer_alike(client: Client, with_app: User) -> None:
    closed = staff(Role.OFFICER, username="lichen")
    closed.is_active = False
    closed.save()

    answers = [
        type_password(Client(), username, password)
        for username, password in [("zhaomin", "wrong"), ("nobody", "wrong"), ("lichen", PASSWORD)]
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert len({str(answer.context["form"].errors) for answer in answers}) == 1


@override_settings(PASSWORD_HASHERS=["tests.portal.test_signin.CountingHasher"])
def test_unknown_accounts_cost_as_much_as_known_ones(officer: User) -> None:
    officer.set_password(PASSWORD)
    officer.save()

    closed = staff(Role.OFFICER, username="lichen")
    closed.is_active = False
    closed.set_password(PASSWORD)
    closed.save()

    costs = []
    for username, password in (
        ("zhaomin", "wrong"), ("nobody", "wrong"), ("lichen", "wrong"), ("lichen", PASSWORD),
    ):  # fmt: skip
        CountingHasher.runs = 0
        type_password(Client(), username, password)
        costs.append(CountingHasher.runs)

    assert set(costs) == {costs[0]}
    assert costs[0] > 0


@pytest.mark.parametrize(
    "path", ["/accounts/password/reset/", "/admin/password_reset/", "/accounts/signup/", "/accounts/email/"]
)
def test_no_page_takes_a_name_and_tells_whether_it_exists(client: Client, officer: User, path: str) -> None:
    answers = [
        client.post(path, {"email": email, "login": email}) for email in (officer.email, "nobody@example.cn")
    ]

    assert {answer.status_code for answer in answers} == {404}


from django.contrib.auth.hashers import MD5PasswordHasher  # noqa: E402  beside the test that counts its runs


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed: what a stopwatch at the door would see."""

    runs = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).runs += 1
        return super().encode(password, salt)


# --- pages -------------------------------------------------------------------------------------------------


def test_pages_of_sign_in_are_never_stored(client: Client, with_app: User) -> None:
    paths = [LOGIN, SET_UP, "/accounts/2fa/recovery-codes/", "/accounts/password/change/"]
    enter(client, with_app)

    assert all("no-store" in client.get(path)["Cache-Control"] for path in paths)


@pytest.mark.parametrize("path", [LOGIN, "/accounts/password/change/", "/admin/account/"])
def test_browsers_may_name_our_own_origin_in_forms_of_staff(
    client: Client, with_app: User, path: str
) -> None:
    enter(client, with_app)

    assert client.get(path)["Referrer-Policy"] == "same-origin"


def test_public_pages_name_no_origin_at_all(client: Client) -> None:
    assert client.get("/")["Referrer-Policy"] == "no-referrer"


def test_forged_form_is_refused(with_app: User) -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(LOGIN, {"login": "zhaomin", "password": PASSWORD})

    assert answer.status_code == 403


def test_signing_out_ends_the_session(client: Client, with_app: User) -> None:
    enter(client, with_app)

    asked = client.get("/accounts/logout/")
    done = client.post("/accounts/logout/")

    assert asked.status_code == 200
    assert done["Location"] == LOGIN
    assert not may_enter(client)


def test_signing_out_of_the_back_office_leads_to_sign_in(client: Client, with_app: User) -> None:
    enter(client, with_app)

    answer = client.post("/admin/logout/", follow=True)

    assert answer.redirect_chain[-1][0].startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def ways_out() -> dict[str, Callable[[Client], Any]]:
    """Return every door by which a session can end while its browser is asking."""
    return {
        "the button": lambda client: client.post("/accounts/logout/"),
        "Wagtail's own door": lambda client: client.post("/admin/logout/"),
        "left alone": lambda client: client.get("/admin/account/"),
        "asked by the page": lambda client: client.get("/admin/still-here/"),
    }


@pytest.mark.parametrize("way", ways_out())
def test_the_browser_forgets_when_a_session_ends(client: Client, with_app: User, way: str) -> None:
    enter(client, with_app)
    if way in ("left alone", "asked by the page"):
        session = client.session
        session[SEEN] = int(time.time()) - 24 * 3600
        session.save()

    answer = ways_out()[way](client)

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/admin/", "/accounts/logout/"])
def test_nobody_who_stays_is_told_to_forget(client: Client, with_app: User, path: str) -> None:
    """A draft kept on a phone lives in the storage of the same site: only a session that ends clears it."""
    before = Client().get(path)
    enter(client, with_app)

    assert "Clear-Site-Data" not in before.headers
    assert "Clear-Site-Data" not in client.get(path).headers


def test_half_a_session_that_is_sent_away_leaves_nothing_either(client: Client, with_app: User) -> None:
    enter(client, with_app, with_code=False)

    assert "Clear-Site-Data" in client.get("/accounts/second-factor/").headers


def test_password_is_changed_by_its_owner(client: Client, with_app: User) -> None:
    enter(client, with_app)
    new = "a-long-new-passphrase-88"

    client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    with_app.refresh_from_db()
    assert with_app.check_password(new)


def test_a_new_password_ends_the_other_sessions_of_its_owner(client: Client, with_app: User) -> None:
    enter(client, with_app)
    other, new = enter(Client(), with_app), "a-long-new-passphrase-88"

    client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    assert may_enter(client)
    assert not may_enter(other)


def test_recovery_codes_ask_for_the_password_after_a_while(client: Client, with_app: User) -> None:
    enter(client, with_app)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 3600, "type": "totp"}]
    session.save()

    asked = client.get("/accounts/2fa/recovery-codes/")
    given = client.post(asked["Location"], {"password": PASSWORD})

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert given["Location"] == "/accounts/2fa/recovery-codes/"
    assert client.get(given["Location"]).status_code == 200


def test_new_recovery_codes_replace_the_old_ones(client: Client, with_app: User) -> None:
    enter(client, with_app)
    old = recovery_codes(with_app)

    asked = client.get("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/recovery-codes/generate/")

    assert asked.status_code == 200
    assert not set(old) & set(recovery_codes(with_app))

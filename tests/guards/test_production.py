"""Guard: production settings pass the deployment check, and refuse to start without keys of their own."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from complaints.crypto.keyring import KeyRing
from portal.devkeys import DEMO_VAULT_FINGERPRINT
from tests.guards.sources import ROOT

COMPLETE = {
    "SECRET_KEY": "a-secret-key-for-this-test-only-" + "9f3b7c1d5e8a2406" * 3,
    "KEY_RING": KeyRing.generate(key_id="k1", suite="intl"),
    "CHECKPOINT_KEY": base64.b64encode(bytes(range(7, 39))).decode(),
    "VAULT_FINGERPRINT": "0" * 64,
    "ALLOWED_HOSTS": "jubao.example.gov.cn",
    "DATABASE_URL": "postgres://anshao@127.0.0.1:5432/anshao",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "WAGTAILADMIN_BASE_URL": "https://jubao.example.gov.cn",
}
REQUIRED = ("SECRET_KEY", "KEY_RING", "CHECKPOINT_KEY", "VAULT_FINGERPRINT", "ALLOWED_HOSTS", "DATABASE_URL")


IMPORT = ("-c", "import portal.settings.production")
CHECK = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")


def start(*command: str, folder: Path, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Run Python under production settings, with some of the environment changed or taken away."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "HOME"}}
    wanted = {name: value for name, value in {**COMPLETE, **changes}.items() if value is not None}
    environment = {
        **kept,
        **wanted,
        "DATA_DIR": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    line = [sys.executable, *command]
    return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_deployment_check_is_clean(tmp_path: Path) -> None:
    done = start(*CHECK, folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    assert list(tmp_path.rglob("keys.env")) == []


def test_guard_notices_a_warning(tmp_path: Path) -> None:
    code = (
        "import django, sys; from django.conf import settings; django.setup(); settings.SESSION_COOKIE_SECURE = False;"
        "from django.core.management import call_command; call_command(*sys.argv[1:])"
    )

    done = start("-c", code, *CHECK[1:], folder=tmp_path)

    assert done.returncode != 0
    assert "security.W012" in done.stderr


def test_a_city_may_say_that_one_machine_is_meant(tmp_path: Path) -> None:
    done = start(*IMPORT, folder=tmp_path, DATABASE_URL="sqlite:////tmp/x.sqlite3", ALLOW_SQLITE="1")

    assert done.returncode == 0, done.stderr


def test_no_refusal_prints_a_key(tmp_path: Path) -> None:
    weak = "QUFB" * 10 + "QUE="

    done = start(
        *IMPORT, folder=tmp_path, KEY_RING=f"k1:intl:{weak}", CHECKPOINT_KEY=weak, SECRET_KEY="y" * 60
    )

    assert done.stderr.count("is no random") == 3
    assert weak not in done.stderr
    assert "yyyy" not in done.stderr


def test_production_refuses_an_unreadable_key_ring(tmp_path: Path) -> None:
    done = start(*CHECK, folder=tmp_path, KEY_RING="nonsense")

    assert done.returncode != 0
    assert "KEY_RING" in done.stderr


def test_production_starts_with_everything(tmp_path: Path) -> None:
    assert start(*IMPORT, folder=tmp_path).returncode == 0


def said(expression: str, *, folder: Path, **changes: str | None) -> str:
    """Return what an expression over the production settings prints."""
    code = f"import re, portal.settings.production as s; print({expression})"
    done = start("-c", code, folder=folder, **changes)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("environment", "hosts", "address"),
    [
        ("https://desk.example.gov.cn", "a.example.gov.cn", "https://desk.example.gov.cn"),
        (None, "a.example.gov.cn,b.example.gov.cn", "https://a.example.gov.cn"),
        (None, ".example.gov.cn", "https://example.gov.cn"),
    ],
)
def test_links_to_staff_lead_to_the_portal(
    environment: str | None, hosts: str, address: str, tmp_path: Path
) -> None:
    changes = {"WAGTAILADMIN_BASE_URL": environment, "ALLOWED_HOSTS": hosts}

    assert said("s.WAGTAILADMIN_BASE_URL", folder=tmp_path, **changes) == address


@pytest.mark.parametrize(("prefix", "start"), [("", ""), ("an.shao", "an.shao/")])
def test_only_the_supervisor_and_programs_are_not_sent_on_to_tls(
    prefix: str, start: str, tmp_path: Path
) -> None:
    paths = [
        f"{start}{path}"
        for path in (
            "healthz",
            "readyz",
            "metrics",
            "api/v1/tips",
            "report/",
            "metrics/",
            "x/healthz",
            "x/api/v1",
        )
    ]

    found = said(
        f"[any(re.search(p, path) for p in s.SECURE_REDIRECT_EXEMPT) for path in {paths}]",
        folder=tmp_path,
        SITE_PREFIX=prefix,
    )

    assert found == "[True, True, True, True, False, False, False, False]"


@pytest.mark.parametrize("name", REQUIRED)
def test_production_does_not_start_without(name: str, tmp_path: Path) -> None:
    done = start(*IMPORT, folder=tmp_path, **{name: None})

    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VAULT_FINGERPRINT", DEMO_VAULT_FINGERPRINT),
        ("VAULT_FINGERPRINT", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", ""),
        ("KEY_RING", " "),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("CAPTCHA_BACKEND", "none"),
        ("CAPTCHA_BACKEND", "hcaptcha"),
        ("SECRET_KEY", "x" * 60),
        ("KEY_RING", "k1:intl:" + "QUFB" * 10 + "QUE="),
        ("CHECKPOINT_KEY", "QUFB" * 10 + "QUE="),
        ("DEBUG", "1"),
        ("METRICS_TOKEN", "short"),
        ("DATABASE_URL", "sqlite:////tmp/x.sqlite3"),
    ],
)
def test_production_does_not_start_with(name: str, value: str, tmp_path: Path) -> None:
    done = start(*IMPORT, folder=tmp_path, **{name: value})

    assert done.returncode != 0
    assert name in done.stderr


def test_cookies_of_staff_belong_to_this_host_alone(tmp_path: Path) -> None:
    found = said(
        "[s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " [getattr(s, n, None) for n in ('SESSION_COOKIE_DOMAIN', 'SESSION_COOKIE_PATH', 'CSRF_COOKIE_PATH')]]",
        folder=tmp_path,
    )

    assert found == "['__Host-sessionid', '__Host-csrftoken', True, True, [None, None, None]]"

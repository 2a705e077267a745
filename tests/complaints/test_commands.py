"""Commands for operators: the demonstration, its codes, orphans, and the check that keeps demo accounts out."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from complaints.checks import no_demo_accounts
from complaints.errors import DemoRefused
from complaints.management.commands.demo import table
from complaints.models import Office, Tip
from complaints.selectors.accounts import demo_accounts
from complaints.services.demo.load import Demonstration, ShownReceipt, load_demo
from complaints.services.demo.offices import load_city
from complaints.services.demo.people import PASSWORD, load_people
from portal.devkeys import DEMO_VAULT_FINGERPRINT
from tests.factories import TODAY, TipFactory, noon
from tests.fixtures import City

pytestmark = pytest.mark.django_db
REAL_FINGERPRINT = "0" * 64


def run(name: str, *arguments: str, **options: Any) -> str:
    """Run a command and return what it printed."""
    out = io.StringIO()
    call_command(name, *arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


# --- demo ----------------------------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Put a quick loading in place of the real one and return what it was asked."""
    asked: dict[str, Any] = {}

    def quick(**values: Any) -> Demonstration:
        asked.update(values)
        people = load_people(offices=load_city(), at=values["now"])
        shown = ShownReceipt(number="AS-2026-7K4MQ2", receipt="7K4M-Q2X9-N8TP-3RWE-5HJ6", status="accepted")
        return Demonstration(
            accounts=tuple(people),
            key_file=values["folder"] / "custodian-key.json",
            passphrase="pass phrase of the demo",
            new_tips=20,
            receipts=(shown,),
        )

    monkeypatch.setattr("complaints.management.commands.demo.load_demo", quick)
    return asked


def test_demo_prints_every_account_once(told: dict[str, Any]) -> None:
    printed = run("demo", no_pages=True)

    lines = printed.splitlines()
    for user in demo_accounts():
        assert len([line for line in lines if line.startswith(f"{user.username} ")]) == 1
        assert user.first_name in printed
    assert PASSWORD in printed
    assert "未央区应急管理局" in printed
    assert "保密专员" in printed


def test_demo_says_loudly_that_all_this_is_public(told: dict[str, Any]) -> None:
    assert "只用于演示数据；生产环境拒绝使用它们" in run("demo", no_pages=True)


def test_demo_tells_how_to_get_a_code_and_where_the_key_is(told: dict[str, Any], settings: Settings) -> None:
    printed = run("demo", no_pages=True)

    assert "manage.py totp" in printed
    assert str(Path(settings.DATA_DIR) / "demo" / "custodian-key.json") in printed
    assert "pass phrase of the demo" in printed


def test_demo_prints_receipts_of_a_first_loading(told: dict[str, Any]) -> None:
    printed = run("demo", no_pages=True)

    assert "7K4M-Q2X9-N8TP-3RWE-5HJ6" in printed
    assert "已受理" in printed


def test_demo_asks_for_what_settings_pin(told: dict[str, Any], settings: Settings) -> None:
    run("demo", no_pages=True)

    assert told["pinned"] == settings.VAULT_FINGERPRINT
    assert told["demo_fingerprint"] == DEMO_VAULT_FINGERPRINT


def test_demo_is_refused_next_to_a_real_vault(settings: Settings) -> None:
    settings.VAULT_FINGERPRINT = REAL_FINGERPRINT

    with pytest.raises(CommandError, match="拒绝载入演示数据"):
        run("demo")

    assert not Office.objects.exists()
    assert not demo_accounts().exists()


def test_real_vault_refuses_the_loading_itself(tmp_path: Path) -> None:
    with pytest.raises(DemoRefused):
        load_demo(
            today=TODAY,
            now=noon(TODAY),
            folder=tmp_path,
            pinned=REAL_FINGERPRINT,
            demo_fingerprint=DEMO_VAULT_FINGERPRINT,
        )

    assert list(tmp_path.iterdir()) == []


def test_half_a_loading_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_kwargs: Any) -> None:
        raise OSError("disk")

    monkeypatch.setattr("complaints.services.demo.load._load_tips", broken)

    with pytest.raises(OSError, match="disk"):
        load_demo(
            today=TODAY,
            now=noon(TODAY),
            folder=tmp_path,
            pinned=DEMO_VAULT_FINGERPRINT,
            demo_fingerprint=DEMO_VAULT_FINGERPRINT,
        )

    assert not Office.objects.exists()
    assert not demo_accounts().exists()


def test_table_counts_chinese_characters_as_two() -> None:
    lines = table(("账号", "单位"), [("a", "市局"), ("zhaomin", "六村堡街道")])

    assert lines == ["账号     单位", "a        市局", "zhaomin  六村堡街道"]


# --- totp ----------------------------------------------------------------------------------------------------


def test_totp_prints_six_digits() -> None:
    load_people(offices=load_city(), at=noon(TODAY))

    assert re.fullmatch(r"\d{6}\n", run("totp", "zhaomin"))


@pytest.mark.parametrize("username", ["nobody", "real"])
def test_totp_is_refused_for_others(username: str) -> None:
    User.objects.create_user("real", email="real@example.gov.cn")

    with pytest.raises(CommandError, match="不是演示账号"):
        run("totp", username)


def test_totp_is_refused_next_to_a_real_vault(settings: Settings) -> None:
    load_people(offices=load_city(), at=noon(TODAY))
    settings.VAULT_FINGERPRINT = REAL_FINGERPRINT

    with pytest.raises(CommandError, match="不是演示环境"):
        run("totp", "zhaomin")


# --- the check -----------------------------------------------------------------------------------------------


def test_check_finds_demo_accounts_next_to_a_real_vault(settings: Settings) -> None:
    User.objects.create_user("zhaomin", email="zhaomin@demo.invalid")
    settings.VAULT_FINGERPRINT = REAL_FINGERPRINT

    found = [message.id for message in run_checks(databases=["default"])]

    assert "complaints.E002" in found


def test_check_is_content_without_demo_accounts(settings: Settings) -> None:
    User.objects.create_user("real", email="real@example.gov.cn")
    settings.VAULT_FINGERPRINT = REAL_FINGERPRINT

    assert no_demo_accounts(databases=["default"]) == []


def test_check_allows_a_demonstration(settings: Settings) -> None:
    User.objects.create_user("zhaomin", email="zhaomin@demo.invalid")
    settings.VAULT_FINGERPRINT = DEMO_VAULT_FINGERPRINT

    assert no_demo_accounts(databases=["default"]) == []


def test_check_asks_no_database_unless_told(settings: Settings) -> None:
    User.objects.create_user("zhaomin", email="zhaomin@demo.invalid")
    settings.VAULT_FINGERPRINT = REAL_FINGERPRINT

    assert no_demo_accounts(databases=None) == []


def test_check_survives_an_empty_database(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAULT_FINGERPRINT = REAL_FINGERPRINT
    monkeypatch.setattr(User._meta, "db_table", "not_there_yet")

    assert no_demo_accounts(databases=["default"]) == []


# --- orphans -------------------------------------------------------------------------------------------------


def test_sweep_deletes_what_no_tip_knows(city: City, evidence_root: Path) -> None:
    TipFactory(photos=1)
    stray = evidence_root / "ab" / f"{'ab' * 16}.shown"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"left by a power cut")
    kept = len(list(evidence_root.rglob("*.*"))) - 1

    first, second = run("sweep_orphans"), run("sweep_orphans")

    assert not stray.exists()
    assert len(list(evidence_root.rglob("*.*"))) == kept
    assert (first, second) == ("清除 1 个没有归属的证据文件\n", "清除 0 个没有归属的证据文件\n")
    assert Tip.objects.count() == 1

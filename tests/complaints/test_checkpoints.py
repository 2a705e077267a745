"""Checkpoints outside the database: what only they notice, and that nothing is signed over a fault."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from complaints.crypto import signature
from complaints.crypto.keyring import KeyRing
from complaints.errors import LogAtFault
from complaints.models import AuditHead, AuditRow
from complaints.models.sealed import active_keyring
from complaints.services import audit
from complaints.services.audit_check import AuditFault, anchor, verify
from complaints.services.checkpoints import (
    APART,
    BEGUN,
    checkpoint_file,
    newest_checkpoint,
    sign_checkpoint,
    sign_quietly,
    verify_checkpoints,
)
from complaints.services.daily import run_daily
from complaints.tasks import look
from tests.factories import TODAY, noon
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
SEED = b"B" * 32  # CHECKPOINT_KEY of the test settings
PUBLIC = signature.public_key(seed=SEED)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints" / "audit.jsonl"


def write(count: int) -> None:
    for _ in range(count):
        audit.record(action="act", at=noon(TODAY))


def sign(path: Path) -> bool:
    return sign_checkpoint(path=path, seed=SEED, at=noon(TODAY))


def write_anew(*, start: int) -> None:
    """Chain the log anew from a row on, as somebody can who holds the key ring: inside, all is well afterwards."""
    ring, before = active_keyring(), AuditRow.objects.get(sequence=start - 1).mac
    for row in AuditRow.objects.filter(sequence__gte=start).order_by("sequence"):
        row.previous_mac, row.subject = before, f"{row.subject}x"
        row.mac = ring.digest(audit.canonical(row=row), purpose="audit")
        row.save()
        before = row.mac
    end_at(AuditRow.objects.order_by("-sequence")[0])


def end_at(row: AuditRow) -> None:
    """Seal the end at this row, as somebody can who holds the key ring."""
    mac = bytes(row.mac)
    seal = active_keyring().digest(audit.head_bytes(sequence=row.sequence, mac=mac), purpose="audit-head")
    AuditHead.objects.update(sequence=row.sequence, mac=mac, seal=seal)


def put_older_database_back(*, sequence: int) -> None:
    AuditRow.objects.filter(sequence__gt=sequence).delete()
    end_at(AuditRow.objects.get(sequence=sequence))


# --- signing --------------------------------------------------------------------------------------------------


def test_each_checkpoint_goes_on_from_the_last(path: Path) -> None:
    write(3)
    first = sign(path)
    write(2)
    second = sign(path)

    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert (first, second) == (True, True)
    assert [line["sequence"] for line in lines] == [3, 5]
    assert verify_checkpoints(path=path, public=PUBLIC) is None


def test_nothing_new_is_not_signed_again(path: Path) -> None:
    empty = sign(path)
    write(1)

    assert (empty, sign(path), sign(path)) == (False, True, False)
    assert len(path.read_text().splitlines()) == 1


def test_a_line_holds_no_name_subject_or_act(path: Path) -> None:
    audit.record(action="tip.view", at=noon(TODAY), subject="AS-2026-MARKER")
    sign(path)

    [line] = path.read_text().splitlines()
    assert set(json.loads(line)) == {"v", "sequence", "mac", "marks", "at", "after", "key", "sig"}
    assert "MARKER" not in line


def test_a_log_at_fault_is_not_signed(path: Path) -> None:
    write(3)
    sign(path)
    write(3)
    AuditRow.objects.filter(sequence=5).update(action="other")

    with pytest.raises(LogAtFault) as caught:
        sign(path)

    assert caught.value.finding.fault == AuditFault.EDITED
    assert len(path.read_text().splitlines()) == 1


def test_an_older_database_is_not_signed_over(path: Path) -> None:
    write(5)
    sign(path)
    put_older_database_back(sequence=2)
    write(1)

    with pytest.raises(LogAtFault):
        sign(path)

    assert len(path.read_text().splitlines()) == 1


def test_signing_goes_on_when_a_key_has_left_the_ring(path: Path, settings: Settings) -> None:
    write(2)
    sign(path)
    write(2)
    new = KeyRing.generate(key_id="t2", suite="gm")
    settings.KEY_RING = f"{new},{settings.KEY_RING}"
    anchor(at=noon(TODAY))
    settings.KEY_RING = new

    assert sign(path)
    assert verify_checkpoints(path=path, public=PUBLIC) is None


@pytest.mark.django_db(transaction=True)
def test_two_at_once_sign_once(path: Path, db: None) -> None:
    write(3)

    results = at_once([lambda: sign(path)] * 4)

    assert sorted(results) == [False, False, False, True]
    assert verify_checkpoints(path=path, public=PUBLIC) is None


# --- what only a checkpoint notices -------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [2, 3, 4, 6])
def test_a_log_written_anew_with_the_key_ring_is_named_by_its_first_row(path: Path, start: int) -> None:
    write(3)
    sign(path)
    write(3)
    sign(path)
    write_anew(start=start)

    finding = verify_checkpoints(path=path, public=PUBLIC)

    assert verify() is None
    assert finding is not None
    assert (finding.fault, finding.sequence) == (AuditFault.RECHAINED, start)


@pytest.mark.parametrize("left", [1, 3, 4])
def test_an_older_database_put_back_is_named(path: Path, left: int) -> None:
    write(3)
    sign(path)
    write(2)
    sign(path)
    put_older_database_back(sequence=left)

    finding = verify_checkpoints(path=path, public=PUBLIC)

    assert verify() is None
    assert finding is not None
    assert (finding.fault, finding.sequence) == (AuditFault.OLDER_DATABASE, left + 1)


def test_an_emptied_log_is_named(path: Path) -> None:
    write(3)
    sign(path)
    AuditRow.objects.all().delete()
    AuditHead.objects.all().delete()

    finding = verify_checkpoints(path=path, public=PUBLIC)

    assert verify() is None
    assert finding is not None
    assert (finding.fault, finding.sequence) == (AuditFault.OLDER_DATABASE, 1)


# --- the file itself --------------------------------------------------------------------------------------------


@pytest.fixture
def three_lines(path: Path) -> Path:
    for _ in range(3):
        write(2)
        sign(path)
    return path


def damage(path: Path, change: str) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    second = json.loads(lines[1])
    lines[1:2] = {
        "edited": [json.dumps({**second, "sequence": 9}).encode() + b"\n"],
        "missing": [],
        "twice": [lines[1], lines[1]],
        "half": [lines[1][:40]],
        "text": [b"a line\n"],
        "no signature": [json.dumps({k: v for k, v in second.items() if k != "sig"}).encode() + b"\n"],
    }[change]
    path.write_bytes(b"".join(lines))


@pytest.mark.parametrize("change", ["edited", "missing", "twice", "half", "text", "no signature"])
def test_a_damaged_file_is_named_by_its_line(three_lines: Path, change: str) -> None:
    damage(three_lines, change)

    finding = verify_checkpoints(path=three_lines, public=PUBLIC)

    assert finding is not None
    assert finding.fault == AuditFault.CHECKPOINT
    assert finding.sequence == (3 if change == "twice" else 2)


def test_a_file_signed_by_another_key_is_at_fault(three_lines: Path) -> None:
    finding = verify_checkpoints(path=three_lines, public=signature.public_key(seed=b"C" * 32))

    assert finding is not None
    assert (finding.fault, finding.sequence) == (AuditFault.CHECKPOINT, 1)


def test_nothing_is_appended_to_a_damaged_file(three_lines: Path) -> None:
    damage(three_lines, "edited")
    before = three_lines.read_bytes()
    write(1)

    with pytest.raises(LogAtFault):
        sign(three_lines)

    assert three_lines.read_bytes() == before
    assert newest_checkpoint(path=three_lines, public=PUBLIC) is None


# --- how fresh --------------------------------------------------------------------------------------------------


def put_end_of_before_back(*, rows: int) -> None:
    """Cut the newest rows off and put the end back that was true before, as anybody can who kept a copy of it."""
    keep = AuditRow.objects.order_by("-sequence")[rows]
    AuditRow.objects.filter(sequence__gt=keep.sequence).delete()
    end_at(keep)


def test_a_cut_tail_whose_end_was_true_before_shows_by_the_next_line(settings: Settings) -> None:
    write(3)
    sign_quietly(at=noon(TODAY))
    put_end_of_before_back(rows=2)

    finding = verify_checkpoints(path=checkpoint_file(), public=PUBLIC)

    assert verify() is None
    assert finding is not None
    assert finding.fault == AuditFault.OLDER_DATABASE


def test_lines_in_passing_keep_their_distance() -> None:
    for minutes in (0, 5, 9, 10, 20):
        write(1)
        sign_quietly(at=noon(TODAY) + timedelta(minutes=minutes), apart=APART)

    assert len(checkpoint_file().read_text().splitlines()) == 3
    assert checkpoint_file().stat().st_size < 3 * 500


@pytest.mark.django_db(transaction=True)
def test_a_look_of_the_timer_signs_what_was_added(db: None) -> None:
    write(1)
    look()
    before = len(checkpoint_file().read_text().splitlines())
    write(1)
    checkpoint_file().unlink()

    look()  # the work of the day is done already

    assert (before, len(checkpoint_file().read_text().splitlines())) == (1, 1)


@pytest.mark.parametrize("change", ["half", "no signature"])
def test_a_damaged_last_line_is_not_gone_on_from(
    path: Path, caplog: pytest.LogCaptureFixture, settings: Settings, change: str
) -> None:
    settings.CHECKPOINT_DIR = path.parent
    for _ in range(2):
        write(2)
        sign(path)
    damage(path, change)
    before = path.read_bytes()

    sign_quietly(at=noon(TODAY))

    assert path.read_bytes() == before
    assert "no checkpoint was signed: LogAtFault" in caplog.text


def test_a_key_that_is_none_holds_nobody_up(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.CHECKPOINT_KEY = "c2hvcnQ="
    write(1)

    sign_quietly(at=noon(TODAY))

    assert "no checkpoint was signed: ValueError" in caplog.text
    assert not AuditRow.objects.filter(action=BEGUN).exists()


def test_the_log_says_once_that_signing_began() -> None:
    write(1)
    for _ in range(2):
        sign_quietly(at=noon(TODAY))
        write(1)

    assert AuditRow.objects.filter(action=BEGUN).count() == 1


def test_a_file_that_is_gone_is_a_fault() -> None:
    write(1)
    call_command("audit_checkpoint")
    checkpoint_file().unlink()

    with pytest.raises(CommandError, match="检查点文件不见了：审计日志第 2 行") as caught:
        call_command("audit_verify")

    assert caught.value.returncode == 1


# --- the commands -------------------------------------------------------------------------------------------------


def said(*command: str, capsys: pytest.CaptureFixture[str]) -> str:
    call_command(*command)
    return capsys.readouterr().out


def test_commands_sign_and_verify(capsys: pytest.CaptureFixture[str]) -> None:
    write(3)

    assert "还没有检查点" in said("audit_verify", capsys=capsys)
    assert "已签存" in said("audit_checkpoint", capsys=capsys)
    assert "没有新的记录" in said("audit_checkpoint", capsys=capsys)
    assert said("audit_verify", capsys=capsys) == "审计日志完整，和每个检查点都一致。\n"


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda: AuditRow.objects.filter(sequence=2).update(action="x"), "第 2 行被改动过"),
        (lambda: AuditRow.objects.filter(sequence=2).delete(), "缺第 2 行"),
        (lambda: AuditRow.objects.filter(sequence__gt=2).delete(), "结尾被截掉了：第 3 行起"),
        (lambda: write_anew(start=2), "从第 2 行起被重写过"),
        (lambda: put_older_database_back(sequence=2), "较早的一份：签存时已有第 3 行"),
    ],
)
def test_verifying_says_in_chinese_what_is_wrong(harm: object, sentence: str) -> None:
    write(4)
    call_command("audit_checkpoint")
    assert callable(harm)
    harm()

    with pytest.raises(CommandError, match=sentence) as caught:
        call_command("audit_verify")

    assert caught.value.returncode == 1


def test_a_copy_kept_elsewhere_is_compared_by_its_public_key(
    three_lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(three_lines.read_bytes())
    settings.CHECKPOINT_KEY = ""
    public = json.loads(copy.read_text().splitlines()[0])["key"]

    call_command("audit_verify", "--checkpoint", str(copy), "--public-key", public)

    assert "完整" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["audit_checkpoint", "audit_verify"])
def test_a_malformed_key_is_said(three_lines: Path, settings: Settings, command: str) -> None:
    settings.CHECKPOINT_KEY = "c2hvcnQ="

    with pytest.raises(CommandError, match="32 字节"):
        call_command(command)


def test_a_named_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="读不了"):
        call_command("audit_verify", "--checkpoint", str(tmp_path / "nothing"))


def test_the_daily_task_signs_and_reports_a_fault(path: Path) -> None:
    write(2)
    first = run_daily(today=TODAY, now=noon(TODAY))
    AuditRow.objects.filter(sequence=1).delete()
    write(1)

    second = run_daily(today=TODAY, now=noon(TODAY))

    assert (first.counts["audit_checkpoint"], first.failed) == (1, ())
    assert second.failed == ("audit_checkpoint",)

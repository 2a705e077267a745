"""The custodian's tool and the vault service: keys made, registered, and used away from the server."""

import base64
import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.management import ManagementUtility, call_command
from django.core.management.base import CommandError

from complaints.crypto import envelope as cipher
from complaints.crypto import filecipher, keyfile, sheets
from complaints.errors import VaultTaken
from complaints.models import AuditRow, Evidence, SealedIdentity, Vault
from complaints.services.evidence import evidence_storage
from complaints.services.vaults import new_key_pair, register_vault
from tests.factories import TODAY, VAULT_SEED, TipFactory, VaultFactory, jpeg, noon
from tests.fixtures import City

pytestmark = pytest.mark.django_db
PASSPHRASE = "correct horse battery staple"
NEW_PASSPHRASE = "another passphrase entirely"
BINDING = "0123456789abcdef0123456789abcdef"


def run(name: str, *arguments: str, **options: Any) -> str:
    """Run a command and return what it printed."""
    out = io.StringIO()
    call_command(name, *arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


# --- custodian: keygen and register --------------------------------------------------------------------------


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    """Return a file whose first line is the passphrase."""
    path = tmp_path / "passphrase.txt"
    path.write_text(f"{PASSPHRASE}\nsecond line\n", encoding="utf-8")
    return path


def keygen(folder: Path, passphrase_file: Path, *more: str) -> tuple[str, Path]:
    """Make a key pair and return what was printed and the key file."""
    out = folder / "key.json"
    printed = run(
        "custodian",
        "keygen",
        "--out",
        str(out),
        "--vault",
        "3",
        "--passphrase-file",
        str(passphrase_file),
        *more,
    )
    return printed, out


def test_keygen_writes_a_wrapped_key_and_prints_the_public_half(
    tmp_path: Path, passphrase_file: Path
) -> None:
    printed, out = keygen(tmp_path, passphrase_file)

    opened = keyfile.unwrap(text=out.read_text(), passphrase=PASSPHRASE)
    public_key = cipher.public_key_of(opened.seed)
    assert opened.vault == 3
    assert out.stat().st_mode & 0o777 == 0o600
    assert base64.b64encode(public_key).decode() in printed
    assert f"VAULT_FINGERPRINT={cipher.fingerprint(public_key)}" in printed
    assert not Vault.objects.exists()


def test_keygen_never_shows_the_private_half(tmp_path: Path, passphrase_file: Path) -> None:
    printed, out = keygen(tmp_path, passphrase_file)

    seed = keyfile.unwrap(text=out.read_text(), passphrase=PASSPHRASE).seed
    shapes = [seed.hex(), base64.b64encode(seed).decode(), base64.urlsafe_b64encode(seed).decode()]
    assert not [shape for shape in shapes if shape in printed + out.read_text()]
    assert PASSPHRASE not in printed


def test_two_keys_differ(tmp_path: Path, passphrase_file: Path) -> None:
    (tmp_path / "a").mkdir()
    first, _out = keygen(tmp_path, passphrase_file)
    second, _out = keygen(tmp_path / "a", passphrase_file)

    assert first.split("指纹：")[1] != second.split("指纹：")[1]


def test_keygen_overwrites_nothing(tmp_path: Path, passphrase_file: Path) -> None:
    (tmp_path / "key.json").write_text("the only key")

    with pytest.raises(CommandError, match="不覆盖"):
        keygen(tmp_path, passphrase_file)

    assert (tmp_path / "key.json").read_text() == "the only key"


def test_keygen_refuses_a_short_passphrase(tmp_path: Path) -> None:
    short = tmp_path / "short.txt"
    short.write_text("short\n")

    with pytest.raises(CommandError, match="15"):
        keygen(tmp_path, short)

    assert not (tmp_path / "key.json").exists()


@pytest.mark.parametrize("text", ["aaaaaaaaaaaaaaaaaaaa", "qwertyuiopasdfghjkl"])
def test_keygen_refuses_what_anybody_would_guess(tmp_path: Path, text: str) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text(f"{text}\n", encoding="utf-8")

    with pytest.raises(CommandError, match=r"5|名单"):
        keygen(tmp_path, plain)

    assert not (tmp_path / "key.json").exists()


def test_keygen_asks_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([PASSPHRASE, PASSPHRASE])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))

    run("custodian", "keygen", "--out", str(tmp_path / "key.json"), "--vault", "1")

    assert keyfile.unwrap(text=(tmp_path / "key.json").read_text(), passphrase=PASSPHRASE).vault == 1


def test_keygen_notices_a_slip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([PASSPHRASE, PASSPHRASE + "x"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))

    with pytest.raises(CommandError, match="不一样"):
        run("custodian", "keygen", "--out", str(tmp_path / "key.json"), "--vault", "1")


def test_keygen_writes_three_sheets_any_two_of_which_are_the_key(
    tmp_path: Path, passphrase_file: Path
) -> None:
    printed, out = keygen(tmp_path, passphrase_file)

    papers = [tmp_path / f"key.json.sheet-{number}.txt" for number in (1, 2, 3)]
    seed = keyfile.unwrap(text=out.read_text(), passphrase=PASSPHRASE).seed
    words = [re.findall(r"\d+\. ([a-z]+)", paper.read_text()) for paper in papers]
    assert [paper.stat().st_mode & 0o777 for paper in papers] == [0o600] * 3
    assert sheets.join([" ".join(words[0]), " ".join(words[2])]) == seed
    assert all(str(paper) in printed for paper in papers)
    assert not any(" ".join(one[:4]) in printed for one in words)


def test_keygen_overwrites_no_sheet(tmp_path: Path, passphrase_file: Path) -> None:
    (tmp_path / "key.json.sheet-2.txt").write_text("the only sheet")

    with pytest.raises(CommandError, match="不覆盖"):
        keygen(tmp_path, passphrase_file)

    assert not (tmp_path / "key.json").exists()


# --- custodian: add, recover, rotate -------------------------------------------------------------------------------


@pytest.fixture
def new_passphrase_file(tmp_path: Path) -> Path:
    """Return a file with the passphrase of the next key file."""
    path = tmp_path / "new.txt"
    path.write_text(f"{NEW_PASSPHRASE}\n", encoding="utf-8")
    return path


def tool(task: str, **options: Path | str | int) -> str:
    """Run one task of the tool."""
    words = [(f"--{name.replace('_', '-')}", str(value)) for name, value in options.items()]
    return run("custodian", task, *(part for pair in words for part in pair))


def test_add_wraps_the_same_key_under_another_passphrase(
    tmp_path: Path, passphrase_file: Path, new_passphrase_file: Path
) -> None:
    _printed, key = keygen(tmp_path, passphrase_file)
    out = tmp_path / "other.json"

    tool("add", key=key, out=out, passphrase_file=passphrase_file, new_passphrase_file=new_passphrase_file)

    own = keyfile.unwrap(text=key.read_text(), passphrase=PASSPHRASE)
    other = keyfile.unwrap(text=out.read_text(), passphrase=NEW_PASSPHRASE)
    assert other == own
    assert out.stat().st_mode & 0o777 == 0o600
    assert not Vault.objects.exists()


def test_add_takes_no_passphrase_the_giver_knows(tmp_path: Path, passphrase_file: Path) -> None:
    _printed, key = keygen(tmp_path, passphrase_file)
    out = tmp_path / "other.json"

    with pytest.raises(CommandError, match="您自己的口令"):
        tool("add", key=key, out=out, passphrase_file=passphrase_file, new_passphrase_file=passphrase_file)

    assert not out.exists()


def test_recover_takes_two_sheets_and_no_fewer(
    tmp_path: Path, passphrase_file: Path, new_passphrase_file: Path
) -> None:
    _printed, key = keygen(tmp_path, passphrase_file)
    one, two = (tmp_path / f"key.json.sheet-{number}.txt" for number in (1, 3))
    out = tmp_path / "again.json"
    arguments = ["--vault", "3", "--out", str(out), "--new-passphrase-file", str(new_passphrase_file)]

    with pytest.raises(CommandError, match="two different sheets"):
        run("custodian", "recover", *arguments, "--sheet", str(one))
    with pytest.raises(CommandError, match="two different sheets"):
        run("custodian", "recover", *arguments, "--sheet", str(one), "--sheet", str(one))
    both = ["--sheet", str(one), "--sheet", str(two)]
    with pytest.raises(CommandError, match="另一把钥匙"):
        run("custodian", "recover", *arguments, *both, "--fingerprint", "0000")
    missing = not out.exists()
    run("custodian", "recover", *arguments, *both)

    again = keyfile.unwrap(text=out.read_text(), passphrase=NEW_PASSPHRASE)
    assert missing
    assert again == keyfile.unwrap(text=key.read_text(), passphrase=PASSPHRASE)


def test_recover_refuses_sheets_of_two_sets(tmp_path: Path, new_passphrase_file: Path) -> None:
    files = []
    for number in (0, 1):
        files.append(tmp_path / f"typed-{number}.txt")
        files[-1].write_text(sheets.split(VAULT_SEED)[number])
    typed = ["--sheet", str(files[0]), "--sheet", str(files[1])]

    with pytest.raises(CommandError, match="do not fit together"):
        run(
            "custodian", "recover", "--vault", "1", "--out", str(tmp_path / "x"), *typed,
            "--new-passphrase-file", str(new_passphrase_file),
        )  # fmt: skip


def test_rotate_makes_the_next_version(
    tmp_path: Path, passphrase_file: Path, new_passphrase_file: Path
) -> None:
    _printed, key = keygen(tmp_path, passphrase_file)
    out = tmp_path / "next.json"

    printed = tool(
        "rotate", key=key, out=out, passphrase_file=passphrase_file, new_passphrase_file=new_passphrase_file
    )

    old = keyfile.unwrap(text=key.read_text(), passphrase=PASSPHRASE)
    new = keyfile.unwrap(text=out.read_text(), passphrase=NEW_PASSPHRASE)
    assert (old.vault, new.vault) == (3, 4)
    assert new.seed != old.seed
    assert f"VAULT_FINGERPRINT={new.fingerprint}" in printed
    assert "第 3 版的密钥文件要继续保管" in printed


def test_rotate_wants_the_present_key(
    tmp_path: Path, passphrase_file: Path, new_passphrase_file: Path
) -> None:
    _printed, key = keygen(tmp_path, passphrase_file)

    with pytest.raises(CommandError, match="口令不对"):
        tool(
            "rotate",
            key=key,
            out=tmp_path / "next.json",
            passphrase_file=new_passphrase_file,
            new_passphrase_file=new_passphrase_file,
        )

    assert not (tmp_path / "next.json").exists()


def test_keygen_can_register_at_once(tmp_path: Path, passphrase_file: Path) -> None:
    for version in (1, 2):
        VaultFactory(version=version, seed=bytes([version]) * 32)
    printed, _out = keygen(tmp_path, passphrase_file, "--register")

    vault = Vault.objects.get(version=3)
    assert vault.fingerprint in printed
    assert "custodian register" not in printed


def test_register_stores_the_public_key_and_tells_what_to_pin() -> None:
    public_key = cipher.public_key_of(VAULT_SEED)

    printed = run(
        "custodian", "register", "--public-key", base64.b64encode(public_key).decode(), "--version", "1"
    )

    vault = Vault.objects.get()
    assert (vault.version, bytes(vault.public_key)) == (1, public_key)
    assert f"VAULT_FINGERPRINT={cipher.fingerprint(public_key)}" in printed


def test_register_takes_a_file(tmp_path: Path) -> None:
    path = tmp_path / "public.txt"
    path.write_text(base64.encodebytes(cipher.public_key_of(VAULT_SEED)).decode())

    run("custodian", "register", "--public-key", f"@{path}", "--version", "1")

    assert Vault.objects.get().version == 1


@pytest.mark.parametrize("text", ["", "not base64!", base64.b64encode(b"short").decode(), "@/does/not/exist"])
def test_register_refuses_what_is_no_key(text: str) -> None:
    with pytest.raises(CommandError):
        run("custodian", "register", "--public-key", text, "--version", "1")

    assert not Vault.objects.exists()


def test_register_refuses_a_taken_version() -> None:
    register_vault(public_key=cipher.public_key_of(b"\1" * 32), version=1, since=TODAY, at=noon(TODAY))

    with pytest.raises(CommandError, match="版本号不是下一个"):
        run(
            "custodian", "register", "--version", "1",
            "--public-key", base64.b64encode(cipher.public_key_of(VAULT_SEED)).decode(),
        )  # fmt: skip


# --- vault service -------------------------------------------------------------------------------------------


def test_registering_twice_changes_nothing() -> None:
    public_key = cipher.public_key_of(VAULT_SEED)

    for _ in range(2):
        register_vault(public_key=public_key, version=1, since=TODAY, at=noon(TODAY))

    assert Vault.objects.count() == 1
    assert AuditRow.objects.filter(action="vault.registered").count() == 1


def test_registering_is_logged_without_a_key() -> None:
    register_vault(public_key=cipher.public_key_of(VAULT_SEED), version=1, since=TODAY, at=noon(TODAY))

    row = AuditRow.objects.get(action="vault.registered")
    assert row.subject == "vault:1"
    assert row.data == {"fingerprint": Vault.objects.get().fingerprint}


@pytest.mark.parametrize("version", [0, 1, 3, 999_999_999])
def test_only_the_next_version_is_registered(version: int) -> None:
    register_vault(public_key=cipher.public_key_of(VAULT_SEED), version=1, since=TODAY, at=noon(TODAY))

    with pytest.raises(VaultTaken):
        register_vault(
            public_key=cipher.public_key_of(b"\1" * 32), version=version, since=TODAY, at=noon(TODAY)
        )

    assert Vault.objects.count() == 1


@pytest.mark.parametrize("version", [0, 2, 999_999_999])
def test_the_first_version_is_1(version: int) -> None:
    with pytest.raises(VaultTaken):
        register_vault(
            public_key=cipher.public_key_of(VAULT_SEED), version=version, since=TODAY, at=noon(TODAY)
        )


def test_a_known_key_gets_no_second_version() -> None:
    public_key = cipher.public_key_of(VAULT_SEED)
    register_vault(public_key=public_key, version=1, since=TODAY, at=noon(TODAY))

    with pytest.raises(VaultTaken):
        register_vault(public_key=public_key, version=2, since=TODAY, at=noon(TODAY))

    assert Vault.objects.get().version == 1


@pytest.mark.parametrize("filling", [b"\0", b"\xff"])
def test_bytes_that_nothing_can_be_sealed_to_are_no_key(filling: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        register_vault(public_key=filling * cipher.PUBLIC_KEY_BYTES, version=1, since=TODAY, at=noon(TODAY))

    assert not Vault.objects.exists()


def test_key_pair_hides_the_key_file() -> None:
    pair = new_key_pair(version=1, passphrase=PASSPHRASE)

    assert "sealed" not in repr(pair)
    assert json.loads(pair.key_file)["fingerprint"] == pair.fingerprint


@pytest.mark.parametrize("version", [0, -1])
def test_key_pair_needs_a_version(version: int) -> None:
    with pytest.raises(ValueError, match="version"):
        new_key_pair(version=version, passphrase=PASSPHRASE)


# --- rows of the log ------------------------------------------------------------------------------------------


@pytest.fixture
def handed(tmp_path: Path, passphrase_file: Path, new_passphrase_file: Path) -> list[str]:
    """Return the arguments that wrap the key file of the tests' vault for another custodian."""
    path = tmp_path / "own.json"
    path.write_text(new_key_pair(version=1, passphrase=PASSPHRASE, seed=VAULT_SEED).key_file)
    files = ["--passphrase-file", str(passphrase_file), "--new-passphrase-file", str(new_passphrase_file)]
    return ["custodian", "add", "--key", str(path), "--out", str(tmp_path / "theirs.json"), *files]


def test_a_key_file_for_another_leaves_a_row(vault: Vault, handed: list[str]) -> None:
    printed = run(*handed)

    row = AuditRow.objects.get(action="vault.key_handed")
    assert (row.actor, row.subject, row.data["by"]) == (None, "vault:1", "command")
    assert row.data["fingerprint"] == vault.fingerprint
    assert "已记入审计日志" in printed


def test_without_the_portals_database_nothing_is_made_there(
    handed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaints.services.vaults.connection", OtherMachine(tmp_path / "db.sqlite3"))

    printed = run(*handed)

    assert "没有记入审计日志" in printed
    assert (tmp_path / "theirs.json").exists()
    assert not (tmp_path / "db.sqlite3").exists()


class OtherMachine:
    """A connection whose database was never made."""

    vendor = "sqlite"

    def __init__(self, path: Path) -> None:
        self.settings_dict = {"NAME": path}


# --- custodian: open -----------------------------------------------------------------------------------------


@pytest.fixture
def key(tmp_path: Path, passphrase_file: Path) -> Path:
    """Return the key file of a vault whose seed the tests know."""
    path = tmp_path / "key.json"
    path.write_text(new_key_pair(version=1, passphrase=PASSPHRASE, seed=VAULT_SEED).key_file)
    return path


def sealed_for(field: str, **fields: str) -> str:
    """Return an envelope for the vault of `key`."""
    return cipher.seal_fields(
        public_key=cipher.public_key_of(VAULT_SEED), vault=1, binding=BINDING, field=field, fields=fields
    ).to_json()


def open_it(key: Path, envelope: str, *more: str, binding: str = BINDING) -> str:
    """Open an envelope with the key file."""
    return run(
        "custodian", "open", "--key", str(key), "--envelope", envelope, "--binding", binding,
        "--passphrase-file", str(key.parent / "passphrase.txt"), *more,
    )  # fmt: skip


def test_open_shows_the_fields(key: Path, tmp_path: Path) -> None:
    (tmp_path / "envelope.json").write_text(sealed_for("identity", name="张三", phone="13800001234"))

    assert open_it(key, str(tmp_path / "envelope.json")) == "name: 张三\nphone: 13800001234\n"


def test_open_reads_standard_input(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = io.TextIOWrapper(io.BytesIO(sealed_for("claim", account="6222").encode()))
    monkeypatch.setattr(sys, "stdin", sealed)

    assert open_it(key, "-", "--field", "claim") == "account: 6222\n"


@pytest.mark.parametrize(
    ("more", "binding"), [(("--field", "claim"), BINDING), ((), "f" * 32), ((), "has space")]
)
def test_open_refuses_another_place(key: Path, tmp_path: Path, more: tuple[str, ...], binding: str) -> None:
    (tmp_path / "envelope.json").write_text(sealed_for("identity", name="张三"))

    with pytest.raises(CommandError) as refused:
        open_it(key, str(tmp_path / "envelope.json"), *more, binding=binding)

    assert "张三" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "{}", "nonsense", '{"v":1}'])
def test_open_refuses_what_is_no_envelope(key: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "envelope.json").write_text(text)

    with pytest.raises(CommandError, match="没有完成"):
        open_it(key, str(tmp_path / "envelope.json"))


def test_open_says_what_it_reads(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        ManagementUtility(["manage.py", "custodian", "open", "--help"]).execute()

    told = capsys.readouterr().out
    for word in (cipher.SUITE, str(cipher.OVERHEAD_BYTES + 32), '"ANSF"', "12 bytes nonce", ".original1"):
        assert word in told
    assert all(str(size) in told for size in cipher.PADDED_BYTES)


def test_an_original_opens_by_what_the_help_says_alone() -> None:
    """In years without this program: header, wrapped key, nonce and what is authenticated are as described."""
    sealed = filecipher.seal_file(
        data=b"photo", public_key=cipher.public_key_of(VAULT_SEED), vault=7, binding=BINDING
    )
    info = f"anshao:1:xwing-hkdf256-a256gcm:7:{BINDING}:original".encode()

    file_key = cipher.open_sealed(seed=VAULT_SEED, sealed=sealed[9 : 9 + 1168], info=info)
    nonce, body = sealed[1177:1189], sealed[1189:]

    assert sealed[:9] == b"ANSF\x01\x00\x00\x00\x07"
    assert AESGCM(file_key).decrypt(nonce, body, sealed[:1177] + info) == b"photo"


def test_open_with_a_wrong_passphrase(key: Path, tmp_path: Path) -> None:
    (tmp_path / "envelope.json").write_text(sealed_for("identity", name="张三"))
    (tmp_path / "passphrase.txt").write_text("another passphrase entirely\n")

    with pytest.raises(CommandError, match="口令不对"):
        open_it(key, str(tmp_path / "envelope.json"))


def test_open_keeps_the_terminal_safe(key: Path, tmp_path: Path) -> None:
    (tmp_path / "envelope.json").write_text(sealed_for("identity", name="张\x1b[2J三\nphone: 0"))

    assert open_it(key, str(tmp_path / "envelope.json")) == "name: 张�[2J三�phone: 0\n"


def test_open_writes_an_original_photo(key: Path, tmp_path: Path) -> None:
    photo = jpeg(maker="Marker-Phone")
    sealed = filecipher.seal_file(
        data=photo, public_key=cipher.public_key_of(VAULT_SEED), vault=1, binding=BINDING
    )
    (tmp_path / "x.original").write_bytes(sealed)

    open_it(key, str(tmp_path / "x.original"), "--field", "original", "--out", str(tmp_path / "photo.jpg"))

    assert (tmp_path / "photo.jpg").read_bytes() == photo
    assert (tmp_path / "photo.jpg").stat().st_mode & 0o777 == 0o600


def test_original_needs_a_place_to_go(key: Path, tmp_path: Path) -> None:
    (tmp_path / "x.original").write_bytes(b"")

    with pytest.raises(CommandError, match="--out"):
        open_it(key, str(tmp_path / "x.original"), "--field", "original")


def test_stored_tip_opens_away_from_the_server(city: City, key: Path, tmp_path: Path) -> None:
    """From the form to the custodian: name and original of one real tip, with nothing but two exported files."""
    tip = TipFactory(real_name=True, photos=1)
    photo = Evidence.objects.get(tip=tip)
    (tmp_path / "envelope.json").write_text(SealedIdentity.objects.get(tip=tip).envelope)
    with evidence_storage().open(photo.path_of("original")) as file:
        (tmp_path / "x.original").write_bytes(file.read())

    shown = open_it(key, str(tmp_path / "envelope.json"), binding=tip.idempotency_key)
    open_it(
        key, str(tmp_path / "x.original"), "--field", "original", "--out", str(tmp_path / "p.jpg"),
        binding=tip.idempotency_key,
    )  # fmt: skip

    assert shown.splitlines()[:2] == ["name: 张三丰", "phone: 13800001234"]
    assert (tmp_path / "p.jpg").read_bytes() == jpeg(shade=40)


def test_help_says_what_is_still_to_come(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("custodian", "--help")

    assert "approval of two people" in " ".join(capsys.readouterr().out.split())

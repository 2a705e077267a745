"""A custodian's tool: make the vault's key, register its public half, open one exported envelope offline."""

import base64
import getpass
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.crypto import envelope as cipher
from complaints.crypto import filecipher, keyfile
from complaints.crypto.errors import CryptoError, WrongPassphrase
from complaints.errors import VaultTaken
from complaints.services.vaults import KeyPair, new_key_pair, register_vault

PRIVATE = 0o600
FIELDS = ("identity", "claim", "original")


class Command(BaseCommand):
    """`manage.py custodian keygen|register|open`."""

    help = (
        "Keys of the identity vault. `keygen` and `open` touch no database and belong on a machine that is not the "
        "server. Opening straight from the database will need the approval of two people and comes with the custody "
        "work; until then `open` takes one exported envelope."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one of three tasks."""
        tasks = parser.add_subparsers(dest="task", required=True)
        _keygen_arguments(
            tasks.add_parser("keygen", help="Make a key pair; the private half leaves only wrapped.")
        )
        _register_arguments(tasks.add_parser("register", help="Store a public key on the server."))
        _open_arguments(
            tasks.add_parser("open", help="Open one exported envelope or original photo, offline.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the task; what goes wrong is said without key, passphrase or plain text."""
        tasks: dict[str, Callable[[dict[str, Any]], None]] = {
            "keygen": self._keygen,
            "register": self._register,
            "open": self._open,
        }
        try:
            tasks[options["task"]](options)
        except WrongPassphrase as error:
            raise CommandError("口令不对，或者密钥文件被改动过。") from error
        except VaultTaken as error:
            raise CommandError("这个版本号已经用于另一把钥匙，或者已有更新的版本。") from error
        except (CryptoError, OSError, ValueError) as error:
            raise CommandError(f"没有完成：{error}") from error

    def _keygen(self, options: dict[str, Any]) -> None:
        out: Path = options["out"]
        if out.exists():
            raise CommandError(f"{out} 已经存在，不覆盖。")
        pair = new_key_pair(version=options["vault"], passphrase=_passphrase(options, again=True))
        _write_private(out, pair.key_file.encode())
        if options["register"]:
            _store(public_key=pair.public_key, version=pair.version)
        self.stdout.write("\n".join(_told(pair, out=out, registered=options["register"])))

    def _register(self, options: dict[str, Any]) -> None:
        public_key = _public_key(options["public_key"])
        _store(public_key=public_key, version=options["vault"])
        self.stdout.write(
            f"已登记第 {options['vault']} 版保险箱。请设置：\nVAULT_FINGERPRINT={cipher.fingerprint(public_key)}"
        )

    def _open(self, options: dict[str, Any]) -> None:
        key = keyfile.unwrap(text=options["key"].read_text(encoding="utf-8"), passphrase=_passphrase(options))
        sealed = _read(options["envelope"])
        if options["field"] == "original":
            self._open_original(key=key, sealed=sealed, options=options)
            return
        envelope = cipher.Envelope.parse(sealed.decode("utf-8").strip())
        fields = cipher.open_fields(
            seed=key.seed, envelope=envelope, binding=options["binding"], field=options["field"]
        )
        self.stdout.write("\n".join(f"{name}: {_one_line(text)}" for name, text in fields.items()))

    def _open_original(self, *, key: keyfile.KeyFile, sealed: bytes, options: dict[str, Any]) -> None:
        if options["out"] is None:
            raise CommandError("打开原始照片要用 --out 指定写到哪个文件。")
        data = filecipher.open_file(seed=key.seed, sealed=sealed, binding=options["binding"])
        _write_private(options["out"], data)
        self.stdout.write(f"原始照片写到 {options['out']}，共 {len(data)} 字节。看完请删除。")
        self.stdout.write(f"SHA-256 {sha256(data).hexdigest()}")


def _keygen_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--out", required=True, type=Path, metavar="FILE", help="Key file to write; never overwritten."
    )
    parser.add_argument(
        "--vault", required=True, type=int, metavar="N", help="Version of the vault, 1 for the first."
    )
    parser.add_argument("--register", action="store_true", help="Also store the public half in the database.")
    _passphrase_argument(parser)


def _register_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--public-key", required=True, metavar="BASE64", help="As printed by keygen, or @FILE."
    )
    parser.add_argument("--version", "--vault", dest="vault", required=True, type=int, metavar="N")


def _open_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--key", required=True, type=Path, metavar="FILE", help="The custodian's key file.")
    parser.add_argument(
        "--envelope", required=True, metavar="FILE", help="Exported envelope, - for standard input."
    )
    parser.add_argument(
        "--binding", required=True, help="Idempotency key of the tip, or its number for later seals."
    )
    parser.add_argument("--field", choices=FIELDS, default="identity")
    parser.add_argument("--out", type=Path, metavar="FILE", help="Where an original photo is written.")
    _passphrase_argument(parser)


def _passphrase_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="First line; asked for when left out."
    )


def _passphrase(options: dict[str, Any], *, again: bool = False) -> str:
    path: Path | None = options["passphrase_file"]
    if path is not None:
        return next(iter(path.read_text(encoding="utf-8").splitlines()), "")
    typed = getpass.getpass("密钥文件的口令（至少 15 个字）：")
    if again and getpass.getpass("再输一遍：") != typed:
        raise CommandError("两次输入的口令不一样。")
    return typed


def _public_key(text: str) -> bytes:
    if text.startswith("@"):
        text = Path(text[1:]).read_text(encoding="ascii")
    return base64.b64decode("".join(text.split()), validate=True)


def _store(*, public_key: bytes, version: int) -> None:
    register_vault(public_key=public_key, version=version, since=timezone.localdate(), at=timezone.now())


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _write_private(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _one_line(text: str) -> str:
    """The sender chose the text: control characters must not steer the custodian's terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)


def _told(pair: KeyPair, *, out: Path, registered: bool) -> list[str]:
    public_key = base64.b64encode(pair.public_key).decode()
    lines = [
        f"密钥文件：{out}（只有当前账号能读；请立刻抄到两个离线介质，服务器上不要留）",
        "",
        "公钥：",
        public_key,
        "",
        f"指纹：{pair.fingerprint}",
        "",
        "在服务器的环境里设置：",
        f"VAULT_FINGERPRINT={pair.fingerprint}",
    ]
    if not registered:
        lines += [
            "",
            "在服务器上登记公钥：",
            f"manage.py custodian register --version {pair.version} --public-key …",
        ]
    return lines

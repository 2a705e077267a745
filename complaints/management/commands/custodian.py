"""A custodian's tool: make, hand over, recover and change the vault's key, register its public half, open offline."""

import base64
import re
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from unicodedata import normalize

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.crypto import envelope as cipher
from complaints.crypto import filecipher, keyfile, sheets
from complaints.crypto.errors import CryptoError, WrongPassphrase
from complaints.enums import KeyOrigin
from complaints.errors import VaultTaken
from complaints.management.passphrases import passphrase_from
from complaints.services.vaults import KeyPair, new_key_pair, note_key_file, register_vault
from portal.shared.diskfiles import write_private

FIELDS = ("identity", "claim", "original")
# What `open` reads, so that it can be opened years later by other means too.
FORMATS = """Open one exported envelope or original photo, offline.

FILE of --field identity or claim is one line of JSON in UTF-8, white space around it is left out:
  {"v":1,"suite":"xwing-hkdf256-a256gcm","vault":N,"ct":"BASE64"}
  N      version of the vault; the key file must be of the same one
  ct     HPKE (RFC 9180): 1120 bytes of encapsulated key (ML-KEM-768 + X25519), then AES-256-GCM ciphertext and tag
  inside JSON of text fields, padded with spaces to 256, 512 or 1024 bytes
FILE of --field original is binary (the name ends in .original, .original1, ...):
  "ANSF", 1 byte layout version (1), 4 bytes vault version (big-endian), 1168 bytes HPKE of a 32-byte file key,
  12 bytes nonce, AES-256-GCM ciphertext and tag; authenticated with it: everything before the nonce, then the info
Both are tied to their place by the HPKE info "anshao:1:SUITE:N:BINDING:FIELD" in UTF-8; SUITE is the one above."""


class Command(BaseCommand):
    """`manage.py custodian keygen|add|recover|rotate|register|open`."""

    help = (
        "Keys of the identity vault, in the formats of the pages under /admin/custody/. Everything but `register` "
        "needs no database and belongs on a machine that is not the server; where the portal's database is at hand, "
        "`add` and `recover` leave a row in the audit log. `open` is for a server that is lost: it takes the text of "
        "one envelope, as it stands in the column `envelope` of `complaints_sealedidentity` in a restored backup, or "
        "one file `.original` of its evidence folder; docs/operations.md says how to get either. While the server "
        "runs, nothing is exported: what lies in the database leaves it with the approval of two people only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one of the tasks."""
        tasks = parser.add_subparsers(dest="task", required=True)
        _keygen_arguments(
            tasks.add_parser("keygen", help="Make a key pair; the private half leaves only wrapped.")
        )
        _add_arguments(tasks.add_parser("add", help="Wrap your key file for another custodian."))
        _recover_arguments(
            tasks.add_parser("recover", help="Make a new key file from two of the three sheets.")
        )
        _rotate_arguments(tasks.add_parser("rotate", help="Make the key of the next version."))
        _register_arguments(tasks.add_parser("register", help="Store a public key on the server."))
        _open_arguments(
            tasks.add_parser(
                "open",
                help="Open one exported envelope or original photo, offline.",
                description=FORMATS,
                formatter_class=RawDescriptionHelpFormatter,
            )
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the task; what goes wrong is said without key, passphrase or plain text."""
        tasks: dict[str, Callable[[dict[str, Any]], None]] = {
            "keygen": self._keygen,
            "add": self._add,
            "recover": self._recover,
            "rotate": self._rotate,
            "register": self._register,
            "open": self._open,
        }
        try:
            tasks[options["task"]](options)
        except WrongPassphrase as error:
            raise CommandError("口令不对，或者密钥文件被改动过。") from error
        except VaultTaken as error:
            raise CommandError("没有登记：这把钥匙已登记在别的版本下，或者版本号不是下一个。") from error
        except (CryptoError, OSError, ValueError) as error:
            raise CommandError(f"没有完成：{error}") from error

    def _keygen(self, options: dict[str, Any]) -> None:
        self._make(version=options["vault"], passphrase=_passphrase(options, again=True), options=options)

    def _make(self, *, version: int, passphrase: str, options: dict[str, Any]) -> None:
        out: Path = options["out"]
        papers = [out.with_name(f"{out.name}.sheet-{number}.txt") for number in range(1, sheets.COUNT + 1)]
        _refuse_existing(out, *papers)
        pair = new_key_pair(version=version, passphrase=passphrase)
        write_private(out, pair.key_file.encode())
        for number, (path, words) in enumerate(zip(papers, pair.sheets, strict=True), start=1):
            write_private(path, sheet_text(words, pair=pair, number=number).encode())
        if options["register"]:
            _store(public_key=pair.public_key, version=pair.version)
        told = _told(pair, out=out, papers=papers, registered=options["register"])
        self.stdout.write("\n".join(told))

    def _add(self, options: dict[str, Any]) -> None:
        _refuse_existing(options["out"])
        own = _passphrase(options)
        key = keyfile.unwrap(text=options["key"].read_text(encoding="utf-8"), passphrase=own)
        self.stdout.write("请新的保密专员输入自己的口令，您请回避。")
        self._wrap(key.seed, vault=key.vault, options=options, origin=KeyOrigin.HANDED, unlike=own)
        self.stdout.write("请在 /admin/custody/keys/ 的记录本上注明：何人、何时、交给何人。")

    def _recover(self, options: dict[str, Any]) -> None:
        _refuse_existing(options["out"])
        seed = sheets.join([_words_of(path.read_text(encoding="utf-8")) for path in options["sheet"]])
        printed = cipher.fingerprint(cipher.public_key_of(seed))
        if options["fingerprint"] not in (None, printed):
            raise CommandError("这两张分片属于另一把钥匙，没有写出文件。")
        self.stdout.write(f"指纹：{printed}（请与仪式记录核对）")
        self._wrap(seed, vault=options["vault"], options=options, origin=KeyOrigin.RECOVERED)

    def _wrap(
        self, seed: bytes, *, vault: int, options: dict[str, Any], origin: KeyOrigin, unlike: str = ""
    ) -> None:
        passphrase = _passphrase(options, name="new_passphrase_file", again=True)
        if normalize("NFKC", passphrase) == normalize("NFKC", unlike):
            raise CommandError("这是您自己的口令。请新的保密专员另选一个您不知道的，没有写出文件。")
        write_private(options["out"], keyfile.wrap(seed=seed, passphrase=passphrase, vault=vault).encode())
        self.stdout.write(f"密钥文件：{options['out']}（第 {vault} 版）")
        printed = cipher.fingerprint(cipher.public_key_of(seed))
        is_noted = note_key_file(origin=origin, version=vault, fingerprint=printed, at=timezone.now())
        self.stdout.write(
            "已记入审计日志。" if is_noted else "这台机器上没有本系统的数据库，没有记入审计日志。"
        )

    def _rotate(self, options: dict[str, Any]) -> None:
        key = keyfile.unwrap(text=options["key"].read_text(encoding="utf-8"), passphrase=_passphrase(options))
        passphrase = _passphrase(options, name="new_passphrase_file", again=True)
        self._make(version=key.vault + 1, passphrase=passphrase, options=options)
        self.stdout.write(
            f"第 {key.vault} 版的密钥文件要继续保管：旧信封只有它能打开，直到在 /admin/custody/keys/ 全部搬完。"
        )

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
        write_private(options["out"], data)
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


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--key", required=True, type=Path, metavar="FILE", help="Your own key file.")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="Key file of the other one.")
    _passphrase_argument(parser)
    _new_passphrase_argument(parser)


def _recover_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--vault", required=True, type=int, metavar="N", help="Version on the sheets.")
    parser.add_argument(
        "--sheet", required=True, type=Path, action="append", metavar="FILE", help="Words of a sheet; twice."
    )
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="New key file.")
    parser.add_argument("--fingerprint", metavar="TEXT", help="Refuse sheets of another key than this.")
    _new_passphrase_argument(parser)


def _rotate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--key", required=True, type=Path, metavar="FILE", help="Key file in use until now.")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="FILE", help="Key file of the next version."
    )
    parser.add_argument("--register", action="store_true", help="Also store the public half in the database.")
    _passphrase_argument(parser)
    _new_passphrase_argument(parser)


def _register_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--public-key", required=True, metavar="BASE64", help="As printed by keygen, or @FILE."
    )
    parser.add_argument("--version", "--vault", dest="vault", required=True, type=int, metavar="N")


def _open_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--key", required=True, type=Path, metavar="FILE", help="The custodian's key file.")
    parser.add_argument(
        "--envelope",
        required=True,
        metavar="FILE",
        help="Text of one envelope, or one .original file; - for standard input.",
    )
    parser.add_argument(
        "--binding",
        required=True,
        help="Column idempotency_key of the tip; its number for photos that were sent later.",
    )
    parser.add_argument("--field", choices=FIELDS, default="identity")
    parser.add_argument("--out", type=Path, metavar="FILE", help="Where an original photo is written.")
    _passphrase_argument(parser)


def _passphrase_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="First line; asked for when left out."
    )


def _new_passphrase_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--new-passphrase-file", type=Path, metavar="FILE", help="The same for the file that is written."
    )


def _passphrase(options: dict[str, Any], *, name: str = "passphrase_file", again: bool = False) -> str:
    prompt = "新密钥文件的口令（至少 15 个字，其中 5 个互不相同）：" if again else "密钥文件的口令："
    return passphrase_from(options[name], prompt=prompt, again=again)


def _public_key(text: str) -> bytes:
    if text.startswith("@"):
        text = Path(text[1:]).read_text(encoding="ascii")
    return base64.b64decode("".join(text.split()), validate=True)


def _store(*, public_key: bytes, version: int) -> None:
    register_vault(public_key=public_key, version=version, since=timezone.localdate(), at=timezone.now())


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _refuse_existing(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise CommandError(f"{path} 已经存在，不覆盖。")


def _one_line(text: str) -> str:
    """The sender chose the text: control characters must not steer the custodian's terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)


def _words_of(text: str) -> str:
    """Return the words of a sheet, as `sheet_text` wrote them or typed one after the other."""
    numbered = re.findall(r"^ *\d+\. ([a-z]+)$", text, re.MULTILINE)
    return " ".join(numbered) or text


def sheet_text(words: str, *, pair: KeyPair, number: int) -> str:
    """Return one sheet to print: what it is, its words numbered, the fingerprint."""
    numbered = [f"{place:2}. {word}" for place, word in enumerate(words.split(), start=1)]
    return "\n".join(
        [
            f"身份保险箱 第 {pair.version} 版 · 纸面分片 {number}/{sheets.COUNT} · SLIP-39",
            "任意两张合在一起就是钥匙；单独一张什么也打不开。任何人不得同时看到两张。",
            "",
            *numbered,
            "",
            f"公钥指纹 {pair.fingerprint}",
            "",
        ]
    )


def _told(pair: KeyPair, *, out: Path, papers: list[Path], registered: bool) -> list[str]:
    public_key = base64.b64encode(pair.public_key).decode()
    lines = [
        f"密钥文件：{out}（只有当前账号能读；请立刻抄到两个离线介质，服务器上不要留）",
        *(f"纸面分片：{path}" for path in papers),
        "（分片打印后分别装进信封，锁进不同的保险柜；然后删除这三个文件）",
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

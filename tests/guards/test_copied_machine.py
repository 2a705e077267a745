"""Guard: whoever copies the whole machine (data, settings, environment, backup, logs) reads no reporter in it.

Twenty people report, each by one of the doors, and write who they are wherever something can be written or sent. Then
everything the machine holds is searched for them, in every common spelling, and for whatever would open a sealed name
or photo. `openers` says why that search leaves no window of 32 bytes out.
"""

import base64
import hashlib
import json
import os
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from complaints.crypto import envelope as cipher
from complaints.crypto import filecipher, keyfile, sheets
from complaints.crypto.envelope import fingerprint, public_key_of
from complaints.enums import Direction, Role, TipStatus
from complaints.models import Evidence, Message, Objection, SealedIdentity, Tip, Vault
from complaints.services import custody
from complaints.services import keys as key_services
from complaints.services.backups.making import make_backup
from complaints.services.checkpoints import sign_now
from complaints.services.evidence import evidence_storage
from complaints.services.notes import leave_note
from tests import custody_steps, database_bytes
from tests.factories import TODAY, VaultFactory, jpeg, move_to, noon
from tests.fixtures import YANTA, City
from tests.guards import leaks
from tests.guards.openers import file_key_of, keys_of, seeds_in, way_of
from tests.guards.spelled import Search, key_forms
from tests.key_steps import shown_key
from tests.signin import enter, staff

ROOT = Path(__file__).resolve().parents[2]
TIPS = 20
# Not the seed of other tests, 0 to 31: such a run of bytes may lie in any table.
SEED = hashlib.sha256(b"the vault of a copied machine").digest()
PINNED = fingerprint(public_key_of(SEED))
PASSPHRASE = "白鹿原上的第十五棵老柿子树又红了"
RUN = 4
DOORS = ("form", "form without scripts", "api", "counter")
AGENT = "Marker-Agent/9.9 (copied)"


@dataclass(frozen=True, kw_only=True)
class Reporter:
    """What one reporter must never be found by."""

    name: str
    phone: str
    id_number: str
    account: str
    camera: str
    address: str

    @property
    def words(self) -> str:
        """Everything in one sentence, as people write it."""
        return f"我叫{self.name}，电话{self.phone}，身份证{self.id_number}，卡号{self.account}"

    def sealed_to(self, vault: Vault, *, binding: str) -> str:
        """Return the envelope that the own phone makes."""
        fields = {
            "name": self.name,
            "phone": self.phone,
            "id_number": self.id_number,
            "account": self.account,
        }
        key = bytes(vault.public_key)
        place = {"vault": vault.version, "binding": binding, "field": "identity"}
        return cipher.seal_fields(public_key=key, fields=fields, **place).to_json()  # type: ignore[arg-type]

    def photo(self) -> SimpleUploadedFile:
        """Return a photo that tells, in its name, its EXIF and its comment, whose it is."""
        mark = f"{self.camera} {self.name} {self.phone} {self.id_number} {self.account}"
        return SimpleUploadedFile(f"{self.name}-{self.phone}.jpg", jpeg(maker=mark), "image/jpeg")


def planted(number: int) -> Reporter:
    """Return one of the twenty."""
    return Reporter(
        name=f"欧阳标记{chr(0x4E2D + number)}{chr(0x6587 + number)}",
        phone=f"1387766{number:04d}",
        id_number=f"61011319900307{number:03d}X",
        account=f"6222021001{number:09d}",
        camera=f"MARKER-CAMERA-{number:04d}",
        address=f"203.0.113.{100 + number}",
    )


PEOPLE = [planted(number) for number in range(TIPS)]


# --- twenty people report -------------------------------------------------------------------------------------------


class Machine:
    """The portal on the day: reporters at its doors, an officer who answers, what goes wrong on the way."""

    def __init__(self, *, city: City, vault: Vault, officer: User) -> None:
        self.city, self.vault, self.officer = city, vault, officer
        self.web = Client()
        self.desk = enter(Client(), officer)

    def report(self, person: Reporter, *, door: str) -> Tip:
        """Send one tip by a door and talk about it until it is answered and objected to."""
        self.web = Client(REMOTE_ADDR=person.address, HTTP_USER_AGENT=AGENT)
        tip, receipt = getattr(self, f"by_{door.replace(' ', '_')}")(person)
        self.slip(person, receipt)
        self.write(person, receipt)
        self.handle(person, tip)
        objection = {"receipt": receipt, "text": person.words}
        if door == "api":
            self.api("objection", json.dumps(objection))
        else:
            self.post("/status/", {**objection, "action": "objection"})
        return tip

    def fields(self, person: Reporter) -> dict[str, Any]:
        return {
            "description": person.words, "entity_name": f"{person.name}铝制品厂", "district": YANTA,
            "address": f"{person.name}家楼下，电话 {person.phone}", "identity_mode": "real_name",
        }  # fmt: skip

    def by_form(self, person: Reporter) -> tuple[Tip, str]:
        key = token_hex(16)
        sealed = {"identity_envelope": person.sealed_to(self.vault, binding=key), "idempotency_key": key}
        return self._received(self.post("/report/", {**self._typed(person), **sealed}))

    def by_form_without_scripts(self, person: Reporter) -> tuple[Tip, str]:
        clear = {"name": person.name, "phone": person.phone, "idempotency_key": token_hex(16)}
        return self._received(self.post("/report/", {**self._typed(person), **clear}))

    def by_counter(self, person: Reporter) -> tuple[Tip, str]:
        clear = {"name": person.name, "phone": person.phone, "channel": "visit", "words_stand": "1"}
        values = {**self._typed(person), **clear, "idempotency_key": token_hex(16)}
        return self._received(self.desk.post("/admin/tips/new/", values))

    def by_api(self, person: Reporter) -> tuple[Tip, str]:
        key = token_hex(16)
        tip = {**self.fields(person), "identity_envelope": person.sealed_to(self.vault, binding=key)}
        parts = {"tip": json.dumps(tip), "photos": [person.photo(), person.photo()]}
        answer = self.web.post("/api/v1/tips", parts, headers={"Idempotency-Key": key})
        assert answer.status_code == 201, answer.content
        return Tip.objects.get(number=answer.json()["number"]), answer.json()["receipt"]

    def _typed(self, person: Reporter) -> dict[str, Any]:
        return {**self.fields(person), "photos": [person.photo(), person.photo()]}

    def _received(self, page: HttpResponse) -> tuple[Tip, str]:
        assert page.status_code == 200, page.content
        groups = BeautifulSoup(page.content, "html.parser").select("[data-code] span, .as-slip__code span")
        return Tip.objects.latest("pk"), "".join(one.get_text() for one in groups)

    def slip(self, person: Reporter, receipt: str) -> None:
        """Type who one is where it does not belong: refused, and repeated to nobody but the sender."""
        own = (person.phone, person.id_number, person.account, person.name)
        value = own[PEOPLE.index(person) // len(DOORS) % len(own)]
        self.post("/status/", {"receipt": value})
        self.api("status", json.dumps({"receipt": value}))
        self.post("/report/", {**self.fields(person), "kind": value, "captcha": value})
        self.web.get("/report/", {"name": value}, HTTP_REFERER=f"https://x/{value}")
        self.api("messages", json.dumps({"receipt": receipt, person.phone: person.name}))

    def write(self, person: Reporter, receipt: str) -> None:
        """Write by both doors, with a photo."""
        typed = {"receipt": receipt, "text": person.words}
        page = self.post("/status/", {**typed, "action": "message", "photos": [person.photo()]})
        typed["text"] = f"补充一句，{person.words}"
        answer = self.web.post("/api/v1/tips/messages", {**typed, "photos": [person.photo()]})
        assert (page.status_code, answer.status_code) == (200, 200), (person, page.content, answer.content)

    def handle(self, person: Reporter, tip: Tip) -> None:
        """Look for the person, write to them, about them to colleagues, and answer."""
        at, page = noon(tip.received_date), f"/admin/tips/{tip.number}/"
        for typed in (person.name, person.phone):
            self.desk.post("/admin/tips/find/", {"q": typed}, follow=True)
        self.desk.get(page)
        self.desk.post(f"{page}message/", {"text": person.words})
        leave_note(tip_id=tip.pk, author=self.officer, at=at, text=person.words)
        answer = dict.fromkeys(("conclusion", "findings", "decision", "reward"), person.words)
        self.desk.post(f"{page}reply/draft/", answer)
        move_to(tip=tip, status=TipStatus.REPLIED, officer=self.officer, at=at)

    def post(self, path: str, data: dict[str, Any]) -> HttpResponse:
        return self.web.post(path, data)

    def api(self, path: str, body: str) -> HttpResponse:
        return self.web.post(f"/api/v1/tips/{path}", body, content_type="application/json")


def open_two(tips: list[Tip], people: custody_steps.Three) -> None:
    """Open two names as it is done: of one the note was read, of the other it still waits."""
    now = timezone.now()
    for tip, person, is_read in ((tips[0], PEOPLE[0], True), (tips[2], PEOPLE[2], False)):
        row = custody_steps.asked(tip, people, at=now, reason=f"{person.words}，须当面了解")
        custody_steps.approved(row, people, at=now)
        custody_steps.ready(row, people, at=now)
        custody_steps.handed_out(row, people, at=now)
        note = custody_steps.sealed_note(row.public_id, name=person.name, phone=person.phone)
        given = {"note": note, "reader_key": custody_steps.READER_KEY, "actor": people.custodian}
        custody.deliver_note(request_id=row.public_id, at=now, **given)
        if is_read:
            custody.read_note(request_id=row.public_id, actor=people.asker, at=now)


@dataclass(frozen=True, kw_only=True)
class Own:
    """What is a custodian's alone."""

    key_file: str
    sheets: tuple[str, ...]


def hold_key(custodian: User, *, other: User) -> Own:
    """Go through the ceremony as far as it touches the machine; return what is the custodian's alone."""
    now, file = timezone.now(), keyfile.wrap(seed=SEED, passphrase=PASSPHRASE, vault=1)
    proof = shown_key(custodian, at=now, seed=SEED)
    key_services.record_handover(
        actor=custodian, version=1, fingerprint=PINNED, holder_id=other.pk, proof=proof, at=now
    )
    proof = shown_key(other, at=now, seed=SEED)
    key_services.record_receipt(actor=other, version=1, proof=proof, at=now)
    return Own(key_file=file, sheets=tuple(sheets.split(SEED)))


# --- what the machine holds then ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Copied:
    """Every place of the machine, and what is nobody's but a custodian's."""

    places: Mapping[str, bytes]
    own: Own


@pytest.fixture
def vault(db: None, settings: Settings) -> Vault:
    """Return the vault in use; its private key is `SEED`."""
    settings.VAULT_FINGERPRINT = PINNED
    row: Vault = VaultFactory(seed=SEED)
    return row


@pytest.fixture
def copied(city: City, vault: Vault, settings: Settings, tmp_path: Path, evidence_root: Path) -> Copied:
    """Let twenty people report, and return all that is left of it on the machine."""
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "data", tmp_path / "data" / "media"
    settings.CHECKPOINT_DIR = settings.DATA_DIR / "checkpoints"
    settings.DATA_DIR.mkdir()
    keys = "".join(
        f"{name}={getattr(settings, name)}\n" for name in ("SECRET_KEY", "KEY_RING", "CHECKPOINT_KEY")
    )
    (settings.DATA_DIR / "keys.env").write_text(keys, encoding="utf-8")
    people, officer = custody_steps.three(city), staff(Role.OFFICER, office=city.yanta, username="zhaomin")
    machine = Machine(city=city, vault=vault, officer=officer)
    with leaks.everything_logged() as log, leaks.task_arguments() as tasks:
        own = hold_key(people.custodian, other=people.second)
        tips = [
            machine.report(person, door=DOORS[number % len(DOORS)]) for number, person in enumerate(PEOPLE)
        ]
        open_two(tips, people)
        sign_now(at=timezone.now())
        make_backup(folder=tmp_path / "backup", pinned=PINNED, today=TODAY)
    places = {
        "rows": database_bytes.dumped(), "database files": database_bytes.files(),
        "evidence": database_bytes.folder(evidence_root), "data": database_bytes.folder(settings.DATA_DIR),
        "backup": database_bytes.folder(tmp_path / "backup"), "settings": settings_of(settings),
        "environment": environment(), "log": log.getvalue().encode(), "tasks": repr(tasks).encode(),
        "sessions": leaks.sessions(), "cache": leaks.cached(), "letters": leaks.letters(),
    }  # fmt: skip
    return Copied(places=places, own=own)


def settings_of(settings: Settings) -> bytes:
    """Return all settings as text, and the files they come from."""
    lines = [f"{name}={getattr(settings, name)!r}" for name in dir(settings) if name.isupper()]
    files = (ROOT / "portal" / "settings").glob("*.py")
    return "\n".join(lines).encode("utf-8", "surrogateescape") + b"".join(path.read_bytes() for path in files)


def environment() -> bytes:
    """Return the environment, as it is now and as the process was started with."""
    now = "\n".join(f"{name}={value}" for name, value in os.environ.items())
    return now.encode("utf-8", "surrogateescape") + Path("/proc/self/environ").read_bytes()


def opening_keys() -> dict[str, bytes]:
    """Return every key that opens one of the names or photos, or the note that waits."""
    found = keys_of(SEED) | {"seed of the asker's tab": custody_steps.READER_SEED}
    for row in SealedIdentity.objects.select_related("tip"):
        sealed = cipher.Envelope.parse(row.envelope)
        info = info_of(sealed.vault, binding=row.tip.idempotency_key, field="identity")
        keys = way_of(seed=SEED, sealed=sealed.ct, info=info)
        found |= {f"{name} of identity {row.pk}": key for name, key in keys.items()}
    for photo in Evidence.objects.select_related("tip"):
        with evidence_storage().open(photo.path_of("original")) as file:
            wrapped = file.read()[9 : 9 + filecipher._WRAPPED_BYTES]
        info = info_of(photo.vault_version or 0, binding=photo.binding, field="original")
        keys = way_of(seed=SEED, sealed=wrapped, info=info)
        keys["file key"] = file_key_of(seed=SEED, wrapped=wrapped, info=info)
        found |= {f"{name} of photo {photo.pk}": key for name, key in keys.items()}
    return found


def info_of(version: int, *, binding: str, field: str) -> bytes:
    return cipher.info_text(suite=cipher.SUITE, vault=version, binding=binding, field=field)


def pieces_of(own: Own) -> list[str]:
    """Return what one would know a custodian's paper and file by: runs of words, the sealed seed, the passphrase."""
    found = [PASSPHRASE, json.loads(own.key_file)["sealed"]]
    for sheet in own.sheets:
        # The first words say which set and which sheet; the rest is the share.
        words = sheet.split()[RUN:]
        found += [" ".join(words[start : start + RUN]) for start in range(0, len(words) - RUN, RUN)]
    return found


@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_a_copied_machine_names_no_reporter_and_opens_no_name(copied: Copied, vault: Vault) -> None:
    people = [text for person in PEOPLE for text in vars(person).values()]
    texts = Search(texts=[*people, AGENT, *pieces_of(copied.own)])
    keys, public_key = opening_keys(), bytes(vault.public_key)

    named = searched(copied, texts.found_in)
    opening = searched(copied, Search(keys=keys).found_in)
    windows = searched(copied, lambda content: seeds_in(content, public_key=public_key))

    assert (named, opening, windows) == ({}, {}, {})
    # All of it was there to be found: one name and one original for each, three photos, both openings.
    assert SealedIdentity.objects.count() == TIPS
    assert Evidence.objects.count() == 4 * TIPS
    assert len(keys) == 7 + 2 * TIPS + 3 * 4 * TIPS
    assert (Objection.objects.count(), Message.objects.filter(direction=Direction.FROM_REPORTER).count()) == (
        TIPS,
        2 * TIPS,
    )
    # Tasks are given numbers alone and letters go to nobody here; a database that is no file of ours has only its rows.
    bare = {"tasks", "letters"} | (set() if connection.vendor == "sqlite" else {"database files"})
    assert {place for place, content in copied.places.items() if len(content) < 200} == bare


def searched(copied: Copied, search: Callable[[bytes], set[Any]]) -> dict[str, set[Any]]:
    """Return what was found, by place."""
    return {place: found for place, content in copied.places.items() if (found := search(content))}


# --- the guard itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lying",
    [
        "欧阳标记中文".encode(),
        "欧阳标记中文".encode("utf-16-be"),
        "欧阳标记中文".encode("gb18030"),
        base64.b64encode("x欧阳标记中文y".encode()),
        base64.urlsafe_b64encode("xy欧阳标记中文".encode("gb18030")),
        base64.b64encode("欧阳标记中文".encode()),
        base64.encodebytes(bytes(50) + "欧阳标记中文".encode()),
        base64.b32encode("xyz欧阳标记中文".encode() + bytes(5)),
        "欧阳标记中文".encode().hex().upper().encode(),
        "欧阳标记中文".encode().hex(":").encode(),
        urllib.parse.quote("欧阳标记中文").encode(),
        json.dumps("欧阳标记中文").encode(),
        b"&#27431;&#38451;&#26631;&#35760;&#20013;&#25991;",
        b"=E6=AC=A7=E9=98=B3=E6=A0=87=E8=AE=B0=\n=E4=B8=AD=E6=96=87",
    ],
)
def test_guard_finds_a_name_in_every_spelling(lying: bytes) -> None:
    search = Search(texts=["欧阳标记中文"])

    assert search.found_in(b"\x00before" + lying + b"after") == {"欧阳标记中文"}


@pytest.mark.parametrize(
    "lying", [b"13877660007", b"138-7766-0007", b"+86 138 7766 0007", (13877660007).to_bytes(6, "big")]
)
def test_guard_finds_a_number_however_it_is_kept(lying: bytes) -> None:
    search = Search(texts=["13877660007", "13877660008"])

    assert search.found_in(b"\x00before" + lying + b"after") == {"13877660007"}


def test_guard_finds_every_key_in_every_spelling() -> None:
    keys = keys_of(SEED)
    search = Search(keys=keys)

    for name, key in keys.items():
        wrapped = b"-----BEGIN-----\n" + base64.encodebytes(bytes(40) + key + bytes(40))
        for form in (*key_forms(key), wrapped):
            assert name in search.found_in(b"\x00before" + form + b"after"), (name, form)


@pytest.mark.parametrize(
    "lying",
    [
        b"KEY=" + SEED + b";",
        b"KEY=" + base64.b64encode(b"1" + SEED + b"23") + b";",
        b"KEY=" + base64.urlsafe_b64encode(b"12" + SEED) + b";",
        b"KEY=" + SEED.hex().upper().encode(),
        b"KEY=0" + SEED.hex().encode(),
        b"k1:intl:" + base64.b64encode(SEED),
    ],
)
def test_guard_tries_every_window_and_what_tokens_hold(lying: bytes) -> None:
    assert seeds_in(b"\x00before " + lying, public_key=public_key_of(SEED)) == {SEED}


def test_guard_takes_no_other_key_for_the_right_one() -> None:
    content = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(200))

    assert seeds_in(content, public_key=public_key_of(SEED)) == set()

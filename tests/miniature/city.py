"""The city: two nodes behind nginx, a primary with a streaming replica, Redis, a store and a worker."""

import base64
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from complaints.crypto.keyring import KeyRing
from tests import store_stub
from tests.miniature import parts
from tests.miniature.parts import ROOT, Part

DATABASE = "anshao"


@dataclass(kw_only=True)
class City:
    """All parts by their names, and how to ask for them."""

    folder: Path
    port: int
    primary_port: int
    replica_port: int
    environment: Mapping[str, str]
    parts: dict[str, Part]

    def run(self, *command: str, **more: str) -> str:
        """Run a command of the portal as an operator would, and return what it printed."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def look(self) -> dict[str, Any]:
        """Return what lies in database and store, looked at whole (tests.miniature.look)."""
        found: dict[str, Any] = json.loads(self.run("-m", "tests.miniature.look").splitlines()[-1])
        return found

    def replica_is_level(self) -> bool:
        """Whether the replica holds what the primary holds."""
        import psycopg

        question = "SELECT value FROM home_shownmark WHERE id = 1"
        try:
            found = []
            for port in (self.primary_port, self.replica_port):
                address = f"host=127.0.0.1 port={port} user=postgres dbname={DATABASE}"
                with psycopg.connect(address, connect_timeout=2) as connection:
                    found.append(connection.execute(question).fetchone())
        except psycopg.Error:
            return False
        return found[0] == found[1]

    def end(self) -> None:
        """End everything this city started and remove its folder."""
        for part in reversed(self.parts.values()):
            part.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def build() -> City:
    """Start a whole city with an empty register; what it needs must be installed (scripts/city.sh)."""
    folder = Path(tempfile.mkdtemp(prefix="anshao-city-"))
    folder.chmod(0o755)
    names = ("gateway", "primary", "replica", "redis", "store", "node-a", "node-b")
    ports = {name: parts.free_port() for name in names}
    city = City(
        folder=folder,
        port=ports["gateway"],
        primary_port=ports["primary"],
        replica_port=ports["replica"],
        environment=_environment(folder, ports),
        parts={},
    )
    try:
        _start(city, ports)
    except BaseException:
        city.end()
        raise
    return city


def _environment(folder: Path, ports: Mapping[str, int]) -> dict[str, str]:
    database = f"postgres://postgres@127.0.0.1:{{port}}/{DATABASE}"
    return {
        "DJANGO_SETTINGS_MODULE": "tests.miniature.settings",
        "DATA_DIR": str(folder / "data"),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "KEY_RING": KeyRing.generate(key_id="k1", suite="intl"),
        "CHECKPOINT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "VAULT_FINGERPRINT": secrets.token_hex(32),
        "DATABASE_URL": database.format(port=ports["primary"]),
        "REPLICA_URL": database.format(port=ports["replica"]),
        "REDIS_URL": f"redis://127.0.0.1:{ports['redis']}/0",
        "STORAGE_URL": (f"s3://{store_stub.KEY}:{store_stub.SECRET}@127.0.0.1:{ports['store']}/city?tls=0"),
        "STORAGE_ACCEL": "/from-the-store/",
        "CLIENT_ADDRESS_HEADER": "X-Forwarded-For",
        "WEB_CONCURRENCY": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _start(city: City, ports: Mapping[str, int]) -> None:
    folder = city.folder
    databases = folder / "databases"
    databases.mkdir()
    _add(city, parts.postgres(name="primary", folder=databases, port=ports["primary"]))
    parts.as_postgres(
        parts.postgres_binary("createdb"),
        "-h",
        "127.0.0.1",
        "-p",
        str(ports["primary"]),
        "-U",
        "postgres",
        DATABASE,
    )
    _add(city, parts.redis(folder=folder, port=ports["redis"]))
    _add(city, parts.store(folder=folder, port=ports["store"]))
    for kind in ("evidence", "media"):
        (folder / "store" / f"city-{kind}").mkdir()
    city.run("-m", "benchmarks.city")
    city.run("manage.py", "collectstatic", "--noinput")
    _add(
        city,
        parts.postgres(name="replica", folder=databases, port=ports["replica"], source=ports["primary"]),
    )
    for name in ("node-a", "node-b"):
        _add(city, parts.node(name=name, folder=folder, port=ports[name], environment=city.environment))
    _add(city, parts.worker(folder=folder, environment=city.environment))
    nodes = [ports["node-a"], ports["node-b"]]
    _add(city, parts.gateway(folder=folder, port=city.port, nodes=nodes, store_port=ports["store"]))


def _add(city: City, part: Part) -> None:
    city.parts[part.name] = part
    part.start()

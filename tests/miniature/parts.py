"""Parts of a city: processes that are started, killed and started again, each in a folder of its own."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90.0


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for(what: str, is_so: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS) -> float:
    """Wait until something is so and return the seconds it took; raises TimeoutError."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if is_so():
            return time.monotonic() - started
        time.sleep(0.1)
    raise TimeoutError(f"{what}: not within {seconds:.0f} s")


def listens(port: int) -> bool:
    """Whether somebody answers on a port."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


@dataclass(kw_only=True)
class Part:
    """One process of the city with all its children."""

    name: str
    command: Sequence[str]
    log: Path
    is_up: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=self.account,
                group=self.account,
                extra_groups=[] if self.account else None,
            )
        wait_for(self.name, self._is_alive_and_up)

    def _is_alive_and_up(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended: {self.log.read_text(errors='replace')[-2000:]}")
        return self.is_up()

    def kill(self) -> None:
        """End it and its children at once, as a power cut would."""
        self._signal(signal.SIGKILL)

    def stop(self, *, seconds: float = 60.0) -> None:
        """Ask it to end, and wait until it has."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait()


def postgres_binary(name: str) -> str:
    """Return a program of PostgreSQL, wherever Debian keeps it."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    if not path:
        raise FileNotFoundError(f"{name}: install PostgreSQL first (scripts/city.sh does)")
    return path


def as_postgres(*command: str) -> None:
    """Run a program of PostgreSQL under its own account, as it refuses root."""
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        user="postgres",
        group="postgres",
        extra_groups=[],
    )


def postgres(*, name: str, folder: Path, port: int, source: int | None = None) -> Part:
    """Return a primary, or with the port of one a replica of it; its folder is made."""
    data = folder / name
    shutil.chown(folder, "postgres", "postgres")
    if source is None:
        as_postgres(postgres_binary("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8")
    else:
        address = f"host=127.0.0.1 port={source} user=postgres"
        as_postgres(
            postgres_binary("pg_basebackup"),
            "-D",
            str(data),
            "-d",
            address,
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
        )
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "wal_level": "replica",
        "max_wal_senders": "4",
        "wal_keep_size": "512MB",
        "hot_standby": "on",
        "fsync": "on",
        "max_connections": "100",
    }
    options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    return Part(
        name=name,
        command=[postgres_binary("postgres"), "-D", str(data), *options],
        log=folder / f"{name}.log",
        is_up=lambda: answers(port),
        account="postgres",
    )


def answers(port: int) -> bool:
    """Whether a database answers a question."""
    import psycopg

    try:
        with psycopg.connect(
            f"host=127.0.0.1 port={port} user=postgres dbname=postgres", connect_timeout=2
        ) as one:
            one.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def redis(*, folder: Path, port: int) -> Part:
    """Return a Redis that keeps nothing."""
    binary = shutil.which("redis-server") or "redis-server"
    options = [
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
    ]
    return Part(
        name="redis", command=[binary, *options], log=folder / "redis.log", is_up=lambda: listens(port)
    )


def store(*, folder: Path, port: int) -> Part:
    """Return a store for photos, pictures and films."""
    command = [sys.executable, "-m", "tests.store_stub", str(port), str(folder / "store")]
    return Part(name="store", command=command, log=folder / "store.log", is_up=lambda: listens(port))


def node(*, name: str, folder: Path, port: int, environment: Mapping[str, str]) -> Part:
    """Return a node of the portal."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "scripts/gunicorn.conf.py",
        "portal.wsgi:application",
    ]
    return Part(
        name=name,
        command=command,
        log=folder / f"{name}.log",
        is_up=lambda: is_ready(port),
        environment={**environment, "PORT": str(port)},
    )


def is_ready(port: int) -> bool:
    """Whether a node says that it may serve."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        client.request("GET", "/readyz")
        return client.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def worker(*, folder: Path, environment: Mapping[str, str]) -> Part:
    """Return the worker of the portal."""
    log = folder / "worker.log"
    return Part(
        name="worker",
        command=[sys.executable, "manage.py", "worker"],
        log=log,
        is_up=lambda: "worker" in log.read_text(encoding="utf-8"),
        environment=environment,
    )


def gateway(*, folder: Path, port: int, nodes: Sequence[int], store_port: int) -> Part:
    """Return an nginx with the very file that stands in docs/production."""
    own = folder / "gateway"
    own.mkdir()
    for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        (own / name).mkdir()
    shutil.copy(ROOT / "docs" / "production" / "away.html", own / "away.html")
    make_certificate(own)
    words = {
        "USER": "root",
        "FOLDER": str(own),
        "MIME_TYPES": "/etc/nginx/mime.types",
        "NODE_A": f"127.0.0.1:{nodes[0]}",
        "NODE_B": f"127.0.0.1:{nodes[1]}",
        "LISTEN": f"127.0.0.1:{port}",
        "CERTIFICATE": str(own / "certificate.pem"),
        "CERTIFICATE_KEY": str(own / "key.pem"),
        "AWAY": "/away.html",
        "STORE": f"http://127.0.0.1:{store_port}",
        "STORE_HOST": f"127.0.0.1:{store_port}",
    }
    text = (ROOT / "docs" / "production" / "nginx.conf").read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    (own / "nginx.conf").write_text(text, encoding="utf-8")
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    command = [binary, "-c", str(own / "nginx.conf"), "-p", str(own), "-g", "daemon off;"]
    return Part(name="gateway", command=command, log=folder / "gateway.log", is_up=lambda: listens(port))


def take_out(gateway: Part, *, folder: Path, port: int | None) -> None:
    """Take one node out of the gateway, or with None all back in, as an operator would: write, reload."""
    path = folder / "gateway" / "nginx.conf"
    plain = path.read_text(encoding="utf-8").replace(" down;", ";")
    path.write_text(plain if port is None else _with_down(plain, port=port), encoding="utf-8")
    assert gateway.process is not None
    gateway.process.send_signal(signal.SIGHUP)


def _with_down(text: str, *, port: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(
        line.replace(";", " down;") if line.lstrip().startswith(f"server 127.0.0.1:{port} ") else line
        for line in lines
    )


def make_certificate(folder: Path) -> None:
    """Write a certificate for this machine that nobody else trusts."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))

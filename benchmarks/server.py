"""The real server, started as `make run` starts it, with a data folder and a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")


def environment(*, data_dir: Path, port: int = 0, **more: str) -> dict[str, str]:
    """Return what scripts/run.sh sets, without anything of the surrounding installation."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_MMAP_THRESHOLD_": "1048576",
        **more,
    }


def prepare(*, data_dir: Path) -> None:
    """Make the database with a city, its units and the demonstration vault; no demonstration tips."""
    run_module("benchmarks.city", data_dir=data_dir)


def run_module(name: str, *arguments: str, data_dir: Path, **more: str) -> str:
    """Run one of our modules in a process of its own, with more environment, and return what it printed."""
    command = [sys.executable, "-m", name, *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(data_dir=data_dir, **more),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@dataclass(kw_only=True)
class Server:
    """A running server; all its processes share one group."""

    process: "subprocess.Popen[bytes]"
    port: int

    def kill(self) -> None:
        """End all its processes at once, as a power cut would; a second time does nothing."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end; insist after a while."""
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()

    def pids(self) -> list[int]:
        """Return the master and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(
            encoding="ascii"
        )
        return [self.process.pid, *map(int, children.split())]

    def cpu_seconds(self) -> float:
        """Return the processor time all its processes have used so far."""
        return sum(_cpu_seconds(pid) for pid in self.pids())

    def peak_mib(self) -> float:
        """Return the largest memory one of its processes ever held."""
        return max(_peak_kib(pid) for pid in self.pids()) / 1024


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _peak_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def start(*, data_dir: Path, log: Path, more: Mapping[str, str] | None = None) -> Server:
    """Start the server and return when it answers; raises TimeoutError."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "scripts/gunicorn.conf.py",
        "portal.wsgi:application",
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(data_dir=data_dir, port=port, **(more or {})),
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
        )
    server = Server(process=process, port=port)
    _wait_until_ready(server)
    return server


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_SECONDS) as client:
                client.sendall(request)
                if client.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            time.sleep(0.05)
    server.kill()
    raise TimeoutError("the server did not answer")


@contextmanager
def running(*, data_dir: Path, log: Path) -> Iterator[Server]:
    """Keep a server running while the block runs."""
    server = start(data_dir=data_dir, log=log)
    try:
        yield server
    finally:
        server.stop()

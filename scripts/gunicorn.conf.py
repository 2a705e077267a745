"""How gunicorn serves the portal: threads in one process, nothing of a visitor in its log or on disk."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

# The worker is one of ours, wherever the server is started.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


class PrivateLogger(Logger):
    """Writes no address, no piece of a request and no hour: all could say who sent a tip."""

    datefmt = "[%Y-%m-%d]"

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log a warning, without the address and words that the one on malformed requests quotes."""
        if msg.startswith("Invalid request from"):
            msg, args = "Invalid request refused", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log that a request failed; the address line may carry what somebody typed, so it stays out."""
        if msg.startswith("Error handling request"):
            msg, args = "Error handling a request", ()
        super().exception(msg, *args, **kwargs)

    def access(self, *args: Any, **kwargs: Any) -> None:
        """Write no access log at all: network logs belong to the gateway, not to the application."""


def on_starting(server: Any) -> None:
    """Let no handler, gunicorn's own ones included, print what a line that is lost was about; workers inherit it."""
    logging.raiseExceptions = False


def when_ready(server: Any) -> None:
    """Tell the person who started the server where to look."""
    prefix = os.environ.get("SITE_PREFIX", "").strip("/")
    url = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/{prefix + '/' if prefix else ''}"
    print(f"\n✓ 安哨已启动，请打开 · Anshao is running, open  {url}", flush=True)
    print("  按 Ctrl+C 停止 · press Ctrl+C to stop\n", flush=True)


def post_worker_init(worker: Any) -> None:
    """Start the daily timer in each process that serves the portal; a row in the database lets one of them work."""
    from django.apps import apps

    if apps.ready:
        from complaints.tasks import start_timer
        from portal.memory import settle

        start_timer()
        settle()


bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "portal.serving.LaneWorker"
# Of pages, and as many again for posts of words; uploads have WEB_UPLOADS of their own.
threads = int(os.environ.get("WEB_THREADS", "8"))
# Without Redis the throttle and the solved captchas live in this process's memory: a second process would
# not know them, and a captcha could be spent twice.
workers = int(os.environ.get("WEB_CONCURRENCY", "1")) if os.environ.get("REDIS_URL") else 1
# Words to search for, nine bytes a character once they stand in an address: longer ones are answered by our own page.
limit_request_line = 8190
timeout = 120
graceful_timeout = 30
keepalive = 5

logger_class = PrivateLogger
accesslog = None
errorlog = "-"
loglevel = "warning"

# gunicorn hands request bodies to the application as they arrive and never writes one to a file. Its own
# heartbeat file belongs in memory, where a slow disk cannot make a healthy worker look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a heartbeat file, no data
control_socket_disable = True

"""Serves the bundles and their sources under a strict policy, to call them in a real browser."""

import contextlib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
SOURCES = ROOT / "frontend"
POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'"
INSECURE_HOST = "anshao.test"  # plain HTTP under a name other than localhost: no crypto.subtle
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--host-resolver-rules=MAP {INSECURE_HOST} 127.0.0.1",
]


class FolderHandler(SimpleHTTPRequestHandler):
    """Serves one folder of scripts and an empty page, all under the policy of the portal's pages."""

    extensions_map = {".js": "text/javascript", "": "text/html"}

    def end_headers(self) -> None:
        """Send the policy with everything."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_GET(self) -> None:
        """Answer `/` with an empty page, everything else with a file."""
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>bundles</title>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serve the folder on a free port while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(FolderHandler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def bundle_pages() -> Iterator[dict[str, Page]]:
    """Give one page in a secure and one in an insecure context."""
    with served(VENDOR) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        opened = {"secure": browser.new_page(), "insecure": browser.new_page()}
        opened["secure"].goto(f"http://127.0.0.1:{port}/")
        opened["insecure"].goto(f"http://{INSECURE_HOST}:{port}/")
        yield opened
        browser.close()

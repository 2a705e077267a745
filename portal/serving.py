"""A gunicorn worker in which nobody who looks at a page waits for those who send.

Connections wait for their first line without a thread, in the loop of the worker, so that a thousand idle or dripping
ones hold nobody up. What has arrived whole goes into one of three lanes with threads of their own: pages, posts of a
few words, and uploads. Uploads stand in a queue, by number and by the bytes they announce; whoever sends slower than a
poor line does, while others wait, is cut off.
"""

import errno
import os
import re
import selectors
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from socket import socket
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

# The first lines of a request: by when they must be there, and how long they may be (gunicorn refuses more anyway).
HEAD_SECONDS = 15
HEAD_BYTES = 64 * 1024
HEAD_END = b"\r\n\r\n"
# Beyond it a post is an upload. Every form without a photo is smaller.
WORDS_BYTES = 256 * 1024
UPLOAD_THREADS = int(os.environ.get("WEB_UPLOADS", "8"))
# What uploads in hand may announce together: each takes some five times its size until it is sealed and stored. The
# handler drops what is beyond a submission (60 MiB and its fields).
HELD_BYTES = 64 * 1024 * 1024
MOST_HELD_BYTES = 64 * 1024 * 1024
# How slow a sender may be: a poor line brings 1 KiB a second. Where others wait for the place it has to be 8, and
# what keeps much memory from them has to be there within so many seconds.
GRACE_SECONDS, STALL_SECONDS, SEND_SECONDS = 15, 10, 30
SLOWEST, SLOWEST_IN_A_QUEUE, LONGEST_IN_A_QUEUE = 1024, 8 * 1024, 120
# What is read of a body at once, the size of the pieces the upload handler asks for: gunicorn copies whatever is read
# beyond a piece with every further piece, which took as long as decoding the photo.
PIECE_BYTES = 256 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


def body_bytes(head: bytes) -> int:
    """Return how many bytes a body announces in these first lines; one of unknown length counts as the largest."""
    lines = head.partition(HEAD_END)[0] + b"\r\n"
    if _CHUNKED.search(lines):
        return MOST_HELD_BYTES
    found = _LENGTH.search(lines)
    return int(found[1]) if found else 0


class SlowSender(TimeoutError):
    """Somebody sends slower than a poor line does; what was sent is dropped."""

    def __init__(self) -> None:
        # To gunicorn a connection that went away, which is no line in the log.
        super().__init__(errno.ECONNRESET, "too slow")


class PacedSocket:
    """Reads of a socket while its sender keeps up; afterwards every further read fails at once."""

    def __init__(self, sock: socket, *, slowest: Any) -> None:
        self.sock, self.slowest = sock, slowest
        self.begin()

    def begin(self) -> None:
        """Count from here: a request begins."""
        self.started, self.received, self.is_over = time.monotonic(), 0, False

    def recv(self, size: int) -> bytes:
        """Return what came, as a socket does; raises SlowSender when too little did."""
        left = self.started + GRACE_SECONDS + self.received / self.slowest() - time.monotonic()
        if self.is_over or left <= 0:
            raise SlowSender
        self.sock.settimeout(min(left, STALL_SECONDS))
        try:
            data = self.sock.recv(size)
        except TimeoutError as error:
            self.is_over = True
            raise SlowSender from error
        finally:
            self.sock.settimeout(SEND_SECONDS)
        self.received += len(data)
        return data

    def gettimeout(self) -> float | None:
        """Return the timeout of the socket in seconds."""
        return self.sock.gettimeout()

    def settimeout(self, seconds: float | None) -> None:
        """Set the timeout of the socket; the next read sets its own."""
        self.sock.settimeout(seconds)


class LaneConn(TConn):
    """A connection whose first lines were read by the loop, and whose sender is watched."""

    def __init__(self, *args: Any, worker: "LaneWorker") -> None:
        super().__init__(*args)
        self.worker, self.head, self.held = worker, b"", 0

    def init(self) -> None:
        """Make the parser (once), hand it what was read, and begin to watch."""
        is_new = not self.initialized
        super().init()
        self.sock.settimeout(SEND_SECONDS)
        unreader = self.parser.unreader
        if is_new:
            unreader.max_body_chunk = PIECE_BYTES
            unreader.sock = PacedSocket(self.sock, slowest=lambda: self.worker.slowest(self.held))
        unreader.sock.begin()
        if self.head:
            unreader.unread(self.head)
            self.head = b""


class LaneWorker(ThreadWorker):
    """gunicorn's worker with threads, with a lane for each kind of request."""

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """Make the threads of all lanes; gunicorn knows those of pages."""
        self.posts = ThreadPoolExecutor(self.cfg.threads, thread_name_prefix="post")
        self.uploads = ThreadPoolExecutor(UPLOAD_THREADS, thread_name_prefix="upload")
        self.queue: deque[LaneConn] = deque()
        self.in_hand = self.held_bytes = 0
        return ThreadPoolExecutor(self.cfg.threads, thread_name_prefix="page")

    def slowest(self, size: int) -> int:
        """Return the bytes a second below which the sender of so many bytes is cut off just now."""
        return max(SLOWEST_IN_A_QUEUE, size // LONGEST_IN_A_QUEUE) if self.queue else SLOWEST

    def accept(self, listener: socket) -> None:
        """Take a connection and wait for its first lines without a thread."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        self._await_head(LaneConn(self.cfg, client, address, listener.getsockname(), worker=self))

    def on_client_socket_readable(self, conn: LaneConn, client: socket) -> None:
        """Begin the next request of a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await_head(conn)

    def _await_head(self, conn: LaneConn) -> None:
        conn.sock.setblocking(False)  # noqa: FBT003  the name of the library
        conn.timeout = time.monotonic() + HEAD_SECONDS
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def on_pending_socket_readable(self, conn: LaneConn, client: socket) -> None:
        """Read on at the first lines; whole ones leave for their lane."""
        try:
            data = conn.sock.recv(HEAD_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conn.head += data
        is_whole = HEAD_END in conn.head
        if data and not is_whole and len(conn.head) <= HEAD_BYTES:
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if is_whole:
            conn.data_ready = True
            self.enqueue_req(conn)
        else:
            self.nr_conns -= 1
            conn.close()

    def enqueue_req(self, conn: LaneConn) -> None:
        """Put a request into its lane."""
        head = conn.head or (conn.parser.unreader.buf.getvalue() if conn.parser else b"")
        size = body_bytes(head)
        if size > WORDS_BYTES:
            conn.held = min(size, MOST_HELD_BYTES)
            self.queue.append(conn)
            self._start_uploads()
        else:
            self._start(self.posts if size else self.tpool, conn)

    def _start_uploads(self) -> None:
        """Start as many uploads as there are threads, and memory, for; the first one always finds its place."""
        while self.queue and self.in_hand < UPLOAD_THREADS:
            if self.in_hand and self.held_bytes + self.queue[0].held > HELD_BYTES:
                return
            conn = self.queue.popleft()
            self.in_hand, self.held_bytes = self.in_hand + 1, self.held_bytes + conn.held
            self._start(self.uploads, conn)

    def _start(self, lane: ThreadPoolExecutor, conn: LaneConn) -> None:
        done = lane.submit(self.handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def finish_request(self, conn: LaneConn, fs: "Future[Any]") -> None:
        """Give the place of an upload to the next one, then go on as gunicorn does."""
        if conn.held:
            self.in_hand, self.held_bytes = self.in_hand - 1, self.held_bytes - conn.held
            conn.held = 0
            self._start_uploads()
        super().finish_request(conn, fs)

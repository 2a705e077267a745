"""Says clearly, before anything slow happens, that the port is taken."""

import errno
import socket
import sys

LAST_PORT = 65535
TAKEN = """
✗ 端口 {port} 已被占用。请换一个端口：PORT={other} make run
  Port {port} is taken. Choose another one: PORT={other} make run
"""
UNUSABLE = """
✗ 不能使用端口 {port}：{reason}
  Port {port} cannot be used: {reason}
"""


def complaint(*, port: str) -> str:
    """Return what to tell the person about this port; empty when the server can have it."""
    if not port.isdigit() or not 0 < int(port) <= LAST_PORT:
        return UNUSABLE.format(port=port, reason=f"1–{LAST_PORT}")
    with socket.socket() as probe:
        # As the server does: a port whose last owner has just gone is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return TAKEN.format(port=port, other=(int(port) % LAST_PORT) + 1)
            return UNUSABLE.format(port=port, reason=error.strerror)
    return ""


if __name__ == "__main__":
    sys.exit(complaint(port=sys.argv[1]) or 0)

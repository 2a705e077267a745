"""Refuses every connection that leaves the machine, so that no test can depend on one or hide one."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


class OutgoingConnectionError(RuntimeError):
    """Raised in place of a connection to another machine."""


def refuse_outside(address: Any) -> None:
    """Raise for an address that is not this machine's own; Unix sockets are files and pass."""
    if isinstance(address, tuple) and not is_local(str(address[0])):
        raise OutgoingConnectionError(f"a test tried to reach {address!r}")


def is_local(host: str) -> bool:
    """Tell whether a host name or address means this machine."""
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def only_this_machine() -> Iterator[None]:
    """Guard connecting, sending and looking up names while the block runs."""
    with (
        mock.patch.object(socket.socket, "connect", _guarded(socket.socket.connect, position=1)),
        mock.patch.object(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex, position=1)),
        mock.patch.object(socket.socket, "sendto", _guarded(socket.socket.sendto, position=-1)),
        mock.patch.object(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo)),
    ):
        yield


def _guarded(original: Any, *, position: int) -> Any:
    def call(*args: Any) -> Any:
        refuse_outside(args[position])
        return original(*args)

    return call


def _guarded_lookup(original: Any) -> Any:
    def call(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not is_local(name):
            raise OutgoingConnectionError(f"a test tried to look up {name!r}")
        return original(host, *args, **kwargs)

    return call

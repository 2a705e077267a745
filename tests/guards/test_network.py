"""Guard: no test reaches another machine, and the guard that says so works."""

import socket

import pytest

from tests.network import OutgoingConnectionError, is_local

# Reserved for documentation: nobody answers there, so a broken guard hurts nobody.
ELSEWHERE = "192.0.2.1"


def test_connecting_elsewhere_is_refused() -> None:
    with socket.socket() as outgoing, pytest.raises(OutgoingConnectionError):
        outgoing.connect((ELSEWHERE, 80))


def test_connecting_elsewhere_by_code_is_refused() -> None:
    with socket.socket() as outgoing, pytest.raises(OutgoingConnectionError):
        outgoing.connect_ex((ELSEWHERE, 80))


def test_sending_a_datagram_elsewhere_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as outgoing, pytest.raises(OutgoingConnectionError):
        outgoing.sendto(b"x", (ELSEWHERE, 53))


def test_looking_up_a_name_is_refused() -> None:
    with pytest.raises(OutgoingConnectionError):
        socket.create_connection(("www.example.org", 80))


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())

        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("", True),
        ("0.0.0.0", False),  # noqa: S104  a table of addresses
        ("10.0.0.1", False),
        ("localhost.example.org", False),
    ],
)
def test_what_is_local(host: str, local: bool) -> None:
    assert is_local(host) is local

"""The port check: a clear sentence in both languages before anything slow happens."""

import socket

import pytest

from scripts.port_free import complaint


def test_a_free_port_is_fine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert complaint(port=str(port)) == ""


def test_a_taken_port_is_told_in_both_languages_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        told = complaint(port=str(port))

    assert f"端口 {port} 已被占用" in told
    assert f"Port {port} is taken" in told
    assert "PORT=" in told


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1", "80 80"])
def test_what_is_no_port(port: str) -> None:
    assert "cannot be used" in complaint(port=port)

"""What one visitor can take of the server: large requests are refused unread, slow ones hold no thread."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import flask
import pytest

from dashboards.app import listening

Address = tuple[str, int]


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    app = flask.Flask("test")
    app.add_url_rule("/", view_func=lambda: "here")
    server = listening(app, host="127.0.0.1", port=0, threads=1, connections=20)
    threading.Thread(target=server.run, daemon=True).start()
    yield "127.0.0.1", int(server.effective_port)
    server.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 70_000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"400"),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_kept(address: Address, head: bytes, status: bytes) -> None:
    with socket.create_connection(address, timeout=60) as visitor:
        visitor.sendall(head)
        assert visitor.recv(1024).split(b" ")[1] == status


def test_slow_visitors_hold_no_thread(address: Address) -> None:
    slow = [socket.create_connection(address, timeout=60) for _ in range(8)]
    for visitor in slow:
        visitor.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
    with socket.create_connection(address, timeout=60) as visitor:
        visitor.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert visitor.recv(1024).split(b" ")[1] == b"200"
    for visitor in slow:
        visitor.close()

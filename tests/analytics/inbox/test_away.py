"""A database that refuses or does not answer: whoever may wait does, nobody else, and never for a wrong password."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from analytics.errors import ConfigError, InboxAwayError
from analytics.inbox import away
from analytics.inbox.away import is_away, patience
from analytics.inbox.database import open_database


def says(text: str, state: str | None = None) -> OperationalError:
    error = psycopg.OperationalError(text)
    error.sqlstate = state
    return OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("text", "state", "gone"),
    [
        ("connection refused", None, True),
        ("FATAL: the database system is starting up", None, True),
        ("terminating connection due to administrator command", "57P01", True),
        ("server closed the connection unexpectedly", "08006", True),
        ("sorry, too many clients already", "53300", True),
        ('FATAL: password authentication failed for user "u"', None, False),
        ('FATAL: database "voc" does not exist', None, False),
        ("disk full", "53100", False),
    ],
)
def test_what_is_away_and_what_is_wrong(text: str, state: str | None, *, gone: bool) -> None:
    assert is_away(says(text, state)) is gone


def test_a_locked_file_is_not_away(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        open_database(f"sqlite:///{tmp_path}")  # a folder
    assert not isinstance(caught.value, InboxAwayError)


@pytest.fixture
def port() -> int:
    """A port at which nobody listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_who_does_not_wait_is_told_at_once(port: int) -> None:
    with pytest.raises(InboxAwayError, match=r"refused.*; start the database and do this again") as caught:
        open_database(f"postgresql://u:geheim@127.0.0.1:{port}/inbox")
    assert "geheim" not in str(caught.value)


@pytest.fixture
def late(port: int) -> Iterator[tuple[int, list[float]]]:
    """Somebody who begins to listen after a while, and says no to whoever comes then; and when they came."""
    came: list[float] = []
    ready = threading.Timer(0.6, lambda: None)

    def serve() -> None:
        ready.join()
        with socket.create_server(("127.0.0.1", port)) as server:
            server.settimeout(20)
            connection, _ = server.accept()
            came.append(time.monotonic())
            with connection:
                connection.recv(8)
                connection.sendall(b"N")  # no TLS
                connection.recv(500)
                fields = b'SFATAL\0C28P01\0Mpassword authentication failed for user "u"\0\0'
                connection.sendall(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)

    thread = threading.Thread(target=serve)
    ready.start()
    thread.start()
    yield port, came
    thread.join()


def test_who_waits_gets_in_when_it_is_back_and_not_with_a_wrong_password(late: tuple[int, list[float]]) -> None:
    port, came = late
    began = time.monotonic()
    with patience(15), pytest.raises(ConfigError, match="password authentication failed") as caught:
        open_database(f"postgresql://u:geheim@127.0.0.1:{port}/inbox")
    assert not isinstance(caught.value, InboxAwayError)
    assert came and came[0] - began > 0.3


def test_a_server_that_never_answers_is_left(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.inbox.database.CONNECT_SECONDS", 2)  # libpq's least
    with socket.create_server(("127.0.0.1", port)):
        began = time.monotonic()
        with pytest.raises(InboxAwayError, match="timeout"):
            open_database(f"postgresql://u@127.0.0.1:{port}/inbox")
    assert time.monotonic() - began < 60  # seconds of the clock, on a machine with other work


def test_patience_ends(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(away, "_LONGEST_PAUSE_SECONDS", 0.1)
    with patience(0.4), pytest.raises(InboxAwayError):
        open_database(f"postgresql://u@127.0.0.1:{port}/inbox")

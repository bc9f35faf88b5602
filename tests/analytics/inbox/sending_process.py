"""A process that raises alerts and sends them to a counter, and may be killed anywhere; forked, as imports are dear."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analytics.inbox import Inbox, NewAlert, Policy

START = dt.datetime(2026, 9, 20, 2, tzinfo=dt.UTC)
POINTS = ("raised", "claimed", "posted", "marked")
AT_ONCE = Policy(doubt_minutes=1e-9)
"""A claim is in doubt at once: one process at a time, and the one before is dead."""

At = Callable[[str], None]


def spike(number: int) -> NewAlert:
    return NewAlert(
        alert_id=f"a{number}", spike_id=f"s{number}", kind="keyword", key=f"词{number}", channel="*", severity="high",
        title="「词」", body="一", n_contacts=20, started_at=START,
    )  # fmt: skip


def work(url: str, n_alerts: int, receiver: Path, at: At, policy: Policy = AT_ONCE) -> None:
    """Raise the alerts one by one, sending what is due after each."""
    inbox = Inbox(url, policy)
    for number in range(n_alerts):
        inbox.raise_alerts([spike(number)], now=START, send=True, ways=("hook",))
        at("raised")
        now = dt.datetime.now(dt.UTC)
        for delivery in [*inbox.in_doubt(now), *inbox.pending(now)]:
            alert_id = delivery.alert.alert_id
            if not inbox.claim(alert_id, "hook", dt.datetime.now(dt.UTC)):
                continue
            at("claimed")
            post(receiver, f"{delivery.delivery_id} {int(delivery.possible_repeat)}")
            at("posted")
            inbox.mark_sent(alert_id, "hook", dt.datetime.now(dt.UTC))
            at("marked")
    inbox.close()


def post(receiver: Path, line: str) -> None:
    """Send one request over HTTP and wait for its answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(receiver))
        body = line.encode()
        connection.sendall(b"POST /hook HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert connection.recv(64).startswith(b"HTTP/1.1 200")


def kill_at(point: str, nth: int) -> At:
    """Return what kills this process when it comes to a point for the nth time."""
    seen: Counter[str] = Counter()

    def at(here: str) -> None:
        seen[here] += 1
        if here == point and seen[here] == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


def start(task: Callable[[], None]) -> int:
    """Do a task in a process of its own; return its id."""
    process = os.fork()
    if process == 0:
        try:
            task()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return process


def end_of(process: int) -> int:
    """Wait for a process; return its exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


@contextmanager
def receiver(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Run an HTTP server in a process of its own; yield its socket and the file of the lines it got."""
    address, log = folder / "hook", folder / "got.txt"
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(address))
    server.listen(64)

    def serve() -> None:
        with log.open("a") as got:
            while True:
                connection, _ = server.accept()
                with connection:
                    request = connection.recv(4096).split(b"\r\n\r\n")
                    if len(request) == 2 and request[1]:
                        got.write(request[1].decode() + "\n")
                        got.flush()
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    process = start(serve)
    try:
        yield address, log
    finally:
        os.kill(process, signal.SIGKILL)
        end_of(process)
        server.close()

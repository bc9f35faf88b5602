"""The inbox on a real PostgreSQL server that goes away and comes back, and Airflow's metadata beside it.

    .venv/bin/python -m benchmarks.postgres_away --seconds 300 [--airflow]

A server of its own is made in a temporary folder, at a loopback port. Alerts are raised and told over it, somebody
decides, the server is stopped for `--seconds` while notify is in the middle and alert is about to begin, and started
again. Nothing may be lost and nothing be told twice. Where PostgreSQL is not installed, it says how to get it and
ends with 0.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import importlib.util
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

from analytics.alert_settings import InboxSettings
from analytics.errors import InboxAwayError
from analytics.inbox import Inbox
from analytics.notify_settings import ChannelSettings, NotifySettings
from analytics.settings import Settings
from dashboards.data.alerts import Alerts
from jobs import alert, notify, publish

ROOT = Path(__file__).parents[1]
N_SPIKES = 20
OWNER = "postgres"
"""PostgreSQL refuses to run as root; Debian's package makes this user."""


def _small_lake() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_lake", ROOT / "tests" / "small_lake.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ROWS = _small_lake()
DAY: dt.date = ROWS.DAY
NOW: dt.datetime = ROWS.at(9, day=DAY + dt.timedelta(days=1))


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server in a folder; stopped at once, as by a crash, and started again."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Its address for SQLAlchemy."""
        return f"postgresql://kesheng@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as its own user."""
        as_owner = ["runuser", "-u", OWNER, "--"] if os.getuid() == 0 else []
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        subprocess.run([*as_owner, str(self.programs / program), *arguments], check=True, **quiet)  # type: ignore[call-overload]

    def make(self) -> None:
        """Make the database."""
        if os.getuid() == 0:
            shutil.chown(self.folder, OWNER)
        self.run("initdb", "-D", str(self.folder / "data"), "-U", "kesheng", "-A", "trust")

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        how = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-w", "-o", how, "start")

    def stop(self) -> None:
        """Stop it without any farewell."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, or None."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return known[-1] if known else None


@contextlib.contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Yield a running server of its own; stopped at the end."""
    place = programs()
    assert place is not None
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        found = Server(place, folder, int(probe.getsockname()[1]))
    found.make()
    found.start()
    try:
        yield found
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            found.stop()


class Robot:
    """A webhook that counts what came, and calls `between` after so many messages."""

    def __init__(self) -> None:
        self.came: Counter[str] = Counter()
        self.after: tuple[int, Any] | None = None
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                robot.came[self.headers["Idempotency-Key"]] += 1
                if robot.after and sum(robot.came.values()) == robot.after[0]:
                    robot.after[1]()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *said: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


def site(home: Path, url: str, robot: str, wait_seconds: float) -> Settings:
    """Return settings of a home whose lake has two days with alarms, all told to the robot."""
    found = Settings(
        home=home,
        inbox=InboxSettings(url=url, wait_seconds=wait_seconds),  # type: ignore[arg-type]
        notify=NotifySettings(channels={"robot": ChannelSettings(kind="webhook", url=robot)}),
    )
    for day in (DAY, DAY + dt.timedelta(days=1)):
        contacts = ROWS.contacts(N_SPIKES, day)
        ROWS.write(found.lake, "contact", contacts)
        ROWS.write(found.lake, "utterance", ROWS.turns(contacts, ["面膜敷完好红"]))
        ROWS.write(found.lake, "contact_mood", ROWS.moods(contacts, ["negative"]))
        ROWS.write(found.lake, "spike", [_spike(day, number, contacts) for number in range(N_SPIKES)])
    return found


def _spike(day: dt.date, number: int, contacts: list[dict[str, Any]]) -> dict[str, Any]:
    ids = [contact["contact_id"] for contact in contacts[number : number + 1]]
    more = {"day": day, "started_at": ROWS.at(12, day=day), "bucket_seconds": 3600, "related": []}
    numbers = {"observed": 24.0, "expected": 0.2, "p_value": 1e-9, "q_value": 1e-6, "n_contacts": len(ids)}
    named = {"spike_id": f"{day:%m%d}-{number}", "kind": "keyword", "key": f"甲{day:%d}乙{number}", "channel": "*"}
    return more | numbers | named | {"contact_ids": ids}


def trial(found: Server, home: Path, seconds: float) -> list[tuple[str, str]]:
    """Go the whole way once with the server there, once with it away in the middle; return what was seen."""
    robot, seen = Robot(), []
    settings = site(home, found.url, robot.url, wait_seconds=seconds * 3 + 60)
    told = alert.run(settings, DAY, DAY, send=True, now=NOW)
    sent = notify.run(settings, now=NOW)
    publish.run(settings)
    seen.append(("alerts raised, told, webhook calls", f"{told['new']}, {sent['sent']}, {sum(robot.came.values())}"))
    inbox = Inbox(found.url)
    first = inbox.alerts()[0].alert_id
    inbox.acknowledge(first, "lin", NOW)

    next_day = DAY + dt.timedelta(days=1)
    alert.run(settings, next_day, next_day, send=True, now=NOW + dt.timedelta(days=1))
    away = threading.Event()

    def cut() -> None:
        found.stop()
        away.set()
        threading.Timer(seconds, found.start).start()

    robot.after = (N_SPIKES + N_SPIKES // 2, cut)
    pages, watcher = [], threading.Thread(target=lambda: pages.extend(_pages(settings, away)))
    watcher.start()
    began = time.monotonic()
    sent = notify.run(settings, now=NOW + dt.timedelta(days=1))
    seen.append(("away while notify sends: sent, unsent, waited s",
                 f"{sent['sent']}, {sent['unsent']}, {time.monotonic() - began:.0f}"))  # fmt: skip
    watcher.join()
    seen.append(("pages meanwhile: is_away, longest answer s", f"{pages[0]}, {pages[1]:.2f}"))
    twice = [name for name, n in robot.came.items() if n > 1]
    seen.append(
        ("messages in all, sent twice, lost", f"{len(robot.came)}, {len(twice)}, {2 * N_SPIKES - len(robot.came)}")
    )
    seen.append(("decision of before is there", str(_state(inbox, first))))
    seen.append(("page after it is back", str(not Alerts(found.url).is_away)))
    seen.append(_alert_cut(settings, found, next_day))
    seen.append(_alert_too_long(settings, found))
    return seen


def _alert_cut(settings: Settings, found: Server, day: dt.date) -> tuple[str, str]:
    """Stop the server before alert begins; it waits, and raises nothing twice."""
    before = len(Inbox(found.url).alerts())
    found.stop()
    timer = threading.Timer(5, found.start)
    timer.start()
    told = alert.run(settings, day, day, send=True, now=NOW + dt.timedelta(days=1))
    timer.join()
    return (
        "alert begun while away: new, alerts before and after",
        f"{told['new']}, {before}, {len(Inbox(found.url).alerts())}",
    )


def _alert_too_long(settings: Settings, found: Server) -> tuple[str, str]:
    """Stop the server for longer than a job waits; it says so."""
    short = settings.model_copy(update={"inbox": settings.inbox.model_copy(update={"wait_seconds": 2.0})})
    found.stop()
    try:
        notify.run(short, now=NOW + dt.timedelta(days=1))
    except InboxAwayError as error:
        return "away for longer than inbox.wait_seconds", f"InboxAwayError, exit code {error.exit_code}"
    finally:
        found.start()
    return "away for longer than inbox.wait_seconds", "no error"


def _state(inbox: Inbox, alert_id: str) -> str:
    return next((row.state for row in inbox.alerts() if row.alert_id == alert_id), "lost")


def _pages(settings: Settings, away: threading.Event) -> tuple[bool, float]:
    """Ask as a page does while the server is away; return whether it was told, and the longest answer."""
    alerts = Alerts(settings.inbox_url)
    assert alerts.inbox is not None
    away.wait()
    longest, told = 0.0, False
    for _ in range(20):
        began = time.monotonic()
        told |= alerts.inbox is None and alerts.is_away
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.05)
    return told, longest


def airflow_migrates(found: Server, home: Path) -> tuple[str, str]:
    """Make Airflow's metadata database on the server; return what came of it."""
    address = found.url.replace("postgresql://", "postgresql+psycopg://")
    environ = os.environ | {
        "AIRFLOW_HOME": str(home / "airflow"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": address,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": address,  # else Airflow asks for asyncpg; psycopg can do both
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"], env=environ, capture_output=True, text=True, check=False
    )
    last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] if done.returncode else []
    return "airflow db migrate on PostgreSQL: exit code, s", f"{done.returncode}, {time.monotonic() - began:.0f} {last}"


def main() -> int:
    """Run the trial and print it as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0, help="how long the server is away")
    parser.add_argument("--airflow", action="store_true", help="make Airflow's metadata on it, too")
    given = parser.parse_args()
    if programs() is None:
        print("skipped: PostgreSQL is not installed; apt-get install postgresql")
        return 0
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home, server(Path(folder)) as found:
        with contextlib.redirect_stderr(io.StringIO()):  # the console is told all messages, too
            seen = trial(found, Path(home), given.seconds)
        if given.airflow:
            seen.append(airflow_migrates(found, Path(home)))
    print(f"| PostgreSQL away for {given.seconds:g} s | seen |\n|---|---|")
    for what, value in seen:
        print(f"| {what} | {value} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The jobs without Spark under kill -9, each as a process of its own, on a home with two analysed days."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import os
import shutil
import tarfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.errors import ConfigError
from analytics.notify_settings import ChannelSettings, NotifySettings
from analytics.schema import TABLES
from analytics.settings import PROJECT, Settings
from analytics.warehouse import lake_files
from benchmarks.faults_home import Content, content_of
from benchmarks.faults_kill import Tally
from benchmarks.faults_trials import Trial
from jobs import alert, notify, publish
from jobs.backup import back_up, bring_back
from jobs.collect import collect_source
from jobs.erase import erase_person
from jobs.retention import apply_retention
from jobs.sources.erasures import unfinished
from jobs.window import Window

PLAIN = ("collect", "publish", "alert", "notify", "erase", "retention", "backup", "restore")
KEEP_DAYS = 1
N_ALERTS = 8
RECEIVED = "received.jsonl"
_ADDRESS = "FAULTS_HOOK"


class Place(Protocol):
    """Where the homes are (`benchmarks.faults.Place`)."""

    root: Path

    @property
    def settings(self) -> Settings:
        """Of the home that is tried on."""

    @property
    def log(self) -> Path:
        """What was said."""

    def state(self, job: str) -> Path:
        """Return the home before a job."""


def prepare_plain(place: Place, analysed: Path, window: Window) -> None:
    """Make the homes that these jobs begin on, of one with analysed days."""
    shutil.copyfile(PROJECT / "settings.toml", place.root / "settings.toml")
    os.environ["KESHENG_SETTINGS"] = str(place.root / "settings.toml")
    os.environ[_ADDRESS] = _receiving(place.settings.home / RECEIVED)
    if place.state("restore").exists():
        return
    for name in ("plain", "collect", "notify", "restore"):
        shutil.rmtree(place.state(name), ignore_errors=True)
    shutil.copytree(analysed, place.state("plain"))
    _plant_spikes(place.state("plain") / "lake", window)
    (place.state("plain") / "inbox.db").unlink(missing_ok=True)
    shutil.copytree(place.state("plain") / "demo", place.state("collect") / "demo")
    shutil.copytree(place.state("plain"), place.state("notify"))
    told = _with_hook(place.settings.model_copy(update={"home": place.state("notify")}))
    alert.run(told, window.first, window.last, send=True)
    private = place.state(".restore")
    private.mkdir(parents=True, exist_ok=True)
    (private / "kept.tar.gz").unlink(missing_ok=True)
    back_up(told, private / "kept.tar.gz")
    private.rename(place.state("restore"))


def plain_trial(place: Place, job: str, window: Window) -> Trial:
    """Return the trial of a job without Spark."""
    settings = _with_hook(place.settings)
    works: dict[str, Callable[[], object]] = {
        "collect": lambda: collect_source("all", settings),
        "alert": lambda: alert.run(settings, window.first, window.last, send=True),
        "publish": lambda: publish.run(settings),
        "notify": lambda: _notify(settings),
        "erase": lambda: _erase(settings),
        "retention": lambda: _retain(settings, window),
        "backup": lambda: _back_up(settings),
        "restore": lambda: _restore(settings),
    }

    def work() -> None:
        works[job]()

    compared: Callable[[Settings], Content] = (
        _with_warehouse if job in ("publish", "erase", "retention") else content_of
    )
    compared = {"backup": _archived, "notify": _sent, "restore": _restored}.get(job, compared)
    state = place.state(job if place.state(job).exists() and job in ("collect", "notify", "restore") else "plain")
    return Trial(job, settings, state, lambda _: work, place.log, compared=compared, after_each=_told(job))


def _told(job: str) -> Callable[[Settings, Tally], None] | None:
    return _count_messages if job == "notify" else None


def _count_messages(settings: Settings, tally: Tally) -> None:
    """Count what the receiver got twice, and what of it says in its words that it may be a repeat."""
    seen: dict[str, str] = {}
    for line in (settings.home / RECEIVED).read_text(encoding="utf-8").splitlines():
        message = json.loads(line)
        delivery = _delivery(message)
        if delivery in seen:
            is_marked = json.dumps(message, sort_keys=True) != seen[delivery]
            tally.repeated += is_marked
            tally.twice += not is_marked
        seen.setdefault(delivery, json.dumps(message, sort_keys=True))


def _delivery(message: dict[str, Any]) -> str:
    """Return a message's number, wherever the receiver's format has it."""
    if "delivery_id" in message:
        return str(message["delivery_id"])
    return next((found for part in message.values() if isinstance(part, dict) and (found := _delivery(part))), "")


def _with_warehouse(settings: Settings) -> Content:
    return content_of(settings, warehouse=True)


def _with_hook(settings: Settings) -> Settings:
    channel = ChannelSettings(kind="webhook", url="${" + _ADDRESS + "}", per_minute=6000)
    return settings.model_copy(update={"notify": NotifySettings(channels={"hook": channel})})


def _plant_spikes(lake: Path, window: Window) -> None:
    """Write spikes of real contacts: two quiet days have none of their own."""
    day = window.last
    files = [str(file) for file in lake_files(lake, "contact") if f"day={day}" in str(file)]
    ids = [
        str(row[0]) for row in duckdb.execute("SELECT contact_id FROM read_parquet(?) ORDER BY 1", [files]).fetchall()
    ]
    at = dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC)
    rows = [
        {
            "day": day, "spike_id": f"planted{n}", "kind": "keyword", "key": f"词{n}", "channel": "*", "started_at": at,
            "bucket_seconds": 3600, "observed": 12.0, "expected": 0.2, "p_value": 1e-9, "q_value": 1e-6,
            "n_contacts": 12, "contact_ids": ids[n * 4 : n * 4 + 12], "related": [],
        }
        for n in range(N_ALERTS)
    ]  # fmt: skip
    folder = lake / "spike" / f"day={day}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    table = pa.Table.from_pylist(rows, schema=TABLES["spike"].arrow()).drop_columns(["day"])
    pq.write_table(table, folder / "part-0.parquet")


def _notify(settings: Settings) -> None:
    """Send; an hour is let pass each time, after which a message in doubt is sent again."""
    tries = settings.home / "tries"
    n_tries = int(tries.read_text()) + 1 if tries.exists() else 1
    tries.write_text(str(n_tries))
    notify.run(settings, now=dt.datetime.now(dt.UTC) + dt.timedelta(hours=n_tries))


def _sent(settings: Settings) -> Content:
    lines = (settings.home / RECEIVED).read_text(encoding="utf-8").splitlines()
    found = content_of(settings).rows.get("inbox/delivery", Counter())
    states = Counter({"sent": sum('"sent"' in line or '"state": "sent"' in line for line in found.elements())})
    return Content({"received": Counter({_delivery(json.loads(line)): 1 for line in lines}), "inbox": states})


def _erase(settings: Settings) -> None:
    """Erase the person of the contact that comes first; what a killed run left undone is gone on with."""
    chosen = settings.home / "chosen"
    if not chosen.exists():
        files = [str(file) for file in lake_files(settings.lake, "contact")]
        key = duckdb.execute("SELECT min(contact_id) FROM read_parquet(?)", [files]).fetchall()[0][0]
        chosen.write_text(str(key))
    noted = settings.landing / "erased.jsonl"
    if noted.exists() and noted.stat().st_size and not unfinished(settings.landing):
        return
    erase_person(chosen.read_text(), settings, rerun=False)


def _retain(settings: Settings, window: Window) -> None:
    update = {"retention_days": KEEP_DAYS}
    sources = {name: source.model_copy(update=update) for name, source in settings.sources.items()}
    apply_retention(settings.model_copy(update={"sources": sources}), today=window.last + dt.timedelta(days=KEEP_DAYS))


def _back_up(settings: Settings) -> None:
    target = settings.home / "kept.tar.gz"
    if not target.exists():
        back_up(settings, target)


def _archived(settings: Settings) -> Content:
    with tarfile.open(settings.home / "kept.tar.gz") as archive:
        manifest: dict[str, Any] = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
    return Content({"archive": Counter(f"{name} {digest}" for name, digest in manifest["files"].items())})


def _restore(settings: Settings) -> None:
    try:
        bring_back(settings, settings.home / "kept.tar.gz")
    except ConfigError as error:
        if "rows" not in str(error):  # all was back before the kill
            raise


def _restored(settings: Settings) -> Content:
    files = [
        file for file in settings.home.rglob("*") if file.is_file() and file.suffix in (".key", ".parquet", ".json")
    ]
    of_files = Counter(f"{file.relative_to(settings.home)} {file.stat().st_size}" for file in files)
    return Content({**content_of(settings).rows, "files": of_files})


def _receiving(place: Path) -> str:
    """Start a receiver in a process of its own, which writes down what it gets; return its address."""

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with place.open("ab") as file:
                file.write(json.dumps(json.loads(body)).encode() + b"\n")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    parent = os.getpid()
    if os.fork() == 0:
        server.timeout = 1
        while os.getppid() == parent:
            server.handle_request()
        os._exit(0)
    time.sleep(0.1)
    return f"http://127.0.0.1:{server.server_address[1]}/hook"

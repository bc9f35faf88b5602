"""How fast the dashboards are with twenty people clicking, and whether anybody sees an error while a publish goes on.

    python -m benchmarks.dashboards_load FOLDER [--people 20] [--seconds 120] [--think 5] [--publish]

FOLDER is one of `benchmarks.dashboards_mart`. Starts the server on loopback with an inbox of its own, and the people:
each opens the dashboard, then thinks (exponential, mean `--think` seconds) and does one of what people do, by the
shares of `SHARES`, on days, channels, products, topics and numbers taken by chance from what the page offers.
A step is over when nothing more is asked of the server (`benchmarks.dash_person`); drawing in the browser comes on top.
With `--publish` the mart is published again and again meanwhile, each time with a day written anew. Prints a table of
seconds by kind, what the server took of the processor, the slowest answers, and every error; the exit code is 1 if
there was one.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import logging
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import numpy as np

from benchmarks.dash_person import Person
from benchmarks.dashboards_mart import LAST_DAY, publish_mart

SHARES = {"page": 0.25, "filter": 0.2, "link": 0.15, "list": 0.15, "more": 0.1, "conversation": 0.1, "search": 0.05}
_PERIODS_DAYS = (7, 14, 14, 14, 28, 28, 90, 365)
_WORDS = ("退款 没有更新", "快递", "蓝牙 用不了", "充电", "优惠券")
_PAGES = ("open", "page")
_TARGET_SECONDS = {"page": 1.5, "click": 0.5}
_BLOCK = 100
_LEAST_PUBLICATIONS = 2


@dataclass
class Log:
    """What all people did: kind and path of each step, its seconds; and what went wrong."""

    steps: list[tuple[str, str, float]] = field(default_factory=list)
    requests: list[tuple[float, str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, person: Person, seconds: float) -> None:
        """Keep one step."""
        path = str(person.get("url", "pathname"))
        with self.lock:
            self.steps.append((kind, path, seconds))
            self.requests += [(r.seconds, kind, f"{path} {r.output}") for r in person.requests]
            self.wrong += [f"{kind} {path} {r.output}: {r.wrong}" for r in person.requests if r.wrong]
        person.requests.clear()


def behave(address: str, log: Log, chance: random.Random, going: Callable[[], bool], think_seconds: float) -> None:
    """Be one person as long as it goes on."""
    with httpx.Client(base_url=address, timeout=60) as client:
        person = Person(client)
        time.sleep(chance.uniform(0, think_seconds))
        _step("open", person, log, lambda: person.open("/"))
        while going():
            time.sleep(chance.expovariate(1 / think_seconds))
            kind = chance.choices(list(SHARES), list(SHARES.values()))[0]
            act = _ACTS[kind](person, chance)
            if act is not None:
                _step(kind, person, log, act)


def _step(kind: str, person: Person, log: Log, act: Callable[[], None]) -> None:
    began = time.perf_counter()
    try:
        act()
    except (httpx.HTTPError, RuntimeError, KeyError) as error:
        with log.lock:
            log.wrong.append(f"{kind}: {type(error).__name__}: {error}")
        return
    log.add(kind, person, time.perf_counter() - began)


Act = Callable[[], None] | None


def _page(person: Person, chance: random.Random) -> Act:
    link = chance.choice(person.having("nav"))
    return lambda: _go(person, person.get(link, "href"))


def _filter(person: Person, chance: random.Random) -> Act:
    which = chance.choice(("days", "days", "channel", "product"))
    if which == "days":
        n_days = chance.choice(_PERIODS_DAYS)
        last = LAST_DAY - dt.timedelta(days=chance.choice((0, 0, 0, 7, 30)))
        chosen = [(last - dt.timedelta(days=n_days - 1)).isoformat(), last.isoformat()]
        return lambda: person.change(("filter-days", "value", chosen))
    choices = [c["value"] for c in person.get(f"filter-{which}", "data") or []]
    on = [] if chance.random() < 0.4 or not choices else [chance.choice(choices)]
    return lambda: person.change((f"filter-{which}", "value", on))


def _link(person: Person, chance: random.Random) -> Act:
    links = [href for href in person.links() if not href.startswith("/_")]
    href = chance.choice(links) if links else ""
    return (lambda: _go(person, href)) if links else None


def _list(person: Person, chance: random.Random) -> Act:
    numbers = person.having("opens")
    if not numbers:
        return None
    key = chance.choice(numbers)

    def act() -> None:
        person.change((key, "n_clicks", (person.get(key, "n_clicks") or 0) + 1))
        _ask_rows(person, 0)

    return act


def _more(person: Person, chance: random.Random) -> Act:
    return (lambda: _ask_rows(person, _BLOCK)) if person.having("contacts") else None


def _conversation(person: Person, chance: random.Random) -> Act:
    for grid in person.having("contacts"):
        rows = (person.get(grid, "getRowsResponse") or {}).get("rowData") or []
        if rows:
            row = chance.choice(rows)
            clicked = {"rowId": row["contact_id"], "colId": "text", "value": ""}
            return lambda grid=grid: person.change((grid, "cellClicked", clicked))
    return None


def _search(person: Person, chance: random.Random) -> Act:
    if not any(json.loads(key)["path"] == "/voices" for key in person.having("nav")):
        return None

    def act() -> None:
        _go(person, "/voices?" + urlencode({"says": chance.choice(_WORDS)}))
        _ask_rows(person, 0)

    return act


_ACTS: dict[str, Callable[[Person, random.Random], Act]] = {
    "page": _page, "filter": _filter, "link": _link, "list": _list, "more": _more, "conversation": _conversation,
    "search": _search,
}  # fmt: skip


def _go(person: Person, href: str) -> None:
    parts = urlsplit(href)
    search = f"?{urlencode(parse_qsl(parts.query, keep_blank_values=True))}" if parts.query else ""
    person.change(("url", "pathname", parts.path), ("url", "search", search))


def _ask_rows(person: Person, start: int) -> None:
    for grid in person.having("contacts")[-1:]:
        asked = {"startRow": start, "endRow": start + _BLOCK, "sortModel": [], "filterModel": {}}
        person.change((grid, "getRowsRequest", asked))


@contextlib.contextmanager
def server(folder: Path, threads: int) -> Iterator[str]:
    """Serve the mart on a free port of loopback; yield the address."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as home:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "dashboards.app", "--port", str(port), "--inbox", f"sqlite:///{home}/inbox.db"]
        command += ["--warehouse", str(folder / "warehouse" / "voc.duckdb")]
        environment = {"KESHENG_HOME": home, "KESHENG_SERVE__THREADS": str(threads)}
        process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
        try:
            _wait(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(address: str) -> None:
    for _ in range(120):
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(address, timeout=5)
            return
        time.sleep(0.25)
    raise TimeoutError(f"dashboard: expected an answer at {address} within 30 s, got none")


def keep_publishing(folder: Path, going: Callable[[], bool], published: list[float]) -> None:
    """Publish again and again, each time with another day's turns written anew."""
    day = LAST_DAY
    while going():
        for file in (folder / "lake" / "utterance" / f"day={day}").glob("*.parquet"):
            again = file.with_name(f"_{file.name}")
            again.write_bytes(file.read_bytes())
            again.replace(file)
        published.append(publish_mart(folder))
        day -= dt.timedelta(days=1)


def report(log: Log) -> None:
    """Print seconds by kind of step."""
    print("| step | n | p50 s | p95 s | most s |\n| --- | --- | --- | --- | --- |")
    groups: dict[str, list[float]] = {}
    for kind, path, seconds in log.steps:
        groups.setdefault("**page**" if kind in _PAGES else "**click**", []).append(seconds)
        groups.setdefault(f"{kind} {path}" if kind in _PAGES else kind, []).append(seconds)
    for name, seconds in sorted(groups.items()):
        p50, p95 = np.percentile(seconds, [50, 95])
        print(f"| {name} | {len(seconds)} | {p50:.2f} | {p95:.2f} | {max(seconds):.2f} |")
    print("\nslowest answers:")
    for seconds, kind, what in sorted(log.requests, reverse=True)[:8]:
        print(f"  {seconds:.2f} s  {kind}  {what}")
    print(f"\nerrors: {len(log.wrong)}")
    for what, n in Counter(log.wrong).most_common(10):
        print(f"  {n} x {what}")


def main(arguments: list[str] | None = None) -> int:
    """Run people against a server and print what they met."""
    given = _parser().parse_args(arguments)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    log, published = Log(), []
    with server(given.folder, given.threads) as address:
        until = time.monotonic() + given.seconds

        def going() -> bool:
            """Whether the time is not over, or no two publications were met yet."""
            return time.monotonic() < until or (given.publish and len(published) < _LEAST_PUBLICATIONS)

        people = [
            threading.Thread(
                target=behave, args=(address, log, random.Random(given.seed * 1000 + i), going, given.think)
            )
            for i in range(given.people)
        ]
        if given.publish:
            people.append(threading.Thread(target=keep_publishing, args=(given.folder, going, published)))
        for thread in people:
            thread.start()
        for thread in people:
            thread.join()
    print(
        f"{given.people} people, {given.seconds:.0f} s, thinking {given.think:g} s on average; {len(log.steps)} steps"
    )
    if published:
        print(f"{len(published)} publications, {np.median(published):.0f} s each (median)")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime
    each, load = seconds / max(len(log.steps), 1), os.getloadavg()[0]
    print(f"server: {seconds:.0f} processor seconds, {each:.2f} a step; load of the machine {load:.1f}\n")
    report(log)
    return 1 if log.wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboards_load", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--think", type=float, default=5, help="mean seconds between steps")
    parser.add_argument("--publish", action="store_true", help="publish again and again meanwhile")
    parser.add_argument("--threads", type=int, default=8, help="of the server")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())

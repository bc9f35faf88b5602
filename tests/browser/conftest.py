"""A real browser on a real server over a made-up warehouse; everything the page asks for or complains of is kept."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import waitress
from playwright.sync_api import Browser, Page, sync_playwright
from waitress import wasyncore

from analytics.inbox import Inbox, NewAlert
from dashboards.access.gate import Gate
from dashboards.app import create_app

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
ZONE = "Asia/Shanghai"


@dataclass
class Visit:
    """A tab, the address of the site, and what went wrong in it."""

    page: Page
    base: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.page.wait_for_selector("#page .card, #page .empty")
        self.page.wait_for_load_state("networkidle")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("chromium is missing: apt-get install chromium fonts-noto-cjk", pytrace=False)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield found
        found.close()


def _serve(warehouse: Path, inbox_url: str = "sqlite:///no/such/inbox.db", gate: Gate | None = None) -> Iterator[str]:
    app = create_app(warehouse, inbox_url, ZONE, gate=gate)
    sockets: dict[int, Any] = {}
    server = waitress.create_server(app.server, map=sockets, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    # Closed by the thread that listens: closed under its feet, its select() fails on a bad file descriptor.
    server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
    thread.join(timeout=5)
    assert not thread.is_alive(), "the server of the tests does not stop"
    server.task_dispatcher.shutdown()


@pytest.fixture(scope="session")
def address(warehouse: Path) -> Iterator[str]:
    yield from _serve(warehouse)


@pytest.fixture(scope="session")
def empty_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from _serve(tmp_path_factory.mktemp("nothing") / "voc.duckdb")


@pytest.fixture(scope="session")
def deciding_address(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('inbox') / 'inbox.db'}"
    Inbox(url).close()
    yield from _serve(warehouse, url)


def _visit(browser: Browser, base: str) -> Iterator[Visit]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(12_000)
    visit = Visit(page, base)
    page.on("request", lambda r: None if r.url.startswith((base, "data:", "blob:")) else visit.foreign.append(r.url))
    page.on("response", lambda r: visit.complaints.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.on("console", lambda m: visit.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: visit.complaints.append(str(e)))
    yield visit
    page.close()
    assert visit.foreign == []
    assert visit.complaints == []


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A tab; the test fails if the page asked another host for anything or wrote an error to the console."""
    yield from _visit(browser, address)


@pytest.fixture
def deciding_visit(browser: Browser, deciding_address: str) -> Iterator[Visit]:
    """A tab on a site with an inbox, where people can decide."""
    yield from _visit(browser, deciding_address)


@pytest.fixture
def empty_visit(browser: Browser, empty_address: str) -> Iterator[Visit]:
    """A tab on a site without a warehouse."""
    yield from _visit(browser, empty_address)


@pytest.fixture
def duty_inbox(tmp_path: Path) -> Iterator[tuple[Inbox, str]]:
    """An inbox with two open alerts of the made-up warehouse, and its address."""
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    inbox, at = Inbox(url), dt.datetime(2026, 10, 4, 2, tzinfo=dt.UTC)
    known = {"severity": "high", "body": "原声", "started_at": at, "n_contacts": 30, "observed": 30.0, "expected": 0.4}
    mask = NewAlert(alert_id="a1", spike_id="s1", key="呛口小辣椒面膜", kind="keyword", channel="*",
                    title="「呛口小辣椒面膜」激增", **known)  # type: ignore[arg-type]  # fmt: skip
    ship = NewAlert(alert_id="a2", spike_id="s3", key="t01", kind="topic", channel="app",
                    title="物流激增", **known)  # type: ignore[arg-type]  # fmt: skip
    inbox.raise_alerts([mask, ship], now=at, send=False)
    yield inbox, url
    inbox.close()


@pytest.fixture
def duty_visit(browser: Browser, warehouse: Path, duty_inbox: tuple[Inbox, str]) -> Iterator[Visit]:
    """A tab on a site whose inbox is `duty_inbox`."""
    for address in _serve(warehouse, duty_inbox[1]):
        yield from _visit(browser, address)

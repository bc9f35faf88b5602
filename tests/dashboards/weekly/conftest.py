"""A warehouse with what a weekly report needs beside the made-up one: parts of indicators, a forecast, an inbox."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from types import ModuleType

import duckdb
import pandas as pd
import pytest

from analytics.inbox import Inbox, NewAlert
from analytics.schema import TABLES
from analytics.signals.kpis import kpi_tables, needed_columns
from dashboards.pages import PAGES
from dashboards.site import Site

ZONE = "Asia/Shanghai"
MONDAY = dt.date(2026, 9, 28)


@pytest.fixture(scope="session")
def whole(made_up: ModuleType, warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(warehouse, tmp_path_factory.mktemp("weekly") / "voc.duckdb"))
    rows = pd.DataFrame(made_up.contacts(), columns=needed_columns())
    days = [MONDAY + dt.timedelta(days=i) for i in range(-7, 7)]
    cube = kpi_tables(rows, days=days).cube
    noon = dt.datetime(2026, 10, 4, 16, tzinfo=dt.UTC)
    hours = [
        {"day": dt.date(2026, 10, 4), "hour": noon + dt.timedelta(hours=i), "channel": "*", "made_at": noon,
         "expected": 4.0, "low": 2.0, "high": 7.0} for i in range(24 * 7)
    ]  # fmt: skip
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM kpi_cube; DELETE FROM forecast_hour")
        connection.register("cube", cube)
        connection.execute("INSERT INTO kpi_cube BY NAME SELECT * FROM cube")
        connection.register("hours", pd.DataFrame(hours)[TABLES["forecast_hour"].arrow().names])
        connection.execute("INSERT INTO forecast_hour BY NAME SELECT * FROM hours")
    return path


@pytest.fixture(scope="session")
def inbox_url(made_up: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('weekly') / 'inbox.db'}"
    started = made_up.local(dt.date(2026, 10, 4), 10)
    alert = NewAlert(
        alert_id="w1", spike_id="s1", kind="keyword", key="呛口小辣椒面膜", severity="high", channel="*",
        title="「呛口小辣椒面膜」31 次，预期 0.4", body="数量：31 次", started_at=started, n_contacts=31,
    )  # fmt: skip
    inbox = Inbox(url)
    inbox.raise_alerts([alert], now=started, send=False)
    inbox.acknowledge("w1", "小李", started + dt.timedelta(minutes=20))
    inbox.close()
    return url


@pytest.fixture(scope="session")
def site(whole: Path, inbox_url: str) -> Site:
    return Site(whole, inbox_url, ZONE, PAGES)

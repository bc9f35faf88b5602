"""A home with days of history, and an hour's exports that arrive on top: what `benchmarks.increment` measures on.

Two days are simulated and really run. The history is the first of them again and again, by DuckDB SQL: ids and times
are moved by whole days, and a person comes back within a week. Models, topics and registry are those that were learnt.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from analytics.schema import TABLES
from analytics.warehouse.lake_files import quoted

DAY = dt.date(2026, 3, 31)
HOUR = 15
"""The local hour whose contacts arrive; what the day has before it is there already."""
PLANTED = "充电宝鼓包冒烟"
_PLANTED_EVERY = 12
"""One chat in twelve of the hour says the planted words."""

KESHENG = (sys.executable, "-m", "jobs.cli")
_OWN_IDS = ("contact_id", "spike_id", "dip_id")
_THREADS = 2


@dataclass(frozen=True)
class Sizes:
    """Contacts a day of history (and before the hour), and contacts of the hour."""

    day: int = 20_000
    hour: int = 5_000


def make_home(home: Path, sizes: Sizes, n_days: int, run: Callable[[str], object]) -> None:
    """Make `home` as it stands when the hour's contacts are about to come, with `n_days` before `DAY`.

    Parameters
    ----------
    run : callable
        Runs one `kesheng` command line in the home.
    """
    exports, before = home / "demo", DAY - dt.timedelta(days=1)
    _simulated(home, exports, sizes.day, before, 1)
    run("collect all")
    run(f"run --day {before}")
    copy_days(home / "lake", before, [before - dt.timedelta(days=n) for n in range(1, n_days)])
    shutil.rmtree(exports)
    morning = home / "morning"
    _simulated(home, morning, sizes.day, DAY, 2)
    squeezed(morning, exports, since=0, until=HOUR * 3600)
    run("collect all")
    run(f"run --day {DAY}")
    hour = home / "hour"
    _simulated(home, hour, sizes.hour, DAY, 3)
    squeezed(hour, home / "arrival", since=HOUR * 3600, until=(HOUR + 1) * 3600, mark="H", planted=PLANTED)
    for folder in (exports, morning, hour):
        shutil.rmtree(folder)


def with_history(made: Path, home: Path, n_days: int) -> None:
    """Copy a home made by `make_home` (the lake by links), and leave only `n_days` before `DAY`."""
    home.mkdir(parents=True)
    for part in made.iterdir():
        link = "-al" if part.name in ("lake", "landing") else "-a"
        subprocess.run(["cp", link, str(part), str(home / part.name)], check=True)
    for manifest in (home / "landing").rglob("manifest.jsonl"):  # files of it are added to in place
        text = manifest.read_bytes()
        manifest.unlink()
        manifest.write_bytes(text)
    for day in (home / "lake").glob("*/day=*"):
        if dt.date.fromisoformat(day.name.removeprefix("day=")) < DAY - dt.timedelta(days=n_days):
            shutil.rmtree(day)


def arrive(home: Path) -> None:
    """Put the hour's exports where the sources look."""
    shutil.copytree(home / "arrival", home / "demo", dirs_exist_ok=True)


def copy_days(lake: Path, like: dt.date, days: list[dt.date]) -> None:
    """Give each of `days` what `like` has, in every table that has days; ids and times moved."""
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {_THREADS}; SET TimeZone = 'UTC'; SET preserve_insertion_order = true")
        for name, table in TABLES.items():
            files = sorted((lake / name / f"day={like}").glob("*.parquet"))
            if not table.by_day or not files or name == "topic_birth":
                continue
            named = ", ".join(quoted(str(file)) for file in files)
            for day in days:
                target = lake / name / f"day={day}" / "part-0.parquet"
                target.parent.mkdir(parents=True)
                connection.execute(
                    f"COPY (SELECT {_moved(table.arrow(), (like - day).days)}"
                    f" FROM read_parquet([{named}], hive_partitioning = false))"
                    f" TO {quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)"
                )


def _moved(schema: pa.Schema, n_days: int) -> str:
    """Return the columns of a day, `n_days` earlier. Who came on a day came back within the same week, not later."""
    columns = []
    for field in schema:
        name = f'"{field.name}"'
        if field.name == "day":
            continue
        if field.name in _OWN_IDS:
            columns.append(f"{name} || '-{n_days}' AS {name}")
        elif field.name == "contact_ids":
            columns.append(f"list_transform({name}, lambda id: id || '-{n_days}') AS {name}")
        elif field.name in ("id_hash", "person_id"):
            length = f"length({name})"
            columns.append(f"CASE WHEN {n_days} < 7 THEN {name} ELSE left(md5({name} || '{n_days // 7}'), {length})"
                           f" END AS {name}")  # fmt: skip
        elif pa.types.is_timestamp(field.type):
            columns.append(f"{name} - INTERVAL {n_days} DAY AS {name}")
        else:
            columns.append(name)
    return ", ".join(columns)


def _simulated(home: Path, out: Path, n_contacts: int, day: dt.date, seed: int) -> None:
    command = ["simulate", "--out", out, "--contacts-per-day", n_contacts, "--days", 1, "--first-day", day]
    with (home / "log.txt").open("ab") as log:
        subprocess.run([*KESHENG, *map(str, command), "--seed", str(seed)], check=True, stdout=log, stderr=log)


def squeezed(demo: Path, out: Path, *, since: int, until: int, mark: str = "", planted: str = "") -> None:
    """Write the exports of a day with every contact moved so that it starts between two seconds of the day.

    Parameters
    ----------
    mark : str
        Put into ids, so that they are no others'.
    planted : str
        What some chats' customers say besides.
    """

    def moved(starts: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timedelta]:
        midnight = starts.dt.normalize()
        second = (starts - midnight).dt.total_seconds()
        wanted = since + second / 86_400 * (until - since)
        return pd.to_timedelta((wanted - second).round(), unit="s")

    for source in ("chats", "orders"):
        key, at = {"chats": ("session_id", "sent_at"), "orders": ("order_id", "created_at")}[source]
        for file in sorted((demo / source).glob("*.csv")):
            rows = pd.read_csv(file, dtype=str, keep_default_na=False)
            times = [name for name in (at, "closed_at") if name in rows]
            parsed = {name: pd.to_datetime(rows[name].where(rows[name] != "")) for name in times}
            by = moved(parsed[at].groupby(rows[key]).transform("min"))
            said = {name: (parsed[name] + by).dt.strftime("%Y-%m-%d %H:%M:%S").fillna("") for name in times}
            rows = rows.assign(**said, **{key: rows[key].str[:1] + mark + rows[key].str[1:]})
            rows = _with_planted(rows, key, planted) if planted and source == "chats" else rows
            _written(out / source / f"{mark}{file.name}", rows.to_csv(index=False))
    for file in sorted((demo / "calls").glob("*.jsonl")):
        calls = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        by = moved(pd.to_datetime(pd.Series([call["started_at"] for call in calls])))
        lines = [_call(call, step, mark) for call, step in zip(calls, by, strict=True)]
        _written(out / "calls" / f"{mark}{file.name}", "".join(f"{line}\n" for line in lines))


def _with_planted(rows: pd.DataFrame, key: str, planted: str) -> pd.DataFrame:
    first = (rows["speaker"] == "customer") & ~rows[rows["speaker"] == "customer"][key].duplicated().reindex(
        rows.index, fill_value=True
    )
    chosen = first & (first.cumsum() % _PLANTED_EVERY == 0)
    return rows.assign(text=rows["text"].where(~chosen, rows["text"] + "，" + planted))


def _call(call: Mapping[str, object], by: pd.Timedelta, mark: str) -> str:
    times = {name: (pd.Timestamp(str(call[name])) + by).isoformat() for name in ("started_at", "ended_at")}
    call_id = str(call["call_id"])
    return json.dumps({**call, **times, "call_id": call_id[:1] + mark + call_id[1:]}, ensure_ascii=False)


def _written(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")

"""The demo: a simulated service centre through the real DAGs, and what was found in it."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from analytics.errors import ConfigError, StageError
from analytics.settings import PROJECT, Settings, load_settings
from analytics.simulate import Plan
from analytics.simulate import simulate as write_centre
from jobs.findings import print_findings
from jobs.progress import console

SEED = 20260101


def run_demo(days: int, contacts_per_day: int, last_day: str | None) -> None:
    """Simulate (unless the same demo is already there), run collect and analyze, print the findings."""
    settings = load_settings()
    exports = settings.home / "demo"
    wanted = _plan(settings, days, contacts_per_day, last_day)
    plan = _plan_there(exports, wanted, fixed=last_day is not None)
    if plan is None:
        simulate_centre(
            exports, days=days, contacts_per_day=contacts_per_day, first_day=wanted.first_day.isoformat(), seed=SEED
        )
        (exports / "plan.json").write_text(json.dumps(_as_json(wanted)), encoding="utf-8")
        plan = wanted
    else:
        console.print(f"[green]✓[/green] simulated centre is already in {exports}")
    last = plan.first_day + dt.timedelta(days=plan.days - 1)
    _run_dags({"day": plan.first_day.isoformat(), "to": last.isoformat()})
    print_findings(settings.warehouse, settings.timezone)


def simulate_centre(out: Path, *, days: int, contacts_per_day: int, first_day: str | None, seed: int) -> None:
    """Write a simulated centre's exports to `out` with a progress bar; by default they end yesterday."""
    settings = load_settings()
    first = _day(first_day) if first_day else _yesterday(settings.timezone) - dt.timedelta(days=days - 1)
    plan = Plan(first_day=first, days=days, contacts_per_day=contacts_per_day, seed=seed)
    columns = (TextColumn("simulating"), BarColumn(), MofNCompleteColumn(), TextColumn("days"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("days", total=days)
        write_centre(plan, out, progress=lambda _name, done, _total: progress.update(bar, completed=done))


def _plan(settings: Settings, days: int, contacts_per_day: int, last_day: str | None) -> Plan:
    last = _day(last_day) if last_day else _yesterday(settings.timezone)
    return Plan(first_day=last - dt.timedelta(days=days - 1), days=days, contacts_per_day=contacts_per_day, seed=SEED)


def _plan_there(exports: Path, wanted: Plan, *, fixed: bool) -> Plan | None:
    """Return the plan whose data is already there, if it is the wanted one but for the day it ends."""
    path = exports / "plan.json"
    if not path.exists():
        return None
    there = json.loads(path.read_text(encoding="utf-8"))
    found = Plan(**{**there, "first_day": dt.date.fromisoformat(there["first_day"])})
    same = (found.days, found.contacts_per_day) == (wanted.days, wanted.contacts_per_day)
    if not same or (fixed and found.first_day != wanted.first_day):
        raise ConfigError(
            f"{exports} holds another demo ({found.days} days from {found.first_day}, "
            f"{found.contacts_per_day} contacts a day); delete {exports.parent} or set KESHENG_HOME to another folder"
        )
    return found


def _as_json(plan: Plan) -> dict[str, object]:
    return {
        "first_day": plan.first_day.isoformat(),
        "days": plan.days,
        "contacts_per_day": plan.contacts_per_day,
        "seed": plan.seed,
    }


def _run_dags(conf: dict[str, str]) -> None:
    """Run the DAGs in a process of their own (Airflow is no part of the jobs) and show their lines."""
    command = [sys.executable, "-m", "dags.local_run", "collect", "analyze", "--conf", json.dumps(conf)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        assert process.stdout is not None
        with console.status("Airflow"):
            for line in process.stdout:
                _show(line.rstrip())
    if process.returncode != 0:
        raise StageError(f"the DAGs stopped with exit code {process.returncode}; the log named above says where")


def _show(line: str) -> None:
    if " done " in line or line.endswith(" done"):
        console.print(f"[green]✓[/green] {line}")
    elif line:
        console.print(f"[dim]  {line}[/dim]")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"expected a day as 2026-03-01, got {text!r}") from error


def _yesterday(zone: str) -> dt.date:
    return dt.datetime.now(ZoneInfo(zone)).date() - dt.timedelta(days=1)

"""`kesheng analyze`: one file of customer text through the same jobs, into a warehouse and a report of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from analytics.conform import guess_columns, resolve_columns
from analytics.errors import ConfigError, StageError
from analytics.names import ROLE_NAMES
from analytics.publish_settings import PublishSettings
from analytics.sentiment.installed import installed_model
from analytics.settings import PROJECT, Settings, SourceSettings, load_settings
from jobs import alert, publish
from jobs.findings import print_findings
from jobs.java import find_java
from jobs.lake import Lake
from jobs.progress import console, job_progress, step
from jobs.session import spark_session
from jobs.sources.files import RawTable, read_rows
from jobs.sources.landing import collect_files
from jobs.stage import DAILY, run_jobs
from jobs.window import Window

UNDATED_JOBS = ("conform", "identity", "flag", "segment", "sentiment", "categorise", "topics")
"""What can be said of text without a time."""

_SPARSE_CONTACTS_A_DAY = 200
_DAY_HOURS = 24
_FEW_RECORDS = 20_000
"""So many are done before the JVM's optimising compiler would have earned what it costs."""


@dataclass(frozen=True)
class FileToAnalyze:
    """What the command line says: the file, where to put the results, and columns by role."""

    file: Path
    out: Path | None
    columns: Mapping[str, str]
    agent_value: str | None = None
    header: bool = True


def analyze_file(given: FileToAnalyze) -> None:
    """Analyze the file and print what was found; leaves voc.duckdb and report.html in the output folder."""
    settings = load_settings()
    table = read_rows(given.file, header=None if given.header else False)
    columns = _columns(table, given)
    out = _writable(given.out or Path(f"{given.file.stem}-kesheng"))
    find_java()  # before minutes of work that would be in vain without it
    with step("mood model"):
        installed_model(settings.models)
    with tempfile.TemporaryDirectory(prefix=".kesheng-", dir=out) as folder:
        own = _settings_of(settings, given, columns, Path(folder))
        _run_jobs(own, log=settings.spark_log)
        publish.run(own)
        own.warehouse.replace(out / "voc.duckdb")
    with step("report"):
        _write_report(out, given.file.name)
    print_findings(out / "voc.duckdb", settings.timezone)
    console.print(f"报告 {out / 'report.html'}\n数据 {out / 'voc.duckdb'}")


def _columns(table: RawTable, given: FileToAnalyze) -> dict[str, str]:
    """Return role → column and say what was guessed; without a header only what was named is used."""
    named = resolve_columns(table.frame, given.columns)
    columns = guess_columns(table.frame, given.columns) if given.header or "text" not in named else named
    for note in table.notes:
        console.print(f"[dim]{note}[/dim]")
    said = [
        f"{ROLE_NAMES.get(role, role)} = {column}{'' if role in named else '（猜的）'}"
        for role, column in columns.items()
    ]
    console.print(f"读到 {table.n_rows_in:,} 行（{table.encoding or 'xlsx'}）；列：{'，'.join(said)}")
    if "time" not in columns:
        console.print("没有时间列：不做趋势、突增和情绪变化。有时间列的话用 --time 指出来。")
    return columns


def _writable(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            return out.resolve()
    except OSError as error:
        raise ConfigError(f"--out: {out} cannot be written ({error.strerror}); name another folder") from error


def _settings_of(settings: Settings, given: FileToAnalyze, columns: dict[str, str], home: Path) -> Settings:
    """Return settings with the file as the only source and its own home; mood model, words and rules are shared."""
    source = SourceSettings(
        path=str(given.file.resolve()),
        kind="chat" if "contact" in columns else "review",
        columns=dict(columns),
        agent_value=given.agent_value,
        header=given.header,
        prefix_ids=False,
    )
    models = home / "models"
    models.mkdir()
    (models / "sentiment").symlink_to((settings.models / "sentiment").resolve())
    rules = settings.rules.model_copy(update={"folder": settings.rules_folder})
    text = settings.text.model_copy(update={"lexicons": settings.lexicons})
    own: dict[str, object] = {
        "home": home,
        "sources": {"file": source},
        "rules": rules,
        "text": text,
        "kpis": settings.kpis_folder,
        "publish": PublishSettings(verbatims="inside"),  # people send the file around
    }
    return settings.model_copy(update=own)


def _run_jobs(settings: Settings, *, log: Path) -> None:
    with step("reading"):
        landed = collect_files("file", settings.sources["file"], settings.landing, settings.timezone)
    window = Window.covering([day for file in landed for day in file.days])
    n_days = len({day for file in landed for day in file.days})
    n_records = sum(file.n_records for file in landed)
    if n_records < _SPARSE_CONTACTS_A_DAY * n_days:
        # A handful of reviews an hour can only tell by the day.
        spikes = settings.spikes.model_copy(update={"window_hours": (3, _DAY_HOURS), "min_contacts": 5})
        settings = settings.model_copy(update={"spikes": spikes})
    jobs = UNDATED_JOBS if window.undated else DAILY
    with ExitStack() as stack:
        with step("Spark"):
            spark = stack.enter_context(spark_session("kesheng analyze", log=log, short=n_records < _FEW_RECORDS))
        run_jobs(spark, jobs, settings, window, job_progress, lake=Lake(settings.lake, by_day=False))
    alert.run(settings, window.first, window.last, send=False)


def _write_report(out: Path, title: str) -> None:
    command = [sys.executable, "-m", "dashboards.report", str(out / "voc.duckdb"), str(out / "report.html")]
    done = subprocess.run([*command, "--title", title], cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StageError(f"the report could not be written: {done.stderr.strip().splitlines()[-1:]}")

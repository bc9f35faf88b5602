"""The homes, runs and comparisons of `benchmarks.cluster`."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analytics.schema import TABLES
from analytics.warehouse import lake_files, select_sql, table_hash
from benchmarks.cluster_machines import MASTER_ADDRESS, MASTER_URL, PROJECT, SPARK_HOME

FIRST = dt.date(2026, 3, 2)
KESHENG = (sys.executable, "-m", "jobs.cli")
SITE_WORDS = "云端看家 5\n尊享无忧包 5\n"
"""Words of the site's own: workers see them only if they are sent."""
WRITTEN = {
    "segment": {"token"},
    "sentiment": {"turn_mood", "contact_mood"},
    "understand": {"contact_person", "contact_flag", "turn_template", "token", "word", "turn_mood", "contact_mood"}
    | {"category_hit", "category", "contact_topic", "topic_segment", "topic", "topic_event", "topic_day"},
}
"""What the stages write in which somebody is killed."""


@dataclass(frozen=True)
class Runs:
    """Runs over `days` days in homes under `homes`; all they say goes to `log`."""

    homes: Path
    log: Path
    days: int

    @property
    def last(self) -> dt.date:
        """The last day."""
        return FIRST + dt.timedelta(days=self.days - 1)

    def prepare(self, contacts: int) -> None:
        """Make the home `base`, unless it is kept: simulated days in landing, words of the site, the mood model."""
        base = self.homes / "base"
        if (base / "models").is_dir():
            return
        (base / "lexicons").mkdir(parents=True)
        (base / "lake").mkdir()
        (base / "lexicons" / "domain.txt").write_text(SITE_WORDS, encoding="utf-8")
        days = ("--days", str(self.days), "--first-day", str(FIRST), "--contacts-per-day", str(contacts))
        self._run("base", ["simulate", "--out", str(base / "demo"), *days])
        self._run("base", ["collect", "all"])
        train = "import sys; from pathlib import Path; from analytics.sentiment.train import ensure_model as make; "
        subprocess.run([sys.executable, "-c", f"{train}make(Path(sys.argv[1]))", str(base / "models")], check=True)

    def whole(self, home: str, environment: Mapping[str, str]) -> float:
        """Run everything, as a person does; return the seconds."""
        began = time.monotonic()
        self._run(home, ["run", "--day", str(FIRST), "--to", str(self.last)], environment)
        return time.monotonic() - began

    def submit(self, home: str, stage: str) -> subprocess.Popen[str]:
        """Start a stage on the cluster as Airflow does: by spark-submit; its stderr can be read."""
        command = [
            str(SPARK_HOME / "bin" / "spark-submit"),
            *("--master", MASTER_URL, "--name", f"kesheng {stage}"),
            *("--conf", f"spark.pyspark.python={sys.executable}", "--conf", "spark.ui.enabled=false"),
            str(PROJECT / "jobs" / "stage.py"),
            *(stage, "--day", str(FIRST), "--to", str(self.last)),
        ]
        environment = {
            "SPARK_LOCAL_IP": MASTER_ADDRESS,
            "SPARK_CONF_DIR": str(PROJECT / "jobs" / "spark_conf"),
            "SPARK_HOME": str(SPARK_HOME),
            "PYTHONSAFEPATH": "1",
        }
        return subprocess.Popen(
            command, cwd=self.homes, env=self._environment(home, environment), stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, errors="replace",
        )  # fmt: skip

    def as_before(self, stage: str, home: str) -> None:
        """Give a home the lake of the local run but what the stage writes, so that all of it must be made."""
        lake, made = self.homes / home / "lake", self.homes / "local"
        # The folder itself stays: workers have it mounted.
        for old in filter(Path.is_dir, lake.iterdir()):
            shutil.rmtree(old)
        for table in filter(Path.is_dir, (made / "lake").iterdir()):
            if table.name not in WRITTEN[stage] and table.name != "run":
                shutil.copytree(table, lake / table.name)

    def _run(self, home: str, arguments: list[str], environment: Mapping[str, str] | None = None) -> None:
        with self.log.open("ab") as log:
            done = subprocess.run([*KESHENG, *arguments], cwd=PROJECT, env=self._environment(home, environment or {}),
                                  stdout=log, stderr=log, check=False)  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"kesheng {arguments[0]} in {home}: ended with {done.returncode}; see {self.log}")

    def _environment(self, home: str, more: Mapping[str, str]) -> dict[str, str]:
        return {**os.environ, "KESHENG_HOME": str(self.homes / home), **more}


def same_tables(homes: Path, one: str, other: str) -> tuple[int, list[str]]:
    """Return how many tables of the lake (all but `run`) were compared, and those whose rows differ."""
    tables = [name for name in TABLES if name != "run" and (homes / one / "lake" / name).is_dir()]
    differ = [name for name in tables if _hash(homes / one / "lake", name) != _hash(homes / other / "lake", name)]
    return len(tables), differ


def _hash(lake: Path, table: str) -> str:
    files = lake_files(lake, table)
    if not files:
        return "no files"
    with duckdb.connect() as connection:
        connection.execute(f'CREATE VIEW "{table}" AS {select_sql(table, files)}')
        return table_hash(connection, table)

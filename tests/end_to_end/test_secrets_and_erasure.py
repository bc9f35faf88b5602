"""One small centre through everything: nothing personal is past landing, and a person who is erased is gone."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from analytics.errors import ConfigError
from analytics.inbox import Inbox
from analytics.settings import Settings, SourceSettings, load_settings
from jobs import erase, whole
from jobs.cli import app
from jobs.collect import collect_source
from jobs.dry_run import show_first_rows
from jobs.pending import pending_days, windows_of
from jobs.retention import apply_retention
from jobs.sources.manifest import manifest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.timeout(1800)]

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "erase.md"
FIRST_DAY = dt.date(2026, 3, 2)
PHONE, OTHER_PHONE = "13912345678", "13700137000"
SECRETS = (
    PHONE, "110101199003078515", "6222021234567890128", "wangxm@example.com", "wxid_wangxm88", "王小明", "朝阳路88号",
    "13600136000", "SF1234567890123",
)  # fmt: skip
"""Invented; in every column that a person can write in."""
ORDERS = {
    "id": "单号", "time": "时间", "text": "内容", "title": "标题", "reply": "回复", "phone": "手机", "agent": "客服",
    "team": "班组", "product": "产品", "category": "类别", "channel": "渠道",
}  # fmt: skip
ROWS = (
    f"p1,2026-03-02 10:00,我叫王小明，电话{PHONE}，热水器不出热水,找{PHONE},已联系wangxm@example.com,"
    f"{PHONE},{PHONE},一组{PHONE},热水器,退款6222021234567890128,官网",
    "p2,2026-03-03 11:00,身份证110101199003078515，微信wxid_wangxm88，还是没有人来修,,,"
    f"{PHONE},a1,一组,热水器,维修,电话",
    "p3,2026-03-03 12:00,收货地址：北京市朝阳区朝阳路88号3单元502室，快递SF1234567890123，到现在没有收到,,,"
    f"{OTHER_PHONE},a1,一组,洗衣机,物流,电话",
    f"p4,不是时间,拒收的一行也有电话{PHONE},,,{PHONE},a1,一组,洗衣机,物流,电话",
    f"p5,2026-03-03 13:00,少了几列，打13600136000,{PHONE}",
)
"""A good row, one with everything in the text, another person's, one without a time, one that does not parse."""


@dataclass
class Centre:
    """The settings of the home and the folder of its own source's exports."""

    settings: Settings
    exports: Path

    @property
    def home(self) -> Path:
        return self.settings.home

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.settings.warehouse), read_only=True) as connection:
            return connection.execute(sql, list(values)).fetchall()

    def run(self) -> None:
        collect_source("all", self.settings)
        whole.run_windows(self.settings, windows_of(pending_days(self.settings)), send=True)


@pytest.fixture(scope="module")
def home(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, mood_models: Path) -> Iterator[Path]:
    """A home with settings of its own; whole runs use the tests' session: starting a JVM is not what is tested here."""

    @contextmanager
    def shared(name: str, **_: object) -> Iterator[SparkSession]:
        yield spark

    home = tmp_path_factory.mktemp("centre")
    (home / "exports").mkdir()
    shutil.copytree(mood_models, home / "models")
    own = {"path": str(home / "exports"), "kind": "work_order", "settle_seconds": 0}
    lines = [f"{name} = {json.dumps(value)}" for name, value in own.items()]
    columns = ", ".join(f'{role} = "{column}"' for role, column in ORDERS.items())
    (home / "settings.toml").write_text(
        "\n".join((f'home = "{home}"', "[sources.own]", *lines, f"columns = {{ {columns} }}\n")), encoding="utf-8"
    )
    patch = pytest.MonkeyPatch()
    patch.setattr(whole, "spark_session", shared)
    patch.setenv("KESHENG_SETTINGS", str(home / "settings.toml"))
    yield home
    patch.undo()


@pytest.fixture(scope="module")
def centre(home: Path) -> Centre:
    exports = home / "exports"
    for name, rows in ((f"{PHONE}_20260302.csv", ROWS), ("others.csv", _others())):
        (exports / name).write_text("\n".join((",".join(ORDERS.values()), *rows)) + "\n", encoding="utf-8")
    return Centre(load_settings(), exports)


@pytest.fixture
def ran(centre: Centre) -> Centre:
    """Return the centre after its first run, which the first test does."""
    if not centre.settings.warehouse.exists():
        centre.run()
    return centre


def _others() -> list[str]:
    """Return rows of other customers, some on each day: what numbers are counted of."""
    said = ("等了三天还没有人联系我", "师傅很专业，装得很好", "洗衣机脱水的声音特别大", "退款什么时候能到账")
    rest = "一组,洗衣机,维修,电话"
    return [
        f"q{n},2026-03-0{2 + n % 2} {9 + n % 10}:{n % 60:02d},{said[n % 4]}第{n}次,,,1581{n:07d},a{n % 3},{rest}"
        for n in range(60)
    ]


def typed(*shown: str) -> str:
    """Run commands as the page shows them; return what the last printed on stdout."""
    for line in shown:
        done = CliRunner().invoke(app, line.split("#")[0].split()[1:])
        assert done.exit_code == 0, (line, done.output, done.exception)
    return done.stdout


def _found(home: Path, secrets: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return (file, secret) for every secret in a file past landing; Parquet and DuckDB are looked into."""
    found = []
    for path in sorted(file for file in home.rglob("*") if file.is_file()):
        inside = path.relative_to(home).parts
        if inside[0] in {"landing", "exports"}:
            continue
        texts = [path.read_bytes().decode("utf-8", "ignore"), str(path.relative_to(home))]
        if path.suffix == ".parquet":
            texts.append(json.dumps(pq.ParquetFile(path).read().to_pylist(), ensure_ascii=False, default=str))
        elif path.suffix == ".duckdb":
            texts.append(_dump(path))
        found += [(str(path.relative_to(home)), secret) for secret in secrets if any(secret in text for text in texts)]
    return found


def _dump(path: Path) -> str:
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return "\n".join(str(connection.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names)


def test_nothing_personal_is_past_landing(centre: Centre, capfd: pytest.CaptureFixture[str]) -> None:
    show_first_rows("own", centre.settings)
    shown = capfd.readouterr()
    assert "不出热水" in "".join(char for char in shown.out if char.isalnum())
    assert not centre.settings.landing.exists() or not manifest(centre.settings.landing)
    centre.run()
    with pytest.raises(ConfigError) as refused:
        erase.erase_person(OTHER_PHONE[::-1], settings=centre.settings)
    broken = centre.settings.model_copy(
        update={"sources": {"x": SourceSettings(path=str(centre.exports / f"{PHONE}.csv"), kind="review")}}
    )
    with pytest.raises(Exception, match="no file") as missing:
        collect_source("x", broken)
    printed = capfd.readouterr()
    said = "".join((shown.out, shown.err, printed.out, printed.err, str(refused.value), str(missing.value)))
    assert [secret for secret in SECRETS if secret in said] == []
    assert _found(centre.home, SECRETS) == []
    # They were there to be found.
    raw = b"".join(file.read_bytes() for file in centre.settings.landing.rglob("*.csv")).decode()
    assert all(secret in raw for secret in SECRETS)
    assert centre.query("SELECT count(*) FROM contact") == [(63,)]
    assert centre.query("SELECT n_unaccounted, count(*) FROM v_file_intake GROUP BY ALL") == [(0, 2)]


def test_landing_is_its_owners_only(ran: Centre) -> None:
    modes = {path.stat().st_mode & 0o077 for path in ran.settings.landing.rglob("*") if path.name != ".lock"}
    assert modes == {0}
    assert (ran.home / "person.key").stat().st_mode & 0o077 == 0


def test_an_erased_person_is_gone_everywhere_and_stays_gone(ran: Centre) -> None:
    person = ran.query("SELECT DISTINCT person_id FROM contact WHERE contact_id IN ('own-p1', 'own-p2')")
    assert len(person) == 1
    quoted = ran.query("SELECT text FROM utterance WHERE contact_id = 'own-p2' AND speaker = 'customer'")[0][0]
    _quote(ran, quoted)
    before = ran.query("SELECT count(*) FROM contact")[0][0]

    erasing, again, retaining = re.findall(r"```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    receipt = json.loads(Path(typed(*erasing.splitlines()).strip()).read_text(encoding="utf-8"))
    # p1 and p2, the row without a time and the row that does not parse.
    assert receipt["n_contacts"] == 2
    assert receipt["landing_records_deleted"] == 4
    assert receipt["quotations_deleted"] == 1
    assert receipt["days_run_again"] == ["2026-03-02", "2026-03-03"]
    gone = (PHONE, "own-p1", "own-p2", person[0][0], quoted)
    _check_gone(ran, gone, before - 2)
    # The source still has them, in the same file and in a new one; a rerun brings nobody back.
    lines = (",".join(ORDERS.values()), ROWS[1].replace("还是没有人来修", "又改了一次"), ROWS[2])
    (ran.exports / "again.csv").write_text("\n".join(lines), encoding="utf-8")
    typed(*again.splitlines())
    _check_gone(ran, gone, before - 2)
    typed(*retaining.splitlines())
    assert ran.query("SELECT count(*) FROM contact") == [(before - 2,)]  # nothing here has retention_days


def _check_gone(centre: Centre, gone: tuple[str, ...], n_left: int) -> None:
    assert centre.query("SELECT count(*) FROM contact") == [(n_left,)]
    assert centre.query("SELECT contact_id FROM contact WHERE contact_id LIKE 'own-p%'") == [("own-p3",)]
    assert [hit for hit in _found(centre.home, gone) if not hit[0].startswith("receipts")] == []
    raw = b"".join(file.read_bytes() for file in centre.settings.landing.rglob("*") if file.is_file())
    assert PHONE.encode() not in raw


def _quote(centre: Centre, text: str) -> None:
    import sqlalchemy

    Inbox(centre.settings.inbox_url).close()
    engine = sqlalchemy.create_engine(centre.settings.inbox_url)
    with engine.begin() as connection:
        connection.execute(
            sqlalchemy.text(
                "INSERT INTO alert"
                " (alert_id, spike_id, key, state, severity, channel, title, body, started_at, created_at)"
                " VALUES ('q', 's', 'k', 'acknowledged', 'low', '*', 't', :body, '2026-03-03', '2026-03-03')"
            ),
            {"body": f"标题\n原声：\n· {text}\n· 别人说的"},
        )
    engine.dispose()


def test_records_past_their_retention_go_and_counted_numbers_stay(ran: Centre) -> None:
    kpis = ran.query("SELECT * FROM kpi_day ORDER BY ALL")
    sources = {name: source.model_copy(update={"retention_days": 5}) for name, source in ran.settings.sources.items()}
    settings = ran.settings.model_copy(update={"sources": sources})
    today = FIRST_DAY + dt.timedelta(days=6)
    planned = [json.loads(line) for line in apply_retention(settings, today=today, dry_run=True).splitlines()]
    n_old = ran.query("SELECT count(*) FROM contact WHERE day < ?", FIRST_DAY + dt.timedelta(days=1))[0][0]
    assert sum(one["contacts"] for one in planned) == n_old
    assert apply_retention(settings, today=today).splitlines() == [json.dumps(one) for one in planned]
    assert ran.query("SELECT DISTINCT day FROM contact") == [(FIRST_DAY + dt.timedelta(days=1),)]
    assert ran.query("SELECT DISTINCT day FROM utterance") == [(FIRST_DAY + dt.timedelta(days=1),)]
    assert ran.query("SELECT * FROM kpi_day ORDER BY ALL") == kpis
    assert all(max(file.days) > FIRST_DAY for file in manifest(settings.landing))
    with pytest.raises(ConfigError, match="were deleted by retention_days"):
        whole.run_windows(settings, windows_of([FIRST_DAY]))

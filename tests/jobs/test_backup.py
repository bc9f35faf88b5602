"""A site's own work in one file, and back: into a new home, and into another kind of database."""

from __future__ import annotations

import datetime as dt
import inspect
import io
import json
import re
import stat
import tarfile
from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.inbox import Inbox, dump
from analytics.inbox.dump import dumped, restore
from analytics.inbox.labels import MoodLabel, MoodLabels
from analytics.settings import Settings, load_settings
from jobs.backup import back_up, bring_back

NOW = dt.datetime(2026, 3, 2, 4, 5, 6, 789, tzinfo=dt.UTC)


def _settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    file = folder / "settings.toml"
    if not file.exists():
        folder.mkdir(exist_ok=True)
        file.write_text('timezone = "Asia/Tokyo"\n')
    monkeypatch.setenv("KESHENG_SETTINGS", str(file))
    return load_settings(home=folder / "var")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = _settings(tmp_path / "old", monkeypatch)
    for name, text in (("person.key", "k" * 32), ("lexicons/words.txt", "小辣椒\n"), ("models/topics/current", "t1"),
                       ("logs/looked.jsonl", "{}\n"), ("receipts/2026-03-01.json", "{}"), ("logs/spark.log", "x"),
                       ("lake/topic/part-0.parquet", "p"), ("lake/topic/.part-0.parquet.crc", "c")):  # fmt: skip
        (settings.home / name).parent.mkdir(parents=True, exist_ok=True)
        (settings.home / name).write_text(text)
    Inbox(settings.inbox_url).close()
    labels = MoodLabels(settings.inbox_url)
    for contact_id, turn in (("c1", 2), ("c2", None)):
        labels.make(
            MoodLabel(contact_id=contact_id, turn=turn, label="positive", was_label="negative", was_score=-0.5,
                      made_by="lin", made_at=NOW)
        )  # fmt: skip
    return settings


def test_all_that_is_kept_comes_back(site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = dumped(site.inbox_url)
    kept = back_up(site, tmp_path / "keep.tar.gz")
    assert (kept.n_files, kept.n_rows) == (7, 2)
    assert stat.S_IMODE((tmp_path / "keep.tar.gz").stat().st_mode) == 0o600
    new = _settings(tmp_path / "new", monkeypatch)
    Path(tmp_path / "new" / "settings.toml").write_text("# a fresh clone's\n")
    back = bring_back(new, tmp_path / "keep.tar.gz")
    assert (back.n_files, back.n_rows) == (7, 2)
    assert dumped(new.inbox_url) == rows
    assert (new.home / "lexicons" / "words.txt").read_text() == "小辣椒\n"
    assert stat.S_IMODE((new.home / "person.key").stat().st_mode) == 0o600
    assert "Tokyo" in (tmp_path / "new" / "settings.toml").read_text()
    assert "fresh" in (tmp_path / "new" / "settings.toml.old").read_text()


def test_nothing_that_is_there_is_written_over(site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    back_up(site, tmp_path / "keep.tar.gz")
    with pytest.raises(ConfigError, match="name another file"):
        back_up(site, tmp_path / "keep.tar.gz")
    with pytest.raises(ConfigError, match="mood_label"):
        bring_back(site, tmp_path / "keep.tar.gz")
    (site.home / "person.key").write_text("another")
    with pytest.raises(ConfigError, match=r"person\.key"):
        bring_back(site, tmp_path / "keep.tar.gz")
    assert (site.home / "person.key").read_text() == "another"


@pytest.mark.parametrize("harm", ["cut", "changed", "missing", "other"])
def test_an_archive_that_is_not_whole_is_refused_before_anything_is_written(
    site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    archive = tmp_path / "keep.tar.gz"
    back_up(site, archive)
    if harm == "cut":
        archive.write_bytes(archive.read_bytes()[:-40])
    elif harm == "changed":
        _rewritten(archive, "home/lexicons/words.txt", b"x")
    elif harm == "missing":
        archive.unlink()
    else:
        archive.write_text("no archive")
    new = _settings(tmp_path / "new", monkeypatch)
    with pytest.raises(ConfigError, match="expected a backup of kesheng"):
        bring_back(new, archive)
    assert not new.home.exists()


@pytest.mark.parametrize("later", [{"format": 2}, {"inbox": "9999"}, {"lake": {"topic": 99}}])
def test_an_archive_of_a_later_version_is_refused(
    site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: dict[str, object]
) -> None:
    archive = tmp_path / "keep.tar.gz"
    back_up(site, archive)
    _rewritten(archive, later=later)
    new = _settings(tmp_path / "new", monkeypatch)
    with pytest.raises(
        ConfigError, match=rf"got {next(iter(later)).replace('lake', 'topic')} \S+ \(here \S+\); install"
    ):
        bring_back(new, archive)
    assert not new.home.exists()


def test_rows_of_before_a_column_came_have_its_default(site: Settings, tmp_path: Path) -> None:
    row = {"alert_id": "a", "spike_id": "s", "key": "k", "state": "open", "severity": "low", "channel": "*",
           "title": "", "body": "", "started_at": NOW.isoformat(), "created_at": NOW.isoformat()}  # fmt: skip
    url = f"sqlite:///{tmp_path / 'before.db'}"
    restore(url, {"alert": [json.dumps(row)]})
    assert '"kind": "", ' in dumped(url)["alert"][0] and '"n_windows": 1' in dumped(url)["alert"][0]


def test_all_tables_of_the_inbox_are_kept() -> None:
    """Each module that declares one is imported there: one that only the dashboards imported was once forgotten."""
    folder = Path(inspect.getfile(dump)).parent
    declaring = {file.stem for file in folder.glob("*.py") if "(Base):" in file.read_text("utf-8")}
    imported = re.findall(r"^import analytics\.inbox\.(\w+)", Path(inspect.getfile(dump)).read_text("utf-8"), re.M)
    assert len(declaring) >= 4 and declaring == set(imported)


def test_a_file_outside_of_the_home_cannot_be_written(
    site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "keep.tar.gz"
    back_up(site, archive)
    _rewritten(archive, "home/../../evil", b"x", listed=True)
    with pytest.raises(ConfigError, match="evil"):
        bring_back(_settings(tmp_path / "new", monkeypatch), archive)
    assert not (tmp_path / "evil").exists()


def _rewritten(
    archive: Path, name: str = "", data: bytes = b"", *, listed: bool = False, later: dict[str, object] | None = None
) -> None:
    """Put other content under a name; `listed` with its hash in the manifest, `later` with other versions there."""
    import hashlib

    with tarfile.open(archive) as old:
        members = {member.name: old.extractfile(member).read() for member in old}  # type: ignore[union-attr]
    manifest = json.loads(members["manifest.json"]) | (later or {})
    if listed:
        manifest["files"][name] = hashlib.sha256(data).hexdigest()
    members["manifest.json"] = json.dumps(manifest).encode()
    if name:
        members[name] = data
    with tarfile.open(archive, "w:gz") as new:
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            new.addfile(info, io.BytesIO(content))

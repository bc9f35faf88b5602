"""The pages about presets and transcripts: their settings load, their commands run, their tables are the presets'."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.conform import ROLES
from analytics.presets import load_preset, preset_names
from analytics.settings import SourceSettings
from jobs.cli import app
from jobs.sources.conform_file import conform_file, source_spec

PROJECT = Path(__file__).resolve().parents[2]
PRESETS = (PROJECT / "docs" / "presets.md").read_text(encoding="utf-8")
TRANSCRIPTS = (PROJECT / "docs" / "transcripts.md").read_text(encoding="utf-8")
GOLDEN = PROJECT / "tests" / "jobs" / "sources" / "golden"


def toml_blocks(page: str) -> str:
    return "\n".join(re.findall(r"```toml\n(.*?)```", page, re.DOTALL))


@pytest.mark.parametrize("line", re.findall(r"^kesheng (collect .*)$", PRESETS, re.MULTILINE))
def test_the_commands_of_the_page_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(f'home = "{tmp_path}/var"\n{toml_blocks(PRESETS)}', encoding="utf-8")
    monkeypatch.setenv("KESHENG_SETTINGS", str(settings))
    done = CliRunner().invoke(app, line.split())
    assert done.exit_code == 0, done.output
    assert re.search(r"共 \d 个联络", done.output)


@pytest.mark.parametrize("name", preset_names())
def test_the_page_tells_every_column_of_a_preset(name: str) -> None:
    (section,) = re.findall(rf"\n## {name}\n(.*?)(?=\n## |\Z)", PRESETS, re.DOTALL)
    told = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.MULTILINE))
    assert told == {role: ", ".join(names) for role, names in load_preset(name).columns.items()}


@pytest.mark.parametrize(
    ("name", "file"),
    [("aliyun", "aliyun"), ("bailian", "dashscope"), ("tencent", "tencent"), ("xunfei", "xunfei")],
)
def test_the_settings_for_recognisers_read_what_these_write(name: str, file: str) -> None:
    source = SourceSettings.model_validate(tomllib.loads(toml_blocks(TRANSCRIPTS))["sources"][name])
    done = conform_file(GOLDEN / f"{file}.json", source, source_spec("s", source, "Asia/Shanghai"))
    expected = json.loads((GOLDEN / f"{file}.json.expected.json").read_text(encoding="utf-8"))
    turns = [{"speaker": row.speaker, "text": row.text} for row in done.utterances.itertuples()]
    assert turns == [{key: row[key] for key in ("speaker", "text")} for row in expected["utterances"]]


def test_the_settings_for_two_channels_load() -> None:
    source = SourceSettings.model_validate(tomllib.loads(toml_blocks(TRANSCRIPTS))["sources"]["hotline"])
    assert source.speakers == {"ch_0": "customer", "ch_1": "agent"}


def test_the_first_source_of_the_page_is_there_in_ten_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (PROJECT / "docs" / "sources.md").read_text(encoding="utf-8")
    settings = tmp_path / "settings.toml"
    settings.write_text(f'home = "{tmp_path}/var"\n{toml_blocks(page)}', encoding="utf-8")
    monkeypatch.setenv("KESHENG_SETTINGS", str(settings))
    collected = [line.split("#")[0].split() for line in re.findall(r"^kesheng (collect .*)$", page, re.MULTILINE)]
    assert ["collect", "reviews", "--dry-run"] in collected
    for line in collected:
        done = CliRunner().invoke(app, line)
        assert done.exit_code == 0, done.output
    landed = json.loads(done.stdout.strip().splitlines()[-1])
    assert landed["n_files"] == 1
    assert landed["days"]
    # Every role and every setting that there is, is on the page.
    assert [name for name in SourceSettings.model_fields if f"`{name}`" not in page and name != "segments"] == []
    assert [role for role in ROLES if f"`{role}`" not in page] == []

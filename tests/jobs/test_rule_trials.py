"""`kesheng rules`: examples with the evidence marked, counts on a file and on the lake, exit codes."""

import datetime as dt
import importlib.util
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.errors import ConfigError, KeshengError
from analytics.settings import Settings
from jobs import rule_list, rules
from jobs.rule_trials import Sample, try_file

RULES = """
[[category]]
name = "refund"
label = "催退款"
description = "退款没有到账"
when = {{ all = ["退款", ["没到", "未到"]] }}
hits = ["退款还没到[账]", {more}]
misses = ["退款到了"]
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    settings = Settings(home=tmp_path)
    monkeypatch.setattr("analytics.settings.load_settings", lambda: settings)
    return settings


def rule_file(home: Settings, more: str = '["我要退款", "退款没到"]') -> Path:
    file = home.home / "mine.toml"
    file.write_text(RULES.format(more=more), encoding="utf-8")
    return file


def test_examples_are_shown_with_evidence_and_a_wrong_one_ends_with_two(home):
    good = CliRunner().invoke(rules.app, ["test", str(rule_file(home))])
    assert good.exit_code == 0
    assert "【退款】还【没到】[账]" in good.stdout and "我要退款 / 【退款】【没到】" in good.stdout
    bad = CliRunner().invoke(rules.app, ["test", str(rule_file(home, '"钱呢"'))])
    assert bad.exit_code == 2
    assert "✗ 应命中  钱呢" in bad.stdout


def test_counts_on_a_file_mask_what_they_show(home, capsys):
    data = home.home / "said.csv"
    data.write_text("text\n退款没到,打我13912345678\n挺好\n退款未到\n", encoding="utf-8")
    assert try_file(home, rule_file(home), Sample(data, "text", n_shown=2))
    said = capsys.readouterr().out
    assert "66.67%" in said and "13912345678" not in said and "【退款】【没到】" in said
    with pytest.raises(KeshengError, match="nowhere"):
        try_file(home, rule_file(home), Sample(data, "nowhere"))


def test_counts_on_the_lake_leave_flagged_contacts_out(home, capsys):
    spec = importlib.util.spec_from_file_location("small_lake", Path(__file__).parents[1] / "small_lake.py")
    small_lake = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(small_lake)
    contacts = small_lake.contacts(4)
    small_lake.write(home.lake, "contact", contacts)
    small_lake.write(home.lake, "utterance", small_lake.turns(contacts, ["退款没到", "你好"]))
    flagged = [{"day": small_lake.DAY, "contact_id": contacts[2]["contact_id"], "flag": "spam", "flag_reason": "x"}]
    small_lake.write(home.lake, "contact_flag", flagged)
    assert try_file(home, rule_file(home), Sample(day=str(small_lake.DAY)))
    assert "33.33%" in capsys.readouterr().out
    with pytest.raises(ConfigError, match="no turns"):
        try_file(home, rule_file(home), Sample(day=str(small_lake.DAY + dt.timedelta(days=9))))


def test_the_list_has_the_sites_own(home, capsys):
    home.rules_folder.mkdir()
    (home.rules_folder / "ours.toml").write_text(RULES.format(more='"退款没到"'), encoding="utf-8")
    rule_list.print_categories(home)
    said = capsys.readouterr().out
    assert "refund" in said and "self_harm" in said

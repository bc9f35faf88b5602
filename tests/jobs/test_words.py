"""`kesheng words`: found words are listed without a customer's sentence, accepted into the dictionary or refused."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.errors import ConfigError
from analytics.settings import load_settings
from analytics.text.review import read_decisions
from jobs import word_review
from jobs.cli import app

FIRST, SECOND = dt.date(2026, 9, 19), dt.date(2026, 9, 20)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    spec = importlib.util.spec_from_file_location("small_lake", Path(__file__).parent.parent / "small_lake.py")
    assert spec is not None and spec.loader is not None
    small_lake = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(small_lake)

    def word(day, term, n, usual, p_value):
        return {"day": day, "word": term, "parts": list(term), "n_contacts": n, "cohesion": 6.0, "freedom": 3.0} | {
            "usual": usual,
            "p_value": p_value,
        }

    rows = [
        word(FIRST, "云朵洗地机", 21, None, None),
        word(SECOND, "云朵洗地机", 30, 0.8, 1e-9),
        word(SECOND, "极速赔", 15, 0.0, 2e-17),
        word(SECOND, "王八蛋店", 12, 0.1, 3e-8),
    ]
    small_lake.write(tmp_path / "lake", "word", rows)
    said = [
        {"day": SECOND, "hour": small_lake.at(hour), "keyword": "极速赔", "channel": channel, "n_contacts": n}
        for hour, channel, n in ((9, "app", 8), (10, "app", 4), (10, "wechat", 4))
    ]
    small_lake.write(tmp_path / "lake", "keyword_hour", said)
    return tmp_path


def listed(*arguments: str) -> list[list[str]]:
    done = CliRunner().invoke(app, ["words", "list", *arguments])
    assert done.exit_code == 0, done.output
    return [line.split("\t") for line in done.output.splitlines()]


def test_each_word_is_listed_once_on_the_day_it_was_first_found(home: Path) -> None:
    header, *rows = listed()
    assert header == ["word", "day", "contacts", "usual", "p", "channels", "decision"]
    assert [row[:2] for row in rows] == [
        ["极速赔", "2026-09-20"],
        ["王八蛋店", "2026-09-20"],
        ["云朵洗地机", "2026-09-19"],
    ]
    assert rows[0][2:] == ["15", "0.0", "2.0e-17", "app 75% wechat 25%", ""]
    assert rows[1][6] == "敏感"
    assert rows[2][2:5] == ["21", "", ""]


def test_of_a_day_all_its_words(home: Path) -> None:
    assert [row[0] for row in listed("--day", "2026-09-20")[1:]] == ["云朵洗地机", "极速赔", "王八蛋店"]
    assert listed("--day", "2026-09-18")[1:] == []


def test_accepted_words_are_cut_whole_from_then_on_and_listed_no_more(home: Path) -> None:
    from jobs.segment import user_words

    runner = CliRunner()
    done = runner.invoke(app, ["words", "accept", "极速赔", "云朵洗地机", "--by", "mei"])
    assert done.exit_code == 0 and "kesheng run --stale" in done.output
    assert {"极速赔", "云朵洗地机"} <= {word.word for word in user_words(load_settings())}
    assert [row[0] for row in listed()[1:]] == ["王八蛋店"]
    assert {row[0]: row[6] for row in listed("--all")[1:]}["极速赔"] == "accepted"
    again = runner.invoke(app, ["words", "accept", "极速赔"])
    assert again.exit_code == 0 and "--stale" not in again.output
    assert read_decisions(home / "lexicons")["极速赔"].by == "mei"


def test_a_refused_word_says_how_to_reprocess_only_if_it_was_accepted(home: Path) -> None:
    assert "--stale" not in word_review.rejected(["王八蛋店"], "mei")
    word_review.accepted(["极速赔"], "mei")
    assert "--stale" in word_review.rejected(["极速赔"], "mei")
    assert listed()[1:] == listed()[-1:]


def test_a_word_that_was_never_found_changes_nothing(home: Path) -> None:
    with pytest.raises(ConfigError, match="1 of 2 were never found"):
        word_review.accepted(["极速赔", "没有这个词"], None)
    assert not (home / "lexicons").exists()


def test_without_anything_found_the_list_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    assert len(listed()) == 1

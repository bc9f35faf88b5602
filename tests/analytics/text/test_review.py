import datetime as dt
from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.text.dictionary import load_words
from analytics.text.review import ACCEPTED, REJECTED, Decision, decide, read_decisions, words_of

YES = Decision(ACCEPTED, dt.date(2026, 3, 1), "mei")
NO = Decision(REJECTED, dt.date(2026, 3, 2), "lin")


def test_accepted_words_stand_in_both_files_and_again_changes_nothing(tmp_path: Path) -> None:
    assert decide(tmp_path, ["云朵S9洗地机", "极速赔"], YES) == ["云朵S9洗地机", "极速赔"]
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert decide(tmp_path, ["极速赔"], Decision(ACCEPTED, dt.date(2026, 4, 1), "lin")) == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files
    assert read_decisions(tmp_path) == {"云朵S9洗地机": YES, "极速赔": YES}
    assert {word.word for word in load_words([tmp_path / "domain.txt"])} == {"云朵S9洗地机", "极速赔"}


def test_a_rejected_word_leaves_the_list_but_a_line_of_the_site_stays(tmp_path: Path) -> None:
    (tmp_path / "domain.txt").write_text("极速赔 200 n\n", encoding="utf-8")
    decide(tmp_path, ["极速赔", "我要赔偿"], YES)
    decide(tmp_path, ["极速赔", "我要赔偿"], NO)
    assert words_of(read_decisions(tmp_path), REJECTED) == {"极速赔", "我要赔偿"}
    assert [word.word for word in load_words([tmp_path / "domain.txt"])] == ["极速赔"]


def test_an_interrupted_acceptance_is_put_right_by_the_next(tmp_path: Path) -> None:
    decide(tmp_path, ["极速赔"], YES)
    (tmp_path / "domain.txt").unlink()
    assert decide(tmp_path, ["极速赔"], YES) == []
    assert [word.word for word in load_words([tmp_path / "domain.txt"])] == ["极速赔"]


@pytest.mark.parametrize("word", ["", " ", "云朵 S9", "-极速赔", "极速#赔", "极\t速"])
def test_a_word_that_no_list_can_hold_is_refused_and_nothing_is_written(tmp_path: Path, word: str) -> None:
    with pytest.raises(ConfigError):
        decide(tmp_path, ["极速赔", word], YES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "line", ["极速赔\taccepted\t2026-03-01", "极速赔\tmaybe\t2026-03-01\tmei", "极速赔\taccepted\t3月\tmei"]
)
def test_a_broken_line_is_named_by_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "new_words.tsv").write_text(f"word\tdecision\tday\tby\n\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 3"):
        read_decisions(tmp_path)

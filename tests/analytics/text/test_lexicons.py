from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.text.dictionary import DEFAULT_WORDS, load_words
from analytics.text.lexicons import load_stop_words


def test_the_shipped_stop_words() -> None:
    words = load_stop_words()
    assert len(words) >= 400
    assert {"的", "您好", "请问", "谢谢", "帮您"} <= words
    assert not {"退款", "物流", "慢", "质量"} & words


def test_no_domain_word_is_a_stop_word() -> None:
    assert not load_stop_words() & {word.word for word in load_words([DEFAULT_WORDS])}


def test_an_empty_or_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="got none"):
        load_stop_words(tmp_path / "empty.txt")
    with pytest.raises(ConfigError, match="does not exist"):
        load_stop_words(tmp_path / "none.txt")

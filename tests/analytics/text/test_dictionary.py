from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.text.dictionary import DEFAULT_WORDS, UserWord, dictionary_hash, load_words


def _write(folder: Path, text: str) -> Path:
    path = folder / "words.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_word_frequency_tag_and_comments(tmp_path: Path) -> None:
    path = _write(tmp_path, "# 注释\n极速退\n仅退款 500\n运费险 700 nz  # 保险\n秒杀价 v\n\n")
    assert load_words([path]) == (
        UserWord("仅退款", 500),
        UserWord("极速退"),
        UserWord("秒杀价", tag="v"),
        UserWord("运费险", 700, "nz"),
    )


def test_the_last_file_wins(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    assert load_words([_write(tmp_path, "甲乙 5"), _write(tmp_path / "b", "甲乙 9")]) == (UserWord("甲乙", 9),)


@pytest.mark.parametrize("line", ["甲乙 0", "甲乙 -3 n", "甲乙 5 n 多"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError, match="line 2") as caught:
        load_words([_write(tmp_path, f"好词\n{line}\n")])
    assert "甲乙" not in str(caught.value)


def test_a_missing_file_and_a_wrong_encoding_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load_words([tmp_path / "none.txt"])
    (tmp_path / "gbk.txt").write_bytes("极速退".encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load_words([tmp_path / "gbk.txt"])


def test_the_shipped_list_is_large_and_its_hash_stable_under_order() -> None:
    words = load_words([DEFAULT_WORDS])
    assert len(words) >= 300
    assert {"极速退", "一次性解决率", "没收到", "不好用", "仅退款", "运费险"} <= {word.word for word in words}
    assert dictionary_hash(words) == dictionary_hash(tuple(reversed(words)))
    assert dictionary_hash(words) != dictionary_hash(words[1:])

import pickle
from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.text.dictionary import DEFAULT_WORDS, load_words
from analytics.text.lexicons import Lexicons, folded, load_lexicons, load_stop_words

SHIPPED = load_lexicons()


def _site(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_stop_words() -> None:
    words = load_stop_words()
    assert len(words) >= 400
    assert {"的", "您好", "请问", "谢谢", "帮您"} <= words
    assert not {"退款", "物流", "慢", "质量"} & words
    assert words == SHIPPED.stop_words


def test_no_domain_word_is_a_stop_word() -> None:
    assert not load_stop_words() & {word.word for word in load_words([DEFAULT_WORDS])}


def test_an_empty_or_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="got none"):
        load_stop_words(tmp_path / "empty.txt")
    with pytest.raises(ConfigError, match="does not exist"):
        load_stop_words(tmp_path / "none.txt")


def test_the_shipped_lists_agree_with_each_other() -> None:
    canonical = set(SHIPPED.synonyms.values())
    assert len(SHIPPED.words) >= 900 and len(canonical) >= 70 and len(SHIPPED.sensitive) >= 100
    assert not canonical & SHIPPED.stop_words and not SHIPPED.synonyms.keys() & SHIPPED.stop_words
    assert not [word for word in canonical if SHIPPED.canonical(word) != word]
    assert not [word for word in {*canonical, *(w.word for w in SHIPPED.words)} if SHIPPED.is_sensitive(word)]
    assert all(len(variant) > 1 for variant in SHIPPED.synonyms)


def test_a_site_adds_and_takes_out(tmp_path: Path) -> None:
    site = _site(
        tmp_path,
        domain="闪闪达 500 nz\n-没收到\n",
        stopwords="闪闪\n-您好  # 我们要看\n",
        synonyms="-退款\n退款 = 吐钱\n闪闪达 = 闪达\n",
        sensitive="臭鸡蛋\n-王八\n",
    )
    found = load_lexicons(site)
    words = {word.word: word for word in found.words}
    assert words["闪闪达"].frequency == 500 and "没收到" not in words and "极速退" in words
    assert "闪闪" in found.stop_words and "您好" not in found.stop_words
    assert (found.canonical("退钱"), found.canonical("吐钱"), found.canonical("闪达")) == ("退钱", "退款", "闪闪达")
    assert found.is_sensitive("一筐臭鸡蛋") and not found.is_sensitive("王八")
    assert len({found.hash, SHIPPED.hash, load_lexicons(tmp_path / "none").hash}) == 2


def test_the_hashes_tell_what_changed(tmp_path: Path) -> None:
    found = load_lexicons(_site(tmp_path, stopwords="闪闪\n"))
    assert found.words_hash == SHIPPED.words_hash and found.keywords_hash != SHIPPED.keywords_hash
    assert pickle.loads(pickle.dumps(found)).hash == found.hash


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("domain", "好词\n甲乙 0\n", "line 2"),
        ("products", "- 甲 乙\n", "line 1"),
        ("synonyms", "# 注\n退款 退钱\n", "line 2"),
        ("synonyms", "退款 = 退钱||退\n", "line 1"),
        ("synonyms", "退款 = 吐钱\n退货 = 吐钱\n", "line 2"),
        ("synonyms", "退货 = 吐钱\n吐钱 = 吐款\n", "itself a variant"),
        ("sensitive", "-\n-甲 乙\n", "line 2"),
    ],
)
def test_a_wrong_line_is_named_with_its_file(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        load_lexicons(_site(tmp_path, **{name: text}))
    assert name in str(caught.value) and "吐钱" not in str(caught.value)


def test_one_spelling_of_a_model() -> None:
    found = Lexicons(synonyms={"iphone17pro": "iPhone 17 Pro"})
    assert [found.canonical(word) for word in ("iPhone17Pro", "IPHONE 17 PRO", "iPhone17")] == [
        "iPhone 17 Pro",
        "iPhone 17 Pro",
        "iPhone17",
    ]
    assert found.variants("iPhone 17 Pro") == ("iphone17pro",) and folded("A b") == "ab"

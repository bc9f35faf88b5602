"""Segmentation and normalisation on real text: how alike the libraries cut, and how fast.

``python -m benchmarks.language_words [--corpora DIR] [--sentences N]`` prints Markdown tables; a minute or two on one
core. User words are the project's own lists and, up to 2,000, the most frequent runs of two to four characters of the
text itself: the hardest case, since each competes with words of jieba's dictionary wherever it stands.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Literal

import pandas as pd

from analytics.text.lexicons import load_lexicons
from analytics.text.normalise import normalise, normalise_with_offsets
from analytics.text.segment import HAN, Segmenter, UserWord, make_segmenter
from benchmarks.command_line import corpora_parser, options_of

N_USER_WORDS = 2_000
SENTENCES = 50_000
TURN_CHARACTERS = 20
_HAN_RUN = re.compile(f"[{HAN}]+")
_SENTENCE_END = re.compile(r"(?<=[。!?;\n])")


@dataclass(frozen=True)
class Agreement:
    """How alike two segmenters cut: share of Chinese tokens, of sentences; sentences a second of each."""

    han_tokens: float
    sentences: float
    first_speed: float
    second_speed: float


def sentences_of(corpora: Path, n: int) -> list[str]:
    """Return up to `n` normalised sentences, spread evenly over chats, reviews, complaints and headlines."""
    texts = list(_texts(corpora))
    chosen = texts[:: max(1, len(texts) // n)]
    found = [sentence for text in chosen for sentence in _SENTENCE_END.split(normalise(text)) if sentence]
    return found[:: max(1, len(found) // n)][:n]


def user_words(sentences: Sequence[str], n: int = N_USER_WORDS) -> list[UserWord]:
    """Return the project's words and, up to `n`, the most frequent runs of two to four characters."""
    words = [word for word in load_lexicons().words if _HAN_RUN.fullmatch(word.word)]
    known = {word.word for word in words}
    runs = [run for sentence in sentences for run in _HAN_RUN.findall(sentence)]
    counts = Counter(run[i : i + size] for run in runs for size in (2, 3, 4) for i in range(len(run) - size + 1))
    frequent = sorted(counts, key=lambda run: (-counts[run], run))
    return words + [UserWord(run) for run in frequent if run not in known][: n - len(words)]


def agreement(first: Segmenter, second: Segmenter, sentences: Sequence[str]) -> Agreement:
    """Cut all sentences with both and compare."""
    a, first_speed = _timed(first.cut, sentences)
    b, second_speed = _timed(second.cut, sentences)
    pairs = list(zip(a, b, strict=True))
    n_tokens = sum(_n_chinese(words) for words in b)
    n_equal = sum(_n_chinese(y) if x == y else _n_equal(x, y) for x, y in pairs)
    return Agreement(n_equal / n_tokens, sum(x == y for x, y in pairs) / len(pairs), first_speed, second_speed)


def _n_chinese(words: Sequence[str]) -> int:
    return sum(_HAN_RUN.match(word) is not None for word in words)


def _n_equal(first: Sequence[str], second: Sequence[str]) -> int:
    """Chinese tokens of the second that the first has at the same place."""
    return _n_chinese([word for word, _ in _placed(first) & _placed(second)])


def _placed(words: Sequence[str]) -> set[tuple[str, int]]:
    return set(zip(words, accumulate(map(len, words)), strict=True))


def _timed(work: Callable[[str], object], texts: Sequence[str]) -> tuple[list, float]:
    work(texts[0])  # loading a dictionary is not cutting
    started = time.process_time()
    found = [work(text) for text in texts]
    return found, len(texts) / max(time.process_time() - started, 1e-9)


def _texts(corpora: Path) -> Iterator[str]:
    rows = (corpora / "chats" / "jddc_chat.tsv").read_text(encoding="utf-8").splitlines()
    yield from (row.rsplit("\t", 1)[-1] for row in rows)
    tables = {
        "sentiment/waimai_10k.csv": "review",
        "sentiment/online_shopping_7_cats.csv": "review",
        "app_reviews/mijia.xlsx": "内容",
        "app_reviews/mi_store.xlsx": "内容",
        "app_reviews/haier.xlsx": "内容",
    }
    for name, column in tables.items():
        path = corpora / name
        if path.suffix == ".csv":
            yield from pd.read_csv(path, usecols=[column])[column].dropna().astype(str)
        else:
            yield from pd.read_excel(path, header=2, usecols=[column], engine="calamine")[column].dropna().astype(str)


def run(corpora: Path, n_sentences: int = SENTENCES) -> None:
    """Print what was measured."""
    sentences = sentences_of(corpora, n_sentences)
    print(
        f"{len(sentences):,} sentences of real text, {sum(map(len, sentences)) / len(sentences):.1f} characters each.\n"
    )
    print("| user words | Han tokens equal | sentences equal | rjieba sentences/s | jieba sentences/s | times |")
    print("|---|---|---|---|---|---|")
    for words in ([], user_words(sentences)):
        made = [make_segmenter(name, words) for name in _NAMES]
        found = agreement(made[0], made[1], sentences)
        times = found.first_speed / found.second_speed
        print(
            f"| {len(words):,} | {found.han_tokens:.5f} | {found.sentences:.5f} | {found.first_speed:,.0f} "
            f"| {found.second_speed:,.0f} | {times:.1f} |",
            flush=True,
        )
    turns = [text[:TURN_CHARACTERS] for text in _texts(corpora) if len(text) >= TURN_CHARACTERS]
    n_changed = sum(normalise(turn) != turn for turn in turns)
    print(f"\nNormalising {len(turns):,} turns of {TURN_CHARACTERS} characters as written ({n_changed:,} change):\n")
    print("| what | turns/s |\n|---|---|")
    for name, work in (("normalise", normalise), ("normalise_with_offsets", normalise_with_offsets)):
        print(f"| {name} | {_timed(work, turns)[1]:,.0f} |", flush=True)


_NAMES: tuple[Literal["rjieba"], Literal["jieba"]] = ("rjieba", "jieba")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = corpora_parser(__doc__)
    parser.add_argument("--sentences", type=int, default=SENTENCES, help="sentences to cut")
    options = options_of(parser, arguments)
    run(options.corpora, options.sentences)
    return 0


if __name__ == "__main__":
    sys.exit(main())

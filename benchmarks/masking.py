"""How much personal data masking finds, and how much else it takes for personal data.

``python -m benchmarks.masking [--corpora DIR] [--sentences N] [--sample N]`` prints Markdown tables; about ten seconds.
Recall is over made-up sentences of every form (`masking_sentences`, which knows nothing of the rules): a value is
found only if no identifying part of it is left. On real text nothing is labelled: the share of sentences with
any mask is an upper bound of the false ones; ``--sample`` prints some to judge by eye.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from analytics.simulate.plan import Plan
from analytics.simulate.run import simulate
from analytics.text.redact import MASK_PATTERN, redact
from benchmarks.command_line import corpora_parser
from benchmarks.masking_sentences import near_misses, sentences, survives

SEED = 20260101
_SENTENCE_END = re.compile(r"(?<=[。！？!?\n；;])")


def recall_by_form(n_a_form: int, seed: int) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Return how many sentences of each kind and form there were, and of how many something survived."""
    asked: Counter[tuple[str, str]] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    for sentence in sentences(n_a_form, seed):
        asked[sentence.kind, sentence.form] += 1
        missed[sentence.kind, sentence.form] += survives(sentence, redact(sentence.text))
    return asked, missed


def false_masks(n: int, seed: int) -> list[str]:
    """Return the near misses that were masked."""
    return [sentence.text for sentence in near_misses(n, seed) if redact(sentence.text) != sentence.text]


def corpora_texts(corpora: Path) -> dict[str, list[str]]:
    """Return the texts of each corpus, as published."""
    texts = {}
    for name in ("mijia", "mi_store", "haier"):
        table = pd.read_excel(corpora / "app_reviews" / f"{name}.xlsx", header=2, dtype=str)
        texts[f"app_reviews/{name}"] = _cells(table, [column for column in table.columns if column in ("标题", "内容")])
    for name in ("car_complaints_2020-08", "car_complaints_utf8"):
        table = pd.read_csv(corpora / "work_orders" / f"{name}.csv", dtype=str, encoding="utf-8-sig")
        texts[f"work_orders/{name}"] = _cells(table, [column for column in table.columns if column == "desc"])
    lines = (corpora / "chats" / "jddc_chat.tsv").read_text(encoding="utf-8").splitlines()
    texts["chats/jddc"] = [row[6] for row in (line.split("\t") for line in lines) if len(row) > 6]
    with zipfile.ZipFile(corpora / "chats" / "crosswoz_test.json.zip") as archive:
        dialogues = json.loads(archive.read(archive.namelist()[0]))
    texts["chats/crosswoz"] = [turn["content"] for dialogue in dialogues.values() for turn in dialogue["messages"]]
    for name in ("waimai_10k", "online_shopping_7_cats"):
        texts[f"sentiment/{name}"] = _cells(pd.read_csv(corpora / "sentiment" / f"{name}.csv", dtype=str), ["review"])
    headlines = [path.read_text(encoding="utf-8") for path in sorted((corpora / "topics").glob("tnews_*_*.json"))]
    rows = [json.loads(line) for text in headlines for line in text.splitlines() if line.startswith("{")]
    texts["topics/tnews"] = [row["sentence"] for row in rows if "sentence" in row]
    texts["traditional/google"] = _cells(pd.read_csv(corpora / "traditional" / "google_reviews.csv"), ["Review"])
    return texts


def sentences_of(texts: Sequence[str]) -> list[str]:
    """Return the sentences of the texts: what stands between 。！？； and line ends, with the mark."""
    return [part for text in texts for part in _SENTENCE_END.split(text) if part.strip()]


def kinds_in(masked: str, text: str) -> set[str]:
    """Return the kinds of tokens that masking set into a text."""
    new = Counter(MASK_PATTERN.findall(masked)) - Counter(MASK_PATTERN.findall(text))
    return {re.split(r"[#\]]", token[1:])[0] for token in new}


def _cells(table: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    return [str(cell) for column in columns for cell in table[column].dropna()]


def _simulated_turns(folder: Path) -> list[str]:
    simulate(Plan(date(2026, 3, 2), days=2, contacts_per_day=400), folder)
    chats = pd.concat([pd.read_csv(path, dtype=str) for path in sorted((folder / "chats").glob("*.csv"))])
    return _cells(chats, ["text"])


def _print_recall(n_a_form: int) -> None:
    asked, missed = recall_by_form(n_a_form, SEED)
    print(f"Recall, {sum(asked.values()):,} made-up sentences:\n\n| kind | sentences | recall |\n|---|---|---|")
    for kind in dict.fromkeys(kind for kind, _ in asked):
        forms = [form for form in asked if form[0] == kind]
        n, gone = sum(asked[form] for form in forms), sum(missed[form] for form in forms)
        print(f"| {kind} | {n:,} | {1 - gone / n:.4f} |")
    weak = [(form, missed[form], asked[form]) for form in asked if missed[form]]
    print("\nForms with a miss: " + ("; ".join(f"{form[1]} {gone}/{n}" for form, gone, n in weak) or "none"))
    n_near = 3_000
    print(
        f"\nNear misses (models, prices, dates, short numbers): {len(false_masks(n_near, SEED))} of {n_near:,} masked\n"
    )


def _print_corpora(texts: Mapping[str, Sequence[str]], n_sample: int) -> None:
    print("| corpus | sentences | with any mask | by kind |\n|---|---|---|---|")
    found: list[tuple[str, str, str]] = []
    n_all = 0
    for name, of_corpus in texts.items():
        parts = sentences_of(of_corpus)
        masked = [(name, part, after) for part in parts if (after := redact(part)) != part]
        kinds = Counter(kind for _, part, after in masked for kind in kinds_in(after, part))
        by_kind = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        print(f"| {name} | {len(parts):,} | {len(masked):,} ({len(masked) / len(parts):.3%}) | {by_kind} |", flush=True)
        found += masked
        n_all += len(parts)
    print(f"| **all** | {n_all:,} | {len(found):,} ({len(found) / n_all:.3%}) | |")
    for name, part, after in random.Random(SEED).sample(found, min(n_sample, len(found))):
        print(f"{name}\t{part.strip()}\t{after.strip()}")


def speeds(texts: Sequence[str]) -> tuple[float, float]:
    """Return characters and texts masked in a second of processor time."""
    redact("预热13800138000")
    started = time.process_time()
    for text in texts:
        redact(text)
    seconds = max(time.process_time() - started, 1e-9)
    return sum(map(len, texts)) / seconds, len(texts) / seconds


def _turn_texts(texts: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Sequence[str]]]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        yield "simulated chats", _simulated_turns(Path(folder))
    if texts:
        yield "corpora", [text for of_corpus in texts.values() for text in of_corpus]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = corpora_parser(__doc__)
    parser.add_argument("--sentences", type=int, default=60, help="made-up sentences of each form")
    parser.add_argument("--sample", type=int, default=0, help="masked sentences of the corpora to print")
    options = parser.parse_args(arguments)
    _print_recall(options.sentences)
    texts = corpora_texts(options.corpora) if options.corpora.is_dir() else {}
    if texts:
        _print_corpora(texts, options.sample)
    else:
        print(f"no folder {options.corpora}: set KESHENG_CORPORA or --corpora to measure real text", file=sys.stderr)
    print("\n| speed | characters/s | texts/s |\n|---|---|---|")
    for name, turns in _turn_texts(texts):
        print("| {} | {:,.0f} | {:,.0f} |".format(name, *speeds(turns)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

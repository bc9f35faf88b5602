"""Rules on real text: how many turns a second, beside one regular expression a category, on the same turns.

``python -m benchmarks.rules [--corpora DIR]`` prints a Markdown table; under a minute. Forty categories: the shipped
ones and changed copies of the first of them. The plain loop only
finds phrases: no near, unless, cue, speaker or mood. Times are processor time of one process, the best of three, so
that other load on the machine tells little.
"""

from __future__ import annotations

import json
import re
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from analytics.rules import Ruleset, categorise, load_rules
from analytics.rules.load import words_of
from analytics.rules.matcher import Matcher
from analytics.rules.model import Condition
from analytics.text.normalise import normalise
from benchmarks.command_line import corpora_parser, options_of

N_CATEGORIES = 40
N_TURNS = 60_000
REPEATS = 3


def chat_turns(corpora: Path) -> list[str]:
    """Return what customers say in JD's chats and travellers in CrossWOZ."""
    lines = (corpora / "chats" / "jddc_chat.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    said = [row[6] for row in rows if len(row) > 6 and row[2] == "0"]
    with zipfile.ZipFile(corpora / "chats" / "crosswoz_test.json.zip") as archive:
        sessions = json.loads(archive.read(archive.namelist()[0]))
    return said + [turn["content"] for one in sessions.values() for turn in one["messages"] if turn["role"] == "usr"]


def reviews(corpora: Path) -> list[str]:
    """Return takeaway and shop reviews."""
    tables = [pd.read_csv(corpora / "sentiment" / name) for name in ("waimai_10k.csv", "online_shopping_7_cats.csv")]
    return [str(text) for table in tables for text in table["review"].dropna()]


def forty(rules: Ruleset) -> Ruleset:
    """Return the rules with changed copies of the first ones added, up to `N_CATEGORIES`.

    Each list of a copy has one word more, so that it shares no list with what it is a copy of.
    """
    copies = rules.categories[: N_CATEGORIES - len(rules.categories)]
    changed = [one.model_copy(update={"name": f"{one.name}_copy", "when": _with_a_word(one.when)}) for one in copies]
    return Ruleset((*rules.categories, *changed))


def _with_a_word(node: Condition) -> Condition:
    more = ("再添一词",)
    return node.model_copy(
        update={
            "phrases": (*node.phrases, *more) if node.phrases else (),
            "all": tuple(map(_with_a_word, node.all)),
            "any": tuple(map(_with_a_word, node.any)),
            "near": node.near and tuple((*side, *more) for side in node.near),
        }
    )


def as_turns(texts: Sequence[str]) -> pd.DataFrame:
    """Return texts as the turns of contacts of six turns, without a mood."""
    n = len(texts)
    return pd.DataFrame(
        {
            "contact_id": [f"c{i // 6}" for i in range(n)],
            "turn": [i % 6 for i in range(n)],
            "speaker": "customer",
            "text": texts,
            "text_simplified": texts,
            "kind": "chat",
            "channel": "app",
            "sentiment_score": float("nan"),
            "sentiment_label": None,
        }
    )


def plain(texts: Sequence[str], rules: Ruleset) -> int:
    """Count matches by one compiled alternation a category, longest phrase first; the loop one would write at once."""
    patterns = []
    for category in rules.categories:
        words = {word for phrases in words_of([category.when]) for word in phrases}
        patterns.append(re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))))
    return sum(sum(1 for _ in pattern.finditer(text.lower())) for text in texts for pattern in patterns)


def best_seconds(work: Callable[[], object]) -> float:
    """Return the shortest of `REPEATS` processor times."""
    found = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def run(corpora: Path) -> None:
    """Print the table."""
    print("| turns | n | different | characters | rules, turns/s | plain re, turns/s | times |")
    print("|---|---|---|---|---|---|---|")
    for name, texts in (("chats", chat_turns(corpora)), ("reviews", reviews(corpora))):
        written = [normalise(text) for text in texts][:N_TURNS]
        rules = forty(load_rules())
        matcher = Matcher(rules)
        turns = as_turns(written)
        ours = len(turns) / best_seconds(lambda turns=turns, matcher=matcher: categorise(turns, matcher.rules, matcher))
        theirs = len(turns) / best_seconds(lambda written=written, rules=rules: plain(written, rules))
        length = sum(map(len, written)) / len(written)
        print(
            f"| {name} | {len(turns):,} | {len(set(written)):,} | {length:.0f} | {ours:,.0f} | {theirs:,.0f}"
            f" | {ours / theirs:.1f} |"
        )


def main() -> int:
    """Run the command line."""
    run(options_of(corpora_parser(__doc__)).corpora)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Strong moods and the shipped categories on sentences written for them; the floors are just under what was read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analytics.rules import Ruleset, categorise, load_rules, tried
from analytics.rules.examples import as_turns

HERE = Path(__file__).parent


def judged(name: str) -> pd.DataFrame:
    """Return category, expected, got for each sentence of a file; no sentence has a mood, so the rule stands alone."""
    rows = pd.read_csv(HERE / f"{name}.tsv", sep="\t", comment="#", names=["category", "expected", "text"])
    rules = Ruleset(tuple(category for category in load_rules().categories if category.kind == "strong"))
    by_name = {category.name: category for category in rules.categories}
    turns = [as_turns(by_name[row.category], [row.text]).assign(contact_id=str(row.Index)) for row in rows.itertuples()]
    hits = categorise(pd.concat(turns, ignore_index=True), rules)
    met = set(zip(hits["contact_id"], hits["category"], strict=True))
    return rows.assign(got=[(str(row.Index), row.category) in met for row in rows.itertuples()])


@pytest.mark.parametrize(
    ("name", "n", "precision", "recall"),
    [("strong_probe", 160, 0.97, 0.96), ("strong_probe_second", 80, 0.97, 0.88), ("strong_held_out", 80, 0.9, 0.6)],
)
def test_strong_moods_are_told_from_what_only_sounds_like_them(
    name: str, n: int, precision: float, recall: float
) -> None:
    rows = judged(name)
    assert len(rows) >= n and 0.4 < rows["expected"].mean() < 0.6
    hit = rows["got"] & (rows["expected"] == 1)
    assert hit.sum() / rows["got"].sum() >= precision
    assert hit.sum() / rows["expected"].sum() >= recall


def test_danger_to_life_is_seldom_missed_and_figures_of_speech_are_not_taken_for_it() -> None:
    rows = pd.concat([judged("strong_probe"), judged("strong_held_out")])
    own = rows[rows["category"] == "self_harm"]
    assert own.loc[own["expected"] == 1, "got"].mean() >= 0.9
    assert not own.loc[own["expected"] == 0, "got"].any()


@pytest.mark.slow
def test_every_shipped_example_does_what_it_says() -> None:
    assert [(one.category, one.turns) for one in tried(load_rules()) if not one.is_right] == []

from collections import defaultdict

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.text.ngrams import EDGE, SEPARATOR, NgramCounts, count_ngrams

TURNS = st.lists(st.tuples(st.lists(st.sampled_from("甲乙丙丁"), max_size=7), st.sampled_from("abc")), max_size=8)
Turns = list[tuple[list[str], str]]


def _count(turns: Turns, min_contacts: int) -> NgramCounts:
    return count_ngrams([t for t, _ in turns], [c for _, c in turns], min_contacts=min_contacts, max_parts=4)


def _plain(turns: Turns, side: int) -> dict[tuple[str, ...], int]:
    """What is counted, written the slow way: side -1 left, 1 right, 0 the n-grams themselves."""
    said: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for tokens, contact in turns:
        for n in range(1 if side == 0 else 2, 5):
            for i in range(len(tokens) - n + 1):
                ngram = SEPARATOR.join(tokens[i : i + n])
                beside = i - 1 if side < 0 else i + n
                neighbour = tokens[beside] if 0 <= beside < len(tokens) else EDGE
                said[(ngram, neighbour) if side else (ngram,)].add(contact)
    return {key: len(contacts) for key, contacts in said.items()}


def _as_dict(frame: pd.DataFrame, *keys: str) -> dict[tuple[str, ...], int]:
    return {tuple(row[:-1]): int(row[-1]) for row in frame[[*keys, "n_contacts"]].itertuples(index=False)}


@settings(max_examples=40)
@given(TURNS)
def test_same_as_counting_one_by_one(turns: Turns) -> None:
    counts = _count(turns, 1)
    assert _as_dict(counts.contacts, "ngram") == _plain(turns, 0)
    assert _as_dict(counts.left, "ngram", "neighbour") == _plain(turns, -1)
    assert _as_dict(counts.right, "ngram", "neighbour") == _plain(turns, 1)


@settings(max_examples=40)
@given(TURNS)
def test_a_floor_only_leaves_out_what_is_rarer(turns: Turns) -> None:
    expected = {key: n for key, n in _plain(turns, 0).items() if n >= 2 or SEPARATOR not in key[0]}
    assert _as_dict(_count(turns, 2).contacts, "ngram") == expected


@settings(max_examples=40)
@given(TURNS)
def test_parts_of_the_data_add_up(turns: Turns) -> None:
    parts = [[turn for turn in turns if (turn[1] == "a") is is_first] for is_first in (True, False)]
    added = pd.concat([_count(part, 1).contacts for part in parts]).groupby("ngram")["n_contacts"].sum()
    assert {(key,): n for key, n in added.items()} == _plain(turns, 0)


def test_as_many_contacts_as_turns_are_needed() -> None:
    with pytest.raises(ValueError, match="got 1 for 2"):
        count_ngrams([["甲"], ["乙"]], ["a"])


def test_nothing_gives_empty_frames() -> None:
    counts = count_ngrams([], [])
    assert counts.contacts.empty and counts.left.empty and counts.right.empty

from collections import defaultdict

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.text.ngrams import COUNT, EDGE, LEFT, RIGHT, SEPARATOR, TOTAL, count_chains, count_given, count_pairs
from analytics.text.units import unit_stream

TURN = st.tuples(st.lists(st.sampled_from("甲乙丙丁"), max_size=7), st.sampled_from("abc"), st.sets(st.integers(0, 7)))
TURNS = st.lists(TURN, max_size=8)
Turns = list[tuple[list[str], str, set[int]]]
DAY_OF = {"a": 1, "b": 1, "c": 2}
ALL_LINKS = [SEPARATOR.join(pair) for pair in ("甲乙", "乙乙", "乙丙", "丙甲")]


def frame(turns: Turns) -> pd.DataFrame:
    tokens, contacts, breaks = zip(*turns, strict=True) if turns else ((), (), ())
    return pd.DataFrame(
        {
            "day": [DAY_OF[contact] for contact in contacts],
            "contact_id": contacts,
            "tokens": list(tokens),
            "breaks": [sorted(places) for places in breaks],
        }
    )


def clauses(turns: Turns) -> list[tuple[str, list[str]]]:
    """Contact and units of each clause, cut the slow way."""
    found = []
    for tokens, contact, breaks in turns:
        clause: list[str] = []
        for place, token in enumerate(tokens):
            if place in breaks and clause:
                found.append((contact, clause))
                clause = []
            clause.append(token)
        found.append((contact, clause))
    return found


def plain(turns: Turns, sizes: range, side: int = COUNT) -> dict[tuple[object, ...], int]:
    """What is counted, written the slow way."""
    said: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for contact, units in clauses(turns):
        for n in sizes:
            for i in range(len(units) - n + 1):
                beside = {LEFT: i - 1, RIGHT: i + n}.get(side, -1)
                neighbour = units[beside] if 0 <= beside < len(units) else EDGE
                said[DAY_OF[contact], SEPARATOR.join(units[i : i + n]), neighbour].add(contact)
    return {key: len(contacts) for key, contacts in said.items()}


def as_dict(rows: pd.DataFrame) -> dict[tuple[object, ...], int]:
    rows = rows if "neighbour" in rows else rows.assign(neighbour=EDGE)
    return {tuple(row[:3]): int(row[3]) for row in rows[["day", "ngram", "neighbour", "n_contacts"]].to_numpy()}


@settings(max_examples=25)
@given(TURNS)
def test_units_and_pairs_as_counted_one_by_one_and_none_over_a_break(turns: Turns) -> None:
    counts = count_pairs(unit_stream(frame(turns)))
    totals, rest = counts[counts["ngram"] == TOTAL], counts[counts["ngram"] != TOTAL]
    assert as_dict(rest) == plain(turns, range(1, 3))
    units = rest[~rest["ngram"].str.contains(SEPARATOR)] if len(rest) else rest
    assert totals["n_contacts"].sum() == units["n_contacts"].sum()


@settings(max_examples=25)
@given(TURNS, st.permutations(["甲", "丁", "戊", *ALL_LINKS]))
def test_given_ngrams_are_counted_by_their_place(turns: Turns, wanted: list[str]) -> None:
    counts = count_given(unit_stream(frame(turns)), wanted)
    found = {(day, wanted[code], EDGE): n for day, code, n in counts.to_numpy().tolist()}
    assert found == {key: n for key, n in plain(turns, range(1, 3)).items() if key[1] in wanted}


@settings(max_examples=25)
@given(TURNS)
def test_chains_hold_links_only_and_their_neighbours_are_of_the_days_asked(turns: Turns) -> None:
    counts = count_chains(unit_stream(frame(turns)), ALL_LINKS, max_parts=4, beside_days={2})
    for side in (COUNT, LEFT, RIGHT):
        expected = {
            key: n
            for key, n in plain(turns, range(2, 5), side).items()
            if _is_chain(str(key[1])) and (side == COUNT or key[0] == 2)
        }
        expected = expected if side != COUNT else {(*key[:2], EDGE): n for key, n in expected.items()}
        assert as_dict(counts[counts["side"] == side]) == expected


def _is_chain(ngram: str) -> bool:
    units = ngram.split(SEPARATOR)
    return all(SEPARATOR.join(units[i : i + 2]) in ALL_LINKS for i in range(len(units) - 1))


def test_many_turns_of_one_contact_are_one_contact() -> None:
    counts = count_pairs(unit_stream(frame([(["甲", "乙"], "a", set())] * 5)))
    assert set(counts.loc[counts["ngram"] != TOTAL, "n_contacts"]) == {1}

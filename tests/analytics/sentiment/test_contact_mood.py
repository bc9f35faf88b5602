from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import SchemaError
from analytics.schema import COURSES, TABLES
from analytics.sentiment.contact_mood import contact_mood

Turn = tuple[float, int, int]
"""Score, characters, characters that tell something."""

TURNS = st.lists(
    st.tuples(st.sampled_from("abc"), st.floats(-1, 1), st.integers(0, 200), st.integers(0, 200)),
    min_size=1,
    max_size=24,
)
THANKS: Turn = (0.5, 4, 0)
GREETING: Turn = (0.03, 2, 0)
ANGRY: Turn = (-0.9, 18, 18)


def _frame(rows: list[tuple[str, float, int, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["contact_id", "sentiment_score", "n_chars", "n_told"])
    return frame.assign(turn=range(len(frame)))


def _mood(*turns: Turn) -> pd.Series:
    return contact_mood(_frame([("a", *turn) for turn in turns])).iloc[0]


def _label(*turns: tuple[float, int]) -> str:
    return str(_mood(*((score, n, n) for score, n in turns))["sentiment_label"])


def test_one_furious_sentence_among_filler_is_negative() -> None:
    filler = [(0.02, 1)] * 10
    assert _label(*filler, (-0.9, 18)) == "negative"
    assert _label(*filler, (-0.9, 18), (0.45, 2)) == "negative"
    assert _label(*filler) == "neutral"
    assert _label(*filler, (0.9, 10)) == "positive"
    assert _label(*[(-0.15, 15)] * 10) == "neutral"


def test_who_came_angry_and_left_content_recovered() -> None:
    found = _mood(GREETING, ANGRY, (-0.1, 12, 12), (0.8, 14, 14), THANKS)
    assert (found["sentiment_first"], found["sentiment_last"], found["sentiment_lowest"]) == (-0.9, 0.8, -0.9)
    assert found["mood_course"] == "recovered"
    assert found["sentiment_change"] == pytest.approx(1.7)
    assert _mood((0.0, 9, 9), (0.1, 9, 9), ANGRY)["mood_course"] == "soured"


def test_thanks_at_the_end_make_no_peace() -> None:
    for turns in ((ANGRY, THANKS), (GREETING, ANGRY, THANKS, THANKS)):
        found = _mood(*turns)
        assert found["sentiment_first"] == found["sentiment_last"] == -0.9
        assert (found["sentiment_change"], found["mood_course"]) == (0.0, "steady")
    # Three angry turns and one resigned clause: he has not come round.
    resigned = _mood(ANGRY, ANGRY, (-0.7, 12, 12), (-0.8, 15, 15), (-0.1, 6, 6))
    assert resigned["mood_course"] == "steady"
    assert resigned["sentiment_last"] <= -0.3


def test_courtesies_alone_tell_what_there_is() -> None:
    found = _mood(GREETING, THANKS)
    assert (found["sentiment_first"], found["sentiment_last"], found["mood_course"]) == (0.03, 0.5, "steady")


def test_a_step_over_the_edge_of_neutral_is_no_course() -> None:
    assert _mood((-0.31, 9, 9), (-0.29, 9, 9))["mood_course"] == "steady"
    assert _mood((-0.29, 9, 9), (-0.31, 9, 9))["mood_course"] == "steady"


def test_a_long_contact_is_told_by_three_turns_at_each_end() -> None:
    middle = [(-0.9, 30, 30)] * 14
    calm = [(0.1, 10, 10)] * 3
    found = _mood(*calm, *middle, *calm)
    assert [found["sentiment_first"], found["sentiment_last"]] == pytest.approx([0.1, 0.1])
    assert found["sentiment_lowest"] == -0.9


def test_one_turn_has_no_course() -> None:
    found = _mood(ANGRY)
    assert found["sentiment_first"] == found["sentiment_last"] == found["sentiment_lowest"] == -0.9
    assert pd.isna(found["sentiment_change"])
    assert found["mood_course"] is None


@settings(max_examples=40)
@given(TURNS, st.randoms(use_true_random=False))
def test_between_the_lowest_and_the_highest_turn_and_order_of_rows_is_irrelevant(rows, random) -> None:  # type: ignore[no-untyped-def]
    frame = _frame(rows)
    before = frame.copy()
    mood = contact_mood(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert mood["contact_id"].tolist() == sorted(set(frame["contact_id"]))
    for found in mood.itertuples():
        own = frame.loc[frame["contact_id"] == found.contact_id, "sentiment_score"]
        for value in (found.sentiment_score, found.sentiment_first, found.sentiment_last):
            assert own.min() - 1e-9 <= value <= own.max() + 1e-9
        assert found.sentiment_lowest == own.min()
        assert (found.mood_course is None) == pd.isna(found.sentiment_change) == (len(own) == 1)
        assert found.mood_course in (*COURSES, None)
    places = list(range(len(frame)))
    random.shuffle(places)
    pd.testing.assert_frame_equal(contact_mood(frame.iloc[places]), mood)


def test_no_turns_and_bad_frames() -> None:
    names = [name for name in TABLES["contact_mood"].arrow().names if name != "day"]
    assert contact_mood(_frame([])).columns.tolist() == names
    assert contact_mood(_frame([])).empty
    with pytest.raises(SchemaError, match="n_told"):
        contact_mood(_frame([("a", 0.1, 1, 1)]).drop(columns="n_told"))
    with pytest.raises(SchemaError, match="1 null of 1"):
        contact_mood(_frame([("a", float("nan"), 1, 1)]))

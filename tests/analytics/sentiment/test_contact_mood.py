import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import SchemaError
from analytics.sentiment.contact_mood import contact_mood

TURNS = st.lists(st.tuples(st.sampled_from("abc"), st.floats(-1, 1), st.integers(0, 200)), min_size=1, max_size=12)


def _frame(rows: list[tuple[str, float, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["contact_id", "sentiment_score", "n_chars"])


def _label(*turns: tuple[float, int]) -> str:
    return str(contact_mood(_frame([("a", *turn) for turn in turns]))["sentiment_label"].item())


def test_one_furious_sentence_among_filler_is_negative() -> None:
    filler = [(0.02, 1)] * 10
    assert _label(*filler, (-0.9, 18)) == "negative"
    assert _label(*filler, (-0.9, 18), (0.45, 2)) == "negative"
    assert _label(*filler) == "neutral"
    assert _label(*filler, (0.9, 10)) == "positive"
    assert _label(*[(-0.15, 15)] * 10) == "neutral"


@settings(max_examples=40)
@given(TURNS)
def test_between_the_lowest_and_the_highest_turn_and_order_is_irrelevant(rows: list[tuple[str, float, int]]) -> None:
    frame = _frame(rows)
    before = frame.copy()
    mood = contact_mood(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert mood["contact_id"].tolist() == sorted(set(frame["contact_id"]))
    for contact, score in zip(mood["contact_id"], mood["sentiment_score"], strict=True):
        own = frame.loc[frame["contact_id"] == contact, "sentiment_score"]
        assert own.min() - 1e-9 <= score <= own.max() + 1e-9
    pd.testing.assert_frame_equal(contact_mood(frame.iloc[::-1]), mood)


def test_no_turns_and_bad_frames() -> None:
    assert contact_mood(_frame([])).shape == (0, 3)
    with pytest.raises(SchemaError, match="n_chars"):
        contact_mood(_frame([("a", 0.1, 1)]).drop(columns="n_chars"))
    with pytest.raises(SchemaError, match="1 null of 1"):
        contact_mood(_frame([("a", float("nan"), 1)]))

import numpy as np
import pandas as pd
import pytest

from analytics.text.dictionary import UserWord
from analytics.text.units import SEPARATOR, UnitStream, unit_cutter, unit_stream


def spelled(stream: UnitStream) -> list[str]:
    """Each clause with its units parted by strokes."""
    clauses = pd.Series(stream.words[stream.unit]).groupby(stream.clause, sort=True).agg("/".join)
    return clauses.tolist()


@pytest.mark.parametrize("token", ["买呛", "呛口", "绝绝子"])
def test_what_the_segmenter_only_guessed_is_cut_into_characters(token: str) -> None:
    assert unit_cutter()(token) == list(token)


@pytest.mark.parametrize("token", ["面膜", "很快", "小米14", "T恤", "iPhone 17 Pro"])
def test_known_words_and_models_stay_whole(token: str) -> None:
    assert unit_cutter()(token) == [token]


def test_a_user_word_is_a_word() -> None:
    assert unit_cutter()("极速赔") == ["极速", "赔"]
    assert unit_cutter((UserWord("极速赔"),))("极速赔") == ["极速赔"]


def test_clauses_begin_with_turns_and_at_breaks() -> None:
    turns = pd.DataFrame(
        {
            "day": 1,
            "contact_id": ["a", "a", "b"],
            "tokens": [["刚买", "的", "面膜"], [], ["S9"]],
            "breaks": [[2], None, None],
        }
    )
    stream = unit_stream(turns, unit_cutter())
    assert spelled(stream) == ["刚/买/的", "面膜", "S9"]
    assert stream.contact.tolist() == [0, 0, 0, 0, 1]


def test_lists_and_joined_strings_are_the_same() -> None:
    lists = pd.DataFrame(
        {"day": 1, "contact_id": ["a", "b"], "tokens": [["刚买", "的", "面膜"], []], "breaks": [[1, 2], []]}
    )
    joined = lists.assign(
        tokens=[SEPARATOR.join(row) for row in lists["tokens"]],
        breaks=[SEPARATOR.join(map(str, row)) for row in lists["breaks"]],
    )
    one, other = unit_stream(lists, unit_cutter()), unit_stream(joined, unit_cutter())
    assert spelled(one) == spelled(other) == ["刚/买", "的", "面膜"]
    assert np.array_equal(one.contact, other.contact)


def test_no_turns() -> None:
    stream = unit_stream(pd.DataFrame({"day": [], "contact_id": [], "tokens": [], "breaks": []}), unit_cutter())
    assert len(stream.unit) == len(stream.days) == 0

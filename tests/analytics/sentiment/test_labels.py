import numpy as np
import pandas as pd
import pytest

from analytics.sentiment.labels import CORRECTION_WEIGHT, TALK_WEIGHT, rating_labels, site_labels

CONTACTS = pd.DataFrame(
    [
        ("r1", "shop", "review", 1.0),
        ("r2", "shop", "review", 4.0),
        ("r3", "shop", "review", 5.0),
        ("k1", "desk", "chat", 9.0),
        ("k2", "desk", "chat", None),
        ("u1", "thumbs", "review", 1.0),
    ],
    columns=["contact_id", "source", "kind", "rating"],
).assign(started_at=pd.Timestamp("2026-03-01", tz="UTC"))
TURNS = pd.DataFrame(
    [
        ("r1", 0, "闪退"), ("r1", 1, "打开就退"), ("r2", 0, "还行"), ("r3", 0, "顺手"), ("r3", 1, " "),
        ("k1", 0, "在吗"), ("k1", 2, "弄好了"), ("k2", 0, "气死人"), ("k2", 1, "请问几点"), ("u1", 0, "差"),
    ],
    columns=["contact_id", "turn", "text_simplified"],
).assign(text="as written")  # fmt: skip


def corrections(*rows):
    return pd.DataFrame(rows, columns=["contact_id", "turn", "label"], dtype=object)


def learnt(found):
    return sorted(found.texts[["contact_id", "text", "label", "weight", "judged"]].itertuples(index=False, name=None))


def test_stars_teach_every_turn_of_a_review_and_a_chat_weakly_as_a_whole():
    found = site_labels(CONTACTS, TURNS, corrections())
    assert learnt(found) == [
        ("k1", "在吗。弄好了", 2, TALK_WEIGHT, False),
        ("r1", "打开就退", 0, 1.0, False),
        ("r1", "闪退", 0, 1.0, False),
        ("r3", "顺手", 2, 1.0, False),
    ]
    assert sorted(found.units["contact_id"]) == ["k1", "r1", "r3"]
    assert set(found.units["turn"]) == {-1}
    assert found.unknown_scale == ("thumbs",)


def test_a_correction_outweighs_stars_and_stands_for_its_turn_alone():
    found = site_labels(
        CONTACTS, TURNS, corrections(("r1", 1, "neutral"), ("r3", None, "negative"), ("k2", 0, "negative"))
    )
    assert learnt(found) == [
        ("k1", "在吗。弄好了", 2, TALK_WEIGHT, False),
        ("k2", "气死人", 0, CORRECTION_WEIGHT, True),
        ("r1", "打开就退", 1, CORRECTION_WEIGHT, True),
        ("r1", "闪退", 0, 1.0, False),
        ("r3", "顺手", 0, CORRECTION_WEIGHT, True),
    ]
    assert set(map(tuple, found.units[["contact_id", "turn"]].to_numpy())) == {
        ("k1", -1), ("k2", 0), ("r1", 1), ("r1", -1), ("r3", -1),
    }  # fmt: skip


def test_a_correction_of_a_contact_that_is_gone_is_no_label():
    found = site_labels(CONTACTS, TURNS, corrections(("gone", None, "negative"), ("r1", 9, "positive")))
    assert sorted(found.units["contact_id"]) == ["k1", "r1", "r3"]


@pytest.mark.parametrize(
    ("ratings", "labels"),
    [
        ([1, 2, 3, 4, 5], [0, 0, None, None, 2]),
        ([0, 6, 7, 8, 9, 10], [0, 0, None, None, 2, 2]),
        ([1, 2, 3], None),
        ([20, 100], None),
        ([-1, 5], None),
        ([None], None),
    ],
)
def test_scales(ratings, labels):
    found = rating_labels(pd.Series(ratings, dtype="float64"))
    assert found is None if labels is None else np.array_equal(found, np.array(labels, float), equal_nan=True)

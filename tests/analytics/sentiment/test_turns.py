from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.schema.table import LABELS
from analytics.sentiment.turns import N_DRAWN, OPINIONS, REVIEWS, Grammar, draw_turns, load_grammar


def test_the_shipped_grammar_is_rich() -> None:
    assert len(load_grammar().patterns["neutral"]) >= 600
    for label in LABELS:
        turns = draw_turns(label, 4000, seed=3)
        assert len(turns) == len(set(turns)) > 1000
        assert not any(sign in turn for turn in turns for sign in "{}()|")


@pytest.mark.parametrize("path", [REVIEWS, OPINIONS])
def test_reviews_and_judgements_are_of_one_mood(path: Path) -> None:
    grammar = load_grammar(path)
    drawn = {
        label: set(draw_turns(label, n_turns, seed=2, grammar=grammar)) for label, n_turns in N_DRAWN[path].items()
    }
    both = drawn["positive"] & drawn["negative"]
    assert min(map(len, drawn.values())) > 4_000 and len(both) < 20
    assert not any(sign in text for texts in drawn.values() for text in texts for sign in "{}()|@")


def test_same_seed_same_turns() -> None:
    assert draw_turns("neutral", 500, seed=1) == draw_turns("neutral", 500, seed=1)
    assert draw_turns("neutral", 2000, seed=1) != draw_turns("neutral", 2000, seed=2)


def test_no_turn_is_of_two_moods() -> None:
    """Plain thanks are a courtesy and stand in both; nothing that is praise or anger may be called neutral."""
    negative = set(draw_turns("negative", 6000, seed=1))
    assert not negative & set(draw_turns("positive", 6000, seed=1))
    assert not negative & set(draw_turns("neutral", 6000, seed=1))


def test_slots_and_choices_are_filled() -> None:
    grammar = Grammar({"品": ("锅",)}, {"negative": ("{品}(坏|裂)了",), "neutral": ("好",), "positive": ("好",)})
    assert draw_turns("negative", 1, seed=0, grammar=grammar)[0] in {"锅坏了", "锅裂了"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[neutral]\n{无}吗\n[negative]\n坏\n[positive]\n好\n", "无"),
        ("[neutral]\n好的\n[positive]\n好\n", "negative has no pattern"),
        ("好的\n", "line 1"),
    ],
)
def test_a_broken_grammar_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "grammar.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=expected):
        load_grammar(path)
    with pytest.raises(ConfigError, match="does not exist"):
        load_grammar(tmp_path / "none.txt")

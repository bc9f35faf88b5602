import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import ConfigError
from analytics.simulate.frames import draw, draw_unsaid, parse_frames, without_words

PLAIN = st.text(alphabet="查催退货的吗，100%", min_size=1, max_size=8)


@given(st.lists(st.lists(PLAIN, min_size=1, max_size=3), min_size=1, max_size=3), st.floats(0, 0.999))
def test_a_drawn_sentence_takes_one_of_each_choice(choices, u):
    line = "起".join(f"<{'|'.join(options)}>" for options in choices)
    text = draw(parse_frames("头" + line, ()), {}, lambda: u)
    parts = text[1:].split("起")
    assert all(part in options for part, options in zip(parts, choices, strict=True))


def test_slots_are_renamed_and_filled():
    frames = parse_frames("{days}内送达", {"days_answer"}, {"days": "days_answer"})
    assert draw(frames, {"days_answer": "三天"}, lambda: 0.5) == "三天内送达"


@pytest.mark.parametrize("wrong", ["你好{nobody}", "<查|催", "查>一下", "{order"])
def test_a_wrong_frame_is_refused(wrong):
    with pytest.raises(ConfigError, match="line 1"):
        parse_frames(wrong, {"order"})


def test_a_frame_is_not_said_twice_while_others_are_left():
    frames = parse_frames("甲\n乙", ())
    numbers = iter([0.0, 0.0, 0.0, 0.9, 0.0])
    said: set[str] = set()
    first = draw_unsaid(frames, {}, lambda: next(numbers), said)
    assert (first, draw_unsaid(frames, {}, lambda: next(numbers), said)) == ("甲", "乙")


def test_frames_with_a_word_are_left_out_unless_all_have_it():
    frames = parse_frames("看截图\n你好", ())
    assert without_words(frames, ("截图",)) == frames[1:]
    assert without_words(frames, ("截图", "你好")) == frames

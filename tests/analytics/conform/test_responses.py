import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.conform.responses import response_seconds

START = pd.Timestamp("2026-01-01", tz="UTC")


def turns(*sessions: list[tuple[str, float | None]]) -> pd.DataFrame:
    rows = [(number, speaker, seconds) for number, session in enumerate(sessions) for speaker, seconds in session]
    frame = pd.DataFrame(rows, columns=["contact", "speaker", "seconds"])
    said_at = START + pd.to_timedelta(frame.pop("seconds").astype("float64"), unit="s")
    return frame.assign(said_at=said_at.astype("datetime64[us, UTC]"))


def test_bots_do_not_answer_and_agents_who_speak_first_have_not_answered() -> None:
    session = [
        ("agent", 0),
        ("customer", 10),
        ("bot", 11),
        ("customer", 20),
        ("customer", 25),
        ("agent", 50),
        ("agent", 90),
    ]
    found = response_seconds(turns(session))
    assert found.loc[0].tolist() == [40.0, 27.5]


def test_sessions_do_not_answer_each_other() -> None:
    found = response_seconds(
        turns([("customer", 0)], [("agent", 5), ("customer", 10)], [("customer", 0), ("agent", 7)])
    )
    assert found.index.tolist() == [2]
    assert found.loc[2].tolist() == [7.0, 7.0]


def test_an_answer_dated_before_the_question_has_no_delay() -> None:
    assert response_seconds(turns([("customer", 60), ("agent", 0)])).empty


def test_an_answer_without_a_time_has_no_delay() -> None:
    assert response_seconds(turns([("customer", 0), ("agent", None), ("agent", 9)])).empty
    assert response_seconds(turns()).empty


speakers = st.lists(st.sampled_from(["customer", "agent", "bot"]), max_size=8)


@settings(max_examples=30, deadline=None)
@given(st.lists(speakers, max_size=5))
def test_the_fast_way_equals_the_plain_one(sessions: list[list[str]]) -> None:
    timed = [[(speaker, float(7 * at**2)) for at, speaker in enumerate(session)] for session in sessions]
    found = response_seconds(turns(*timed))
    for number, session in enumerate(timed):
        first, waits = None, []
        for at, (speaker, seconds) in enumerate(session):
            if speaker != "customer":
                continue
            later = [turn for turn in session[at:] if turn[0] != "customer"]
            if later and later[0][0] == "agent":
                waits.append(later[0][1] - seconds)
            agents = [turn[1] for turn in session[at:] if turn[0] == "agent"]
            if first is None:
                first = agents[0] - seconds if agents else np.inf
        expected = [first if first is not None else np.inf, float(np.mean(waits)) if waits else np.nan]
        if np.isinf(expected[0]):
            assert number not in found.index
        else:
            np.testing.assert_allclose(found.loc[number], expected)

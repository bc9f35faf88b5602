import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.conform import SourceSpec, conform_rows

COLUMNS = {role: role for role in ("customer", "time", "speaker", "text", "channel", "phone")}


def spec(**more: object) -> SourceSpec:
    return SourceSpec("chats", "chat", columns=COLUMNS, gap_minutes=30, **more)  # type: ignore[arg-type]


def rows(*messages: tuple[str | None, ...]) -> pd.DataFrame:
    return pd.DataFrame([(*row, *[None] * (6 - len(row))) for row in messages], columns=list(COLUMNS), dtype=object)


def test_a_silence_ends_a_session_and_channels_are_apart() -> None:
    table = rows(
        ("c1", "2026-03-01 10:00", "customer", "在吗", "web"),
        ("c1", "2026-03-01 10:30", "agent", "您好", "web"),
        ("c1", "2026-03-01 11:00:01", "customer", "还在吗", "web"),
        ("c1", "2026-03-01 10:05", "customer", "这边也问下", "app"),
        ("c2", "2026-03-01 10:05", "customer", "你好", "web"),
    )
    done = conform_rows(table, range(2, 7), spec())
    assert done.contacts[["channel", "n_turns"]].values.tolist() == [["web", 2], ["web", 1], ["app", 1], ["web", 1]]
    assert len(done.utterances) == 5


def test_messages_of_nobody_have_no_session() -> None:
    table = rows((None, "2026-03-01 10:00", "customer", "好"), ("匿名用户", "2026-03-01 10:00", "customer", "好"))
    assert conform_rows(table, [2, 3], spec()).rejected["reason"].tolist() == ["no_contact", "no_contact"]


def test_any_identifier_tells_whose_a_message_is() -> None:
    table = rows(
        (None, "2026-03-01 10:00", "customer", "好", None, "13800138000"),
        ("13800138000", "2026-03-01 10:01", "agent", "您好"),
    )
    assert conform_rows(table, [2, 3], spec()).contacts["n_turns"].tolist() == [2]


def test_a_session_s_id_tells_nothing_and_needs_the_key() -> None:
    table = rows(("13800138000", "2026-03-01 10:00", "customer", "好"))
    (plain,) = conform_rows(table, [2], spec()).contacts["contact_id"]
    (keyed,) = conform_rows(table, [2], spec(person_key="k")).contacts["contact_id"]
    assert plain != keyed
    assert "1380013" not in plain


times = st.integers(0, 600).map(lambda minute: str(dt.datetime(2026, 3, 1, 8) + dt.timedelta(minutes=minute)))
messages = st.tuples(st.sampled_from(["c1", "c2", None]), times, st.sampled_from(["customer", "agent"]), st.just("好"))


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(messages, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_sessions_do_not_depend_on_the_order_of_rows(found: list[tuple[str | None, ...]], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = (conform_rows(rows(*these), range(len(these)), spec()) for these in (found, shuffled))
    assert set(first.contacts["contact_id"]) == set(second.contacts["contact_id"])
    assert len(found) == len(first.utterances) + len(first.rejected)
    said = first.utterances.groupby("contact_id")["said_at"]
    assert (said.diff().dropna() <= pd.Timedelta(minutes=30)).all()

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.conform import SourceSpec, conform_rows
from analytics.schema import TABLES

COLUMNS = {
    role: role for role in ("contact", "time", "speaker", "text", "customer", "agent", "team", "channel", "product")
}
CHATS = SourceSpec("chats", "chat", columns=COLUMNS)


def messages(*rows: tuple[str | None, ...]) -> pd.DataFrame:
    full = [(*row, *[None] * (len(COLUMNS) - len(row))) for row in rows]
    return pd.DataFrame(full, columns=list(COLUMNS), dtype=object)


def test_messages_become_sessions_in_order_of_time() -> None:
    rows = messages(
        ("b", "2026-01-01 12:00:40", "agent", "您好", "c1", "a7", "微信组", "微信", "面膜"),
        ("a", "2026-01-01 12:00:00", "customer", "在吗"),
        ("b", "2026-01-01 12:00:10", "customer", "请问怎么退货", "c1", None, None, "wechat", None),
        ("b", "2026-01-01 12:00:00", "system", "会话开始"),
    )
    done = conform_rows(rows, [2, 3, 4, 5], CHATS)
    assert done.contacts["contact_id"].tolist() == ["chats-b", "chats-a"]
    contact = done.contacts.iloc[0]
    assert contact[["agent_id", "team", "channel", "product"]].tolist() == ["a7", "微信组", "wechat", "面膜"]
    assert contact[["n_turns", "n_customer_turns", "first_response_seconds", "position"]].tolist() == [3, 1, 30.0, 2]
    assert contact["started_at"] == pd.Timestamp("2026-01-01 04:00:00", tz="UTC")
    assert contact["ended_at"] == pd.Timestamp("2026-01-01 04:00:40", tz="UTC")
    session = done.utterances[done.utterances["contact_id"] == "chats-b"]
    assert session["speaker"].tolist() == ["system", "customer", "agent"]
    assert session["turn"].tolist() == [0, 1, 2]
    assert done.contacts["channel"].tolist() == ["wechat", "chat"]


def test_messages_are_refused_one_by_one() -> None:
    rows = messages(
        ("a", "2026-01-01 12:00", "customer", "好"),
        ("a", "2026-01-01 12:01", "customer", " "),
        (None, "2026-01-01 12:01", "customer", "好"),
        ("a", "稍后", "customer", "好"),
        ("a", "2026-01-01 12:01", "外星人", "好"),
        ("b", "2026-01-01 12:01", "外星人", "好"),
    )
    done = conform_rows(rows, range(2, 8), CHATS)
    assert done.rejected["reason"].tolist() == [
        "no_text",
        "no_contact",
        "bad_time",
        "unknown_speaker",
        "unknown_speaker",
    ]
    assert done.contacts["contact_id"].tolist() == ["chats-a"]


def test_chats_without_times_keep_the_file_s_order_and_have_no_delays() -> None:
    rows = messages(("a", None, "1", "您好"), ("a", None, "0", "在吗"), ("a", None, "1", "在的"))
    columns = {role: role for role in ("contact", "speaker", "text")}
    done = conform_rows(rows, [1, 2, 3], SourceSpec("s", "chat", columns=columns, agent_value="1"))
    assert done.utterances["text"].tolist() == ["您好", "在吗", "在的"]
    assert done.utterances["speaker"].tolist() == ["agent", "customer", "agent"]
    assert done.contacts[["first_response_seconds", "mean_response_seconds", "started_at"]].isna().all(axis=None)


def test_a_session_past_midnight_belongs_to_the_day_it_began() -> None:
    rows = messages(("a", "2026-01-01 23:59", "customer", "好"), ("a", "2026-01-02 00:01", "agent", "好"))
    done = conform_rows(rows, [1, 2], CHATS)
    assert set(done.utterances["day"]) == {dt.date(2026, 1, 1)}


some = st.sampled_from
rows = st.tuples(
    some(["a", "b", None]), some(["2026-01-01", "x", None]), some(["customer", "agent", "?"]), some(["好", "", None])
)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.lists(rows, max_size=10))
def test_rows_in_are_utterances_and_rejected(found: list[tuple[str | None, ...]]) -> None:
    done = conform_rows(messages(*found), range(1, len(found) + 1), CHATS)
    assert len(found) == len(done.utterances) + len(done.rejected)
    assert done.contacts["n_turns"].sum() == len(done.utterances)
    for name, made in done.to_arrow().items():
        assert made.schema.equals(TABLES[name].arrow())

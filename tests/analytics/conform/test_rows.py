import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.conform import REASONS, Refused, SourceSpec, conform_rows
from analytics.conform.people import person_id
from analytics.errors import SchemaError
from analytics.schema import TABLES, UNDATED_DAY

ORDER = {
    role: role for role in ("id", "time", "ended", "customer", "agent", "team", "product", "title", "text", "reply")
}


def spec(**columns: str) -> SourceSpec:
    return SourceSpec("s", "review", columns=columns)


def frame(**columns: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object)


def test_a_work_order_is_a_contact_with_title_text_and_reply() -> None:
    row = (
        "o1",
        "2026-01-01 09:00:00",
        "2026-01-01 17:30:00",
        "13800138000",
        "a7",
        "t1",
        "热水器",
        "不出热水",
        "电话13800138000",
        "已修好",
    )
    orders = pd.DataFrame([row], columns=list(ORDER), dtype=object)
    done = conform_rows(orders, [2], SourceSpec("orders", "work_order", columns=ORDER), file="orders/x.csv")
    contact = done.contacts.iloc[0]
    assert contact["contact_id"] == "orders-o1"
    assert contact["day"] == dt.date(2026, 1, 1)
    assert contact["started_at"] == pd.Timestamp("2026-01-01 01:00", tz="UTC")
    assert done.identifiers[["id_kind", "id_hash"]].values.tolist() == [["customer", person_id("13800138000")]]
    assert contact[["channel", "kind", "agent_id", "team", "product", "file", "position"]].tolist() == [
        "work_order", "work_order", "a7", "t1", "热水器", "orders/x.csv", 2,
    ]  # fmt: skip
    assert contact[["n_turns", "n_customer_turns"]].tolist() == [3, 2]
    # Nobody sits and waits for it: the hours until its reply are handling, told by ended_at.
    assert contact[["first_response_seconds", "mean_response_seconds"]].isna().all()
    assert (contact["ended_at"] - contact["started_at"]).total_seconds() == 8.5 * 3600
    assert done.utterances["speaker"].tolist() == ["customer", "customer", "agent"]
    assert done.utterances["turn"].tolist() == [0, 1, 2]
    assert done.utterances["text"].tolist()[::2] == ["不出热水", "已修好"]
    assert not any(
        "13800138000" in str(value) for table in (done.contacts, done.utterances) for value in table.to_numpy().ravel()
    )


def test_every_reason_of_a_row() -> None:
    rows = frame(
        id=["1", "2", "3", "1", "5", "6", None],
        text=["好", None, "差", "又来", "好", "（该条评论已经被删除）", "无编号"],
        time=["2026-01-02", "2026-01-02", "不知道", "2026-01-03", None, None, "2026-01-01"],
    )
    refused = [Refused(3, "bad_row", "h")]
    done = conform_rows(rows, [2, 4, 5, 6, 7, 8, 9], spec(id="id", text="text", time="time"), refused=refused)
    reasons = list(zip(done.rejected["position"], done.rejected["reason"], strict=True))
    assert reasons == [
        (3, "bad_row"),
        (4, "no_text"),
        (5, "bad_time"),
        (6, "duplicate_id"),
        (7, "bad_time"),
        (8, "no_text"),
    ]
    assert done.contacts["contact_id"].tolist() == ["s-1", "s-row9"]
    assert set(done.rejected["day"]) == {dt.date(2026, 1, 1)}
    assert done.rejected["raw_hash"].str.len().tolist()[1:] == [64] * 5


def test_without_a_time_column_everything_is_undated() -> None:
    done = conform_rows(frame(text=["好"]), [1], spec(text="text"))
    assert done.contacts["started_at"].isna().all()
    assert done.contacts["day"].tolist() == done.utterances["day"].tolist() == [UNDATED_DAY]


def test_a_duplicate_of_a_refused_row_is_no_duplicate() -> None:
    done = conform_rows(frame(id=["1", "1"], text=[None, "好"]), [1, 2], spec(id="id", text="text"))
    assert done.contacts["position"].tolist() == [2]


def test_ids_are_prefixed_numbered_or_as_given() -> None:
    rows = frame(id=["a", None], text=["好", "差"])
    columns = {"id": "id", "text": "text"}
    as_given = SourceSpec("s", "review", columns=columns, prefix_ids=False)
    tagged = SourceSpec("s", "review", columns=columns, file_tag="f1")
    assert conform_rows(rows, [1, 2], as_given).contacts["contact_id"].tolist() == ["a", "s-row2"]
    assert conform_rows(rows, [1, 2], tagged).contacts["contact_id"].tolist() == ["s-a", "s-f1-row2"]


def test_a_title_is_a_turn_only_where_it_adds_something_and_enough_where_there_is_no_text() -> None:
    rows = frame(text=["很好用，推荐", "太卡了", None], title=["很好用…", "差评", "只有标题"])
    done = conform_rows(rows, [1, 2, 3], spec(text="text", title="title"))
    assert done.utterances["text"].tolist() == ["很好用，推荐", "差评", "太卡了", "只有标题"]
    assert done.contacts["title"].tolist() == ["很好用…", "差评", "只有标题"]


def test_the_answer_in_a_review_is_the_agent_s_turn_without_a_time() -> None:
    rows = frame(text=["打不开\n -------- \n 开发者回复：您好，请更新"], time=["2026-01-01"], rating=["★☆☆☆☆"])
    done = conform_rows(rows, [1], spec(text="text", time="time", rating="rating"))
    assert done.utterances["speaker"].tolist() == ["customer", "agent"]
    assert done.utterances["said_at"].isna().tolist() == [False, True]
    assert done.contacts["first_response_seconds"].isna().all()
    assert done.contacts["rating"].tolist() == [1.0]


def test_the_local_day_is_the_system_s_and_times_are_the_source_s() -> None:
    abroad = SourceSpec("s", "review", columns={"text": "text", "time": "time"}, zone="America/New_York")
    done = conform_rows(frame(text=["好"], time=["2026-01-01 12:00"]), [1], abroad)
    assert done.contacts["started_at"].tolist() == [pd.Timestamp("2026-01-01 17:00", tz="UTC")]
    assert done.contacts["day"].tolist() == [dt.date(2026, 1, 2)]


def test_a_missing_role_or_column_is_named() -> None:
    with pytest.raises(SchemaError, match="no column has the role text"):
        conform_rows(frame(a=["x"]), [1], spec(title="a"))
    with pytest.raises(SchemaError, match=r"columns\.text = 'b' is not in the file; it has: a"):
        conform_rows(frame(a=["x"]), [1], spec(text="b"))
    with pytest.raises(SchemaError, match=r"columns\.words is no role"):
        spec(words="a")


cells = st.sampled_from(
    [None, "", "好", "nan", "2026-01-01", "1", "（该条评论已经被删除）", "\n------\n开发者回复：好"]
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(cells, cells, cells, cells), max_size=8), st.booleans())
def test_rows_in_are_contacts_and_rejected_and_the_schema_holds(
    rows: list[tuple[str | None, ...]], dated: bool
) -> None:
    table = pd.DataFrame(rows, columns=["id", "text", "title", "time"], dtype=object)
    before = table.copy()
    columns = {"id": "id", "text": "text", "title": "title"} | ({"time": "time"} if dated else {})
    done = conform_rows(table, range(1, len(rows) + 1), SourceSpec("s", "review", columns=columns))
    assert len(rows) == len(done.contacts) + len(done.rejected)
    assert set(done.rejected["reason"]) <= set(REASONS)
    assert done.contacts["contact_id"].is_unique
    assert set(done.utterances["contact_id"]) == set(done.contacts["contact_id"])
    n_turns = done.contacts.set_index("contact_id")["n_turns"].to_dict()
    assert done.utterances.groupby("contact_id").size().to_dict() == n_turns
    for name, made in done.to_arrow().items():
        assert made.schema.equals(TABLES[name].arrow())
    pd.testing.assert_frame_equal(table, before)

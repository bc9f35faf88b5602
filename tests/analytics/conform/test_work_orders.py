import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.conform import SourceSpec, conform_rows
from analytics.conform.work_orders import read_courses, read_statuses

ZONE = "Asia/Shanghai"
STATES = {"新建": "open", "处理中": "open", "待客户确认": "pending", "已关闭": "closed", "重新打开": "reopened"}


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (
            "新建 待处理 待受理 处理中 进行中 已受理 已派单 未解决 未处理 new open In_Progress assigned unresolved",
            "open",
        ),
        ("挂起 暂停 待客户回复 待用户确认 待回访 Pending hold on-hold waiting", "pending"),
        ("已关闭 关闭 已解决 已完成 办结 已结案 已处理 处理完毕 已取消 solved closed Resolved done", "closed"),
        ("重新打开 重开 再次打开 已重新开启 reopened Re-opened", "reopened"),
    ],
)
def test_words_of_a_status(words: str, status: str) -> None:
    cells = pd.Series(words.split())
    assert dict(zip(cells, read_statuses(cells), strict=True)) == dict.fromkeys(cells, status)


@pytest.mark.parametrize("word", ["信息已登记成功", "A", "高", "安装", "2026-03-01"])
def test_what_is_no_status_is_none(word: str) -> None:
    assert read_statuses(pd.Series([word])).tolist() == [None]


STEPS = [("2026-03-01 10:00", "新建"), ("2026-03-02 09:30", "已关闭"), ("2026-03-03 08:00", "重新打开")]


@pytest.mark.parametrize(
    "cell",
    [
        "；".join(f"{at} {word}" for at, word in STEPS),
        "\n".join(f"[{number}] {at} 张三 {word}" for number, (at, word) in enumerate(STEPS)),
        " → ".join(f"{word}（{at}）" for at, word in STEPS),
        "|".join(f"{at} {word}" for at, word in reversed(STEPS)),
        json.dumps([{"time": at, "status": word} for at, word in STEPS], ensure_ascii=False),
        json.dumps([{"操作时间": at, "状态": word} for at, word in STEPS]),
        json.dumps([f"{at} {word}" for at, word in STEPS]),
    ],
)
def test_a_history_in_every_form(cell: str) -> None:
    found = read_courses(pd.Series([cell], index=[7]), ZONE)
    assert found.n_reopened.tolist() == [1]
    assert found.status.tolist() == ["reopened"]
    assert found.closed_at[7] == pd.Timestamp("2026-03-02 01:30", tz="UTC")


@pytest.mark.parametrize("cell", [None, "没有记录", "[1, 2]", "[{]", "2026-03-01 10:00", "{}"])
def test_what_is_no_history_says_nothing(cell: str | None) -> None:
    found = read_courses(pd.Series([cell], dtype=object), ZONE)
    assert [found.n_reopened.isna()[0], found.closed_at.isna()[0], found.status[0]] == [True, True, None]


def test_going_on_after_a_close_counts_and_waiting_for_the_customer_does_not() -> None:
    cells = [
        "2026-03-01 新建 2026-03-02 已解决 2026-03-03 处理中 2026-03-04 已关闭",
        "2026-03-02 已处理 2026-03-03 待回访",
    ]
    assert read_courses(pd.Series(cells), ZONE).n_reopened.tolist() == [1, 0]


@pytest.mark.slow
@given(st.lists(st.lists(st.sampled_from(sorted(STATES)), min_size=1, max_size=6), max_size=4))
def test_the_order_of_steps_in_the_cell_does_not_matter(histories: list[list[str]]) -> None:
    cells = [[f"2026-03-{day + 1:02} {word}" for day, word in enumerate(words)] for words in histories]
    straight = read_courses(pd.Series([";".join(steps) for steps in cells], dtype=object), ZONE)
    backwards = read_courses(pd.Series([";".join(steps[::-1]) for steps in cells], dtype=object), ZONE)
    assert straight.n_reopened.tolist() == backwards.n_reopened.tolist()
    assert straight.status.tolist() == backwards.status.tolist() == [STATES[words[-1]] for words in histories]


def test_columns_go_before_the_history() -> None:
    row = {"t": "漏水", "s": "处理中", "e": "2026-03-05", "h": "2026-03-01 新建；2026-03-02 已关闭", "v": "VIP2"}
    columns = {"text": "t", "status": "s", "ended": "e", "history": "h", "tier": "v"}
    done = conform_rows(pd.DataFrame([row], dtype=object), [2], SourceSpec("o", "work_order", columns=columns))
    contact = done.contacts.iloc[0]
    assert contact["tier"] == "VIP2"
    assert contact[["status", "n_reopened"]].tolist() == ["open", 0]
    assert contact["ended_at"] == pd.Timestamp("2026-03-04 16:00", tz="UTC")
    assert done.utterances["text"].tolist() == ["漏水"]


def test_transfers_of_orders_and_of_chats_are_counted_where_the_source_says_them() -> None:
    orders = pd.DataFrame({"t": ["漏水", "少件", "退款"], "n": ["2次", "0", None]}, dtype=object)
    done = conform_rows(orders, [2, 3, 4], SourceSpec("o", "work_order", columns={"text": "t", "transfers": "n"}))
    assert [row["n_transfers"] for row in done.to_arrow()["contact"].to_pylist()] == [2, 0, None]
    chats = pd.DataFrame({"t": ["你好", "在吗"], "c": ["c1", "c1"], "n": [None, "1"]}, dtype=object)
    spec = SourceSpec("c", "chat", columns={"text": "t", "contact": "c", "transfers": "n"})
    assert conform_rows(chats, [2, 3], spec).to_arrow()["contact"]["n_transfers"].to_pylist() == [1]

"""Records that come in several files, settled: through `conform_rows` as the files would be read."""

import pandas as pd

from analytics.conform import Conformed, SourceSpec, conform_rows
from analytics.conform.merge import Tagged, settle

ZONE = "Asia/Shanghai"
ORDER = {"id": "id", "text": "text", "time": "time", "version": "v", "deleted": "gone", "customer": "who"}
CHAT = {
    "contact": "session", "text": "text", "time": "time", "speaker": "who", "id": "id", "agent": "agent",
    "deleted": "gone", "customer": "user",
}  # fmt: skip


def conformed(rows: list[dict[str, str | None]], columns: dict[str, str], kind: str, file: str) -> Conformed:
    cells = {column: [row.get(column) for row in rows] for column in columns.values()}
    frame = pd.DataFrame(cells, dtype=object)
    spec = SourceSpec("s", kind, columns=columns, keeps_last=True)
    return conform_rows(frame, range(2, len(frame) + 2), spec, file=file)


def together(*files: Conformed) -> Tagged:
    """Return what `settle` makes of files in the order of collection."""

    def tagged(name: str, keys: str | None = None) -> pd.DataFrame:
        frames = []
        for order, file in enumerate(files):
            rows = getattr(file, name).assign(order=order, hash=f"hash{order}")
            frames.append(rows if keys is None else pd.concat([rows, getattr(file, keys)], axis=1))
        return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)

    gone = tagged("gone").assign(position=float("nan"))
    contacts, utterances = tagged("contacts", "contact_keys"), tagged("utterances", "turn_keys")
    return settle(Tagged(contacts, utterances, tagged("identifiers"), gone, tagged("rejected").iloc[:0]), ZONE)


def order(text: str | None, version: str | None = None, *, time: str = "2026-01-01 10:00", gone: str = "") -> Conformed:
    row = {"id": "1", "text": text, "time": time, "v": version, "gone": gone, "who": "c1"}
    return conformed([row], ORDER, "work_order", f"{text}.csv")


def test_the_newer_version_stays_whichever_file_came_first() -> None:
    for files in ((order("旧", "1"), order("新", "2")), (order("新", "2"), order("旧", "1"))):
        left = together(*files)
        assert left.utterances["text"].tolist() == ["新"]
        assert left.rejected[["file", "position", "reason"]].values.tolist() == [["旧.csv", 2, "superseded"]]
        assert left.identifiers["contact_id"].tolist() == ["s-1"]


def test_without_versions_the_file_collected_last_stays() -> None:
    assert together(order("旧"), order("新")).utterances["text"].tolist() == ["新"]


def test_a_deletion_leaves_nothing_and_a_newer_record_comes_back() -> None:
    gone = order(None, "2", gone="1", time="")
    assert gone.rejected["reason"].tolist() == ["deleted"]
    left = together(order("在", "1"), gone)
    assert left.contacts.empty
    assert left.utterances.empty
    assert left.rejected["reason"].tolist() == ["superseded"]
    assert together(order("在", "1"), gone, order("又在", "3")).utterances["text"].tolist() == ["又在"]
    assert together(order("在", "3"), gone).utterances["text"].tolist() == ["在"]


def test_a_record_that_moved_to_another_day_is_on_that_day_only() -> None:
    left = together(order("旧", "1"), order("新", "2", time="2026-01-05 10:00"))
    assert [str(day) for day in left.contacts["day"]] == ["2026-01-05"]
    assert [str(day) for day in left.rejected["day"]] == ["2026-01-01"]


def message(number: int, text: str, time: str, who: str = "用户", **more: str) -> dict[str, str | None]:
    return {"session": "x", "text": text, "time": time, "who": who, "id": str(number), **more}


def chat(file: str, *rows: dict[str, str | None]) -> Conformed:
    return conformed(list(rows), CHAT, "chat", file)


FIRST = message(1, "在吗", "2026-01-01 23:58:00", user="u1")
SECOND = message(2, "在的", "2026-01-01 23:59:00", who="客服", agent="a7")
THIRD = message(3, "还没到", "2026-01-02 00:01:00", user="u1")
FOURTH = message(4, "查一下", "2026-01-02 00:03:00", who="客服", agent="a8")


def test_a_session_over_midnight_in_two_files_is_one_contact_of_the_day_it_began() -> None:
    parts = chat("a.csv", FIRST, SECOND), chat("b.csv", THIRD, FOURTH)
    whole = chat("a.csv", FIRST, SECOND, THIRD, FOURTH)
    for files in (parts, parts[::-1]):
        left = together(*files)
        assert left.rejected.empty
        pd.testing.assert_frame_equal(left.contacts[whole.contacts.columns], whole.contacts, check_dtype=False)
        assert left.utterances[["turn", "text"]].values.tolist() == whole.utterances[["turn", "text"]].values.tolist()
        assert left.utterances["file"].tolist() == ["a.csv", "a.csv", "b.csv", "b.csv"]
        assert {str(day) for day in left.utterances["day"]} == {"2026-01-01"}
        assert len(left.identifiers) == 1


def test_an_export_that_overlaps_gives_each_message_once_and_the_others_are_superseded() -> None:
    left = together(chat("a.csv", FIRST, SECOND, THIRD), chat("b.csv", SECOND, THIRD, FOURTH))
    assert left.utterances["text"].tolist() == ["在吗", "在的", "还没到", "查一下"]
    assert left.rejected[["file", "position", "reason"]].values.tolist() == [
        ["a.csv", 3, "superseded"],
        ["a.csv", 4, "superseded"],
    ]


def test_the_same_words_twice_in_one_file_are_two_messages_also_without_ids() -> None:
    columns = {role: column for role, column in CHAT.items() if role != "id"}
    twice = [message(0, "？", "2026-01-01 10:00:00")] * 2
    first = conformed([*twice, message(0, "在的", "2026-01-01 10:01:00", who="客服")], columns, "chat", "a.csv")
    second = conformed([*twice, message(0, "好", "2026-01-01 10:02:00")], columns, "chat", "b.csv")
    left = together(first, second)
    assert left.utterances["text"].tolist() == ["？", "？", "在的", "好"]
    assert left.rejected["reason"].tolist() == ["superseded"] * 2


def test_a_recalled_message_goes_and_the_rest_of_its_session_stays() -> None:
    left = together(chat("a.csv", FIRST, SECOND), chat("b.csv", {**FIRST, "gone": "已撤回"}))
    assert left.utterances["text"].tolist() == ["在的"]
    assert left.contacts[["n_turns", "n_customer_turns"]].values.tolist() == [[1, 0]]
    assert left.rejected["reason"].tolist() == ["superseded"]
    gone = together(chat("a.csv", FIRST), chat("b.csv", {**FIRST, "gone": "已撤回"}))
    assert gone.contacts.empty


def test_a_deletion_later_in_the_same_file_takes_the_row_away() -> None:
    rows = [
        {"id": "1", "text": "在", "time": "2026-01-01 10:00", "v": "1"},
        {"id": "1", "v": "2", "gone": "是"},
        {"id": "2", "v": "1", "gone": "是"},
        {"id": "2", "text": "又在", "time": "2026-01-01 10:00", "v": "2"},
    ]
    done = conformed(rows, ORDER, "work_order", "a.csv")
    assert done.utterances["text"].tolist() == ["又在"]
    assert done.rejected["reason"].tolist() == ["superseded", "deleted", "deleted"]

"""Input file → expected contacts, turns and refused records, for each form of records. All invented."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.settings import DATA, SourceSettings
from jobs.sources.conform_file import conform_file, source_spec

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = DATA / "sample" / "presets"
CALL = {"kind": "call"}
ALIYUN = {"path": "Result.Sentences", "text": "Text", "channel": "ChannelId", "start": "BeginTime", "end": "EndTime"}
DASHSCOPE = {"path": "transcripts.sentences", "channel": "channel_id", "start": "begin_time", "end": "end_time"}
TENCENT = {
    "path": "Response.Data.ResultDetail",
    "text": "FinalSentence",
    "speaker": "SpeakerId",
    "start": "StartMs",
    "end": "EndMs",
}
XUNFEI = {
    "path": "content.orderResult.lattice",
    "text": "json_1best.st.rt.ws.cw.w",
    "speaker": "json_1best.st.rl",
    "start": "json_1best.st.bg",
    "end": "json_1best.st.ed",
    "confidence": "json_1best.st.rt.ws.cw.wc",
}
CHANNELS = {"0": "customer", "1": "agent"}
CASES: dict[str, dict[str, Any]] = {
    "transcribe_speakers_20260302_101500.json": CALL | {"format": "transcribe"},
    "transcribe_channels.json": CALL | {"format": "transcribe", "speakers": {"ch_0": "customer", "ch_1": "agent"}},
    "transcribe_audio_segments.json": CALL | {"format": "transcribe"},
    "contact_lens.json": CALL | {"format": "contact_lens"},
    "contact_lens_chat.json": {"kind": "chat", "format": "contact_lens"},
    "whisperx-8001-4471_20260302_101500.json": CALL | {"format": "whisperx"},
    "aliyun.json": CALL
    | {
        "format": "segments",
        "segments": ALIYUN | {"unit": "milliseconds"},
        "speakers": CHANNELS,
        "columns": {"id": "TaskId", "time": "SolveTime"},
    },
    "dashscope.json": CALL
    | {"format": "segments", "segments": DASHSCOPE | {"unit": "milliseconds"}, "speakers": CHANNELS},
    "tencent.json": CALL
    | {
        "format": "segments",
        "segments": TENCENT | {"unit": "milliseconds"},
        "columns": {"id": "Response.Data.TaskId"},
    },
    "xunfei.json": CALL
    | {
        "format": "segments",
        "segments": XUNFEI | {"unit": "milliseconds"},
        "columns": {"id": "content.orderInfo.orderId"},
    },
    "contacts.jsonl": CALL | {"format": "contacts"},
    "work_orders.csv": {"kind": "work_order"},
    "messages_without_session.csv": {"kind": "chat", "gap_minutes": 30},
    **{path.name: {"preset": path.stem} for path in sorted(SAMPLES.iterdir())},
}
SHOWN = {
    "contacts": (
        *("contact_id", "channel", "agent_id", "team", "product", "category", "status", "started_at", "ended_at"),
        *("due_at", "n_reopened", "rating", "title", "n_turns", "first_response_seconds", "position"),
    ),
    "utterances": ("contact_id", "turn", "speaker", "said_at", "ended_at", "confidence", "text", "position"),
    "rejected": ("position", "reason"),
    "identifiers": ("contact_id", "id_kind"),
}


def shown(name: str) -> dict[str, list[dict[str, Any]]]:
    """Return what a file becomes, empty cells left out."""
    path = GOLDEN / name if (GOLDEN / name).exists() else SAMPLES / name
    source = SourceSettings.model_validate({"path": str(path), **CASES[name]})
    done = conform_file(path, source, source_spec("s", source, "Asia/Shanghai"))
    return {
        table: [
            {column: plain(row[column]) for column in columns if not pd.isna(row[column])}
            for row in getattr(done, table).to_dict("records")
        ]
        for table, columns in SHOWN.items()
    }


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, pd.Timestamp) else value


@pytest.mark.parametrize("name", CASES)
def test_a_file_of_each_form_becomes_what_is_expected(name: str) -> None:
    expected = json.loads((GOLDEN / f"{name}.expected.json").read_text(encoding="utf-8"))
    assert shown(name) == expected


def test_every_golden_file_is_tested() -> None:
    inputs = {path.name for path in GOLDEN.iterdir() if not path.name.endswith(".expected.json")}
    assert inputs <= set(CASES)
    assert {path.name.removesuffix(".expected.json") for path in GOLDEN.glob("*.expected.json")} == set(CASES)

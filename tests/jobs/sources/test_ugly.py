"""Every file of tests/ugly as a data engineer would give it: nothing said of it but what its case says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.settings import SourceSettings, load_settings
from jobs.sources.conform_file import conform_landed
from jobs.sources.landing import collect_files

UGLY = Path(__file__).resolve().parents[2] / "ugly"
CHANNELS: dict[str, Any] = {
    "kind": "call",
    "format": "segments",
    "segments": {
        "path": "sentences", "speaker": "", "channel": "channel_id", "start": "begin_time", "end": "end_time",
        "unit": "milliseconds", "confidence": "confidence",
    },
    "speakers": {"0": "customer", "1": "agent"},
}  # fmt: skip
HEADLESS: dict[str, Any] = {"header": False, "columns": {"time": 1, "text": 2}}
Expected = tuple[dict[str, Any], int, dict[str, int], dict[int, str]]
"""What is said of the source, records used, records refused by reason, and some of the texts by position."""

FILES: dict[str, Expected] = {
    "broken_bytes.csv": ({}, 2, {"broken_bytes": 1}, {4: "换了一台就好了"}),
    "broken_lines.jsonl": ({}, 3, {"bad_json": 2}, {5: "包装破了"}),
    "control_characters.csv": ({}, 2, {"no_text": 1}, {2: "太卡了", 3: "真的很好用👍🏻"}),
    "excel_unicode_text.txt": ({}, 3, {}, {3: "维修师傅没有按时来"}),
    "mixed_dates.csv": ({}, 10, {"bad_time": 2}, {2: "第1次打来还是没有解决"}),
    "no_header.csv": (HEADLESS, 3, {}, {1: "耳机有电流声，换货也一样"}),
    "not_really.xls": ({"kind": "chat"}, 4, {"unknown_speaker": 1, "no_contact": 1}, {5: "退款什么时候到"}),
    "notice_rows_gb18030.csv": ({}, 3, {}, {7: "遥控器不灵，按了没反应"}),
    "rows.tsv.gz": ({}, 1, {}, {2: "扫地机器人迷路了"}),
    "semicolons.csv": ({}, 3, {}, {2: "第一行\r\n第二行"}),
    "shifted_columns.csv": ({}, 3, {"bad_row": 3, "bad_time": 2}, {5: "屏幕碎了，能修吗"}),
    "tickets.parquet": ({"kind": "work_order"}, 1, {"no_text": 1, "bad_time": 1}, {1: "路由器经常掉线"}),
    "title_rows.xlsx": ({}, 4, {}, {6: "更新之后打不开您好，请升级到最新版本"}),
    "traditional_big5.csv": ({}, 3, {}, {3: "等了一個小時才上菜"}),
    "two_channels.json": (CHANNELS, 1, {}, {1: "您好，很高兴为您服务我家的热水器又坏了嗯"}),
    "windows.zip": ({}, 2, {}, {3: "指纹识别不了"}),
    "wrapped.json": ({}, 1, {"bad_time": 1, "no_text": 1, "bad_json": 1}, {1: "App 闪退"}),
}


def test_every_file_has_a_case() -> None:
    assert sorted(path.name for path in UGLY.iterdir() if path.suffix != ".md") == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_what_is_used_and_what_is_refused(name: str, tmp_path: Path) -> None:
    said, n_used, refused, texts = FILES[name]
    source = SourceSettings(path=str(UGLY / name), settle_seconds=0, **{"kind": "review", **said})
    settings = load_settings(home=tmp_path).model_copy(update={"sources": {"ugly": source}})
    (landed,) = collect_files("ugly", source, settings.landing, settings.timezone)
    done = conform_landed(landed, settings)
    assert done.rejected["reason"].value_counts().to_dict() == refused
    used = done.utterances.groupby("position")["text"].agg("".join)
    assert len(used) == n_used
    assert landed.n_records == n_used + sum(refused.values())
    assert {position: used[position] for position in texts} == texts
    undated = done.contacts["started_at"].isna()
    assert not undated.any()


def test_every_form_of_a_time_is_the_same_instant(tmp_path: Path) -> None:
    source = SourceSettings(path=str(UGLY / "mixed_dates.csv"), kind="review", settle_seconds=0)
    settings = load_settings(home=tmp_path).model_copy(update={"sources": {"ugly": source}})
    (landed,) = collect_files("ugly", source, settings.landing, settings.timezone)
    assert set(conform_landed(landed, settings).contacts["started_at"]) == {pd.Timestamp("2026-03-01 02:00", tz="UTC")}


def test_overlapping_turns_and_their_confidence_are_kept(tmp_path: Path) -> None:
    source = SourceSettings(path=str(UGLY / "two_channels.json"), settle_seconds=0, **CHANNELS)
    settings = load_settings(home=tmp_path).model_copy(update={"sources": {"ugly": source}})
    (landed,) = collect_files("ugly", source, settings.landing, settings.timezone)
    turns = conform_landed(landed, settings).utterances
    assert turns["speaker"].tolist() == ["agent", "customer", None]
    assert turns["confidence"].tolist()[1] == pytest.approx(0.41)
    assert turns["said_at"].iloc[1] < turns["ended_at"].iloc[0]

"""`kesheng train sentiment` on a lake of made-up reviews and a model that knows no word."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.errors import ConfigError
from analytics.inbox.labels import MoodLabel, MoodLabels
from analytics.schema import TABLES
from analytics.sentiment import installed
from analytics.sentiment.card import CARD
from analytics.sentiment.features import N_BUCKETS
from analytics.sentiment.installed import in_use, installed_model
from analytics.sentiment.linear import LinearModel
from analytics.settings import Settings, load_settings
from jobs import train_sentiment

THINGS = ("登录", "相册", "地图", "闹钟", "天气", "扫码", "投屏", "备份", "键盘", "夜间", "录音", "定位")
SAYINGS = {1.0: "更新后{}闪退,{}也打不开", 5.0: "更新后{}飞快,{}也很顺手"}


def _write(lake: Path, table: str, rows: list[dict[str, Any]]) -> None:
    folder = lake / table / "day=2026-03-01"
    folder.mkdir(parents=True, exist_ok=True)
    found = pa.Table.from_pylist(rows, TABLES[table].arrow()).drop_columns(["day"])
    pq.write_table(found, folder / "part-0.parquet")


def _fill(lake: Path, n: int, *, sense: bool = True) -> None:
    pairs = [(a, b) for a in THINGS for b in THINGS if a != b][:n]
    rng = np.random.default_rng(1)
    contacts, turns = [], []
    for number, pair in enumerate(pairs):
        rating = float(rng.choice([1.0, 5.0]))
        said = SAYINGS[rating if sense else float(rng.choice([1.0, 5.0]))].format(*pair)
        name = f"app-{number:03d}"
        at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=number)
        contacts.append(
            {
                "contact_id": name,
                "source": "app",
                "kind": "review",
                "channel": "app",
                "started_at": at,
                "rating": rating,
            }
        )
        turns.append({"contact_id": name, "turn": 0, "speaker": "customer", "text": said, "text_simplified": said})
    contacts.append({"contact_id": "chats-1", "source": "chats", "kind": "chat", "channel": "app"})
    turns.append({"contact_id": "chats-1", "turn": 0, "speaker": "customer", "text": "几点", "text_simplified": "几点"})
    _write(lake, "contact", contacts)
    _write(lake, "utterance", turns)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    shipped = tmp_path / "models" / "sentiment" / "shipped0"
    noise = np.random.default_rng(0).normal(0, 0.1, (N_BUCKETS, 3)).astype(np.float32)
    LinearModel(np.ones(N_BUCKETS, np.float32), noise, np.array([0, 1, 0], np.float32)).save(shipped, {})
    for module in (installed, train_sentiment):
        monkeypatch.setattr(module, "ensure_model", lambda _models, **_: shipped)
    return load_settings(home=tmp_path)


def test_a_better_model_is_installed_and_one_can_go_back(settings: Settings) -> None:
    _fill(settings.lake, 120)
    said = train_sentiment.run(site=True, use=None, force=False, settings=settings)
    site = installed_model(settings.models)
    assert site.name.startswith("site-")
    assert (site / CARD).read_text(encoding="utf-8") in said
    assert "95 % interval" in said
    train_sentiment.run(site=False, use="shipped", force=False, settings=settings)
    assert installed_model(settings.models).name == "shipped0"
    train_sentiment.run(site=False, use="site", force=False, settings=settings)
    assert installed_model(settings.models) == site


def test_a_worse_model_is_not_installed(settings: Settings) -> None:
    _fill(settings.lake, 120, sense=False)
    with pytest.raises(ConfigError, match="is not installed") as refused:
        train_sentiment.run(site=True, use=None, force=False, settings=settings)
    assert refused.value.exit_code == 2
    assert in_use(settings.models).kind == "shipped"


def test_too_few_labels_are_counted(settings: Settings) -> None:
    _fill(settings.lake, 40)
    with pytest.raises(ConfigError, match=r"at least 100 .* got 40 "):
        train_sentiment.run(site=True, use=None, force=False, settings=settings)


def test_corrections_and_unlabelled_talk_are_read(settings: Settings) -> None:
    _fill(settings.lake, 10)
    labels, talk = train_sentiment.read_site(settings)
    assert (len(labels.units), talk) == (10, ["几点"])
    kept = MoodLabels(settings.inbox_url)
    made = {"was_label": None, "was_score": None, "made_by": "wang", "made_at": dt.datetime.now(dt.UTC)}
    kept.make(MoodLabel(contact_id="chats-1", turn=0, label="neutral", **made))
    kept.close()
    labels, talk = train_sentiment.read_site(settings)
    assert (len(labels.units), talk) == (11, [])
    assert labels.texts[labels.texts["contact_id"] == "chats-1"]["judged"].tolist() == [True]


def test_a_site_model_of_another_shipped_one_is_not_used(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    folder = settings.models / "sentiment"
    (folder / "current").write_text(json.dumps({"kind": "site", "site": "site-1", "base": "old"}))
    assert installed_model(settings.models).name == "shipped0"
    assert "kesheng train sentiment --site" in caplog.text
    with pytest.raises(ConfigError, match="found none"):
        train_sentiment.run(site=False, use="site", force=False, settings=settings)
    (folder / "current").write_text("{")
    with pytest.raises(ConfigError, match="--use shipped"):
        installed_model(settings.models)
    train_sentiment.run(site=False, use="shipped", force=False, settings=settings)
    assert installed_model(settings.models).name == "shipped0"


def test_options_that_exclude_each_other(settings: Settings) -> None:
    with pytest.raises(ConfigError, match="expected one of"):
        train_sentiment.run(site=True, use=None, force=True, settings=settings)
    with pytest.raises(ConfigError, match="shipped or site"):
        train_sentiment.run(site=False, use="best", force=False, settings=settings)

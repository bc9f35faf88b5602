import tomllib
from typing import get_args

import pytest
from pydantic import ValidationError

from analytics.conform import ROLES
from analytics.errors import ConfigError
from analytics.presets import PRESETS, apply_preset, load_preset, preset_columns, preset_names
from analytics.schema import KINDS
from analytics.settings import DATA
from analytics.source_settings import Kind, SourceSettings


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_whole_and_has_an_example(name: str) -> None:
    values = tomllib.loads((PRESETS / f"{name}.toml").read_text(encoding="utf-8"))
    assert set(values) == {"title", "settings", "columns"}
    assert set(load_preset(name).columns) <= set(ROLES)
    source = SourceSettings.model_validate({"path": "a.csv", "preset": name})
    assert source.kind == values["settings"]["kind"]
    assert [path.stem for path in (DATA / "sample" / "presets").glob(f"{name}.*")] == [name]


def test_what_a_source_says_goes_before_its_preset() -> None:
    source = SourceSettings.model_validate(
        {"path": "a.csv", "preset": "im_sessions", "channel": "小程序", "speakers": {"管家": "agent", "访客": "system"}}
    )
    assert (source.kind, source.channel) == ("chat", "小程序")
    assert {"管家": "agent", "访客": "system", "机器人客服": "bot"}.items() <= source.speakers.items()
    assert SourceSettings.model_validate(source.model_dump()) == source


def test_settings_are_not_changed_in_place() -> None:
    values = {"path": "a.csv", "preset": "im_sessions", "speakers": {"管家": "agent"}}
    apply_preset(values)
    assert values == {"path": "a.csv", "preset": "im_sessions", "speakers": {"管家": "agent"}}


def test_an_unknown_preset_and_a_missing_kind_say_what_to_do() -> None:
    with pytest.raises(ConfigError, match="there is no preset 'zendesk'; known: app_store_reviews, im_sessions"):
        load_preset("zendesk")
    with pytest.raises(ValidationError, match="there is no preset 'zendesk'"):
        SourceSettings.model_validate({"path": "a.csv", "preset": "zendesk"})
    with pytest.raises(
        ValidationError, match="kind is missing: give one of call, chat, work_order, review, or a preset"
    ):
        SourceSettings.model_validate({"path": "a.csv"})


def test_columns_of_a_preset_are_found_in_whatever_spelling_and_used_once() -> None:
    assert preset_columns("zendesk_tickets", ["ID", "created_at", "Subject"]) == {
        "id": "ID",
        "time": "created_at",
        "text": "Subject",
    }
    assert preset_columns("im_sessions", ["会话 ID", "消息内容"]) == {"contact": "会话 ID", "text": "消息内容"}


def test_settings_and_tables_know_the_same_kinds() -> None:
    assert get_args(Kind) == KINDS

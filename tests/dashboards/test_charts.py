from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboards import charts
from dashboards.data import contacts, mood, operations
from dashboards.data.expected import hours_expected
from dashboards.data.source import Source, extent
from dashboards.day_chart import day_by_hour
from dashboards.filters import Filters
from dashboards.selection import Selection, selection_of
from dashboards.theme import FONT, config


@pytest.fixture(scope="module")
def whole(source: Source) -> Selection:
    return Selection(extent(source).default)


def _opened(source: Source, selection: Selection, carried: list[str]) -> int:
    return contacts.count(source, Selection(selection.filters, selection_of(carried[0]).narrowing))


def _named(figure: go.Figure, name: str) -> go.Bar | go.Scatter:
    return next(trace for trace in figure.data if trace.name == name)


@pytest.mark.slow
def test_bars_are_counts_and_open_to_as_many(source: Source, whole: Selection) -> None:
    figure = charts.volume_and_mood(mood.over_time(source, whole))
    for name in ("负面", "中性", "正面"):
        bar = _named(figure, name)
        assert _opened(source, whole, bar.customdata[2]) == bar.y[2] > 0
    total = sum(sum(trace.y) for trace in figure.data if isinstance(trace, go.Bar))
    assert total == contacts.count(source, whole)
    assert figure.layout.barmode == "stack"


def test_the_mood_line_has_its_interval_and_opens(source: Source, whole: Selection) -> None:
    frame = mood.over_time(source, whole)
    figure = charts.volume_and_mood(frame)
    line = _named(figure, "情绪均分")
    assert list(line.y) == list(frame["mean"])
    assert _opened(source, whole, line.customdata[0]) == frame["n_mood"].iloc[0]
    bands = [trace for trace in figure.data if isinstance(trace, go.Scatter) and trace.fill == "tonexty"]
    assert list(bands[0].y) == list(frame["low"])
    assert "95" not in line.hovertext[0]
    assert "至" in line.hovertext[0]
    assert "条" in line.hovertext[0]


def test_a_day_has_three_panels_on_one_time_axis(source: Source, whole: Selection) -> None:
    day = dt.date(2026, 10, 4)
    selection = whole.narrowed(channel_is="wechat")
    hours = operations.by_hour(source, selection, day)
    spikes = operations.spikes(source, day, day)
    dips = operations.dips(source, day, day)
    figure = day_by_hour(hours, hours_expected(source, selection, day, dt.date(2026, 9, 7)), dips, spikes)
    assert {trace.xaxis for trace in figure.data} == {"x", "x2", "x3"}
    assert figure.layout.xaxis.matches == figure.layout.xaxis2.matches == "x3"
    volume = _named(figure, "联络量")
    assert sum(volume.y) == hours["n"].sum()
    assert parse_qs(volume.customdata[12][0])["hour"] == ["2026-10-04T12:00:00"]
    assert parse_qs(_named(figure, "异常").customdata[0][0])["spike"] == [spikes["spike_id"].iloc[0]]
    shaded = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert len(shaded) == 3
    assert pd.Timestamp(shaded[0].x0) == pd.Timestamp(2026, 10, 4, 12)


def test_the_parts_of_a_fall_lead_from_expected_to_measured() -> None:
    figure = charts.dip_parts(-0.13, {"回复变慢": 0.3, "未能解释": 0.12}, -0.55)
    fall = figure.data[0]
    assert list(fall.y) == [-0.13, -0.3, -0.12, -0.55]
    assert fall.y[0] + fall.y[1] + fall.y[2] == pytest.approx(fall.y[3])


def test_charts_leave_their_frame_alone_and_bear_few_data(source: Source) -> None:
    selection = Selection(Filters(dt.date(2026, 10, 1), dt.date(2026, 10, 4)), {"channel_is": "no such"})
    frame = mood.over_time(source, selection)
    before = frame.copy(deep=True)
    charts.volume_and_mood(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert frame["n"].sum() == 0


def test_every_chart_has_our_fonts_and_no_cloud_button(source: Source, whole: Selection) -> None:
    figure = charts.volume_and_mood(mood.over_time(source, whole))
    assert figure.layout.font.family == FONT
    assert config()["showSendToCloud"] is False
    assert config()["displaylogo"] is False

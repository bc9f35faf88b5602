"""The hours: volume against what was expected, one day with waiting and mood, and the forecast for the next day."""

from __future__ import annotations

import datetime as dt
import math

import dash_mantine_components as dmc
import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboards.charts_operations import expected_volume, forecast_hours
from dashboards.context import Context
from dashboards.data import expected, operations
from dashboards.day_chart import day_by_hour
from dashboards.exports import offer
from dashboards.language import msg, say
from dashboards.names import channel_name, day_name, percent
from dashboards.parts.cards import card, empty, graph, still_graph
from dashboards.parts.chosen_day import ALL, PATH, Chosen, chosen_day, of_channel
from dashboards.records import records


def expected_card(context: Context, chosen: Chosen, hours: pd.DataFrame) -> dmc.Paper:
    """Return the card of three days by the hour (`expected.hours_expected`) with its alarms marked."""
    start = chosen.day - dt.timedelta(days=expected.DAYS_SHOWN - 1)
    channels = () if chosen.channel == ALL else (chosen.channel,)
    spikes = operations.spikes(context.source, start, chosen.day, channels)
    spikes = spikes.assign(label=context.source.renamed(spikes, "key", "label")["label"])
    dips = operations.dips(context.source, start, chosen.day, channels)
    title = say("{channel} · 联络量与预期", channel=channel_name(chosen.channel))
    legend = _legend(("line", msg("实际")), ("band", _band_name(hours)), ("spike", msg("异常")),
                     ("mark-dip", msg("情绪下降")))  # fmt: skip
    head = [html.Span(say("按小时，条")), html.Span(f"{day_name(start)} – {day_name(chosen.day)}"), legend]
    says = html.P(_over_in_words(hours), className="chart-says")
    return card(title, says, graph(expected_volume(hours, spikes, dips), "expected-volume"), note=head,
                name="card-expected")  # fmt: skip


def day_card(context: Context, chosen: Chosen, hours: pd.DataFrame) -> Component:
    """Return the card of the chosen day: mood, waiting, volume; `hours` has what was expected."""
    day, channel = chosen.day, chosen.channel
    frame = operations.by_hour(context.source, of_channel(context, channel), day)
    if not int(frame["n"].sum()):
        said = say("{day} {channel}没有联络", day=day_name(day), channel=channel_name(channel))
        return card(say("逐小时"), empty(said, say("换一天或换一个渠道。")), name="card-day")
    channels = () if channel == ALL else (channel,)
    dips = operations.dips(context.source, day, day, channels)
    spikes = operations.spikes(context.source, day, day, channels)
    legend = _legend(("dip", msg("情绪下降")), ("spike", msg("异常")), ("usual", _expected_name(hours)))
    figure = day_by_hour(frame, hours[hours["hour"].dt.date == day], dips, spikes)
    title = say("{channel} · 逐小时", channel=channel_name(channel))
    head = [html.Span(day_name(day, weekday=True)), legend]
    return card(title, html.P(_worst_in_words(frame), className="chart-says"), graph(figure, "day-by-hour"), note=head,
                name="card-day", export="hours")  # fmt: skip


def forecast_card(context: Context) -> dmc.Paper:
    """Return the card of the day after the last: contacts by hour with 80 % intervals, the peak, the channels."""
    last = context.extent.last_day or dt.date.min
    day = last + dt.timedelta(days=1)
    title = say("{day}的预测", day=day_name(day, weekday=True))
    frame = expected.forecast_of_day(context.source, day)
    only = context.filters.channels
    shown = frame[frame["channel"] == (only[0] if len(only) == 1 else ALL)].reset_index(drop=True)
    if shown.empty:
        advice = say("有三天以上的数据后，运行 kesheng run 就会预测。")
        return card(title, empty(say("还没有这一天的预测"), advice), name="card-forecast")
    head = [html.Span(say("按小时，条；竖线为 80% 区间")),
            *([html.Span(say("不受商品筛选影响"))] if context.filters.products else [])]  # fmt: skip
    error = _error_in_words(expected.forecast_errors(context.source, last))
    return card(
        title, html.P(_peak_in_words(shown), className="chart-says", id="forecast-peak"),
        still_graph(forecast_hours(shown)), _by_channel(frame), html.Div(error, className="foot-note"), note=head,
        name="card-forecast", export="forecast",
    )  # fmt: skip


def _legend(*marks: tuple[str, str]) -> html.Div:
    found = [html.Span([html.I(className=f"swatch is-{kind}"), say(name)]) for kind, name in marks]
    return html.Div(found, className="legend")


def _expected_name(hours: pd.DataFrame) -> str:
    return msg("预测") if bool(hours["is_forecast"].any()) else msg("前几周同时段均值")


def _band_name(hours: pd.DataFrame) -> str:
    return msg("预测的 80% 区间") if bool(hours["is_forecast"].any()) else msg("前几周同时段的 80% 区间")


def _over_in_words(hours: pd.DataFrame) -> str:
    """Return how many hours of the last day were above the band, and the furthest of them."""
    day = hours[hours["hour"].dt.date == hours["hour"].iloc[-1].date()]
    known = day[day["high"].notna()]
    if known.empty:
        return say("历史不足，还说不出预期。")
    over, day_said = known[known["n"] > known["high"]], day_name(day["hour"].iloc[0].date())
    if over.empty:
        return say("{day}没有一小时高出 80% 区间。", day=day_said)
    worst = over.loc[(over["n"] - over["high"]).idxmax()]
    return say(
        "{day} {total} 小时中有 {n} 小时高出 80% 区间（只凭偶然约 {chance:.0f} 小时），最多的是 {hour:%H:%M}："
        "{count:,} 条，预期 {low:.0f} 至 {high:.0f}。",
        day=day_said, total=len(known), n=len(over), chance=len(known) / 10, hour=worst["hour"],
        count=int(worst["n"]), low=worst["low"], high=worst["high"],
    )  # fmt: skip


def _worst_in_words(frame: pd.DataFrame) -> str:
    waits = frame[frame["n_response"] > 0]
    busiest = frame.loc[frame["n"].idxmax()]
    said = say("最忙的是 {hour:%H:%M}，{n:,} 条。", hour=busiest["hour"], n=int(busiest["n"]))
    if waits.empty:
        return said
    slow = waits.loc[waits["median_response_seconds"].idxmax()]
    seconds = float(slow["median_response_seconds"])
    return said + say(
        "等得最久的是 {hour:%H:%M}，首次响应中位数 {minutes:.1f} 分钟（{n:,} 条）。", hour=slow["hour"],
        minutes=seconds / 60, n=int(slow["n_response"]),
    )  # fmt: skip


def _peak_in_words(frame: pd.DataFrame) -> str:
    peak = frame.loc[frame["expected"].idxmax()]
    return say(
        "预计约 {total:,.0f} 条，{hour:%H:%M}–{end:%H:%M} 最忙，约 {n:.0f} 条（80% 区间 {low:.0f} 至 {high:.0f}）。",
        total=frame["expected"].sum(), hour=peak["hour"], end=peak["hour"] + pd.Timedelta(hours=1),
        n=peak["expected"], low=peak["low"], high=peak["high"],
    )  # fmt: skip


def _by_channel(frame: pd.DataFrame) -> Component:
    rows = []
    for channel, hours in frame[frame["channel"] != ALL].groupby("channel"):
        peak = hours.loc[hours["expected"].idxmax()]
        said = say("约 {n:,.0f} 条，{hour:%H:%M} 最忙", n=hours["expected"].sum(), hour=peak["hour"])
        rows.append((-float(hours["expected"].sum()), html.Li([html.B(channel_name(str(channel))), said])))
    return html.Ul([row for _, row in sorted(rows, key=lambda pair: pair[0])], className="forecast-channels")


def _error_in_words(errors: expected.Errors | None) -> str:
    if errors is None:
        return say("还没有可对照的往日预测，误差要等新的一天到来后才知道。")
    return say(
        "近 4 周提前一天做的预测：按小时合计偏差 {miss}，{inside} 的小时落在 80% 区间内（{n:,} 小时）。",
        miss=percent(errors.miss, 0), inside=percent(errors.inside, 0), n=errors.n_hours,
    )  # fmt: skip


def hours_table(context: Context) -> pd.DataFrame:
    """Return the hours of the chosen day as a table to save."""
    chosen = chosen_day(context)
    selection = of_channel(context, chosen.channel)
    frame = operations.by_hour(context.source, selection, chosen.day)
    first = context.extent.first_day or chosen.day
    usual = expected.hours_expected(context.source, selection, chosen.day, first)
    usual = usual[usual["hour"].dt.date == chosen.day].reset_index(drop=True)
    return pd.DataFrame(
        {
            say("小时"): frame["hour"],
            say("联络量"): frame["n"],
            say("预期"): usual["expected"],
            say("预期下限"): usual["low"],
            say("预期上限"): usual["high"],
            say("首次响应中位数（秒）"): frame["median_response_seconds"],
            say("有响应的联络"): frame["n_response"],
            say("情绪均分"): frame["mean"],
            say("情绪下限"): frame["low"],
            say("情绪上限"): frame["high"],
            say("有情绪的联络"): frame["n_mood"],
        }
    )


def forecast_table(context: Context) -> pd.DataFrame:
    """Return the forecast of the day after the last, all channels, as a table to save."""
    day = (context.extent.last_day or dt.date.min) + dt.timedelta(days=1)
    frame = expected.forecast_of_day(context.source, day)
    return pd.DataFrame(
        {
            say("渠道"): [channel_name(row.channel) for row in records(frame)],
            say("小时"): frame["hour"],
            say("预计联络量"): frame["expected"].round(1),
            say("80% 区间下限"): frame["low"].map(math.floor),
            say("80% 区间上限"): frame["high"].map(math.ceil),
        }
    )


offer("hours", msg("逐小时"), hours_table, page=PATH)
offer("forecast", msg("预测"), forecast_table, page=PATH)

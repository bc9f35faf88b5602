"""Teams and their queues on one day, each against its own usual."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboards.context import Context
from dashboards.data.teams import USUAL_DAYS, teams
from dashboards.exports import offer
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.names import channel_name, day_name, duration, percent, percent_interval, score
from dashboards.parts.cards import card, empty, few, opens
from dashboards.parts.chosen_day import PATH, Chosen, chosen_day, of_channel
from dashboards.records import records


def team_card(context: Context, chosen: Chosen) -> dmc.Paper:
    """Return the card: a row a team, under it its channels where it has several."""
    frame = teams(context.source, of_channel(context, chosen.channel), chosen.day)
    title = say("班组与队列")
    if frame.empty:
        return card(title, empty(say("当天没有联络"), say("换一天或换一个渠道。")), name="card-teams")
    heads = [say("班组"), say("联络量"), say("首次响应"), say("情绪均分"), say("负面占比")]
    body = [_row(row, heads, chosen) for row in records(frame)]
    table = html.Table(
        [html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])), html.Tbody(body)], className="team-table"
    )
    note = say("{day} · 「平时」为前 {n} 天；括号内为 95% 区间", day=day_name(chosen.day, weekday=True), n=USUAL_DAYS)
    return card(title, table, note=note, name="card-teams", export="teams")


def _row(row: Any, heads: list[str], chosen: Chosen) -> html.Tr:
    is_team = bool(row.is_team)
    name = (row.team or say("未注明班组")) if is_team else channel_name(row.channel)
    day = chosen.day.isoformat()
    narrowing = {"day_from": day, "day_to": day, "team_is": row.team}
    place = f"team-n-{row.team}" if is_team else f"team-n-{row.team}-{row.channel}"
    if not is_team or chosen.channel != "*":
        narrowing["channel_is"] = row.channel if not is_team else chosen.channel
    small = row.n_mood < SMALL_N
    filled = (
        [opens(f"{row.n:,}", place, **narrowing), _usual(f"{row.usual_n:,.0f}", row.usual_n)],
        _wait(row),
        _mood(row),
        _negative(row),
    )
    cells = [
        html.Td(children, className="is-few" if small and i > 1 else "", **{"data-label": head})
        for i, (children, head) in enumerate(zip(filled, heads[1:], strict=True))
    ]
    kind = "is-team" if is_team else "is-queue"
    head = html.Th([name, *([few()] if small else [])], scope="row")
    return html.Tr([head, *cells], className=kind)


def _usual(said: str, value: float) -> html.Small:
    return html.Small(say("平时 {usual}", usual=said) if pd.notna(value) else say("平时没有"))


def _wait(row: Any) -> list[Component | str]:
    if not row.n_response:
        return ["–"]
    usual = _usual(duration(row.usual_response) if pd.notna(row.usual_response) else "", row.usual_response)
    return [html.Span(duration(row.median_response_seconds)), html.Small(say("{n:,} 条", n=row.n_response)), usual]


def _mood(row: Any) -> list[Component | str]:
    if not row.n_mood:
        return ["–"]
    interval = html.Small(f"（{score(row.low)} – {score(row.high)}）")
    usual = _usual(score(row.usual_mean) if pd.notna(row.usual_mean) else "", row.usual_mean)
    return [html.Span(score(row.mean)), interval, usual, *_compared(row.usual_mean, row.low, row.high, worse="lower")]


def _negative(row: Any) -> list[Component | str]:
    if not row.n_mood:
        return ["–"]
    interval = html.Small(f"（{percent_interval(row.share_low, row.share_high)}）")
    usual = _usual(percent(row.usual_share) if pd.notna(row.usual_share) else "", row.usual_share)
    compared = _compared(row.usual_share, row.share_low, row.share_high, worse="higher")
    return [html.Span(percent(row.negative_share)), interval, usual, *compared]


def _compared(usual: float, low: float, high: float, *, worse: str) -> list[Component | str]:
    """Return in words on which side of the usual the whole interval is; nothing where it holds the usual."""
    if pd.isna(usual) or low <= usual <= high:
        return []
    is_higher = low > usual
    bad = is_higher == (worse == "higher")
    return [
        html.Span(
            say("高于平时") if is_higher else say("低于平时"), className=f"change {'is-worse' if bad else 'is-better'}"
        )
    ]


def team_rows(context: Context) -> pd.DataFrame:
    """Return the teams and queues of the shown day as a table to save."""
    chosen = chosen_day(context)
    frame = teams(context.source, of_channel(context, chosen.channel), chosen.day)
    return pd.DataFrame(
        {
            say("日期"): [chosen.day] * len(frame),
            say("班组"): [team or say("未注明班组") for team in frame["team"]],
            say("渠道"): [
                say("全部") if is_team else channel_name(channel)
                for is_team, channel in zip(frame["is_team"], frame["channel"], strict=True)
            ],
            say("联络量"): frame["n"],
            say("平时联络量"): frame["usual_n"],
            say("首次响应中位数（秒）"): frame["median_response_seconds"],
            say("平时首次响应（秒）"): frame["usual_response"],
            say("有响应的联络"): frame["n_response"],
            say("情绪均分"): frame["mean"],
            say("情绪下限"): frame["low"],
            say("情绪上限"): frame["high"],
            say("平时情绪均分"): frame["usual_mean"],
            say("负面占比"): frame["negative_share"],
            say("负面下限"): frame["share_low"],
            say("负面上限"): frame["share_high"],
            say("平时负面占比"): frame["usual_share"],
            say("有情绪的联络"): frame["n_mood"],
        }
    )


offer("teams", msg("班组与队列"), team_rows, page=PATH)

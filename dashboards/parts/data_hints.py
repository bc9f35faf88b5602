"""What is to be done, as commands to copy: what failed, came late, was made with older inputs, or is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboards.language import say
from dashboards.names import span_name
from dashboards.parts.cards import card
from dashboards.records import records

MOST = 3
"""Commands of one kind that are shown; the rest is counted."""
_WHOLE = ("publish", "notify")
"""Jobs that work on everything: they take no days."""


@dataclass(frozen=True)
class State:
    """What is not as it should be.

    Attributes
    ----------
    failures : DataFrame
        `runs.open_failures`.
    stale : list of date
        Days made with older inputs.
    missing : list of date
        Days with contacts on which a table has no rows.
    n_unaccounted : int
        Records in landing that no run has read.
    late : list of str
        Late sources.
    """

    failures: pd.DataFrame
    stale: Sequence[dt.date]
    missing: Sequence[dt.date]
    n_unaccounted: int
    late: Sequence[str]


@dataclass(frozen=True)
class Hint:
    """Something to do: why, and the command."""

    why: str
    command: str


def spans(days: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Return the fewest periods that hold the days and no others, in order.

    Examples
    --------
    >>> found = spans([dt.date(2026, 9, 2), dt.date(2026, 9, 1), dt.date(2026, 9, 5)])
    >>> [(str(first), str(last)) for first, last in found]
    [('2026-09-01', '2026-09-02'), ('2026-09-05', '2026-09-05')]
    """
    found: list[tuple[dt.date, dt.date]] = []
    for day in sorted(set(days)):
        if found and (day - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def command(first: dt.date, last: dt.date, job: str = "") -> str:
    """Return the command that runs a job (everything without one) over the days again.

    Examples
    --------
    >>> command(dt.date(2026, 9, 1), dt.date(2026, 9, 2), "segment")
    'kesheng run segment --day 2026-09-01 --to 2026-09-02'
    """
    days = "" if job in _WHOLE else f" --day {first}" + (f" --to {last}" if last != first else "")
    return f"kesheng run{f' {job}' if job else ''}{days}"


def hints(state: State) -> list[Hint]:
    """Return what is to be done, the most pressing first."""
    failures = [_failed(row.job, _day(row.window_start), _day(row.window_end)) for row in records(state.failures)]
    late = [Hint(say("来源 {source} 迟到", source=name), f"kesheng collect {name}") for name in state.late]
    unread = [Hint(say("有 {n:,} 条记录已采集、尚未处理", n=state.n_unaccounted), "kesheng run")]
    missing = [
        Hint(say("{days}有联络，但有的表没有数据", days=span_name(first, last)), command(first, last))
        for first, last in spans(state.missing)
    ]
    stale = [Hint(say("{n} 天用旧的词典、模型或规则算出", n=len(state.stale)), "kesheng run --stale")]
    return [
        *_cut(failures),
        *_cut(late),
        *(unread if state.n_unaccounted > 0 else []),
        *_cut(missing),
        *(stale if state.stale else []),
    ]


def hints_card(found: Sequence[Hint]) -> Component:
    """Return the card of what is to be done; with nothing, it says so."""
    items = [
        html.Li([html.Div(hint.why, className="data-hint-why"), *([_command(hint.command)] if hint.command else [])])
        for hint in found
    ]
    good = [html.P(say("没有待处理的事：没有未补的失败，来源没有迟到，没有缺数据的日期。"), className="data-fine")]
    more = html.P(
        [say("词典、模型或规则改了但还没有运行过？用它找出要重算的日期并重算："), _command("kesheng run --stale")],
        className="data-fine", hidden=any("--stale" in hint.command for hint in found),
    )  # fmt: skip
    body = [html.Ul(items, className="data-hints")] if items else good
    return card(say("待办"), *body, html.Div(more, className="data-more"), name="card-hints", className="data-card")


def _failed(job: str, first: dt.date, last: dt.date) -> Hint:
    said = say("{job} 运行失败，之后没有补跑（{days}）", job=job, days=span_name(first, last))
    return Hint(said, command(first, last, job))


def _cut(found: list[Hint]) -> list[Hint]:
    rest = len(found) - MOST
    return found if rest <= 0 else [*found[:MOST], Hint(say("另有 {n} 项同类", n=rest), "")]


def _command(text: str) -> Component:
    label = say("复制")
    said = {"data-done": say("已复制"), "aria-label": f"{label} {text}"}
    return html.Span([html.Code(text), html.Button(label, className="copy-button", **said)], className="data-command")


def _day(value: object) -> dt.date:
    return pd.Timestamp(str(value)).date()

"""A change of share against the period before: how many points, whether it is chance, and how that is known."""

from __future__ import annotations

import math
from typing import Any

from dash import html

from analytics.share_changes import MIN_DAYS
from dashboards.language import msg, say

BEFORE = msg("上期")
_LOOKS = {"significant": "is-changed"}
VERDICTS = {"significant": msg("显著"), "flat": msg("不显著"), "few_days": msg("天数不足"), "none": ""}


def changed(row: dict[Any, Any], *, before: str = BEFORE, interval: bool = False) -> html.Span:
    """Return the change of one row of `dashboards.data.share_changes`; a dash where there is nothing to compare with.

    Parameters
    ----------
    row : dict
        With `share_changes.COLUMNS`.
    before : str
        What the share is compared with (a text marked by `msg`).
    interval : bool
        Whether the interval stands beside the points; else the pointer shows it.
    """
    if row["verdict"] == "none":
        return html.Span("–", className="changed is-none", title=say("{before}没有可比的联络", before=say(before)))
    points = row["change"] * 100
    arrow = "↑" if points >= 0.05 else "↓" if points <= -0.05 else ""
    word = say(VERDICTS[row["verdict"]])
    small = [html.Small(_interval(row), className="changed-interval")] if interval else []
    return html.Span(
        [
            html.Span(f"{arrow}{abs(points):.1f}", className=f"change {_LOOKS.get(row['verdict'], 'is-flat')}"),
            *small,
            html.Small(word, className=f"verdict-word is-{row['verdict']}"),
        ],
        className="changed", title=how(row, before),
    )  # fmt: skip


def how(row: dict[Any, Any], before: str) -> str:
    """Return how a change was tested, in words."""
    first = say(
        "比{before} {points} 个百分点（95% 区间 {interval}）",
        before=say(before), points=_signed(row["change"]), interval=_interval(row),
    )  # fmt: skip
    return tested(row, first)


def tested(row: dict[Any, Any], first: str, prefix: str = "") -> str:
    """Return `first` and how the change was tested; `prefix` is that of the columns."""
    p_value = p_said(row[f"{prefix}p_value"])
    if row[f"{prefix}verdict"] == "few_days":
        few = say("两期合计不足 {n} 天，看不出逐日波动，只按总数检验：p {p}", n=MIN_DAYS, p=p_value)
        return f"{first}{say('；')}{few}"
    dispersion = row[f"{prefix}dispersion"]
    spread = say("，逐日波动是随机波动的 {times:.1f} 倍", times=dispersion) if dispersion >= 1.05 else ""
    days = say("按 {n} 天逐日数据检验", n=int(row[f"{prefix}n_days"]))
    corrected = say("p {p}，同时比较多项，校正后 q {q}", p=p_value, q=p_said(row[f"{prefix}q_value"]))
    return f"{first}{say('；')}{days}{spread}{say('：')}{corrected}"


def _interval(row: dict[Any, Any]) -> str:
    return say("{low} 至 {high}", low=_signed(row["change_low"]), high=_signed(row["change_high"]))


def _signed(share: float) -> str:
    text = f"{abs(share) * 100:.1f}"
    return text if float(text) == 0 else f"{'−' if share < 0 else '+'}{text}"


def p_said(value: float) -> str:
    """Return a p- or q-value with its relation.

    Examples
    --------
    >>> p_said(0.0002), p_said(0.04), p_said(0.3)
    ('< 0.001', '= 0.040', '= 0.30')
    """
    if math.isnan(value):
        return "= –"
    return "< 0.001" if value < 0.001 else f"= {value:.3f}" if value < 0.1 else f"= {value:.2f}"

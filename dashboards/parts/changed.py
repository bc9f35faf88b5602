"""A change of share against the period before: how many points, whether it is chance, and how that is known."""

from __future__ import annotations

import math
from typing import Any

from dash import html

from analytics.share_changes import MIN_DAYS

_LOOKS = {"significant": "is-changed"}
VERDICTS = {"significant": "显著", "flat": "不显著", "few_days": "天数不足", "none": ""}


def changed(row: dict[Any, Any], *, before: str = "上期", interval: bool = False) -> html.Span:
    """Return the change of one row of `dashboards.data.share_changes`; a dash where there is nothing to compare with.

    Parameters
    ----------
    row : dict
        With `share_changes.COLUMNS`.
    before : str
        What the share is compared with.
    interval : bool
        Whether the interval stands beside the points; else the pointer shows it.
    """
    if row["verdict"] == "none":
        return html.Span("–", className="changed is-none", title=f"{before}没有可比的联络")
    points = row["change"] * 100
    arrow = "↑" if points >= 0.05 else "↓" if points <= -0.05 else ""
    word = VERDICTS[row["verdict"]]
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
    first = f"比{before} {_signed(row['change'])} 个百分点（95% 区间 {_interval(row)}）"
    if row["verdict"] == "few_days":
        return f"{first}；两期合计不足 {MIN_DAYS} 天，看不出逐日波动，只按比例检验：p {_p(row['p_value'])}"
    spread = f"，逐日波动是随机波动的 {row['dispersion']:.1f} 倍" if row["dispersion"] >= 1.05 else ""
    return (
        f"{first}；按 {int(row['n_days'])} 天逐日数据检验{spread}：p {_p(row['p_value'])}，"
        f"同时比较多项，校正后 q {_p(row['q_value'])}"
    )


def _interval(row: dict[Any, Any]) -> str:
    return f"{_signed(row['change_low'])} 至 {_signed(row['change_high'])}"


def _signed(share: float) -> str:
    text = f"{abs(share) * 100:.1f}"
    return text if float(text) == 0 else f"{'−' if share < 0 else '+'}{text}"


def _p(value: float) -> str:
    if math.isnan(value):
        return "= –"
    return "< 0.001" if value < 0.001 else f"= {value:.3f}" if value < 0.1 else f"= {value:.2f}"

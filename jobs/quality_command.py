"""What `kesheng quality` prints: every expectation of the days, what failed first."""

from __future__ import annotations

import datetime as dt

from rich.console import Console
from rich.table import Column, Table

from analytics.errors import ConfigError
from analytics.settings import Settings
from jobs.quality import Verdict, check, days_to_look_at, said

_HEADS = ("日期", "表", "期望", "名称", "结果", "说明")
_MIN_WIDTH = 140
_STATUS = {"passed": "通过", "short_history": "历史不足", "not_over": "未过完"}
_ORDER = {"failed": 0, "not_over": 2, "short_history": 2, "passed": 3}


def print_quality(settings: Settings, day: dt.date | None = None) -> int:
    """Print all results of a day, or what did not pass on the days to be looked at next; write nothing.

    Returns
    -------
    int
        0, or 2 where a publication would be held back.

    Raises
    ------
    ConfigError
        If there are no contacts to look at.
    """
    days = days_to_look_at(settings) if day is None else [day]
    verdicts = check(settings, days)
    if not verdicts:
        raise ConfigError(f"quality: expected days with contacts in {settings.lake}, got none; run kesheng run first")
    out = Console(width=max(Console().width, _MIN_WIDTH))
    table = Table(*(Column(name, no_wrap=name != "说明", overflow="fold") for name in _HEADS), box=None)
    shown = [one for one in verdicts if day is not None or one.result.status == "failed"]
    for one in sorted(shown, key=lambda one: (_rank(one), one.result.day, one.result.expectation.table)):
        table.add_row(*_cells(one))
    if shown:
        out.print(table)
    n_held = sum(one.holds for one in verdicts)
    n_failed = sum(one.result.status == "failed" for one in verdicts)
    n_short = sum(one.result.status == "short_history" for one in verdicts)
    out.print(f"{len(days)} 天，{len(verdicts)} 项：{n_failed} 项未通过（{n_held} 项使发布停止），{n_short} 项历史不足")
    if n_held:
        out.print("改好后 kesheng run；确认无误仍要发布：kesheng publish --accept-quality 原因", highlight=False)
    return 2 if n_held else 0


def _rank(one: Verdict) -> int:
    return -1 if one.holds else _ORDER[one.result.status]


def _cells(one: Verdict) -> tuple[str, ...]:
    result, what = one.result, one.result.expectation
    state = _STATUS.get(result.status) or ("停止发布" if one.holds else "已认可" if one.accepted else "警告")
    advice = f"。{result.advice}" if result.status == "failed" and what.advice else ""
    name = what.label + (f"（{result.part}）" if result.part else "")
    return str(result.day), what.table, what.name, name, state, said(result) + advice

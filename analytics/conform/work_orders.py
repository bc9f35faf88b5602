"""Course of a work order: its status in few words, when it was closed, how often it was opened again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics.conform.missing import none_unless
from analytics.conform.paths import first_text
from analytics.conform.times import parse_times
from analytics.text.normalise import normalise

_RULES = tuple(
    (status, re.compile(pattern, re.IGNORECASE))
    for status, pattern in (
        (
            "reopened",
            r"重新(?:打开|开启|激活|受理|处理|派单)|重开|重启|再次(?:打开|开启|受理)|激活|退回重办|打回|re-?open",
        ),
        ("open", r"[未没](?:能|有)?(?:完成|解决|关闭|处理|受理|分配|办结|回复|结)|\bun(?:re)?solved|\bnot\b"),
        ("pending", r"挂起|暂停|搁置|待定|等待|待(?:客户|用户|顾客|买家|第三方|补充|确认|反馈|回访|审批|配件|回应)"),
        ("pending", r"pending|\bhold\b|on.?hold|wait|suspend|snooze"),
        ("open", r"^[待新]|中$|创建|提交|(?<!已处理)受理|接单|派单|分配|分派|指派|流转|升级|跟进|打开|开启"),
        ("open", r"\bopen|\bnew\b|assign|progress|processing|\bactive|\bto.?do\b|escalat|acknowledg"),
        ("closed", r"关闭|完结|完成|解决|办结|结案|结单|结束|已结|处理完|已处理|已回复|归档|取消|作废|撤销|撤单"),
        ("closed", r"clos|solve|\bdone\b|complete|finish|cancel|archiv|processed"),
    )
)
"""Status of a word, the first rule that fits. 待处理 waits for us and is open; 待确认 waits for the customer."""

_TIME = re.compile(
    r"""\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?
    (?:[\sT]*(?:(?:上午|下午|中午|凌晨|早上|晚上|傍晚)\s*)?\d{1,2}\s*[:时点]\s*\d{1,2}
       (?:\s*[:分]\s*\d{1,2}(?:\.\d+)?\s*秒?)?\s*分?\s*(?:[AP]M)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?""",
    re.VERBOSE | re.IGNORECASE,
)
_AT = (
    "at",
    "time",
    "created_at",
    "changed_at",
    "updated_at",
    "timestamp",
    "date",
    "时间",
    "操作时间",
    "变更时间",
    "日期",
)
_TO = (
    "to",
    "status",
    "state",
    "new_value",
    "value",
    "action",
    "event",
    "状态",
    "新状态",
    "变更后",
    "操作",
    "动作",
    "节点",
)
_EDGES = re.compile(r"^[\W\d]+|\W+$")
"""Marks and numbers around the word of a step."""
_COUNT = re.compile(r"\d{1,3}")


@dataclass(frozen=True)
class Courses:
    """What the histories of orders say: one row an order, null where there is no history.

    Attributes
    ----------
    n_reopened : Series of Int64
        Times that an order was opened after it was closed.
    closed_at : Series of datetime64[us, UTC]
        Last close.
    status : Series of str or None
        Of the last step.
    """

    n_reopened: pd.Series[int]
    closed_at: pd.Series[pd.Timestamp]
    status: pd.Series[str]


def read_statuses(cells: pd.Series[str]) -> pd.Series[str]:
    """Return open, pending, closed or reopened; None where a word says nothing of it.

    Examples
    --------
    >>> read_statuses(pd.Series(["新建", "处理中", "待客户确认", "已关闭", "重新打开"])).tolist()
    ['open', 'open', 'pending', 'closed', 'reopened']
    >>> read_statuses(pd.Series(["Open", "On-hold", "solved", "A"])).tolist()
    ['open', 'pending', 'closed', None]
    """
    known = {cell: _status(cell) for cell in cells.dropna().unique()}
    found = cells.map(known).astype(object)
    return none_unless(found.notna(), found)


def read_courses(cells: pd.Series[str], zone: str) -> Courses:
    """Return what cells with the history of a status say.

    A history is a JSON list of objects with a time and a status, or text in which each time stands before its status,
    or behind it. Steps are taken in order of time. Going from closed to open again counts as opened again whether or
    not the step is called so. A cell that is a small number only is the count itself.

    Parameters
    ----------
    cells : Series of str or None
        As received.
    zone : str
        Zone of times that carry none.

    Examples
    --------
    >>> cells = pd.Series(["2026-03-01 10:00 新建；2026-03-02 09:30 关闭；2026-03-03 08:00 重新打开", None, "2"])
    >>> found = read_courses(cells, "Asia/Shanghai")
    >>> found.n_reopened.tolist(), found.closed_at[0].isoformat(), found.status.tolist()
    ([1, <NA>, 2], '2026-03-02T01:30:00+00:00', ['reopened', None, None])
    """
    listed = [(row, at, status) for row, cell in enumerate(cells) if cell for at, status in _steps(cell)]
    steps = pd.DataFrame(listed, columns=["row", "at", "word"], dtype=object)
    steps["at"] = parse_times(steps["at"], zone)
    steps["status"] = read_statuses(steps["word"])
    steps = steps[steps["status"].notna()].sort_values(["row", "at"], kind="stable", ignore_index=True)
    before = steps.groupby("row")["status"].shift()
    again = (steps["status"] == "reopened") & (before != "reopened")
    again |= (steps["status"] == "open") & (before == "closed")
    counted = again.groupby(steps["row"]).sum().to_dict()
    counts = {row: int(cell) for row, cell in enumerate(cells) if cell and _COUNT.fullmatch(cell.strip())}
    rows = pd.RangeIndex(len(cells))
    closed = steps[steps["status"] == "closed"].groupby("row")["at"].max().reindex(rows)
    status = steps.groupby("row")["status"].last().reindex(rows)
    return Courses(
        pd.Series([counts.get(row, counted.get(row)) for row in rows], index=cells.index, dtype="Int64"),
        closed.astype("datetime64[us, UTC]").set_axis(cells.index),
        none_unless(status.notna(), status).set_axis(cells.index),
    )


def _status(word: str) -> str | None:
    plain = _EDGES.sub("", normalise(word).replace("_", " "))
    return next((status for status, pattern in _RULES if pattern.search(plain)), None)


def _steps(cell: str) -> Iterator[tuple[str | None, str]]:
    """Yield time and word of each step of a history."""
    listed = _json_list(cell)
    if listed is not None:
        for step in listed:
            if isinstance(step, str):
                yield from _steps_of_text(step)
            else:
                yield first_text(step, *_AT), first_text(step, *_TO) or ""
    else:
        yield from _steps_of_text(cell)


def _json_list(cell: str) -> Sequence[Any] | None:
    if cell.lstrip()[:1] != "[":
        return None
    try:
        found = json.loads(cell)
    except (json.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, list) else None


def _steps_of_text(text: str) -> list[tuple[str | None, str]]:
    """Return the steps of a text: of the two readings, time first or status first, the one that finds more statuses."""
    times = list(_TIME.finditer(text))
    edges = [0, *(edge for match in times for edge in match.span()), len(text)]
    between = [text[edges[number] : edges[number + 1]] for number in range(0, len(edges), 2)]
    readings = (between[1:], between[:-1])
    words = max(readings, key=lambda words: sum(_status(word) is not None for word in words))
    return [(match[0].strip(), word) for match, word in zip(times, words, strict=True)]

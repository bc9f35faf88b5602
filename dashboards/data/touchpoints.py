"""The fixed frame of touchpoints, in the stages of a customer's way."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import pandas as pd

from analytics.settings import DATA
from dashboards.language import msg

TAXONOMY_FILE = DATA / "taxonomy.toml"
UNKNOWN = msg("触点不明")


@cache
def stages() -> dict[str, tuple[str, ...]]:
    """Return the touchpoints of each stage, both in the order of the file.

    Examples
    --------
    >>> list(stages()), sum(map(len, stages().values()))
    (['选购', '商品', '物流', '售后', '其他'], 28)
    """
    found = tomllib.loads(TAXONOMY_FILE.read_text(encoding="utf-8"))
    return {
        stage: tuple(point["name"] for point in found["touchpoint"] if point["stage"] == stage)
        for stage in found["stages"]
    }


def stage_of(touchpoint: str) -> str:
    """Return the stage of a touchpoint; '' for one that the frame does not have.

    Examples
    --------
    >>> stage_of("物流查询"), stage_of("没有")
    ('物流', '')
    """
    return next((stage for stage, points in stages().items() if touchpoint in points), "")


def by_stage(frame: pd.DataFrame) -> list[tuple[str, list[tuple[str, dict[Any, Any] | None]]]]:
    """Return each stage with all its touchpoints in their order, and the row of each; None for one without contacts.

    Parameters
    ----------
    frame : DataFrame
        touchpoint and numbers, largest first; rows get their `rank`, from 0. Touchpoints outside the frame come last,
        under the stage ''.

    Examples
    --------
    >>> found = by_stage(pd.DataFrame({"touchpoint": ["物流查询", "自有触点"], "n": [5, 2]}))
    >>> found[-1], sum(len(cells) for _, cells in found)
    (('', [('自有触点', {'touchpoint': '自有触点', 'n': 2, 'rank': 1})]), 29)
    """
    rows = {str(row["touchpoint"]): row for row in frame.assign(rank=range(len(frame))).to_dict("records")}
    known = [(stage, [(name, rows.get(name)) for name in points]) for stage, points in stages().items()]
    others: list[tuple[str, dict[Any, Any] | None]] = [(name, row) for name, row in rows.items() if not stage_of(name)]
    return [*known, ("", others)] if others else known

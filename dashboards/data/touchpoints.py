"""The fixed frame of touchpoints, in the stages of a customer's way."""

from __future__ import annotations

import tomllib
from functools import cache

from analytics.settings import DATA

TAXONOMY_FILE = DATA / "taxonomy.toml"
UNKNOWN = "触点不明"


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

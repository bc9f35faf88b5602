"""Frames as plain values of JSON: times with their zone, days as dates, nothing that is no number."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd


def plain(value: object, zone: str) -> Any:
    """Return a value as JSON has it; a time without zone is of `zone`, NaN and NaT are null.

    Examples
    --------
    >>> plain(pd.Timestamp("2026-09-07 12:00"), "Asia/Shanghai"), plain(float("nan"), "UTC"), plain(np.int64(3), "UTC")
    ('2026-09-07T12:00:00+08:00', None, 3)
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp | dt.datetime):
        at = value.replace(tzinfo=ZoneInfo(zone)) if value.tzinfo is None else value.astimezone(ZoneInfo(zone))
        return at.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(item, zone) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def rows(frame: pd.DataFrame, zone: str, *, days: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return a frame's rows as plain values; of the columns `days` the day alone."""
    found = [{str(name): plain(value, zone) for name, value in row.items()} for row in frame.to_dict("records")]
    return [{k: v[:10] if k in days and isinstance(v, str) else v for k, v in row.items()} for row in found]

"""The warehouse as whoever makes the request may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from analytics.access.limits import Limits
from dashboards.access.viewer import viewer_now

Parameters = Sequence[object] | Mapping[str, object] | None


class LimitingReader(Protocol):
    """What is asked of `analytics.warehouse.WarehouseReader`."""

    def query(self, sql: str, parameters: Parameters = None, *, limits: Limits) -> pd.DataFrame:
        """Run one statement over the contacts that the limits admit."""


class ViewersReader:
    """A reader whose every query is limited to what the viewer of the request may see.

    Parameters
    ----------
    reader : LimitingReader
        The warehouse. Whatever keeps answers between requests stands below, and keeps them by limits.
    """

    def __init__(self, reader: LimitingReader) -> None:
        self._reader = reader

    def query(self, sql: str, parameters: Parameters = None) -> pd.DataFrame:
        """Run one statement and return all rows that the viewer may see."""
        return self._reader.query(sql, parameters, limits=viewer_now().limits)

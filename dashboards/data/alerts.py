"""Alerts: live from the inbox, or as they stood at publication where there is no inbox."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.inbox import Inbox
from dashboards.data.inbox import inbox_is_there
from dashboards.data.source import Source

_COLUMNS = ["alert_id", "spike_id", "key", "state", "severity", "owner", "channel", "title", "started_at"]
_EVENT_SQL = """
SELECT dip_id AS event_id, 'dip' AS event, 'sentiment' AS kind, mean AS observed, expected,
    len(contact_ids) AS n_listed FROM dip
UNION ALL
SELECT spike_id, 'spike', kind, observed, expected, len(contact_ids) FROM spike
WHERE spike_id NOT IN (SELECT dip_id FROM dip)
"""
_SEVERITY_ORDER = {"high": 0, "medium": 1, "low": 2}
_STATE_ORDER = {"open": 0, "acknowledged": 1, "muted": 2, "resolved": 3, "false_alarm": 4}


class Alerts:
    """The alerts a page shows. An inbox in a file that does not exist is not created by looking."""

    def __init__(self, inbox_url: str) -> None:
        self._url = inbox_url
        self._inbox: Inbox | None = None

    def table(
        self, source: Source, *, start: dt.date | None, end: dt.date | None, channels: tuple[str, ...] = ()
    ) -> pd.DataFrame:
        """Return alerts that began in the days, open and severe first, with the event's numbers.

        Columns: those of `alert` without body, started (local), event (spike or dip, None if it is not published),
        kind, observed, expected, n_listed (contacts behind it).
        """
        found = self._all(source)
        started = pd.to_datetime(found["started_at"], utc=True).dt.tz_convert(ZoneInfo(source.zone))
        found = found.assign(started=started.dt.tz_localize(None))
        if start is not None and end is not None:
            day = found["started"].dt.date
            found = found[(day >= start) & (day <= end)]
        if channels:
            found = found[found["channel"].isin([*channels, "*"])]
        found = found.merge(source.rows(_EVENT_SQL), left_on="spike_id", right_on="event_id", how="left")
        order = [
            found["state"].map(_STATE_ORDER),
            found["severity"].map(_SEVERITY_ORDER),
            -found["started"].astype("int64"),
        ]
        keyed = found.assign(_state=order[0], _severity=order[1], _age=order[2])
        return keyed.sort_values(["_state", "_severity", "_age", "alert_id"])[
            [*_COLUMNS, "started", "event", "kind", "observed", "expected", "n_listed"]
        ].reset_index(drop=True)

    def _all(self, source: Source) -> pd.DataFrame:
        inbox = self._opened()
        if inbox is None:
            return source.rows(f"SELECT {', '.join(_COLUMNS)} FROM alert")
        rows = [{name: getattr(alert, name) for name in _COLUMNS} for alert in inbox.alerts()]
        return pd.DataFrame(rows, columns=_COLUMNS)

    def _opened(self) -> Inbox | None:
        if self._inbox is None and inbox_is_there(self._url):
            self._inbox = Inbox(self._url)
        return self._inbox

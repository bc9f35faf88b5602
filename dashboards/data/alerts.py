"""Alerts: live from the inbox, or as they stood at publication where there is no inbox."""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.errors import InboxAwayError
from analytics.inbox import SYSTEM_KIND, Alert, Inbox
from dashboards.access.viewer import Limits, viewer_now
from dashboards.data.inbox import inbox_is_there
from dashboards.data.source import Source

_LOG = logging.getLogger(__name__)
AWAY_SECONDS = 10.0
"""For how long a database that did not answer is not asked again, so that pages stay quick. Our choice."""
_COLUMNS = ["alert_id", "spike_id", "key", "state", "severity", "owner", "channel", "title", "started_at",
            "n_contacts", "last_seen_at", "changed_by"]  # fmt: skip
_LIVE = ["kind", "observed", "expected", "changed_at", "calmed_at", "held"]
"""Only the inbox knows these of an alert whose event was not published."""
_MOMENTS = {"started": "started_at", "last_seen": "last_seen_at", "calmed": "calmed_at", "grown": "grown_at"}
_EVENT_SQL = """
SELECT dip_id AS event_id, 'dip' AS event, 'sentiment' AS kind, mean AS observed, expected,
    len(contact_ids) AS n_listed FROM dip WHERE dip_id IN (SELECT unnest($ids))
UNION ALL
SELECT spike_id, 'spike', kind, observed, expected, len(contact_ids) FROM spike
WHERE spike_id IN (SELECT unnest($ids)) AND spike_id NOT IN (SELECT dip_id FROM dip)
"""
_SEEN_SQL = """
SELECT event_id, count(*) AS n_behind, count(contact.contact_id) AS n_seen FROM (
    SELECT dip_id AS event_id, unnest(contact_ids) AS contact_id FROM dip WHERE dip_id IN (SELECT unnest($ids))
    UNION ALL
    SELECT spike_id, unnest(contact_ids) FROM spike
    WHERE spike_id IN (SELECT unnest($ids)) AND spike_id NOT IN (SELECT dip_id FROM dip)
) LEFT JOIN contact USING (contact_id) GROUP BY 1
"""
_SEVERITY_ORDER = {"high": 0, "medium": 1, "low": 2}
_STATE_ORDER = {"open": 0, "acknowledged": 1, "muted": 2, "resolved": 3, "false_alarm": 4}
_SHOWN = [*_COLUMNS, *_MOMENTS, "changed_at", "held", "event", "kind", "observed", "expected", "n_listed"]


class Alerts:
    """The alerts a page shows. An inbox in a file that does not exist is not created by looking.

    Somebody who may see but some of the contacts sees the alerts of which they see all.
    """

    def __init__(self, inbox_url: str) -> None:
        self._url = inbox_url
        self._inbox: Inbox | None = None
        self._away_until = 0.0

    @property
    def url(self) -> str:
        """SQLAlchemy address of the inbox."""
        return self._url

    @property
    def inbox(self) -> Inbox | None:
        """The inbox, in which people decide; None where there is none, and while its database is away."""
        if self.is_away:
            return None
        try:
            if self._inbox is None and inbox_is_there(self._url):
                self._inbox = Inbox(self._url)
            if self._inbox is None or self._inbox.answers():
                return self._inbox
        except InboxAwayError:
            pass  # told below, in the words of whoever looks
        _LOG.error(
            "alerts: the inbox's database cannot be reached; shown as published, asked again in %g s", AWAY_SECONDS
        )
        self._away_until = time.monotonic() + AWAY_SECONDS
        return None

    @property
    def is_away(self) -> bool:
        """Whether the inbox's database could not be reached a moment ago: alerts are shown as they were published."""
        return time.monotonic() < self._away_until

    def version(self) -> int:
        """Return a number that grows with all that happens to alerts; 0 without an inbox."""
        return self.inbox.version() if self.inbox is not None else 0

    def table(
        self, source: Source, *, start: dt.date | None, end: dt.date | None, channels: tuple[str, ...] = ()
    ) -> pd.DataFrame:
        """Return alerts that began in the days, open and severe first, with the event's numbers.

        What is wrong with the system itself is among them whenever it began: the days end where the data does.

        Columns: those of `alert` without body; started, last_seen, calmed and grown (local, NaT for none); event
        (spike or dip, None if it is not published), kind, observed, expected, n_listed (contacts of the event).
        """
        found = self._all(source, _moment(start, source.zone), _moment(end, source.zone, days=1))
        if channels:
            found = found[found["channel"].isin([*channels, "*"])]
        found = _with_events(source, found)
        keyed = found.assign(
            _state=found["state"].map(_STATE_ORDER),
            _severity=found["severity"].map(_SEVERITY_ORDER),
            _age=-found["started"].astype("int64"),
        )
        return keyed.sort_values(["_state", "_severity", "_age", "alert_id"])[_SHOWN].reset_index(drop=True)

    def find(self, source: Source, alert_id: str) -> dict[str, Any] | None:
        """Return one alert as a row of `table`, whenever it began; None if there is none for whoever looks."""
        found = self._all(source, None, None)
        rows = _with_events(source, found[found["alert_id"] == alert_id])[_SHOWN].to_dict("records")
        return {str(name): value for name, value in rows[0].items()} if rows else None

    def body(self, alert_id: str) -> str:
        """Return the message of an alert as it is sent; '' without an inbox."""
        known = self.inbox.alerts() if self.inbox is not None else []
        return next((alert.body for alert in known if alert.alert_id == alert_id), "")

    def _all(self, source: Source, since: dt.datetime | None, until: dt.datetime | None) -> pd.DataFrame:
        if self.inbox is None:
            moments = [moment for moment in (since, until) if moment is not None]
            inside = "WHERE started_at >= $since AND started_at < $until" if len(moments) == 2 else ""
            values = {"since": since, "until": until} if inside else {}
            found = source.rows(f"SELECT {', '.join(_COLUMNS)} FROM alert {inside}", **values)
            return _local(found.assign(**dict.fromkeys(_LIVE), grown_at=None), source.zone)
        grown = self.inbox.grown()
        rows = [
            {**{name: getattr(alert, name) for name in (*_COLUMNS, *_LIVE)}, "grown_at": grown.get(alert.alert_id)}
            for alert in [*self.inbox.alerts(since=since, until=until), *_of_system(self.inbox, since, until)]
        ]
        return _local(pd.DataFrame(rows, columns=[*_COLUMNS, *_LIVE, "grown_at"]), source.zone)


def of_customers(found: pd.DataFrame) -> pd.DataFrame:
    """Return the alerts that are about customers, not about the system itself."""
    return found[found["kind"] != SYSTEM_KIND].reset_index(drop=True)


def _of_system(inbox: Inbox, since: dt.datetime | None, until: dt.datetime | None) -> list[Alert]:
    """Return the alerts about the system that last and did not begin in [since, until)."""
    return [
        alert
        for alert in inbox.alerts(states=("open", "acknowledged"))
        if alert.kind == SYSTEM_KIND
        and ((since is not None and alert.started_at < since) or (until is not None and alert.started_at >= until))
    ]


def _local(found: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Return the alerts with the moments of `_MOMENTS` on the local clock."""
    local = {
        name: pd.to_datetime(found[column], utc=True).dt.tz_convert(ZoneInfo(zone)).dt.tz_localize(None)
        for name, column in _MOMENTS.items()
    }
    return found.assign(**local)


def _with_events(source: Source, found: pd.DataFrame) -> pd.DataFrame:
    """Return the alerts that whoever looks may see, with the numbers of their events."""
    ids = list(dict.fromkeys(found["spike_id"]))
    events = source.rows(_EVENT_SQL, ids=ids)
    limits = viewer_now().limits
    if limits.any:
        found = found[_may_see(found, source.rows(_SEEN_SQL, ids=ids), limits)]
    known = found.rename(columns={name: f"{name}_live" for name in ("kind", "observed", "expected")})
    merged = known.merge(events, left_on="spike_id", right_on="event_id", how="left")
    pairs = {name: zip(merged[name], merged[f"{name}_live"], strict=True) for name in ("kind", "observed", "expected")}
    filled = {name: [live if pd.isna(value) else value for value, live in both] for name, both in pairs.items()}
    return merged.assign(
        kind=pd.Series(filled["kind"], dtype=object),
        observed=pd.to_numeric(pd.Series(filled["observed"], dtype=object)),
        expected=pd.to_numeric(pd.Series(filled["expected"], dtype=object)),
        event=pd.Series([name if isinstance(name, str) else None for name in merged["event"]], dtype=object),
    )


def _may_see(found: pd.DataFrame, seen: pd.DataFrame, limits: Limits) -> pd.Series:
    whole = set(seen.loc[seen["n_behind"] == seen["n_seen"], "event_id"])
    by_channel = limits.channels if not (limits.products or limits.teams) else ()
    return found["spike_id"].isin(whole) | found["channel"].isin(by_channel)


def _moment(day: dt.date | None, zone: str, *, days: int = 0) -> dt.datetime | None:
    if day is None:
        return None
    return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(), ZoneInfo(zone))

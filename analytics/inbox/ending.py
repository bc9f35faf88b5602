"""How an alert ends by itself: after hours with other contacts but nothing of the incident it is calm, then over."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from analytics.inbox.database import writing
from analytics.inbox.policy import Policy
from analytics.inbox.records import SYSTEM, SYSTEM_KIND
from analytics.inbox.rows import note
from analytics.inbox.tables import AlertRow
from analytics.inbox.telling import tell_end
from analytics.schema import ALL

_GOES_ON = ("open", "acknowledged")


class Endings:
    """The part of `Inbox` that ends alerts."""

    _engine: Engine
    policy: Policy

    def settle(self, hours: Mapping[str, Sequence[dt.datetime]], *, now: dt.datetime, send: bool) -> dict[str, int]:
        """Mark alerts as calm or resolve them; return how many `calmed` and `resolved`.

        Beside the quiet hours of the data, as many by the clock must have gone by since the alert was raised: what
        a nightly run finds of yesterday is seen open by whoever opens the inbox, and a run done again changes nothing.

        Parameters
        ----------
        hours : mapping of str to sequence of datetime
            By channel ('*' for all together), the starts of the hours that are complete and have contacts, ascending.
            Hours without contacts (nights, a source that is late) say nothing, so nothing ends for lack of data.
        now : datetime
            With a zone.
        send : bool
            False for windows of the past: no message goes out.
        """
        told = self.policy if send else replace(self.policy, updates=())
        n = {"calmed": 0, "resolved": 0}
        with writing(self._engine) as session:
            query = select(AlertRow).where(
                AlertRow.state.in_(_GOES_ON), AlertRow.created_at < now, AlertRow.kind != SYSTEM_KIND
            )
            for row in session.scalars(query).all():
                n_known = int((now - row.created_at) / dt.timedelta(hours=1))
                what = _end(session, row, min(_n_quiet(row, hours), n_known), told, now)
                if what:
                    n[what] += 1
        return n


def _n_quiet(row: AlertRow, hours: Mapping[str, Sequence[dt.datetime]]) -> int:
    """Return the complete hours with contacts that began after the incident was last seen."""
    known = hours.get(ALL if row.channel == ALL else row.channel, ())
    return len(known) - bisect_left(known, row.last_seen_at or row.started_at)


def _end(session: Session, row: AlertRow, n_quiet: int, policy: Policy, now: dt.datetime) -> str | None:
    detail = f"{n_quiet} 个有联络的小时没有再出现"
    if n_quiet >= policy.resolve_hours:
        row.state, row.changed_at, row.changed_by = "resolved", now, SYSTEM
        row.calmed_at = row.calmed_at or now
        note(session, row.alert_id, "resolved", now, SYSTEM, detail)
        tell_end(session, row, "resolved", policy)
        return "resolved"
    if n_quiet >= policy.calm_hours and row.calmed_at is None:
        row.calmed_at = now
        note(session, row.alert_id, "calmed", now, SYSTEM, detail)
        tell_end(session, row, "calmed", policy)
        return "calmed"
    return None

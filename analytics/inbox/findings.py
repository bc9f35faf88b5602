"""What the jobs do to alerts: raise them, bring them up to date, take them back; `ending` has the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from analytics.inbox.database import writing
from analytics.inbox.growth import Growth, bring_up_to_date, new_row, part_row
from analytics.inbox.matching import Match, Part, match
from analytics.inbox.mutes import is_muted
from analytics.inbox.policy import Policy
from analytics.inbox.records import SYSTEM, NewAlert
from analytics.inbox.rows import note
from analytics.inbox.sketch import from_text
from analytics.inbox.tables import AlertRow, PartRow
from analytics.inbox.telling import tell_first, tell_update
from analytics.inbox.withdrawing import withdraw_parts
from analytics.names import SEVERITY_NAMES

Ways = Sequence[str] | Callable[[NewAlert], Sequence[str]]
"""How alerts are to be sent: the same ways for all, or the ways of each."""


@dataclass(frozen=True)
class _Run:
    """What one run may tell: over which ways, at what time, and only what was seen since `not_before`."""

    ways: Ways
    now: dt.datetime
    send: bool
    not_before: dt.datetime | None

    def ways_of(self, alert: NewAlert, moment: dt.datetime) -> tuple[str, ...]:
        if not self.send or (self.not_before is not None and moment < self.not_before):
            return ()
        return tuple(self.ways(alert) if callable(self.ways) else self.ways)


class Findings:
    """The part of `Inbox` that jobs write to."""

    _engine: Engine
    policy: Policy

    def raise_alerts(
        self,
        rows: Iterable[NewAlert],
        *,
        now: dt.datetime,
        send: bool,
        ways: Ways = ("console",),
        not_before: dt.datetime | None = None,
    ) -> list[str]:
        """Put incidents in; return the ids of the alerts that were not there before.

        An incident of an alert that is there already brings it up to date and keeps its id, state, owner and time of
        creation (see `analytics.inbox.matching`); it is told again only if it grew, or came back, in this run. A new
        alert that is muted starts so, and is not sent.

        Parameters
        ----------
        rows : iterable of NewAlert
            The same incident may come again on any later run.
        now : datetime
            With a zone.
        send : bool
            False for windows of the past: the alerts are kept, no message goes out.
        ways : sequence of str, or function
            How alerts are to be sent.
        not_before : datetime, optional
            With `send`, only what began (an alert known already: was last seen) then or later is told.
        """
        found = {row.alert_id: replace(row, severity=self.policy.severity(row)) for row in rows}
        run = _Run(ways, now, send, not_before)
        with writing(self._engine) as session:
            return _upsert(session, found, self.policy, run)

    def withdraw(
        self,
        keep: Collection[str],
        *,
        since: dt.datetime,
        until: dt.datetime,
        now: dt.datetime | None = None,
        send: bool = False,
    ) -> int:
        """Take back incidents that began in [since, until) and are not in `keep`; return how many alerts went.

        A day that is computed again with more data may lose a spike it had. An alert that has no incident left goes
        with it, so that none points to a spike that is not published. What people decided on stays; what they were
        told of, or wrote about, stays as resolved by the system, and with `send` they are told.
        """
        with writing(self._engine) as session:
            told = self.policy if send else replace(self.policy, updates=())
            return withdraw_parts(session, keep, (since, until), now or dt.datetime.now(dt.UTC), told)


def _upsert(session: Session, found: dict[str, NewAlert], policy: Policy, run: _Run) -> list[str]:
    matches = match(
        found.values(),
        _parts(session, found, policy),
        reopen=dt.timedelta(hours=policy.reopen_hours),
        zone=policy.timezone,
    )
    fresh = []
    for alert in sorted(found.values(), key=lambda row: (row.started_at, row.alert_id)):
        row = session.get(AlertRow, matches[alert.alert_id].alert_id)
        if row is None:
            fresh.append(_start(session, alert, policy, run))
        else:
            _go_on(session, row, alert, matches[alert.alert_id], policy, run)
        session.flush()
    return fresh


def _start(session: Session, alert: NewAlert, policy: Policy, run: _Run) -> str:
    muted = is_muted(session, alert)
    session.add(new_row(alert, "muted" if muted else "open", run.now))
    session.flush()
    session.add(part_row(alert, alert.alert_id, None))
    note(
        session,
        alert.alert_id,
        "raised",
        run.now,
        SYSTEM,
        f"{alert.n_contacts} 个联络，级别 {SEVERITY_NAMES[alert.severity]}",
    )
    ways = run.ways_of(alert, alert.started_at)
    if ways and not muted:
        tell_first(session, session.get_one(AlertRow, alert.alert_id), ways, policy, run.now)
    return alert.alert_id


def _go_on(session: Session, row: AlertRow, alert: NewAlert, found: Match, policy: Policy, run: _Run) -> None:
    growth: Growth = bring_up_to_date(session, row, alert, found, policy, run.now)
    ways = run.ways_of(alert, alert.ended_at or alert.started_at)
    if not ways or row.state not in ("open", "acknowledged"):
        return
    if row.held is not None:
        tell_first(session, row, ways, policy, run.now)
    elif growth.changed:
        tell_update(session, row, ways, policy, came_back=growth.came_back)


def _parts(session: Session, found: dict[str, NewAlert], policy: Policy) -> list[Part]:
    """Return the parts of the alerts that an incident may belong to."""
    if not found:
        return []
    earliest = min(row.started_at for row in found.values()) - dt.timedelta(hours=policy.reopen_hours)
    latest = max(row.ended_at or row.started_at for row in found.values()) + dt.timedelta(hours=policy.reopen_hours)
    query = select(AlertRow, PartRow).outerjoin(PartRow, PartRow.alert_id == AlertRow.alert_id)
    near = query.where(PartRow.ended_at >= earliest, PartRow.started_at <= latest)
    own = query.where(PartRow.found_id.in_(found) | AlertRow.alert_id.in_(found))
    rows = {
        (alert.alert_id, part and part.found_id): _part(alert, part)
        for each in (near, own)
        for alert, part in session.execute(each)
    }
    return list(rows.values())


def _part(alert: AlertRow, part: PartRow | None) -> Part:
    """Return a part as the matching sees it; an alert whose incidents were taken back stands for itself."""
    return Part(
        found_id=part.found_id if part else alert.alert_id,
        alert_id=alert.alert_id,
        kind=alert.kind,
        key=alert.key,
        channel=alert.channel,
        state=alert.state,
        started_at=part.started_at if part else alert.started_at,
        ended_at=part.ended_at if part else alert.last_seen_at or alert.started_at,
        sketch=from_text(part.sketch) if part else (),
    )

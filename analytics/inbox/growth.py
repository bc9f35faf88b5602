"""How an alert takes in an incident: its parts, its numbers, and whether it grew or came back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.inbox.matching import Match
from analytics.inbox.policy import Policy, worse
from analytics.inbox.records import SEVERITIES, SYSTEM, NewAlert
from analytics.inbox.rows import note
from analytics.inbox.sketch import sketch_of, to_text
from analytics.inbox.tables import AlertRow, PartRow
from analytics.names import SEVERITY_NAMES

_TEXTS = ("spike_id", "kind", "key", "channel", "title", "body", "observed", "expected")


@dataclass(frozen=True)
class Growth:
    """What a run changed: whether contacts or severity rose, and whether the incident is back after it was calm."""

    changed: bool
    came_back: bool


def new_row(alert: NewAlert, state: str, now: dt.datetime) -> AlertRow:
    """Return the row of an alert that begins with an incident."""
    row = AlertRow(alert_id=alert.alert_id, state=state, owner=None, created_at=now, last_changed_at=now)
    row.severity, row.n_contacts, row.n_windows = alert.severity, alert.n_contacts, alert.n_windows
    row.started_at, row.last_seen_at = alert.started_at, _end(alert)
    if state != "open":
        row.changed_by = SYSTEM
    _take_texts(row, alert)
    return row


def part_row(alert: NewAlert, alert_id: str, before: PartRow | None) -> PartRow:
    """Return an incident as a part of an alert; a run that saw more of it counts as one more window in a row."""
    again = before.n_windows + 1 if before is not None and _end(alert) > before.ended_at else 0
    return PartRow(
        found_id=alert.alert_id,
        alert_id=alert_id,
        spike_id=alert.spike_id,
        severity=alert.severity,
        started_at=alert.started_at,
        ended_at=_end(alert),
        n_contacts=alert.n_contacts,
        n_windows=max(alert.n_windows, again, before.n_windows if before is not None else 0),
        sketch=to_text(sketch_of(alert.contact_ids)),
    )


def bring_up_to_date(
    session: Session, row: AlertRow, alert: NewAlert, found: Match, policy: Policy, now: dt.datetime
) -> Growth:
    """Let an alert take in an incident; return what that changed."""
    parts = {part.found_id: part for part in _parts_of(session, row)}
    earlier = [parts[each] for each in {alert.alert_id, *found.replaces} if each in parts]
    is_known = bool(earlier)
    n_before, severity_before, seen_before = row.n_contacts, row.severity, row.last_seen_at or row.started_at
    before = max(earlier, key=lambda part: part.ended_at, default=None)
    fresh = part_row(alert, row.alert_id, before)
    for part in earlier:
        session.delete(part)
    session.flush()
    session.add(fresh)
    session.flush()
    refresh_numbers(session, row)
    # An incident of several days is told as it was on its worst, not as the last of it trails off.
    if all(part.n_contacts <= alert.n_contacts for part in parts.values() if part not in earlier):
        _take_texts(row, alert)
    advanced = (row.last_seen_at or row.started_at) > seen_before
    came_back = (not parts) or (advanced and _is_back(row, alert, seen_before, policy, is_known=is_known))
    if came_back:
        _wake(session, row, now)
    rose = row.n_contacts > n_before or worse(row.severity, severity_before)
    if rose or came_back:
        detail = f"{n_before} → {row.n_contacts} 个联络，级别 {SEVERITY_NAMES[row.severity]}"
        note(session, row.alert_id, "reopened" if came_back else "grown", now, SYSTEM, detail)
    return Growth(changed=rose or came_back, came_back=came_back)


def refresh_numbers(session: Session, row: AlertRow) -> None:
    """Let an alert's numbers be those of its parts: contacts together, the worst severity, the whole time."""
    parts = _parts_of(session, row)
    row.n_contacts = sum(part.n_contacts for part in parts)
    row.n_windows = max(part.n_windows for part in parts)
    row.severity = min((part.severity for part in parts), key=SEVERITIES.index)
    row.started_at = min(part.started_at for part in parts)
    row.last_seen_at = max(part.ended_at for part in parts)
    row.spike_id = max(parts, key=lambda part: (part.n_contacts, part.started_at)).spike_id


def _is_back(row: AlertRow, alert: NewAlert, seen_before: dt.datetime, policy: Policy, *, is_known: bool) -> bool:
    """Say whether what was seen anew makes an alert that had ended, or was calm, a matter for people again."""
    if row.state == "resolved" and row.changed_by != SYSTEM:
        # Somebody closed it knowing what there was: only what began later is news.
        return not is_known and row.changed_at is not None and alert.started_at > row.changed_at
    if row.state == "resolved" or row.calmed_at is not None:
        return True
    return not is_known and alert.started_at - seen_before >= dt.timedelta(hours=policy.calm_hours)


def _wake(session: Session, row: AlertRow, now: dt.datetime) -> None:
    row.calmed_at = None
    if row.state == "resolved":
        row.state, row.changed_at, row.changed_by = "open", now, SYSTEM


def _take_texts(row: AlertRow, alert: NewAlert) -> None:
    for name in _TEXTS:
        setattr(row, name, getattr(alert, name))
    # The link in a message leads to the alert, which may be older than the incident's present hash.
    row.body = alert.body.replace(alert.alert_id, row.alert_id).replace("\0", "")
    row.title = alert.title.replace("\0", "")


def _parts_of(session: Session, row: AlertRow) -> list[PartRow]:
    return list(session.scalars(select(PartRow).where(PartRow.alert_id == row.alert_id)))


def _end(alert: NewAlert) -> dt.datetime:
    return max(alert.ended_at or alert.started_at, alert.started_at)

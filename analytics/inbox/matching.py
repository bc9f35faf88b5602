"""Which alert an incident belongs to: the one that stands for it, or one of the same matter close to it in time.

The hash of an incident changes when its start shifts, and an incident that comes back is a new one to the detector.
People want one alert for both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from analytics.inbox.records import NewAlert
from analytics.inbox.sketch import Sketch, share_in_common, sketch_of

SAME_CONTACTS = 0.5
"""Share of contacts in common that makes an incident the same under another name. Our choice: most of them."""
_CLOSED = ("muted", "false_alarm")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One incident that an alert stands for; times carry a zone."""

    found_id: str
    alert_id: str
    kind: str
    key: str
    channel: str
    state: str
    started_at: dt.datetime
    ended_at: dt.datetime
    sketch: Sketch = ()


@dataclass(frozen=True, kw_only=True)
class Match:
    """Where an incident belongs: its alert, and the parts of the alert that it takes the place of."""

    alert_id: str
    replaces: tuple[str, ...] = ()


def match(
    found: Iterable[NewAlert], known: Sequence[Part], *, reopen: dt.timedelta, zone: str = "Asia/Shanghai"
) -> dict[str, Match]:
    """Return the alert of each incident, by the incident's own id; incidents of no known alert begin one.

    An incident belongs to the alert that has it as a part; else to the alert of the same kind, key and channel whose
    nearest part it overlaps or, unless somebody closed it as muted or false alarm, is at most `reopen` away from; else
    to the alert of a part that it overlaps, that is no longer found, and that has `SAME_CONTACTS` in common with it:
    more data may give an incident a more telling name. It takes the place of parts of its alert that it overlaps, that
    began on the same local day, and that are no longer found. An incident without a kind has no other of its matter.

    Examples
    --------
    >>> moment = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)
    >>> shifted = NewAlert(alert_id="new", spike_id="s", key="退款", severity="low", channel="*", title="", body="",
    ...                    kind="keyword", started_at=moment, ended_at=moment + dt.timedelta(hours=3))
    >>> part = Part(found_id="old", alert_id="old", kind="keyword", key="退款", channel="*", state="open",
    ...             started_at=moment + dt.timedelta(hours=1), ended_at=moment + dt.timedelta(hours=2))
    >>> match([shifted], [part], reopen=dt.timedelta(hours=24))
    {'new': Match(alert_id='old', replaces=('old',))}
    """
    rows = sorted(found, key=lambda row: (row.started_at, row.alert_id))
    ids = {row.alert_id for row in rows}
    parts = {part.found_id: part for part in known}
    matches: dict[str, Match] = {}
    for row in rows:
        own = parts.pop(row.alert_id, None)
        gone = [part for part in parts.values() if part.found_id not in ids and _gap(row, part) <= dt.timedelta(0)]
        home = own or _nearest(row, parts.values(), reopen) or _of_same_contacts(row, gone)
        alert_id = home.alert_id if home else row.alert_id
        replaced = [part for part in gone if part.alert_id == alert_id and _same_day(row, part, zone)]
        matches[row.alert_id] = Match(alert_id=alert_id, replaces=tuple(part.found_id for part in replaced))
        for part in replaced:
            del parts[part.found_id]
        parts[row.alert_id] = _part(row, alert_id, home.state if home else "open")
    return matches


def _nearest(row: NewAlert, parts: Iterable[Part], reopen: dt.timedelta) -> Part | None:
    near = [
        (_gap(row, part), -part.started_at.timestamp(), part.alert_id, part)
        for part in parts
        if _same_matter(row, part) and _gap(row, part) <= (dt.timedelta(0) if part.state in _CLOSED else reopen)
    ]
    return min(near, key=lambda each: each[:3])[3] if near else None


def _of_same_contacts(row: NewAlert, gone: Iterable[Part]) -> Part | None:
    """Return the part that is no longer found and has most of its contacts in common with an incident."""
    mine = sketch_of(row.contact_ids)
    alike = [(share_in_common(mine, part.sketch), part.alert_id, part) for part in gone]
    best = max(alike, key=lambda each: each[:2], default=None)
    return best[2] if best is not None and best[0] >= SAME_CONTACTS else None


def _same_matter(row: NewAlert, part: Part) -> bool:
    # An alert of an earlier version has no kind: it may be of any.
    return bool(row.kind) and (row.key, row.channel) == (part.key, part.channel) and part.kind in (row.kind, "")


def _gap(row: NewAlert, part: Part) -> dt.timedelta:
    """Return the time between two incidents; zero or less where they overlap."""
    return max(row.started_at - part.ended_at, part.started_at - (row.ended_at or row.started_at))


def _same_day(row: NewAlert, part: Part, zone: str) -> bool:
    local = ZoneInfo(zone)
    return row.started_at.astimezone(local).date() == part.started_at.astimezone(local).date()


def _part(row: NewAlert, alert_id: str, state: str) -> Part:
    return Part(
        found_id=row.alert_id, alert_id=alert_id, kind=row.kind, key=row.key, channel=row.channel, state=state,
        started_at=row.started_at, ended_at=row.ended_at or row.started_at,
    )  # fmt: skip

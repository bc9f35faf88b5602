"""What people's verdicts on alerts say: what is normal for a key, and how often each kind of alarm was right."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.inbox.database import open_database, reading
from analytics.inbox.records import SYSTEM, SYSTEM_KIND
from analytics.inbox.tables import AlertRow, EventRow, PartRow

_RIGHT = ("acknowledged", "resolved")


class NormalVariation(NamedTuple):
    """A time in which a key ran high and somebody said that this is 正常波动; times are UTC."""

    kind: str
    key: str
    channel: str
    started_at: dt.datetime
    ended_at: dt.datetime


class Precision(NamedTuple):
    """How many alerts of a kind people judged, how many were false; the share right with Wilson's 95 % interval."""

    kind: str
    n_judged: int
    n_false: int
    precision: float
    low: float
    high: float


def normal_variation(url: str, *, since: dt.datetime | None = None) -> list[NormalVariation]:
    """Return what people called normal, oldest first: what the detector is to expect of a key.

    A verdict that was taken back is not among it. Each incident that an alert stands for is a row of its own.

    Parameters
    ----------
    url : str
        SQLAlchemy address of the inbox.
    since : datetime, optional
        Only incidents that ended then or later.
    """
    query = (
        select(AlertRow.kind, AlertRow.key, AlertRow.channel, PartRow.started_at, PartRow.ended_at)
        .join(PartRow, PartRow.alert_id == AlertRow.alert_id)
        .where(AlertRow.state == "false_alarm", AlertRow.kind != "")
        .order_by(PartRow.started_at, AlertRow.alert_id, PartRow.found_id)
    )
    if since is not None:
        query = query.where(PartRow.ended_at >= since)
    engine = open_database(url)
    try:
        with reading(engine) as session:
            return [NormalVariation(*row) for row in session.execute(query)]
    finally:
        engine.dispose()


def precision(url: str) -> list[Precision]:
    """Return how often each kind of alert was right, kinds in order of their names; those nobody judged are not there.

    False is what somebody called a false alarm; right is what somebody acknowledged or resolved. What ended by itself,
    or was muted, says nothing.

    Parameters
    ----------
    url : str
        SQLAlchemy address of the inbox.
    """
    engine = open_database(url)
    try:
        with reading(engine) as session:
            judged = _judged(session)
    finally:
        engine.dispose()
    return [_precision(kind, verdicts) for kind, verdicts in sorted(judged.items())]


def _judged(session: Session) -> dict[str, list[bool]]:
    """Return by kind whether each judged alert was right."""
    acted = select(EventRow.alert_id).where(EventRow.what.in_(_RIGHT), EventRow.by != SYSTEM)
    right = set(session.scalars(acted))
    judged: dict[str, list[bool]] = defaultdict(list)
    for row in session.scalars(select(AlertRow).where(AlertRow.kind != SYSTEM_KIND)):
        if row.state == "false_alarm":
            judged[row.kind].append(False)
        elif row.alert_id in right and row.state in (*_RIGHT, "open"):
            judged[row.kind].append(True)
    return judged


def _precision(kind: str, verdicts: list[bool]) -> Precision:
    from analytics.topics.share import wilson_interval  # brings pandas and scipy, which a list of alerts need not

    n, n_right = len(verdicts), sum(verdicts)
    low, high = wilson_interval(n_right, n)
    return Precision(kind, n, n - n_right, n_right / n, float(low), float(high))

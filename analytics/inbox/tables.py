"""The inbox's tables in SQLAlchemy's words; they work on any database it knows."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Float, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from analytics.inbox.database import Base as Base
from analytics.inbox.database import UtcTime as UtcTime
from analytics.inbox.database import open_database as open_database


class AlertRow(Base):
    """One incident; the columns of the published table `alert`, and its life. See `analytics.inbox.Alert`."""

    __tablename__ = "alert"

    alert_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    spike_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20), server_default="")
    key: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    severity: Mapped[str] = mapped_column(String(10))
    owner: Mapped[str | None] = mapped_column(String(100))
    channel: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    n_contacts: Mapped[int] = mapped_column(Integer, server_default="0")
    n_windows: Mapped[int] = mapped_column(Integer, server_default="1")
    observed: Mapped[float | None] = mapped_column(Float)
    expected: Mapped[float | None] = mapped_column(Float)
    started_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    last_seen_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    changed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    changed_by: Mapped[str | None] = mapped_column(String(100))
    last_changed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    calmed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    held: Mapped[str | None] = mapped_column(String(200))


class PartRow(Base):
    """One spike or dip that an alert stands for. An alert that came back has several; one of the system has none."""

    __tablename__ = "alert_part"

    found_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.alert_id"), index=True)
    spike_id: Mapped[str] = mapped_column(String(64))
    severity: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    ended_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    n_contacts: Mapped[int] = mapped_column(Integer)
    n_windows: Mapped[int] = mapped_column(Integer)
    sketch: Mapped[str] = mapped_column(Text, server_default="")


class DeliveryRow(Base):
    """One message over one way; written in the same transaction as what it tells, so neither exists alone."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("alert_id", "way", "sequence"),)

    delivery_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.alert_id"), index=True)
    way: Mapped[str] = mapped_column(String(100))
    sequence: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), index=True)
    attempts: Mapped[int] = mapped_column(Integer)
    doubts: Mapped[int] = mapped_column(Integer)
    retry_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    claimed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    last_error: Mapped[str | None] = mapped_column(Text)
    told_n: Mapped[int | None] = mapped_column(Integer)
    told_severity: Mapped[str | None] = mapped_column(String(10))


class EventRow(Base):
    """One thing that happened to an alert; it outlives the alert, so it points to nothing."""

    __tablename__ = "alert_event"

    event_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    alert_id: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    what: Mapped[str] = mapped_column(String(20), index=True)
    by: Mapped[str] = mapped_column(String(100))
    detail: Mapped[str] = mapped_column(Text)


class CommentRow(Base):
    """What somebody wrote about an alert."""

    __tablename__ = "alert_comment"

    comment_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.alert_id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    by: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)


class MuteRow(Base):
    """Silence for incidents that begin in [since, until); kind, key and channel that are null mean any."""

    __tablename__ = "mute"

    mute_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str | None] = mapped_column(String(20))
    key: Mapped[str | None] = mapped_column(String(200), index=True)
    channel: Mapped[str | None] = mapped_column(String(100))
    since: Mapped[dt.datetime] = mapped_column(UtcTime)
    until: Mapped[dt.datetime] = mapped_column(UtcTime)
    made_by: Mapped[str] = mapped_column(String(100))
    why: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class IdentityDecisionRow(Base):
    """What somebody decided about persons: `analytics.identity.Decision`, who, when and why."""

    __tablename__ = "identity_decision"

    decision_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    left: Mapped[str] = mapped_column(String(300))
    right: Mapped[str] = mapped_column(String(300))
    left_person: Mapped[str | None] = mapped_column(String(64))
    right_person: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    made_by: Mapped[str] = mapped_column(String(100))
    why: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)

"""The inbox's tables in SQLAlchemy's words; they work on any database it knows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy import DateTime, ForeignKey, Integer, String, Text, TypeDecorator, create_engine, make_url
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from analytics.errors import ConfigError


class UtcTime(TypeDecorator[dt.datetime]):
    """A moment: given with a zone, stored in UTC without one, returned in UTC. SQLite has no zones, others differ."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Store UTC; a time without a zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"inbox: expected a time with a zone, got {value.isoformat()}")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return UTC."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


class Base(DeclarativeBase):
    """Base of the inbox's tables."""


def open_database(url: str) -> Engine:
    """Return an engine for the inbox; the folder of an SQLite file and the tables are made when missing.

    Raises
    ------
    ConfigError
        If the database cannot be opened.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address)
    try:
        Base.metadata.create_all(engine)
    except OperationalError as error:
        raise ConfigError(f"inbox: cannot open {address.render_as_string()}: {error.orig}") from error
    return engine


class AlertRow(Base):
    """One incident; the columns of the published table `alert`, and when a person last changed it."""

    __tablename__ = "alert"

    alert_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    spike_id: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    severity: Mapped[str] = mapped_column(String(10))
    owner: Mapped[str | None] = mapped_column(String(100))
    channel: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    started_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    changed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class DeliveryRow(Base):
    """One alert over one way; written in the same transaction as the alert, so neither exists alone."""

    __tablename__ = "outbox"

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.alert_id"), primary_key=True)
    way: Mapped[str] = mapped_column("channel", String(20), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    attempts: Mapped[int] = mapped_column(Integer)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    last_error: Mapped[str | None] = mapped_column(Text)


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

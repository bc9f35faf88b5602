"""The inbox's database: SQLite in the project's folder, PostgreSQL where several machines share it.

Every change is one transaction, with no other writer beside it: SQLite's BEGIN IMMEDIATE, PostgreSQL's advisory lock.
Changes are few and short, so waiting costs nothing, and what was read before a write is still true when it is written.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, DateTime, TypeDecorator, create_engine, event, make_url, text
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from analytics.errors import ConfigError, InboxAwayError
from analytics.inbox.away import CONNECT_SECONDS, STALLED_SECONDS, connecting_waits, is_away
from analytics.inbox.migrations import bring_up_to_date, version_of

BUSY_SECONDS = 30.0
"""How long a process waits for another one's transaction. Our choice: transactions take milliseconds."""
_LOCK = 20_260_301
"""Number of PostgreSQL's advisory lock: any that nobody else in the database takes."""
_BEGIN = "sqlite_begin"


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
    """Return an engine for the inbox; an SQLite file's folder and what tables lack are made (see `migrations`).

    Raises
    ------
    ConfigError
        If the database cannot be opened, or is of a later version. The message never has the password.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = _engine(address)
    with _plain_errors(address):
        bring_up_to_date(engine, _looking(engine), lock)
    return engine


def missing_steps(url: str) -> list[str] | None:
    """Return what opening the inbox would do first, a line a step; None where there is no inbox. Changes nothing.

    Raises
    ------
    ConfigError
        As of `open_database`.
    """
    from analytics.inbox.migrations.steps import steps_after

    address = _address(url)
    if address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists():
        return None
    engine = _engine(address)
    try:
        with _plain_errors(address), _looking(engine).connect() as connection:
            return [f"{step.revision} {step.doc}" for step in steps_after(version_of(connection))]
    finally:
        engine.dispose()


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Yield a session whose transaction no other writer is inside of; it commits at the end, or leaves nothing."""
    with Session(engine) as session, session.begin():
        lock(session.connection())
        yield session


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Yield a session that only reads: it never waits for a writer, nor makes one wait."""
    with Session(_looking(engine)) as session:
        yield session


def empty_log(engine: Engine) -> None:
    """Move what SQLite still keeps in its log into the file, so that what was replaced is in neither."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def lock(connection: Connection) -> None:
    """Wait until no other process writes to the inbox; SQLite does so when the transaction begins."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})


@contextlib.contextmanager
def _plain_errors(address: URL) -> Iterator[None]:
    """Turn what the database says into one sentence without the password."""
    try:
        yield
    except DBAPIError as error:
        shown = address.render_as_string()
        said = " ".join(str(error.orig).split()).replace(address.password or "\0", "***")
        if is_away(error):
            raise InboxAwayError(f"inbox: cannot open {shown}: {said}; start the database and do this again") from None
        raise ConfigError(f"inbox: cannot open {shown}: {said}") from None


def _looking(engine: Engine) -> Engine:
    return engine.execution_options(**{_BEGIN: "DEFERRED"})


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        if address.drivername in ("postgresql", "postgres"):
            address = address.set(drivername="postgresql+psycopg")
        address.get_dialect()
    except (ArgumentError, ValueError):
        raise ConfigError(
            "inbox: inbox.url is no address that SQLAlchemy knows; expected as sqlite:///folder/inbox.db "
            "or postgresql://user:password@host/database"
        ) from None
    return address


def _engine(address: URL) -> Engine:
    # hide_parameters: what customers said stands in messages, and must not get into an error.
    if address.get_backend_name() != "sqlite":
        try:
            engine = create_engine(
                address, hide_parameters=True, pool_pre_ping=True, connect_args=_limits(address.drivername)
            )
        except ModuleNotFoundError:
            raise ConfigError(
                f"inbox: no driver for {address.drivername} is installed; "
                "for PostgreSQL: pip install 'kesheng[postgres]'"
            ) from None
        connecting_waits(engine)
        return engine
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _limits(driver: str) -> dict[str, int]:
    """Return how long PostgreSQL may leave us without an answer; without limits a pulled cable hangs for hours."""
    if driver != "postgresql+psycopg":
        return {}
    return {
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": STALLED_SECONDS,
        "keepalives_interval": STALLED_SECONDS // 3,
        "tcp_user_timeout": STALLED_SECONDS * 1000,
    }


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late for a lock
    connection.execute("PRAGMA secure_delete = ON")  # what is erased is erased in the file, too
    with contextlib.suppress(sqlite3.OperationalError):  # a file that may only be read stays as it is
        connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    how = connection.get_execution_options().get(_BEGIN, "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {how}")

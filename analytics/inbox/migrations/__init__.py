"""Steps that bring an inbox of an earlier version up to date, run when it is opened; on SQLite and PostgreSQL alike.

A step is a file in `versions`, with the operations of alembic. The database says in table `inbox_version` which was the
last: a name of our own, because Airflow's metadata in the same database has an `alembic_version`. Alembic is imported
only where there is something to do, which keeps every other start fast.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import Engine

HEAD = "0001"
"""The last step; a test holds it against the files."""
VERSION_TABLE = "inbox_version"


def bring_up_to_date(engine: Engine, looking: Engine, lock: Callable[[Connection], None]) -> None:
    """Take the steps that are missing, all in one transaction; most often none is.

    Parameters
    ----------
    engine : Engine
        Where to write.
    looking : Engine
        The same database, for a look that waits for nobody.
    lock : callable
        Called with the connection before anything is written; returns when no other process writes.

    Raises
    ------
    ConfigError
        If the database is of a later version, or is none of ours.
    """
    with looking.connect() as connection:
        if version_of(connection) == HEAD:
            return
    from analytics.inbox.migrations.steps import take_steps

    with engine.begin() as connection:
        lock(connection)
        take_steps(connection)  # looks again: another process may have taken them while this one waited


def version_of(connection: Connection) -> str | None:
    """Return the last step that the database took; None before there were any."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return found

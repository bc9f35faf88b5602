"""A database to collect from: its address, its errors in our words, and its rows as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from analytics.errors import ConfigError, StageError
from analytics.source_settings import SqlSettings
from jobs.sources.environment import filled_in

_SNAPSHOT = {
    "postgresql": "REPEATABLE READ",
    "mysql": "REPEATABLE READ",
    "mariadb": "REPEATABLE READ",
    "oracle": "SERIALIZABLE",
}
"""Isolation level under which all statements of a transaction see the database as it was at the first."""
_BUFFER_ROWS = 2_000
_MAX_NAMES = 20
_BAD_LOGIN = re.compile(r"password|authenti|access denied|login failed|logon denied|no pg_hba", re.IGNORECASE)


def address(settings: SqlSettings, environ: Mapping[str, str]) -> sa.URL:
    """Return the address with its secrets, each filled in where it stands, so that a password may hold `@` or `/`.

    Raises
    ------
    ConfigError
        If it is no address, or a variable is not set.

    Examples
    --------
    >>> settings = SqlSettings(url="postgresql://kesheng:${PW}@db/crm", table="t", cursor="c", key="k")
    >>> url = address(settings, {"PW": "a@b/c"})
    >>> url.password, url.host, str(url)
    ('a@b/c', 'db', 'postgresql://kesheng:***@db/crm')
    """
    template = settings.url
    if re.fullmatch(r"\$\{\w+\}", template):
        template = filled_in(template, environ, where="sql.url")
    try:
        url = sa.make_url(template)
    except (ArgumentError, ValueError):
        raise ConfigError(
            "sql.url is no address of a database (not shown, as it may hold a password); expected"
            " dialect+driver://user:${PASSWORD}@host:port/database, as SQLAlchemy writes them"
        ) from None

    def filled(part: str | None) -> str | None:
        return None if part is None else filled_in(part, environ, where="sql.url")

    options = {
        name: filled_in(value, environ, where="sql.url") if isinstance(value, str) else value
        for name, value in url.query.items()
    }
    return url.set(
        username=filled(url.username),
        password=filled(url.password),
        host=filled(url.host),
        database=filled(url.database),
        query=options,
    )


class Database:
    """An open database, read in one transaction: every statement sees the same state where the database can do that."""

    def __init__(self, connection: sa.Connection, settings: SqlSettings, where: str) -> None:
        self._connection = connection
        self._settings = settings
        self.where = where
        self.columns = self._checked_columns()
        self.cursor: sa.ColumnClause[Any] = sa.column(settings.cursor)
        self.key: sa.ColumnClause[Any] = sa.column(settings.key)
        self._refuse_null_cursors()

    def rows(self, condition: sa.ColumnElement[bool] | None = None) -> Iterator[tuple[Any, ...]]:
        """Yield the rows that meet a condition, in the order of cursor and key, without holding them all.

        Raises
        ------
        StageError
            If the database fails on the way. Its own words may hold values of rows and are not passed on.
        """
        wanted = self._select().order_by(self.cursor, self.key)
        statement = wanted if condition is None else wanted.where(condition)
        try:
            streamed = self._connection.execution_options(stream_results=True, max_row_buffer=_BUFFER_ROWS)
            with closing(streamed.execute(statement)) as result:
                for row in result:
                    yield tuple(row)
        except SQLAlchemyError as error:
            raise StageError(
                f"{self.where}: reading rows failed ({_kind(error)}); what has landed stays: collect again to go on"
                " from there; if it fails at the same place, look for the cause in the database's log"
            ) from None

    def _select(self) -> sa.Select[Any]:
        return sa.select(sa.text("*")).select_from(_source(self._settings))

    def _checked_columns(self) -> tuple[str, ...]:
        """Return the columns; this is where a wrong table, query or column shows."""
        try:
            # Written out, as not every database has a word for false.
            nothing = sa.literal_column("1") == sa.literal_column("0")
            names = tuple(self._connection.execute(self._select().where(nothing)).keys())
        except SQLAlchemyError as error:
            self._refuse_source(error)
        if double := sorted({name for name in names if names.count(name) > 1}):
            raise ConfigError(f"{self.where}: two columns are called {double[0]!r}; name each with AS in sql.query")
        for role in ("cursor", "key"):
            name = getattr(self._settings, role)
            if name not in names:
                raise ConfigError(f"{self.where}: no column {name!r} for sql.{role}; there are: {_listed(names)}")
        return names

    def _refuse_source(self, error: SQLAlchemyError) -> NoReturn:
        table = self._settings.table
        if table is not None:
            schema, name = _split(table)
            inspector = sa.inspect(self._connection.engine)
            try:
                there = [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]
            except SQLAlchemyError:
                there = []
            if name not in there:
                raise ConfigError(
                    f"{self.where}: no table or view {table!r} that this user can see; there are: {_listed(there)};"
                    " write schema.table for another schema"
                ) from None
        # The statement read no row, so these words are about names and rights only.
        what = "sql.query" if table is None else f"table {table}"
        raise ConfigError(f"{self.where}: the database refuses {what}: {_first_line(error)}") from None

    def _refuse_null_cursors(self) -> None:
        found = self.rows_without_cursor()
        if found:
            raise ConfigError(
                f"{self.where}: rows without a value in {self._settings.cursor!r}, which would never be collected; give"
                f" sql.query with coalesce({self._settings.cursor}, another time) under a name of its own as the cursor"
            )

    def rows_without_cursor(self) -> bool:
        """Return whether a row has no cursor."""
        statement: sa.Select[Any] = (
            sa.select(sa.literal_column("1")).select_from(_source(self._settings)).where(self.cursor.is_(None))
        )
        try:
            return self._connection.execute(statement.limit(1)).first() is not None
        except SQLAlchemyError as error:
            raise StageError(f"{self.where}: looking for rows without a cursor failed ({_kind(error)})") from None


@contextmanager
def connected(settings: SqlSettings, environ: Mapping[str, str]) -> Iterator[Database]:
    """Open a database for one collection, read-only where it knows that.

    Raises
    ------
    ConfigError
        If the address, the driver, the login, the table or a column is wrong. The password is in no message.
    """
    url = address(settings, environ)
    where = f"{url.get_backend_name()} {url.host or ''}/{url.database or ''} {settings.table or '(query)'}"
    if url.get_backend_name() == "sqlite" and not _is_there(url.database):
        raise ConfigError(f"no SQLite file at {url.database}; expected an existing database: check the path in sql.url")
    try:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
    except (NoSuchModuleError, ModuleNotFoundError):
        raise ConfigError(
            f"no driver for {url.drivername} is installed; install the one that SQLAlchemy's page on this database"
            " names (PostgreSQL: psycopg[binary], address postgresql+psycopg://…)"
        ) from None
    try:
        connection = engine.connect()
    except DBAPIError as error:
        _refuse_connection(url, error)
    with connection:
        if level := _SNAPSHOT.get(url.get_backend_name()):
            read_only = {"postgresql_readonly": True} if url.get_backend_name() == "postgresql" else {}
            connection = connection.execution_options(isolation_level=level, **read_only)
        yield Database(connection, settings, where)


def _refuse_connection(url: sa.URL, error: DBAPIError) -> NoReturn:
    reason = _first_line(error)
    if url.password:
        reason = reason.replace(str(url.password), "***")
    if _BAD_LOGIN.search(str(error.orig)):
        raise ConfigError(
            f"database {url.host}/{url.database} refuses user {url.username!r}; check the user in sql.url, the"
            " environment variable of its password, and that the user may log in from here"
        ) from None
    place = f"{url.host or ''}{f':{url.port}' if url.port else ''}/{url.database or ''}"
    raise ConfigError(
        f"database {place} cannot be reached: {reason};"
        " check host, port and database in sql.url, and that it listens to this machine"
    ) from None


def _source(settings: SqlSettings) -> sa.FromClause | sa.TextClause:
    if settings.table is not None:
        schema, name = _split(settings.table)
        return sa.table(name, schema=schema)
    query = (settings.query or "").strip().rstrip(";")
    # A colon would begin a parameter of SQLAlchemy's; no AS, as Oracle knows none here.
    return sa.text(f"({query}\n) collected".replace(":", r"\:"))


def _split(table: str) -> tuple[str | None, str]:
    schema, _, name = table.rpartition(".")
    return schema or None, name


def _is_there(database: str | None) -> bool:
    """Return whether an SQLite file exists; opening would make it, and an empty source would look like no news."""
    return database is not None and (database.startswith("file:") or Path(database).is_file())


def _kind(error: SQLAlchemyError) -> str:
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return f"{type(error).__name__}, SQLSTATE {state}" if state else type(error).__name__


def _first_line(error: SQLAlchemyError) -> str:
    return next(iter(str(getattr(error, "orig", error)).strip().splitlines()), type(error).__name__)


def _listed(names: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return (", ".join(names[:_MAX_NAMES]) or "none") + more

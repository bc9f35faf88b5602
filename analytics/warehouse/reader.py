"""Read the published warehouse from any thread while publishers replace the file under it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import duckdb

from analytics.access.limits import Limits
from analytics.errors import ConfigError
from analytics.warehouse.beside import FOLDER_VARIABLE, parts_folder, version_of
from analytics.warehouse.lake_files import quoted
from analytics.warehouse.scope import Scope

if TYPE_CHECKING:
    import pandas as pd  # DuckDB brings it once there are rows: a command that finds none need not wait for it

UNLIMITED = Limits()
_OPEN_ATTEMPTS = 20

_Stamp = tuple[int, int, int]


class _ReplacedError(Exception):
    """The version that was read is gone, and there is a newer one."""


@dataclass
class _Opened:
    """One open version of the file, and how many queries are using it."""

    connection: duckdb.DuckDBPyConnection
    stamp: _Stamp
    catalog: str
    version: str | None = None
    n_queries: int = 0
    replaced: bool = False
    scopes: dict[Limits, Scope] = field(default_factory=dict)


class WarehouseReader:
    """A read-only view of the newest published warehouse. Share one between all threads of a process.

    Each query gets a cursor of its own. When the file was replaced since the last query, the new one is opened; the
    old one is closed as soon as the last query on it has ended, so a long query finishes on the data it began with.

    Notes
    -----
    DuckDB keeps one instance a path and process: connecting to a path whose file was replaced gives the old data for
    as long as an old connection lives. So each version is attached to an in-memory instance of its own.
    """

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()
        self._current: _Opened | None = None

    @property
    def path(self) -> Path:
        """The published file."""
        return self._path

    @property
    def exists(self) -> bool:
        """Whether something was published."""
        return self._path.is_file()

    @property
    def version(self) -> str:
        """A text that changes with each publication and is empty before the first; a key for caches."""
        try:
            return "-".join(map(str, _stamp(self._path)))
        except FileNotFoundError:
            return ""

    def query(
        self,
        sql: str,
        parameters: Sequence[object] | Mapping[str, object] | None = None,
        *,
        limits: Limits = UNLIMITED,
    ) -> pd.DataFrame:
        """Run one statement and return all its rows.

        Parameters
        ----------
        sql : str
            DuckDB SQL with `?` or `$name` for parameters. Tables are named without a catalogue.
        parameters : sequence or mapping, optional
            Values for the placeholders; never paste a value into `sql`.
        limits : Limits, optional
            Whose contacts alone the query sees (see `analytics.warehouse.scope`).

        Returns
        -------
        pandas.DataFrame
            Times with zone are in UTC; a list column holds numpy arrays or lists.

        Raises
        ------
        ConfigError
            If nothing was published yet.
        duckdb.Error
            If the statement is wrong.
        ScopeError
            If a limited query names anything but tables.
        """
        for _ in range(_OPEN_ATTEMPTS):
            try:
                with self._cursor(sql, limits) as cursor:
                    _check_reads_only(cursor, sql)
                    result: pd.DataFrame = cursor.execute(sql, parameters).df()
                return result
            except _ReplacedError:
                continue
        raise ConfigError(
            f"warehouse: {self._path} was replaced {_OPEN_ATTEMPTS} times while it was read; who publishes?"
        )

    def close(self) -> None:
        """Close the file; the next query opens it again."""
        with self._lock:
            self._retire()

    def __enter__(self) -> WarehouseReader:
        """Return the reader itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    @contextmanager
    def _cursor(self, sql: str = "", limits: Limits = UNLIMITED) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._lock:
            opened = self._newest()
            opened.n_queries += 1
            cursor = opened.connection.cursor()
        try:
            # The catalogue and the zone belong to a cursor, not to the connection it was made from.
            cursor.execute(f"USE {opened.catalog}")
            cursor.execute("SET TimeZone = 'UTC'")
            cursor.execute(f"SET VARIABLE {FOLDER_VARIABLE} = {quoted(str(self._path.parent.resolve()))}")
            if limits.any:
                self._scope(opened, limits).enter(cursor, sql)
            yield cursor
        except duckdb.IOException as error:
            if opened.version is not None and _stamp(self._path) != opened.stamp:
                raise _ReplacedError from error  # its Parquet files went while they were read
            raise
        finally:
            cursor.close()
            with self._lock:
                opened.n_queries -= 1
                if opened.replaced and opened.n_queries == 0:
                    opened.connection.close()

    def _scope(self, opened: _Opened, limits: Limits) -> Scope:
        with self._lock:
            if limits not in opened.scopes:
                opened.scopes[limits] = Scope(opened.connection, opened.catalog, limits)
            return opened.scopes[limits]

    def _newest(self) -> _Opened:
        """Return the open version of the file as it is now. Call with the lock held."""
        try:
            stamp = _stamp(self._path)
            if self._current is None or self._current.stamp != stamp:
                opened = _open(self._path)
                self._retire()
                self._current = opened
        except FileNotFoundError as error:
            raise ConfigError(
                f"warehouse: expected a published file at {self._path}, found none;"
                " run `kesheng demo`, or `kesheng run` and then `kesheng serve`"
            ) from error
        return self._current

    def _retire(self) -> None:
        if self._current is None:
            return
        self._current.replaced = True
        if self._current.n_queries == 0:
            self._current.connection.close()
        self._current = None


def open_reader(path: Path) -> WarehouseReader:
    """Return a reader of the warehouse at `path`; the file need not exist yet."""
    return WarehouseReader(path)


def _stamp(path: Path) -> _Stamp:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def _check_reads_only(cursor: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse what is no SELECT: a COPY could write into the folder of Parquet files, which may be read."""
    if any(statement.type != duckdb.StatementType.SELECT for statement in cursor.extract_statements(sql)):
        raise duckdb.PermissionException("the warehouse is read only: expected SELECT")


def _open(path: Path) -> _Opened:
    """Attach the file, and know which version it was: the stamp is the same before and after."""
    for _ in range(_OPEN_ATTEMPTS):
        before = _stamp(path)
        connection = duckdb.connect(":memory:")
        catalog = f"voc_{secrets.token_hex(8)}"  # no statement can name a table past the limits of whoever asks
        try:
            connection.execute(f"ATTACH {quoted(str(path))} AS {catalog} (READ_ONLY)")
            version = version_of(connection, catalog)
            if version is not None:
                folder = parts_folder(path).resolve() / version
                connection.execute(f"SET allowed_directories = [{quoted(str(folder))}]")
            # A query names tables, never files: those of this version can be read, and no others.
            connection.execute("SET enable_external_access = false")
        except duckdb.IOException:
            connection.close()
            if _stamp(path) == before:
                raise
            continue
        if _stamp(path) == before:
            return _Opened(connection, before, catalog, version)
        connection.close()
    raise ConfigError(f"warehouse: {path} was replaced {_OPEN_ATTEMPTS} times while it was opened; who publishes?")

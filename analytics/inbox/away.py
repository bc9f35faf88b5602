"""A database on another machine may be away for a while: who can wait does, whoever serves a person is told at once.

Only connecting waits: the pool asks each connection whether it still lives before it is used, so that a transaction
begins on a living one. One that is cut in the middle left nothing, and is done again by whoever knows that it may be.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from tenacity import RetryCallState

CONNECT_SECONDS = 5
"""How long one attempt to connect may take: a host that is gone does not answer at all. Our choice."""
STALLED_SECONDS = 30
"""After how long without an answer a connection counts as cut. Our choice: transactions take milliseconds."""
_LONGEST_PAUSE_SECONDS = 10.0
_GONE = ("08", "57P", "53300")
"""Classes of SQLSTATE: connection exception, operator intervention (shutdown, crash, starting up), too many clients."""
_NEVER = ("authentication failed", "does not exist", "pg_hba.conf", "not permitted to log in")
"""What a server that is there says to somebody who may not come in; waiting does not help."""

_patience: ContextVar[float] = ContextVar("patience", default=0.0)
_log = logging.getLogger(__name__)


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Let connecting wait so long for a database that is away, inside of the block."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


def is_away(error: BaseException) -> bool:
    """Return whether an error means that PostgreSQL cannot be reached now, but may be later.

    Examples
    --------
    >>> is_away(ValueError("no"))
    False
    """
    told = error.orig if isinstance(error, DBAPIError) else error
    if type(told).__module__.partition(".")[0] != "psycopg" or not _operational(told):
        return False
    state = getattr(told, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_GONE)
    return not any(words in str(told) for words in _NEVER)  # psycopg gives no state to what failed while connecting


def answers(engine: Engine) -> bool:
    """Return whether the database can be reached now; a file always can."""
    if engine.dialect.name == "sqlite":
        return True
    try:
        with engine.connect():  # the pool asks whether the connection lives
            return True
    except DBAPIError as error:
        if is_away(error):
            return False
        raise


def connecting_waits(engine: Engine) -> None:
    """Make new connections of an engine wait as `patience` says."""
    event.listen(engine, "do_connect", _connect)


def _connect(dialect: Dialect, record: object, arguments: tuple[Any, ...], parameters: dict[str, Any]) -> Any:
    seconds = _patience.get()
    if not seconds:
        return None  # the usual way
    from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_exponential

    retrying = Retrying(
        retry=retry_if_exception(is_away),
        stop=stop_after_delay(seconds),
        wait=wait_exponential(multiplier=0.25, max=_LONGEST_PAUSE_SECONDS),
        before_sleep=_say,
        reraise=True,
    )
    return retrying(dialect.connect, *arguments, **parameters)


def _say(state: RetryCallState) -> None:
    if state.attempt_number == 1:
        _log.warning("inbox: the database cannot be reached; waiting for it")


def _operational(error: BaseException | None) -> bool:
    return any(kind.__name__ in ("OperationalError", "InterfaceError") for kind in type(error).__mro__)

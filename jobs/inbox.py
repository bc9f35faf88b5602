"""Open the inbox as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError
from tenacity import Retrying, retry_if_exception, stop_after_attempt

from analytics.errors import InboxAwayError
from analytics.inbox import Inbox, Policy, Rule
from analytics.inbox.away import is_away, patience
from analytics.settings import Settings

ATTEMPTS = 3
"""How often work that was cut in the middle is done again; each time it waits for the database first. Our choice."""

P = ParamSpec("P")
R = TypeVar("R")


def patiently(run: Callable[Concatenate[Settings, P], R]) -> Callable[Concatenate[Settings, P], R]:
    """Let a job wait for an inbox that is away, as long as `inbox.wait_seconds`; what was cut off is done again.

    The job must be one that may be run twice. The waiting function raises `InboxAwayError` when its time is over.
    """

    @wraps(run)
    def waiting(settings: Settings, /, *arguments: P.args, **named: P.kwargs) -> R:
        with patience(settings.inbox.wait_seconds):
            try:
                return again_if_cut(lambda: run(settings, *arguments, **named))
            except DBAPIError as error:
                if not is_away(error):
                    raise
                raise InboxAwayError(
                    f"inbox: expected the database back within {settings.inbox.wait_seconds:g} s (inbox.wait_seconds),"
                    " it is still away; nothing is lost: what is due is raised and sent by the next run. Start it, run"
                    " this again; see docs/upgrades.md"
                ) from None

    return waiting


def again_if_cut(work: Callable[[], R]) -> R:
    """Return what `work` returns; do it again where its connection was cut off in the middle."""
    retrying = Retrying(retry=retry_if_exception(is_away), stop=stop_after_attempt(ATTEMPTS), reraise=True)
    return retrying(work)


def open_inbox(settings: Settings) -> Inbox:
    """Return the inbox of the settings, with their rules of when alerts are told; the caller closes it.

    Raises
    ------
    ConfigError
        If the database cannot be opened.
    """
    return Inbox(settings.inbox_url, policy_of(settings))


def policy_of(settings: Settings) -> Policy:
    """Return the rules of when alerts are told.

    Examples
    --------
    >>> rule = {"key": "退款", "min_contacts": 30}
    >>> policy_of(Settings(alerts={"in_a_row": 2, "rules": [rule]})).rules[0].min_contacts
    30
    """
    said = settings.alerts
    rules = [Rule(**rule.model_dump()) for rule in said.rules]
    plain = {field.name: getattr(said, field.name) for field in fields(Policy) if hasattr(said, field.name)}
    return Policy(**{**plain, "rules": tuple(rules), "timezone": settings.timezone})

"""Open the inbox as the settings say."""

from __future__ import annotations

from dataclasses import fields

from analytics.inbox import Inbox, Policy, Rule
from analytics.settings import Settings


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

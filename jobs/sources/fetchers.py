"""Which collector fetches a source."""

from __future__ import annotations

from functools import partial

from analytics.settings import SourceSettings
from jobs.sources.fetched import Fetcher


def fetcher_of(source: SourceSettings) -> Fetcher | None:
    """Return what fetches a source of a database or an interface; None for files, which are copied.

    The collectors are loaded when they are needed: most sources are files.
    """
    if source.sql is not None:
        from jobs.sources.sql import fetch_sql

        return partial(fetch_sql, source.sql)
    if source.http is not None:
        from jobs.sources.http import fetch_http

        return partial(fetch_http, source.http)
    return None

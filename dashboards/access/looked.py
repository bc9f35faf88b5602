"""Keeping who looked at which verbatims."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Literal

from analytics.access import Look
from dashboards.access.grant import access_now
from dashboards.access.viewer import viewer_now

_LOG = logging.getLogger(__name__)

Kind = Literal["list", "conversation", "search", "alert", "export", "api"]


def looked(kind: Kind, selection: str, contact_ids: Iterable[str]) -> None:
    """Keep that the viewer of this request was shown the words of contacts; nothing where no words were shown.

    Parameters
    ----------
    kind : str
        What was opened.
    selection : str
        What was asked for: `Selection.encoded`, or the name of an export with it. Never a customer's words; words that
        somebody searched for stand in it.
    contact_ids : iterable of str
        Contacts whose words were shown.
    """
    log, ids = access_now().looks, tuple(map(str, contact_ids))
    if log is None or not ids:
        return
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    try:
        log.add(Look(now, viewer_now().name, kind, selection, ids))
    except OSError as error:
        # A full disk must not take the dashboards from those on duty; whoever watches the log sees it.
        _LOG.error("the record of looks cannot be written: %s", error.strerror)

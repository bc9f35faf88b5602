"""Draw each page once when something new was published, so that the first to come does not wait for everybody."""

from __future__ import annotations

import logging
import threading
import time

from dashboards.site import Site

EVERY_SECONDS = 2.0
_LOG = logging.getLogger(__name__)


def keep_warm(site: Site) -> threading.Thread:
    """Start a thread that looks for a new publication until the process ends."""
    thread = threading.Thread(target=_watch, args=(site,), name="warming", daemon=True)
    thread.start()
    return thread


def warm(site: Site) -> float:
    """Draw every page as its address alone shows it; return the seconds it took."""
    began = time.monotonic()
    for page in site.pages:
        site.draw(page.path, [])
    return time.monotonic() - began


def _watch(site: Site) -> None:
    seen = ""
    while True:
        version = site.version
        if version != seen:
            seen = version
            _LOG.debug("drew the pages of publication %s in %.1f s", version, warm(site))
        time.sleep(EVERY_SECONDS)

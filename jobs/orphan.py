"""The Spark application of a run that was killed: waited for, then ended, before another one begins.

A driver that dies takes its application along, after some seconds; one that hangs does not. What is asked is the
process of the driver's JVM, where it was on this machine, and the page of a standalone master.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any

from analytics.errors import StageError

PATIENCE_SECONDS = 20.0
"""How long an application may take to end by itself: its JVM sees the death of Python at once, stopping takes a few."""
LIMIT_SECONDS = 120.0
MASTER_PAGE = "spark.kesheng.master.page"
"""Property of Spark that names the page of a standalone master, where it is not port 8080 of the master's host."""
_POLL_SECONDS = 0.5


def own_application(context: Any) -> dict[str, Any]:
    """Return what `end_orphan` needs to know of a SparkContext: id, master, its page, and the JVM's process."""
    conf, master = context.getConf(), str(context.master)
    page = conf.get(MASTER_PAGE, None) or _usual_page(master)
    pid = int(context._jvm.java.lang.ProcessHandle.current().pid())
    driver = {"machine": machine(), "jvm": pid, "jvm_began": _began(pid)}
    return {"id": context.applicationId, "master": master, "page": page, **driver}


@cache
def machine() -> str:
    """Return what tells this machine (or container) from others, and from itself before it was started anew."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{socket.gethostname()} {boot.read_text(encoding='ascii').strip() if boot.exists() else ''}".strip()


def end_orphan(left: dict[str, Any], *, patience: float = PATIENCE_SECONDS, limit: float = LIMIT_SECONDS) -> None:
    """Return when the application of a killed writer is gone; end its driver, where that hangs on this machine.

    Parameters
    ----------
    left : dict
        The signature it left in the lake's lock.
    patience : float
        Seconds that it may take by itself.
    limit : float
        Seconds after which a person is asked.

    Raises
    ------
    StageError
        If it still runs then.
    """
    application = left.get("application")
    if not isinstance(application, dict):
        return  # it was killed before it had one
    began, tried = time.monotonic(), False
    while alive := _alive(application):
        spent = time.monotonic() - began
        if spent >= limit:
            raise StageError(
                f"lake: {application['id']} of a killed run ({left.get('what')}) still runs at {application['master']}"
                f" after {limit:.0f} s ({alive}); end it (docs/scale.md, Orphans) and run this again"
            )
        if spent >= patience and not tried:
            tried = True
            sys.stderr.write(f"{application['id']} of a killed run does not end by itself ({alive})\n")
            if _is_process(application):  # without its driver the master drops it; that page takes people only
                os.kill(int(application["jvm"]), signal.SIGKILL)
        time.sleep(_POLL_SECONDS)


def _alive(application: dict[str, Any]) -> str:
    """Return where the application still lives; '' where nobody knows of it any more."""
    if _is_process(application):
        return f"process {application['jvm']}"
    page = application.get("page")
    if page and application["id"] in _active(page):
        return f"master {page}"
    return ""


def _is_process(application: dict[str, Any]) -> bool:
    """Return whether the driver's JVM lives here; a process that got its number since began at another time."""
    began = application.get("jvm_began")
    return application.get("machine") == machine() and bool(began) and _began(int(application["jvm"])) == began


def _began(pid: int) -> str:
    """Return when a process began, in ticks since the machine did; '' where it is gone, or there is no /proc."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state[0] == "Z" else state[19]


def _active(page: str) -> set[str]:
    """Return the ids of the applications that a master runs; none where it cannot be asked, which is said."""
    try:
        with urllib.request.urlopen(f"{page}/json/", timeout=10) as answer:
            return {one["id"] for one in json.load(answer)["activeapps"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"the master's page {page} does not answer ({type(error).__name__}); going on without it\n")
        return set()


def _usual_page(master: str) -> str:
    """Return the page of a standalone master where it usually is; '' for any other.

    Examples
    --------
    >>> _usual_page("spark://master.lan:7077"), _usual_page("yarn"), _usual_page("local[2]")
    ('http://master.lan:8080', '', '')
    """
    if not master.startswith("spark://"):
        return ""
    host = master.removeprefix("spark://").split(",")[0].rpartition(":")[0]
    return f"http://{host}:8080"

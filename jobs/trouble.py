"""trouble: a scheduled run that failed or is late → the inbox, and on its way; one that succeeded ends that alert.

    python -m jobs.trouble --dag analyze --failed conform --run http://airflow/dags/analyze/runs/…
    python -m jobs.trouble --dag analyze --late 2
    python -m jobs.trouble --dag analyze --succeeded

The DAGs call it; so can any other scheduler. Only messages about the system go out: what the failed run found may not
be published yet.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Mapping, Sequence

from analytics.inbox import SYSTEM_KIND, Trouble, trouble_alert
from analytics.inbox.routing import Facts, routed
from analytics.names import SEVERITY_NAMES
from analytics.settings import Settings, load_settings
from jobs import notify
from jobs.command import run_command
from jobs.inbox import open_inbox


def raise_trouble(settings: Settings, trouble: Trouble, *, now: dt.datetime | None = None) -> dict[str, int]:
    """Put a run that went wrong into the inbox and send what is due of such; return how many were sent."""
    at = now or dt.datetime.now(dt.UTC)
    inbox = open_inbox(settings)
    try:
        alert = trouble_alert(trouble, at, settings.notify.dashboard_url)
        severity = inbox.policy.severity(alert)
        facts = Facts(
            kind=frozenset({alert.kind}), severity=frozenset({severity, SEVERITY_NAMES.get(severity, severity)})
        )
        inbox.report_trouble(alert, now=at, ways=routed(facts, settings.notify).ways)
    finally:
        inbox.close()
    return notify.run(settings, now=now, kind=SYSTEM_KIND)


def settle(settings: Settings, dag_id: str, *, now: dt.datetime | None = None) -> dict[str, int]:
    """End the alert of a DAG that succeeded; return how many were `settled`."""
    inbox = open_inbox(settings)
    try:
        n_settled = inbox.settle_trouble(dag_id, now=now or dt.datetime.now(dt.UTC))
    finally:
        inbox.close()
    if not n_settled:
        return {"settled": 0}
    return {"settled": n_settled, **notify.run(settings, now=now, kind=SYSTEM_KIND)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""

    def work(given: argparse.Namespace) -> Mapping[str, int]:
        settings = load_settings()
        if given.succeeded:
            return settle(settings, given.dag)
        trouble = Trouble(dag_id=given.dag, tasks=given.failed or (), late_hours=given.late, run_url=given.run)
        return raise_trouble(settings, trouble)

    def extra(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dag", required=True, help="the DAG that the run is of")
        parser.add_argument("--run", default="", help="address of the run's page in Airflow")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--failed", action="append", metavar="TASK", help="a task that failed; may be given again")
        what.add_argument("--late", type=float, metavar="HOURS", help="it did not end within these hours")
        what.add_argument("--succeeded", action="store_true", help="it succeeded: its alert ends")

    return run_command("trouble", "Tell of a run that went wrong.", arguments, work, extra=extra)


if __name__ == "__main__":
    sys.exit(main())

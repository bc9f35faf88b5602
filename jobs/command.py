"""The command line of a job that needs no Spark: the days it works on, its log, and its exit code."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Mapping, Sequence

from analytics.errors import KeshengError
from jobs.full_disk import full_disk_named

Extra = Callable[[argparse.ArgumentParser], None]


def run_command(
    job: str,
    description: str,
    arguments: Sequence[str] | None,
    work: Callable[[argparse.Namespace], Mapping[str, int]],
    *,
    extra: Extra | None = None,
) -> int:
    """Parse `--day`, `--to` and what `extra` adds, do `work`, say its counts on stderr; return the exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m jobs.{job}", description=description)
    parser.add_argument("--day", help="first local day, as 2026-03-01")
    parser.add_argument("--to", help="last local day; the same day if not given")
    if extra:
        extra(parser)
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(message)s")
    try:
        with full_disk_named():
            counts = work(given)
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    said = ", ".join(f"{name} {number:,}" for name, number in counts.items() if number)
    sys.stderr.write(f"{job}: {said or 'nothing to do'}\n")
    return 0

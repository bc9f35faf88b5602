"""Start the dashboards, which know nothing of the jobs and therefore run as a program of their own."""

from __future__ import annotations

import subprocess
import sys


def serve_dashboards(host: str | None, port: int | None) -> int:
    """Run the dashboards until they are stopped; return their exit code."""
    arguments = [sys.executable, "-m", "dashboards.app"]
    if host is not None:
        arguments += ["--host", host]
    if port is not None:
        arguments += ["--port", str(port)]
    try:
        return subprocess.run(arguments, check=False).returncode
    except KeyboardInterrupt:
        return 0

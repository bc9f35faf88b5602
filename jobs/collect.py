"""collect: new files of a source → landing.

    python -m jobs.collect --source calls

The last line on stdout is JSON: the source, how many files landed, and the local days that their records touch.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from analytics.errors import ConfigError, KeshengError
from analytics.settings import Settings, load_settings
from jobs.sources.landing import collect_files


def collect_source(name: str, settings: Settings | None = None) -> str:
    """Collect a configured source, or "all" of them; return one line of JSON a source.

    Raises
    ------
    ConfigError
        If no source of that name is configured, naming those that are.
    """
    settings = settings or load_settings()
    names = list(settings.sources) if name == "all" else [name]
    if unknown := [wanted for wanted in names if wanted not in settings.sources]:
        known = ", ".join(settings.sources) or "none"
        raise ConfigError(f"no source {unknown[0]!r} in settings.toml; there are: {known}")
    return "\n".join(_collected(wanted, settings) for wanted in names)


def _collected(name: str, settings: Settings) -> str:
    landed = collect_files(name, settings.sources[name], settings.landing, settings.timezone)
    days = sorted({day.isoformat() for file in landed for day in file.days})
    n_records = sum(file.n_records for file in landed)
    return json.dumps({"source": name, "n_files": len(landed), "n_records": n_records, "days": days})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m jobs.collect", description="Bring a source's new files into landing."
    )
    parser.add_argument("--source", required=True, help="name of a source of settings.toml, or all")
    try:
        sys.stdout.write(collect_source(parser.parse_args(arguments).source) + "\n")
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What the command lines of all benchmarks on real text share: the folder it is read from."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from analytics.settings import PROJECT


def corpora_parser(about: str | None) -> argparse.ArgumentParser:
    """Return a parser with ``--corpora``; `about` is the benchmark's own docstring."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("KESHENG_CORPORA", str(PROJECT.parent / "shared" / "corpora"))
    parser.add_argument("--corpora", type=Path, default=Path(default), help="folder of the real text")
    return parser


def options_of(parser: argparse.ArgumentParser, arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; leave with exit code 2 and a sentence where the real text is not there."""
    options = parser.parse_args(arguments)
    if not options.corpora.is_dir():
        sys.stderr.write(f"no folder {options.corpora}; set KESHENG_CORPORA or --corpora\n")
        sys.exit(2)
    return options

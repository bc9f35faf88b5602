"""Who is told what happens while files are collected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Watch:
    """Who is told what happens while files are collected.

    Attributes
    ----------
    progress : callable
        Called after each file with files done, files in all, and the file.
    left : callable
        Called with each file that is still being written and was left for later.
    """

    progress: Callable[[int, int, Path], None] = lambda done, total, file: None
    left: Callable[[str], None] = lambda file: None


QUIET = Watch()
"""Nobody."""

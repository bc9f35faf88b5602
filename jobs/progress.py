"""What a person sees on the terminal while work goes on: one line a step, on stderr."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(stderr=True, highlight=False)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Show a spinner with `name` while the block runs, then a line with the seconds it took."""
    began = time.monotonic()
    with console.status(name):
        yield
    console.print(f"[green]✓[/green] {name} [dim]{time.monotonic() - began:.1f} s[/dim]")


def job_progress(job: str, seconds: float | None) -> None:
    """Show a Spark job's start (None) and end (its seconds)."""
    if seconds is None:
        console.print(f"[dim]… {job}[/dim]")
    else:
        console.print(f"[green]✓[/green] {job} [dim]{seconds:.1f} s[/dim]")

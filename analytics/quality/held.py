"""What holds a publication back: a small file beside the warehouse, which the pages read while the old one stays."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Failure:
    """One failed expectation: where, what was expected and found, and what to do; no text of customers.

    `low` and `high` are None where that side is open, `observed` where nothing could be measured.
    """

    day: str
    table: str
    expectation: str
    label: str
    part: str
    observed: float | None
    low: float | None
    high: float | None
    advice: str


@dataclass(frozen=True)
class Held:
    """A publication that was held back: when (UTC), and why."""

    since: dt.datetime
    failures: tuple[Failure, ...]


def held_file(warehouse: Path) -> Path:
    """Return where the file of a warehouse is.

    Examples
    --------
    >>> held_file(Path("warehouse/voc.duckdb")).name
    'voc.held.json'
    """
    return warehouse.with_suffix(".held.json")


def write_held(warehouse: Path, failures: Sequence[Failure], now: dt.datetime) -> None:
    """Say that the publication is held back; since when is kept from before."""
    before = read_held(warehouse)
    since = before.since if before else now
    file = held_file(warehouse)
    file.parent.mkdir(parents=True, exist_ok=True)
    private = file.with_name(f".{file.name}.{os.getpid()}")
    said = {"since": since.isoformat(), "failures": [asdict(one) for one in failures]}
    private.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    private.replace(file)


def read_held(warehouse: Path) -> Held | None:
    """Return what holds the publication back; None where nothing does, or the file cannot be read."""
    try:
        said = json.loads(held_file(warehouse).read_text(encoding="utf-8"))
        return Held(dt.datetime.fromisoformat(said["since"]), tuple(Failure(**one) for one in said["failures"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def clear_held(warehouse: Path) -> None:
    """Say that nothing holds the publication back."""
    held_file(warehouse).unlink(missing_ok=True)

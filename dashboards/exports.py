"""Tables that can be taken along: each has a name, a title and the one way to read it, which the page uses too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from dashboards.context import Context


@dataclass(frozen=True)
class Export:
    """A table of a page as a file.

    Attributes
    ----------
    name : str
        Part of the file's name: lower case, ASCII.
    title : str
        What people call it (a text marked by `dashboards.language.msg`).
    read : callable
        Context → frame with the columns to write, named as the page names them. The page shows these same numbers.
    """

    name: str
    title: str
    read: Callable[[Context], pd.DataFrame]


TABLES: dict[str, Export] = {}
"""All tables by name; pages add theirs with `offer` when they are imported."""


def offer(name: str, title: str, read: Callable[[Context], pd.DataFrame]) -> Export:
    """Add a table to what can be taken along; `cards.card(..., export=name)` puts the button on a card."""
    TABLES[name] = Export(name, title, read)
    return TABLES[name]

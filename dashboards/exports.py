"""Tables that can be taken along: each has a name, a title and the one way to read it, which the page uses too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from dashboards.context import Context

MAX_ROWS = 50_000
"""Rows of one file. A reader of contacts asks for one more (`LIMIT MAX_ROWS + 1`): then the file can say it is cut.

A workbook of 50,000 rows of 10 columns takes five seconds of processor time (CSV: half of one) and opens everywhere;
who needs more reads the warehouse.
"""


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
    meanings : mapping of str to str
        Column, as `msg` marks it, to what it means; columns that explain themselves need none.
    page : str
        Address of the page it belongs to; who may not see the page may not save the table. '' = all.
    verbatims_by : str
        Where it holds what customers said: the column, as `msg` marks it, of the contacts' ids. Then it is kept who
        saved it, and of whom. '' = it holds no customer's words.
    """

    name: str
    title: str
    read: Callable[[Context], pd.DataFrame]
    meanings: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    verbatims_by: str = ""


TABLES: dict[str, Export] = {}
"""All tables by name; pages add theirs with `offer` when they are imported."""


def offer(
    name: str,
    title: str,
    read: Callable[[Context], pd.DataFrame],
    *,
    meanings: Mapping[str, str] | None = None,
    page: str = "",
    verbatims_by: str = "",
) -> Export:
    """Add a table to what can be taken along; `cards.card(..., export=name)` puts the button on a card.

    Examples
    --------
    >>> made = offer("made_up", "示例", lambda context: pd.DataFrame({"条数": [1]}), meanings={"条数": "联络条数"})
    >>> TABLES.pop("made_up") is made
    True
    """
    TABLES[name] = Export(name, title, read, meanings or {}, page, verbatims_by)
    return TABLES[name]

"""What a list of contacts can be narrowed by: the values there are."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.data.source import Source
from dashboards.selection import Selection


@dataclass(frozen=True)
class Choices:
    """Values by what they narrow.

    Attributes
    ----------
    touchpoints, kinds, teams : list of str
        Those that contacts of the page have.
    categories, tags : list of (str, str)
        Name and label.
    """

    touchpoints: list[str]
    kinds: list[str]
    teams: list[str]
    categories: list[tuple[str, str]]
    tags: list[tuple[str, str]]


def choices(source: Source, selection: Selection) -> Choices:
    """Return what contacts of a selection can be narrowed by."""
    found = source.over(
        selection,
        "SELECT list(DISTINCT touchpoint) AS touchpoints, list(DISTINCT kind) AS kinds, list(DISTINCT team) AS teams"
        " FROM contact WHERE {where}",
    ).iloc[0]
    touchpoints, kinds, teams = (_sorted(found[name]) for name in ("touchpoints", "kinds", "teams"))
    named = source.rows(
        "SELECT 'category' AS what, category AS name, label FROM category"
        " UNION ALL SELECT 'tag', tag, label FROM tag ORDER BY 1, 2"
    )
    pairs = {what: list(zip(rows["name"], rows["label"], strict=True)) for what, rows in named.groupby("what")}
    return Choices(touchpoints, kinds, teams, pairs.get("category", []), pairs.get("tag", []))


def _sorted(values: object) -> list[str]:
    return sorted(str(value) for value in values) if hasattr(values, "__iter__") else []

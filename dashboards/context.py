"""What a page is, and what it is given: the data, the filters, and addresses of other views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dash.development.base_component import Component

from dashboards.access.viewer import Viewer, viewer_now
from dashboards.data.alerts import Alerts
from dashboards.data.source import Extent, Source
from dashboards.data.topic_decisions import Decisions
from dashboards.filters import Filters, Pairs, with_pair, write_search
from dashboards.selection import Selection


@dataclass(frozen=True)
class Context:
    """Everything a page is drawn from.

    Attributes
    ----------
    filters : Filters
        Scope, with the default days filled in.
    given : list of (str, str)
        Filters as they stand in the address: kept when following a link, so that a default stays a default.
    view : dict
        The page's own parameters (topic, day, focus).
    decisions : Decisions
        What people decided about topics.
    """

    source: Source
    alerts: Alerts
    extent: Extent
    filters: Filters
    given: Pairs
    view: dict[str, str]
    decisions: Decisions

    @property
    def viewer(self) -> Viewer:
        """Who looks."""
        return viewer_now()

    @property
    def selection(self) -> Selection:
        """All contacts of the filters."""
        return Selection(self.filters)

    @property
    def is_dated(self) -> bool:
        """Whether any contact has a time."""
        return self.extent.first_day is not None

    def href(self, path: str, **view: str | None) -> str:
        """Return the address of a page with the same filters and the given parameters."""
        pairs: Pairs = list(self.given)
        for name, value in view.items():
            pairs = with_pair(pairs, name, value)
        return path + write_search(pairs)


@dataclass(frozen=True)
class Page:
    """A page: its address, its name in the navigation, and what it shows."""

    path: str
    title: str
    render: Callable[[Context], Sequence[Component]]

"""What a viewer sees first: the filters of an address that names none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from dashboards.access.viewer import Viewer
from dashboards.filters import Filters


class Known(Protocol):
    """What is asked of `dashboards.data.source.Extent`."""

    @property
    def first_day(self) -> dt.date | None:
        """First day of the data."""

    @property
    def last_day(self) -> dt.date | None:
        """Last day of the data."""

    @property
    def channels(self) -> Sequence[str]:
        """Channels that the viewer may see."""

    @property
    def products(self) -> Sequence[str]:
        """Products that the viewer may see."""

    @property
    def default(self) -> Filters:
        """What the data itself suggests."""


def first_filters(viewer: Viewer, known: Known) -> Filters:
    """Return the filters of an address that names none: those of the viewer's role, else what the data suggests.

    A channel or product of the role that the data does not have is left out: it would show an empty page.
    """
    wanted, start, end = viewer.defaults, known.default.start, known.default.end
    if wanted.days is not None and known.first_day is not None and known.last_day is not None:
        start, end = max(known.first_day, known.last_day - dt.timedelta(days=wanted.days - 1)), known.last_day
    return Filters(
        start,
        end,
        tuple(value for value in wanted.channels if value in known.channels),
        tuple(value for value in wanted.products if value in known.products),
    )

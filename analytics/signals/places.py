"""Where contacts are counted: everywhere, in each channel, for each product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analytics.schema import ALL


@dataclass(frozen=True)
class Place:
    """One series of counts.

    Attributes
    ----------
    key : str
        "*" for everything, else the channel or the product.
    channel : str
        The channel; "*" for everything and for a product.
    rows : DataFrame
        The rows of the counts that belong here.
    """

    key: str
    channel: str
    rows: pd.DataFrame


def places_of(counts: pd.DataFrame) -> Iterator[Place]:
    """Yield everything, then each channel, then each product; what has but one channel is not counted twice.

    Parameters
    ----------
    counts : DataFrame
        hour (UTC), channel, and perhaps product ("" or null = none given), with any counts. Rows of channel "*" are
        left out: they are summed here.

    Examples
    --------
    >>> hour = pd.to_datetime(["2026-01-05 01:00Z"] * 2)
    >>> counts = pd.DataFrame({"hour": hour, "channel": ["app", "web"], "product": ["灯", ""], "n_contacts": [3, 4]})
    >>> [(place.key, place.channel, int(place.rows["n_contacts"].sum())) for place in places_of(counts)]
    [('*', '*', 7), ('app', 'app', 3), ('web', 'web', 4), ('灯', '*', 3)]
    """
    own = counts[counts["channel"] != ALL]
    if own.empty:
        return
    yield Place(ALL, ALL, own)
    for name, rows in own.groupby("channel", sort=True):
        yield Place(str(name), str(name), rows)
    if "product" not in own:
        return
    named = own[own["product"].notna() & (own["product"] != "")]
    for name, rows in named.groupby("product", sort=True):
        yield Place(str(name), ALL, rows)

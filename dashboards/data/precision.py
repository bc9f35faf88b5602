"""How often alarms were right, by what people said of them."""

from __future__ import annotations

import pandas as pd

from analytics.inbox import SYSTEM_KIND
from analytics.inbox.verdicts import precision
from dashboards.data.alerts import Alerts
from dashboards.data.inbox import inbox_is_there

KINDS = ("keyword", "topic", "category", "volume", "negative", "sentiment")


def alarm_precision(alerts: Alerts) -> pd.DataFrame:
    """Return a row for each kind of alarm that was ever told: kind, n_told, n_judged, n_false, precision, low, high.

    `precision` is NaN where nobody judged. Empty without an inbox.
    """
    columns = ["kind", "n_told", "n_judged", "n_false", "precision", "low", "high"]
    inbox = alerts.inbox
    if inbox is None or not inbox_is_there(alerts.url):
        return pd.DataFrame(columns=columns)
    told = pd.Series([alert.kind for alert in inbox.alerts() if alert.kind != SYSTEM_KIND], dtype=object).value_counts()
    judged = {found.kind: found for found in precision(alerts.url)}
    kinds = [kind for kind in dict.fromkeys([*KINDS, *map(str, told.index)]) if told.get(kind, 0)]
    nan = float("nan")
    rows = [
        (kind, int(told[kind]), *judged[kind][1:]) if kind in judged else (kind, int(told[kind]), 0, 0, nan, nan, nan)
        for kind in kinds
    ]
    return pd.DataFrame(rows, columns=columns)

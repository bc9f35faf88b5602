"""What was found, for the terminal: topics with share and mood, alerts, falls of mood and what they go with."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from analytics.names import FLAG_NAMES, SEVERITY_NAMES
from analytics.warehouse import WarehouseReader, open_reader

_TOPICS = """
SELECT coalesce(t.label, '其他') AS label, count(*) AS n, count(*) / sum(count(*)) OVER () AS share,
       avg(c.sentiment_score) AS mood, avg((c.sentiment_label = 'negative')::INT) AS negative
FROM contact c LEFT JOIN topic t USING (topic_id)
WHERE c.flag IS NULL OR c.topic_id IS NOT NULL
GROUP BY t.label ORDER BY (t.label IS NULL), n DESC LIMIT 30
"""
_ALERTS = """
SELECT title, severity, started_at AT TIME ZONE ? AS since, state FROM alert ORDER BY started_at DESC LIMIT 20
"""
_FLAGGED = "SELECT flag, sum(n_contacts)::BIGINT AS n FROM v_flagged GROUP BY flag ORDER BY n DESC, flag"
_DIPS = """
SELECT started_at AT TIME ZONE ? AS since, channel, "drop", n, verdict FROM dip ORDER BY "drop" * n DESC LIMIT 5
"""


def print_findings(warehouse: Path, zone: str) -> None:
    """Print what the warehouse says to stdout."""
    reader = open_reader(warehouse)
    out = Console(highlight=False)
    out.print(_counts(reader))
    flagged = reader.query(_FLAGGED)
    if len(flagged):
        named = [f"{FLAG_NAMES.get(flag, flag)} {n:,}" for flag, n in zip(flagged["flag"], flagged["n"], strict=True)]
        out.print(f"非客户本人声音：{'，'.join(named)}（标出并保留，见 v_flagged）")
    out.print(_topics(reader.query(_TOPICS)))
    alerts = reader.query(_ALERTS, [zone])
    out.print(_alerts(alerts) if len(alerts) else "预警：没有。")
    for dip in reader.query(_DIPS, [zone]).itertuples():
        out.print(f"情绪下降  {dip.since:%Y-%m-%d %H:%M}  {dip.verdict}（样本 {dip.n}）")


def _counts(reader: WarehouseReader) -> str:
    row = reader.query(
        "SELECT count(*) AS n, count(DISTINCT day) FILTER (day > '1970-01-01') AS days,"
        " (SELECT count(*) FROM rejected) AS refused, (SELECT count(*) FROM utterance) AS turns FROM contact"
    ).iloc[0]
    days = f"，{row.days} 天" if row.days else ""
    return f"联络 {row.n:,}，对话 {row.turns:,} 句{days}；拒收 {row.refused:,} 行"


def _topics(topics: pd.DataFrame) -> Table:
    table = Table(title="主题", title_justify="left")
    for name, justify in (("主题", "left"), ("联络", "right"), ("占比", "right"), ("情绪", "right"), ("负面", "right")):
        table.add_column(name, justify="right" if justify == "right" else "left")
    for topic in topics.to_dict("records"):
        mood = "—" if pd.isna(topic["mood"]) else f"{topic['mood']:+.2f}"
        negative = "—" if pd.isna(topic["negative"]) else f"{topic['negative']:.0%}"
        table.add_row(topic["label"], f"{topic['n']:,}", f"{topic['share']:.1%}", mood, negative)
    return table


def _alerts(alerts: pd.DataFrame) -> Table:
    table = Table(title="预警", title_justify="left")
    for name in ("开始", "级别", "内容"):
        table.add_column(name)
    for alert in alerts.to_dict("records"):
        severity = SEVERITY_NAMES.get(alert["severity"], alert["severity"])
        table.add_row(f"{alert['since']:%Y-%m-%d %H:%M}", severity, alert["title"])
    return table

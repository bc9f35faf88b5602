"""What a table and a column are, and the types and columns that several tables share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pyarrow as pa

UNDATED_DAY = dt.date(1970, 1, 1)
ALL = "*"
"""The value of channel, team, product or topic_id in a row that sums over all of them."""

SPEAKERS = ("customer", "agent", "bot", "system")
KINDS = ("call", "chat", "work_order", "review")
LIVE_KINDS = ("call", "chat")
"""Kinds in which the customer is there and waits; the hours until a work order is answered are no reply delay."""
FLAGS = ("spam", "brushing", "advertising")
"""Why a contact is no customer's own voice: the same text again and again, reviews written for money, offers."""
ID_KINDS = ("phone", "email", "unionid", "openid", "device", "order", "login", "customer")
"""By what the customer of a contact can be known; `customer` is the source's own number or account."""
CHANNELS = ("phone", "app", "web", "wechat", "weibo")
LABELS = ("negative", "neutral", "positive")
NEUTRAL_BAND = 0.3
"""A score nearer to 0 than this is neutral.

Of customers' turns in real service chats, nearly all of them questions and answers, about 80 % fall inside; of
reviews about 15 % (benchmarks/language.py).
"""
COURSES = ("recovered", "soured", "steady")
"""How a mood went: came unhappy and left content or calm; came well and left unhappy; neither."""

TEXT = pa.string()
INT = pa.int64()
REAL = pa.float64()
BOOL = pa.bool_()
TIME = pa.timestamp("us", tz="UTC")
DAY = pa.date32()
TEXTS = pa.list_(pa.string())
INTS = pa.list_(pa.int64())


@dataclass(frozen=True)
class Column:
    """One column: its name, Arrow type and what it means; `later` if another job's side table holds it."""

    name: str
    type: pa.DataType
    doc: str
    later: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its grain in words, its columns, its key, and whether the lake partitions it by `day`."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    by_day: bool = True
    published: bool = True

    def arrow(self, *, later: bool = False) -> pa.Schema:
        """Return the Arrow schema of the lake's file, or with `later` columns as the warehouse shows it."""
        return pa.schema([pa.field(c.name, c.type) for c in self.columns if later or not c.later])


def columns_of(arrow_type: pa.DataType, /, **docs: str) -> tuple[Column, ...]:
    """Return columns of one type, named and described by the keywords."""
    return tuple(Column(name, arrow_type, doc) for name, doc in docs.items())


DAY_COLUMN = Column("day", DAY, "local day, the partition")
CHANNEL_COLUMN = Column("channel", TEXT, "phone, app, web, wechat, weibo or a source's own; '*' = all")
MOOD_COUNTS = columns_of(
    INT, n_negative="contacts in negative mood", n_neutral="in neutral mood", n_positive="in positive mood"
)

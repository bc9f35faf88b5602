"""Which turns of a conversation are about which topic, where a contact has several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from dash import html

from dashboards.language import say
from dashboards.names import OTHER
from dashboards.records import records

_COLOURS = 3
"""Matters told apart by colour; a further one has that of the third, and its name."""


@dataclass(frozen=True)
class Mark:
    """What a turn is about: place of the matter's colour, its name, and whether it is what the customer came for."""

    place: int
    label: str
    is_main: bool


def matter_marks(matters: pd.DataFrame, turns: pd.DataFrame) -> dict[int, Mark]:
    """Return the mark of each customer turn that is about a matter.

    Parameters
    ----------
    matters : DataFrame
        `dashboards.data.contacts.matters`: empty for a contact with one matter.
    turns : DataFrame
        turn, speaker.

    Examples
    --------
    >>> rows = [(0, "t1", "催发货", 0, 2), (1, "t2", "开发票", 4, 4)]
    >>> matters = pd.DataFrame(rows, columns=["segment", "topic_id", "label", "first_turn", "last_turn"])
    >>> turns = pd.DataFrame({"turn": [0, 1, 2, 3, 4], "speaker": ["customer", "agent"] * 2 + ["customer"]})
    >>> {turn: mark.label for turn, mark in matter_marks(matters, turns).items()}
    {0: '催发货', 2: '催发货', 4: '开发票'}
    """
    spoken = turns.loc[turns["speaker"] == "customer", "turn"]
    found: dict[int, Mark] = {}
    for place, row in enumerate(records(matters)):
        label = row.label if isinstance(row.label, str) else say(OTHER)
        for turn in spoken[(spoken >= row.first_turn) & (spoken <= row.last_turn)]:
            found.setdefault(int(turn), Mark(min(place, _COLOURS - 1), label, bool(row.segment == 0)))
    return found


def matter_key(marks: Mapping[int, Mark]) -> list[html.Div]:
    """Return the key: the main matter first; nothing where there is one matter."""
    distinct = sorted({mark.place: mark for mark in marks.values()}.values(), key=lambda mark: mark.place)
    if len(distinct) < 2:
        return []
    first, *rest = distinct
    return [
        html.Div(
            [say("主要为"), matter_badge(first), say("，顺带提到"), *map(matter_badge, rest)], className="matter-key"
        )
    ]


def matter_badge(mark: Mark) -> html.Span:
    """Return the name of a matter in its colour."""
    said = say("客户主要为此而来") if mark.is_main else say("顺带提到")
    return html.Span(mark.label, className=f"matter is-{mark.place}", title=said)

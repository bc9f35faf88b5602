"""更正情绪: the small control by which a person says what the mood of a turn or contact is."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from analytics.names import MOOD_NAMES
from dashboards.data.labels import WHOLE

UNDO = "undo"
"""Stands for "no label": the model's mood holds again."""
_ABOVE_DRAWER = 450


def control(contact_id: str, turn: int, published: str | None, corrected: str | None) -> html.Span:
    """Return the mood as a mark and a menu that corrects it.

    Parameters
    ----------
    contact_id : str
        The contact.
    turn : int
        The turn, or `WHOLE`.
    published : str or None
        Label of the model; None where it has none.
    corrected : str or None
        Label given by a person.
    """
    place = {"contact": contact_id, "turn": turn}
    what = "整条联络" if turn == WHOLE else "这句话"
    opens = html.Button("更正", className="correct-open", type="button", **{"aria-label": f"更正{what}的情绪"})
    items: list[Any] = [
        dmc.MenuItem(
            name,
            id={"type": "correct", "label": label, **place},
            leftSection=html.I(className=f"dot mood-{label}"),
            n_clicks=0,
        )
        for label, name in MOOD_NAMES.items()
    ]
    undo = dmc.MenuItem(
        "撤销更正",
        id={"type": "correct", "label": UNDO, **place},
        disabled=corrected is None,
        n_clicks=0,
    )
    menu = dmc.Menu(
        [dmc.MenuTarget(opens), dmc.MenuDropdown([dmc.MenuLabel(f"{what}的情绪是"), *items, dmc.MenuDivider(), undo])],
        zIndex=_ABOVE_DRAWER, position="bottom-start", shadow="md", width=132, closeOnItemClick=True,
    )  # fmt: skip
    return html.Span(
        [
            html.Span(
                mark(published, corrected, named=turn == WHOLE),
                id={"type": "mood-mark", **place},
                className="mood-mark",
                role="status",
            ),
            menu,
        ],
        className="correct",
    )


def mark(published: str | None, corrected: str | None, *, named: bool) -> list[Any]:
    """Return the dot of the mood that holds, with what was corrected said beside it.

    `named` marks leave the dot out: the published mood stands beside them in words.
    """
    label = corrected or published
    dot = [] if named or label is None else [html.I(className=f"dot mood-{label}", title=MOOD_NAMES[label])]
    said = [html.Span(f"已更正为{MOOD_NAMES[corrected]}，下次训练时采用", className="corrected")] if corrected else []
    return [*dot, *said]


def refused(why: str) -> list[Any]:
    """Return what stands in place of the mark when nothing was kept."""
    return [html.Span(why, className="not-corrected")]

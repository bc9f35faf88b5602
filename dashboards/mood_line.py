"""How a customer's mood went through one contact: its low point, its turning point, a figure and a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from analytics.names import MOOD_NAMES
from analytics.schema import NEUTRAL_BAND
from dashboards import preferences
from dashboards.language import say
from dashboards.names import score
from dashboards.records import records
from dashboards.theme import palette, themed

TURNED = 2 * NEUTRAL_BAND
"""A change from one customer turn to the next that is called a turning point: from one mood across the neutral one."""
_SHOWN_TEXT = 28


@dataclass(frozen=True)
class MoodLine:
    """The mood of each customer turn.

    Attributes
    ----------
    turns : DataFrame
        turn, said, text, sentiment_label, sentiment_score: the customer's turns with a mood, in order.
    lowest : int
        Place in `turns` of the first with the lowest score.
    turned : int or None
        Place of the turn with the largest change from the one before, if it is at least `TURNED`.
    """

    turns: pd.DataFrame
    lowest: int
    turned: int | None

    @property
    def change(self) -> float:
        """Change of the score at the turning point; 0 without one."""
        scores = self.turns["sentiment_score"]
        return 0.0 if self.turned is None else float(scores.iloc[self.turned] - scores.iloc[self.turned - 1])


def mood_line(turns: pd.DataFrame) -> MoodLine | None:
    """Return the course of the mood; None where the customer spoke less than twice.

    Examples
    --------
    >>> turns = pd.DataFrame({"turn": [0, 1, 2, 4], "speaker": ["customer", "agent", "customer", "customer"],
    ...                       "sentiment_score": [-0.4, None, -0.8, 0.3]})
    >>> line = mood_line(turns)
    >>> list(line.turns["turn"]), line.lowest, line.turned, round(line.change, 1)
    ([0, 2, 4], 1, 2, 1.1)
    """
    own = turns[(turns["speaker"] == "customer") & turns["sentiment_score"].notna()].reset_index(drop=True)
    if len(own) < 2:
        return None
    scores = own["sentiment_score"].astype(float)
    steps = scores.diff().abs()
    turned = int(steps.idxmax()) if float(steps.max()) >= TURNED else None
    return MoodLine(own, int(scores.idxmin()), turned)


def mood_sentence(line: MoodLine) -> str:
    """Return what the line says, written from its numbers."""
    low = score(float(line.turns["sentiment_score"].iloc[line.lowest]))
    told = say("第 {place} 句最低，{low}。", place=line.lowest + 1, low=low)
    if line.turned is None:
        return told
    values = {"place": line.turned + 1, "change": score(line.change)}
    better = line.change > 0
    turned = (
        say("第 {place} 句明显好转（{change}）。", **values)
        if better
        else say("第 {place} 句明显变差（{change}）。", **values)
    )
    return f"{told}{turned}" if preferences.current().language == "zh-CN" else f"{told} {turned}"


def turn_marks(line: MoodLine) -> dict[int, str]:
    """Return what is said of places in `turns`: the lowest, the turning point, or both.

    Examples
    --------
    >>> turns = pd.DataFrame({"turn": [0, 2], "speaker": "customer", "sentiment_score": [0.4, -0.8]})
    >>> turn_marks(mood_line(turns))
    {1: '最低 · 转折'}
    """
    if line.turned is None:
        return {line.lowest: say("最低")}
    if line.turned == line.lowest:
        return {line.lowest: say("最低 · 转折")}
    return {line.lowest: say("最低"), line.turned: say("转折")}


def mood_figure(line: MoodLine) -> go.Figure:
    """Draw the score of each customer turn; `customdata[0]` of a point is its turn."""
    look, own = palette(), line.turns
    colours = [look.mood.get(str(label), look.mood["neutral"]) for label in own["sentiment_label"]]
    hover = [_hover(place, row) for place, row in enumerate(records(own))]
    places = list(range(1, len(own) + 1))
    figure = go.Figure(
        go.Scatter(
            x=places, y=own["sentiment_score"], mode="lines+markers", customdata=[[int(turn)] for turn in own["turn"]],
            line={"color": look.faint, "width": 1.5}, hovertext=hover, hoverinfo="text", showlegend=False,
            marker={"color": colours, "size": [15 if at == line.turned else 10 for at in range(len(own))],
                    "symbol": ["diamond" if at == line.turned else "circle" for at in range(len(own))],
                    "line": {"color": look.paper, "width": 1.5}},
        )
    )  # fmt: skip
    for at, text in turn_marks(line).items():
        value = float(own["sentiment_score"].iloc[at])
        figure.add_annotation(x=at + 1, y=value, text=text, showarrow=False, yshift=-16 if value > -0.55 else 16,
                              font={"size": 11, "color": look.ink})  # fmt: skip
    figure.add_hline(y=0, line={"color": look.faint, "width": 1, "dash": "dot"})
    figure.update_yaxes(range=[-1.15, 1.15], tickvals=[-1, 0, 1])
    figure.update_xaxes(range=[0.6, len(own) + 0.4], tickmode="array", tickvals=places if len(own) <= 16 else None)
    return themed(figure, 132).update_layout(margin={"l": 30, "r": 12, "t": 6, "b": 22})


def _hover(place: int, row: object) -> str:
    text, label, value = (getattr(row, name) for name in ("text", "sentiment_label", "sentiment_score"))
    text = str(text or "").replace("<", "＜")  # the words of a customer are no markup
    short = text if len(text) <= _SHOWN_TEXT else text[:_SHOWN_TEXT] + "…"
    mood = say(MOOD_NAMES[label]) if label in MOOD_NAMES else ""
    return say("第 {place} 句：{mood} {score}", place=place + 1, mood=mood, score=score(float(value))) + f"<br>{short}"

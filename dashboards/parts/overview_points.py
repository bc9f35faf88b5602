"""本期要点: what changed in at most five sentences, what matters most first."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.context import Context
from dashboards.data.overview import Facts
from dashboards.language import say
from dashboards.names import day_name, span_name
from dashboards.parts import overview_findings as findings
from dashboards.parts import overview_news as news
from dashboards.parts.cards import card
from dashboards.parts.overview_findings import Finding

N_POINTS = 5


def points_card(context: Context, facts: Facts) -> Component:
    """Return the card."""
    found = ranked(context, facts)
    rows = [html.Li(_row(one), className=f"point is-{one.tone}", id=f"point-{one.name}") for one in found]
    body = html.Ol(rows, className="points")
    return card(say("本期要点"), body, note=_compared(context, facts), name="card-points", className="is-points")


def ranked(context: Context, facts: Facts) -> list[Finding]:
    """Return at most `N_POINTS` findings: what changed by how much it matters, what stands out, what did not change."""
    changed = facts.changed
    events = [news.lasting(context, facts), news.started(context, facts), news.newcomers(context, facts)]
    if changed is None:
        found = [one for one in events if one is not None]
        return [*sorted(found, key=lambda one: -one.weight), *news.largest(context, facts)][:N_POINTS]
    compared = [findings.volume(context, changed, facts.now.n)] if changed.volume.differs else []
    if changed.mood.differs:
        now = facts.now
        moved = findings.mood(changed, now.mean, now.negative_share, now.n_negative, now.n_mood)
        driver = findings.driver(context, facts, changed, moved.weight)
        compared += [moved, *([driver] if driver else [])]
    found = [
        one for one in (*compared, news.topic(context, facts), news.burst(context, facts), *events) if one is not None
    ]
    still = news.unchanged(facts, changed)
    room = N_POINTS - (1 if still else 0)
    told = [*sorted(found, key=lambda one: -one.weight), *news.largest(context, facts)][:room]
    return [*told, *([still] if still else [])]


def _compared(context: Context, facts: Facts) -> str:
    changed, filters = facts.changed, context.filters
    if changed is not None:
        return say("与上期 {before} 相比", before=span_name(changed.before_start, changed.before_end))
    if filters.start is None or context.extent.first_day is None:
        return say("这批数据没有时间，只说现状")
    first = day_name(context.extent.first_day)
    return say("数据从{first}开始，够不着一个等长的上期，只说现状；缩短时段即可比较", first=first)


def _row(one: Finding) -> list[Component]:
    said = [html.Strong(one.lead), html.Span(one.rest, className="point-rest")]
    body = [html.P(said, className="point-said"), html.P(one.how, className="point-how")]
    return [
        html.Span(one.mark, className="point-mark", **{"aria-hidden": "true"}),
        html.Div(body, className="point-body"),
        html.Div(list(one.evidence), className="point-links"),
    ]

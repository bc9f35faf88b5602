"""The mutes that hold, each with a button that ends it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from analytics.inbox import Mute
from dashboards.context import Context
from dashboards.language import say
from dashboards.names import SPIKE_KINDS, channel_name


def mute_list(context: Context) -> list[Component]:
    """Return what is silent until when, by whom and why; nothing to who may see but some of the contacts."""
    inbox, viewer = context.alerts.inbox, context.viewer
    mutes = [] if inbox is None or viewer.limits.any else inbox.mutes(dt.datetime.now(dt.UTC))
    if not mutes:
        return []
    rows = [_row(mute, context.source.zone, may_end=viewer.may_decide) for mute in mutes]
    return [html.H3(say("生效中的静音"), className="alert-part"), html.Ul(rows, className="mutes", id="mutes")]


def _row(mute: Mute, zone: str, *, may_end: bool) -> html.Li:
    about = [
        say(SPIKE_KINDS.get(mute.kind, mute.kind)) if mute.kind else say("所有类型"),
        mute.key or "",
        channel_name(mute.channel) if mute.channel else say("所有渠道"),
    ]
    until = mute.until.astimezone(ZoneInfo(zone))
    said = say("到 {until:%m-%d %H:%M}，{who}", until=until, who=mute.made_by)
    why = f"：{mute.why}" if mute.why else ""
    button = html.Button(
        say("取消"), id={"type": "alert-act", "act": "withdraw", "alert": str(mute.mute_id)}, n_clicks=0,
        className="act", **{"data-testid": "act-withdraw", "aria-label": say("取消静音") + f" {mute.mute_id}"},
    )  # fmt: skip
    return html.Li([html.Span([html.B(" · ".join(part for part in about if part)), html.Small(said + why)]),
                    *([button] if may_end else [])])  # fmt: skip

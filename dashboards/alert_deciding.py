"""What happens when somebody decides about an alert, and how the list keeps itself fresh."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from sqlalchemy.exc import SQLAlchemyError

from analytics.errors import ConfigError, KeshengError
from analytics.inbox import Inbox, Matter
from analytics.inbox.wishes import DecidedMeanwhileError, Standing, comment_of, name_of, plain
from dashboards.access.viewer import Viewer, viewer_now
from dashboards.filters import read_pairs
from dashboards.language import msg, say
from dashboards.names import STATES
from dashboards.parts.alert_actions import KEY
from dashboards.parts.inbox import inbox_list, state_token
from dashboards.site import Site

_LOG = logging.getLogger(__name__)
_SAID = {
    "acknowledge": msg("已认领，负责人是您"),
    "resolve": msg("已解决；之后新出现的同类情况会重新打开它"),
    "false_alarm": msg("已标为正常波动，下一次运行起算进基线"),
    "reopen": msg("已重新打开"),
    "mute": msg("已静音"),
    "unmute": msg("已取消静音"),
    "assign": msg("已指派"),
    "comment": msg("已备注"),
    "withdraw": msg("这条静音已取消；已静音的告警不变"),
}
_PLAIN = ("acknowledge", "resolve", "false_alarm", "reopen", "unmute")
Fields = Mapping[str, str | None]


def register(app: Dash, site: Site) -> None:
    """Wire the decisions about alerts and the refreshing of their list."""
    _register_acts(app, site)
    _register_tick(app, site)


def _register_acts(app: Dash, site: Site) -> None:
    def act(
        _: list[int], values: list[Any], names: list[dict[str, str]], seen: list[list[str | None]], said: list[Any]
    ) -> tuple[Any, Any, list[Any]]:
        clicked = ctx.triggered_id
        if not isinstance(clicked, dict) or not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update, no_update, [no_update] * len(said)
        what = str(clicked["act"])
        if what == "refresh":
            return _anew(), no_update, [no_update] * len(said)
        fields = {name["name"]: value for name, value in zip(names, values, strict=True)}
        refused, is_stale = decide(site, what, str(clicked["alert"]), fields, standing_of(seen[0] if seen else None))
        if refused and not is_stale:
            return no_update, no_update, [refused] * len(said)
        note = {"id": _anew(), "action": "show", "message": refused or say(_SAID[what]),
                "autoClose": 10_000 if refused else 5_000, "color": "yellow" if refused else "kesheng"}  # fmt: skip
        return _anew(), [note], [""] * len(said)

    app.callback(
        Output("decided", "data", allow_duplicate=True), Output("notices", "sendNotifications", allow_duplicate=True),
        Output({"type": "alert-said", "place": ALL}, "children"),
        Input({"type": "alert-act", "act": ALL, "alert": ALL}, "n_clicks"),
        State({"type": "alert-field", "name": ALL}, "value"), State({"type": "alert-field", "name": ALL}, "id"),
        State({"type": "alert-seen", "place": ALL}, "data"), State({"type": "alert-said", "place": ALL}, "id"),
        prevent_initial_call=True,
    )(act)  # fmt: skip


def _register_tick(app: Dash, site: Site) -> None:
    def tick(_: int, token: str | None, view: dict[str, str] | None, seen: list[Any]) -> tuple[Any, Any, Any]:
        try:
            if view is None or token is None or (now := state_token(site.alerts, site.extent())) == token:
                return no_update, no_update, no_update
            context = site.context(read_pairs(view["search"]))
            standing = standing_of(seen[0] if seen else None)
            named = context.view.get("alert")
            alert = context.alerts.find(context.source, named) if named and standing else None
            is_stale = alert is not None and standing is not None and alert["state"] != standing.state
            is_new = now.partition("|")[2] != token.partition("|")[2]
            return inbox_list(context), now, _news(is_stale=is_stale) if is_stale or is_new else no_update
        except (KeshengError, duckdb.Error, SQLAlchemyError) as error:
            _LOG.error("inbox: %s: %s", type(error).__name__, error)
            return no_update, no_update, no_update

    app.callback(
        Output("inbox-list", "children"), Output("inbox-token", "data"), Output("inbox-news", "children"),
        Input("inbox-tick", "n_intervals"), State("inbox-token", "data"), State("view", "data"),
        State({"type": "alert-seen", "place": ALL}, "data"), prevent_initial_call=True,
    )(tick)  # fmt: skip


def _news(*, is_stale: bool) -> list[Any]:
    said = say("打开的告警刚被别人处理过。") if is_stale else say("有新发布的数据。")
    button = html.Button(
        say("刷新"), id={"type": "alert-act", "act": "refresh", "alert": ""}, n_clicks=0, className="act"
    )
    return [said, button]


def decide(site: Site, what: str, alert_id: str, fields: Fields, seen: Standing | None) -> tuple[str, bool]:
    """Keep a decision as `kesheng alerts` does; return why it was not kept ('' if it was), and whether it came late.

    Parameters
    ----------
    what : str
        A key of `_SAID`.
    fields : mapping
        What was filled in: until, scope, why, owner, comment.
    seen : Standing or None
        How the alert stood on the screen.
    """
    viewer = viewer_now()
    try:
        inbox = site.alerts.inbox
        if not viewer.may_decide:
            return say("您可以查看，但不能处理告警。"), False
        if site.alerts.is_away:
            return say("没有保存：收件箱的数据库暂时连接不上。请稍后再点一次"), False
        if inbox is None or what not in _SAID:
            return say("没有保存：收件箱还不存在。请运行 kesheng run 后重试"), False
        if what == "withdraw" and alert_id.isdigit() and not viewer.limits.any:
            inbox.withdraw_mute(int(alert_id), dt.datetime.now(dt.UTC))
            return "", False
        if site.alerts.find(site.source, alert_id) is None:
            return say("没有保存：没有这条告警，它可能已撤回。请刷新页面"), False
        return _kept(inbox, what, alert_id, fields, (viewer, seen, site.source.zone)), False
    except DecidedMeanwhileError:
        return _late(site, alert_id), True
    except (KeshengError, duckdb.Error, SQLAlchemyError) as error:
        _LOG.error("alert: %s: %s", type(error).__name__, error)
        return say("没有保存：收件箱还不存在或不能写入。请稍后重试"), False


def _kept(inbox: Inbox, what: str, alert_id: str, fields: Fields, by: tuple[Viewer, Standing | None, str]) -> str:
    (viewer, seen, zone), now = by, dt.datetime.now(dt.UTC)
    who = name_of(viewer.name)
    if what in _PLAIN:
        getattr(inbox, what)(alert_id, who, now, seen=seen)
        return ""
    if what == "mute":
        _mute(inbox, alert_id, fields, (who, now, zone, seen))
        return ""
    try:
        if what == "assign":
            inbox.assign(alert_id, name_of(fields.get("owner") or ""), who, now, seen=seen)
        else:
            inbox.comment(alert_id, comment_of(fields.get("comment") or ""), who, now)
    except DecidedMeanwhileError:
        raise
    except ConfigError:
        return say("请填写交给谁。") if what == "assign" else say("请先写点什么。")
    return ""


def _mute(inbox: Inbox, alert_id: str, fields: Fields, by: tuple[str, dt.datetime, str, Standing | None]) -> None:
    who, now, zone, seen = by
    until, why = end_of(fields.get("until") or "", now, zone), plain(fields.get("why") or "")
    inbox.mute(alert_id, who, now, until=until, why=why, seen=seen)
    if fields.get("scope") == KEY:
        key = next(alert.key for alert in inbox.alerts() if alert.alert_id == alert_id)
        inbox.mute_matter(Matter(key=key), who, now, until=until, why=why)


def end_of(choice: str, now: dt.datetime, zone: str) -> dt.datetime:
    """Return when a mute ends, by what was chosen of `alert_actions.MUTE_ENDS`; a day if it is none of them.

    Examples
    --------
    >>> noon = dt.datetime(2026, 3, 8, 4, tzinfo=dt.UTC)
    >>> end_of("today", noon, "Asia/Shanghai").isoformat()
    '2026-03-09T00:00:00+08:00'
    """
    if choice == "today":
        tomorrow = now.astimezone(ZoneInfo(zone)).date() + dt.timedelta(days=1)
        return dt.datetime.combine(tomorrow, dt.time(), ZoneInfo(zone))
    return now + {"1h": dt.timedelta(hours=1), "4h": dt.timedelta(hours=4), "week": dt.timedelta(days=7)}.get(
        choice, dt.timedelta(days=1)
    )


def standing_of(seen: Sequence[str | None] | None) -> Standing | None:
    """Return how an alert stood as the page keeps it: state, owner, time of change.

    Examples
    --------
    >>> standing_of(["open", None, None])
    Standing(state='open', owner=None, changed_at=None)
    """
    if not seen:
        return None
    state, owner, at = seen
    return Standing(str(state), owner, dt.datetime.fromisoformat(at) if at else None)


def _late(site: Site, alert_id: str) -> str:
    found = [a for a in (site.alerts.inbox.alerts() if site.alerts.inbox else []) if a.alert_id == alert_id]
    if not found:
        return say("没有保存：没有这条告警，它可能已撤回。请刷新页面")
    state, who = say(STATES.get(found[0].state, found[0].state)), found[0].changed_by or found[0].owner or "–"
    return say("没有保存：{who} 刚处理过，现在是「{state}」。页面已更新，请再看一眼", who=who, state=state)


def _anew() -> str:
    return f"alert-{time.time_ns()}"

"""What can be decided about an alert: forms that work with keyboard and thumb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics.inbox import SYSTEM_KIND
from analytics.inbox.message import MOOD_KEY
from dashboards.context import Context
from dashboards.language import msg, say
from dashboards.names import SPIKE_KINDS, channel_name

MUTE_ENDS = {
    "1h": msg("1 小时"),
    "4h": msg("4 小时"),
    "today": msg("到今天结束"),
    "24h": msg("24 小时"),
    "week": msg("一周"),
}
SAME, KEY = "same", "key"
"""What is muted: this kind, key and channel, or the key wherever it is."""
_DONE = ("muted", "resolved", "false_alarm")


def actions(context: Context, alert: dict[str, Any]) -> Component:
    """Return the buttons and forms for one alert; a reason instead where nothing can be decided."""
    if context.alerts.inbox is None:
        return html.Div()
    if not context.viewer.may_decide:
        return html.Div(say("您可以查看，但不能处理告警。"), className="foot-note", id="may-not-decide")
    state = alert["state"]
    plain = [
        *([_button("acknowledge", say("认领"), alert, main=True)] if state == "open" else []),
        *([_button("resolve", say("解决"), alert)] if state in ("open", "acknowledged") else []),
        *([_button("unmute", say("取消静音"), alert, main=True)] if state == "muted" else []),
        *([_button("reopen", _reopen(state), alert)] if state not in ("open", "muted") else []),
    ]
    forms = [
        *([_muting(alert)] if state not in _DONE else []),
        *([_false_alarm(alert)] if state not in _DONE and alert["kind"] != SYSTEM_KIND else []),
        _assigning(context, alert),
        _commenting(alert),
    ]
    changed = alert["changed_at"]
    standing = [state, alert["owner"] or None, None if pd.isna(changed) else changed.isoformat()]
    return html.Div(
        [
            html.Div(plain, className="alert-buttons"),
            html.Div(forms, className="alert-forms"),
            dcc.Store(id={"type": "alert-seen", "place": "card"}, data=standing),
            html.Div(id={"type": "alert-said", "place": "card"}, role="alert", className="not-corrected"),
        ],
        className="alert-actions",
        id="alert-actions",
    )


def field(name: str) -> dict[str, str]:
    """Return the id of a field of the forms; forms that a state does not have are not there."""
    return {"type": "alert-field", "name": name}


def _reopen(state: str) -> str:
    return say("取消认领") if state == "acknowledged" else say("撤销，重新打开")


def _button(act: str, text: str, alert: dict[str, Any], *, main: bool = False) -> html.Button:
    return html.Button(
        text, id={"type": "alert-act", "act": act, "alert": alert["alert_id"]}, n_clicks=0,
        className="save" if main else "act", **{"data-testid": f"act-{act}"},
    )  # fmt: skip


def _form(act: str, name: str, fields: Sequence[Component], hint: str, button: Component) -> html.Details:
    return html.Details(
        [
            html.Summary(name, className="act", **{"data-testid": f"open-{act}"}),
            html.Div([*fields, html.P(hint, className="form-hint") if hint else html.Span(), button],
                     className="act-panel"),
        ],
        className="alert-form",
        id=f"form-{act}",
    )  # fmt: skip


def _muting(alert: dict[str, Any]) -> html.Details:
    key = alert["key"] if alert["key"] not in ("*", MOOD_KEY) else ""
    kind = say(SPIKE_KINDS.get(alert["kind"], alert["kind"] or ""))
    same = say("只静音：{kind}，{channel}", kind=kind, channel=channel_name(alert["channel"]))
    scopes = {SAME: same, **({KEY: say("所有类型和渠道的同一对象")} if key else {})}
    fields = [
        _choice("until", say("多久"), {value: say(name) for value, name in MUTE_ENDS.items()}, "24h"),
        _choice("scope", say("静音什么"), scopes, SAME),
        dmc.TextInput(id=field("why"), label=say("原因（可不填）"), size="sm", inputProps={"maxLength": 200}, value=""),
    ]  # fmt: skip
    hint = say("到时间前，同类的新告警不再发消息，仍可在「已静音」里看到。随时可以取消。")
    return _form("mute", say("静音"), fields, hint, _button("mute", say("静音"), alert, main=True))


def _choice(name: str, label: str, choices: dict[str, str], value: str) -> dmc.RadioGroup:
    radios = [dmc.Radio(label=text, value=key, size="xs") for key, text in choices.items()]
    return dmc.RadioGroup(html.Div(radios, className="radios"), id=field(name), label=label, value=value, size="sm")


def _false_alarm(alert: dict[str, Any]) -> html.Details:
    hint = say("从下一次运行起，这几天会算进这个对象的基线：同样的幅度不再告警。这类告警的准确率也会随之更新。")
    return _form(
        "false_alarm", say("正常波动"), [], hint, _button("false_alarm", say("标为正常波动"), alert, main=True)
    )


def _assigning(context: Context, alert: dict[str, Any]) -> html.Details:
    known = [] if context.alerts.inbox is None else context.alerts.inbox.alerts()
    owners = sorted({each.owner for each in known if each.owner} | {context.viewer.name})
    box = dmc.Autocomplete(
        id=field("owner"), label=say("交给谁"), data=owners, size="sm", inputProps={"maxLength": 100}, value=""
    )
    return _form("assign", say("指派"), [box], "", _button("assign", say("指派"), alert, main=True))


def _commenting(alert: dict[str, Any]) -> html.Details:
    box = dmc.Textarea(id=field("comment"), label=say("给下一位值班的人"), autosize=True, minRows=2, size="sm",
                         inputProps={"maxLength": 1000}, value="")  # fmt: skip
    hint = say("电话号码等会自动遮盖。")
    return _form("comment", say("备注"), [box], hint, _button("comment", say("保存备注"), alert, main=True))

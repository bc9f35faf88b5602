"""Trouble of the system itself: a scheduled run that failed, or did not end in time, as one alert while it lasts.

Such an alert has no contacts and no spike: what the days' data say neither ends it nor takes it back. It ends when the
same DAG next succeeds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from analytics.inbox.database import writing
from analytics.inbox.growth import new_row
from analytics.inbox.mutes import is_muted
from analytics.inbox.policy import Policy
from analytics.inbox.records import SYSTEM, SYSTEM_KIND, NewAlert
from analytics.inbox.rows import note
from analytics.inbox.tables import AlertRow, DeliveryRow
from analytics.inbox.telling import tell_end, tell_first
from analytics.schema import ALL

DOC = "docs/airflow.md"
"""Where the person on call reads on."""


@dataclass(frozen=True)
class _Told:
    """What people are told of a DAG: its name, what is missing while it fails, how urgent that is."""

    name: str
    missing: str
    severity: str


_KNOWN = {
    "collect": _Told("采集", "有来源的新记录没有取到；来源恢复后会自动补上", "medium"),
    "analyze": _Told("分析", "新记录没有分析，看板停在上一次发布的数据，新的异常可能没有告警", "high"),
    "daily": _Told("前一日重算", "前一日晚到的记录还没有算进主题与指标", "medium"),
    "retrain": _Told("重训模型", "沿用上周的模型，看板不受影响", "low"),
    "report": _Told("周报", "本周的周报没有写好或没有寄出", "low"),
    "retention": _Told("到期删除", "到期的记录还没有删除，下一晚会再删", "low"),
}
"""DAG → what people are told. Severity is our choice: `analyze` is the one whose failure hides what customers say."""
_OTHER = _Told("", "这个定时任务的结果没有更新", "medium")


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A run that went wrong.

    Attributes
    ----------
    dag_id : str
        What failed; the alert's key.
    tasks : sequence of str
        Tasks that failed; none where the run is only late.
    late_hours : float or None
        Hours it was to end within, for a run that did not.
    run_url : str
        The run's page in Airflow; empty where nobody knows.
    """

    dag_id: str
    tasks: Sequence[str] = ()
    late_hours: float | None = None
    run_url: str = ""


def trouble_alert(trouble: Trouble, at: dt.datetime, dashboard_url: str) -> NewAlert:
    """Return the alert of a run that went wrong, as a person reads it.

    Parameters
    ----------
    trouble : Trouble
        The run.
    at : datetime
        When it went wrong, with a zone.
    dashboard_url : str
        Where the dashboards are.

    Examples
    --------
    >>> moment = dt.datetime(2026, 3, 1, 19, tzinfo=dt.UTC)
    >>> alert = trouble_alert(Trouble(dag_id="analyze", tasks=["conform"]), moment, "http://kesheng")
    >>> alert.title, alert.severity, alert.kind
    ('系统：分析（analyze）运行失败', 'high', 'system')
    """
    told = _KNOWN.get(trouble.dag_id, _OTHER)
    name = f"{told.name}（{trouble.dag_id}）" if told.name else trouble.dag_id
    alert_id = hashlib.sha256(f"system:{trouble.dag_id}:{at.isoformat()}".encode()).hexdigest()[:16]
    what = "超时未完成" if trouble.late_hours is not None and not trouble.tasks else "运行失败"
    lines = [
        *([f"失败任务：{'、'.join(trouble.tasks)}"] if trouble.tasks else []),
        *([f"时限：{trouble.late_hours:g} 小时内应当完成"] if trouble.late_hours is not None else []),
        f"影响：{told.missing}",
        f"处理：{_advice(trouble)}",
        *([f"运行：{trouble.run_url}"] if trouble.run_url else []),
        f"文档：{DOC}",
        f"查看：{dashboard_url.rstrip('/')}/operations?alert={alert_id}",
    ]
    return NewAlert(
        alert_id=alert_id,
        spike_id="",
        key=trouble.dag_id,
        severity=told.severity,
        channel=ALL,
        title=f"系统：{name}{what}",
        body="\n".join(lines),
        started_at=at,
        kind=SYSTEM_KIND,
    )


class Troubles:
    """The part of `Inbox` that is about the system itself."""

    _engine: Engine
    policy: Policy

    def report_trouble(self, alert: NewAlert, *, now: dt.datetime, ways: Sequence[str]) -> str:
        """Put trouble in, or bring up to date the alert that its DAG has already; return the alert's id.

        While a DAG fails, however often, it has one alert, told once; what a person decided about it stays. After it
        ended, or somebody closed it, the next failure begins another.

        Parameters
        ----------
        alert : NewAlert
            Of `trouble_alert`.
        now : datetime
            With a zone.
        ways : sequence of str
            How it is to be sent.
        """
        with writing(self._engine) as session:
            rows = _lasting(session, alert.key)
            if rows:
                return _go_on(rows[0], alert, now)
            muted = is_muted(session, alert)
            row = new_row(alert, "muted" if muted else "open", now)
            row.severity = self.policy.severity(alert)
            session.add(row)
            session.flush()
            note(session, alert.alert_id, "raised", now, SYSTEM, alert.title)
            if not muted:
                tell_first(session, row, ways, self.policy, now)
            return alert.alert_id

    def settle_trouble(self, dag_id: str, *, now: dt.datetime) -> int:
        """End the trouble of a DAG that succeeded; return how many alerts that were."""
        with writing(self._engine) as session:
            rows = _lasting(session, dag_id)
            for row in rows:
                if row.state == "muted":  # nobody wanted to hear of it: its end does not free the message
                    pending = DeliveryRow.alert_id == row.alert_id, DeliveryRow.state == "pending"
                    session.execute(delete(DeliveryRow).where(*pending))
                row.state, row.changed_at, row.changed_by = "resolved", now, SYSTEM
                row.last_seen_at = now
                note(session, row.alert_id, "resolved", now, SYSTEM, "下一次运行成功")
                tell_end(session, row, "resolved", self.policy)
            return len(rows)


def _advice(trouble: Trouble) -> str:
    if trouble.tasks:
        return "打开这次运行，看失败任务日志的最后一行；修好后 Clear 它和它后面的任务，重复运行不会重复计数"
    return "打开这次运行，看哪个任务还没有结束；任务一直排队时检查资源池（python -m dags.pools）和调度器"


def _lasting(session: Session, dag_id: str) -> list[AlertRow]:
    query = select(AlertRow).where(
        AlertRow.kind == SYSTEM_KIND, AlertRow.key == dag_id, AlertRow.state.not_in(("resolved",))
    )
    return list(session.scalars(query.order_by(AlertRow.started_at.desc())))


def _go_on(row: AlertRow, alert: NewAlert, now: dt.datetime) -> str:
    """Let the alert tell of the last run that went wrong; its link stays its own."""
    row.title, row.body = alert.title, alert.body.replace(alert.alert_id, row.alert_id)
    row.last_seen_at, row.n_windows = now, row.n_windows + 1
    return row.alert_id

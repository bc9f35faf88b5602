"""`kesheng alerts`: what a person on duty sees and decides, with exit codes, on an inbox of a home of its own."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest

from analytics.inbox import Inbox, NewAlert
from jobs import cli

NOW = dt.datetime.now(dt.UTC)


def _alert(name: str, key: str, **more: object) -> NewAlert:
    start = NOW - dt.timedelta(hours=2)
    values = {"severity": "high", "channel": "app", "kind": "keyword", "started_at": start, **more}
    return NewAlert(
        alert_id=name, spike_id=f"s-{name}", key=key, title=f"「{key}」1 小时内 40 次", body="原声：\n· 一句话",
        n_contacts=40, ended_at=NOW - dt.timedelta(hours=1), **values,
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inbox:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    found = Inbox(f"sqlite:///{tmp_path / 'inbox.db'}")
    found.raise_alerts([_alert("abc1", "退款"), _alert("abd2", "物流", kind="topic")], now=NOW, send=True)
    return found


def kesheng(*arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Run the command as the shell does; return exit code and what it said."""
    monkeypatch.setattr(sys, "argv", ["kesheng", "alerts", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
        sys.exit(0)
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err


def test_what_a_person_on_duty_does(
    inbox: Inbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: str) -> str:
        code, said = kesheng(*arguments, capsys=capsys, monkeypatch=monkeypatch)
        assert code == 0, said
        return said.rstrip("\n")

    first, second, third = run("list").split("\n")
    assert first.split("\t") == ["编号", "级别", "状态", "标题", "开始", "最近一次", "联络", "负责人", "消息"]
    assert second.split("\t")[:4] == ["abc1", "高", "待处理", "「退款」1 小时内 40 次"]
    assert third.endswith("console 待发送")
    assert "负责人 小王" in run("ack", "abc", "--by", "小王")
    assert "指派给 小李" in run("assign", "abc", "小李", "--by", "小王")
    run("comment", "abc", "回拨 13912345678，供应商在查", "--by", "小李")
    assert "正常波动" in run("false-alarm", "abd2")
    shown = run("show", "abc")
    assert [line for line in shown.split("\n") if line.startswith("已认领")] == [
        "已认领；负责人 小李；关键词 退款；App"
    ]
    assert "13912345678" not in shown
    assert "供应商在查" in shown
    assert "console 新告警 不再发送" in shown
    assert run("precision").split("\n")[1:] == ["关键词\t1\t0\t100%（21%–100%）", "主题\t1\t1\t0%（0%–79%）"]
    assert "\t正常波动\t" in run("list", "--all")
    assert "已重新打开" in run("reopen", "abd2")
    assert "已解决" in run("resolve", "abd2")
    assert len(run("list").split("\n")) == 2


def test_mutes(inbox: Inbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        return kesheng(*arguments, capsys=capsys, monkeypatch=monkeypatch)

    assert "静音 1，到 2099-03-09 00:00" in run("mute", "abc", "--until", "2099-03-08", "--why", "促销")[1]
    assert run("mute-key", "--key", "发票", "--until", "2099-03-08 09:00")[0] == 0
    assert [line.split("\t")[:4] for line in run("mutes")[1].splitlines()[1:]] == [
        ["1", "关键词", "退款", "App"],
        ["2", "全部", "发票", "全部"],
    ]
    inbox.raise_alerts([_alert("late", "发票", started_at=NOW + dt.timedelta(hours=1))], now=NOW, send=True)
    assert [alert.alert_id for alert in inbox.alerts(states=["muted"])] == ["late", "abc1"]
    assert run("unmute", "--number", "2") == (0, "静音 2 已取消\n")
    assert run("unmute", "abc")[1].endswith("取消了 1 条静音\n")
    assert "已取消" in run("mutes", "--all")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ack", "nobody"), "expected the id of an alert, got 'nobody': no alert has it"),
        (("show", "ab"), "2 alerts begin with it"),
        (("ack", "abc1", "--by", " "), "expected a name, got nothing"),
        (("comment", "abc1", " "), "expected a comment, got nothing"),
        (("mute", "abc1", "--until", "明天"), "expected --until as 2026-03-08"),
        (("mute", "abc1", "--until", "2020-01-01"), "mute: expected an end after"),
        (("mute-key",), "expected at least one of kind, key and channel"),
        (("unmute",), "got neither or both"),
        (("unmute", "--number", "9"), "expected the number of a mute, got 9"),
        (("test-channel", "nowhere"), "there is no channel 'nowhere'"),
    ],
)
def test_what_cannot_be_is_refused_with_2_and_nothing_changes(
    inbox: Inbox,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    before = inbox.table()
    code, answer = kesheng(*arguments, capsys=capsys, monkeypatch=monkeypatch)
    assert (code, said in answer) == (2, True), answer
    assert inbox.table().equals(before)
    assert inbox.mutes() == []


def test_a_person_at_a_terminal_gets_a_drawn_table(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from jobs.alerts_review import listed

    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert "─" in listed()
    assert "\t" not in listed()

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.inbox import Inbox, NewAlert
from analytics.inbox.wishes import DecidedMeanwhileError, Standing, comment_of, end_of_mute, name_of

NOW = dt.datetime(2026, 9, 20, 6, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=1)
FRESH = Standing("open", None, None)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    found = Inbox(f"sqlite:///{tmp_path / 'inbox.db'}")
    alert = NewAlert(
        alert_id="a1", spike_id="s1", key="面膜", kind="keyword", severity="high", channel="*", title="面膜",
        body="…", started_at=NOW - dt.timedelta(hours=1), n_contacts=12,
    )  # fmt: skip
    found.raise_alerts([alert], now=NOW, send=False)
    yield found
    found.close()


Act = Callable[[Inbox, Standing | None], object]
ACTS: dict[str, Act] = {
    "acknowledge": lambda inbox, seen: inbox.acknowledge("a1", "李", LATER, seen=seen),
    "resolve": lambda inbox, seen: inbox.resolve("a1", "李", LATER, seen=seen),
    "false_alarm": lambda inbox, seen: inbox.false_alarm("a1", "李", LATER, seen=seen),
    "reopen": lambda inbox, seen: inbox.reopen("a1", "李", LATER, seen=seen),
    "assign": lambda inbox, seen: inbox.assign("a1", "周", "李", LATER, seen=seen),
    "mute": lambda inbox, seen: inbox.mute("a1", "李", LATER, seen=seen),
    "unmute": lambda inbox, seen: inbox.unmute("a1", "李", LATER, seen=seen),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_who_decides_on_what_is_no_longer_so_is_told_and_changes_nothing(inbox: Inbox, act: Act) -> None:
    inbox.acknowledge("a1", "王", NOW, seen=FRESH)
    before, n_events = inbox.alerts(), len(inbox.history("a1"))
    with pytest.raises(DecidedMeanwhileError, match="acknowledged by 王"):
        act(inbox, FRESH)
    assert inbox.alerts() == before and len(inbox.history("a1")) == n_events and inbox.mutes() == []
    now = Standing(before[0].state, before[0].owner, before[0].changed_at)
    act(inbox, now)
    assert len(inbox.history("a1")) == n_events + 1


def test_an_alert_has_its_parts_and_everything_raises_the_version(inbox: Inbox) -> None:
    assert [(part.spike_id, part.n_contacts) for part in inbox.parts("a1")] == [("s1", 12)]
    assert inbox.grown() == {}
    before = inbox.version()
    inbox.comment("a1", "在查", "王", NOW)
    assert inbox.version() > before


def test_names_comments_and_ends_are_kept_in_one_form() -> None:
    assert name_of(" 小\n王 ") == "小 王"
    assert "13912345678" not in comment_of("回电 13912345678")
    assert end_of_mute("2026-03-08 09:00", "Asia/Shanghai") == dt.datetime(2026, 3, 8, 1, tzinfo=dt.UTC)
    for wrong in (lambda: name_of(" "), lambda: comment_of(" "), lambda: end_of_mute("soon", "UTC")):
        with pytest.raises(ConfigError):
            wrong()

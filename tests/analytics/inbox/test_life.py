"""One alert over many runs: it grows, calms, ends, comes back; it is told when rules allow, never by backfills."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.inbox import SYSTEM, Alert, Inbox, NewAlert, Policy, Rule
from analytics.inbox.forget import forget_verbatims

START = dt.datetime(2026, 9, 20, 2, tzinfo=dt.UTC)
EVERYTHING = Policy(updates=("grown", "reopened", "calmed", "resolved"))


def hours(n: float) -> dt.timedelta:
    return dt.timedelta(hours=n)


def spike(name: str = "a", *, start: float = 0, end: float = 1, n: int = 20, **more: object) -> NewAlert:
    alert = NewAlert(
        alert_id=name, spike_id=f"spike-{name}", kind="keyword", key="极速退", channel="*", severity="medium",
        title="「极速退」", body=f"一\n查看：http://x/?alert={name}", n_contacts=n, observed=9.0, expected=1.0,
        started_at=START + hours(start), ended_at=START + hours(end),
    )  # fmt: skip
    return replace(alert, **more)  # type: ignore[arg-type]


def data(last: int, channel: str = "*") -> dict[str, list[dt.datetime]]:
    """Every hour until `last` has contacts."""
    return {channel: [START + hours(n) for n in range(-24, last)]}


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    found = Inbox(f"sqlite:///{tmp_path / 'inbox.db'}", EVERYTHING)
    yield found
    found.close()


def raise_(inbox: Inbox, *rows: NewAlert, at: float = 2, send: bool = True) -> Alert:
    inbox.raise_alerts(rows, now=START + hours(at), send=send)
    return inbox.alerts()[0]


def told(inbox: Inbox, at: float = 2) -> list[str]:
    """Send all that is due; return why it was."""
    reasons = []
    for delivery in inbox.pending(START + hours(at)):
        assert inbox.claim(delivery.alert.alert_id, delivery.way, START + hours(at))
        inbox.mark_sent(delivery.alert.alert_id, delivery.way, START + hours(at))
        reasons.append(delivery.reason)
    return reasons


def happened(inbox: Inbox, alert_id: str = "a") -> list[str]:
    return [event.what for event in inbox.history(alert_id)]


def test_a_shifted_start_is_the_same_alert_and_its_link_still_leads_there(inbox: Inbox) -> None:
    raise_(inbox, spike("a", start=0, end=1))
    found = raise_(inbox, spike("b", start=-1, end=2, n=25))
    assert [alert.alert_id for alert in inbox.alerts()] == ["a"]
    assert (found.spike_id, found.n_contacts, found.started_at) == ("spike-b", 25, START - hours(1))
    assert found.body.endswith("alert=a")
    assert inbox.withdraw({"b"}, since=START - hours(5), until=START + hours(5)) == 0
    assert len(inbox.alerts()) == 1


@pytest.mark.parametrize("other", [{"kind": "topic"}, {"key": "退款"}, {"channel": "app"}])
def test_another_matter_is_another_alert(inbox: Inbox, other: dict[str, str]) -> None:
    raise_(inbox, spike("a"))
    raise_(inbox, spike("b", **other))
    assert len(inbox.alerts()) == 2


def test_an_incident_that_gets_another_name_is_the_same_alert_by_its_contacts(inbox: Inbox) -> None:
    ids = [f"c{number}" for number in range(300)]
    raise_(inbox, spike("a", contact_ids=ids[:40]))
    assert told(inbox) == ["new"]
    found = raise_(inbox, spike("b", key="退款", kind="topic", end=3, n=300, contact_ids=ids))
    assert (found.alert_id, found.key, found.kind, found.n_contacts) == ("a", "退款", "topic", 300)
    assert told(inbox) == ["grown"]
    raise_(
        inbox,
        spike("b", key="退款", kind="topic", end=3, n=300, contact_ids=ids),
        spike("c", key="发票", contact_ids=ids),
    )
    assert len(inbox.alerts()) == 2  # both are found at once: two matters
    raise_(inbox, spike("d", key="物流", contact_ids=["x", "y"]))
    assert len(inbox.alerts()) == 3


def test_growth_is_told_once_it_doubles_or_gets_worse(inbox: Inbox) -> None:
    raise_(inbox, spike(n=20))
    raise_(inbox, spike(n=30))
    assert told(inbox) == ["new"]
    raise_(inbox, spike(n=50))
    assert told(inbox) == []
    raise_(inbox, spike(n=60))
    raise_(inbox, spike(n=61))
    assert told(inbox) == ["grown"]
    found = raise_(inbox, spike(n=62, severity="high"))
    assert (told(inbox), told(inbox), found.n_contacts) == (["grown"], [], 62)
    assert happened(inbox).count("grown") == 5


def test_it_calms_ends_and_comes_back_as_the_same_alert(inbox: Inbox) -> None:
    raise_(inbox, spike(), at=0)
    assert told(inbox) == ["new"]
    assert inbox.settle(data(3), now=START + hours(3), send=True) == {"calmed": 0, "resolved": 0}
    assert inbox.settle(data(4), now=START + hours(4), send=True) == {"calmed": 1, "resolved": 0}
    assert inbox.settle(data(13), now=START + hours(13), send=True) == {"calmed": 0, "resolved": 1}
    (over,) = inbox.alerts()
    assert (over.state, over.changed_by) == ("resolved", SYSTEM)
    assert told(inbox) == ["resolved"]  # that it is calm was not sent yet, and is no news any more
    back = raise_(inbox, spike("b", start=20, end=21, n=15), at=22)
    assert (len(inbox.alerts()), back.state, back.n_contacts) == (1, "open", 35)
    assert (back.started_at, back.last_seen_at) == (START, START + hours(21))
    assert told(inbox) == ["reopened"]
    assert happened(inbox) == ["raised", "sent", "calmed", "resolved", "sent", "reopened", "sent"]


def test_what_comes_back_later_than_a_day_is_new(inbox: Inbox) -> None:
    raise_(inbox, spike())
    raise_(inbox, spike("b", start=26, end=27), at=28)
    assert [alert.alert_id for alert in inbox.alerts()] == ["b", "a"]


def test_hours_without_contacts_end_nothing(inbox: Inbox) -> None:
    raise_(inbox, spike(channel="app"))
    nothing = {"*": data(40)["*"], "app": data(2)["*"]}
    assert inbox.settle(nothing, now=START + hours(40), send=True) == {"calmed": 0, "resolved": 0}
    raise_(inbox, spike("new", key="退款"), at=50)
    assert inbox.settle(data(40), now=START + hours(50), send=True)["resolved"] == 0  # raised by this very run


def test_what_is_found_late_stays_open_for_hours_of_the_clock(inbox: Inbox) -> None:
    raise_(inbox, spike(), at=100)
    before = inbox.alerts()
    assert inbox.settle(data(100), now=START + hours(101), send=True) == {"calmed": 0, "resolved": 0}
    assert inbox.alerts() == before  # a run done again at once changes nothing
    assert inbox.settle(data(100), now=START + hours(113), send=True)["resolved"] == 1


def test_a_person_who_closed_it_is_asked_again_only_for_what_began_later(inbox: Inbox) -> None:
    raise_(inbox, spike())
    inbox.resolve("a", "小王", START + hours(2))
    assert raise_(inbox, spike(end=3, n=90), at=4).state == "resolved"
    assert raise_(inbox, spike(end=3, n=90), spike("b", start=6, end=7), at=8).state == "open"
    inbox.false_alarm("a", "小王", START + hours(9))
    assert raise_(inbox, spike("c", start=10, end=11), at=12).alert_id == "c"


def test_backfills_and_reprocessing_send_nothing(inbox: Inbox) -> None:
    raise_(inbox, spike("old"), send=False)
    raise_(inbox, spike("old", n=500, severity="high", end=5))
    assert told(inbox) == []
    raise_(inbox, spike("live", key="退款"))
    assert told(inbox) == ["new"]
    raise_(inbox, spike("live", key="退款", n=500, severity="high"), send=False)
    assert inbox.settle(data(40), now=START + hours(40), send=False)["resolved"] == 2
    raise_(inbox, spike("back", key="退款", start=20, end=21), send=False)
    assert inbox.withdraw([], since=START - hours(9), until=START + hours(90), send=False) > 0
    assert told(inbox) == []
    raise_(inbox, spike("live", key="退款", n=500, severity="high"), at=41)
    assert told(inbox) == ["reopened"]  # taken back, and there again in a run that may send


def test_what_was_told_stays_when_the_days_no_longer_have_it(inbox: Inbox) -> None:
    raise_(inbox, spike(), spike("untold", key="退款"))
    inbox.mark_sent("a", "console", START)
    assert inbox.withdraw([], since=START, until=START + hours(1), now=START + hours(3), send=True) == 2
    (found,) = inbox.alerts()
    assert (found.alert_id, found.state, found.changed_by) == ("a", "resolved", SYSTEM)
    assert told(inbox) == ["resolved"]
    assert happened(inbox, "untold")[-1] == "withdrawn"


def test_rules_hold_a_message_back_until_they_are_met(inbox: Inbox) -> None:
    inbox.policy = Policy(min_contacts=30, in_a_row=2, least_severity="medium", rules=[Rule(key="客诉", in_a_row=1)])
    held = raise_(inbox, spike(severity="low"))
    assert held.held == "级别 低，低于 中"
    assert raise_(inbox, spike()).held == "联络 20 个，少于 30 个"
    assert raise_(inbox, spike(n=40)).held == "连续 1 次，少于 2 次"
    assert told(inbox) == []
    assert raise_(inbox, spike(n=41, end=2)).held is None
    assert told(inbox) == ["new"]
    raise_(inbox, spike("c", key="客诉", n=30))
    assert told(inbox) == ["new"]


def test_a_rule_gives_severity_its_name(inbox: Inbox) -> None:
    inbox.policy = Policy(rules=[Rule(kind="keyword", key="极速退", severity="high")])
    assert raise_(inbox, spike(severity="low")).severity == "high"


def test_quiet_hours_let_only_high_severity_through(inbox: Inbox) -> None:
    inbox.policy = Policy(quiet_from=dt.time(22), quiet_to=dt.time(8))
    night, morning = START.replace(hour=15), START.replace(hour=1) + hours(24)
    raise_(inbox, spike(), spike("b", key="退款", severity="high"))
    assert [row.alert.alert_id for row in inbox.pending(night)] == ["b"]
    assert [row.alert.alert_id for row in inbox.pending(morning)] == ["a", "b"]


def test_an_ended_alert_nobody_heard_of_is_still_told(inbox: Inbox) -> None:
    raise_(inbox, spike())
    inbox.settle(data(30), now=START + hours(30), send=True)
    (delivery,) = inbox.pending(START + hours(31))
    assert (delivery.reason, delivery.alert.state) == ("new", "resolved")


def test_mutes_have_an_end_and_can_be_taken_back(inbox: Inbox) -> None:
    raise_(inbox, spike())
    number = inbox.mute("a", "小王", START, until=START + hours(48), why="促销")
    assert raise_(inbox, spike("b", start=30, end=31), at=32).state == "muted"
    assert [mute.mute_id for mute in inbox.mutes(START + hours(1))] == [number]
    assert inbox.unmute("a", "小李", START + hours(33)) == 1
    assert inbox.mutes(START + hours(34)) == []
    assert {alert.alert_id: alert.state for alert in inbox.alerts()} == {"a": "open", "b": "muted"}
    assert raise_(inbox, spike("c", start=60, end=61), at=62).state == "open"
    assert happened(inbox)[1:3] == ["muted", "unmuted"]


def test_owner_and_comments_stand_beside_the_history(inbox: Inbox) -> None:
    raise_(inbox, spike())
    inbox.assign("a", "小李", "小王", START)
    inbox.comment("a", "供应商在查", "小李", START)
    (found,) = inbox.alerts()
    assert (found.owner, found.state) == ("小李", "open")
    inbox.resolve("a", "小王", START)
    assert (inbox.alerts()[0].owner, inbox.alerts()[0].changed_by) == ("小李", "小王")
    assert [comment.text for comment in inbox.comments("a")] == ["供应商在查"]
    done = [(event.what, event.by) for event in inbox.history("a")]
    assert done[1:3] == [("assigned", "小王"), ("commented", "小李")]


def test_an_erased_quotation_is_in_no_file_while_others_have_the_inbox_open(inbox: Inbox, tmp_path: Path) -> None:
    said = "这个面膜敷完脸好红呀"
    raise_(inbox, spike(body=f"原声：\n· {said}\n· 别人说的\n查看：x"))
    inbox.comment("a", f"客户说{said}，已回拨", "小李", START)
    assert forget_verbatims(f"sqlite:///{tmp_path / 'inbox.db'}", [said]) == 2
    assert (inbox.alerts()[0].body.count("已按客户要求删除"), "别人说的" in inbox.alerts()[0].body) == (1, True)
    assert [file.name for file in tmp_path.iterdir() if said.encode() in file.read_bytes()] == []


incidents = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 5), st.integers(8, 90), st.booleans()), min_size=1, max_size=6
)


@settings(max_examples=6)
@given(incidents)
def test_whatever_runs_see_numbers_add_up_and_each_message_has_a_reason(rows: list[tuple[int, int, int, bool]]) -> None:
    inbox = Inbox("sqlite://", EVERYTHING)
    sent: list[tuple[str, str]] = []
    for number, (start, length, n, send) in enumerate(rows):
        raise_(inbox, spike(str(number), start=start, end=start + length, n=n), at=start + length, send=send)
        for delivery in inbox.pending(START + hours(99)):
            sent.append((delivery.alert.alert_id, delivery.reason))
            inbox.mark_sent(delivery.alert.alert_id, delivery.way, START)
    for alert in inbox.alerts():
        assert alert.last_seen_at is not None
        assert alert.started_at <= alert.last_seen_at
        assert alert.n_contacts <= sum(n for _, _, n, _ in rows)
        mine = [reason for alert_id, reason in sent if alert_id == alert.alert_id]
        assert mine.count("new") <= 1
        assert not mine or mine[0] == "new"
    again = [spike(str(number), start=s, end=s + length, n=n) for number, (s, length, n, _) in enumerate(rows)]
    before = inbox.table()
    inbox.raise_alerts(again[-1:], now=START + hours(99), send=True)
    assert inbox.table().equals(before)
    inbox.close()

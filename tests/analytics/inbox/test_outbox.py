"""The outbox: killed anywhere it loses nothing, and an idempotency key lets nobody be told twice."""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from analytics.inbox import Inbox, Policy
from analytics.inbox.outbox import MOST_DOUBTS


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


sending = _load("sending_process")
NOW: dt.datetime = sending.START
N_ALERTS = 26
N_RANDOM_KILLS = 10
N_SHARED = 12


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    found = Inbox(f"sqlite:///{tmp_path / 'inbox.db'}")
    found.raise_alerts([sending.spike(0)], now=NOW, send=True, ways=("hook",))
    yield found
    found.close()


def minutes(n: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=n)


def test_a_claim_is_one_process_s_until_it_is_in_doubt(inbox: Inbox) -> None:
    (first,) = inbox.pending(NOW)
    assert inbox.claim("a0", "hook", NOW)
    assert not inbox.claim("a0", "hook", minutes(9))
    assert (inbox.pending(minutes(9)), inbox.in_doubt(minutes(9))) == ([], [])
    (again,) = inbox.in_doubt(minutes(10))
    assert (again.delivery_id, again.possible_repeat, first.possible_repeat) == (first.delivery_id, True, False)
    assert inbox.claim("a0", "hook", minutes(10))
    assert inbox.in_doubt(minutes(11)) == []
    inbox.mark_sent("a0", "hook", minutes(12))
    assert not inbox.claim("a0", "hook", minutes(99))
    assert [event.what for event in inbox.history("a0")] == ["raised", "in_doubt", "sent"]


def test_a_message_that_kills_its_process_is_given_up(inbox: Inbox) -> None:
    for number in range(99):
        if not inbox.claim("a0", "hook", minutes(20 * number)):
            break
    assert number == 1 + MOST_DOUBTS
    assert inbox.in_doubt(minutes(9999)) == []


def test_a_failed_message_waits_for_its_time_and_a_refused_one_is_given_up(inbox: Inbox) -> None:
    assert inbox.claim("a0", "hook", NOW)
    inbox.mark_failed("a0", "hook", "hook: 503", minutes(5))
    assert (inbox.pending(minutes(4)), inbox.claim("a0", "hook", minutes(4))) == ([], False)
    (row,) = inbox.pending(minutes(5))
    assert (row.n_attempts, row.last_error, row.possible_repeat) == (1, "hook: 503", False)
    inbox.give_up("a0", "hook", "hook: 404", minutes(6))
    assert inbox.pending(minutes(99)) == []
    assert inbox.history("a0")[-1].detail == "hook：hook: 404"


def test_what_grew_while_its_message_was_under_way_is_told(inbox: Inbox) -> None:
    assert inbox.claim("a0", "hook", NOW)
    grown = sending.NewAlert(**{**vars(sending.spike(0)), "n_contacts": 50})
    inbox.raise_alerts([grown], now=NOW, send=True, ways=("hook",))
    inbox.mark_sent("a0", "hook", NOW)
    (row,) = inbox.pending(NOW)
    assert (row.reason, row.alert.n_contacts) == ("grown", 50)


@pytest.mark.slow
def test_killed_anywhere_nothing_is_lost_and_no_key_is_new_twice(tmp_path: Path) -> None:
    url, chance = f"sqlite:///{tmp_path / 'inbox.db'}", random.Random(6)
    Inbox(url).close()
    plans = [(point, nth) for point in sending.POINTS for nth in (1, 2, 3)]
    with sending.receiver(tmp_path) as (hook, log):
        for number, (point, nth) in enumerate(plans):
            task = partial(sending.work, url, 4 + number, hook, sending.kill_at(point, nth))
            assert sending.end_of(sending.start(task)) == -signal.SIGKILL, (point, nth)
        for number in range(N_RANDOM_KILLS):
            process = sending.start(partial(_work_and_wait, url, 16 + number, hook))
            time.sleep(chance.uniform(0.0, 0.06))
            os.kill(process, signal.SIGKILL)
            assert sending.end_of(process) == -signal.SIGKILL
        assert sending.end_of(sending.start(partial(sending.work, url, N_ALERTS, hook, _go_on))) == 0
        lines = _lines(log)
    inbox = Inbox(url)
    assert inbox.pending() == inbox.in_doubt(dt.datetime.now(dt.UTC)) == []
    assert len({key for key, _ in lines}) == len(inbox.alerts()) == N_ALERTS
    inbox.close()
    first: set[str] = set()
    for key, repeat in lines:
        assert repeat == "1" or key not in first  # whatever came twice said that it may
        first.add(key)
    assert len(lines) - N_ALERTS <= len(plans) + N_RANDOM_KILLS


def _go_on(point: str) -> None:
    pass


def _work_and_wait(url: str, n_alerts: int, hook: Path) -> None:
    sending.work(url, n_alerts, hook, _go_on)
    time.sleep(60)  # for the kill, however fast the work was


def test_two_processes_at_once_send_each_message_once(tmp_path: Path) -> None:
    send_each_once_from_two_processes(f"sqlite:///{tmp_path / 'inbox.db'}", tmp_path)


def send_each_once_from_two_processes(url: str, folder: Path) -> None:
    Inbox(url).close()
    with sending.receiver(folder) as (hook, log):
        task = partial(sending.work, url, N_SHARED, hook, _go_on, Policy())
        processes = [sending.start(task), sending.start(task)]
        assert [sending.end_of(process) for process in processes] == [0, 0]
        lines = _lines(log)
    assert len(lines) == len({key for key, _ in lines}) == N_SHARED
    assert {repeat for _, repeat in lines} == {"0"}


def _lines(log: Path) -> list[tuple[str, str]]:
    return [tuple(line.split()) for line in log.read_text().splitlines()] if log.exists() else []  # type: ignore[misc]

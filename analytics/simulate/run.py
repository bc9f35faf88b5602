"""Weeks on disk, day by day, and the file that tells what was planted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analytics.errors import InputFileError
from analytics.simulate import planted
from analytics.simulate.day import DayTruth, simulate_day
from analytics.simulate.grammar import BORN_TOPIC, KEYWORD, OUTAGE_TOPIC
from analytics.simulate.mood import NEGATIVE_PER_MINUTE, POSITIVE_PER_MINUTE, TYPICAL_WAIT_MINUTES
from analytics.simulate.plan import Plan

Progress = Callable[[str, int, int], None]
"""Called with the day just written, days done and days in all."""


def simulate(plan: Plan, out: Path, *, progress: Progress | None = None) -> None:
    """Write a simulated service centre: calls/, chats/, orders/, truth/ and truth.json.

    Parameters
    ----------
    plan : Plan
        What to simulate; the same plan gives the same bytes.
    out : Path
        Folder; made if it is missing. Files of the same days are replaced, others left alone.
    progress : callable, optional
        Called after each day with its date, the days done and the days in all.

    Raises
    ------
    InputFileError
        If the folder cannot be written.

    Notes
    -----
    Streams: one day's schedule is in memory at a time. Time grows with the number of contacts.
    """
    events: list[dict[str, Any]] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for index in range(plan.days):
            found = simulate_day(plan, index, out)
            events += _events(plan, index, found)
            if progress is not None:
                progress(plan.day(index).isoformat(), index + 1, plan.days)
        text = json.dumps(_truth(plan, _joined(events)), ensure_ascii=False, indent=1)
        (out / "truth.json").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputFileError(
            f"simulate: expected a folder that can be written, got {out} ({error.strerror}); choose another folder"
        ) from error


def _truth(plan: Plan, events: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "first_day": plan.first_day.isoformat(),
        "days": plan.days,
        "contacts_per_day": plan.contacts_per_day,
        "seed": plan.seed,
        "timezone": "Asia/Shanghai",
        "mood_and_wait": {
            "negative_log_odds_per_minute": NEGATIVE_PER_MINUTE,
            "positive_log_odds_per_minute": -POSITIVE_PER_MINUTE,
            "typical_wait_minutes": TYPICAL_WAIT_MINUTES,
        },
        "events": events,
    }


def _events(plan: Plan, index: int, found: DayTruth) -> list[dict[str, Any]]:
    """Return the planted events of one day; those of several days are joined later."""
    day = plan.day(index).isoformat()
    all_day = list(range(24))

    def event(kind: str, key: str, hours: list[int], channel: str | None, ids: list[str]) -> dict[str, Any]:
        return {
            "kind": kind,
            "key": key,
            "day": day,
            "last_day": day,
            "hours": hours,
            "channel": channel,
            "contact_ids": ids,
        }

    events = []
    if found.keyword:
        hours = list(range(planted.KEYWORD_HOUR, 24)) if index == planted.KEYWORD_DAY else all_day
        events.append(event("keyword", KEYWORD, hours, None, found.keyword))
    if found.slow_team:
        slow = event("slow_team", planted.SLOW_TEAM, [planted.SLOW_HOUR], planted.SLOW_CHANNEL, found.slow_team)
        events.append({**slow, "reply_seconds": list(planted.SLOW_SECONDS)})
    if found.born:
        events.append(event("topic_born", BORN_TOPIC, all_day, None, found.born))
    if found.outage:
        events.append(event("outage", OUTAGE_TOPIC, all_day, None, found.outage))
    if found.doubled:
        events.append(event("volume", "doubled", all_day, None, found.doubled))
    return events


def _joined(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join the days of one event; `hours` are those of its first day."""
    joined: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:
        key = (event["kind"], event["key"])
        earlier = joined.get(key)
        joined[key] = (
            event
            if earlier is None
            else {**earlier, "last_day": event["day"], "contact_ids": earlier["contact_ids"] + event["contact_ids"]}
        )
    return list(joined.values())

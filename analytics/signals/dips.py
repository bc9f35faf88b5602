"""Falls of a channel's mood: when, how far, and what they go along with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.schema import TABLES
from analytics.signals.decomposition import TopicEffects, decompose, topic_effects
from analytics.signals.dip_scan import DipRule, scan
from analytics.signals.dip_slots import DipSlot, pick_slots, unusual_cells
from analytics.signals.dose_response import DoseResponse, dose_response
from analytics.signals.hour_effect import MIN_REFERENCE, OTHER_DAYS, hour_effect, neighbours
from analytics.signals.intervals import half_width
from analytics.signals.mood_cells import HOURS, BoolArray, LocalTime, MoodCells, local_time, mood_cells
from analytics.signals.tables import local_day, require_columns, stable_id
from analytics.signals.verdict import DipFacts, grown_topic, verdict

_READ = ("contact_id", "started_at", "channel", "team", "topic_id", "sentiment_score")
_IN_ONE_TEAM = 0.8


def detect_dips(
    contacts: pd.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    rule: DipRule | None = None,
    response_column: str = "first_response_seconds",
    day: dt.date | None = None,
) -> pd.DataFrame:
    """Return the falls of mood of each channel, taken apart, as the table `dip`.

    A fall on some days is seen against the same hours of the other days; one at the same hour of every day against the
    hours around it, with the usual course of the day (from the other channels) taken out. The same slot on several days
    in a row is tested as one and gives a row for each day that fell.

    Parameters
    ----------
    contacts : DataFrame
        contact_id, started_at (UTC), channel, team, topic_id, sentiment_score and `response_column` (seconds, missing
        where nobody replied). Two weeks or more; rows without a time or score are not used.
    labels : mapping of str to str, optional
        topic_id to readable name, for the verdict.
    rule : DipRule, optional
        What counts as a fall.
    response_column : str
        Which delay is meant.
    day : date, optional
        Tell only the falls of this local day; all if not given. What is tested is the same.

    Returns
    -------
    DataFrame
        The columns of `TABLES["dip"]`, and q_value, sorted by started_at and channel. within_topic + mix + delay +
        unexplained = drop. team is set where one team of a channel fell alone, and all numbers are its own; and where
        four fifths of a channel's fall are in one team, with the numbers of the channel.

    Raises
    ------
    SchemaError
        If a column is missing.
    """
    require_columns(contacts, "contacts", (*_READ, response_column))
    rule = rule or DipRule()
    used = _prepare(contacts, response_column)
    columns = [*(column.name for column in TABLES["dip"].columns), "q_value"]
    if used.empty:
        return pd.DataFrame(columns=columns)
    when = local_time(used["started_at"], rule.zone)
    units = mood_cells(used, when)
    first = pick_slots(scan(units, rule), units)
    found = pick_slots(scan(units, rule, unusual=unusual_cells(first, units)), units)
    told = [slot for slot in found if day is None or when.date_of(slot.day) == day]
    scene = _scene(used, when, units, found, labels or {}) if told else None
    rows = [row for slot in told if scene and (row := _row(slot, scene)) is not None]
    if not rows:
        return pd.DataFrame(columns=columns)
    table = pd.DataFrame(rows)
    table["day"] = local_day(table["started_at"], rule.zone)
    return table.sort_values(["started_at", "channel"], ignore_index=True)[columns]


def _prepare(contacts: pd.DataFrame, response_column: str) -> pd.DataFrame:
    used = contacts[contacts["started_at"].notna() & contacts["sentiment_score"].notna()]
    return pd.DataFrame(
        {
            **{name: used[name] for name in _READ},
            "team": used["team"].fillna(""),
            "response_seconds": used[response_column].astype(np.float64),
        }
    ).reset_index(drop=True)


@dataclass(frozen=True)
class _Scene:
    """All that a row of the result is made from."""

    contacts: pd.DataFrame
    when: LocalTime
    units: Sequence[MoodCells]
    usual: BoolArray
    effects: TopicEffects
    response: DoseResponse
    labels: Mapping[str, str]


def _scene(
    used: pd.DataFrame,
    when: LocalTime,
    units: Sequence[MoodCells],
    found: Sequence[DipSlot],
    labels: Mapping[str, str],
) -> _Scene:
    fallen = np.zeros(len(used), dtype=bool)
    for unit, cells in zip(units, unusual_cells(found, units), strict=True):
        fallen |= (used["channel"] == unit.channel).to_numpy() & cells[when.day, when.hour]
    # Contacts of one fall are compared with each other alone: what else was wrong there is no effect of waiting.
    clock = when.hour + np.where(fallen, (when.day + 1) * HOURS, 0)
    setting = pd.factorize(used["channel"])[0] * (when.n_days + 1) * HOURS + clock
    response = dose_response(used.assign(day=when.day, setting=setting))
    outside = used[~fallen]
    return _Scene(used, when, units, ~fallen, topic_effects(outside, response), response, labels)


def _row(slot: DipSlot, scene: _Scene) -> dict[str, object] | None:
    unit, when = scene.units[slot.unit], scene.when
    mine = (scene.contacts["channel"] == unit.channel).to_numpy()
    if unit.team is not None:
        mine &= (scene.contacts["team"] == unit.team).to_numpy()
    in_hours = (when.hour >= slot.hour) & (when.hour < slot.end_hour)
    during = scene.contacts[mine & in_hours & (when.day == slot.day)]
    reference, effect = scene.contacts[mine & in_hours & scene.usual], (0.0, 0.0)
    if slot.basis != OTHER_DAYS or len(reference) < MIN_REFERENCE:
        width = slot.end_hour - slot.hour
        reference = scene.contacts[mine & np.isin(when.hour, neighbours(slot.hour, width)) & scene.usual]
        others = [other for other in scene.units if other.team is None and other.channel != unit.channel]
        effect = hour_effect(others, slot.hour, width)
    if during.empty or reference.empty:
        return None
    expected = float(reference["sentiment_score"].mean()) - effect[0]
    parts = decompose(during, reference, expected=expected, effects=scene.effects, response=scene.response)
    if parts.drop <= 0:
        return None
    facts = DipFacts(
        parts=parts,
        n=len(during),
        response_seconds=float(during["response_seconds"].mean()),
        usual_response_seconds=float(reference["response_seconds"].mean()),
        grown=grown_topic(during, reference, scene.effects),
        repeated_days=slot.repeated_days,
    )
    half = half_width(during["sentiment_score"], reference["sentiment_score"], variance=effect[1])
    interval = {"drop_low": parts.drop - half, "drop_high": parts.drop + half}
    return {**_columns(slot, unit, facts, expected, during, scene), **interval}


def _columns(
    slot: DipSlot, unit: MoodCells, facts: DipFacts, expected: float, during: pd.DataFrame, scene: _Scene
) -> dict[str, object]:
    midnight = scene.when.midnight_of(slot.day)
    started_at, ended_at = (
        (midnight + pd.Timedelta(hours=hour)).tz_convert("UTC") for hour in (slot.hour, slot.end_hour)
    )
    team = unit.team if unit.team is not None else _concentrated(during, expected)
    parts = facts.parts
    return {
        "dip_id": stable_id("dip", unit.channel, unit.team, started_at.isoformat()),
        "started_at": started_at,
        "ended_at": ended_at,
        "channel": unit.channel,
        "team": team or None,
        **{name: getattr(parts, name) for name in ("drop", "within_topic", "mix", "delay", "delay_low", "delay_high")},
        "unexplained": parts.unexplained,
        "verdict": verdict(facts, scene.labels),
        "mean": expected - parts.drop,
        "expected": expected,
        "response_seconds": facts.response_seconds,
        "usual_response_seconds": facts.usual_response_seconds,
        "n": facts.n,
        "p_value": slot.p_value,
        "q_value": slot.q_value,
        "contact_ids": sorted(during["contact_id"]),
    }


def _concentrated(during: pd.DataFrame, expected: float) -> str | None:
    """Return the team in which most of a fall is; None where it is spread."""
    below = (expected - during["sentiment_score"]).groupby(during["team"]).sum()
    share = below / below.sum()
    return str(share.idxmax()) if share.max() >= _IN_ONE_TEAM else None

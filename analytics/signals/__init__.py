"""What changed: baselines, spikes, mood over time, falls of mood and their causes, indicators."""

from __future__ import annotations

from analytics.signals.dip_days import daily_dips
from analytics.signals.dip_scan import DipRule
from analytics.signals.dips import detect_dips
from analytics.signals.incidents import group_incidents
from analytics.signals.kpis import kpi_day
from analytics.signals.mood_spikes import dips_as_spikes
from analytics.signals.negative import detect_negative_spikes
from analytics.signals.rules import JudgedHours, SpikeRule
from analytics.signals.sentiment_series import sentiment_hour
from analytics.signals.spikes import detect_spikes
from analytics.signals.volume import detect_volume_spikes

__all__ = [
    "DipRule",
    "JudgedHours",
    "SpikeRule",
    "daily_dips",
    "detect_dips",
    "detect_negative_spikes",
    "detect_spikes",
    "detect_volume_spikes",
    "dips_as_spikes",
    "group_incidents",
    "kpi_day",
    "sentiment_hour",
]

"""What changed: baselines, spikes, mood over time, falls of mood and their causes, indicators."""

from __future__ import annotations

from analytics.signals.incidents import group_incidents
from analytics.signals.rules import JudgedHours, SpikeRule
from analytics.signals.sentiment_series import sentiment_hour
from analytics.signals.spikes import detect_spikes
from analytics.signals.volume import detect_volume_spikes

__all__ = ["JudgedHours", "SpikeRule", "detect_spikes", "detect_volume_spikes", "group_incidents", "sentiment_hour"]

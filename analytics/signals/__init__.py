"""What changed: baselines, spikes, mood over time, falls of mood and their causes, indicators."""

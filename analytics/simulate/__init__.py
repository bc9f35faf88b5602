"""A service centre with planted truth, for the demo, tests and benchmarks.

`simulate(plan, folder)` writes weeks of calls, chats and work orders of an online shop in believable Chinese, drawn
from the grammar of data/simulate, and beside them the truth: every contact's topic, mood and person, and the events.
"""

from __future__ import annotations

from analytics.simulate.day import simulate_day
from analytics.simulate.plan import Plan
from analytics.simulate.run import simulate

__all__ = ["Plan", "simulate", "simulate_day"]

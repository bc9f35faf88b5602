"""What the lake is expected to be, as declared in `data/quality`, and whether it is: the gate before a publication."""

from analytics.quality.declared import Expectation, load_expectations
from analytics.quality.judge import Numbers, Result, judge

__all__ = ["Expectation", "Numbers", "Result", "judge", "load_expectations"]

"""The indicators of `kpi_day`: what they are called, their unit, and which contacts they are computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dashboards.names import duration, percent, score


@dataclass(frozen=True)
class Indicator:
    """One indicator: its name, its unit (count, share, seconds, score or number) and the contacts behind its n."""

    name: str
    unit: str
    narrowing: dict[str, str] | None = field(default_factory=dict)
    lower_is_better: bool | None = None

    def text(self, value: float) -> str:
        """Return a value in the indicator's unit.

        Examples
        --------
        >>> Indicator("负面占比", "share").text(0.25)
        '25.0%'
        """
        writers: dict[str, Callable[[float], str]] = {
            "share": percent,
            "seconds": duration,
            "score": score,
            "count": lambda v: f"{v:,.0f}",
        }
        return writers.get(self.unit, lambda v: f"{v:,.2f}")(value)


INDICATORS: dict[str, Indicator] = {
    "n_contacts": Indicator("联络量", "count"),
    "negative_share": Indicator("负面占比", "share", {"with": "mood"}, lower_is_better=True),
    "sentiment_mean": Indicator("情绪均分", "score", {"with": "mood"}, lower_is_better=False),
    "first_response_seconds": Indicator("首次响应", "seconds", {"with": "response"}, lower_is_better=True),
}


def indicator(key: str) -> Indicator:
    """Return an indicator; one that is not known here keeps its own name and opens nothing."""
    return INDICATORS.get(key, Indicator(key, "number", None))

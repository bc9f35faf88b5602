"""Keep a channel's rate: wait a little, or leave the rest for the next run."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_MINUTE = 60.0


@dataclass(frozen=True)
class Rate:
    """Most messages in any minute (None: no limit), and least seconds between two."""

    per_minute: int | None = None
    gap_seconds: float = 0.0


RATES = {
    "wecom": Rate(20),
    "dingtalk": Rate(20),
    "feishu": Rate(100, 0.2),
    "slack": Rate(60, 1.0),
    "mail": Rate(60),
}
"""企业微信 and 钉钉 20 a minute a robot, 飞书 100 a minute and 5 a second, Slack one a second; mail: our choice."""


class Pace:
    """When the next message of a channel may go.

    Parameters
    ----------
    rate : Rate
        The limit.
    patience_seconds : float
        Longest wait of all waits together; beyond it the rest is left.
    clock, sleep : callable
        Seconds of a clock that never goes back, and how to wait.
    """

    def __init__(
        self,
        rate: Rate,
        patience_seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = rate
        self._patience = patience_seconds
        self._clock, self._sleep = clock, sleep
        self._sent: deque[float] = deque()

    def take_turn(self) -> bool:
        """Wait until a message may go; False, without waiting, where that would take longer than there is patience.

        Examples
        --------
        >>> pace = Pace(Rate(2), patience_seconds=0, clock=lambda: 0.0)
        >>> pace.take_turn(), pace.take_turn(), pace.take_turn()
        (True, True, False)
        """
        wait = self._wait(self._clock())
        if wait > self._patience:
            return False
        if wait > 0:
            self._patience -= wait
            self._sleep(wait)
        self._sent.append(self._clock())
        return True

    def _wait(self, now: float) -> float:
        while self._sent and now - self._sent[0] >= _MINUTE:
            self._sent.popleft()
        waits = [0.0]
        if self._sent:
            waits.append(self._sent[-1] + self._rate.gap_seconds - now)
        if self._rate.per_minute is not None and len(self._sent) >= self._rate.per_minute:
            waits.append(self._sent[-self._rate.per_minute] + _MINUTE - now)
        return max(waits)

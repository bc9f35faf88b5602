"""How often somebody may try a password."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_HERE = RateLimitItemPerMinute(8, 15, "here")
"""Tries of one name from one address: a hand that slips has enough; guessing gets some 770 a day."""
_ANYWHERE = RateLimitItemPerHour(40, 1, "anywhere")
"""Tries of one name from all addresses: many machines guess no faster."""
_ADDRESS = RateLimitItemPerMinute(100, 15, "address")
"""Tries of all names from one address, behind which a whole office may be."""


class Tries:
    """Counts tries in memory (the library under Flask-Limiter); a restart forgets them."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait_seconds(self, name: str, address: str) -> int:
        """Count a try, and return 0, or the seconds after which the next one is looked at.

        Examples
        --------
        >>> tries = Tries()
        >>> [tries.wait_seconds("lin", "10.0.0.1") > 0 for _ in range(9)][-2:]
        [False, True]
        """
        for item, keys in self._counts(name, address):
            if not self._limiter.hit(item, *keys):
                return max(1, math.ceil(self._limiter.get_window_stats(item, *keys).reset_time - time.time()))
        return 0

    def right(self, name: str, address: str) -> None:
        """Forget the tries of a name after the right password; those of the address go on counting."""
        for item, keys in self._counts(name, address)[:2]:
            self._limiter.clear(item, *keys)

    def _counts(self, name: str, address: str) -> list[tuple[RateLimitItemPerMinute | RateLimitItemPerHour, list[str]]]:
        who = name.strip().casefold()[:100]
        return [(_HERE, [who, address]), (_ANYWHERE, [who]), (_ADDRESS, [address])]

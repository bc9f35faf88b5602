"""What is sent, and how sending can fail: the other side is down, asks for patience, or refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.errors import StageError

if TYPE_CHECKING:  # opening a channel, as the doctor does, need not wait for the inbox
    from analytics.inbox import Alert
    from analytics.inbox.letter import Letter

MAY_HAVE_ARRIVED = "the message may have arrived"
"""Said by an error after which nobody knows; the next attempt tells people that it may be a repeat."""


@dataclass(frozen=True)
class Message:
    """One message on its way.

    Attributes
    ----------
    delivery_id : str
        The same for every attempt, so that the other side can tell a repeat.
    alert : Alert or None
        What it is about; None for a test.
    """

    letter: Letter
    delivery_id: str
    alert: Alert | None = None


class ChannelDownError(StageError):
    """The channel does not answer: other messages would fare no better now."""


class ThrottledError(ChannelDownError):
    """The channel asks for patience.

    Attributes
    ----------
    retry_seconds : float
        How long.
    """

    def __init__(self, message: str, retry_seconds: float) -> None:
        super().__init__(message)
        self.retry_seconds = retry_seconds


class RefusedError(StageError):
    """The channel answered and refused this message."""

"""Send messages: one module a carrier (robots and webhooks, mail, apprise, the terminal), one way to open them all."""

from jobs.senders.opening import Sender, open_sender
from jobs.senders.outcome import ChannelDownError, Message, RefusedError, ThrottledError
from jobs.senders.trial import Trial, test_channel

__all__ = [
    "ChannelDownError",
    "Message",
    "RefusedError",
    "Sender",
    "ThrottledError",
    "Trial",
    "open_sender",
    "test_channel",
]

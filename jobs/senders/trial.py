"""Try a channel: send a harmless message that says it is a test."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.errors import ConfigError, StageError
from analytics.settings import Settings
from jobs.senders.opening import open_sender
from jobs.senders.outcome import Message


@dataclass(frozen=True)
class Trial:
    """How the trial of a channel went.

    Attributes
    ----------
    detail : str
        Why it failed, and what to do; never a secret. Empty where it was sent.
    exit_code : int
        For the command line: 0 sent, 2 the settings must be mended, 1 the other side did not take it.
    """

    channel: str
    sent: bool
    detail: str = ""
    exit_code: int = 0


def test_channel(
    settings: Settings, name: str, *, now: dt.datetime | None = None, environ: Mapping[str, str] | None = None
) -> Trial:
    """Send a test message over one channel, past the inbox.

    Parameters
    ----------
    name : str
        One of `settings.notify.all_channels`.
    now, environ : datetime and mapping of str to str, optional
        The clock and where secrets are; this machine's if not given.
    """
    from analytics.inbox.letter import trial_letter

    at = now or dt.datetime.now(dt.UTC)
    try:
        sender = open_sender(name, settings.notify, os.environ if environ is None else environ)
        try:
            sender.send(Message(trial_letter(name, at, settings.timezone), f"test-{uuid.uuid4().hex[:16]}"))
        finally:
            sender.close()
    except (ConfigError, StageError) as error:
        return Trial(name, sent=False, detail=str(error), exit_code=error.exit_code)
    return Trial(name, sent=True)

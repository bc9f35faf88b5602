"""Open the sender of a channel, whatever carries it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from analytics.errors import ConfigError
from analytics.notify_settings import NotifySettings
from jobs.senders.outcome import Message
from jobs.senders.outside import resolved
from jobs.senders.terminal import Terminal


class Sender(Protocol):
    """What sends messages over one channel; `kind` is the carrier's, by which its rate is known."""

    kind: str

    def send(self, message: Message) -> None:
        """Send one message; raise one of the errors of `jobs.senders.outcome` if that fails."""

    def close(self) -> None:
        """Close what it holds open."""


def open_sender(name: str, notify: NotifySettings, environ: Mapping[str, str]) -> Sender:
    """Return the sender of a channel.

    Parameters
    ----------
    name : str
        One of `notify.all_channels`.
    notify : NotifySettings
        Channels and timeouts.
    environ : mapping of str to str
        Where their secrets are.

    Raises
    ------
    ConfigError
        If there is no such channel, or its secret is not there.
    RefusedError
        If its address is none.
    """
    if name not in notify.all_channels:
        known = ", ".join(notify.all_channels)
        raise ConfigError(f"notify.channels: there is no channel {name!r}; there are {known}")
    channel = notify.all_channels[name]
    where = f"notify.channels.{name}" if name in notify.channels else "notify"
    if channel.kind == "console":
        return Terminal()
    if channel.kind == "mail":
        from jobs.senders.mail import Mail  # each kind brings libraries that the others need not wait for

        return Mail(name, channel, notify, password=resolved(channel.password, environ, where=f"{where}.password"))
    field = "url" if name in notify.channels else "webhook_url"
    url = resolved(channel.url, environ, where=f"{where}.{field}") or ""
    if channel.kind == "apprise":
        from jobs.senders.apprise_address import AppriseAddress

        return AppriseAddress(name, url)
    secret = resolved(channel.secret, environ, where=f"{where}.secret")
    from jobs.senders.posting import Post

    return Post(name, channel.kind, url, notify, secret=secret)

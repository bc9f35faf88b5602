"""What `settings.toml` can say about messages: over which ways they go, and which of them go to whom.

Addresses of robots are secrets: whoever has one can write to the group. So they are never written in the settings
file; `${NAME}` stands for a variable of the environment, `file:PATH` for the first line of a file elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from analytics.source_settings import Frozen

ChannelKind = Literal["wecom", "dingtalk", "feishu", "slack", "webhook", "mail", "apprise", "console"]
CONSOLE = "console"
"""The way that is always there."""
WEBHOOK = "webhook"
"""The way that `notify.webhook_url` makes."""

_HOSTS: dict[str, ChannelKind] = {
    "qyapi.weixin.qq.com": "wecom",
    "oapi.dingtalk.com": "dingtalk",
    "api.dingtalk.com": "dingtalk",
    "open.feishu.cn": "feishu",
    "open.larksuite.com": "feishu",
    "hooks.slack.com": "slack",
}
_FROM_OUTSIDE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}|^file:")
_NAME = re.compile(r"[\w-]{1,20}")
"""The outbox keeps 20 characters."""


def kind_of(url: str) -> ChannelKind:
    """Return which robot an address is of; `webhook` where the host is nobody's we know.

    Examples
    --------
    >>> kind_of("https://oapi.dingtalk.com/robot/send?access_token=…"), kind_of("http://127.0.0.1:9/hook")
    ('dingtalk', 'webhook')
    """
    try:
        return _HOSTS.get(urlsplit(url).hostname or "", "webhook")
    except ValueError:
        return "webhook"


class ChannelSettings(Frozen):
    """One way that messages go."""

    kind: ChannelKind
    url: SecretStr | None = Field(default=None, description="robot's or apprise's address: ${NAME} or file:PATH")
    secret: SecretStr | None = Field(default=None, description="dingtalk, feishu: key of signed robots")
    host: str = Field(default="", description="mail: the server that takes messages")
    port: int | None = Field(default=None, ge=1, le=65535, description="mail: 587 with starttls, 465 with ssl, else 25")
    security: Literal["starttls", "ssl", "none"] = Field(default="starttls", description="mail: how it is encrypted")
    user: str = Field(default="", description="mail: login, where the server wants one")
    password: SecretStr | None = Field(default=None, description="mail: its password: ${NAME} or file:PATH")
    sender: str = Field(default="", description="mail: From")
    to: tuple[str, ...] = Field(default=(), description="mail: who gets it")
    ca_file: Path | None = Field(default=None, description="mail: certificate of the authority, where it is one's own")
    per_minute: int | None = Field(default=None, ge=1, description="messages a minute; the robot's own limit if absent")

    @model_validator(mode="after")
    def _complete(self) -> ChannelSettings:
        if self.kind == "mail":
            for name in ("host", "sender", "to"):
                if not getattr(self, name):
                    raise ValueError(f"kind mail needs {name}")
        elif self.kind != CONSOLE and self.url is None:
            raise ValueError(f"kind {self.kind} needs url, as ${{NAME}} or file:PATH")
        if self.secret is not None and self.kind not in ("dingtalk", "feishu"):
            raise ValueError(f"secret is for signed robots of dingtalk and feishu, not for {self.kind}")
        return self


class RouteSettings(Frozen):
    """Which messages go to whom: every part that is given must fit, in each any one of its names.

    A name is a whole one or a pattern with * (`物流*`), the Chinese name or the id.
    """

    kind: tuple[str, ...] = Field(default=(), description="keyword, topic, category, volume, negative, sentiment")
    topic: tuple[str, ...] = ()
    touchpoint: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    channel: tuple[str, ...] = Field(default=(), description="of the contacts: wechat or 微信")
    severity: tuple[str, ...] = Field(default=(), description="high, medium, low")
    channels: tuple[str, ...] = Field(default=(), description="names of notify.channels; none: all of them")
    team: str = Field(default="", max_length=40, description="who looks after it; the message names them")

    @field_validator("kind", "topic", "touchpoint", "product", "channel", "severity", "channels", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


class NotifySettings(Frozen):
    """Where alerts go. The console is always on; nothing leaves the machine unless a channel is named here."""

    webhook_url: SecretStr | None = Field(default=None, description="short for one channel: a robot, told by its host")
    dashboard_url: str = "http://127.0.0.1:8050"
    channels: dict[str, ChannelSettings] = Field(default_factory=dict)
    routes: tuple[RouteSettings, ...] = Field(default=(), description="what no route fits goes over all channels")
    connect_seconds: float = Field(default=5.0, gt=0, description="wait for a connection")
    read_seconds: float = Field(default=10.0, gt=0, description="wait for an answer")
    retry_seconds: float = Field(default=0.5, ge=0, description="first pause before the same request again; it doubles")
    attempts: int = Field(default=5, ge=1, description="refusals of one message before it is given up")
    keep_hours: float = Field(default=72.0, gt=0, description="what could not go out for that long is given up")
    patience_seconds: float = Field(default=60.0, ge=0, description="longest wait of a run to keep a robot's rate")

    @model_validator(mode="after")
    def _known(self) -> NotifySettings:
        for name in self.channels:
            if not _NAME.fullmatch(name) or name == CONSOLE:
                raise ValueError(
                    f"channels.{name}: expected a name of up to 20 letters, digits, - or _, other than console"
                )
        for number, route in enumerate(self.routes):
            if unknown := [name for name in route.channels if name not in self.all_channels]:
                known = ", ".join(self.all_channels)
                raise ValueError(f"routes.{number}.channels: there is no channel {unknown[0]!r}; there are {known}")
        return self

    @property
    def all_channels(self) -> dict[str, ChannelSettings]:
        """All ways by name, the console first, then the short form's, then those with names."""
        found = {CONSOLE: ChannelSettings(kind="console")}
        if self.webhook_url is not None:
            kind = kind_of(self.webhook_url.get_secret_value())
            found[WEBHOOK] = ChannelSettings(kind=kind, url=self.webhook_url)
        return found | self.channels


def secrets_of_channels(notify: object) -> Iterator[str]:
    """Yield the fields of a document's table `notify` that hold a robot's address, a key or a password in plain text.

    Examples
    --------
    >>> list(secrets_of_channels({"channels": {"m": {"kind": "mail", "password": "s3cret", "user": "kesheng"}}}))
    ['notify.channels.m.password']
    """
    for field, value in _secrets(notify):
        if isinstance(value, str) and not _FROM_OUTSIDE.search(value):
            yield field


def _secrets(notify: object) -> Iterator[tuple[str, object]]:
    """Yield the secret fields that a document writes, with their values; a plain webhook's address is none."""
    if not isinstance(notify, Mapping):
        return
    url = notify.get("webhook_url")
    if isinstance(url, str) and kind_of(url) != "webhook":
        yield "notify.webhook_url", url
    channels = notify.get("channels")
    for name, channel in channels.items() if isinstance(channels, Mapping) else ():
        if isinstance(channel, Mapping):
            plain = channel.get("kind") == "webhook" and kind_of(str(channel.get("url", ""))) == "webhook"
            for field in ("secret", "password", *(() if plain else ("url",))):
                if field in channel:
                    yield f"notify.channels.{name}.{field}", channel[field]

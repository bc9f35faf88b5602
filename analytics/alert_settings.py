"""What `settings.toml` can say about alerts: where the inbox is, when people are told, how alerts end."""

from __future__ import annotations

import datetime as dt
import os
import re
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from analytics.errors import ConfigError
from analytics.source_settings import Frozen

Severity = Literal["high", "medium", "low"]
Update = Literal["grown", "reopened", "calmed", "resolved"]
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class InboxSettings(Frozen):
    """Where alerts and people's decisions are kept."""

    url: SecretStr | None = Field(
        default=None,
        description="SQLAlchemy address, as postgresql://user:${PASSWORD}@host/db; an SQLite file in home if not given",
    )

    wait_seconds: float = Field(
        default=900.0, ge=0, description="how long alert, publish and notify wait for PostgreSQL that is away"
    )

    def address(self) -> str | None:
        """Return the address with `${NAME}` taken from the environment; None if there is none.

        Raises
        ------
        ConfigError
            If a variable is not set.
        """
        return None if self.url is None else _VARIABLE.sub(_from_environment, self.url.get_secret_value())


class AlertRuleSettings(Frozen):
    """What holds for some alerts; a field that is not given fits any, or says nothing."""

    kind: str | None = Field(default=None, description="keyword, topic, category, volume, negative, sentiment, system")
    key: str | None = Field(default=None, description="word, topic_id, channel, as `kesheng alerts list` shows it")
    channel: str | None = None
    severity: Severity | None = Field(default=None, description="their severity, whatever their numbers say")
    least_severity: Severity | None = None
    min_contacts: int | None = Field(default=None, ge=0)
    in_a_row: int | None = Field(default=None, ge=1)


class AlertSettings(Frozen):
    """When people are told, and how alerts end."""

    quiet_from: dt.time | None = Field(
        default=None, description="local start of the hours in which only high severity is sent, as 22:00"
    )
    quiet_to: dt.time | None = Field(default=None, description="their end, as 08:00; what waited goes out then")
    least_severity: Severity = Field(default="low", description="what is less severe is kept but not sent")
    min_contacts: int = Field(default=0, ge=0, description="contacts an alert needs before it is sent")
    in_a_row: int = Field(default=1, ge=1, description="windows or runs that must see it before it is sent")
    rules: tuple[AlertRuleSettings, ...] = Field(default=(), description="exceptions; the first that fits counts")
    updates: tuple[Update, ...] = Field(
        default=("grown", "reopened"), description="messages after the first one: what is news about a known alert"
    )
    grow_factor: float = Field(default=2.0, gt=1, description="times the contacts last told that are news")
    calm_hours: int = Field(default=3, ge=1, description="hours with contacts but none of it: calm")
    resolve_hours: int = Field(default=12, ge=1, description="the same: resolved by itself")
    reopen_hours: int = Field(default=24, ge=1, description="what comes back within this time is the same alert")
    doubt_minutes: float = Field(
        default=10.0, gt=0, description="after this time a message whose process died is sent once more"
    )

    @model_validator(mode="after")
    def _whole(self) -> AlertSettings:
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise ValueError("give both quiet_from and quiet_to, or neither")
        if self.calm_hours > self.resolve_hours:
            raise ValueError("calm_hours must not be more than resolve_hours")
        return self


def _from_environment(found: re.Match[str]) -> str:
    value = os.environ.get(found[1])
    if value is None:
        raise ConfigError(f"inbox.url: environment variable {found[1]} is not set; set it where this command runs")
    return value

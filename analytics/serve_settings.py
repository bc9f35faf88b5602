"""What `settings.toml` can say about the dashboards: where they listen, and how people sign in."""

from __future__ import annotations

import ipaddress
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from analytics.errors import ConfigError
from analytics.source_settings import Frozen


class OidcSettings(Frozen):
    """A company's own sign-in (OpenID Connect)."""

    issuer: str = Field(default="", description="address of the provider, without /.well-known/openid-configuration")
    client_id: str = ""
    client_secret: SecretStr = Field(default=SecretStr(""), description="set KESHENG_SERVE__OIDC__CLIENT_SECRET")
    scope: str = "openid profile email"
    name_claim: str = Field(default="preferred_username", description="claim that is the name shown and kept")
    role_claim: str = Field(default="groups", description="claim, one text or a list, that says the role")
    roles: dict[str, str] = Field(default_factory=dict, description="value of that claim → role; the first that fits")
    other_role: str = Field(default="", description="role of everybody else; '' = they may not sign in")


class ServeSettings(Frozen):
    """Where the dashboard listens, and who may look."""

    host: str = "127.0.0.1"
    port: int = Field(default=8050, ge=1, le=65535)
    threads: int = Field(default=8, ge=1, le=128)
    connections: int = Field(default=400, ge=10, le=900, description="open at once; more wait until one is closed")
    sign_in: Literal["none", "local", "oidc"] = Field(
        default="none", description="local: users of {home}/users.toml; none is for one's own machine"
    )
    anonymous_role: str = Field(default="", description="role, read only, of whoever has not signed in; '' = must")
    open_to_all: bool = Field(default=False, description="listen to other machines though nobody signs in")
    idle_minutes: int = Field(default=120, ge=1, le=60 * 24 * 7, description="a session ends after this without use")
    session_hours: int = Field(default=12, ge=1, le=24 * 31, description="a session ends after this in any case")
    https: bool = Field(default=False, description="people come over TLS, which a proxy before the dashboard ends")
    proxies: int = Field(default=0, ge=0, le=5, description="proxies whose X-Forwarded-* headers are believed")
    names: tuple[str, ...] = Field(default=(), description="host names people use; others are refused if given")
    key: SecretStr = Field(default=SecretStr(""), description="secret of sessions; {home}/dashboard.key if not given")
    oidc: OidcSettings = OidcSettings()

    @model_validator(mode="after")
    def _complete(self) -> ServeSettings:
        if self.anonymous_role and self.sign_in == "none":
            raise ValueError("anonymous_role needs sign_in local or oidc; with none everybody may do everything")
        if self.sign_in == "oidc":
            for name in ("issuer", "client_id"):
                if not getattr(self.oidc, name):
                    raise ValueError(f"sign_in = oidc needs serve.oidc.{name}")
        return self


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_reach(serve: ServeSettings, host: str) -> None:
    """Refuse to show customers' words to other machines while nobody signs in.

    Raises
    ------
    ConfigError
        If the address is not this machine's own, nobody signs in, and settings do not say that this is wanted.
    """
    if serve.sign_in == "none" and not serve.open_to_all and not is_loopback(host):
        raise ConfigError(
            f"dashboard: {host} can be reached from other machines, and nobody signs in (serve.sign_in is none);"
            " set serve.sign_in to local and add people with kesheng users add, or to oidc (docs/access.md);"
            " if everybody who can reach it may read and decide everything, set serve.open_to_all = true"
        )

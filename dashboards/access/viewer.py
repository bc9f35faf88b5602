"""Whoever looks at a page: their name, what they may do, and which contacts they may see."""

from __future__ import annotations

from dataclasses import dataclass, field

import flask


@dataclass(frozen=True)
class Limits:
    """Which contacts may be seen; an empty tuple does not limit.

    Attributes
    ----------
    channels, products, teams : tuple of str
        Values that may be seen; '' stands for contacts without one.
    """

    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is hidden."""
        return bool(self.channels or self.products or self.teams)


@dataclass(frozen=True)
class Viewer:
    """Somebody in front of the screen.

    Attributes
    ----------
    name : str
        Name they signed in with; what they decide is kept under it.
    may_decide : bool
        Whether they may decide on alerts, topics and moods; else they only look.
    limits : Limits
        The rows they may see.
    pages : tuple of str
        Addresses of the pages they have; empty = all.
    """

    name: str = "dashboard"
    may_decide: bool = True
    limits: Limits = field(default_factory=Limits)
    pages: tuple[str, ...] = ()


LOCAL = Viewer()
"""Who looks where nobody signs in: a laptop's own user, who may do everything."""


def viewer_now() -> Viewer:
    """Return who made the request that is being answered; `LOCAL` outside of one."""
    if not flask.has_request_context():
        return LOCAL
    found = flask.g.get("viewer")
    return found if isinstance(found, Viewer) else LOCAL

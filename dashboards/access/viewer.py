"""Whoever looks at a page: their name, what they may do, and which contacts they may see."""

from __future__ import annotations

from dataclasses import dataclass, field

import flask

from analytics.access.limits import Limits
from analytics.access.roles import Defaults

__all__ = ["LOCAL", "Limits", "Viewer", "viewer_now"]


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
        Addresses of the pages they have, the one they start on first; empty = all.
    role : str
        Name of their role; '' = no sign-in.
    signed_in : bool
        Whether they signed in, so that there is something to sign out of.
    defaults : Defaults
        Filters of an address that names none.
    """

    name: str = "dashboard"
    may_decide: bool = True
    limits: Limits = field(default_factory=Limits)
    pages: tuple[str, ...] = ()
    role: str = ""
    signed_in: bool = False
    defaults: Defaults = field(default_factory=Defaults)

    def has_page(self, path: str) -> bool:
        """Return whether they have the page at an address.

        Examples
        --------
        >>> Viewer(pages=("/topics",)).has_page("/topics"), Viewer(pages=("/topics",)).has_page("/")
        (True, False)
        """
        return not self.pages or path in self.pages


LOCAL = Viewer()
"""Who looks where nobody signs in: a laptop's own user, who may do everything."""


def viewer_now() -> Viewer:
    """Return who made the request that is being answered; `LOCAL` outside of one."""
    if not flask.has_request_context():
        return LOCAL
    found = flask.g.get("viewer")
    return found if isinstance(found, Viewer) else LOCAL

"""What the application knows of access: users, roles and the record of looks, kept with the Flask application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import flask

from analytics.access import LookLog, User, Users
from analytics.access.roles import Role
from dashboards.access.viewer import Viewer

_KEY = "kesheng-access"


@dataclass(frozen=True)
class Access:
    """Who may look, how they sign in, and where it is kept that they looked.

    Attributes
    ----------
    users : Users or None
        Users who sign in with a password or come with a token.
    roles : mapping of str to Role
    looks : LookLog or None
        None keeps nothing.
    sign_in : 'none', 'local' or 'oidc'
    anonymous_role : str
        Role of whoever has not signed in; '' = nobody looks without signing in.
    """

    users: Users | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    looks: LookLog | None = None
    sign_in: Literal["none", "local", "oidc"] = "none"
    anonymous_role: str = ""

    def viewer_of(self, user: User) -> Viewer | None:
        """Return what a user may see and do; None where their role is not declared (any more)."""
        return self.viewer(user.name, user.role)

    def viewer(self, name: str, role: str, *, signed_in: bool = True) -> Viewer | None:
        """Return somebody of a role; None where it is not declared."""
        found = self.roles.get(role)
        if found is None:
            return None
        return Viewer(
            name=name,
            may_decide=found.may_decide and signed_in,
            limits=found.limits,
            pages=found.pages,
            role=role,
            signed_in=signed_in,
            defaults=found.defaults,
        )


def keep_access(server: flask.Flask, access: Access) -> None:
    """Give the application its access."""
    server.extensions[_KEY] = access


def access_now() -> Access:
    """Return the access of the application that answers; one of nothing outside of any."""
    if not flask.has_app_context():
        return Access()
    found = flask.current_app.extensions.get(_KEY)
    return found if isinstance(found, Access) else Access()

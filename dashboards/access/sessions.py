"""A browser that somebody signed in from: who it is, and when that ends."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import flask
import flask_login

from dashboards.access.grant import Access
from dashboards.access.viewer import Viewer

_LOCAL, _OIDC = "local", "oidc"
_BEGAN, _SEEN, _NUMBER = "began", "seen", "number"
_SEEN_EVERY_SECONDS = 60
"""How exactly a session's last use is known: each note of it sends the cookie again."""


class SignedIn(flask_login.UserMixin):  # type: ignore[misc]
    """Somebody signed in; `id` is what the session keeps of them and what `Sessions.load` reads.

    Parameters
    ----------
    id : str
        local|stamp|name, or oidc|role|name.
    viewer : Viewer
    """

    def __init__(self, id: str, viewer: Viewer) -> None:
        self.id = id
        self.viewer = viewer


@dataclass(frozen=True)
class Ends:
    """When a session ends by itself, in seconds: without use, and in any case."""

    idle_seconds: float
    whole_seconds: float


class Sessions:
    """The sessions of one application.

    Parameters
    ----------
    access : Access
        Users and roles; a session whose user has another password or role by now is over.
    ends : Ends
    clock : callable, optional
        Seconds since 1970.
    """

    def __init__(self, access: Access, ends: Ends, clock: Callable[[], float] = time.time) -> None:
        self._access, self._ends, self._clock = access, ends, clock
        self._signed_out: dict[str, float] = {}
        self._lock = threading.Lock()

    def begin_local(self, name: str) -> Viewer | None:
        """Sign a user of the file in; None where their role is not declared."""
        user = self._access.users.get(name) if self._access.users is not None else None
        return self._begin(f"{_LOCAL}|{user.stamp}|{user.name}") if user is not None else None

    def begin_oidc(self, name: str, role: str) -> Viewer | None:
        """Sign somebody in whom the provider knows; None where the role is not declared."""
        return self._begin(f"{_OIDC}|{role}|{name}")

    def end(self) -> None:
        """Sign out: the cookie is worthless from now on, a stolen copy of it too."""
        number = flask.session.get(_NUMBER)
        if number:
            with self._lock:
                now = self._clock()
                kept = {key: until for key, until in self._signed_out.items() if until > now}
                self._signed_out = {**kept, number: now + self._ends.whole_seconds}
        flask_login.logout_user()
        flask.session.clear()

    def load(self, key: str) -> SignedIn | None:
        """Return who a session is of; None where it is over."""
        kind, _, rest = key.partition("|")
        told, _, name = rest.partition("|")
        if kind == _OIDC and self._access.sign_in == _OIDC:
            viewer = self._access.viewer(name, told)
        else:
            user = self._access.users.get(name) if self._access.users is not None and kind == _LOCAL else None
            viewer = self._access.viewer_of(user) if user is not None and user.stamp == told else None
        return SignedIn(key, viewer) if viewer is not None else None

    def in_time(self, *, by_hand: bool = True) -> bool:
        """Return whether the session of the request goes on, and note its use.

        What a page asks for by itself, every so often, is not use: nobody may sit in front of it any more.
        """
        began, seen, number = (flask.session.get(name) for name in (_BEGAN, _SEEN, _NUMBER))
        if not (isinstance(began, float) and isinstance(seen, float)) or number in self._signed_out:
            return False
        now = self._clock()
        if now - began > self._ends.whole_seconds or now - seen > self._ends.idle_seconds:
            return False
        if by_hand and now - seen >= min(_SEEN_EVERY_SECONDS, self._ends.idle_seconds / 4):
            flask.session[_SEEN] = now
        return True

    def _begin(self, key: str) -> Viewer | None:
        found = self.load(key)
        if found is None:
            return None
        flask.session.clear()  # nothing that was there before somebody signed in goes on
        flask_login.login_user(found)
        now = self._clock()
        flask.session.update({_BEGAN: now, _SEEN: now, _NUMBER: secrets.token_hex(16)})
        return found.viewer

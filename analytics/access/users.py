"""The people who may sign in: one TOML file that only its owner can read, with hashes in place of passwords."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import threading
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from werkzeug.security import check_password_hash, generate_password_hash

from analytics.access.private_files import only_writer, write_private
from analytics.errors import ConfigError

MIN_PASSWORD = 10
"""Characters a password needs at least (NIST SP 800-63B asks for 8; ours is a local file, so a little more)."""
_NAME = re.compile(r"[^\s\x00-\x1f\"'/\\]{1,60}")
_TOKEN_START = "ksh_"  # noqa: S105 – how a token begins is no secret
_CONTACTS_START = "kshc_"
_HEAD = "# Written by `kesheng users`. Hashes only; keep it readable by its owner alone.\n"


@dataclass(frozen=True)
class User:
    """Somebody who may sign in.

    Attributes
    ----------
    name : str
        What they type to sign in, and what their decisions are kept under.
    role : str
        One of the declared roles.
    password : str
        Hash as `werkzeug.security` writes it; '' = cannot sign in with a password.
    tokens : mapping of str to str
        Label → SHA-256 of a token of the HTTP API.
    """

    name: str
    role: str
    password: str = ""
    tokens: Mapping[str, str] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        """A text that changes with password and role: a session that began with another one is over."""
        return hashlib.sha256(f"{self.name}\0{self.role}\0{self.password}".encode()).hexdigest()[:32]


class Users:
    """The users of a file, which need not exist. Read again when it changed; one change at a time.

    Parameters
    ----------
    path : Path
        The file: `{home}/users.toml`.
    """

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()
        self._read: tuple[tuple[int, int], dict[str, User]] | None = None

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def all(self) -> dict[str, User]:
        """Return the users by name.

        Raises
        ------
        ConfigError
            If the file is no TOML of users, or others than its owner may read it.
        """
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return {}
        version = (status.st_mtime_ns, status.st_ino)
        with self._lock:
            if self._read is None or self._read[0] != version:
                if status.st_mode & 0o077:
                    raise ConfigError(
                        f"{self._path}: expected a file that only its owner can read, got mode"
                        f" {status.st_mode & 0o777:o}; run chmod 600 on it and give its users new passwords"
                    )
                self._read = (version, _parse(self._path))
            return dict(self._read[1])

    def get(self, name: str) -> User | None:
        """Return a user, or None."""
        return self.all().get(name)

    def must_have(self, name: str) -> User:
        """Return a user; raise `ConfigError` with the known names if there is no such one."""
        return self._known(self.all(), name)

    def add(self, name: str, role: str, password: str = "") -> User:
        """Add a user; without a password they can use tokens alone."""
        if not _NAME.fullmatch(name):
            raise ConfigError(f"user name {name!r}: expected 1 to 60 characters without spaces, quotes or slashes")
        user = User(name, role, _hashed(password) if password else "")
        with only_writer(self._path):
            found = self.all()
            if name in found:
                raise ConfigError(f"there is a user {name} already; kesheng users password {name} gives a new password")
            self._write({**found, name: user})
        return user

    def remove(self, name: str) -> None:
        """Remove a user: their sessions and tokens end with the next request."""
        with only_writer(self._path):
            found = self.all()
            self._known(found, name)
            self._write({key: user for key, user in found.items() if key != name})

    def set_password(self, name: str, password: str) -> None:
        """Give a new password: open sessions of the user end."""
        self._change(name, lambda user: replace(user, password=_hashed(password)))

    def set_role(self, name: str, role: str) -> None:
        """Give another role: open sessions of the user end."""
        self._change(name, lambda user: replace(user, role=role))

    def new_token(self, name: str, label: str, *, contacts: bool = False) -> str:
        """Return a new token of the HTTP API, told this once; one of the same label is replaced.

        With `contacts` it reads customers' masked words too, not only numbers.
        """
        token = (_CONTACTS_START if contacts else _TOKEN_START) + secrets.token_urlsafe(32)
        self._change(name, lambda user: replace(user, tokens={**user.tokens, label: _digest(token)}))
        return token

    def drop_token(self, name: str, label: str) -> None:
        """Make a token worthless."""
        if label not in self._known(self.all(), name).tokens:
            raise ConfigError(f"user {name} has no token {label!r}; kesheng users list shows them")
        kept = {key: value for key, value in self.all()[name].tokens.items() if key != label}
        self._change(name, lambda user: replace(user, tokens=kept))

    def of_password(self, name: str, password: str) -> User | None:
        """Return the user if the password is theirs. An unknown name takes as long as a wrong password."""
        user = self.get(name)
        usable = user is not None and bool(user.password)
        right = check_password_hash(user.password if user is not None and usable else _nobodys_hash(), password)
        return user if right and usable else None

    def of_token(self, token: str) -> User | None:
        """Return the user whose token it is, or None."""
        digest = _digest(token)
        owners = [
            user for user in self.all().values() for kept in user.tokens.values() if hmac.compare_digest(kept, digest)
        ]
        return owners[0] if owners else None

    def _change(self, name: str, change: Callable[[User], User]) -> None:
        with only_writer(self._path):
            found = self.all()
            user = self._known(found, name)
            self._write({**found, name: change(user)})

    def _known(self, found: Mapping[str, User], name: str) -> User:
        if name not in found:
            known = ", ".join(sorted(found)) or "none yet"
            raise ConfigError(f"no user {name!r} in {self._path}; there are: {known}")
        return found[name]

    def _write(self, users: Mapping[str, User]) -> None:
        write_private(self._path, _HEAD + "".join(_written(user) for _, user in sorted(users.items())))


def reads_contacts(token: str) -> bool:
    """Return whether a token is one for customers' words; what it begins with is part of what is checked.

    Examples
    --------
    >>> reads_contacts("kshc_abc"), reads_contacts("ksh_abc")
    (True, False)
    """
    return token.startswith(_CONTACTS_START)


def _written(user: User) -> str:
    lines = [f"\n[users.{_quoted(user.name)}]", f"role = {_quoted(user.role)}"]
    if user.password:
        lines.append(f"password = {_quoted(user.password)}")
    if user.tokens:
        pairs = ", ".join(f"{_quoted(label)} = {_quoted(digest)}" for label, digest in sorted(user.tokens.items()))
        lines.append(f"tokens = {{ {pairs} }}")
    return "\n".join(lines) + "\n"


def _parse(path: Path) -> dict[str, User]:
    try:
        users = tomllib.loads(path.read_text(encoding="utf-8")).get("users", {})
        return {
            name: User(name, str(said["role"]), str(said.get("password", "")), dict(said.get("tokens", {})))
            for name, said in users.items()
        }
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{path}: expected [users.NAME] with role and password, as kesheng users writes them, got"
            f" {type(error).__name__}; restore the file, or remove it and add the users again"
        ) from None


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML basic string


def _hashed(password: str) -> str:
    if len(password) < MIN_PASSWORD:
        raise ConfigError(f"password: expected at least {MIN_PASSWORD} characters, got {len(password)}")
    return generate_password_hash(password, method="scrypt")


def _digest(token: str) -> str:
    # 256 random bits cannot be guessed from a plain hash; a slow one would cost 0.1 s a request of the API.
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _nobodys_hash() -> str:
    return generate_password_hash(secrets.token_urlsafe(16), method="scrypt")

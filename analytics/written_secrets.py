"""Secrets stand in the environment or in files of their own: a settings file that holds one is refused.

Settings files are copied, sent for help and kept in version control. So whatever lets somebody in, write in our name or
find out who a hashed person is may be named there (`${NAME}`), never written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from analytics.errors import ConfigError
from analytics.notify_settings import secrets_of_channels

_FROM_OUTSIDE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_TELLING = re.compile(
    r"auth|token|secret|passw|passwd|\bpwd\b|cookie|credential|signature|api[-_]?key|access[-_]?key|^key$",
    re.IGNORECASE,
)
"""Names of headers and parameters whose values let somebody in."""

Found = Iterator[tuple[str, str]]
"""Field that holds a secret, and what to do."""


def refuse_written_secrets(document: Mapping[str, object], file: Path) -> None:
    """Refuse a settings file that holds a password, a key, a token or an address that has one, in plain text.

    Raises
    ------
    ConfigError
        Naming file and field, never the value.

    Examples
    --------
    >>> refuse_written_secrets({"notify": {"channels": {"duty": {"kind": "wecom", "url": "${DUTY}"}}}}, Path("s.toml"))
    """
    for field, expected in _written(document):
        raise ConfigError(
            f"{field}: expected {expected}, got a value written in {file}; it is a secret: put it into the environment"
            " or a file outside the project"
        )


def _written(document: Mapping[str, object]) -> Found:
    for field in secrets_of_channels(document.get("notify")):
        yield field, "${NAME} (a variable of the environment) or file:PATH"
    if document.get("person_key"):
        yield "person_key", "the variable KESHENG_PERSON_KEY"
    serve = _table(document, "serve")
    if serve.get("key"):
        yield "serve.key", "the variable KESHENG_SERVE__KEY"
    if _table(serve, "oidc").get("client_secret"):
        yield "serve.oidc.client_secret", "the variable KESHENG_SERVE__OIDC__CLIENT_SECRET"
    yield from _of_address("inbox.url", _table(document, "inbox").get("url"))
    sources = _table(document, "sources")
    for name in sources:
        source = _table(sources, name)
        yield from _of_address(f"sources.{name}.path", source.get("path"))
        yield from _of_address(f"sources.{name}.sql.url", _table(source, "sql").get("url"))
        yield from _of_interface(f"sources.{name}.http", _table(source, "http"))


def _of_interface(where: str, http: Mapping[str, object]) -> Found:
    yield from _of_address(f"{where}.url", http.get("url"))
    for group in ("headers", "params"):
        for name, value in _table(http, group).items():
            if _TELLING.search(name) and _is_plain(value):
                yield f"{where}.{group}.{name}", "${NAME} (a variable of the environment)"


def _of_address(field: str, value: object) -> Found:
    """Yield the field if its address holds a password, or a parameter with a telling name, that is written out."""
    if not isinstance(value, str) or "://" not in value:
        return
    try:
        parts = urlsplit(value)
        password, query = parts.password, parse_qsl(parts.query)
    except ValueError:
        return  # what is no address is told where it is used
    if password and _is_plain(password):
        yield field, "${NAME} (a variable of the environment) where the password stands"
    for name, held in query:
        if _TELLING.search(name) and _is_plain(held):
            yield field, f"${{NAME}} (a variable of the environment) as parameter {name}"


def _is_plain(value: object) -> bool:
    return isinstance(value, str) and bool(value) and not _FROM_OUTSIDE.search(value)


def _table(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = document.get(name)
    return found if isinstance(found, Mapping) else {}

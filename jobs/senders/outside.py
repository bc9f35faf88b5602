"""Secrets of channels: out of the environment or a file, and into nothing that is logged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from analytics.errors import ConfigError
from jobs.sources.environment import filled_in, variables_in

_FILE = "file:"


def resolved(secret: SecretStr | None, environ: Mapping[str, str], *, where: str) -> str | None:
    """Return a secret's value: `file:PATH` is read, `${NAME}` filled in, anything else is the value.

    Parameters
    ----------
    secret : SecretStr or None
        The setting; None gives None.
    environ : mapping of str to str
        The environment.
    where : str
        How to call the setting in an error.

    Raises
    ------
    ConfigError
        If a variable is not set, or a file cannot be read or is empty. Values are never part of the message.

    Examples
    --------
    >>> resolved(SecretStr("https://x/?key=${KEY}"), {"KEY": "k"}, where="notify.channels.duty.url")
    'https://x/?key=k'
    """
    if secret is None:
        return None
    said = secret.get_secret_value()
    if said.startswith(_FILE):
        return _first_line(Path(said.removeprefix(_FILE)), where)
    if missing := [name for name in variables_in(said) if not environ.get(name, "").strip()]:
        raise ConfigError(f"{where} needs the environment variable {missing[0]}, which is not set; set it for kesheng")
    return filled_in(said, environ, where=where)


def _first_line(file: Path, where: str) -> str:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{where}: cannot read {file} ({type(error).__name__}); write the secret into it") from None
    if not lines[0].strip():
        raise ConfigError(f"{where}: expected a secret in the first line of {file}, got an empty one")
    return lines[0].strip()

"""Secrets in settings: `${NAME}` stands for a variable of the environment, so that no file holds a password."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analytics.errors import ConfigError

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def variables_in(text: str) -> tuple[str, ...]:
    """Return the variables that a setting names, in order.

    Examples
    --------
    >>> variables_in("Bearer ${CRM_TOKEN}")
    ('CRM_TOKEN',)
    """
    return tuple(_REFERENCE.findall(text))


def filled_in(text: str, environ: Mapping[str, str], *, where: str) -> str:
    """Return a setting with its variables replaced by their values.

    Parameters
    ----------
    text : str
        The setting.
    environ : mapping of str to str
        The environment. White space around a value is left out: a secret read from a file often ends in a line break.
    where : str
        How to call the setting in an error.

    Raises
    ------
    ConfigError
        If a variable is not set or empty. Values are never part of the message.

    Examples
    --------
    >>> filled_in("Bearer ${CRM_TOKEN}", {"CRM_TOKEN": "t0p"}, where="http.headers.Authorization")
    'Bearer t0p'
    """
    if missing := [name for name in variables_in(text) if not environ.get(name, "").strip()]:
        raise ConfigError(
            f"{where} needs the environment variable {missing[0]}, which is not set;"
            " set it for the program that collects"
        )
    return _REFERENCE.sub(lambda found: environ[found.group(1)].strip(), text)

"""Roles as files: what people of a department see first, which pages they have, and which rows they may see."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analytics.access.limits import Limits
from analytics.errors import ConfigError
from analytics.schema.table import ALL
from analytics.settings import DATA

SHIPPED = DATA / "views"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Values(_Strict):
    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


class _Defaults(_Strict):
    days: int | None = Field(default=None, ge=1, le=3660)
    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


class _File(_Strict):
    label: str
    label_en: str = ""
    pages: tuple[str, ...] = ()
    may_decide: bool = False
    defaults: _Defaults = _Defaults()
    limits: _Values = _Values()


@dataclass(frozen=True)
class Defaults:
    """Filters of an address that names none.

    Attributes
    ----------
    days : int or None
        Days back from the last day of the data; None lets the data say.
    channels, products : tuple of str
    """

    days: int | None = None
    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


@dataclass(frozen=True)
class Role:
    """A department's view.

    Attributes
    ----------
    name : str
        Name of its file.
    label, label_en : str
        What people call it.
    pages : tuple of str
        Addresses of its pages, the one they start on first; empty = all.
    may_decide : bool
        Whether its people decide on alerts, topics and moods.
    """

    name: str
    label: str
    label_en: str = ""
    pages: tuple[str, ...] = ()
    may_decide: bool = False
    defaults: Defaults = field(default_factory=Defaults)
    limits: Limits = field(default_factory=Limits)


def load_roles(site: Path | None = None, *, shipped: Path = SHIPPED) -> dict[str, Role]:
    """Return the roles by name: those of the project, and the site's own, which replace them by name.

    Parameters
    ----------
    site : Path, optional
        Folder of a site's `*.toml` (`{home}/views`); it need not exist.

    Raises
    ------
    ConfigError
        If a file cannot be read as a role.

    Examples
    --------
    >>> sorted(load_roles())
    ['data', 'leader', 'operations', 'product', 'reader']
    """
    files = [*sorted(shipped.glob("*.toml")), *(sorted(site.glob("*.toml")) if site else ())]
    return {file.stem: _role(file) for file in files}


def role_of(roles: Mapping[str, Role], name: str) -> Role:
    """Return a role; raise `ConfigError` with those there are if it is none of them."""
    if name not in roles:
        raise ConfigError(f"no role {name!r}; there are: {', '.join(sorted(roles))}")
    return roles[name]


def _role(file: Path) -> Role:
    if not _NAME.fullmatch(file.stem):
        raise ConfigError(f"{file}: expected a name of lower-case letters, digits, - and _")
    try:
        said = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}") from error
    except ValidationError as error:
        raise ConfigError(f"{file}: {_first(error)}; see docs/access.md") from error
    _check_pages(file, said.pages)
    if any(ALL in values for values in said.limits.model_dump().values()):
        raise ConfigError(f"{file}: limits: expected values that may be seen, got '*'; leave the line out for all")
    return Role(
        file.stem, said.label, said.label_en or said.label, said.pages, said.may_decide,
        Defaults(**said.defaults.model_dump()), Limits(**said.limits.model_dump()),
    )  # fmt: skip


def _check_pages(file: Path, pages: tuple[str, ...]) -> None:
    wrong = [page for page in pages if not page.startswith("/")]
    if wrong:
        raise ConfigError(f'{file}: pages: expected addresses such as "/topics", got {wrong[0]!r}')


def _first(error: ValidationError) -> str:
    problem: Any = error.errors()[0]
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
